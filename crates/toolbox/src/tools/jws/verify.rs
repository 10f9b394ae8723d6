//! `jws verify`: whole, or where the payload comes apart, piece by piece.

use jose::json::{Object, Value};
use jose::jws::{self, Form, Header, Rules, VerifiedSignature, VerifyError, Verifying};
use jose::{JwsAlgorithm, VerifyingKey};

use super::with_payload;
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Note, Output, Verdict};
use crate::run::{Env, Held, Stream};
use crate::tools::demands;
use crate::tools::explain::Failure;
use crate::tools::keys::Ring;
use crate::tools::sources;
use crate::tools::token::{LONG, Sort, cleaned, compact_sort};

/// What is asked for, but for the payload.
struct Question {
    token: String,
    ring: Ring,
    keys: Vec<VerifyingKey>,
    allowed: Vec<JwsAlgorithm>,
    understood: Vec<String>,
    all: bool,
    notes: Vec<Note>,
}

/// The payload stands inside, or is needed in one piece.
struct Whole {
    question: Question,
    payload: Option<Held>,
}

struct Piecewise {
    question: Question,
    verifying: Verifying,
    /// As much as is shown.
    payload: Option<Vec<u8>>,
}

/// No payload would change it.
struct Refused {
    question: Question,
    error: VerifyError,
}

pub(super) fn begin(env: &Env<'_>, input: &Input) -> Result<Box<dyn Stream>, Halt> {
    let (token, mut notes) = cleaned(&input.required("token")?);
    if !token.starts_with('{') && compact_sort(token.split('.').count())? == Sort::Jwe {
        return Err(ToolError::of("token", "the token is encrypted, not signed", "see jwe decrypt").into());
    }
    let mut ring = Ring::to_read(env, input)?;
    sources::add(env, input, &mut ring)?;
    let keys: Vec<VerifyingKey> =
        ring.keys.iter().filter_map(|key| key.verifying_key(env.provider, None).ok()).collect();
    if keys.is_empty() {
        return Err(ring.none_verifies(env).into());
    }
    let allowed = demands::allowed(input, keys.iter())?;
    notes.append(&mut ring.notes);
    let understood = input.all("understand").map(str::to_owned).collect();
    let question = Question { token, ring, keys, allowed, understood, all: input.flag("all"), notes };
    if input.given("payload").is_none() {
        return Ok(Box::new(Whole { question, payload: None }));
    }
    Ok(match Verifying::begin(&question.token, &question.keys, &question.rules()) {
        Ok(Some(verifying)) => Box::new(Piecewise { question, verifying, payload: Some(Vec::new()) }),
        Ok(None) => Box::new(Whole { question, payload: Some(Held::new("payload")) }),
        Err(error) => Box::new(Refused { question, error }),
    })
}

impl Question {
    fn rules(&self) -> Rules<'_> {
        let rules = Rules::new(&self.allowed).limits(LONG);
        let rules = self.understood.iter().fold(rules, |rules, name| rules.understands(name));
        if self.all { rules.all_signatures() } else { rules }
    }

    fn right(self, form: Form, header: &Header, payload: Option<&[u8]>) -> Output {
        let mut output = Output { notes: self.notes, verdict: Verdict::Yes, ..Output::default() };
        output = output.line("signature", "signature", "matches").member("format", form.to_string());
        let header = header_of(header);
        output.blocks.push(Block::json("header", &header));
        output = output.member("header", header);
        match payload {
            Some(payload) => with_payload(output, payload),
            None => output,
        }
    }

    fn wrong(mut self, env: &Env<'_>, error: &VerifyError) -> Output {
        let notes = std::mem::take(&mut self.notes);
        let mut output = Output { notes, verdict: Verdict::No, ..Output::default() };
        output = output.line("signature", "signature", "does not match").line("failed check", "check", error.check());
        output.notes.extend(Failure { env, token: &self.token, ring: &self.ring }.explain(error));
        output
    }
}

impl Stream for Whole {
    fn update(&mut self, piece: &[u8]) -> Result<(), ToolError> {
        self.payload.as_mut().map_or(Ok(()), |payload| payload.update(piece))
    }

    fn finish(self: Box<Self>, env: &Env<'_>) -> Result<Output, ToolError> {
        let Self { question, payload } = *self;
        let rules = payload.iter().fold(question.rules(), |rules, payload| rules.detached(&payload.bytes));
        let verified = jws::verify(&question.token, &question.keys, &rules);
        Ok(match verified {
            Ok(verified) => question.right(verified.form(), verified.header(), Some(verified.payload())),
            Err(error) => question.wrong(env, &error),
        })
    }
}

impl Stream for Piecewise {
    fn update(&mut self, piece: &[u8]) -> Result<(), ToolError> {
        self.verifying.update(piece);
        if let Some(payload) = &mut self.payload {
            match payload.len() + piece.len() <= SHOWN {
                true => payload.extend_from_slice(piece),
                false => self.payload = None,
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>, env: &Env<'_>) -> Result<Output, ToolError> {
        let Self { question, verifying, payload } = *self;
        let form = verifying.form();
        Ok(match verifying.finish() {
            Ok(signatures) => {
                let first = signatures.first().map(VerifiedSignature::header);
                first.map_or_else(Output::default, |header| question.right(form, header, payload.as_deref()))
            }
            Err(error) => question.wrong(env, &error),
        })
    }
}

impl Stream for Refused {
    fn update(&mut self, _: &[u8]) -> Result<(), ToolError> {
        Ok(())
    }

    fn finish(self: Box<Self>, env: &Env<'_>) -> Result<Output, ToolError> {
        Ok(self.question.wrong(env, &self.error))
    }
}

fn header_of(header: &Header) -> Value {
    let mut members: Object = header.members().clone();
    members.extend(header.unprotected().clone());
    Value::Object(members)
}

/// A payload that came as a file is shown again where somebody could read it.
const SHOWN: usize = 1 << 20;
