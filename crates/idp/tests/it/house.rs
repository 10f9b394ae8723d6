//! A database of the test's own, a clock to turn by hand, and as many nodes over them as the test wants.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;
use std::sync::Arc;

use idp::clock::HandTurnedClock;
use idp::mail::Letterbox;
use idp::outbound::{Answered, Documents, Fetching, Get, Keys, NotSent, Outbound, Wanted};
use idp::random::SystemRandomness;
use idp::seal::MasterKey;
use idp::settings::{PasswordSettings, Settings};
use idp::{Context, Fault, Parts};
use oidc::Time;
use store::test_support::TestDb;

/// What the nodes of one test share.
pub(crate) struct House {
    /// The database; `Deref` gives its `Db`.
    pub(crate) db: TestDb,
    /// Stands at [`START`] until it is turned.
    pub(crate) clock: Arc<HandTurnedClock>,
    /// Where mails arrive once a node sends them.
    pub(crate) mails: Arc<Letterbox>,
    /// What nodes are opened with; a test may change it before it opens one.
    pub(crate) settings: Settings,
    /// Under which everything is sealed.
    pub(crate) master_key: MasterKey,
}

impl House {
    /// For `#[both_databases]`.
    pub(crate) async fn sqlite() -> Self {
        Self::over(TestDb::sqlite().await)
    }

    /// For `#[both_databases]`.
    pub(crate) async fn postgres() -> Self {
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
    pub(crate) async fn node(&self) -> Arc<Context> {
        Arc::new(self.try_node(&self.master_key).await.unwrap())
    }

    /// One more node, or why it does not open under this key.
    pub(crate) async fn try_node(&self, master_key: &MasterKey) -> Result<Context, Fault> {
        let clock: Arc<HandTurnedClock> = Arc::clone(&self.clock);
        let mailer: Arc<Letterbox> = Arc::clone(&self.mails);
        Box::pin(Context::open(Parts {
            database: &self.db.address(),
            data_dir: Path::new("/"),
            issuer: ISSUER.to_owned(),
            master_key,
            settings: self.settings.clone(),
            clock,
            randomness: Arc::new(SystemRandomness),
            mailer,
            outbound: Arc::new(Nobody),
        }))
        .await
    }
}

/// Nobody is out there.
struct Nobody;

impl Outbound for Nobody {
    fn post_form(&self, _: &str, _: String) -> Answered {
        Box::pin(async { Err(NotSent("nobody is there".to_owned())) })
    }

    fn get(&self, _: Get) -> Fetching {
        Box::pin(async { Err(NotSent("nobody is there".to_owned())) })
    }

    fn keys(&self, _: &str, _: Wanted) -> Keys {
        Box::pin(async { Err(NotSent("nobody is there".to_owned())) })
    }

    fn document(&self, _: &str, _: Option<Arc<Vec<u8>>>) -> Documents {
        Box::pin(async { Err(NotSent("nobody is there".to_owned())) })
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
pub(crate) const ISSUER: &str = "https://id.example";
/// Monday, 2 November 2026, 09:00 UTC.
pub(crate) const START: Time = Time::from_seconds(1_793_610_000);
