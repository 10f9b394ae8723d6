//! `jws sign`: whole, or where the message stays apart, piece by piece.

use jose::SigningKey;
use jose::json::Object;
use jose::jws::{Draft, Headers, SignError, Signing};
use jose::jwt::HeaderExtras;

use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Note, Output};
use crate::run::{Env, Held, Stream};
use crate::tools::findings::advice;
use crate::tools::signer::{self, Signer};

/// What is asked for, but for the message.
struct Order {
    key: SigningKey,
    header: Object,
    typ: Option<String>,
    cty: Option<String>,
    format: String,
    unencoded: bool,
    detached: bool,
    notes: Vec<Note>,
}

/// The message is needed in one piece.
struct Whole {
    order: Order,
    message: Held,
}

struct Piecewise {
    order: Order,
    signing: Signing,
}

pub(super) fn begin(env: &Env<'_>, input: &Input) -> Result<Box<dyn Stream>, Halt> {
    let mut header = input.object("header")?.unwrap_or_default();
    let Signer { key, notes } = signer::of(env, input, &mut header)?;
    let [typ, cty] = ["typ", "cty"].map(|name| header.remove(name).and_then(|value| value.as_str().map(str::to_owned)));
    let format = input.choice("format")?.to_owned();
    let (unencoded, detached) = (input.flag("unencoded"), input.flag("detached"));
    let order = Order { key, header, typ, cty, format, unencoded, detached, notes };
    let signing = match detached {
        true => order.with_headers(|headers| Signing::begin(&order.key, headers, unencoded)).map_err(wrong)?,
        false => None,
    };
    Ok(match signing {
        Some(signing) => Box::new(Piecewise { order, signing }),
        None => Box::new(Whole { order, message: Held::new("message") }),
    })
}

impl Order {
    fn with_headers<T>(&self, work: impl FnOnce(&Headers<'_>) -> T) -> T {
        let (typ, cty) = (self.typ.as_deref(), self.cty.as_deref());
        work(&Headers::from(HeaderExtras { typ, cty, members: self.header.clone() }))
    }

    fn signed(&self, message: &[u8]) -> Result<String, SignError> {
        let mut draft = Draft::new(message);
        if self.unencoded {
            draft = draft.unencoded();
        }
        if self.detached {
            draft = draft.detached();
        }
        let draft = self.with_headers(|headers| draft.sign(&self.key, headers))?;
        match self.format.as_str() {
            "flattened" => draft.flattened(),
            "general" => draft.general(),
            _ => draft.compact(),
        }
    }

    fn done(self, token: Result<String, SignError>) -> Result<Output, ToolError> {
        let alg = self.key.alg().as_str();
        let mut output = Output::value("token", token.map_err(wrong)?).member("alg", alg);
        output.notes = self.notes;
        Ok(output)
    }
}

impl Stream for Whole {
    fn update(&mut self, piece: &[u8]) -> Result<(), ToolError> {
        self.message.update(piece)
    }

    fn finish(self: Box<Self>, _: &Env<'_>) -> Result<Output, ToolError> {
        let token = self.order.signed(&self.message.bytes);
        self.order.done(token)
    }
}

impl Stream for Piecewise {
    fn update(&mut self, piece: &[u8]) -> Result<(), ToolError> {
        self.signing.update(piece);
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Env<'_>) -> Result<Output, ToolError> {
        let Self { order, signing } = *self;
        let token = signing.finish().and_then(|detached| match order.format.as_str() {
            "flattened" => detached.flattened(),
            "general" => detached.general(),
            _ => detached.compact(),
        });
        order.done(token)
    }
}

fn wrong(error: SignError) -> ToolError {
    ToolError::new(error.to_string(), advice(&error))
}
