//! The header of most tokens: `alg`, and of `kid`, `typ` and `cty` what there is, all strings.

use std::sync::OnceLock;

use crate::json::Object;
use crate::json::plain::{Members, Unusual};

/// Such a header, kept as the text that it was; its members are put together when they are asked for.
#[derive(Clone)]
pub(super) struct Named {
    text: Box<str>,
    places: [Option<(u16, u16)>; NAMES.len()],
    members: OnceLock<Box<Object>>,
}

impl Named {
    /// Takes the JSON of a header if it is one of these, and gives it back if not.
    pub(super) fn read(json: Vec<u8>, depth: usize) -> Result<Self, Vec<u8>> {
        let Ok(places) = places(&json, depth) else { return Err(json) };
        let text = String::from_utf8(json).map_err(std::string::FromUtf8Error::into_bytes)?;
        Ok(Self { text: text.into_boxed_str(), places, members: OnceLock::new() })
    }

    /// The member of this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let place = NAMES.iter().position(|own| *own == name)?;
        let (start, end) = self.places[place]?;
        self.text.get(usize::from(start)..usize::from(end))
    }

    /// All of them.
    pub(super) fn members(&self) -> &Object {
        self.members.get_or_init(|| {
            let named = NAMES.iter().filter_map(|name| Some(((*name).to_owned(), self.get(name)?.into())));
            Box::new(named.collect())
        })
    }
}

fn places(json: &[u8], depth: usize) -> Result<[Option<(u16, u16)>; NAMES.len()], Unusual> {
    let mut places = [const { None }; NAMES.len()];
    let mut members = Members::new(json, depth)?;
    while let Some((name, value)) = members.next()? {
        let place = NAMES.iter().position(|own| *own == name).ok_or(Unusual)?;
        let text = value.text().ok_or(Unusual)?;
        let start = text.as_ptr() as usize - json.as_ptr() as usize;
        let short = |at: usize| u16::try_from(at).map_err(|_| Unusual);
        places[place] = Some((short(start)?, short(start + text.len())?));
    }
    // Without `alg` it is no header, which is the other reader's to say.
    if places[0].is_none() { Err(Unusual) } else { Ok(places) }
}

const NAMES: [&str; 4] = ["alg", "kid", "typ", "cty"];
