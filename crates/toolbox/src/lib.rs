//! The token tools: HMAC, JWT, JWE, keys and what belongs to them, on the command line and in the browser.
//!
//! One definition per tool serves every face: the binary builds commands from it, the pages forms, the book its tables.
//! Pure: no clock (`now` is an argument), no I/O, no async; randomness comes through the crypto provider. What a tool
//! lacks it asks for with a [`Need`], which its host answers. It must never fetch, read a file or print.

pub mod definition;
pub mod describe;
pub mod encoding;
pub mod input;
pub mod json;
mod need;
mod normal;
mod output;
mod percent;
pub mod reference;
mod registry;
mod run;
pub mod time;
mod tools;
mod written;

pub use definition::{Action, Field, Kind, Tool};
pub use input::{Given, Input};
pub use need::{Fact, Halt, Need, ToolError};
pub use output::{Block, Json, Level, Note, Output, Verdict};
pub use registry::{TOOLS, find};
pub use run::{Env, MOST_HELD, Started, Stream, start};
pub use tools::qr_svg;
