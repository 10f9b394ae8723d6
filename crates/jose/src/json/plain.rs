//! The JSON that most tokens are made of, read where it lies: an object of strings without escapes, whole numbers,
//! booleans, null, and arrays and objects of strings, on one line. Whatever else there is, right or wrong, is left to [`super::parse`],
//! which also knows how to name what is wrong. What is read here, it reads alike; a test holds both against each other.

mod access;
mod reader;
mod value;

pub(crate) use access::read;
use reader::Reader;
pub(crate) use value::{Named, Plain, Sort};

use crate::find::has_no_escape;

/// The text is of another sort, or the caller's type of another shape: not wrong because of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not plain")]
pub(crate) struct Unusual;

/// Goes through the members of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Members<'a> {
    reader: Reader<'a>,
    count: u32,
    /// A bit for each name that was met, chosen by a few of its signs: names of different bits are different.
    met: u64,
}

impl<'a> Members<'a> {
    /// Begins with an object; it may nest at most `depth` deep.
    #[inline(always)]
    pub(crate) fn new(text: &'a [u8], depth: usize) -> Result<Self, Unusual> {
        if !has_no_escape(text) || depth < DEPTH || text.len() > BYTES {
            return Err(Unusual);
        }
        Ok(Self::of(std::str::from_utf8(text).map_err(|_| Unusual)?))
    }

    #[inline(always)]
    fn of(text: &'a str) -> Self {
        Self { reader: Reader::new(text), count: 0, met: 0 }
    }

    /// The next member; after the last nothing may follow. Part of whoever calls it, so that the member is not handed on
    /// through memory.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Result<Option<(&'a str, Plain<'a>)>, Unusual> {
        let begun = if self.count == 0 { self.reader.first_name()? } else { self.reader.next_name()? };
        if !begun {
            return Ok(None);
        }
        let (name, value) = self.reader.member()?;
        let bit = bit(name);
        if self.met & bit != 0 && has_met(self.reader.whole(), self.count, name) || self.count == MEMBERS {
            return Err(Unusual);
        }
        (self.met, self.count) = (self.met | bit, self.count + 1);
        Ok(Some((name, value)))
    }

    /// The text of the object.
    pub(crate) fn whole(&self) -> &'a str {
        self.reader.whole()
    }
}

/// Whether the name is among so many of the first.
#[cold]
fn has_met(text: &str, count: u32, name: &str) -> bool {
    let mut members = Members::of(text);
    (0..count).map_while(|_| members.next().ok().flatten()).any(|(own, _)| own == name)
}

/// The member of this name in the text of an object that was gone through before.
pub(crate) fn get<'a>(text: &'a str, name: &str) -> Option<Plain<'a>> {
    let mut members = Members::of(text);
    std::iter::from_fn(|| members.next().ok().flatten()).find(|(own, _)| *own == name).map(|(_, value)| value)
}

fn bit(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or_default(), bytes.last().copied().unwrap_or_default());
    1 << ((usize::from(first) * 5 + usize::from(last) * 3 + bytes.len()) & 63)
}

/// An object and what is in it.
pub(crate) const DEPTH: usize = 2;
/// The shortest element takes three, so that no more are read than [`super::parse`] reads.
const BYTES: usize = 3 * super::MOST_VALUES;
/// What compares each name with those before must not have many of them.
const MEMBERS: u32 = 64;
/// So many elements of an array, and no more, stay within what the other parser takes; an object within has 64 members
/// at most, which is the bits there are.
const ELEMENTS: usize = 192;
const _: () = assert!(MEMBERS as usize * (1 + ELEMENTS) <= super::MOST_VALUES);

#[cfg(test)]
mod tests {
    use super::super::{Object, Value, parse};
    use super::*;

    /// What is read here, once as members and once through serde, is what the other parser reads.
    fn same(text: &[u8]) -> bool {
        let mut seen = Object::new();
        let Ok(mut members) = Members::new(text, 16) else { return false };
        loop {
            match members.next() {
                Ok(Some((name, value))) => drop(seen.insert(name.to_owned(), json(value))),
                Ok(None) => break,
                Err(Unusual) => return false,
            }
        }
        let read = parse(text, usize::MAX, 16).expect("the other parser reads it too");
        assert_eq!(read, Value::Object(seen), "{}", String::from_utf8_lossy(text));
        let mut seen = Object::new();
        let members = Members::new(text, 16).expect("an object");
        let object = super::read(members, &mut |name: &str, value| drop(seen.insert(name.to_owned(), json(value))));
        assert_eq!((&read, &read), (&Value::Object(object.expect("an object")), &Value::Object(seen)));
        let text = std::str::from_utf8(text).expect("UTF-8");
        for (name, value) in read.as_object().expect("an object") {
            assert_eq!(get(text, name).map(json).as_ref(), Some(value));
        }
        assert!(get(text, "not there").is_none());
        true
    }

