//! The RFCs' own examples, and what OpenSSL says of our signatures.

use serde_json::{Value, json};
use vestibule_jose::jwt::{self, Rules};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url};

use crate::support::{ed25519, es256, rs256, signing, verifying};

/// The claims of RFC 7515 appendix A.1.1, with its line ends.
const PAYLOAD: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

/// A second before `exp` of those claims.
const THEN: i64 = 1_300_819_379;

fn hs256() -> SigningKey {
    signing(&json!({
        "kty": "oct",
        "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    }))
}

fn es512() -> SigningKey {
    signing(&json!({
        "kty": "EC", "crv": "P-521",
        "x": "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
        "y": "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
        "d": "AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C"
    }))
}

/// The standard's token is believed; any other key, input or signature is not.
fn holds(key: &VerifyingKey, alg: JwsAlgorithm, input: &str, signature: &[u8]) {
    assert!(key.verify(alg, input.as_bytes(), signature), "{alg}");
    assert!(!key.verify(alg, input.replacen("ey", "eY", 1).as_bytes(), signature), "{alg}: another input");
    for place in [0, signature.len() / 2, signature.len() - 1] {
        let mut changed = signature.to_vec();
        changed[place] ^= 1;
        assert!(!key.verify(alg, input.as_bytes(), &changed), "{alg}: byte {place} changed");
    }
    assert!(!key.verify(alg, input.as_bytes(), &vec![0; signature.len()]), "{alg}: zeros");
    let other = SigningKey::generate(crate::support::provider(), alg).expect("a key").verifying_key();
    assert!(!other.verify(alg, input.as_bytes(), signature), "{alg}: another key");
}

fn is_a_token(key: &VerifyingKey, alg: JwsAlgorithm, token: &str) {
    let algs = [alg];
    let verified = jwt::verify::<Value>(token, key, &Rules::new(THEN, &algs).issuer("joe")).expect("verified");
    let claims = json!({"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true});
    assert_eq!(verified.claims(), &claims);
}

/// RFC 7515 appendix A.1.
#[test]
fn hs256_is_the_standards() {
    let key = hs256();
    let input = format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}");
    let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert_eq!(base64url::encode(key.sign(input.as_bytes()).expect("signed")), signature);
    holds(&key.verifying_key(), JwsAlgorithm::HS256, &input, &base64url::decode(signature).expect("base64url"));
    is_a_token(&key.verifying_key(), JwsAlgorithm::HS256, &format!("{input}.{signature}"));
}

/// RFC 7515 appendix A.2.
#[test]
fn rs256_is_the_standards() {
    let key = rs256();
    let input = format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}");
    let signature = concat!(
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU",
        "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d",
        "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig",
        "cN_IoypGlUPQGe77Rw"
    );
    assert_eq!(base64url::encode(key.sign(input.as_bytes()).expect("signed")), signature);
    holds(&key.verifying_key(), JwsAlgorithm::RS256, &input, &base64url::decode(signature).expect("base64url"));
    is_a_token(&key.verifying_key(), JwsAlgorithm::RS256, &format!("{input}.{signature}"));
}

/// RFC 7515 appendix A.3.
#[test]
fn es256_is_the_standards() {
    let key = es256().verifying_key();
    let input = format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}");
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    holds(&key, JwsAlgorithm::ES256, &input, &base64url::decode(signature).expect("base64url"));
    is_a_token(&key, JwsAlgorithm::ES256, &format!("{input}.{signature}"));
}

/// RFC 7515 appendix A.4; its payload is the word `Payload`.
#[test]
fn es512_is_the_standards() {
    let signature = concat!(
        "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2Y",
        "BJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"
    );
    let signature = base64url::decode(signature).expect("base64url");
    holds(&es512().verifying_key(), JwsAlgorithm::ES512, "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA", &signature);
}

/// RFC 8037 appendix A.4.
#[test]
fn eddsa_is_the_standards() {
    let key = ed25519();
    let input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(base64url::encode(key.sign(input.as_bytes()).expect("signed")), signature);
    holds(&key.verifying_key(), JwsAlgorithm::EdDSA, input, &base64url::decode(signature).expect("base64url"));
}

/// RFC 7638 §3.1 and RFC 8037 appendix A.3.
#[test]
fn thumbprints_are_the_standards() {
    let rsa = verifying(&json!({"kty": "RSA", "n": RFC_7638_N, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}));
    assert_eq!(rsa.thumbprint(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    assert_eq!(rsa.kid(), Some("2011-04-29"));
    assert_eq!(ed25519().kid(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    assert_eq!(hs256().verifying_key().thumbprint(), None, "RFC 7638 §7: it would help to guess the secret");
}

const RFC_7638_N: &str = concat!(
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj",
    "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ",
    "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK",
    "nqDKgw"
);
