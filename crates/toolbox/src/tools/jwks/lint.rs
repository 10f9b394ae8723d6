//! `jwks lint`: what is wrong with a set, by itself, by how it is served, and by the tokens in use.

use jose::Limits;
use jose::json::{Object, Value};
use jose::lint::{self, Finding, SetFacts};

use crate::input::{Given, Input};
use crate::need::{Halt, ToolError};
use crate::output::{Block, Output};
use crate::run::Env;
use crate::tools::findings;
use crate::tools::keys::object;
use crate::tools::sources::{self, Fetched};
use crate::tools::token::cleaned;

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let fetched = match input.given("set") {
        Some(Given::Url(url)) => Some(sources::fetch(input, url)?),
        _ => None,
    };
    let members = match &fetched {
        Some(fetched) => fetched.members.clone(),
        None => object("set", &input.required("set")?)?,
    };
    if members.contains_key("kty") && !members.contains_key("keys") {
        return Err(ToolError::of("set", "this is one key, and no set", "see jwk lint").into());
    }
    let text = input.text("tokens")?.unwrap_or_default();
    let tokens: Vec<String> = text.lines().filter(|line| !line.trim().is_empty()).map(|line| cleaned(line).0).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let found = look(env, &members, fetched.as_ref(), &tokens);
    let keys = members.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let rows = keys.iter().filter_map(Value::as_object).map(row).collect();
    let heads = ["kid", "kty", "curve or size", "alg", "use"].map(str::to_owned).to_vec();
    let output = Output::default().block(Block::Table { name: "keys".into(), heads, rows });
    Ok(findings::judged(output.member("keys", keys.len()), &found))
}

/// All findings about a set.
pub(super) fn look(env: &Env<'_>, members: &Object, fetched: Option<&Fetched>, tokens: &[&str]) -> Vec<Finding> {
    let text = Value::Object(members.clone()).to_string();
    let fetched = fetched.map(|fetched| {
        let header =
            |name: &str| fetched.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        lint::Fetched {
            url: &fetched.url,
            cache_control: header("cache-control"),
            expires: header("expires"),
            content_type: header("content-type"),
        }
    });
    let facts = SetFacts { fetched, tokens, limits: Limits::DEFAULT };
    lint::key_set(env.provider, text.as_bytes(), &facts)
}

fn row(key: &Object) -> Vec<String> {
    let text = |member: &str| key.get(member).and_then(Value::as_str);
    let cell = |member: &str| text(member).unwrap_or("-").to_owned();
    let modulus = text("n").and_then(|n| jose::base64url::decode(n).ok());
    let size = modulus.map(|n| format!("{} bits", n.len() * 8));
    let curve = text("crv").map(str::to_owned).or(size).unwrap_or_else(|| "-".into());
    vec![cell("kid"), cell("kty"), curve, cell("alg"), cell("use")]
}
