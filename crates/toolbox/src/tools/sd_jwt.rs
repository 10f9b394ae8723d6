//! Selective disclosure (RFC 9901): an issuer lets claims be withheld, a holder shows some, a verifier believes those.

mod issue;
mod present;
mod verify;

use jose::Limits;
use jose::sd_jwt::{IssueError, Place, SdJwt, SdJwtError};

use super::demands;
use super::findings::advice;
use super::jws::FORMAT;
use super::jwt::AT;
use super::keys::{KEY, PASSWORD, SECRET};
use super::token::cleaned;
use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::Note;

pub(crate) const TOOL: Tool = Tool {
    name: "sd-jwt",
    title: "SD-JWT",
    summary: "Issues tokens whose claims can be withheld, shows some of them, and verifies what was shown",
    actions: &[ISSUE, PRESENT, VERIFY],
};

const ISSUE: Action = Action {
    name: "issue",
    title: "Issue",
    summary: "Signs claims, some of which the holder may withhold, and prints the SD-JWT",
    example: "vestibule sd-jwt issue --key key.pem --claims '{\"sub\": \"ada\", \"email\": \"ada@example.com\"}' --hide /email",
    fields: &[
        Field::new("claims", Kind::Json, "Claims", "The claims")
            .required()
            .example("{\"sub\": \"ada\", \"email\": \"ada@example.com\"}"),
        Field::new("hide", Kind::Repeated, "Withholdable", "A claim that may be withheld, as a JSON pointer")
            .example("/email"),
        Field::new(
            "decoys",
            Kind::Number(0, 64),
            "Decoys",
            "Digests of nothing, so that nobody can count what is hidden",
        ),
        Field::new(
            "holder",
            Kind::Key,
            "Holder's key",
            "The public key by which the holder will prove to be the holder",
        ),
        KEY,
        SECRET,
        PASSWORD,
        super::jwt::ALG,
        Field::new("hash", Kind::Choice(HASHES), "Hash", "The hash of the digests").default("sha-256"),
        FORMAT,
        Field::new("header", Kind::Json, "Header", "More members of the header")
            .example("{\"typ\": \"example+sd-jwt\"}"),
        Field::new("expires-in", Kind::Duration, "Expires in", "How long it is good: sets iat and exp").example("30d"),
        AT,
    ],
    prints: Prints::Value,
    work: Work::Once(issue::run),
};

const PRESENT: Action = Action {
    name: "present",
    title: "Present",
    summary: "Shows some of an SD-JWT's claims and, with the holder's key, proves to whom",
    example: "vestibule sd-jwt present - --show /email --key holder.jwk --nonce n-1 --verifier https://shop.example.com",
    fields: &[
        TOKEN,
        Field::new("show", Kind::Repeated, "Shown", "A claim to show, as a JSON pointer; those around it come with it")
            .example("/email"),
        Field::new("all", Kind::Flag, "Show all", "Show every claim"),
        Field::new("key", Kind::Key, "Holder's key", "The holder's private key, which signs the proof"),
        PASSWORD,
        Field::new("nonce", Kind::Text, "Nonce", "What the verifier gave to be said again"),
        VERIFIER,
        FORMAT,
        AT,
    ],
    prints: Prints::Value,
    work: Work::Once(present::run),
};

const VERIFY: Action = Action {
    name: "verify",
    title: "Verify",
    summary: "Verifies signature, disclosures, claims and the holder's proof, and says which check failed and why",
    example: "vestibule sd-jwt verify - --key issuer.pem --nonce n-1 --verifier https://shop.example.com",
    fields: &[
        TOKEN,
        KEY,
        SECRET,
        demands::JWKS,
        demands::ISSUER,
        demands::ALG,
        demands::ISS,
        demands::AUD,
        demands::TYP,
        Field::new("nonce", Kind::Text, "Nonce", "What the holder had to say again; with it, the proof must be there"),
        VERIFIER,
        Field::new("max-age", Kind::Duration, "Age of the proof", "How old the holder's proof may be").default("5m"),
        AT,
        demands::LEEWAY,
    ],
    prints: Prints::Report,
    work: Work::Once(verify::run),
};

const TOKEN: Field =
    Field::new("token", Kind::Lines, "SD-JWT", "The SD-JWT").argument().or_stdin().example("eyJ…~WyJ…~");

const VERIFIER: Field = Field::new("verifier", Kind::Text, "Verifier", "Whom the proof is for: its aud")
    .example("https://shop.example.com");

const HASHES: &[Choice] =
    &[Choice::new("sha-256", "SHA-256"), Choice::new("sha-384", "SHA-384"), Choice::new("sha-512", "SHA-512")];

/// The SD-JWT in the field `token`, in any form, and what was cleaned off it.
fn read(input: &Input) -> Result<(SdJwt, Vec<Note>), Halt> {
    let (text, notes) = cleaned(&input.required("token")?);
    let read = SdJwt::read(&text, &Limits::DEFAULT);
    Ok((read.map_err(|error| unreadable(&error))?, notes))
}

/// As it was asked for.
fn written(input: &Input, sd_jwt: &SdJwt) -> Result<String, Halt> {
    match input.choice("format")? {
        "flattened" => Ok(sd_jwt.to_flattened().map_err(|error| not_made(&error))?),
        "general" => Ok(sd_jwt.to_general().map_err(|error| not_made(&error))?),
        _ => Ok(sd_jwt.to_string()),
    }
}

/// Pointers as people write them: of a claim at the top its name will do.
fn pointers(input: &Input, field: &str) -> Vec<String> {
    let named = input.all(field).map(str::trim).filter(|text| !text.is_empty());
    named.map(|text| if text.starts_with('/') { text.to_owned() } else { format!("/{text}") }).collect()
}

/// What is disclosed, in the order of the claims and not of the digests.
fn pointers_of(places: Vec<Place<'_>>) -> Vec<String> {
    let mut pointers: Vec<String> = places.into_iter().map(|place| place.pointer).collect();
    pointers.sort();
    pointers
}

fn unreadable(error: &SdJwtError) -> ToolError {
    ToolError::of("token", error.to_string(), advice(error))
}

fn not_made(error: &IssueError) -> ToolError {
    let advice = advice(error);
    match error {
        IssueError::Pointer(_) | IssueError::Validity(_) => ToolError::of("hide", error.to_string(), advice),
        IssueError::Name(_) => ToolError::of("claims", error.to_string(), advice),
        IssueError::Holder => ToolError::of("holder", error.to_string(), advice),
        IssueError::Text(_) => ToolError::of("token", error.to_string(), advice),
        _ => ToolError::new(error.to_string(), advice),
    }
}
