//! JSON Web Tokens: taken apart, verified with an explanation, signed.

mod claims;
mod compare;
mod decode;
mod disclosures;
mod explain;
mod header;
mod sign;
mod verify;

use super::jwe::ENCRYPTIONS;
use super::keys::{KEY, PASSWORD, SECRET};
use super::token::cleaned;
use super::{demands, findings};
use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::input::Input;
use crate::need::Halt;
use crate::output::Output;
use crate::run::Env;

pub(super) use claims::{explained, times_json};
pub(super) use explain::explain;
pub(super) use sign::{header_text, lifetime};

pub(crate) const TOOL: Tool = Tool {
    name: "jwt",
    title: "JWT",
    summary: "Takes JSON Web Tokens apart, verifies them and says what is wrong, and signs new ones",
    actions: &[DECODE, VERIFY, SIGN, COMPARE, LINT],
};

const DECODE: Action = Action {
    name: "decode",
    title: "Decode",
    summary: "Shows what a token says, without believing it; opens what is encrypted with the keys given",
    example: "vestibule jwt decode eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
    fields: &[TOKEN, KEY, SECRET, PASSWORD, AT],
    prints: Prints::Report,
    work: Work::Once(decode::run),
};

const VERIFY: Action = Action {
    name: "verify",
    title: "Verify",
    summary: "Verifies signature and claims, and says which check failed and why",
    example: "vestibule jwt verify eyJ… --issuer https://id.example.com --aud https://api.example.com",
    fields: &[
        TOKEN,
        KEY,
        SECRET,
        PASSWORD,
        demands::JWKS,
        demands::ISSUER,
        demands::ALG,
        demands::ISS,
        demands::AUD,
        demands::TYP,
        AT,
        demands::LEEWAY,
        Field::new(
            "allow-short-secret",
            Kind::Flag,
            "Short secrets",
            "Believe a secret that is shorter than RFC 7518 §3.2 has it",
        ),
    ],
    prints: Prints::Report,
    work: Work::Once(verify::run),
};

const SIGN: Action = Action {
    name: "sign",
    title: "Sign",
    summary: "Signs claims and prints the token",
    example: "vestibule jwt sign --key key.pem --claims '{\"sub\": \"ada\"}' --expires-in 5m",
    fields: &[
        Field::new("claims", Kind::Json, "Claims", "The claims").required().example("{\"sub\": \"ada\"}"),
        KEY.example("-----BEGIN PRIVATE KEY-----"),
        SECRET,
        PASSWORD,
        ALG,
        Field::new("header", Kind::Json, "Header", "More members of the header").example("{\"typ\": \"at+jwt\"}"),
        Field::new("expires-in", Kind::Duration, "Expires in", "How long it is good: sets iat and exp").example("5m"),
        AT,
    ],
    prints: Prints::Value,
    work: Work::Once(sign::run),
};

const COMPARE: Action = Action {
    name: "compare",
    title: "Compare",
    summary: "Shows the same claims signed, encrypted, and both: how long each is, and who can read it",
    example: "vestibule jwt compare --claims '{\"sub\": \"ada\"}'",
    fields: &[
        Field::new("claims", Kind::Json, "Claims", "The claims").required().example("{\"sub\": \"ada\"}"),
        Field::new("alg", Kind::Choice(COMPARED), "Signature", "The algorithm that signs").default("ES256"),
        Field::new("enc", Kind::Choice(ENCRYPTIONS), "Encryption", "How the content is encrypted").default("A256GCM"),
    ],
    prints: Prints::Report,
    work: Work::Once(compare::run),
};

const LINT: Action = Action {
    name: "lint",
    title: "Inspect",
    summary: "Finds what is wrong or unwise about a token, without verifying it",
    example: "vestibule jwt lint eyJ…",
    fields: &[TOKEN, AT],
    prints: Prints::Report,
    work: Work::Once(lint),
};

fn lint(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (token, notes) = cleaned(&input.required("token")?);
    let now = input.moment("at").unwrap_or(env.now);
    let found = jose::lint::token(&token, Some(now), &jose::Limits::DEFAULT);
    Ok(findings::judged(Output { notes, ..Output::default() }, &found))
}

const TOKEN: Field = Field::new("token", Kind::Lines, "Token", "The token").argument().or_stdin().example("eyJ…");

pub(super) const AT: Field = Field::new("at", Kind::Time, "At", "The time to go by, instead of now");

/// The algorithm of a key that serves several.
pub(super) const ALG: Field =
    Field::new("alg", Kind::Text, "Algorithm", "The algorithm, where the key serves several").example("ES256");

/// Of each kind one; keys for RSA take long to make.
const COMPARED: &[Choice] = &[
    Choice::new("ES256", "ES256"),
    Choice::new("EdDSA", "EdDSA"),
    Choice::new("HS256", "HS256"),
    Choice::new("ML-DSA-44", "ML-DSA-44"),
];
