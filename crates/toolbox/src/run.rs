//! Starting an action, and the streams that some of them are.

use std::fmt;

use jose::provider::Provider;
use zeroize::Zeroizing;

use crate::definition::Work;
use crate::input::{Given, Input};
use crate::need::{Halt, ToolError};
use crate::output::Output;

/// What surrounds an action.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    /// The primitives, and all randomness.
    pub provider: &'a dyn Provider,
    /// Seconds since 1970.
    pub now: i64,
}

/// An action that takes in a long message in constant memory.
pub trait Stream: Send {
    /// Takes in the next piece.
    fn update(&mut self, piece: &[u8]) -> Result<(), ToolError>;

    /// What came of it.
    fn finish(self: Box<Self>, env: &Env<'_>) -> Result<Output, ToolError>;
}

/// An action under way.
pub enum Started {
    /// It is done.
    Done(Output),
    /// The host feeds the message that it announced with [`Given::Streamed`].
    Stream(Box<dyn Stream>),
}

/// Starts an action. [`Halt::Need`] asks for a fact; with it in the input, start again.
pub fn start(env: &Env<'_>, input: &Input) -> Result<Started, Halt> {
    input.check()?;
    let (field, begin) = match input.action().work {
        Work::Once(work) => return work(env, input).map(Started::Done),
        Work::Stream { field, begin } => (field, begin),
    };
    let mut stream = begin(env, input)?;
    if matches!(input.given(field), Some(Given::Streamed)) {
        return Ok(Started::Stream(stream));
    }
    if let Some(message) = input.bytes(field)? {
        stream.update(&message)?;
    }
    Ok(Started::Done(stream.finish(env)?))
}

/// What must be held in one piece, up to a bound.
pub(crate) struct Held {
    field: &'static str,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

impl Held {
    pub(crate) fn new(field: &'static str) -> Self {
        Self { field, bytes: Zeroizing::new(Vec::new()) }
    }

    pub(crate) fn update(&mut self, piece: &[u8]) -> Result<(), ToolError> {
        if self.bytes.len() + piece.len() > MOST_HELD {
            let what = format!("the {} is longer than {} MiB", self.field, MOST_HELD >> 20);
            return Err(ToolError::of(self.field, what, "give a shorter one"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

/// What is not streamed is held in memory: files, and messages that are signed whole.
pub const MOST_HELD: usize = 64 << 20;

impl fmt::Debug for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(output) => f.debug_tuple("Done").field(output).finish(),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}
