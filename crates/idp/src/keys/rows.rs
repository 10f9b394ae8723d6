//! Rows of signing keys: parsed, put in order, sealed and opened.

use jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey};
use oidc::key_schedule::{self, Lifetimes, Scheduled};
use oidc::{Id, Time};
use store::Hidden;

use crate::Fault;
use crate::random::Randomness;
use crate::seal::Sealer;

/// A key's row, parsed.
pub(super) struct Stored {
    pub(super) kid: String,
    pub(super) alg: JwsAlgorithm,
    pub(super) created_at: Time,
    /// What the schedule is computed from.
    pub(super) rule: key_schedule::Key,
    public_jwk_json: String,
    pub(super) sealed: Option<Hidden>,
}

impl Stored {
    pub(super) fn parse(row: store::keys::Key) -> Result<Self, Fault> {
        let corrupt = |what: &str| Fault::Corrupt(format!("signing key {}: {what}", row.kid));
        let alg: JwsAlgorithm = row.alg.parse().map_err(|_| corrupt("its algorithm is not known to this program"))?;
        let generation = row.slot.strip_prefix(alg.as_str()).and_then(|rest| rest.strip_prefix(':')?.parse().ok());
        let rule = key_schedule::Key {
            generation: generation.ok_or_else(|| corrupt("its slot is not ALG:GENERATION"))?,
            activates_at: row.activates_at,
            promised_until: row.removes_at,
            revoked_at: row.revoked_at,
        };
        let store::keys::Key { kid, public_jwk_json, sealed, created_at, .. } = row;
        Ok(Self { kid, alg, created_at, rule, public_jwk_json, sealed })
    }

    /// The public half.
    pub(super) fn verifying(&self) -> Result<VerifyingKey, Fault> {
        VerifyingKey::from_jwk(jose::provider::aws_lc(), self.public_jwk_json.as_bytes(), &Limits::DEFAULT)
            .map_err(|error| Fault::corrupt(&format!("signing key {}", self.kid), error))
    }

    /// The private half; `None` once it was forgotten.
    pub(super) fn signing(&self, sealer: &Sealer) -> Result<Option<SigningKey>, Fault> {
        let Some(sealed) = &self.sealed else { return Ok(None) };
        let corrupt = |error: &dyn std::fmt::Display| Fault::corrupt(&format!("signing key {}", self.kid), error);
        let document = sealer.open(PURPOSE, row_id(&self.kid), sealed).map_err(|error| corrupt(&error))?;
        let key = SigningKey::from_pkcs8_der(jose::provider::aws_lc(), &document, self.alg);
        let key = key.map_err(|error| corrupt(&error))?;
        match key.kid() == Some(self.kid.as_str()) {
            true => Ok(Some(key)),
            false => Err(corrupt(&"the private half belongs to another key")),
        }
    }
}

/// The row of a new key, named by its thumbprint (RFC 7638).
pub(super) fn new_row(
    key: &SigningKey,
    create: key_schedule::Create,
    created_at: Time,
    sealer: &Sealer,
    randomness: &dyn Randomness,
) -> Result<store::keys::Key, Fault> {
    let (Some(kid), Some(public)) = (key.kid(), key.public_jwk()) else {
        return Err(Fault::NoKey(key.alg()));
    };
    let sealed = sealer.seal(randomness, PURPOSE, row_id(kid), &key.to_pkcs8_der()?);
    Ok(store::keys::Key {
        kid: kid.to_owned(),
        slot: format!("{}:{}", key.alg(), create.generation),
        alg: key.alg().to_string(),
        public_jwk_json: jose::json::Value::Object(public).to_string(),
        sealed: Some(Hidden(sealed)),
        created_at,
        activates_at: create.activates_at,
        retires_at: None,
        removes_at: None,
        revoked_at: None,
    })
}

/// What the schedule of one algorithm is computed from.
pub(super) fn of(rows: &[Stored], alg: JwsAlgorithm) -> Vec<key_schedule::Key> {
    rows.iter().filter(|row| row.alg == alg).map(|row| row.rule).collect()
}

/// Each row and where it stands, algorithm by algorithm, in the order of generations.
pub(super) fn scheduled<'a>(rows: &'a [Stored], lifetimes: &Lifetimes, now: Time) -> Vec<(&'a Stored, Scheduled)> {
    let mut out = Vec::new();
    for alg in algorithms(rows) {
        for one in key_schedule::schedule(&of(rows, alg), lifetimes, now) {
            let same = |row: &&Stored| row.alg == alg && row.rule.generation == one.key.generation;
            out.extend(rows.iter().find(same).map(|row| (row, one)));
        }
    }
    out
}

/// The algorithms that have keys.
pub(super) fn algorithms(rows: &[Stored]) -> Vec<JwsAlgorithm> {
    let mut algorithms: Vec<_> = rows.iter().map(|row| row.alg).collect();
    algorithms.sort();
    algorithms.dedup();
    algorithms
}

/// A `kid` is no id of ours, so a part of its hash binds the sealed bytes to the row.
fn row_id(kid: &str) -> Id {
    let hash = jose::sha256(kid.as_bytes());
    Id::from_bytes(std::array::from_fn(|at| hash[at]))
}

const PURPOSE: &str = "signing-key";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandomness;
    use crate::seal::MasterKey;

    fn row(sealer: &Sealer) -> store::keys::Key {
        let key = SigningKey::generate(jose::provider::aws_lc(), JwsAlgorithm::ES256).unwrap();
        let now = Time::from_seconds(1);
        new_row(&key, key_schedule::first(now), now, sealer, &SystemRandomness).unwrap()
    }

    fn opened(row: store::keys::Key, sealer: &Sealer) -> Result<Option<SigningKey>, Fault> {
        Stored::parse(row).unwrap().signing(sealer)
    }

    #[test]
    fn a_private_half_opens_for_its_own_row_under_its_own_master_key() {
        let sealer = MasterKey::generate(&SystemRandomness).sealer();
        let (one, mut other) = (row(&sealer), row(&sealer));
        let key = opened(one.clone(), &sealer).unwrap().unwrap();
        assert_eq!(key.kid(), Some(one.kid.as_str()));
        assert!(opened(one.clone(), &MasterKey::generate(&SystemRandomness).sealer()).is_err());
        other.sealed = one.sealed;
        assert!(opened(other.clone(), &sealer).is_err());
        other.sealed = None;
        assert!(opened(other, &sealer).unwrap().is_none());
    }

    #[test]
    fn a_row_that_nobody_here_wrote_is_named() {
        let sealer = MasterKey::generate(&SystemRandomness).sealer();
        let good = row(&sealer);
        for (alg, slot) in [("none", "none:1"), ("ES256", "RS256:1"), ("ES256", "ES256"), ("ES256", "ES256:x")] {
            let bad = store::keys::Key { alg: alg.into(), slot: slot.into(), ..good.clone() };
            let refused = Stored::parse(bad).err().map(|fault| fault.to_string());
            assert!(refused.is_some_and(|why| why.contains(&good.kid)), "{slot}");
        }
    }
}
