//! Signatures over any bytes, in three forms.

use jose::VerifyingKey;
use jose::json::{Object, Value};
use jose::jws::{self, Draft, Headers, Rules};
use jose::jwt::HeaderExtras;

use super::demands;
use super::explain::Failure;
use super::jwt::ALG;
use super::keys::{KEY, PASSWORD, Ring, SECRET};
use super::signer::{self, Signer};
use super::sources;
use super::token::{LONG, Sort, cleaned, compact_sort};
use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::encoding::Encoding;
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Output, Verdict};
use crate::run::Env;

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
    work: Work::Once(sign),
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
    work: Work::Once(verify),
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

fn sign(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let message = input.required_bytes("message")?;
    let mut header = input.object("header")?.unwrap_or_default();
    let Signer { key, notes } = signer::of(env, input, &mut header)?;
    let mut draft = Draft::new(&message);
    if input.flag("unencoded") {
        draft = draft.unencoded();
    }
    if input.flag("detached") {
        draft = draft.detached();
    }
    let [typ, cty] = ["typ", "cty"].map(|name| header.remove(name).and_then(|value| value.as_str().map(str::to_owned)));
    let extras = HeaderExtras { typ: typ.as_deref(), cty: cty.as_deref(), members: header };
    let wrong = |error: jws::SignError| ToolError::new(error.to_string(), "correct message, header or form");
    let draft = draft.sign(&key, &Headers::from(extras)).map_err(wrong)?;
    let text = match input.choice("format")? {
        "flattened" => draft.flattened(),
        "general" => draft.general(),
        _ => draft.compact(),
    };
    let mut output = Output::value("token", text.map_err(wrong)?).member("alg", key.alg().as_str());
    output.notes = notes;
    Ok(output)
}

fn verify(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (token, notes) = cleaned(&input.required("token")?);
    if !token.starts_with('{') && compact_sort(token.split('.').count())? == Sort::Jwe {
        return Err(ToolError::of("token", "the token is encrypted, not signed", "see jwe decrypt").into());
    }
    let mut ring = Ring::to_read(env, input)?;
    sources::add(env, input, &mut ring)?;
    let keys: Vec<VerifyingKey> =
        ring.keys.iter().filter_map(|key| key.verifying_key(env.provider, None).ok()).collect();
    if keys.is_empty() {
        let why = ring.keys.first().and_then(|key| key.verifying_key(env.provider, None).err());
        let what = match why {
            Some(error) => error.to_string(),
            None => "there is no key to verify with".into(),
        };
        return Err(ToolError::of("key", what, "give --key, --secret, --jwks or --issuer").into());
    }
    let allowed = demands::allowed(input, keys.iter())?;
    let payload = input.bytes("payload")?;
    let mut rules = Rules::new(&allowed).limits(LONG);
    for name in input.all("understand") {
        rules = rules.understands(name);
    }
    if input.flag("all") {
        rules = rules.all_signatures();
    }
    if let Some(payload) = &payload {
        rules = rules.detached(payload);
    }
    let mut output = Output { notes, ..Output::default() };
    output.notes.append(&mut ring.notes);
    match jws::verify(&token, &keys, &rules) {
        Ok(verified) => {
            output.verdict = Verdict::Yes;
            output = output.line("signature", "signature", "matches").member("format", verified.form().to_string());
            let header = header_of(verified.header());
            output.blocks.push(Block::json("header", &header));
            output = output.member("header", header);
            Ok(with_payload(output, verified.payload()))
        }
        Err(error) => {
            output.verdict = Verdict::No;
            output =
                output.line("signature", "signature", "does not match").line("failed check", "check", error.check());
            output.notes.extend(Failure { env, token: &token, ring: &ring }.explain(&error));
            Ok(output)
        }
    }
}

fn header_of(header: &jws::Header) -> Value {
    let mut members: Object = header.members().clone();
    members.extend(header.unprotected().clone());
    Value::Object(members)
}

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
