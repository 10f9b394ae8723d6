//! josekit, on the system's OpenSSL; nothing where the bench was built without it.

use anyhow::Result;
use jose::JwsAlgorithm;

use crate::claims::Claims;
use crate::keys::{Decrypting, Signing};
use crate::measure::Side;

#[cfg(feature = "josekit")]
mod with;

/// Signs claims.
pub(crate) fn signer(alg: JwsAlgorithm, key: &Signing, claims: &Claims) -> Result<Option<Box<dyn Side>>> {
    #[cfg(feature = "josekit")]
    return with::signer(alg, key, claims);
    #[cfg(not(feature = "josekit"))]
    nothing((alg, key, claims))
}

/// Verifies a token and its claims.
pub(crate) fn verifier(alg: JwsAlgorithm, key: &Signing, token: &str) -> Result<Option<Box<dyn Side>>> {
    #[cfg(feature = "josekit")]
    return with::verifier(alg, key, token);
    #[cfg(not(feature = "josekit"))]
    nothing((alg, key, token))
}

/// Encrypts bytes.
pub(crate) fn encrypter(key: &Decrypting, plaintext: &[u8]) -> Result<Option<Box<dyn Side>>> {
    #[cfg(feature = "josekit")]
    return with::encrypter(key, plaintext);
    #[cfg(not(feature = "josekit"))]
    nothing((key, plaintext))
}

/// Decrypts a token.
pub(crate) fn decrypter(key: &Decrypting, token: &str) -> Result<Option<Box<dyn Side>>> {
    #[cfg(feature = "josekit")]
    return with::decrypter(key, token);
    #[cfg(not(feature = "josekit"))]
    nothing((key, token))
}

#[cfg(not(feature = "josekit"))]
fn nothing<T>(_: T) -> Result<Option<Box<dyn Side>>> {
    Ok(None)
}
