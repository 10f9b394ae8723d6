//! A maker of phones and of their systems: certificates of its own, and attestations that hold until one thing in them is
//! changed. The front-door tests of `web` have it too.

use jose::json::{Map, Value};
use jose::provider::aws_lc;
use jose::{JwsAlgorithm, SigningKey, base64url};

/// A root, and a key below it that certifies.
pub(crate) struct Maker {
    root: SigningKey,
    middle: SigningKey,
}

/// What a phone of Android's says of a key.
#[derive(Clone)]
pub(crate) struct Described {
    /// `attestationSecurityLevel` and `keymasterSecurityLevel`.
    pub(crate) levels: (u8, u8),
    pub(crate) challenge: Vec<u8>,
    pub(crate) purposes: Vec<u8>,
    pub(crate) origin: u8,
    /// `userAuthType`, `authTimeout`.
    pub(crate) unlocking: (Option<u8>, Option<u8>),
    pub(crate) no_auth_required: bool,
    pub(crate) all_applications: bool,
    /// `deviceLocked`, `verifiedBootState`.
    pub(crate) boot: (bool, u8),
    pub(crate) package: String,
    pub(crate) digest: Vec<u8>,
}

/// What Apple says of an app.
#[derive(Clone)]
pub(crate) struct Attesting {
    pub(crate) client_data_hash: Vec<u8>,
    pub(crate) app: String,
    pub(crate) counter: u8,
    pub(crate) aaguid: [u8; 16],
    /// What the id of its key is changed by.
    pub(crate) other_id: u8,
    /// Whether the authenticator data have another key than the certificate.
    pub(crate) other_key: bool,
    pub(crate) format: &'static str,
    /// What follows the authenticator data.
    pub(crate) behind: Vec<u8>,
}

impl Described {
    /// A key in the trusted environment, that its person unlocks for each use.
    pub(crate) fn good(challenge: &[u8], package: &str, digest: &[u8]) -> Self {
        Self {
            levels: (1, 1),
            challenge: challenge.to_vec(),
            purposes: vec![2],
            origin: 0,
            unlocking: (Some(2), None),
            no_auth_required: false,
            all_applications: false,
            boot: (true, 0),
            package: package.to_owned(),
            digest: digest.to_vec(),
        }
    }

    /// `KeyDescription`.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        let small = |tag: u8, number: u8| der(&[tag], &[&[number]]);
        let purposes: Vec<u8> = self.purposes.iter().flat_map(|purpose| small(2, *purpose)).collect();
        let info = der(&[0x30], &[&der(&[4], &[self.package.as_bytes()]), &small(2, 1)]);
        let digests = der(&[0x31], &[&der(&[4], &[&self.digest])]);
        let id = der(&[4], &[&der(&[0x30], &[&der(&[0x31], &[&info]), &digests])]);
        let software = der(&[0x30], &[&der(&[0xbf, 0x85, 0x45], &[&id])]);
        let locked = small(1, if self.boot.0 { 0xff } else { 0 });
        let root = der(&[0x30], &[&der(&[4], &[&[7; 32]]), &locked, &small(10, self.boot.1), &der(&[4], &[&[8; 32]])]);
        let optional = |there: bool, tag: &[u8], value: Vec<u8>| if there { der(tag, &[&value]) } else { Vec::new() };
        let (kinds, timeout) = self.unlocking;
        let hardware = der(
            &[0x30],
            &[
                &der(&[0xa1], &[&der(&[0x31], &[&purposes])]),
                &optional(self.no_auth_required, &[0xbf, 0x83, 0x77], vec![5, 0]),
                &optional(kinds.is_some(), &[0xbf, 0x83, 0x78], small(2, kinds.unwrap_or_default())),
                &optional(timeout.is_some(), &[0xbf, 0x83, 0x79], small(2, timeout.unwrap_or_default())),
                &optional(self.all_applications, &[0xbf, 0x84, 0x58], vec![5, 0]),
                &der(&[0xbf, 0x85, 0x3e], &[&small(2, self.origin)]),
                &der(&[0xbf, 0x85, 0x40], &[&root]),
            ],
        );
        let challenge = der(&[4], &[&self.challenge]);
        let (said, kept) = (small(10, self.levels.0), small(10, self.levels.1));
        der(&[0x30], &[&small(2, 4), &said, &small(2, 41), &kept, &challenge, &[4, 0], &software, &hardware])
    }
}

