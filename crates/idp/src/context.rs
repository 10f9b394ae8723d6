//! The one value that everything hangs off: nothing is global.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use oidc::secret::SecretKind;
use oidc::{Id, Time};
use store::{DatabaseUrl, Db, Options};

use crate::clients;
use crate::clock::Clock;
use crate::device_attestation::Revoked;
use crate::fault::Fault;
use crate::keys::KeyRing;
use crate::mac::{
    BucketKeys, CountedSecrets, CsrfTokens, DpopNonces, HandoffNumbers, MailCodes, SiteSecrets, UserCodes,
};
use crate::mail::Mailer;
use crate::outbound::Outbound;
use crate::passwords::Passwords;
use crate::random::Randomness;
use crate::seal::{MasterKey, Sealer};
use crate::settings::Settings;
use crate::sites;
use crate::subjects::Sectors;
use crate::throttle::Tally;

/// What the use cases work with. One process may hold several, each with a database of its own.
pub struct Context {
    pub(crate) store: Db,
    pub(crate) settings: Settings,
    pub(crate) issuer: String,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) outbound: Arc<dyn Outbound>,
    /// How many sign-ins their person did not know, since the start.
    pub(crate) disowned_sign_ins: AtomicU64,
    pub(crate) sealer: Sealer,
    pub(crate) refresh_tokens: Box<CountedSecrets>,
    pub(crate) device_secrets: Box<CountedSecrets>,
    pub(crate) csrf: CsrfTokens,
    // Each key is a kilobyte: what is moved about stays small.
    pub(crate) buckets: Box<BucketKeys>,
    pub(crate) mail_codes: Box<MailCodes>,
    pub(crate) dpop_nonces: Box<DpopNonces>,
    pub(crate) user_codes: Box<UserCodes>,
    pub(crate) sectors: Box<Sectors>,
    pub(crate) tally: Tally,
    pub(crate) passwords: Passwords,
    pub(crate) clients: clients::Cache,
    pub(crate) sites: sites::Cache,
    pub(crate) visitors: sites::Visitors,
    pub(crate) site_secrets: SiteSecrets,
    pub(crate) handoff_numbers: HandoffNumbers,
    pub(crate) android_revoked: Revoked,
    pub(crate) keys: KeyRing,
    pub(crate) mailer: Arc<dyn Mailer>,
    /// Told when this node queues a mail.
    pub(crate) post: tokio::sync::Notify,
}

/// What a context is made of.
pub struct Parts<'a> {
    /// `sqlite:FILE`, relative to `data_dir`, or `postgres://…`.
    pub database: &'a str,
    /// Where the embedded database lies.
    pub data_dir: &'a Path,
    /// The issuer: the public URL without a final slash.
    pub issuer: String,
    /// Encrypts what must be known in clear.
    pub master_key: &'a MasterKey,
    /// What an administrator chose.
    pub settings: Settings,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids and secrets.
    pub randomness: Arc<dyn Randomness>,
    /// Writes and sends mails.
    pub mailer: Arc<dyn Mailer>,
    /// Requests to others.
    pub outbound: Arc<dyn Outbound>,
}

impl Context {
    /// Opens the database, brings its schema up to date and makes the keys that are missing.
    pub async fn open(parts: Parts<'_>) -> Result<Self, Fault> {
        // In a box: what happens once must not make every caller's future large.
        Box::pin(Self::opened(parts)).await
    }

    async fn opened(parts: Parts<'_>) -> Result<Self, Fault> {
        let Parts { database, data_dir, issuer, master_key, settings, clock, randomness, mailer, outbound } = parts;
        let store = Db::open(&DatabaseUrl::parse(database, data_dir)?, &Options::default()).await?;
        let applied = store::migrate::migrate(&store).await?;
        if !applied.is_empty() {
            tracing::info!(migrations = applied.join(", "), "the schema is up to date");
        }
        let sealer = master_key.sealer();
        let secret = |name| Box::pin(server_secret(&store, &sealer, &*randomness, name));
        let context = Self {
            refresh_tokens: Box::new(CountedSecrets::new(SecretKind::RefreshToken, &secret(REFRESH_TOKEN).await?)),
            device_secrets: Box::new(CountedSecrets::new(SecretKind::DeviceSecret, &secret("device-secret").await?)),
            csrf: CsrfTokens::new(&secret("csrf-token").await?),
            buckets: Box::new(BucketKeys::new(&secret("throttle").await?)),
            mail_codes: Box::new(MailCodes::new(&secret("mail-code").await?)),
            dpop_nonces: Box::new(DpopNonces::new(&secret("dpop-nonce").await?)),
            user_codes: Box::new(UserCodes::new(&secret("user-code").await?)),
            sectors: Box::new(Sectors::new(&secret("pairwise-subject").await?)),
            tally: Tally::default(),
            passwords: Passwords::start(&settings.passwords)?,
            clients: clients::Cache::default(),
            sites: sites::Cache::default(),
            visitors: sites::Visitors::default(),
            site_secrets: SiteSecrets::new(&secret("site").await?),
            handoff_numbers: HandoffNumbers::new(&secret("handoff-number").await?),
            android_revoked: Revoked::at_start(&settings.device_key_attestation),
            keys: KeyRing::default(),
            mailer,
            post: tokio::sync::Notify::new(),
            store,
            settings,
            issuer,
            clock,
            randomness,
            outbound,
            disowned_sign_ins: AtomicU64::new(0),
            sealer,
        };
        context.ensure_keys().await?;
        Ok(context)
    }

    /// The issuer (OpenID Connect Core §2): the public URL without a final slash.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What an administrator chose.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The password pool, for who watches it.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// How many tries failed and how many were not let through, on this node.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How many statements were run on the database since the start.
    pub fn statements(&self) -> u64 {
        self.store.statements()
    }

    /// The time now.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Whether requests can be answered: the database is reachable, its schema is this program's, and keys sign.
    pub async fn is_ready(&self) -> bool {
        match store::migrate::is_current(&self.store).await {
            Ok(current) => current && self.keys_sign(),
            Err(error) => {
                tracing::warn!(%error, "not ready");
                false
            }
        }
    }

    /// Lets go of the database; what was answered is durable already.
    pub async fn close(&self) {
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the database did not close cleanly");
        }
    }
}

/// A key of the server's own, drawn by the first node that needs it and shared by all: sealed under the master key,
/// which can so be exchanged without signing anybody out.
pub(crate) async fn server_secret(
    store: &Db,
    sealer: &Sealer,
    randomness: &dyn Randomness,
    name: &'static str,
) -> Result<[u8; 32], Fault> {
    let mut drawn = zeroize::Zeroizing::new([0; 32]);
    randomness.fill(&mut *drawn);
    let nobody = Id::from_bytes([0; 16]);
    let kept =
        store::server_secrets::get_or_insert(store, name, &sealer.seal(randomness, name, nobody, &*drawn)).await?;
    let opened = sealer.open(name, nobody, &kept)?;
    opened.as_slice().try_into().map_err(|_| Fault::Corrupt(format!("the server secret {name} has another length")))
}

/// The name of the server secret behind refresh tokens.
pub(crate) const REFRESH_TOKEN: &str = "refresh-token";
