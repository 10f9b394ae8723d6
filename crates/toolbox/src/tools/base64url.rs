//! base64url, and what else people write bytes in.

use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::encoding::Encoding;
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output};
use crate::run::Env;

pub(crate) const TOOL: Tool = Tool {
    name: "base64url",
    title: "Base64url",
    summary: "Encodes and decodes base64url, base64 and hex",
    actions: &[
        Action {
            name: "encode",
            title: "Encode",
            summary: "Encodes bytes",
            example: "vestibule base64url encode --message hello",
            fields: &[
                Field::new("message", Kind::Bytes { file: "file" }, "Bytes", "What is encoded").or_stdin().private(),
                Field::new("encoding", ENCODINGS, "Encoding", "How it is written").default("base64url"),
            ],
            prints: Prints::Value,
            work: Work::Once(encode),
        },
        Action {
            name: "decode",
            title: "Decode",
            summary: "Decodes to bytes",
            example: "vestibule base64url decode aGVsbG8",
            fields: &[
                Field::new("text", Kind::Lines, "Text", "What is decoded")
                    .argument()
                    .or_stdin()
                    .example("aGVsbG8")
                    .private(),
                Field::new("encoding", ENCODINGS, "Encoding", "How it is written").default("base64url"),
            ],
            prints: Prints::Bytes,
            work: Work::Once(decode),
        },
    ],
};

const ENCODINGS: Kind =
    Kind::Choice(&[Choice::new("base64url", "base64url"), Choice::new("base64", "base64"), Choice::new("hex", "hex")]);

fn encode(_: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let bytes = input.required_bytes("message")?;
    let encoding = Encoding::named(input.choice("encoding")?).unwrap_or(Encoding::Base64url);
    let output = Output::value("text", encoding.encode(&bytes)).member("encoding", encoding.as_str());
    Ok(output.member("bytes", bytes.len()))
}

fn decode(_: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let text = input.required("text")?;
    let encoding = Encoding::named(input.choice("encoding")?).unwrap_or(Encoding::Base64url);
    let bytes = encoding.decode(&text).map_err(|error| {
        ToolError::of("text", format!("the text is {error}"), "take another encoding, or correct it")
    })?;
    let mut output = Output::default().member("bytes", bytes.len());
    if encoding == Encoding::Base64url && jose::base64url::decode(text.trim()).is_err() {
        let text = "this is not the one canonical spelling, which tokens must have";
        output.notes.push(Note::new(Level::Warning, "base64url-spelling", text).clause("RFC 7515 §2"));
    }
    output = match std::str::from_utf8(&bytes) {
        Ok(text) => {
            output.blocks.push(Block::Text { name: "text".into(), text: text.to_owned() });
            output.member("text", text)
        }
        Err(_) => output.line("hex", "hex", Encoding::Hex.encode(&bytes)),
    };
    output.value = zeroize::Zeroizing::new(bytes);
    Ok(output)
}
