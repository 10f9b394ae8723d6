//! What one input may cost in primitive calls. Each function that needs keys states its bound; here is the worst input
//! for each, with more keys than the bound, held against it. What has no key costs no such call at all.

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption as C, KeyManagement as K};
use vestibule_jose::jwe::{self, JsonEncrypter, Options};
use vestibule_jose::jwk::{DecryptionKey, Jwk};
use vestibule_jose::jws::{self, Draft, Headers};
use vestibule_jose::jwt::{self, HeaderExtras, NestedError, Rules, Signer};
use vestibule_jose::sd_jwt::{Issuance, KeyBinding, Proof, SdJwt};
use vestibule_jose::{JwkSet, JwsAlgorithm, Limits, SigningKey, VerifyingKey, base64url, lint, sd_jwt};

use crate::support::scripted::Scripted;
use crate::support::{LIMITS, NOW, ed25519, es256, provider, rs256, token};

/// More than any bound on attempts.
const MANY: usize = 100;

/// So many keys that might have made a signature of this algorithm and did not; each has a handle that counts.
fn strangers(counter: &Scripted, alg: JwsAlgorithm) -> Vec<VerifyingKey> {
    let key = SigningKey::generate(provider(), alg).expect("a key");
    let one = match key.public_jwk() {
        Some(jwk) => Value::Object(jwk),
        None => serde_json::from_str(&key.private_jwk()).expect("JSON"),
    };
    let jwk = {
        let mut jwk = one;
        jwk.as_object_mut().expect("an object").remove("kid");
        jwk.to_string()
    };
    let key = VerifyingKey::from_jwk(counter, jwk.as_bytes(), &LIMITS).expect("a key");
    vec![key; MANY]
}

/// `jwt::verify` and `jws::verify`: as many verifications as `Limits::attempts`, over all keys and signatures.
#[test]
fn a_signature_costs_so_many_attempts() {
    for alg in
        [JwsAlgorithm::ES256, JwsAlgorithm::EdDSA, JwsAlgorithm::RS256, JwsAlgorithm::HS256, JwsAlgorithm::MlDsa44]
    {
        let counter = Scripted::default();
        let keys = strangers(&counter, alg);
        let signer = SigningKey::generate(provider(), alg).expect("a key");
        let compact = jwt::sign(&signer, &HeaderExtras::default(), &json!({})).expect("a token");
        jwt::verify::<Value>(&compact, &keys, &Rules::new(NOW, JwsAlgorithm::ALL)).expect_err("nobody's");
        assert_eq!((counter.count("verify"), counter.work()), (LIMITS.attempts, LIMITS.attempts), "{alg}");

        let counter = Scripted::default();
        let keys = strangers(&counter, alg);
        let nameless = Headers { kid: None, ..Headers::default() };
        let mut draft = Draft::new(b"hello");
        for _ in 0..(if alg == JwsAlgorithm::MlDsa44 { 8 } else { LIMITS.signatures }) {
            draft = draft.sign(&signer, &nameless).expect("signed");
        }
        let general = draft.general().expect("written");
        for rules in [jws::Rules::new(JwsAlgorithm::ALL), jws::Rules::new(JwsAlgorithm::ALL).all_signatures()] {
            let before = counter.work();
            jws::verify(&general, &keys, &rules).expect_err("nobody's");
            assert_eq!(counter.work() - before, LIMITS.attempts, "{alg}");
        }
    }
}

