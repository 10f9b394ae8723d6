//! Makes the keys that are due, and reads those that other nodes made.

use std::time::Duration;

use jose::jwt::Signer;
use jose::{JwsAlgorithm, SigningKey};
use oidc::Time;
use oidc::key_schedule::{self, Create, Key, State};
use store::keys::Schedule;

use super::TokenType;
use super::ring::Snapshot;
use super::rows::{self, Stored};
use crate::{Context, Fault};

impl Context {
    /// Reads the keys and makes what is missing, so that a new server signs at once. What an administrator's clock
    /// wants besides is [`Context::key_job`]'s, since a start must not wait for it.
    pub(crate) async fn ensure_keys(&self) -> Result<(), Fault> {
        let _turn = self.keys.turn.lock().await;
        let empty = self.key_rows().await?.is_empty();
        for alg in ALWAYS {
            let decide = |keys: &[Key], now| match empty && keys.is_empty() {
                true => Some(key_schedule::first(now)),
                false => key_schedule::missing(keys, &self.key_lifetimes(), now),
            };
            self.make_key(alg, decide).await?;
        }
        self.read_keys().await
    }

    /// What the clock wants, to be called each minute: next keys in time, and the private halves of removed keys
    /// forgotten.
    pub(crate) async fn key_job(&self) -> Result<(), Fault> {
        let _turn = self.keys.turn.lock().await;
        let lifetimes = self.key_lifetimes();
        for alg in in_use(&self.key_rows().await?) {
            self.make_key(alg, |keys, now| key_schedule::due(keys, &lifetimes, now)).await?;
        }
        let stored = self.key_rows().await?;
        for (row, one) in rows::scheduled(&stored, &lifetimes, self.now()) {
            if one.state == State::Removed && row.sealed.is_some() {
                store::keys::forget_private(&self.store, &row.kid).await?;
                tracing::info!(kid = row.kid, alg = %row.alg, "the private half of a removed key is forgotten");
            }
        }
        self.read_keys().await
    }

    /// Reads the keys again: another node or a command has written some.
    pub(crate) async fn reload_keys(&self) -> Result<(), Fault> {
        let _turn = self.keys.turn.lock().await;
        self.read_keys().await
    }

    /// The signer of an algorithm that has none yet, or none that all nodes publish.
    pub(super) async fn awaited_signer(&self, alg: JwsAlgorithm, typ: TokenType) -> Result<Signer, Fault> {
        if alg.is_symmetric() {
            return Err(Fault::NoKey(alg));
        }
        {
            let _turn = self.keys.turn.lock().await;
            self.make_key(alg, |keys, now| key_schedule::missing(keys, &self.key_lifetimes(), now)).await?;
            self.read_keys().await?;
        }
        let signs = || self.keys.current().signer(alg, typ, self.now()).cloned();
        self.wait_until(|| signs().is_some()).await;
        signs().ok_or(Fault::NoKey(alg))
    }

    /// Waits for what the clock brings within a second or two; ten at most, where the machine has too much to do.
    pub(super) async fn wait_until(&self, reached: impl Fn() -> bool) {
        for _ in 0..LOOKS {
            if reached() {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Makes a key where the rule wants one and no other node is first; the caller has the turn.
    pub(super) async fn make_key(
        &self,
        alg: JwsAlgorithm,
        decide: impl Fn(&[Key], Time) -> Option<Create>,
    ) -> Result<(), Fault> {
        if decide(&rows::of(&self.key_rows().await?, alg), self.now()).is_none() {
            return Ok(());
        }
        let key = generate(alg).await?;
        self.enter_key(&key, decide).await?;
        Ok(())
    }

    /// Writes a key where the rule still wants it: to make one takes its time, and it is published from now on, not
    /// from before. `false` where it does not, or where another node took the slot.
    pub(super) async fn enter_key(
        &self,
        key: &SigningKey,
        decide: impl Fn(&[Key], Time) -> Option<Create>,
    ) -> Result<bool, Fault> {
        let stored = self.key_rows().await?;
        let now = self.now();
        let Some(create) = decide(&rows::of(&stored, key.alg()), now) else {
            return Ok(false);
        };
        let row = rows::new_row(key, create, now, &self.sealer, &*self.randomness)?;
        let promises = self.promises(&stored, key.alg(), create, now);
        let entered = store::keys::insert_if_slot_free(&self.store, &row, &promises).await?;
        if entered {
            tracing::info!(kid = row.kid, alg = row.alg, activates_at = %row.activates_at, "a new signing key");
        }
        Ok(entered)
    }

    /// Until when the others stay published once there is a new one.
    fn promises(&self, stored: &[Stored], alg: JwsAlgorithm, create: Create, now: Time) -> Vec<Schedule> {
        let new = Key {
            generation: create.generation,
            activates_at: create.activates_at,
            promised_until: None,
            revoked_at: None,
        };
        let mut keys = rows::of(stored, alg);
        keys.push(new);
        let scheduled = key_schedule::schedule(&keys, &self.key_lifetimes(), now);
        let changed = scheduled.iter().filter(|one| {
            one.state != State::Removed && one.removes_at.is_some() && one.removes_at != one.key.promised_until
        });
        changed
            .filter_map(|one| {
                let row = stored.iter().find(|row| row.alg == alg && row.rule.generation == one.key.generation)?;
                let (retires_at, removes_at) = (one.retires_at, one.removes_at);
                Some(Schedule { kid: row.kid.clone(), activates_at: None, retires_at, removes_at })
            })
            .collect()
    }

    pub(super) async fn key_rows(&self) -> Result<Vec<Stored>, Fault> {
        store::keys::list(&self.store).await?.into_iter().map(Stored::parse).collect()
    }

    /// Reads all rows into the ring; the caller has the turn.
    pub(super) async fn read_keys(&self) -> Result<(), Fault> {
        let stored = self.key_rows().await?;
        let previous = self.keys.current();
        let snapshot = Snapshot::read(&stored, &previous, &self.sealer, &self.key_lifetimes(), self.now())?;
        self.keys.replace(snapshot);
        // What a revoked key has signed is handed out no more.
        self.visitors.forget_all();
        Ok(())
    }
}

/// The algorithms that are kept in keys.
pub(super) fn in_use(stored: &[Stored]) -> Vec<JwsAlgorithm> {
    let alive: Vec<_> = stored.iter().filter(|row| row.rule.revoked_at.is_none()).map(|row| row.alg).collect();
    let mut all = [ALWAYS.as_slice(), &alive].concat();
    all.sort();
    all.dedup();
    all
}

/// An RSA key takes up to a second of computing: other requests go on meanwhile.
async fn generate(alg: JwsAlgorithm) -> Result<SigningKey, Fault> {
    let made = tokio::task::spawn_blocking(move || SigningKey::generate(jose::provider::aws_lc(), alg)).await;
    match made {
        Ok(made) => Ok(made?),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only while the runtime stops.
            Err(_) => Err(Fault::NoKey(alg)),
        },
    }
}

/// The algorithms whose keys every server has.
pub(super) const ALWAYS: [JwsAlgorithm; 2] = [JwsAlgorithm::ES256, JwsAlgorithm::RS256];
const LOOK: Duration = Duration::from_millis(50);
const LOOKS: u32 = 200;
