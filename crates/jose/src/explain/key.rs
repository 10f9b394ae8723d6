//! Keys.

use super::{Explain, Explanation};
use crate::json::JsonError;
use crate::jwk::KeyError;

impl Explain for KeyError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Json(error) => error.explain(),
            Self::Missing(member) => Explanation::new(*member, "the member", "none")
                .because("The key is not complete, or only its public half where the private one is needed.")
                .so("Take the key from where it was made.")
                .after("RFC 7518 §6"),
            Self::Member { member, expected } => Explanation::new(*member, expected, "something else")
                .because("The key was written by hand or by a faulty tool: padding, wrong length, hex for base64url.")
                .so("Convert it again from its source.")
                .after("RFC 7518 §6"),
            Self::UnknownKty(found) => unknown("kty", "RSA, EC, OKP, AKP or oct", found).after("RFC 7517 §4.1"),
            Self::UnknownCurve(found) => unknown("crv", "a curve that serves here", found).after("RFC 7518 §6.2.1.1"),
            Self::UnknownAlgorithm(found) => unknown("alg", "an algorithm that signs", found).after("RFC 7517 §4.4"),
            Self::NotForEncryption(found) => unknown("alg", "an algorithm that encrypts", found).after("RFC 7517 §4.4"),
            Self::Algorithm { alg, key } => mismatch(alg, key),
            Self::KeyManagement { alg, key } => mismatch(alg, key),
            Self::Mismatch { alg, key } => mismatch(alg, key),
            Self::CannotSign(found) => Explanation::new("key", "a key that signs", found)
                .because("X25519 and X448 agree on keys; Ed448 is carried here, and nothing more.")
                .so("Take a key of a type that signs, such as Ed25519 or EC on P-256.")
                .after("RFC 8037 §3"),
            Self::CannotEncrypt(found) => Explanation::new("key", "a key that encrypts", found)
                .because("Keys of this type sign, or are only carried here.")
                .so("Take an RSA key, one on P-256, P-384, P-521 or X25519, or a secret.")
                .after("RFC 7518 §4.1"),
            Self::Usage { member, operation } => {
                Explanation::new(*member, format_args!("a key that may serve for {operation}"), "another purpose")
                    .because("The key's owner made it for something else.")
                    .so("Take the key that is meant for it; change the member only if the key is yours.")
                    .after(if *member == "use" { "RFC 7517 §4.2" } else { "RFC 7517 §4.3" })
            }
            Self::Private(member) => Explanation::new(*member, "a public key", "a private member")
                .because("The whole key was published or pasted where its public half belongs.")
                .so("If others could read it, make a new key; then publish the public half alone.")
                .after("RFC 7517 §9.2"),
            Self::SymmetricInSet => Explanation::new("kty", "public keys", "a shared secret")
                .because("A secret stands in a set that everybody reads.")
                .so("Make a new secret and keep it out of the set.")
                .after("RFC 7517 §9.2"),
            Self::Weak(found) => Explanation::new("key", "a sound key", found)
                .because("The key is old, was made by a faulty tool, or somebody made it weak on purpose.")
                .so("Make a new key.")
                .after("RFC 8725 §3.5"),
            Self::ShortSecret { alg, found, needed } => {
                Explanation::new("k", format_args!("{needed} bytes or more for {alg}"), format_args!("{found} bytes"))
                    .because("The secret is a password or was cut; HMAC wants one as long as its hash.")
                    .so("Make a random secret of that length.")
                    .after("RFC 7518 §3.2")
            }
            Self::Encoding(found) => Explanation::new("key", "PEM or DER of a key", found)
                .because("The file holds something else, was cut, or comes from an old tool.")
                .so("Let OpenSSL write it again: openssl pkey -in FILE -out NEW.")
                .after("RFC 7468"),
            Self::Password(found) => Explanation::new("password", "the key's password", found)
                .because("The key is encrypted.")
                .so("Give the password, or let OpenSSL write the key again: openssl pkey -in FILE -out NEW.")
                .after("RFC 8018 §6.2"),
            Self::NotMade(found) => Explanation::new("key", "a key that is made here", found)
                .because("The size or curve is weak, or nothing here can work with it.")
                .so("Choose another.")
                .after("RFC 7518 §6"),
            Self::NoForm(found) => Explanation::new("key", "a key that has this form", found)
                .because("Each type of key has its own forms; a secret has none in PEM, a public key no private one.")
                .so("Choose PKCS#8 for private keys and SubjectPublicKeyInfo for public ones.")
                .after("RFC 7468 §10"),
            Self::TooLong { found, limit } => {
                Explanation::new("key", format_args!("at most {limit} bytes"), format_args!("{found} bytes"))
                    .because("It is no key, or many.")
                    .so("Give one key alone.")
            }
            Self::Provider(error) => Explanation::new("key", "numbers that make up a key", error)
                .because("The point does not lie on its curve, or the private half belongs to another public one.")
                .so("Take the key from where it was made; one member was changed.")
                .after("RFC 7518 §6"),
        }
    }
}

impl Explain for JsonError {
    fn explain(&self) -> Explanation {
        Explanation::new("json", "strict JSON: one object, no member twice", self)
            .because("The text was cut, is no JSON, or has a member twice, which two readers take differently.")
            .so("Correct the text at the place named.")
            .after("RFC 8725 §2.4")
    }
}

fn unknown(member: &str, expected: &str, found: &str) -> Explanation {
    Explanation::new(member, expected, format_args!("{found:?}"))
        .because("The name is misspelt (names are exact), or newer or older than what is known here.")
        .so("Compare the name with the registry of JOSE.")
}

fn mismatch(alg: impl std::fmt::Display, key: &str) -> Explanation {
    Explanation::new("alg", format_args!("a key for {alg}"), key)
        .because("The algorithm belongs to another type, curve or length of key.")
        .so("Take the key that is meant for it, or an algorithm of this key.")
        .after("RFC 8725 §3.1")
}