    fn json(value: Plain<'_>) -> Value {
        match value.sort() {
            Sort::Null => Value::Null,
            Sort::Bool => (value.number == 1).into(),
            Sort::Number => value.number().into(),
            Sort::Text => value.text().into(),
            Sort::Texts => value.texts().into_iter().flatten().collect(),
            Sort::Named => {
                let members = Named::of(value.inside()).map(|(name, text)| (name.to_owned(), text.into()));
                Value::Object(members.collect())
            }
        }
    }

    #[test]
    fn what_is_plain_is_read_alike() {
        for text in [
            r#"{}"#,
            r#"{ }"#,
            r#"{"a":""}"#,
            r#"{"iss":"https://id.example.com","exp":1700003600,"aud":["a","b"],"x":null,"y":true,"z":false}"#,
            r#" {"a":1}"#,
            r#"{ "a" : 1 , "b" : -2 , "c" : [ "x" , "y" ] , "d" : [ ] , "e" : [] } "#,
            r#"{"ä":"ö ü 🦀","":"empty"}"#,
            r#"{"a":0,"b":999999999999999999,"c":-999999999999999999}"#,
            r#"{"ab":1,"ba":2,"aab":3,"cb":4,"da":5}"#,
            r#"{"a":{},"b":{ },"c":{"d":"e"},"f":{ "g" : "h" , "i" : "" } }"#,
            r#"{"epk":{"kty":"EC","crv":"P-256","x":"a","y":"b"},"cnf":{"jkt":"c","x5t#S256":"d"}}"#,
        ] {
            assert!(same(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_other_parser() {
        for text in [
            "",
            "[]",
            "{",
            r#"{"a":1}x"#,
            r#"{"a":1}{}"#,
            r#"{"a":1,}"#,
            r#"{,"a":1}"#,
            r#"{"a":1 "b":2}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"aud":1,"b":2,"aud":3}"#,
            r#"{"a":01}"#,
            r#"{"a":-0}"#,
            r#"{"a":-}"#,
            r#"{"a":1.5}"#,
            r#"{"a":1e3}"#,
            r#"{"a":1000000000000000000}"#,
            r#"{"a":18446744073709551616}"#,
            r#"{"a":"\u0061"}"#,
            "{\"a\":\"\n\"}",
            "{\"a\":\"\x00\"}",
            "{\n\"a\":1}",
            r#"{"a":{"b":1}}"#,
            r#"{"a":{"b":"c","b":"c"}}"#,
            r#"{"a":{"b":"c",}}"#,
            r#"{"a":{,"b":"c"}}"#,
            r#"{"a":{"b":"c" "d":"e"}}"#,
            r#"{"a":{"b":{}}}"#,
            r#"{"a":{"b":["c"]}}"#,
            r#"{"a":{"b"}}"#,
            r#"{"a":{"b":"c"]}"#,
            r#"{"a":{"b":"c"}"#,
            r#"{"a":[1]}"#,
            r#"{"a":["x",]}"#,
            r#"{"a":["x""y"]}"#,
            r#"{"a":[["x"]]}"#,
            r#"{"a":[{}]}"#,
            r#"{"a":nul}"#,
            r#"{"a":truefalse}"#,
            r#"{a:1}"#,
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":"b}"#,
        ] {
            assert!(!same(text.as_bytes()), "{text}");
        }
        assert!(!same(b"{\"a\":\"\xff\"}"));
        assert!(Members::new(b"{}", 1).is_err(), "a depth that arrays would pass");
        let many: Vec<String> = (0..65).map(|at| format!("\"{at}\":0")).collect();
        assert!(same(format!("{{{}}}", many[..64].join(",")).as_bytes()));
        assert!(!same(format!("{{{}}}", many.join(",")).as_bytes()), "more members than are compared");
        let elements = |count: usize| format!("{{\"a\":[{}\"\"]}}", "\"\",".repeat(count - 1));
        assert!(same(elements(ELEMENTS).as_bytes()));
        assert!(!same(elements(ELEMENTS + 1).as_bytes()), "more elements than are counted");
    }

    /// Every text that one wrong byte, one missing or one doubled makes of a right one.
    #[test]
    fn no_slip_is_read_otherwise() {
        let text = br#"{"aud":["a","b"],"exp":12,"iat":1790000000,"n":-3,"t":true,"u":null,"sub":"x y","cnf":{"jkt":"z","x":""}}"#;
        assert!(same(text));
        for at in 0..text.len() {
            for byte in 0..=255 {
                let mut other = text.to_vec();
                other[at] = byte;
                same(&other);
                other.insert(at, text[at]);
                same(&other);
            }
            let mut other = text.to_vec();
            other.remove(at);
            same(&other);
            same(&text[..at]);
        }
    }
}