impl Attesting {
    pub(crate) fn good(client_data_hash: &[u8], app: &str) -> Self {
        Self {
            client_data_hash: client_data_hash.to_vec(),
            app: app.to_owned(),
            counter: 0,
            aaguid: *b"appattest\0\0\0\0\0\0\0",
            other_id: 0,
            other_key: false,
            format: "apple-appattest",
            behind: Vec::new(),
        }
    }
}

impl Maker {
    pub(crate) fn new() -> Self {
        Self { root: key(), middle: key() }
    }

    /// The certificate that is trusted, in DER.
    pub(crate) fn root(&self) -> Vec<u8> {
        certificate(("Root", &self.root), ("Root", &self.root), &[CA])
    }

    fn middle(&self) -> Vec<u8> {
        certificate(("Root", &self.root), ("Middle", &self.middle), &[CA])
    }

    /// The chain of a key that a phone has made, the key's own certificate first.
    pub(crate) fn android(&self, public: &SigningKey, described: &Described) -> Vec<Vec<u8>> {
        self.android_saying(public, &described.to_der())
    }

    /// The same with whatever stands in the extension.
    pub(crate) fn android_saying(&self, public: &SigningKey, said: &[u8]) -> Vec<Vec<u8>> {
        let said = extension(KEY_DESCRIPTION, said);
        vec![certificate(("Middle", &self.middle), ("Android Keystore Key", public), &[&said]), self.middle()]
    }

    /// A chain whose last certificate is by a key that a phone has made for an app, and that says it may sign others.
    pub(crate) fn forged(&self, apps_own: &SigningKey, public: &SigningKey, described: &Described) -> Vec<Vec<u8>> {
        let said = extension(KEY_DESCRIPTION, &described.to_der());
        vec![
            certificate(("App", apps_own), ("Android Keystore Key", public), &[&said]),
            certificate(("Middle", &self.middle), ("App", apps_own), &[CA, &said]),
            self.middle(),
        ]
    }

    /// An attestation object of Apple's, with a key that the app has made for it.
    pub(crate) fn apple(&self, about: &Attesting) -> Vec<u8> {
        let own = key();
        let (x, y) = coordinates(&own);
        let mut id = jose::sha256(&[&[4], &x[..], &y[..]].concat());
        id[0] ^= about.other_id;
        let (x, y) = if about.other_key { coordinates(&key()) } else { (x, y) };
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20], &x[..], &[0x22, 0x58, 0x20], &y[..]].concat();
        let party = jose::sha256(about.app.as_bytes());
        let fixed = [&party[..], &[0x40, 0, 0, 0, about.counter], &about.aaguid, &[0, 32], &id].concat();
        let data = [fixed, cose, about.behind.clone()].concat();
        self.apple_saying(&own, (about.format, &about.client_data_hash), &data)
    }

    /// The same with whatever the authenticator data are.
    pub(crate) fn apple_saying(&self, own: &SigningKey, (format, hash): (&str, &[u8]), data: &[u8]) -> Vec<u8> {
        let nonce = jose::sha256(&[data, hash].concat());
        let said = extension(APPLE_NONCE, &der(&[0x30], &[&der(&[0xa1], &[&der(&[4], &[&nonce])])]));
        let chain = [certificate(("Middle", &self.middle), ("app", own), &[&said]), self.middle()];
        let len = u8::try_from(format.len()).expect("short");
        [
            &b"\xa3\x63fmt"[..],
            &[0x60 | len],
            format.as_bytes(),
            b"\x67attStmt\xa1\x63x5c\x82",
            &bytes(&chain[0]),
            &bytes(&chain[1]),
            b"\x68authData",
            &bytes(data),
        ]
        .concat()
    }
}

