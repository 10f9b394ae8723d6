//! The one table of configuration keys: the file, the environment, `config schema` and `init` all read it.

use super::kind::Kind::{
    self, Address, Choice, Colour, Contexts, Database, Domain, Duration, Models, Networks, Number, Path, Picture,
    PublicUrl, Sender, Server, Sites, SmtpUrl, Text,
};

/// One key of `vestibule.toml`.
pub(crate) struct Key {
    /// Its dotted path; at most one dot.
    pub(crate) path: &'static str,
    /// What it may hold.
    pub(crate) kind: Kind,
    /// Its value where nobody gives one, as the file would spell it; `None`: unset.
    pub(crate) default: Option<&'static str>,
    /// What it is for, in one line.
    pub(crate) doc: &'static str,
}

impl Key {
    /// The environment variable that sets it.
    pub(crate) fn variable(&self) -> String {
        format!("VESTIBULE_{}", self.path.replace('.', "_").to_ascii_uppercase())
    }
}

/// The key at `path`.
pub(crate) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// The sections, without the top level.
pub(crate) fn is_section(name: &str) -> bool {
    KEYS.iter().any(|key| key.path.split_once('.').is_some_and(|(section, _)| section == name))
}

const fn key(path: &'static str, kind: Kind, default: Option<&'static str>, doc: &'static str) -> Key {
    Key { path, kind, default, doc }
}

