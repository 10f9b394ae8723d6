//! Everything of the crate that reads what somebody else wrote.

use std::fmt::Display;

use serde_json::Value;
use vestibule_jose::alg::{ContentEncryption, KeyManagement};
use vestibule_jose::explain::Explain;
use vestibule_jose::jwe::EncryptionKeySet;
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey, Jwk, Layout, ThumbprintHash};
use vestibule_jose::lint::{self, SetFacts};
use vestibule_jose::provider::Provider;
use vestibule_jose::sd_jwt::{self, KeyBinding, SdJwt};
use vestibule_jose::x509::Certificate;
use vestibule_jose::{JwkSet, JwsAlgorithm, Limits, SigningKey, VerifyingKey, json, jwe, jws, jwt, pem};

use crate::inputs;

const LIMITS: Limits = Limits::DEFAULT;

/// Who reads: with keys that fit the inputs, so that these come as far as they can.
pub(crate) struct Reader<'a> {
    provider: &'a dyn Provider,
    verifying: Vec<VerifyingKey>,
    decrypting: Vec<DecryptionKey>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(provider: &'a dyn Provider) -> Self {
        let signing = |jwk: &Value| SigningKey::from_jwk(provider, jwk.to_string().as_bytes(), &LIMITS);
        let decryption = |jwk: &Value| DecryptionKey::from_jwk(provider, jwk.to_string().as_bytes(), &LIMITS);
        let verifying = [inputs::es256(), inputs::rsa(), inputs::secret()];
        let verifying = verifying.iter().map(|jwk| signing(jwk).expect("a key").verifying_key()).collect();
        let decrypting = [inputs::es256(), inputs::rsa(), inputs::content_key()];
        let mut decrypting: Vec<_> = decrypting.iter().map(|jwk| decryption(jwk).expect("a key")).collect();
        decrypting.push(DecryptionKey::from_password(b"correct horse battery staple", None).expect("a password"));
        Self { provider, verifying, decrypting }
    }

    fn rules(&self) -> jwt::Rules<'static> {
        jwt::Rules::new(1_700_000_000, JwsAlgorithm::ALL)
    }

    fn opening(&self) -> jwe::Rules<'static> {
        let rules = jwe::Rules::new(KeyManagement::ALL, ContentEncryption::ALL);
        rules.accept_rsa1_5().accept_passwords().accept_compression()
    }

    fn present(&self, read: &SdJwt) {
        said(read.inspect(self.provider, &LIMITS));
        said(read.places(self.provider, &LIMITS).map(|places| places.len()));
        said(read.present(self.provider, &[], &LIMITS));
        let binding = KeyBinding::new("n", "v", JwsAlgorithm::ALL);
        for binding in [None, Some(&binding)] {
            explained(read.verify::<Value>(self.provider, &self.verifying, &self.rules(), binding));
        }
        said(read.to_general());
        drop(read.to_string());
    }
}

