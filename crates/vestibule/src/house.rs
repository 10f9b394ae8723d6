//! From the configuration to a context: what `serve` and every command that touches data begin with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use idp::random::SystemRandomness;
use idp::seal::MasterKey;
use idp::settings::{Attestation, KeyAttestation};
use idp::{Context, Fault, Parts};
use jose::Limits;
use jose::x509::Certificate;
use oidc::details::DetailTypes;
use verify::fetch::Network;

use crate::clock::SystemClock;
use crate::config::Settings;
use crate::mail::Post;
use crate::outbound::Guarded;
use crate::{brand, master_key};

/// The place where a provider lives: its directory and the key to it.
pub(crate) struct House<'a> {
    settings: &'a Settings,
    data_dir: PathBuf,
    master_key: MasterKey,
}

impl<'a> House<'a> {
    /// Makes the directory and the master key where they are missing.
    pub(crate) fn enter(settings: &'a Settings) -> anyhow::Result<Self> {
        let data_dir = data_dir(settings);
        make_private_directory(&data_dir)?;
        let master_key = master_key::load(&key_file(settings))?;
        Ok(Self { settings, data_dir, master_key })
    }

    /// Opens the database and brings its schema up to date.
    pub(crate) async fn open(&self, issuer: String) -> anyhow::Result<Context> {
        let mut settings = self.settings.typed();
        if let Attestation::Listed { anchors, .. } = &mut settings.passkeys.attestation {
            *anchors = certificates(self.settings, "passkeys.trust_anchors")?;
        }
        if let KeyAttestation::Asked { android, android_revoked, apple, .. } = &mut settings.device_key_attestation {
            *android = certificates(self.settings, "device_keys.android_roots")?;
            *android_revoked = revoked(self.settings)?;
            *apple = certificates(self.settings, "device_keys.apple_roots")?;
        }
        if let Some(path) = self.settings.path("details.types") {
            settings.detail_types = detail_types(&path)?;
        }
        let post = Post::of(self.settings, &self.data_dir, brand::of(self.settings)?, &issuer)?;
        let networks = self.settings.list("outbound.networks").filter_map(Network::parse);
        let parts = Parts {
            database: required(self.settings, "database.url"),
            data_dir: &self.data_dir,
            outbound: Arc::new(Guarded::new(&issuer, networks)),
            issuer,
            master_key: &self.master_key,
            settings,
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            mailer: Arc::new(post),
        };
        Box::pin(Context::open(parts)).await.map_err(|fault| advise(&fault))
    }
}

/// What apps may ask for beside scopes (RFC 9396).
fn detail_types(path: &Path) -> anyhow::Result<DetailTypes> {
    let shown = path.display();
    let text = std::fs::read(path)
        .with_context(|| format!("details.types: cannot read {shown}; give a file with a list of types (JSON)"))?;
    DetailTypes::parse(&text).map_err(|error| anyhow::anyhow!("details.types: {shown}: {error}"))
}

/// The certificates of the file that a key of the configuration names, in DER; none where it names no file.
fn certificates(settings: &Settings, key: &'static str) -> anyhow::Result<Vec<Vec<u8>>> {
    let Some(path) = settings.path(key) else { return Ok(Vec::new()) };
    let shown = path.display();
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{key}: cannot read {shown}; give a file of certificates (PEM)"))?;
    let certificates = Certificate::from_pem(&text, &Limits::DEFAULT)
        .with_context(|| format!("{key}: {shown} holds something else; give certificates (PEM)"))?;
    Ok(certificates.iter().map(|certificate| certificate.der().to_vec()).collect())
}

/// The numbers of the certificates that Google's list names: `{"entries": {NUMBER: …}}`, each in hexadecimal.
fn revoked(settings: &Settings) -> anyhow::Result<Vec<Vec<u8>>> {
    let Some(path) = settings.path("device_keys.android_revoked") else { return Ok(Vec::new()) };
    let shown = path.display();
    let text = std::fs::read(&path)
        .with_context(|| format!("device_keys.android_revoked: cannot read {shown}; give Google's list (JSON)"))?;
    let list: Option<serde_json::Value> = serde_json::from_slice(&text).ok();
    let entries = list.as_ref().and_then(|list| list.get("entries")?.as_object());
    let numbers = entries.and_then(|entries| entries.keys().map(|number| bytes_of_hex(number)).collect());
    numbers
        .with_context(|| format!("device_keys.android_revoked: {shown} is no list of Google's (JSON with `entries`)"))
}

/// A number without zeros in front; of an odd number of digits, too.
fn bytes_of_hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.trim_start_matches('0');
    let digits = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() };
    let pair = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    digits.as_bytes().chunks(2).map(pair).collect()
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
