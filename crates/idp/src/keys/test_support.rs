//! What tests of other crates do as the server itself does: the poll, the job, a signature.

use jose::JwsAlgorithm;
use jose::jwt::Signer;

use super::TokenType;
use crate::{Context, Fault};

/// What the poll does when the keys' version moved.
pub async fn poll(context: &Context) -> Result<(), Fault> {
    context.reload_keys().await
}

/// What the job does each minute.
pub async fn job(context: &Context) -> Result<(), Fault> {
    context.key_job().await
}

/// What signs now.
pub async fn signer(context: &Context, alg: JwsAlgorithm, typ: TokenType) -> Result<Signer, Fault> {
    context.signer(alg, typ).await
}

/// The names of the keys that verify tokens.
pub fn verifying(context: &Context) -> Vec<String> {
    context.verifying_keys().iter().filter_map(|key| Some(key.kid()?.to_owned())).collect()
}

/// The names of the keys that verify hints.
pub fn hints(context: &Context) -> Vec<String> {
    context.hint_keys().iter().filter_map(|key| Some(key.kid()?.to_owned())).collect()
}