/// `sd_jwt::verify`: the attempts for the issuer's signatures, one more for the proof, a digest for each disclosure and
/// one for the proof, and the holder's key.
#[test]
fn an_sd_jwt_costs_its_disclosures_and_one_proof() {
    let names: Vec<String> = (0..LIMITS.disclosures).map(|number| format!("/{number}")).collect();
    let claims = names.iter().map(|name| (name[1..].to_owned(), json!(1))).collect();
    let holder = ed25519().verifying_key();
    let mut issuance = Issuance::new(claims).holder(&holder);
    for name in &names {
        issuance = issuance.hide(name);
    }
    let signer = Signer::new(es256(), &HeaderExtras::default()).expect("a signer");
    let issued = issuance.issue_general(provider(), &[&signer; 4]).expect("issued");
    let proof = Proof { nonce: "n", audience: "v", iat: NOW };
    let text = issued.bind(provider(), &ed25519(), &proof).expect("bound").to_general().expect("written");
    let binding = KeyBinding::new("n", "v", &[JwsAlgorithm::EdDSA]);
    let limits = Limits { token_bytes: 100_000, ..LIMITS };
    let rules = Rules::new(NOW, JwsAlgorithm::ALL).limits(limits);

    let counter = Scripted::default();
    let key = VerifyingKey::from_jwk(&counter, public(&es256()).to_string().as_bytes(), &LIMITS).expect("a key");
    let (loaded, hashed) = (counter.count("load"), counter.count("digest"));
    let read = SdJwt::read(&text, &limits).expect("read");
    read.verify::<Value>(&counter, &key, &rules, Some(&binding)).expect("verified");
    assert_eq!(counter.work(), 2, "one signature and one proof");
    // The holder's key has a thumbprint.
    assert_eq!(counter.count("digest") - hashed, LIMITS.disclosures + 1 + 1);
    assert!(counter.count("load") - loaded <= 2, "EdDSA and Ed25519");

    let counter = Scripted::default();
    let keys = strangers(&counter, JwsAlgorithm::ES256);
    let counting = counter.count("digest");
    read.verify::<Value>(&counter, &keys, &rules, Some(&binding)).expect_err("nobody's");
    assert_eq!(counter.work(), LIMITS.attempts);
    assert_eq!(counter.count("digest"), counting, "nothing is hashed of what nobody signed");
    let too_many = format!("{}~{}", issued.issuer_jwt(), "WyIiLDFd~".repeat(LIMITS.disclosures + 1));
    sd_jwt::verify::<Value>(&counter, &too_many, &es256().verifying_key(), &rules, None).expect_err("too many");
    assert_eq!(counter.count("digest"), counting);
}

fn public(key: &SigningKey) -> Value {
    Value::Object(key.public_jwk().expect("public"))
}

/// One key of each sort, as many times as there are many.
fn decrypting(alg: K) -> (DecryptionKey, Vec<DecryptionKey>) {
    let one = |jwk: &Value| DecryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key");
    let rsa = || super::jwe::support::rsa().clone();
    let make = || match alg {
        K::RsaOaep => one(&without_kid(rsa())),
        K::Dir => DecryptionKey::generate_for(provider(), C::A128CbcHs256).expect("a key"),
        alg if alg.is_password_based() => {
            DecryptionKey::from_password(b"a password of theirs", Some(alg)).expect("one")
        }
        alg => {
            let key = DecryptionKey::generate(provider(), alg).expect("a key");
            let jwk = serde_json::from_str(&key.private_jwk().expect("a JWK")).expect("JSON");
            one(&without_kid(jwk))
        }
    };
    (make(), vec![make(); MANY])
}

fn without_kid(mut jwk: Value) -> Value {
    jwk.as_object_mut().expect("an object").remove("kid");
    jwk
}

/// `jwe::decrypt` and `decrypt_json`: for each of `Limits::attempts` at most one use of a private key, one unwrapping
/// and one opening of the content, over all keys and recipients; of PBKDF2 as many rounds as `Limits::p2c` in all.
#[test]
fn a_jwe_costs_so_many_attempts() {
    for alg in [K::Dir, K::A128Kw, K::A128GcmKw, K::EcdhEs, K::EcdhEsA128Kw, K::RsaOaep, K::Pbes2Hs256A128Kw] {
        let (right, wrong) = decrypting(alg);
        let theirs = right.encryption_key().expect("the other half");
        let options = if alg.is_password_based() { Options::default().p2c(1000) } else { Options::default() };
        let compact = jwe::encrypt(provider(), &theirs, C::A128CbcHs256, &options, b"text").expect("a token");
        // For RSA the right key opens at once; what is changed is opened by none.
        let compact = damaged(&compact);
        let rules = super::jwe::support::anything();
        let counter = Scripted::default();
        jwe::decrypt(&counter, &compact, &wrong, &rules).expect_err("nobody's");
        within(&counter, alg);

        if alg == K::Dir || alg == K::EcdhEs {
            continue;
        }
        let mut encrypter = JsonEncrypter::new(C::A128CbcHs256, &options);
        for _ in 0..LIMITS.recipients {
            encrypter = encrypter.recipient(theirs.clone());
        }
        let mut json: Value =
            serde_json::from_str(&encrypter.general(provider(), b"text").expect("a message")).expect("JSON");
        json["tag"] = base64url::encode([0; 16]).into();
        let counter = Scripted::default();
        jwe::decrypt_json(&counter, &json.to_string(), &wrong, &rules).expect_err("nobody's");
        within(&counter, alg);
    }
}

