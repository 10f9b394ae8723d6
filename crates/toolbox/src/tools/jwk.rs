//! Keys: made, converted between PEM and JWK, stripped to their public half, named.

mod convert;
mod make;
mod written;

use super::keys::PASSWORD;
use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};

pub(crate) const TOOL: Tool = Tool {
    name: "jwk",
    title: "JWK generator & PEM converter",
    summary: "Makes keys, converts them between PEM and JWK, and names them",
    actions: &[GENERATE, FROM_PEM, TO_PEM, PUBLIC, THUMBPRINT, LINT],
};

const GENERATE: Action = Action {
    name: "generate",
    title: "Generate",
    summary: "Makes a key and prints it with its private half",
    example: "vestibule jwk generate --kty EC --crv P-256 --use sig --alg ES256",
    fields: &[
        Field::new("kty", Kind::Choice(TYPES), "Type", "The key type").required(),
        Field::new("size", Kind::Number(8, 65536), "Size", "Bits of an RSA modulus or of a secret").example("2048"),
        Field::new("crv", Kind::Choice(CURVES), "Curve", "The curve of an EC or OKP key"),
        USE,
        ALG,
        KID,
        FORMAT,
    ],
    prints: Prints::Value,
    work: Work::Once(make::generate),
};

const FROM_PEM: Action = Action {
    name: "from-pem",
    title: "PEM to JWK",
    summary: "Converts PEM (PKCS#1, PKCS#8, SEC 1, SPKI, certificate) to a JWK",
    example: "vestibule jwk from-pem key.pem --use sig",
    fields: &[
        Field::new("file", Kind::Key, "PEM", "The key in PEM")
            .argument()
            .or_stdin()
            .example("-----BEGIN PRIVATE KEY-----"),
        PASSWORD,
        USE,
        ALG,
        KID,
        FORMAT,
    ],
    prints: Prints::Value,
    work: Work::Once(make::from_pem),
};

const TO_PEM: Action = Action {
    name: "to-pem",
    title: "JWK to PEM",
    summary: "Converts a JWK to PEM",
    example: "vestibule jwk to-pem key.jwk",
    fields: &[
        Field::new("file", Kind::Key, "Key", "The key as JWK").argument().or_stdin().example("{\"kty\": \"EC\", …}"),
        Field::new(
            "form",
            Kind::Choice(FORMS),
            "Form",
            "Which form of PEM; the usual one is PKCS#8, for public keys SPKI",
        ),
        Field::new(
            "encrypt-with",
            Kind::Bytes { file: "encrypt-with-file" },
            "Encrypt with",
            "A password to encrypt the private key with",
        )
        .secret(),
    ],
    prints: Prints::Value,
    work: Work::Once(convert::to_pem),
};

const PUBLIC: Action = Action {
    name: "public",
    title: "Public half",
    summary: "Prints the public half of a key or of a set",
    example: "vestibule jwk public key.jwk",
    fields: &[FILE, PASSWORD],
    prints: Prints::Value,
    work: Work::Once(convert::public),
};

const THUMBPRINT: Action = Action {
    name: "thumbprint",
    title: "Thumbprint",
    summary: "Prints the thumbprint of a key (RFC 7638)",
    example: "vestibule jwk thumbprint key.jwk",
    fields: &[
        FILE,
        PASSWORD,
        Field::new("hash", Kind::Choice(HASHES), "Hash", "The hash").default("sha-256"),
        Field::new("uri", Kind::Flag, "URI", "As a URI (RFC 9278)"),
    ],
    prints: Prints::Value,
    work: Work::Once(convert::thumbprint),
};

const LINT: Action = Action {
    name: "lint",
    title: "Inspect",
    summary: "Finds what is wrong or unwise about a key",
    example: "vestibule jwk lint key.jwk",
    fields: &[
        Field::new("file", Kind::Key, "Key", "The key as JWK or PEM")
            .argument()
            .or_stdin()
            .example("{\"kty\": \"EC\", …}"),
        PASSWORD,
        Field::new("published", Kind::Flag, "Published", "Judge it as one that everybody can read"),
    ],
    prints: Prints::Report,
    work: Work::Once(convert::lint),
};

const FILE: Field = Field::new("file", Kind::Key, "Key", "The key as JWK, JWK set or PEM").argument().or_stdin();
const USE: Field = Field::new(
    "use",
    Kind::Choice(&[Choice::new("sig", "sig"), Choice::new("enc", "enc")]),
    "Use",
    "What the key is for",
);
const ALG: Field = Field::new("alg", Kind::Text, "Algorithm", "The one algorithm that the key is for").example("ES256");
const KID: Field = Field::new(
    "kid",
    Kind::Text,
    "Name",
    "The key's name (kid): thumbprint, which a shared secret has none of; none; or a text",
)
.default("thumbprint");
const FORMAT: Field = Field::new(
    "format",
    Kind::Choice(&[Choice::new("jwk", "JWK"), Choice::new("jwks", "JWK set"), Choice::new("pem", "PEM")]),
    "Format",
    "How it is written",
)
.default("jwk");

const TYPES: &[Choice] = &[
    Choice::new("EC", "EC (ECDSA, ECDH)"),
    Choice::new("OKP", "OKP (Ed25519, X25519)"),
    Choice::new("RSA", "RSA"),
    Choice::new("oct", "oct (shared secret)"),
    Choice::new("AKP", "AKP (ML-DSA)"),
];
const CURVES: &[Choice] = &[
    Choice::new("P-256", "P-256"),
    Choice::new("P-384", "P-384"),
    Choice::new("P-521", "P-521"),
    Choice::new("secp256k1", "secp256k1"),
    Choice::new("Ed25519", "Ed25519"),
    Choice::new("X25519", "X25519"),
];
const FORMS: &[Choice] = &[
    Choice::new("pkcs8", "PKCS#8"),
    Choice::new("spki", "SPKI (public)"),
    Choice::legacy("pkcs1", "PKCS#1 (RSA)"),
    Choice::legacy("sec1", "SEC 1 (EC)"),
];
const HASHES: &[Choice] =
    &[Choice::new("sha-256", "SHA-256"), Choice::new("sha-384", "SHA-384"), Choice::new("sha-512", "SHA-512")];
