//! `hmac sign`.

use jose::alg::Hash;
use jose::provider::Absorb;

use super::{hash, remarks, written};
use crate::encoding::Encoding;
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Note, Output};
use crate::run::{Env, Stream};

struct Sign {
    hash: Hash,
    output: Encoding,
    mac: Box<dyn Absorb>,
    notes: Vec<Note>,
}

pub(super) fn begin(env: &Env<'_>, input: &Input) -> Result<Box<dyn Stream>, Halt> {
    let hash = hash(input)?;
    let key = input.required_bytes("key")?;
    let output = Encoding::named(input.choice("output")?).unwrap_or(Encoding::Hex);
    let mac = env.provider.mac(hash, &key);
    Ok(Box::new(Sign { hash, output, mac, notes: remarks(hash, &key) }))
}

impl Stream for Sign {
    fn update(&mut self, piece: &[u8]) -> Result<(), ToolError> {
        self.mac.update(piece);
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Env<'_>) -> Result<Output, ToolError> {
        let tag = self.mac.finish();
        let mut output = Output::value("signature", self.output.encode(&tag));
        output.notes = self.notes;
        for (encoding, text) in written(&tag).into_iter().filter(|(encoding, _)| *encoding != self.output) {
            output.blocks.push(Block::Line { name: encoding.as_str().into(), text });
        }
        Ok(output.member("alg", self.hash.as_str()).member("encoding", self.output.as_str()))
    }
}
