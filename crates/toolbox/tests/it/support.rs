//! A call of a tool with its fields as text.

use jose::json::Value;
use toolbox::{Env, Fact, Given, Halt, Input, Need, Output, Started, ToolError, find, start};
use vestibule_toolbox as toolbox;
use zeroize::Zeroizing;

/// The time of the tests, unless they say another: 2023-11-14T22:13:20Z.
pub(crate) const NOW: i64 = 1_700_000_000;

/// Calls `tool action` with these fields at [`NOW`].
pub(crate) fn call(name: &str, fields: &[(&str, &str)]) -> Result<Output, ToolError> {
    call_at(NOW, name, fields)
}

/// The same at a time of its own. `field-hex` and `field-base64` give bytes in these encodings.
pub(crate) fn call_at(now: i64, name: &str, fields: &[(&str, &str)]) -> Result<Output, ToolError> {
    let (tool, action) = name.split_once(' ').unwrap_or((name, ""));
    let action = find(tool, action).unwrap_or_else(|| panic!("there is no {name}"));
    let mut input = Input::new(action);
    for (field, text) in fields {
        let encoded = toolbox::encoding::Encoding::ALL.iter().find_map(|encoding| {
            let field = field.strip_suffix(encoding.as_str())?.strip_suffix('-')?;
            Some((field, Given::Encoded(*encoding, Zeroizing::new((*text).to_owned()))))
        });
        match encoded {
            Some((field, given)) => input.give(field, given)?,
            None if action.field(field).is_some_and(|known| matches!(known.kind, toolbox::Kind::Flag)) => {
                input.give(field, Given::Flag)?;
            }
            None => input.give_text(field, text)?,
        }
    }
    run(now, input, &[])
}

/// Calls with documents that can be fetched: URL, status, headers, body. `field-url` gives a URL.
pub(crate) fn fetching(name: &str, fields: &[(&str, &str)], web: &[Document<'_>]) -> Result<Output, ToolError> {
    let (tool, action) = name.split_once(' ').unwrap_or((name, ""));
    let mut input = Input::new(find(tool, action).unwrap_or_else(|| panic!("there is no {name}")));
    for (field, text) in fields {
        match field.strip_suffix("-url") {
            Some(field) => input.give(field, Given::Url((*text).to_owned()))?,
            None => input.give_text(field, text)?,
        }
    }
    run(NOW, input, web)
}

/// What is at a URL.
pub(crate) type Document<'a> = (&'a str, u16, &'a [(&'a str, &'a str)], &'a str);

fn run(now: i64, mut input: Input, web: &[Document<'_>]) -> Result<Output, ToolError> {
    let env = Env { provider: jose::provider::aws_lc(), now };
    loop {
        match start(&env, &input) {
            Ok(Started::Done(output)) => return Ok(output),
            Ok(Started::Stream(_)) => panic!("nothing is streamed here"),
            Err(Halt::Error(error)) => return Err(error),
            Err(Halt::Need(need)) => {
                let Need::Fetch(url) = &need else { panic!("{need:?} is needed") };
                let found = web.iter().find(|(known, ..)| known == url);
                let (_, status, headers, body) = found.copied().unwrap_or((url, 404, &[], ""));
                let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
                let fact = Fact::Fetched { status, headers: headers.collect(), body: body.as_bytes().to_vec() };
                input.tell(need, fact);
            }
        }
    }
}

/// Calls what must succeed.
pub(crate) fn done(name: &str, fields: &[(&str, &str)]) -> Output {
    call(name, fields).unwrap_or_else(|error| panic!("{name} {fields:?}: {error}"))
}

/// Calls what must be refused, and answers the message.
pub(crate) fn refused(name: &str, fields: &[(&str, &str)]) -> String {
    match call(name, fields) {
        Err(error) => error.to_string(),
        Ok(output) => panic!("{name} {fields:?} was not refused: {:?}", output.result),
    }
}

/// A member of the result as text.
pub(crate) fn member(output: &Output, name: &str) -> String {
    match output.result.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => panic!("there is no {name} in {:?}", output.result),
    }
}

/// The codes of all notes.
pub(crate) fn codes(output: &Output) -> Vec<&str> {
    output.notes.iter().map(|note| note.code.as_str()).collect()
}

/// A key that is made for this test, as a JWK with its private half.
pub(crate) fn made(fields: &[(&str, &str)]) -> String {
    done("jwk generate", fields).text().expect("text").to_owned()
}

/// The public half of a key.
pub(crate) fn public(key: &str) -> String {
    done("jwk public", &[("file", key)]).text().expect("text").to_owned()
}
