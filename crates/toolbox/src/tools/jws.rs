//! Signatures over any bytes, in three forms.

mod sign;
mod verify;

use super::demands;
use super::jwt::ALG;
use super::keys::{KEY, PASSWORD, SECRET};
use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::encoding::Encoding;
use crate::output::{Block, Output};

pub(crate) const TOOL: Tool = Tool {
    name: "jws",
    title: "JWS",
    summary: "Signs any bytes and verifies such signatures, in the compact, the flattened and the general form",
    actions: &[SIGN, VERIFY],
};

const SIGN: Action = Action {
    name: "sign",
    title: "Sign",
    summary: "Signs bytes and prints the message",
    example: "vestibule jws sign --key key.pem --message hello --format flattened",
    fields: &[
        Field::new("message", Kind::Bytes { file: "file" }, "Message", "What is signed, byte for byte").or_stdin(),
        KEY.example("-----BEGIN PRIVATE KEY-----"),
        SECRET,
        PASSWORD,
        ALG,
        FORMAT,
        Field::new("header", Kind::Json, "Header", "More members of the protected header")
            .example("{\"cty\": \"text/plain\"}"),
        Field::new("detached", Kind::Flag, "Detached", "The message stays out of the result and travels by itself"),
        Field::new("unencoded", Kind::Flag, "Unencoded", "The message stands as it is, without base64url (RFC 7797)"),
    ],
    prints: Prints::Value,
    work: Work::Stream { field: "message", begin: sign::begin },
};

const VERIFY: Action = Action {
    name: "verify",
    title: "Verify",
    summary: "Verifies a message and shows what was signed",
    example: "vestibule jws verify eyJ… --key public.pem",
    fields: &[
        Field::new("token", Kind::Lines, "Message", "The signed message").argument().or_stdin().example("eyJ…"),
        KEY,
        SECRET,
        PASSWORD,
        Field::new("jwks", Kind::Source, "Key set", "A JWK set"),
        Field::new("issuer", Kind::Address, "Issuer", "An issuer's URL, whose key set is fetched")
            .example("https://id.example.com"),
        demands::ALG,
        Field::new("payload", Kind::Bytes { file: "payload-file" }, "Payload", "The payload of a detached signature"),
        Field::new("all", Kind::Flag, "All signatures", "Every signature must hold, and not only one"),
        Field::new(
            "understand",
            Kind::Repeated,
            "Understood",
            "An extension that crit may name because it is heeded elsewhere",
        ),
    ],
    prints: Prints::Report,
    work: Work::Stream { field: "payload", begin: verify::begin },
};

/// The form of a message.
pub(super) const FORMAT: Field = Field::new(
    "format",
    Kind::Choice(&[
        Choice::new("compact", "compact"),
        Choice::new("flattened", "flattened JSON"),
        Choice::new("general", "general JSON"),
    ]),
    "Format",
    "How it is written",
)
.default("compact");

/// The payload as text where it is some, else in base64.
pub(super) fn with_payload(mut output: Output, payload: &[u8]) -> Output {
    match std::str::from_utf8(payload) {
        Ok(text) => {
            output.blocks.push(Block::Text { name: "payload".into(), text: text.to_owned() });
            output.member("payload", text)
        }
        Err(_) => output.line("payload in base64", "payload_base64", Encoding::Base64.encode(payload)),
    }
}
