//! The keys as they were last read, ready to sign and to be published.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use jose::jwt::{HeaderExtras, Signer};
use jose::{JwkSet, JwsAlgorithm, VerifyingKey};
use oidc::Time;
use oidc::key_schedule::{self, Lifetimes, NODES, State};

use super::rows::Stored;
use super::{Published, TokenType};
use crate::Fault;
use crate::seal::Sealer;

/// The keys as they were last read. Reading takes a lock for as long as it takes to clone an `Arc`.
#[derive(Default)]
pub struct KeyRing {
    current: RwLock<Arc<Snapshot>>,
    /// Held by whoever reads rows and puts them here, so that older rows never replace newer ones.
    pub(super) turn: tokio::sync::Mutex<()>,
}

/// The keys at one time; only what the clock alone changes is decided when it is asked.
#[derive(Default)]
pub(super) struct Snapshot {
    /// Whether it was ever read.
    read: bool,
    held: Vec<Arc<Held>>,
    /// Per algorithm, the newest first.
    signing: Vec<(JwsAlgorithm, Vec<Arc<Held>>)>,
    pub(super) published: Arc<Published>,
    pub(super) verifying: Arc<Vec<VerifyingKey>>,
    pub(super) hints: Arc<Vec<VerifyingKey>>,
    /// When the published set changes with no write: a key's last token expires.
    changes_at: Option<Time>,
}

/// A key in memory, parsed once.
pub(super) struct Held {
    kid: String,
    alg: JwsAlgorithm,
    rule: key_schedule::Key,
    verifying: VerifyingKey,
    signers: Option<Signers>,
    /// When every node that watches the database has it, however long its write took.
    settled_at: Time,
}

#[derive(Clone)]
struct Signers {
    jwt: Signer,
    access_token: Signer,
    logout: Signer,
    receipt: Signer,
    site_assertion: Signer,
    evidence: Signer,
}

impl KeyRing {
    pub(super) fn current(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The snapshot whose published set is that of `now`.
    pub(super) fn at(&self, now: Time, lifetimes: &Lifetimes) -> Arc<Snapshot> {
        let current = self.current();
        if current.changes_at.is_none_or(|at| now < at) {
            return current;
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.changes_at.is_some_and(|at| now >= at) {
            *current = Arc::new(Snapshot::new(current.held.clone(), lifetimes, now));
        }
        Arc::clone(&current)
    }

    pub(super) fn replace(&self, snapshot: Snapshot) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.current().held.iter().map(|held| &held.kid)).finish()
    }
}

impl Snapshot {
    /// Takes rows in; what `previous` holds of them is not parsed and opened again.
    pub(super) fn read(
        rows: &[Stored],
        previous: &Self,
        sealer: &Sealer,
        lifetimes: &Lifetimes,
        now: Time,
    ) -> Result<Self, Fault> {
        // What stands there when a node starts was written by nodes that waited themselves.
        let settled_at = if previous.read { now.plus(NODES) } else { Time::from_millis(i64::MIN) };
        let mut held = Vec::new();
        for (row, one) in super::rows::scheduled(rows, lifetimes, now) {
            let before = previous.held.iter().find(|held| held.kid == row.kid);
            let verifying = before.map_or_else(|| row.verifying(), |held| Ok(held.verifying.clone()))?;
            let signers = match before.and_then(|held| held.signers.clone()) {
                _ if one.state == State::Removed => None,
                Some(signers) => Some(signers),
                None => row.signing(sealer)?.map(Signers::new).transpose()?,
            };
            let settled_at = before.map_or(settled_at, |held| held.settled_at);
            let (kid, alg, rule) = (row.kid.clone(), row.alg, row.rule);
            held.push(Arc::new(Held { kid, alg, rule, verifying, signers, settled_at }));
        }
        Ok(Self::new(held, lifetimes, now))
    }

    /// `held` in the order of algorithms and generations.
    fn new(held: Vec<Arc<Held>>, lifetimes: &Lifetimes, now: Time) -> Self {
        let mut snapshot = Self { read: true, ..Self::default() };
        let (mut published, mut hints) = (Vec::new(), Vec::new());
        for of_one in held.chunk_by(|a, b| a.alg == b.alg) {
            let rules: Vec<_> = of_one.iter().map(|held| held.rule).collect();
            let mut signing = Vec::new();
            for (held, one) in of_one.iter().zip(key_schedule::schedule(&rules, lifetimes, now)) {
                if held.rule.revoked_at.is_none() {
                    hints.push(held.verifying.clone());
                }
                if one.state == State::Removed {
                    continue;
                }
                published.push(held.verifying.clone());
                signing.extend(held.signers.is_some().then(|| Arc::clone(held)));
                snapshot.changes_at = [snapshot.changes_at, one.removes_at].into_iter().flatten().min();
            }
            signing.reverse();
            snapshot.signing.extend(of_one.first().map(|held| (held.alg, signing)));
        }
        snapshot.published = Arc::new(Published::new(&published, lifetimes.jwks_cache));
        (snapshot.verifying, snapshot.hints) = (Arc::new(published), Arc::new(hints));
        snapshot.held = held;
        snapshot
    }

    /// The signer of the key that is active at `now`.
    pub(super) fn signer(&self, alg: JwsAlgorithm, typ: TokenType, now: Time) -> Option<&Signer> {
        let signers = self.newest_first(alg).iter().find(|held| held.signs(now))?.signers.as_ref()?;
        Some(match typ {
            TokenType::Jwt => &signers.jwt,
            TokenType::AccessToken => &signers.access_token,
            TokenType::Logout => &signers.logout,
            TokenType::Receipt => &signers.receipt,
            TokenType::SiteAssertion => &signers.site_assertion,
            TokenType::Evidence => &signers.evidence,
        })
    }

    /// Whether no key of this algorithm is still to begin.
    pub(super) fn newest_signs(&self, alg: JwsAlgorithm, now: Time) -> bool {
        self.newest_first(alg).first().is_some_and(|held| held.signs(now))
    }

    fn newest_first(&self, alg: JwsAlgorithm) -> &[Arc<Held>] {
        self.signing.iter().find(|(of, _)| *of == alg).map_or(&[], |(_, keys)| keys)
    }
}

impl Held {
    fn signs(&self, now: Time) -> bool {
        now >= self.rule.activates_at && now >= self.settled_at
    }
}

impl Signers {
    fn new(key: jose::SigningKey) -> Result<Self, Fault> {
        Ok(Self {
            jwt: Signer::new(key.clone(), &HeaderExtras::typ("JWT"))?,
            access_token: Signer::new(key.clone(), &HeaderExtras::typ("at+jwt"))?,
            logout: Signer::new(key.clone(), &HeaderExtras::typ("logout+jwt"))?,
            receipt: Signer::new(key.clone(), &HeaderExtras::typ("consent-receipt+jwt"))?,
            site_assertion: Signer::new(key.clone(), &HeaderExtras::typ("site-assertion+jwt"))?,
            evidence: Signer::new(key, &HeaderExtras::typ("authorization-evidence+jwt"))?,
        })
    }
}

impl Published {
    fn new(keys: &[VerifyingKey], max_age: Duration) -> Self {
        let json = JwkSet::from_keys(keys.iter().cloned()).render().to_string();
        let etag = format!("\"{}\"", jose::base64url::encode(&jose::sha256(json.as_bytes())[..16]));
        Self { json: Bytes::from(json), etag, max_age }
    }
}