/// Every key there is, in the order of the documentation.
#[rustfmt::skip]
pub(crate) const KEYS: &[Key] = &[
    key("public_url", PublicUrl, None, "the issuer, as browsers and apps reach it; http only for localhost; unset: follows the listener"),
    key("listen", Address, Some("127.0.0.1:8080"), "the address to listen on; port 0 picks a free one"),
    key("data_dir", Path, Some("vestibule-data"), "where database, keys and mail lie; made where it is missing"),
    key("master_key_file", Path, Some("master.key"), "encrypts private keys at rest; in the data directory; made where it is missing"),
    key("trusted_proxies", Networks, Some(""), "networks whose X-Forwarded-* and Forwarded are believed"),
    key("database.url", Database, Some("sqlite:vestibule.db"), "sqlite:FILE (in the data directory) or postgres://user:password@host/name"),
    key("tls.cert", Path, None, "the certificate chain (PEM); unset: plain HTTP behind a proxy"),
    key("tls.key", Path, None, "the certificate's private key (PEM)"),
    key("tls.client_ca", Path, None, "the authorities of client certificates (PEM), for mutual TLS only"),
    key("tokens.access_token_lifetime", Duration, Some("5m"), "how long an access token is good"),
    key("tokens.id_token_lifetime", Duration, Some("5m"), "how long an ID token is good"),
    key("tokens.code_lifetime", Duration, Some("60s"), "how long an authorization code is good"),
    key("tokens.device_code_lifetime", Duration, Some("10m"), "how long the codes of a device without a keyboard are good"),
    key("tokens.refresh_idle_lifetime", Duration, Some("30d"), "a refresh token unused for so long ends"),
    key("tokens.refresh_lifetime", Duration, Some("365d"), "the longest life of a family of refresh tokens"),
    key("tokens.dpop_nonce", Choice(&["accepted", "required"]), Some("accepted"), "required: DPoP proofs must carry a nonce of this server; accepted: a fresh one counts without"),
    key("session.lifetime", Duration, Some("30d"), "the longest life of a session"),
    key("session.idle_lifetime", Duration, Some("7d"), "a session that no sign-in has used for so long opens no app"),
    key("session.site_domain", Domain, Some(""), "\".example.com\": plain websites there sign in through /forward-auth; public_url must be below it, too"),
    key("session.sites", Sites, Some(""), "those websites, and who may see which part of them, beside what `vestibule site add` registers"),
    key("session.continue_page", Choice(&["always", "first-time", "never"]), Some("first-time"), "when to ask «Continue as …» as an app joins a running session"),
    key("session.remember_device", Duration, Some("30d"), "for how long a device that its person wants remembered asks for no second factor"),
    key("signup.mode", Choice(&["open", "invite", "closed"]), Some("open"), "who may make an account"),
    key("signup.verify", Choice(&["mail", "never"]), Some("mail"), "how the address of a new account is proven; never: the account is there at once"),
    key("accounts.delete_after", Duration, Some("14d"), "how long an account that its person deleted waits for them to come back"),
    key("signin.mail", Choice(&["on", "off"]), Some("on"), "whether people with a proven address may sign in by a code or link that is mailed to them"),
    key("passwords.memory_kib", Number(8, 4_194_304), Some("19456"), "memory of one Argon2id hash, in KiB"),
    key("passwords.passes", Number(1, 1000), Some("2"), "passes of Argon2id over that memory"),
    key("passwords.lanes", Number(1, 64), Some("1"), "lanes of Argon2id"),
    key("passwords.threads", Number(1, 1024), None, "how many passwords are checked at once, each in its own memory; unset: one per processor"),
    key("passwords.queue", Number(1, 100_000), Some("128"), "how many may wait for that; more are asked to come again"),
    key("passwords.min_length", Number(8, 64), Some("15"), "the fewest characters of a password that is the only factor"),
    key("passwords.min_length_with_factor", Number(8, 64), Some("8"), "the fewest where a second factor is asked for beside it, and of one that the operator sets"),
    key("passwords.breached_url", Server, None, "a server of the Pwned Passwords range protocol, such as https://api.pwnedpasswords.com/range: a new password that it knows to be stolen is refused; it sees five digits of a hash; unset: nobody is asked"),
    key("keys.rotation_interval", Duration, Some("30d"), "how long a key signs before the next takes over"),
    key("keys.jwks_cache_lifetime", Duration, Some("5m"), "how long others may keep the public keys; a key is published so long before it signs"),
    key("mail.transport", Choice(&["file", "smtp"]), Some("file"), "file: one .eml per mail in data_dir/mail"),
    key("mail.smtp_url", SmtpUrl, None, "smtps://user:password@host (TLS) or smtp://user:password@host (STARTTLS), for transport = \"smtp\""),
    key("mail.from", Sender, Some("Vestibule <no-reply@localhost>"), "the sender of every mail"),
    key("brand.name", Text, Some("Vestibule"), "the name in the head of every page"),
    key("brand.accent", Colour, None, "the colour of buttons and links in place of the green"),
    key("brand.logo", Picture, None, "a picture of 100 KiB at most in place of the arch; beside this file"),
    key("passkeys.rp_id", Text, Some(""), "the domain that passkeys are bound to; unset: the host of public_url"),
    key("passkeys.related_origins", Text, Some(""), "origins that may use this host's passkeys, with blanks between: told at /.well-known/webauthn"),
    key("passkeys.attestation", Choice(&["none", "listed"]), Some("none"), "which authenticators may make a passkey: any, or those of `passkeys.models` alone"),
    key("passkeys.models", Models, Some(""), "the models (AAGUID) for attestation = \"listed\""),
    key("passkeys.trust_anchors", Path, None, "the certificates (PEM) of their makers, one of which must vouch for the model; beside this file"),
    key("device_keys.attestation", Choice(&["none", "preferred", "required"]), Some("none"), "whether the keys that apps keep in phones come with an attestation; preferred: what comes must hold"),
    key("device_keys.android_roots", Path, None, "the roots (PEM) of Android Key Attestation, as Google publishes them; beside this file"),
    key("device_keys.android_revoked", Path, None, "the list (JSON) of certificates that count no more, as Google publishes it; beside this file"),
    key("device_keys.apple_roots", Path, None, "the root (PEM) of Apple App Attest; beside this file"),
    key("device_keys.apple_development", Choice(&["on", "off"]), Some("off"), "whether App Attest of apps under development counts"),
    key("assurance.contexts", Contexts, Some(""), "names (acr) of the levels single-factor, multi-factor, phishing-resistant and hardware-protected, beside the usual ones"),
    key("details.types", Path, None, "a file (JSON) with the types of authorization_details (RFC 9396) that apps may ask for; beside this file"),
    key("audit.retention", Duration, Some("400d"), "how long an event of the audit trail is kept"),
    key("throttle.device_tries", Number(1, 1_000_000), Some("10"), "passwords tried at once on a device that the account's owner has signed in from"),
    key("throttle.device_delay", Duration, Some("1m"), "until one more is let through there"),
    key("throttle.account_tries", Number(4, 1_000_000), Some("20"), "passwords tried for one account from unknown devices before the longest delay holds"),
    key("throttle.account_delay", Duration, Some("2h"), "that delay; the ones before it are an eighth and a 120th"),
    key("throttle.address_tries", Number(1, 1_000_000), Some("20"), "passwords that fail at once from one address and unknown devices; five times as many from its network"),
    key("throttle.address_delay", Duration, Some("10m"), "until one more is let through from there"),
    key("throttle.spray_tries", Number(1, 1_000_000), Some("20"), "passwords that fail at once everywhere, from unknown devices, before a try needs an account and an address that are untouched"),
    key("throttle.spray_delay", Duration, Some("18s"), "until one of them is forgotten; shorten it where very many people sign in"),
    key("throttle.request_tries", Number(1, 1_000_000), Some("30"), "accounts made, mails asked for and clients failing at once from one address"),
    key("throttle.request_delay", Duration, Some("1m"), "until one more is let through from there"),
    key("throttle.mail_tries", Number(1, 1_000_000), Some("5"), "mails at once to one mailbox that anybody can ask for: to confirm an address, to set a new password"),
    key("throttle.mail_delay", Duration, Some("12m"), "until one more goes there"),
    key("throttle.public_tries", Number(1, 1_000_000), Some("120"), "requests pushed, and proofs in vain, at once in the name of one public client from one network"),
    key("throttle.public_delay", Duration, Some("1s"), "until one more is let through from there"),
    key("throttle.pushed_requests", Number(2, 1_000_000), Some("10000"), "pushed requests that one public client may have open; half of them at once"),
    key("outbound.networks", Networks, Some(""), "private networks that may be asked for what clients register there (jwks_uri, sector_identifier_uri, sign-outs); all else must be public"),
    key("metrics.listen", Address, None, "an address of its own for /metrics; unset: on the main one, for this machine alone"),
    key("log.format", Choice(&["pretty", "json"]), Some("pretty"), "how the log on standard error is written"),
    key("log.level", Choice(&["error", "warn", "info", "debug", "trace"]), Some("info"), "the least important lines that are still written"),
];
