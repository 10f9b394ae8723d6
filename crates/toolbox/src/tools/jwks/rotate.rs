//! `jwks rotate`: a rotation without an outage.
//!
//! A key is published before it signs, so that every cache has it by then; and it stays published after it last signed,
//! until the last token by it has expired.

mod picture;

use jose::JwsAlgorithm;
use jose::json::Value;
use jose::jwk::{Jwk, KeyUse, Layout, NewKey, set_to_json};
use serde_json::json;

use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output};
use crate::run::Env;
use crate::time;
use crate::tools::demands::unknown_alg;
use crate::tools::keys::{Ring, refused};

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let name = input.choice("alg")?;
    let alg: JwsAlgorithm = name.parse().map_err(|_| unknown_alg(name))?;
    if alg.is_symmetric() {
        let what = format!("{alg} has no public half that a set could publish");
        return Err(ToolError::of("alg", what, "take an algorithm with a key pair, such as ES256").into());
    }
    let mut ring = Ring::default();
    if let Some(text) = input.bytes("set")? {
        ring.add(env.provider, "set", &text, None)?;
    }
    let [cache, token] = ["cache-lifetime", "token-lifetime"].map(|field| input.span(field).unwrap_or_default());
    let published = input.moment("at").unwrap_or(env.now);
    // Clocks differ; a reader that is a little behind must not meet an unknown key.
    let signs = published.saturating_add(cache).saturating_add(SKEW);
    let removed = signs.saturating_add(token).saturating_add(SKEW);
    let next = next_key(env, alg)?;
    let public = |key: &Jwk| key.public();
    let old: Vec<Jwk> = ring.keys.iter().filter_map(public).collect();
    let new: Vec<Jwk> = public(&next).into_iter().collect();
    let both = [old.as_slice(), new.as_slice()].concat();
    let row = |step: &str, moment: i64, what: &str| {
        vec![step.to_owned(), time::format(moment), time::relative(moment, env.now), what.to_owned()]
    };
    let rows = vec![
        row("1", published, "publish the next key beside the old ones; go on signing with the old"),
        row("2", signs, "every cache has it: sign with the next key from now on"),
        row("3", removed, "the last token by the old keys has expired: take them out of the set"),
    ];
    let waits =
        picture::Waits { until_signing: signs.saturating_sub(published), until_removal: removed.saturating_sub(signs) };
    let mut output = Output { notes: ring.notes, ..Output::default() };
    output.blocks.push(waits.draw());
    output.blocks.push(Block::Table {
        name: "timeline".into(),
        heads: ["step", "when", "from now", "what"].map(str::to_owned).to_vec(),
        rows,
    });
    output.blocks.push(Block::Secret { name: "the next key, private".into(), text: next.to_json(Layout::Lines) });
    output.blocks.push(Block::Text {
        name: "the set to publish now".into(),
        text: set_to_json(&both, Layout::Lines).to_string(),
    });
    output
        .blocks
        .push(Block::Text { name: "the set at the end".into(), text: set_to_json(&new, Layout::Lines).to_string() });
    if old.is_empty() {
        let text = "no set was given: the plan is that of the next key alone";
        output.notes.push(Note::new(Level::Info, "rotate-no-set", text));
    }
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    Ok(output
        .member(
            "timeline",
            json!([
                {"at": time::format(published), "action": "publish"},
                {"at": time::format(signs), "action": "sign"},
                {"at": time::format(removed), "action": "remove"},
            ]),
        )
        .member("next", parsed(&next.to_json(Layout::Compact)))
        .member("set_now", parsed(&set_to_json(&both, Layout::Compact)))
        .member("set_end", parsed(&set_to_json(&new, Layout::Compact))))
}

fn next_key(env: &Env<'_>, alg: JwsAlgorithm) -> Result<Jwk, Halt> {
    let wrong = |error| refused("alg", &error);
    let what = NewKey::named(alg.kty(), None, None, Some(alg.into())).map_err(wrong)?;
    let key = Jwk::generate(env.provider, what).and_then(|key| key.with_alg(alg.into()));
    Ok(key.and_then(|key| key.with_use(KeyUse::Signature)).map_err(wrong)?)
}

const SKEW: i64 = 60;