/// A key on P-256.
pub(crate) fn key() -> SigningKey {
    SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).expect("a key")
}

/// `04 ‖ x ‖ y`.
pub(crate) fn point(key: &SigningKey) -> Vec<u8> {
    let (x, y) = coordinates(key);
    [&[4], &x[..], &y[..]].concat()
}

fn coordinates(key: &SigningKey) -> (Vec<u8>, Vec<u8>) {
    let jwk: Map<String, Value> = key.public_jwk().expect("public");
    let part = |name: &str| base64url::decode(jwk[name].as_str().expect("a text")).expect("base64url");
    (part("x"), part("y"))
}

/// RFC 5280 §4.1, from 2020 to the end of the century.
fn certificate(issuer: (&str, &SigningKey), subject: (&str, &SigningKey), extensions: &[&[u8]]) -> Vec<u8> {
    let alg = der(&[0x30], &[b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"]);
    let name = |text: &str| {
        let kind = [b"\x06\x03\x55\x04\x03", &der(&[0x0c], &[text.as_bytes()])[..]].concat();
        der(&[0x30], &[&der(&[0x31], &[&der(&[0x30], &[&kind])])])
    };
    let validity = der(&[0x30], &[&der(&[0x18], &[b"20200101000000Z"]), &der(&[0x18], &[b"20991231235959Z"])]);
    let kind = der(&[0x30], &[b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"]);
    let public = der(&[0x30], &[&kind, &der(&[3], &[&[0], &point(subject.1)])]);
    let extensions = der(&[0xa3], &[&der(&[0x30], extensions)]);
    let parts: [&[u8]; 8] =
        [b"\xa0\x03\x02\x01\x02", &[2, 1, 1], &alg, &name(issuer.0), &validity, &name(subject.0), &public, &extensions];
    let signed = der(&[0x30], &parts);
    let signature = in_der(&issuer.1.sign(&signed).expect("a signature"));
    der(&[0x30], &[&signed, &alg, &der(&[3], &[&[0], &signature])])
}

fn extension(oid: &[u8], value: &[u8]) -> Vec<u8> {
    der(&[0x30], &[oid, &der(&[4], &[value])])
}

/// A value with its tag and length.
fn der(tag: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let [high, low] = u16::try_from(body.len()).expect("short").to_be_bytes();
    let len: &[u8] = match body.len() {
        0..0x80 => &[low],
        0x80..0x100 => &[0x81, low],
        _ => &[0x82, high, low],
    };
    [tag, len, &body].concat()
}

/// A byte string in CBOR.
pub(crate) fn bytes(bytes: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(bytes.len()).expect("short").to_be_bytes();
    let head: &[u8] = match bytes.len() {
        0..24 => &[0x40 | low],
        24..256 => &[0x58, low],
        _ => &[0x59, high, low],
    };
    [head, bytes].concat()
}

/// `r ‖ s` as `SEQUENCE { r INTEGER, s INTEGER }`.
pub(crate) fn in_der(raw: &[u8]) -> Vec<u8> {
    let number = |digits: &[u8]| {
        let digits = &digits[digits.iter().position(|byte| *byte != 0).unwrap_or(digits.len() - 1)..];
        let sign: &[u8] = if digits[0] >= 0x80 { &[0] } else { &[] };
        der(&[2], &[sign, digits])
    };
    let (r, s) = raw.split_at(raw.len() / 2);
    der(&[0x30], &[&number(r), &number(s)])
}

/// basicConstraints, critical: an authority.
const CA: &[u8] = b"\x30\x0f\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x05\x30\x03\x01\x01\xff";
/// 1.3.6.1.4.1.11129.2.1.17
const KEY_DESCRIPTION: &[u8] = b"\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x01\x11";
/// 1.2.840.113635.100.8.2
const APPLE_NONCE: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x63\x64\x08\x02";
