//! `sd-jwt issue`.

use jose::Limits;
use jose::alg::Hash;
use jose::json::Value;
use jose::jwt::{HeaderExtras, Signer};
use jose::sd_jwt::{Issuance, SdJwt};
use serde_json::json;

use super::{not_made, pointers, unreadable, written};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output};
use crate::run::Env;
use crate::tools::jwt::{header_text, lifetime};
use crate::tools::keys::{only, refused};
use crate::tools::signer;

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let mut claims = input.object("claims")?.ok_or_else(|| input.missing("claims"))?;
    lifetime(env, input, &mut claims);
    let mut header = input.object("header")?.unwrap_or_default();
    let signer::Signer { key, notes } = signer::of(env, input, &mut header)?;
    let (typ, cty) = (header_text(&mut header, "typ")?, header_text(&mut header, "cty")?);
    let extras = HeaderExtras { typ: typ.as_deref(), cty: cty.as_deref(), members: header };
    let alg = key.alg();
    let signer = Signer::new(key, &extras)
        .map_err(|error| ToolError::new(error.to_string(), "correct the header, or take another key"))?;
    let holder = match input.given("holder") {
        Some(_) => {
            let key = only(env, input, "holder")?.verifying_key(env.provider, None);
            Some(key.map_err(|error| refused("holder", &error))?)
        }
        None => None,
    };
    let hidden = pointers(input, "hide");
    let mut issuance = Issuance::new(claims).hash(hash(input)?);
    for pointer in &hidden {
        issuance = issuance.hide(pointer);
    }
    if let Some(count) = input.number("decoys").and_then(|count| usize::try_from(count).ok()) {
        issuance = issuance.decoys("", count);
    }
    if let Some(holder) = &holder {
        issuance = issuance.holder(holder);
    }
    let issued = issuance.issue(env.provider, &signer).map_err(|error| not_made(&error))?;
    let mut output = Output::value("sd_jwt", written(input, &issued)?).member("alg", alg.as_str());
    output.notes = notes;
    output = with_places(env, output, &issued)?;
    if hidden.is_empty() {
        let text = "no claim can be withheld: whoever gets the token sees all of it";
        output.notes.push(Note::new(Level::Warning, "sd-jwt-nothing-hidden", text).cause("name them with --hide"));
    }
    Ok(output)
}

/// Which claims can be withheld.
fn with_places(env: &Env<'_>, mut output: Output, issued: &SdJwt) -> Result<Output, Halt> {
    let mut places = issued.places(env.provider, &Limits::DEFAULT).map_err(|error| unreadable(&error))?;
    places.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    let rows = places.iter().map(|place| vec![place.pointer.clone(), place.disclosure.value().to_string()]).collect();
    let heads = ["claim", "value"].map(str::to_owned).to_vec();
    output.blocks.push(Block::Table { name: "can be withheld".into(), heads, rows });
    let members = places.iter().map(|place| json!({"pointer": place.pointer, "value": place.disclosure.value()}));
    Ok(output.member("disclosures", members.collect::<Value>()))
}

fn hash(input: &Input) -> Result<Hash, Halt> {
    Ok(match input.choice("hash")? {
        "sha-384" => Hash::Sha384,
        "sha-512" => Hash::Sha512,
        _ => Hash::Sha256,
    })
}
