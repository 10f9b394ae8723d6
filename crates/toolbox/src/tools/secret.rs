//! Random secrets.

use zeroize::Zeroizing;

use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::encoding::{Encoding, base32};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output};
use crate::run::Env;

pub(crate) const TOOL: Tool = Tool {
    name: "secret",
    title: "Random secret",
    summary: "Makes a random secret",
    actions: &[Action {
        name: "",
        title: "Make",
        summary: "Makes a random secret",
        example: "vestibule secret --bytes 32 --output hex",
        fields: &[
            Field::new("bytes", Kind::Number(1, 4096), "Bytes", "How many random bytes").default("32"),
            Field::new(
                "output",
                Kind::Choice(&[
                    Choice::new("base64url", "base64url"),
                    Choice::new("base64", "base64"),
                    Choice::new("hex", "hex"),
                    Choice::new("base32", "base32"),
                    Choice::new("alphanumeric", "letters and digits"),
                ]),
                "Output",
                "How it is written",
            )
            .default("base64url"),
            Field::new("prefix", Kind::Text, "Prefix", "What stands before it, so that scanners know it")
                .example("whsec_"),
        ],
        prints: Prints::Value,
        work: Work::Once(run),
    }],
};

fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let count = input.number("bytes").unwrap_or(32) as usize;
    let output = input.choice("output")?;
    let text = match output {
        "alphanumeric" => alphanumeric(env, count)?,
        _ => {
            let mut bytes = Zeroizing::new(vec![0; count]);
            env.provider.fill_random(&mut bytes).map_err(ToolError::provider)?;
            match Encoding::named(output) {
                Some(encoding) => encoding.encode(&bytes),
                None => base32(&bytes),
            }
        }
    };
    let text = format!("{}{text}", input.text("prefix")?.unwrap_or_default().as_str());
    let mut done = Output::default().member("secret", text.as_str()).member("bits", count * 8);
    done.blocks.push(Block::Secret { name: "secret".into(), text: Zeroizing::new(text.clone()) });
    done.value = Zeroizing::new(text.into_bytes());
    if count < ENOUGH {
        let note = format!("{} bits can be guessed by trying; {} are out of reach", count * 8, ENOUGH * 8);
        done.notes.push(Note::new(Level::Warning, "secret-short", note));
    }
    Ok(done)
}

/// As many letters and digits as hold the bits asked for: log2(62) is a little above 5.95.
fn alphanumeric(env: &Env<'_>, bytes: usize) -> Result<String, ToolError> {
    let wanted = (bytes * 800).div_ceil(595);
    let mut text = String::with_capacity(wanted);
    let mut pool = Zeroizing::new([0u8; 64]);
    while text.len() < wanted {
        env.provider.fill_random(pool.as_mut_slice()).map_err(ToolError::provider)?;
        // 248 is the largest multiple of 62 in a byte; what lies above would favour the first letters.
        let fair = pool.iter().filter(|byte| **byte < 248).map(|byte| char::from(LETTERS[usize::from(byte % 62)]));
        text.extend(fair.take(wanted - text.len()));
    }
    Ok(text)
}

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ENOUGH: usize = 16;
