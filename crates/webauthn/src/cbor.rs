//! CBOR as CTAP2 wants it (CTAP 2.1 §8; RFC 8949): definite lengths, shortest numbers, no tags, no floats, no key twice,
//! at most four levels deep. The order of keys is not looked at, since many authenticators get it wrong and nothing
//! rests on it.

use crate::error::Refusal;

/// A value, lying in the bytes that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Int(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Value<'a>>),
    Map(Map<'a>),
    Bool(bool),
    Null,
}

/// The pairs of a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Map<'a>(Vec<(Value<'a>, Value<'a>)>);

impl<'a> Map<'a> {
    pub(crate) fn text(&self, key: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(name, _)| matches!(name, Value::Text(name) if *name == key)).map(|(_, value)| value)
    }

    /// The member of this name, taken out.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value<'a>> {
        let at = self.0.iter().position(|(name, _)| *name == Value::Text(key))?;
        Some(self.0.swap_remove(at).1)
    }

    pub(crate) fn number(&self, key: i64) -> Option<&Value<'a>> {
        self.0.iter().find(|(name, _)| *name == Value::Int(key)).map(|(_, value)| value)
    }

    pub(crate) fn int(&self, key: i64) -> Option<i64> {
        match self.number(key) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn bytes(&self, key: i64) -> Option<&'a [u8]> {
        match self.number(key) {
            Some(Value::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads one map and gives what follows it.
pub(crate) fn map(bytes: &[u8]) -> Result<(Map<'_>, &[u8]), Refusal> {
    let mut reader = Reader { rest: bytes };
    match reader.value(DEPTH)? {
        Value::Map(map) => Ok((map, reader.rest)),
        _ => Err(Refusal::Cbor("a map is expected")),
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value<'a>, Refusal> {
        let first = self.take(1)?[0];
        let (major, minor) = (first >> 5, first & 0x1f);
        if major == 7 {
            return match minor {
                20 => Ok(Value::Bool(false)),
                21 => Ok(Value::Bool(true)),
                22 => Ok(Value::Null),
                _ => Err(Refusal::Cbor("a float or an unknown simple value")),
            };
        }
        let argument = self.argument(minor)?;
        match major {
            0 => i64::try_from(argument).map(Value::Int).map_err(|_| TOO_LARGE),
            1 => i64::try_from(argument).map(|number| Value::Int(-1 - number)).map_err(|_| TOO_LARGE),
            2 => Ok(Value::Bytes(self.take(length(argument)?)?)),
            3 => {
                let text = str::from_utf8(self.take(length(argument)?)?);
                text.map(Value::Text).map_err(|_| Refusal::Cbor("a text is not UTF-8"))
            }
            4 => self.array(argument, depth),
            5 => self.map(argument, depth),
            _ => Err(Refusal::Cbor("a tag")),
        }
    }

    fn array(&mut self, count: u64, depth: usize) -> Result<Value<'a>, Refusal> {
        let depth = depth.checked_sub(1).ok_or(TOO_DEEP)?;
        // Each element has a byte at least, so nothing is reserved for what cannot be there.
        let mut elements = Vec::new();
        for _ in 0..self.possible(count, 1)? {
            elements.push(self.value(depth)?);
        }
        Ok(Value::Array(elements))
    }

    fn map(&mut self, count: u64, depth: usize) -> Result<Value<'a>, Refusal> {
        let depth = depth.checked_sub(1).ok_or(TOO_DEEP)?;
        if count > MEMBERS {
            return Err(Refusal::Cbor("a map has too many members"));
        }
        let mut pairs: Vec<(Value<'a>, Value<'a>)> = Vec::new();
        for _ in 0..self.possible(count, 2)? {
            let key = self.value(0)?;
            if pairs.iter().any(|(known, _)| *known == key) {
                return Err(Refusal::Cbor("a key stands twice in a map"));
            }
            pairs.push((key, self.value(depth)?));
        }
        Ok(Value::Map(Map(pairs)))
    }

    /// The number behind the first byte, in its shortest form.
    fn argument(&mut self, minor: u8) -> Result<u64, Refusal> {
        let (len, least) = match minor {
            0..24 => return Ok(u64::from(minor)),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err(Refusal::Cbor("an indefinite length")),
        };
        let number = self.take(len)?.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        if number < least { Err(Refusal::Cbor("a number is not in its shortest form")) } else { Ok(number) }
    }

    /// So many elements of so many bytes at least must fit in what is left.
    fn possible(&self, count: u64, least: usize) -> Result<usize, Refusal> {
        let count = length(count)?;
        if count > self.rest.len() / least { Err(TRUNCATED) } else { Ok(count) }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Refusal> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(taken)
    }
}

fn length(argument: u64) -> Result<usize, Refusal> {
    usize::try_from(argument).map_err(|_| TRUNCATED)
}

const TRUNCATED: Refusal = Refusal::Cbor("it ends too early");
const TOO_LARGE: Refusal = Refusal::Cbor("a number is too large");
const TOO_DEEP: Refusal = Refusal::Cbor("it is nested too deep");

/// CTAP 2.1 §8: four levels.
const DEPTH: usize = 4;
const MEMBERS: u64 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Value<'_>, Refusal> {
        let mut reader = Reader { rest: bytes };
        let value = reader.value(DEPTH)?;
        if reader.rest.is_empty() { Ok(value) } else { Err(Refusal::Cbor("more follows")) }
    }

    /// Examples of RFC 8949 appendix A.
    #[test]
    fn the_rfcs_examples_are_read() {
        assert_eq!(read(&[0x17]), Ok(Value::Int(23)));
        assert_eq!(read(&[0x18, 0x18]), Ok(Value::Int(24)));
        assert_eq!(read(&[0x19, 0x03, 0xe8]), Ok(Value::Int(1000)));
        assert_eq!(read(&[0x1b, 0, 0, 0, 0xe8, 0xd4, 0xa5, 0x10, 0]), Ok(Value::Int(1_000_000_000_000)));
        assert_eq!(read(&[0x38, 0x63]), Ok(Value::Int(-100)));
        assert_eq!(read(&[0x39, 0x03, 0xe7]), Ok(Value::Int(-1000)));
        assert_eq!(read(&[0xf5]), Ok(Value::Bool(true)));
        assert_eq!(read(&[0xf6]), Ok(Value::Null));
        assert_eq!(read(&[0x44, 1, 2, 3, 4]), Ok(Value::Bytes(&[1, 2, 3, 4])));
        assert_eq!(read(&[0x64, 0x49, 0x45, 0x54, 0x46]), Ok(Value::Text("IETF")));
        let Ok(Value::Map(map)) = read(&[0xa2, 0x01, 0x02, 0x61, 0x61, 0x82, 0x03, 0x04]) else { panic!("a map") };
        assert_eq!(map.int(1), Some(2));
        assert_eq!(map.text("a"), Some(&Value::Array(vec![Value::Int(3), Value::Int(4)])));
    }

    #[test]
    fn what_ctap2_forbids_is_refused() {
        for (bytes, reason) in [
            (&[0x18, 0x17][..], "a number is not in its shortest form"),
            (&[0x19, 0x00, 0xff], "a number is not in its shortest form"),
            (&[0x58, 0x01, 0x00], "a number is not in its shortest form"),
            (&[0x5f, 0x41, 0x00, 0xff], "an indefinite length"),
            (&[0xc0, 0x00], "a tag"),
            (&[0xf9, 0x3c, 0x00], "a float or an unknown simple value"),
            (&[0xa2, 0x01, 0x02, 0x01, 0x03], "a key stands twice in a map"),
            (&[0x81, 0x81, 0x81, 0x81, 0x81, 0x00], "it is nested too deep"),
            (&[0xa1, 0x81, 0x00, 0x00], "it is nested too deep"),
            (&[0x44, 0x00], "it ends too early"),
            (&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "it ends too early"),
            (&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "a number is too large"),
            (&[0x61, 0xff], "a text is not UTF-8"),
            (&[0xb8, 0x41], "a map has too many members"),
            (&[], "it ends too early"),
        ] {
            assert_eq!(read(bytes), Err(Refusal::Cbor(reason)), "{bytes:02x?}");
        }
    }
}