fn damaged(compact: &str) -> String {
    let (rest, _) = compact.rsplit_once('.').expect("five parts");
    format!("{rest}.{}", base64url::encode([0; 16]))
}

fn within(counter: &Scripted, alg: K) {
    for name in ["decrypt", "agree", "unwrap_key", "mac"] {
        assert!(counter.count(name) <= LIMITS.attempts, "{name} for {alg}: {}", counter.count(name));
    }
    // The key by GCM, the content by CBC; nothing of the content is decrypted before its MAC holds.
    assert!(counter.count("open_gcm") <= LIMITS.attempts, "{alg}");
    assert_eq!(counter.count("decrypt_cbc"), 0, "{alg}");
    assert!(counter.count("pbkdf2") <= LIMITS.p2c as usize, "{alg}");
    let calls = counter.work() - counter.count("pbkdf2");
    assert!(calls > 0 && calls <= 3 * LIMITS.attempts, "{alg}: {calls}");
}

/// `jwt::verify_nested`: a decryption's bound for each of `Limits::layers`, and a signature's.
#[test]
fn layers_do_not_multiply_beyond_their_bound() {
    let key = DecryptionKey::generate(provider(), K::A128Kw).expect("a key");
    let theirs = key.encryption_key().expect("the other half");
    let opening = super::jwe::support::anything();
    let mut text = token(&json!({}));
    for depth in 1..6 {
        text = jwt::nest(provider(), &text, &theirs, C::A128Gcm, &Options::default()).expect("encrypted");
        let counter = Scripted::default();
        let verifying = es256().verifying_key();
        let rules = Rules::new(NOW, &[JwsAlgorithm::ES256]);
        let answer = jwt::verify_nested::<Value>(&counter, &text, &key, &opening, &verifying, &rules);
        let opened = depth.min(LIMITS.layers);
        assert_eq!((counter.count("unwrap_key"), counter.count("open_gcm")), (opened, opened), "{depth}");
        assert_eq!(answer.err(), (depth > LIMITS.layers).then_some(NestedError::TooDeep(LIMITS.layers)));
    }
}

/// `JwkSet::parse`: for each of `Limits::set_keys` one thumbprint and one key for each algorithm of its type, RSA's six
/// at most; a set that is longer costs nothing.
#[test]
fn a_set_costs_its_keys() {
    let mut rsa = public(&rs256());
    rsa.as_object_mut().expect("an object").remove("alg");
    for (count, loads) in [(LIMITS.set_keys, 6 * LIMITS.set_keys), (LIMITS.set_keys + 1, 0)] {
        let limits = Limits { set_bytes: 1 << 20, ..LIMITS };
        let counter = Scripted::default();
        let set = json!({"keys": vec![rsa.clone(); count]}).to_string();
        let read = JwkSet::parse(&counter, set.as_bytes(), &limits);
        assert_eq!(read.is_ok(), loads > 0);
        assert_eq!((counter.count("load"), counter.work()), (loads, 0));
        assert!(counter.count("digest") <= count);
    }
}

/// What only looks uses no key.
#[test]
fn looking_costs_no_key() {
    let counter = Scripted::default();
    let text = token(&json!({"sub": "ada"}));
    jws::inspect(&text, &LIMITS).expect("read");
    jwt::inspect(&text, &LIMITS).expect("read");
    lint::token(&text, None, &LIMITS);
    let jwk = public(&es256()).to_string();
    Jwk::parse(&counter, jwk.as_bytes(), &LIMITS).expect("a key");
    lint::key_set(&counter, format!(r#"{{"keys":[{jwk}]}}"#).as_bytes(), &lint::SetFacts::default());
    assert_eq!(counter.work(), 0);
}
