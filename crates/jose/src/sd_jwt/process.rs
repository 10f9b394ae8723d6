//! Putting the disclosures in the places of their digests (RFC 9901 §7.1, step 3 to 5).

use std::collections::{HashMap, HashSet};

use super::disclosure::{Disclosure, hash_named};
use super::{SdJwtError, pointer};
use crate::alg::Hash;
use crate::json::{Object, Value};
use crate::jwk::excerpt;
use crate::limits::Limits;
use crate::provider::Provider;

/// What comes of it.
pub(super) struct Processed {
    pub(super) claims: Object,
    pub(super) hash: Hash,
    /// For each disclosure, in their order, the pointer to what it shows.
    pub(super) places: Vec<String>,
}

/// Every disclosure is hashed once, and every digest looked up once.
pub(super) fn process(
    provider: &dyn Provider,
    mut payload: Object,
    disclosures: &[Disclosure],
    limits: &Limits,
) -> Result<Processed, SdJwtError> {
    let hash = hash_named(payload.remove("_sd_alg").as_ref())?;
    let mut by_digest = HashMap::with_capacity(disclosures.len());
    for (index, disclosure) in disclosures.iter().enumerate() {
        if by_digest.insert(disclosure.digest(provider, hash), index).is_some() {
            return Err(SdJwtError::DisclosedTwice(index));
        }
    }
    let places = vec![None; disclosures.len()];
    let mut walk = Walk { disclosures, by_digest, seen: HashSet::new(), places };
    let claims = walk.object(payload, "", limits.json_depth)?;
    let places = walk.places.into_iter().enumerate();
    let places = places.map(|(index, place)| place.ok_or(SdJwtError::Unreferenced(index)));
    Ok(Processed { claims, hash, places: places.collect::<Result<_, _>>()? })
}

struct Walk<'a> {
    disclosures: &'a [Disclosure],
    by_digest: HashMap<String, usize>,
    seen: HashSet<String>,
    places: Vec<Option<String>>,
}

impl Walk<'_> {
    fn value(&mut self, value: Value, place: &str, depth: usize) -> Result<Value, SdJwtError> {
        match value {
            Value::Object(members) => Ok(Value::Object(self.object(members, place, depth)?)),
            Value::Array(elements) => Ok(Value::Array(self.array(elements, place, depth)?)),
            plain => Ok(plain),
        }
    }

    fn object(&mut self, mut members: Object, place: &str, depth: usize) -> Result<Object, SdJwtError> {
        let depth = depth.checked_sub(1).ok_or(SdJwtError::Depth)?;
        let digests = digests(members.remove("_sd"))?;
        if members.contains_key("...") {
            return Err(SdJwtError::Digests("\"...\" stands where it is no element of an array by itself"));
        }
        let mut out = Object::new();
        for (name, value) in members {
            let value = self.value(value, &pointer::child(place, &name), depth)?;
            out.insert(name, value);
        }
        for digest in digests {
            let Some(index) = self.find(digest)? else { continue };
            let disclosure = &self.disclosures[index];
            let name = disclosure
                .name()
                .ok_or(SdJwtError::Disclosure { index, reason: "has no name, and its digest stands in \"_sd\"" })?;
            // `_sd_alg` is one word about the whole, and the issuer's (§4.1.1).
            if name == "_sd" || name == "..." || (place.is_empty() && name == "_sd_alg") {
                return Err(SdJwtError::Name { index, name: name.to_owned() });
            }
            if out.contains_key(name) {
                return Err(SdJwtError::Collision { index, name: excerpt(name) });
            }
            let inner = pointer::child(place, name);
            let value = self.value(disclosure.value().clone(), &inner, depth)?;
            out.insert(name.to_owned(), value);
            self.places[index] = Some(inner);
        }
        Ok(out)
    }

    fn array(&mut self, elements: Vec<Value>, place: &str, depth: usize) -> Result<Vec<Value>, SdJwtError> {
        let depth = depth.checked_sub(1).ok_or(SdJwtError::Depth)?;
        let mut out = Vec::with_capacity(elements.len());
        for (at, element) in elements.into_iter().enumerate() {
            // The pointer counts the elements that the issuer wrote, so that it does not change with what is shown.
            let inner = pointer::child(place, &at.to_string());
            match element {
                Value::Object(mut members) if members.len() == 1 && members.contains_key("...") => {
                    let Some(Value::String(digest)) = members.remove("...") else {
                        return Err(SdJwtError::Digests("\"...\" is not a string"));
                    };
                    let Some(index) = self.find(digest)? else { continue };
                    let disclosure = &self.disclosures[index];
                    if disclosure.name().is_some() {
                        let reason = "has a name, and its digest stands in an array";
                        return Err(SdJwtError::Disclosure { index, reason });
                    }
                    out.push(self.value(disclosure.value().clone(), &inner, depth)?);
                    self.places[index] = Some(inner);
                }
                other => out.push(self.value(other, &inner, depth)?),
            }
        }
        Ok(out)
    }

    /// The disclosure of a digest, if it was disclosed. No digest may be met twice (§7.1 step 4), decoys included.
    fn find(&mut self, digest: String) -> Result<Option<usize>, SdJwtError> {
        if self.seen.contains(&digest) {
            return Err(SdJwtError::Twice(excerpt(&digest)));
        }
        let index = self.by_digest.get(&digest).copied();
        self.seen.insert(digest);
        Ok(index)
    }
}

fn digests(sd: Option<Value>) -> Result<Vec<String>, SdJwtError> {
    const WRONG: SdJwtError = SdJwtError::Digests("\"_sd\" is not an array of strings");
    match sd {
        None => Ok(Vec::new()),
        Some(Value::Array(digests)) => {
            let each = digests.into_iter().map(|digest| match digest {
                Value::String(digest) => Ok(digest),
                _ => Err(WRONG),
            });
            each.collect()
        }
        Some(_) => Err(WRONG),
    }
}
