//! From the configuration to a context: what `serve` and every command that touches data begin with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use idp::random::SystemRandomness;
use idp::seal::MasterKey;
use idp::{Context, Fault, Parts};
use verify::fetch::Network;

use crate::clock::SystemClock;
use crate::config::Settings;
use crate::mail::Post;
use crate::outbound::Guarded;
use crate::{brand, master_key};

/// The place where a provider lives: its directory and the key to it.
pub(crate) struct House<'a> {
    settings: &'a Settings,
    typed: idp::settings::Settings,
    data_dir: PathBuf,
    master_key: MasterKey,
}

impl<'a> House<'a> {
    /// Reads the files that the configuration names, and makes the directory and the master key where they are missing.
    pub(crate) fn enter(settings: &'a Settings) -> anyhow::Result<Self> {
        let typed = settings.with_files()?;
        let data_dir = data_dir(settings);
        make_private_directory(&data_dir)?;
        let master_key = master_key::load(&key_file(settings))?;
        Ok(Self { settings, typed, data_dir, master_key })
    }

    /// Opens the database and brings its schema up to date.
    pub(crate) async fn open(self, issuer: String) -> anyhow::Result<Context> {
        let post = Post::of(self.settings, &self.data_dir, brand::of(self.settings)?, &issuer)?;
        let networks = self.settings.list("outbound.networks").filter_map(Network::parse);
        let parts = Parts {
            database: required(self.settings, "database.url"),
            data_dir: &self.data_dir,
            outbound: Arc::new(Guarded::new(&issuer, networks)),
            issuer,
            master_key: &self.master_key,
            settings: self.typed,
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            mailer: Arc::new(post),
        };
        Box::pin(Context::open(parts)).await.map_err(|fault| advise(&fault))
    }
}

/// A fault is nobody's typing: what to do about it depends on more than one message can say.
pub(crate) fn advise(fault: &Fault) -> anyhow::Error {
    anyhow::anyhow!("{fault}; `vestibule doctor` looks for the cause")
}

/// The issuer for a command that does not listen: as configured, or where `serve` would listen.
pub(crate) fn issuer(settings: &Settings) -> String {
    let address = required(settings, "listen").parse().expect("a key of kind Address with a checked value");
    issuer_at(settings, address)
}

/// The issuer: as configured, or where we listen. «Every address» is no address to send a browser to.
pub(crate) fn issuer_at(settings: &Settings, address: SocketAddr) -> String {
    let scheme = if settings.get("tls.cert").is_some() { "https" } else { "http" };
    match settings.get("public_url") {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None if address.ip().is_unspecified() => format!("{scheme}://localhost:{}", address.port()),
        None => format!("{scheme}://{address}"),
    }
}

/// Where database, keys and mail lie.
pub(crate) fn data_dir(settings: &Settings) -> PathBuf {
    settings.path("data_dir").expect("a key with a default in the table")
}

/// Where the master key lies: in the data directory (DESIGN §6).
pub(crate) fn key_file(settings: &Settings) -> PathBuf {
    data_dir(settings).join(required(settings, "master_key_file"))
}

/// The value of a key that has a default.
pub(crate) fn required<'a>(settings: &'a Settings, path: &'static str) -> &'a str {
    settings.get(path).expect("a key with a default in the table")
}

/// Makes a directory that is nobody's but ours.
pub(crate) fn make_private_directory(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make the data directory {}; choose another with --data-dir", path.display()))
}
