//! QR codes: drawn, and read from a picture.

mod draw;
mod read;

use crate::definition::{Action, Field, Kind, Prints, Tool, Work};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Output};
use crate::run::Env;

pub(super) use draw::draw;
pub use draw::qr_svg;

pub(crate) const TOOL: Tool = Tool {
    name: "qr",
    title: "QR code",
    summary: "Draws QR codes, and reads them from a picture",
    actions: &[
        Action {
            name: "draw",
            title: "Draw",
            summary: "Draws a text as a QR code",
            example: "vestibule qr draw https://id.example.com",
            fields: &[
                Field::new("text", Kind::Lines, "Text", "What it holds").argument().or_stdin().private(),
                Field::new("svg", Kind::Flag, "SVG", "Print it as SVG instead of lines for a terminal"),
            ],
            prints: Prints::Value,
            work: Work::Once(drawn),
        },
        Action {
            name: "read",
            title: "Read",
            summary: "Reads the QR codes in a picture",
            example: "vestibule qr read --file qr.pgm",
            fields: &[Field::new(
                "picture",
                Kind::Bytes { file: "file" },
                "Picture",
                "A picture with a QR code in it; the command line takes PGM (P5), 8 bits a pixel",
            )
            .or_stdin()],
            prints: Prints::Value,
            work: Work::Once(read),
        },
    ],
};

fn drawn(_: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let text = input.required("text")?;
    let block = draw(text.trim_end_matches('\n'))?;
    let Block::Picture { svg, text: lines, .. } = &block else { return Ok(Output::default()) };
    let mut output = Output::default().member("svg", svg.as_str()).member("lines", lines.as_str());
    let value = if input.flag("svg") { svg } else { lines };
    output.value = zeroize::Zeroizing::new(value.clone().into_bytes());
    Ok(output.block(block))
}

fn read(_: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let texts = read::read(&input.required_bytes("picture")?)?;
    match texts.as_slice() {
        [] => {
            Err(ToolError::of("picture", "there is no QR code in the picture", "take one that is sharp and straight")
                .into())
        }
        [one] => Ok(Output::value("text", one.clone())),
        several => Ok(Output::value("texts", several.join("\n")).member("texts", several.to_vec())),
    }
}
