//! What a verifier demands of a token's signature and claims, from the fields that say it.

use jose::jwt::Rules;
use jose::{JwsAlgorithm, VerifyingKey};
use zeroize::Zeroizing;

use crate::definition::{Field, Kind};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::run::Env;

pub(super) const JWKS: Field = Field::new("jwks", Kind::Source, "Key set", "The issuer's JWK set");

pub(super) const ISSUER: Field =
    Field::new("issuer", Kind::Address, "Issuer", "The issuer's URL: its key set is fetched, and iss must be it")
        .example("https://id.example.com");

pub(super) const ALG: Field =
    Field::new("alg", Kind::Repeated, "Algorithms", "An algorithm that is allowed, instead of all that the keys serve");

pub(super) const ISS: Field = Field::new("iss", Kind::Text, "Expected issuer", "What iss must be");

pub(super) const AUD: Field =
    Field::new("aud", Kind::Repeated, "Expected audience", "What aud must hold; of several, one");

pub(super) const TYP: Field =
    Field::new("typ", Kind::Text, "Expected type", "What the header's typ must be").example("at+jwt");

pub(super) const LEEWAY: Field =
    Field::new("leeway", Kind::Duration, "Leeway", "By how much clocks may differ").default("0s");

/// The fields, read.
pub(super) struct Demands<'a> {
    pub(super) now: i64,
    allowed: Vec<JwsAlgorithm>,
    iss: Option<Zeroizing<String>>,
    typ: Option<Zeroizing<String>>,
    audiences: Vec<&'a str>,
    leeway: u32,
}

impl<'a> Demands<'a> {
    /// `issuer` is what `iss` must be where nothing else says it.
    pub(super) fn of<'k>(
        env: &Env<'_>,
        input: &'a Input,
        keys: impl Iterator<Item = &'k VerifyingKey>,
        issuer: Option<Zeroizing<String>>,
    ) -> Result<Self, Halt> {
        Ok(Self {
            now: input.moment("at").unwrap_or(env.now),
            allowed: allowed(input, keys)?,
            iss: input.text("iss")?.or(issuer),
            typ: input.text("typ")?,
            audiences: input.all("aud").collect(),
            leeway: u32::try_from(input.span("leeway").unwrap_or_default()).unwrap_or(u32::MAX),
        })
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        let mut rules = Rules::new(self.now, &self.allowed).leeway(self.leeway);
        if let Some(iss) = &self.iss {
            rules = rules.issuer(iss);
        }
        for audience in &self.audiences {
            rules = rules.audience(audience);
        }
        if let Some(typ) = &self.typ {
            rules = rules.typ(typ);
        }
        rules
    }
}

/// The algorithms that the caller allows, or all that the keys serve; the token has no say (RFC 8725 §3.1).
pub(super) fn allowed<'k>(
    input: &Input,
    keys: impl Iterator<Item = &'k VerifyingKey>,
) -> Result<Vec<JwsAlgorithm>, ToolError> {
    let named: Vec<&str> =
        input.all("alg").flat_map(|text| text.split([',', ' '])).filter(|name| !name.is_empty()).collect();
    if !named.is_empty() {
        return named.iter().map(|name| name.parse().map_err(|_| unknown_alg(name))).collect();
    }
    let mut all: Vec<_> = keys.flat_map(VerifyingKey::algs).collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// That an algorithm is not known, with the names that are.
pub(super) fn unknown_alg(name: &str) -> ToolError {
    let known: Vec<_> = JwsAlgorithm::ALL.iter().map(|alg| alg.as_str()).collect();
    ToolError::of(
        "alg",
        format!("there is no algorithm {:?}", crate::input::excerpt(name)),
        format!("take {}", known.join(", ")),
    )
}
