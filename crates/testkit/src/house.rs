//! A provider in the process: a database of the test's own, a clock to turn by hand, and nodes over them.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;
use std::sync::Arc;

use idp::clock::HandTurnedClock;
use idp::mail::Letterbox;
use idp::people::NewUser;
use idp::random::{Randomness as _, SystemRandomness};
use idp::seal::MasterKey;
use idp::settings::{PasswordSettings, Settings};
use idp::{Context, Parts};
use oidc::secret::{Secret, SecretKind};
use oidc::{Id, Time};
use serde_json::Value;
use store::credentials::Credential;
use store::test_support::TestDb;
use web::{App, Router};

use crate::outbound::Loopback;

/// What the nodes of one test share.
pub struct House {
    /// The database; `Deref` gives its `Db`.
    pub db: TestDb,
    /// Stands at [`START`] until it is turned.
    pub clock: Arc<HandTurnedClock>,
    /// Where mails arrive once a node sends them.
    pub mails: Arc<Letterbox>,
    /// What nodes are opened with; a test may change it before it opens one.
    pub settings: Settings,
    /// Under which everything is sealed.
    pub master_key: MasterKey,
}

impl House {
    /// For `#[both_databases]`.
    pub async fn sqlite() -> Self {
        Self::over(TestDb::sqlite().await)
    }

    /// For `#[both_databases]`.
    pub async fn postgres() -> Self {
        Self::over(TestDb::postgres().await)
    }

    fn over(db: TestDb) -> Self {
        Self {
            db,
            clock: Arc::new(HandTurnedClock::at(START)),
            mails: Arc::default(),
            settings: Settings { passwords: cheap_passwords(), ..Settings::default() },
            master_key: MasterKey::generate(&SystemRandomness),
        }
    }

    /// One more node.
    pub async fn node(&self) -> Arc<Context> {
        let clock: Arc<HandTurnedClock> = Arc::clone(&self.clock);
        let mailer: Arc<Letterbox> = Arc::clone(&self.mails);
        let parts = Parts {
            database: &self.db.address(),
            data_dir: Path::new("/"),
            issuer: ISSUER.to_owned(),
            master_key: &self.master_key,
            settings: self.settings.clone(),
            clock,
            randomness: Arc::new(SystemRandomness),
            mailer,
            outbound: Arc::new(Loopback::new(Arc::clone(&self.clock))),
        };
        Arc::new(Box::pin(Context::open(parts)).await.unwrap())
    }

    /// The time on the clock.
    pub fn clock_now(&self) -> Time {
        idp::clock::Clock::now(&*self.clock)
    }

    /// The counter of a refresh token's family as its row has it, and whether it was revoked.
    pub async fn family_of(&self, refresh_token: &str) -> Option<(i64, bool)> {
        let id = Secret::parse(SecretKind::RefreshToken, refresh_token)?.id();
        let family = store::families::find(&self.db, id).await.unwrap()?;
        Some((family.counter, family.revoked_at.is_some()))
    }

    /// All that a node answers over HTTP.
    pub fn router(node: &Arc<Context>) -> Router {
        web::router(App::new(Arc::clone(node), web::look::Brand::default(), None, || "trace-of-a-test".to_owned()))
    }

    /// Registers a client of these metadata (RFC 7591 §2).
    pub async fn add_client(node: &Context, metadata: Value) {
        node.add_client(serde_json::from_value(metadata).unwrap()).await.unwrap();
    }

    /// Disables a client that no node has read yet.
    pub async fn disable_client(&self, id: &str) {
        assert!(store::clients::set_disabled(&self.db, id, Some(START), START).await.unwrap());
    }

    /// Gives a person a credential whose document nobody reads.
    pub async fn put_credential(&self, user_id: Id, kind: &str) {
        let (id, data_json, created_at) = (SystemRandomness.new_id(), "{}".to_owned(), START);
        let row = Credential { user_id, id, kind: kind.to_owned(), data_json, created_at, used_at: None };
        store::credentials::put(&self.db, &row).await.unwrap();
    }

    /// Has an account wait for its end, as a node leaves it that dies before it has ended what runs.
    pub async fn begin_leaving(&self, user: Id, delete_at: Time) {
        let event = store::audit::Event {
            id: SystemRandomness.new_id(),
            kind: "account.deletion-asked".to_owned(),
            user_id: Some(user),
            client_id: None,
            session_id: None,
            address: None,
            detail_json: "{}".to_owned(),
            at: START,
            expires_at: delete_at,
        };
        assert!(store::leaving::begin(&self.db, user, delete_at, &event, None).await.unwrap());
    }

    /// How many credentials of a kind a person has.
    pub async fn credentials_of(&self, user: Id, kind: &str) -> usize {
        store::credentials::of(&self.db, user, kind).await.unwrap().len()
    }

    /// Adds a person with [`PASSWORD`].
    pub async fn add_person(node: &Context, email: &str, name: &str) -> Id {
        let new = NewUser {
            email: email.to_owned(),
            name: Some(name.to_owned()),
            password: Some(PASSWORD.to_owned().into()),
            ..NewUser::default()
        };
        node.add_user(new).await.unwrap().id
    }
}

/// Argon2id as cheap as it goes: tests check what is asked of it, not what it costs.
fn cheap_passwords() -> PasswordSettings {
    PasswordSettings {
        memory_kib: NonZeroU32::new(8).unwrap(),
        passes: NonZeroU32::MIN,
        threads: NonZeroUsize::MIN,
        ..PasswordSettings::default()
    }
}

/// The issuer of every node.
pub const ISSUER: &str = "https://id.example";
/// Monday, 2 November 2026, 09:00 UTC.
pub const START: Time = Time::from_seconds(1_793_610_000);
/// Everybody's.
pub const PASSWORD: &str = "correct horse battery staple";
