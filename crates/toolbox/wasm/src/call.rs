//! One question and its answer.

use jose::provider::{Provider, SeededRandom, rustcrypto};
use toolbox::ToolError;
use toolbox::json::{Desk, Request, refused};
use zeroize::Zeroizing;

/// Answers what the JSON asks; what cannot be read is answered too. The bytes of `random` that came with the question seed
/// this one answer, and no other.
pub(crate) fn answer(desk: &mut Desk, asked: &[u8]) -> Zeroizing<String> {
    let answered = std::str::from_utf8(asked)
        .map_err(|_| ToolError::new("the request is not UTF-8", "send JSON"))
        .and_then(Request::parse)
        .map(|request| desk.answer(&request, &*provider(request.random())));
    Zeroizing::new(answered.unwrap_or_else(|error| refused(&error).to_string()))
}

/// A seed too short leaves a provider that hashes and verifies, and refuses to make anything.
fn provider(seed: &[u8]) -> Box<dyn Provider> {
    match SeededRandom::new(seed) {
        Ok(random) => Box::new(rustcrypto(random.into_source())),
        Err(error) => Box::new(rustcrypto(Box::new(move |_| Err(error)))),
    }
}
