//! HMAC (RFC 2104): signing, verifying, and saying why a signature does not match.

mod claim;
mod presets;
mod sign;
mod slips;
pub(in crate::tools) mod variants;
mod verify;

use jose::alg::Hash;

use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::encoding::Encoding;
use crate::input::Input;
use crate::need::Halt;
use crate::output::{Level, Note};

pub(crate) const TOOL: Tool = Tool {
    name: "hmac",
    title: "HMAC generator & verifier",
    summary: "Signs and verifies messages with HMAC, and says why a signature does not match",
    actions: &[SIGN, VERIFY],
};

const SIGN: Action = Action {
    name: "sign",
    title: "Generate",
    summary: "Signs a message and prints the signature",
    example: "vestibule hmac sign --key Jefe --message 'what do ya want for nothing?'",
    fields: &[ALG, KEY, MESSAGE, OUTPUT],
    prints: Prints::Value,
    work: Work::Stream { field: "message", begin: sign::begin },
};

const VERIFY: Action = Action {
    name: "verify",
    title: "Verify",
    summary: "Verifies a signature or a whole webhook request; on a mismatch names the slip that explains it",
    example: "vestibule hmac verify --key-file secret --file body.json --preset github --header 'X-Hub-Signature-256: sha256=…'",
    fields: &[
        ALG,
        KEY,
        MESSAGE,
        Field::new(
            "signature",
            Kind::Text,
            "Signature",
            "The signature; its encoding is seen, and sha256= may stand before it",
        )
        .example("sha256=757107ea…"),
        Field::new(
            "preset",
            Kind::Choice(presets::CHOICES),
            "Webhook",
            "Whose webhook request to check, by its headers",
        ),
        Field::new("header", Kind::Repeated, "Headers", "A header of the request, as 'Name: value'")
            .example("X-Hub-Signature-256: sha256=757107ea…"),
        Field::new("tolerance", Kind::Duration, "Tolerance", "How old a webhook's timestamp may be").default("5m"),
        Field::new("at", Kind::Time, "At", "The time to check the timestamp at, instead of now"),
    ],
    prints: Prints::Report,
    work: Work::Stream { field: "message", begin: verify::begin },
};

const ALG: Field = Field::new(
    "alg",
    Kind::Choice(&[
        Choice::legacy("sha1", "SHA-1 (legacy)"),
        Choice::new("sha256", "SHA-256"),
        Choice::new("sha384", "SHA-384"),
        Choice::new("sha512", "SHA-512"),
    ]),
    "Hash",
    "The hash function",
)
.default("sha256");

const KEY: Field = Field::new("key", Kind::Bytes { file: "key-file" }, "Key", "The shared secret").required().secret();

const MESSAGE: Field =
    Field::new("message", Kind::Bytes { file: "file" }, "Message", "What is signed, byte for byte").or_stdin();

const OUTPUT: Field = Field::new(
    "output",
    Kind::Choice(&[Choice::new("hex", "hex"), Choice::new("base64", "base64"), Choice::new("base64url", "base64url")]),
    "Output",
    "How the signature is written",
)
.default("hex");

/// The hash that was chosen.
fn hash(input: &Input) -> Result<Hash, Halt> {
    let name = input.choice("alg")?;
    let hash = Hash::ALL.iter().copied().find(|hash| hash.as_str() == name);
    hash.ok_or_else(|| input.missing("alg").into())
}

/// What should be known about hash and key, whatever comes out.
fn remarks(hash: Hash, key: &[u8]) -> Vec<Note> {
    let mut notes = Vec::new();
    if hash == Hash::Sha1 {
        let text = "SHA-1 is legacy: still sound in HMAC, but nothing new should be built on it";
        notes.push(Note::new(Level::Warning, "hmac-sha1", text).cause("take sha256 where you can choose"));
    }
    if key.is_empty() {
        notes.push(Note::new(Level::Warning, "hmac-key-empty", "the key is empty: anybody can make this signature"));
    } else if key.ends_with(b"\n") {
        let text = "the key ends with a newline, which is part of it";
        notes.push(Note::new(Level::Warning, "hmac-key-newline", text).cause("printf '%s' writes a file without one"));
    }
    notes
}

/// All ways to write a signature.
fn written(bytes: &[u8]) -> [(Encoding, String); 3] {
    [Encoding::Hex, Encoding::Base64, Encoding::Base64url].map(|encoding| (encoding, encoding.encode(bytes)))
}
