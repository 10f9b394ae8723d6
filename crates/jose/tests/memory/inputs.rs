//! What attackers send to cost memory: far beyond the limits, and at the limits as dense as can be.

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption, KeyManagement};
use vestibule_jose::jwe::{self, Options};
use vestibule_jose::jwk::DecryptionKey;
use vestibule_jose::provider::aws_lc;
use vestibule_jose::{Limits, SigningKey, base64url};

const HUGE: usize = 64 << 20;

const LIMITS: Limits = Limits::DEFAULT;

type Make = Box<dyn Fn() -> Vec<u8>>;

pub(crate) fn all() -> Vec<(String, Make)> {
    let mut all = huge();
    all.extend(dense());
    all.extend(bombs());
    all.extend(many());
    all
}

/// 64 MiB of each sort, well formed wherever that is possible.
fn huge() -> Vec<(String, Make)> {
    let signs = |count: usize| "A".repeat(count / 4 * 4);
    let mut all: Vec<(String, Make)> = Vec::new();
    let mut add = |name: &str, make: Make| all.push((format!("64 MiB of {name}"), make));
    for (name, sign) in [("A", "A"), ("dots", "."), ("tildes", "~"), ("blanks", " "), ("zeros", "\0"), ("lines", "\n")]
    {
        add(name, Box::new(move || sign.repeat(HUGE).into_bytes()));
    }
    for (name, opening) in [("arrays in arrays", "["), ("objects in objects", "{\"a\":"), ("a brace", "{")] {
        add(name, Box::new(move || opening.repeat(HUGE / opening.len()).into_bytes()));
    }
    for parts in [3, 5] {
        let part = move || signs(HUGE / parts);
        add(&format!("{parts} parts"), Box::new(move || vec![part(); parts].join(".").into_bytes()));
    }
    add("payload", Box::new(move || format!("{}.{}.AA", header(), signs(HUGE)).into_bytes()));
    add("header", Box::new(move || format!("{}.e30.AA", signs(HUGE)).into_bytes()));
    add("SD-JWT", Box::new(move || format!("{}.e30.AA~{}~", header(), signs(HUGE)).into_bytes()));
    for (name, before, after) in [
        ("payload in JSON", r#"{"protected":"e30","signature":"AA","payload":""#, "\"}"),
        ("ciphertext in JSON", r#"{"protected":"e30","iv":"AA","tag":"AA","ciphertext":""#, "\"}"),
        ("an EC key", r#"{"kty":"EC","crv":"P-256","y":"AA","x":""#, "\"}"),
        ("an RSA key", r#"{"kty":"RSA","e":"AQAB","n":""#, "\"}"),
        ("a secret", r#"{"kty":"oct","k":""#, "\"}"),
        ("a set's key", r#"{"keys":[{"kty":"oct","k":""#, "\"}]}"),
        ("a certificate", r#"{"kty":"RSA","e":"AQAB","n":"AA","x5c":[""#, "\"]}"),
        ("PEM in one block", "-----BEGIN PUBLIC KEY-----\n", "\n-----END PUBLIC KEY-----\n"),
        ("encrypted PEM", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "\n-----END ENCRYPTED PRIVATE KEY-----\n"),
        ("a PEM certificate", "-----BEGIN CERTIFICATE-----\n", "\n-----END CERTIFICATE-----\n"),
    ] {
        add(name, Box::new(move || [before, &signs(HUGE), after].concat().into_bytes()));
    }
    let block = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
    add("PEM in small blocks", Box::new(move || block.repeat(HUGE / block.len()).into_bytes()));
    add("escapes", Box::new(|| format!("{{\"a\":\"{}\"}}", "\\u0041".repeat(HUGE / 6)).into_bytes()));
    add("keys in a set", Box::new(|| format!("{{\"keys\":[{}{{}}]}}", "{},".repeat(HUGE / 3)).into_bytes()));
    add("an RSA modulus in DER", Box::new(|| spki(&[0x7f; HUGE])));
    add("an RSA modulus in PKCS#8", Box::new(|| pkcs8(&vec![0x7f; HUGE / 2])));
    add("DER in DER", Box::new(|| [0x30, 0x84, 3, 255, 255, 250].into_iter().cycle().take(HUGE).collect()));
    all
}

/// Values of JSON that take the least text for the most memory, in every place where JSON is read, as long as the
/// limits let them be.
fn dense() -> Vec<(String, Make)> {
    let mut all: Vec<(String, Make)> = Vec::new();
    let signing = SigningKey::from_jwk(aws_lc(), es256().to_string().as_bytes(), &LIMITS).expect("a key");
    for (name, one) in [
        ("numbers", "0,"),
        ("floats", "1e9,"),
        ("texts", "\"\","),
        ("arrays", "[],"),
        ("objects", "{},"),
        ("members", "{\"\":0},"),
    ] {
        let array = move |bytes: usize| format!("[{}0]", one.repeat(bytes.saturating_sub(3) / one.len()));
        let mut add = |place: &str, make: Make| all.push((format!("{name} in {place}"), make));
        add("an object", Box::new(move || format!("{{\"a\":{}}}", array(LIMITS.json_bytes - 6)).into_bytes()));
        add("a set", Box::new(move || format!("{{\"keys\":{}}}", array(LIMITS.set_bytes - 9)).into_bytes()));
        add("a set, beside its keys", {
            Box::new(move || format!("{{\"keys\":[],\"a\":{}}}", array(LIMITS.set_bytes - 16)).into_bytes())
        });
        add("a message", {
            let (before, after) = (r#"{"payload":"","signatures":"#, "}");
            Box::new(move || [before, &array(LIMITS.token_bytes - 50), after].concat().into_bytes())
        });
        add("a JWE", {
            let (before, after) = (r#"{"ciphertext":"","iv":"","tag":"","recipients":"#, "}");
            Box::new(move || [before, &array(LIMITS.token_bytes - 60), after].concat().into_bytes())
        });
        let signing = signing.clone();
        let claims = move |bytes| sign(&signing, &format!("{{\"a\":{}}}", array(bytes)));
        add("claims", {
            let claims = claims.clone();
            Box::new(move || claims(LIMITS.token_bytes / 4 * 3 - 200).into_bytes())
        });
        add("a header", {
            let header = move || format!(r#"{{"alg":"ES256","a":{}}}"#, array(LIMITS.header_bytes - 22));
            Box::new(move || format!("{}.e30.AA", base64url::encode(header())).into_bytes())
        });
        add(
            "the claims of an SD-JWT",
            Box::new(move || format!("{}~", claims(LIMITS.token_bytes / 4 * 3 - 200)).into()),
        );
        let disclosure = move |bytes| base64url::encode(format!("[\"\",\"a\",{}]", array(bytes)));
        add("a disclosure", {
            let signing = SigningKey::from_jwk(aws_lc(), es256().to_string().as_bytes(), &LIMITS).expect("a key");
            Box::new(move || {
                let disclosure = disclosure(LIMITS.token_bytes / 4 * 3 - 400);
                let digest = base64url::encode(vestibule_jose::sha256(disclosure.as_bytes()));
                format!("{}~{disclosure}~", sign(&signing, &json!({"_sd": [digest]}).to_string())).into_bytes()
            })
        });
    }
    all
}

/// What grows when it is read.
fn bombs() -> Vec<(String, Make)> {
    let key = DecryptionKey::from_jwk(aws_lc(), content_key().to_string().as_bytes(), &LIMITS).expect("a key");
    let theirs = key.encryption_key().expect("the other half");
    let mut all: Vec<(String, Make)> = Vec::new();
    for (name, bytes) in [("within the limit", LIMITS.inflated_bytes), ("of 40 MB", 40_000_000)] {
        let theirs = theirs.clone();
        all.push((
            format!("an inflate bomb {name}"),
            Box::new(move || {
                let options = Options::default().deflate().cty("JWT");
                let enc = ContentEncryption::A128Gcm;
                jwe::encrypt(aws_lc(), &theirs, enc, &options, &vec![b'.'; bytes]).expect("a token").into_bytes()
            }),
        ));
    }
    for p2c in ["1000", "1000001", "4294967295", "18446744073709551615", "1e300"] {
        let header = format!(r#"{{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAAAAAAA","p2c":{p2c}}}"#);
        let token = format!("{}.{}.{}.AA.{}", base64url::encode(header), zeros(24), zeros(12), zeros(16));
        all.push((format!("a p2c of {p2c}"), Box::new(move || token.clone().into_bytes())));
    }
    all
}

/// Hundreds of what each costs something, at the limits of the text.
fn many() -> Vec<(String, Make)> {
    let signature = format!(r#"{{"protected":"{}","signature":"{}"}}"#, header(), zeros(64));
    let recipient = r#"{"header":{"alg":"A128KW"},"encrypted_key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let public = {
        let mut jwk = es256();
        jwk.as_object_mut().expect("an object").remove("d");
        jwk.to_string()
    };
    let mut all: Vec<(String, Make)> = Vec::new();
    for count in [16, 500] {
        let signatures = vec![signature.clone(); count].join(",");
        let payload = "A".repeat(if count == 16 { 50_000 } else { 4 });
        let general = format!(r#"{{"payload":"{payload}","signatures":[{signatures}]}}"#);
        all.push((format!("{count} signatures"), Box::new(move || general.clone().into_bytes())));
        let shared = json!({"enc": "A128GCM"}).to_string();
        let protected = base64url::encode(shared);
        let recipients = vec![recipient; count].join(",");
        let general = format!(
            r#"{{"protected":"{protected}","iv":"{}","ciphertext":"{payload}","tag":"{}","recipients":[{recipients}]}}"#,
            zeros(12),
            zeros(16)
        );
        all.push((format!("{count} recipients"), Box::new(move || general.clone().into_bytes())));
    }
    for count in [LIMITS.set_keys, 3000] {
        let set = format!(r#"{{"keys":[{}]}}"#, vec![public.clone(); count].join(","));
        all.push((format!("{count} keys"), Box::new(move || set.clone().into_bytes())));
    }
    for count in [LIMITS.disclosures, 5000] {
        let disclosure = base64url::encode(r#"["",{}]"#);
        let text = format!("{}.e30.AA~{}~", header(), vec![disclosure; count].join("~"));
        all.push((format!("{count} disclosures"), Box::new(move || text.clone().into_bytes())));
    }
    let crit = json!({"alg": "ES256", "crit": vec!["x"; 1900]}).to_string();
    all.push(("a long crit".into(), Box::new(move || format!("{}.e30.AA", base64url::encode(&crit)).into_bytes())));
    let kid = json!({"alg": "ES256", "kid": "k".repeat(8000)}).to_string();
    all.push(("a long kid".into(), Box::new(move || format!("{}.e30.AA", base64url::encode(&kid)).into_bytes())));
    all
}

/// RFC 7515 appendix A.3.1.
pub(crate) fn es256() -> Value {
    json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
    })
}

/// RFC 7515 appendix A.2.1.
pub(crate) fn rsa() -> Value {
    let mut jwk: Value = serde_json::from_str(include_str!("../it/rfc7515_a2.json")).expect("a JWK");
    jwk.as_object_mut().expect("an object").remove("alg");
    jwk
}

/// RFC 7515 appendix A.1.1.
pub(crate) fn secret() -> Value {
    json!({"kty": "oct", "alg": "HS256",
        "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})
}

pub(crate) fn content_key() -> Value {
    json!({"kty": "oct", "alg": KeyManagement::Dir.as_str(), "k": "AAECAwQFBgcICQoLDA0ODw"})
}

fn header() -> String {
    base64url::encode(r#"{"alg":"ES256"}"#)
}

fn zeros(bytes: usize) -> String {
    base64url::encode(vec![0; bytes])
}

/// A token with this payload, rightly signed.
fn sign(key: &SigningKey, payload: &str) -> String {
    let input = format!("{}.{}", header(), base64url::encode(payload));
    let signature = key.sign(input.as_bytes()).expect("signed");
    format!("{input}.{}", base64url::encode(signature))
}

/// A value in DER, of any length.
fn der(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    let length = u32::try_from(contents.len()).expect("below 4 GiB").to_be_bytes();
    [&[tag, 0x84][..], &length, &contents].concat()
}

const RSA: [u8; 15] = [0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0];

fn spki(modulus: &[u8]) -> Vec<u8> {
    let key = der(0x30, &[&der(0x02, &[modulus]), &[2, 3, 1, 0, 1]]);
    der(0x30, &[&RSA, &der(0x03, &[&[0], &key])])
}

fn pkcs8(modulus: &[u8]) -> Vec<u8> {
    let number = der(0x02, &[modulus]);
    let small: &[u8] = &[2, 1, 3];
    let key = der(0x30, &[&[2, 1, 0], &number, small, &number, small, small, small, small, small]);
    der(0x30, &[&[2, 1, 0], &RSA, &der(0x04, &[&key])])
}
