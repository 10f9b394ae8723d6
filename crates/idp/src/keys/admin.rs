//! What an administrator does with keys.

pub use jose::JwsAlgorithm;
use jose::{Limits, SigningKey};
use oidc::Time;
use oidc::key_schedule::{self, Revocation, State};
use store::keys::Schedule;

use super::make::in_use;
use super::rows::{self, Stored};
use crate::{Context, Fault};

/// A key as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its name: the RFC 7638 thumbprint.
    pub kid: String,
    /// Its algorithm.
    pub alg: JwsAlgorithm,
    /// Where it stands now.
    pub state: State,
    /// When it was made or imported.
    pub created_at: Time,
    /// When it begins to sign.
    pub activates_at: Time,
    /// When its successor takes over, once there is one.
    pub retires_at: Option<Time>,
    /// When it is published no more.
    pub removes_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

/// Why a command about keys was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No such key.
    #[error("no key has the id {0}")]
    Unknown(String),
    /// One key for signing and verifying cannot be published.
    #[error("{0} is symmetric: keys here are published, so they come in pairs")]
    Symmetric(JwsAlgorithm),
    /// The text holds no private key that can be used.
    #[error("{0}")]
    Unreadable(jose::jwk::KeyError),
    /// It was imported before, or made here.
    #[error("the key {0} is here already")]
    AlreadyHere(String),
    /// Ours to mend.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Context {
    /// All keys, removed ones too, by algorithm and age.
    pub async fn list_keys(&self) -> Result<Vec<KeyInfo>, Fault> {
        let stored = self.key_rows().await?;
        let all = rows::scheduled(&stored, &self.key_lifetimes(), self.now());
        Ok(all.into_iter().map(|(row, one)| info(row, &one)).collect())
    }

    /// Makes a next key for this algorithm, or for all that have keys, where none is on its way; answers those that
    /// are next then.
    pub async fn rotate_keys(&self, alg: Option<JwsAlgorithm>) -> Result<Vec<KeyInfo>, Refused> {
        if let Some(alg) = alg.filter(|alg| alg.is_symmetric()) {
            return Err(Refused::Symmetric(alg));
        }
        let turn = self.keys.turn.lock().await;
        let algs = match alg {
            Some(alg) => vec![alg],
            None => in_use(&self.key_rows().await?),
        };
        let lifetimes = self.key_lifetimes();
        for alg in &algs {
            self.make_key(*alg, |keys, now| key_schedule::rotate(keys, &lifetimes, now)).await?;
        }
        self.read_keys().await?;
        drop(turn);
        let is_next = |key: &KeyInfo| key.state == State::Next && algs.contains(&key.alg);
        Ok(self.list_keys().await?.into_iter().filter(is_next).collect())
    }

    /// Revokes a key: from then on it verifies nothing, and its private half is forgotten. Where it signs and nothing
    /// is next, a replacement begins first.
    pub async fn revoke_key(&self, kid: &str) -> Result<(), Refused> {
        // Each turn but the last loses to another node that made or revoked a key meanwhile.
        loop {
            let turn = self.keys.turn.lock().await;
            let stored = self.key_rows().await?;
            let Some(row) = stored.iter().find(|row| row.kid == kid) else {
                return Err(Refused::Unknown(kid.to_owned()));
            };
            let lifetimes = self.key_lifetimes();
            let decide = |keys: &[_], now| key_schedule::revoke(keys, row.rule.generation, &lifetimes, now);
            let activate = match decide(&rows::of(&stored, row.alg), self.now()) {
                _ if row.rule.revoked_at.is_some() => return Ok(()),
                Revocation::Alone => Vec::new(),
                Revocation::Activate(next) => self.at_once(&stored, row.alg, next),
                Revocation::First(_) => {
                    let replacement = |keys: &[_], now| match decide(keys, now) {
                        Revocation::First(create) => Some(create),
                        _ => None,
                    };
                    self.make_key(row.alg, replacement).await?;
                    self.read_keys().await?;
                    drop(turn);
                    self.wait_until(|| self.keys.current().newest_signs(row.alg, self.now())).await;
                    continue;
                }
            };
            store::keys::revoke(&self.store, kid, self.now(), &activate).await.map_err(Fault::from)?;
            store::keys::forget_private(&self.store, kid).await.map_err(Fault::from)?;
            tracing::warn!(kid, alg = %row.alg, "a signing key was revoked");
            return Ok(self.read_keys().await?);
        }
    }

    /// Takes in a private key, PEM or JWK, as the next of its algorithm. Its `kid` becomes the thumbprint.
    pub async fn import_key(&self, text: &str) -> Result<KeyInfo, Refused> {
        let key = read(text)?;
        let kid = key.kid().unwrap_or_default();
        let _turn = self.keys.turn.lock().await;
        let lifetimes = self.key_lifetimes();
        while self.key_rows().await?.iter().all(|row| row.kid != kid) {
            let place = |keys: &[_], now| Some(key_schedule::import(keys, &lifetimes, now));
            // Otherwise another node took the slot: the next one is free.
            if self.enter_key(&key, place).await? {
                self.read_keys().await?;
                let entered = self.list_keys().await?.into_iter().find(|one| one.kid == kid);
                return entered.ok_or_else(|| Refused::Unknown(kid.to_owned()));
            }
        }
        Err(Refused::AlreadyHere(kid.to_owned()))
    }

    /// The next key signs from now on. It was published before; nodes that do not know it yet wait for it.
    fn at_once(&self, stored: &[Stored], alg: JwsAlgorithm, generation: u64) -> Vec<Schedule> {
        let next = stored.iter().filter(|row| row.alg == alg && row.rule.generation == generation);
        let now = Some(self.now());
        next.map(|row| Schedule { kid: row.kid.clone(), activates_at: now, retires_at: None, removes_at: None })
            .collect()
    }
}

fn info(row: &Stored, one: &key_schedule::Scheduled) -> KeyInfo {
    KeyInfo {
        kid: row.kid.clone(),
        alg: row.alg,
        state: one.state,
        created_at: row.created_at,
        activates_at: row.rule.activates_at,
        retires_at: one.retires_at,
        removes_at: one.removes_at,
        revoked_at: row.rule.revoked_at,
    }
}

/// Reads a private key; the `kid` that came with it is left behind.
fn read(text: &str) -> Result<SigningKey, Refused> {
    let provider = jose::provider::aws_lc();
    let text = text.trim();
    let key = match text.starts_with('{') {
        true => SigningKey::from_jwk(provider, text.as_bytes(), &Limits::DEFAULT),
        false => SigningKey::from_pem(provider, text, None, &Limits::DEFAULT),
    };
    let key = key.map_err(Refused::Unreadable)?;
    if key.alg().is_symmetric() {
        return Err(Refused::Symmetric(key.alg()));
    }
    let document = key.to_pkcs8_der().map_err(Refused::Unreadable)?;
    SigningKey::from_pkcs8_der(provider, &document, key.alg()).map_err(Refused::Unreadable)
}
