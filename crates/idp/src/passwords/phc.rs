//! The PHC string of an Argon2id hash: `$argon2id$v=19$m=19456,t=2,p=1$SALT$OUTPUT`.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::PasswordError;
use crate::settings::PasswordSettings;

/// What a hash costs (RFC 9106 §3.1); within what Argon2 allows and a server can bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

impl Cost {
    pub(super) fn of(settings: &PasswordSettings) -> Result<Self, PasswordError> {
        Self::new(settings.memory_kib.get(), settings.passes.get(), settings.lanes.get()).ok_or(PasswordError::Stopped)
    }

    fn new(memory_kib: u32, passes: u32, lanes: u32) -> Option<Self> {
        let cost = Self { memory_kib, passes, lanes };
        let bearable = memory_kib <= MAX_MEMORY_KIB && passes <= MAX_PASSES && lanes <= MAX_LANES;
        (bearable && cost.params(32).is_ok()).then_some(cost)
    }

    pub(super) fn params(self, length: usize) -> argon2::Result<argon2::Params> {
        argon2::Params::new(self.memory_kib, self.passes, self.lanes, Some(length))
    }
}

/// A hash taken apart.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Phc {
    pub(super) cost: Cost,
    pub(super) salt: Vec<u8>,
    pub(super) output: Vec<u8>,
}

/// The text is no Argon2id hash that this program could have made or imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotAPhcString;

impl fmt::Display for Phc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let (salt, output) = (STANDARD_NO_PAD.encode(&self.salt), STANDARD_NO_PAD.encode(&self.output));
        write!(f, "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${output}")
    }
}

impl FromStr for Phc {
    type Err = NotAPhcString;

    fn from_str(text: &str) -> Result<Self, NotAPhcString> {
        parse(text).ok_or(NotAPhcString)
    }
}

fn parse(text: &str) -> Option<Phc> {
    let mut fields = text.strip_prefix("$argon2id$v=19$")?.split('$');
    let (cost, salt, output) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    let mut parts = cost.split(',');
    let mut number = |name| parts.next()?.strip_prefix(name)?.parse().ok();
    let cost = Cost::new(number("m=")?, number("t=")?, number("p=")?)?;
    if parts.next().is_some() {
        return None;
    }
    let (salt, output) = (STANDARD_NO_PAD.decode(salt).ok()?, STANDARD_NO_PAD.decode(output).ok()?);
    let usable = (8..=64).contains(&salt.len()) && (16..=64).contains(&output.len());
    usable.then_some(Phc { cost, salt, output })
}

/// A row that claims more would let whoever writes rows exhaust the server.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "$argon2id$v=19$m=64,t=3,p=2$AgICAgICAgI$AQEBAQEBAQEBAQEBAQEBAQ";

    #[test]
    fn text_comes_back_as_the_same_text() {
        let phc: Phc = TEXT.parse().ok().unwrap();
        assert_eq!(phc.cost, Cost { memory_kib: 64, passes: 3, lanes: 2 });
        assert_eq!((phc.salt.as_slice(), phc.output.as_slice()), ([2; 8].as_slice(), [1; 16].as_slice()));
        assert_eq!(phc.to_string(), TEXT);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            String::new(),
            TEXT.replace("argon2id", "argon2i"),
            TEXT.replace("v=19", "v=16"),
            TEXT.replace("m=64,t=3", "t=3,m=64"),
            TEXT.replace("m=64", "m=4294967295"),
            TEXT.replace("t=3", "t=1000"),
            TEXT.replace("p=2", "p=2,x=1"),
            TEXT.replace("AgICAgICAgI", "AgI"),
            format!("{TEXT}$AAAA"),
            format!("{TEXT}="),
        ] {
            assert!(text.parse::<Phc>().is_err(), "{text}");
        }
    }
}
