//! PKCE (RFC 7636): a verifier and its challenge.

use jose::base64url;

use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Level, Note, Output, Verdict};
use crate::run::Env;

pub(crate) const TOOL: Tool = Tool {
    name: "pkce",
    title: "PKCE",
    summary: "Makes a code verifier and its challenge, or checks one against the other",
    actions: &[Action {
        name: "",
        title: "Make",
        summary: "Makes a code verifier and its challenge, or checks one against the other",
        example: "vestibule pkce --verifier dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        fields: &[
            Field::new("verifier", Kind::Text, "Verifier", "A verifier to use instead of a new one").secret(),
            Field::new("challenge", Kind::Text, "Challenge", "A challenge that must be the verifier's"),
            Field::new(
                "method",
                Kind::Choice(&[Choice::new("S256", "S256"), Choice::legacy("plain", "plain")]),
                "Method",
                "How the challenge is made",
            )
            .default("S256"),
        ],
        prints: Prints::Report,
        work: Work::Once(run),
    }],
};

fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let challenge = input.text("challenge")?;
    let verifier = match input.text("verifier")? {
        Some(verifier) => verifier.to_string(),
        None if challenge.is_some() => return Err(input.missing("verifier").into()),
        None => fresh(env)?,
    };
    check(&verifier)?;
    let method = input.choice("method")?;
    // RFC 7636 §4.2.
    let own = match method {
        "plain" => verifier.clone(),
        _ => base64url::encode(env.provider.sha256(verifier.as_bytes())),
    };
    let right = challenge.as_ref().map(|challenge| challenge.trim() == own);
    let verdict = match right {
        None => Verdict::Done,
        Some(true) => Verdict::Yes,
        Some(false) => Verdict::No,
    };
    let mut output = Output::verdict(verdict)
        .line("verifier", "code_verifier", verifier)
        .line("challenge", "code_challenge", own.clone())
        .line("method", "code_challenge_method", method);
    if method == "plain" {
        let text = "plain hides nothing: whoever sees the request can redeem the code";
        output.notes.push(Note::new(Level::Warning, "pkce-plain", text).clause("RFC 9700 §2.1.1"));
    }
    if let Some(challenge) = challenge.filter(|_| right == Some(false)) {
        output.notes.push(mismatch(&challenge, &own, &output));
    }
    Ok(output)
}

/// RFC 7636 §4.1: 32 random bytes make 43 characters.
fn fresh(env: &Env<'_>) -> Result<String, ToolError> {
    let mut bytes = [0; 32];
    env.provider.fill_random(&mut bytes).map_err(ToolError::provider)?;
    Ok(base64url::encode(bytes))
}

/// RFC 7636 §4.1: 43 to 128 unreserved characters.
fn check(verifier: &str) -> Result<(), ToolError> {
    let wrong = |what: String| {
        ToolError::of("verifier", what, "take 43 to 128 of A-Z, a-z, 0-9, -, ., _ and ~ (RFC 7636 §4.1)")
    };
    if let Some(letter) = verifier.chars().find(|letter| !letter.is_ascii_alphanumeric() && !"-._~".contains(*letter)) {
        return Err(wrong(format!("a verifier cannot hold {letter:?}")));
    }
    match verifier.len() {
        43..=128 => Ok(()),
        len => Err(wrong(format!("the verifier has {len} characters"))),
    }
}

fn mismatch(challenge: &str, own: &str, output: &Output) -> Note {
    let note = Note::new(Level::Fault, "pkce-mismatch", "the challenge is not this verifier's").between(own, challenge);
    let verifier = output.result.get("code_verifier").and_then(|value| value.as_str());
    match challenge.trim() {
        same if Some(same) == verifier => note.cause("it is the verifier itself: the method was plain"),
        padded if padded.trim_end_matches('=') == own => note.cause("it is padded; base64url here has no ="),
        other if other.replace('+', "-").replace('/', "_").trim_end_matches('=') == own => {
            note.cause("it is base64 instead of base64url")
        }
        _ => note.cause("another verifier, or one that was changed between the two requests"),
    }
}
