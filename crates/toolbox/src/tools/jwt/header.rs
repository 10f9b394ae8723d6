//! What the members of a header mean.

use super::claims::shown;
use crate::output::Block;
use crate::tools::token::{Pieces, Sort};
use crate::written::in_order;

/// Every member in the header's own order.
pub(super) fn explained(pieces: &Pieces, name: String) -> Option<Block> {
    let text = pieces.header_text.clone().unwrap_or_else(|| serde_json::json!(pieces.header).to_string());
    let rows: Vec<Vec<String>> = in_order(&text, &pieces.header)
        .into_iter()
        .map(|(name, value)| {
            let value = shown(value);
            let meaning = match name {
                "alg" => algorithm(&value, pieces.sort).to_owned(),
                _ => MEANINGS
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map_or("not registered", |found| found.1)
                    .to_owned(),
            };
            vec![name.to_owned(), value, meaning]
        })
        .collect();
    let heads = ["member", "value", "meaning"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Block::Table { name, heads, rows })
}

/// What an algorithm is, by the beginning of its name.
fn algorithm(name: &str, sort: Sort) -> &'static str {
    let table = if sort == Sort::Jws { SIGNATURES } else { KEY_MANAGEMENT };
    table
        .iter()
        .find(|(start, _)| name.starts_with(start))
        .map_or("an algorithm that is not known here", |found| found.1)
}

const SIGNATURES: &[(&str, &str)] = &[
    ("HS", "HMAC: the secret that verifies also signs"),
    ("RS", "RSA (PKCS#1 v1.5): the public key verifies"),
    ("PS", "RSA-PSS: the public key verifies"),
    ("ES", "ECDSA: the public key verifies"),
    ("Ed", "Edwards curve: the public key verifies"),
    ("ML-DSA", "ML-DSA, which withstands quantum computers: the public key verifies"),
    ("none", "no signature at all"),
];

const KEY_MANAGEMENT: &[(&str, &str)] = &[
    ("RSA1_5", "the content key under RSA, with a padding that is broken"),
    ("RSA-OAEP", "the content key under the recipient's RSA key"),
    ("ECDH-ES+", "a key agreed with the recipient's key wraps the content key"),
    ("ECDH-ES", "the content key is agreed with the recipient's key"),
    ("PBES2", "the content key under a password"),
    ("dir", "the shared key encrypts the content itself"),
    ("A", "the content key under a shared key"),
];

const MEANINGS: &[(&str, &str)] = &[
    ("typ", "what sort of token it is"),
    ("cty", "what is inside"),
    ("kid", "the name of the key"),
    ("enc", "how the content is encrypted"),
    ("zip", "how the content is compressed"),
    ("crit", "what a reader must understand or refuse"),
    ("b64", "whether the payload is base64url"),
    ("jwk", "a key that the token brings along"),
    ("jku", "the address of a key set"),
    ("x5u", "the address of a certificate"),
    ("x5c", "a certificate chain"),
    ("x5t", "a certificate's SHA-1"),
    ("x5t#S256", "a certificate's SHA-256"),
    ("epk", "the sender's key of one use"),
    ("apu", "who sends, for the key agreement"),
    ("apv", "who receives, for the key agreement"),
    ("iv", "initialization vector of the content key"),
    ("tag", "authentication tag of the content key"),
    ("p2s", "the password's salt"),
    ("p2c", "the password's rounds"),
    ("iss", "the claim, to be seen without the key"),
    ("sub", "the claim, to be seen without the key"),
    ("aud", "the claim, to be seen without the key"),
];