type Entry = fn(&Reader<'_>, &Input);

/// What is read; whether it is text is found out once.
pub(crate) enum Input {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<Vec<u8>> for Input {
    fn from(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Self::Bytes(error.into_bytes()), Self::Text)
    }
}

impl Input {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Bytes(_) => "",
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// What a refusal says belongs to its cost.
fn said<T, E: Display>(answer: Result<T, E>) {
    drop(answer.map_err(|error| error.to_string()));
}

fn explained<T, E: Display + Explain>(answer: Result<T, E>) {
    drop(answer.map_err(|error| (error.to_string(), error.explain())));
}

pub(crate) const ENTRIES: &[(&str, Entry)] = &[
    ("json::parse_object", |_, input| said(json::parse_object(input.bytes(), &LIMITS))),
    ("jws::inspect", |_, input| said(jws::inspect(input.text(), &LIMITS))),
    ("jws::verify", |own, input| {
        let rules = jws::Rules::new(JwsAlgorithm::ALL);
        explained(jws::verify(input.text(), &own.verifying, &rules));
        explained(jws::verify(input.text(), &own.verifying, &rules.clone().all_signatures()));
        explained(jws::verify("e30..AA", &own.verifying, &rules.detached(input.bytes())));
    }),
    ("jwt::inspect", |_, input| said(jwt::inspect(input.text(), &LIMITS))),
    ("jwt::verify", |own, input| {
        explained(jwt::verify::<Value>(input.text(), &own.verifying, &own.rules()));
    }),
    ("jwt::verify_nested", |own, input| {
        let (opening, rules) = (own.opening(), own.rules());
        let keys = (&own.decrypting, &own.verifying);
        said(jwt::verify_nested::<Value>(own.provider, input.text(), keys.0, &opening, keys.1, &rules));
    }),
    ("jwe::inspect", |_, input| said(jwe::inspect(input.text(), &LIMITS).map(drop))),
    ("jwe::decrypt", |own, input| {
        let opened = jwe::decrypt(own.provider, input.text(), &own.decrypting, &own.opening());
        explained(opened.and_then(|opened| opened.claims(&LIMITS)));
    }),
    ("jwe::decrypt_json", |own, input| {
        explained(jwe::decrypt_json(own.provider, input.text(), &own.decrypting, &own.opening()));
    }),
    ("sd_jwt::verify", |own, input| {
        explained(sd_jwt::verify::<Value>(own.provider, input.text(), &own.verifying, &own.rules(), None));
    }),
    ("SdJwt::read", |own, input| {
        said(SdJwt::read(input.text(), &LIMITS).map(|read| own.present(&read)));
        said(SdJwt::parse_flattened(input.text(), &LIMITS));
        said(SdJwt::parse_general(input.text(), &LIMITS));
    }),
    ("Jwk::parse", |own, input| {
        let read = Jwk::parse(own.provider, input.bytes(), &LIMITS).map(|key| {
            (key.to_json(Layout::Lines).len(), key.thumbprint(own.provider, ThumbprintHash::Sha256).is_some())
        });
        explained(read);
    }),
    ("SigningKey::from_jwk", |own, input| said(SigningKey::from_jwk(own.provider, input.bytes(), &LIMITS))),
    ("VerifyingKey::from_jwk", |own, input| said(VerifyingKey::from_jwk(own.provider, input.bytes(), &LIMITS))),
    ("EncryptionKey::from_jwk", |own, input| said(EncryptionKey::from_jwk(own.provider, input.bytes(), &LIMITS))),
    ("DecryptionKey::from_jwk", |own, input| said(DecryptionKey::from_jwk(own.provider, input.bytes(), &LIMITS))),
    ("JwkSet::parse", |own, input| {
        said(JwkSet::parse(own.provider, input.bytes(), &LIMITS).map(|set| set.render().to_string()));
    }),
    ("EncryptionKeySet::parse", |own, input| {
        said(EncryptionKeySet::parse(own.provider, input.bytes(), &LIMITS).map(drop));
    }),
    ("pem::parse", |_, input| said(pem::parse(input.text(), &LIMITS).map(drop))),
    ("Jwk::from_pem", |own, input| {
        explained(Jwk::from_pem(own.provider, input.text(), Some(b"password"), &LIMITS).map(drop));
    }),
    ("SigningKey::from_pem", |own, input| said(SigningKey::from_pem(own.provider, input.text(), None, &LIMITS))),
    ("VerifyingKey::from_pem", |own, input| said(VerifyingKey::from_pem(own.provider, input.text(), None, &LIMITS))),
    ("EncryptionKey::from_pem", |own, input| said(EncryptionKey::from_pem(own.provider, input.text(), None, &LIMITS))),
    ("DecryptionKey::from_pem", |own, input| said(DecryptionKey::from_pem(own.provider, input.text(), None, &LIMITS))),
    ("SigningKey::from_pkcs8_der", |own, input| {
        said(SigningKey::from_pkcs8_der(own.provider, input.bytes(), JwsAlgorithm::RS256));
        said(SigningKey::from_pkcs8_der(own.provider, input.bytes(), JwsAlgorithm::ES256));
    }),
    ("DecryptionKey::from_pkcs8_der", |own, input| {
        said(DecryptionKey::from_pkcs8_der(own.provider, input.bytes(), None));
    }),
    ("VerifyingKey::from_spki_der", |own, input| said(VerifyingKey::from_spki_der(own.provider, input.bytes(), None))),
    ("EncryptionKey::from_spki_der", |own, input| {
        said(EncryptionKey::from_spki_der(own.provider, input.bytes(), None));
    }),
    ("Certificate::from_der", |_, input| said(Certificate::from_der(input.bytes(), &LIMITS).map(drop))),
    ("Certificate::from_pem", |_, input| said(Certificate::from_pem(input.text(), &LIMITS).map(drop))),
    ("lint::token", |_, input| drop(lint::token(input.text(), None, &LIMITS))),
    ("lint::key_set", |own, input| {
        drop(lint::key_set(own.provider, input.bytes(), &SetFacts::default()));
        let tokens = [input.text()];
        drop(lint::key_set(own.provider, br#"{"keys":[]}"#, &SetFacts { tokens: &tokens, ..SetFacts::default() }));
    }),
    ("lint::discovery", |_, input| drop(lint::discovery(input.bytes(), None, &LIMITS))),
];
