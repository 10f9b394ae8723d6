//! The JSON that most tokens are made of, read where it lies: an object of strings without escapes, whole numbers,
//! booleans, null and arrays of strings, on one line. Whatever else there is, right or wrong, is left to [`super::parse`],
//! which also knows how to name what is wrong. What is read here, it reads alike; a test holds both against each other.

mod access;

pub(crate) use access::deserialize;

/// The text is of another sort, or the caller's type of another shape: not wrong because of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not plain")]
pub(crate) struct Unusual;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain<'a> {
    Null,
    Bool(bool),
    Positive(u64),
    Negative(i64),
    Text(&'a str),
    Texts(Texts<'a>),
}

/// An array of strings, whose elements have been looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Texts<'a> {
    /// What stands between the brackets.
    inside: &'a str,
}

/// Goes through the members of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Members<'a> {
    text: &'a str,
    at: usize,
    count: u32,
    /// A bit for each name that was met, chosen by a few of its signs: names of different bits are different.
    met: u64,
}

impl<'a> Members<'a> {
    /// Begins with an object; it may nest at most `depth` deep.
    pub(crate) fn new(text: &'a [u8], depth: usize) -> Result<Self, Unusual> {
        // No string has an escape, and none a control character (RFC 8259 §7), if the whole text has none.
        let odd = text.iter().fold(false, |odd, byte| odd | (*byte < 0x20) | (*byte == b'\\'));
        let text = std::str::from_utf8(text).map_err(|_| Unusual)?;
        if odd || depth < DEPTH || text.as_bytes().first() != Some(&b'{') {
            return Err(Unusual);
        }
        Ok(Self { text, at: 1, count: 0, met: 0 })
    }

    /// The next member; after the last nothing may follow.
    pub(crate) fn next(&mut self) -> Result<Option<(&'a str, Plain<'a>)>, Unusual> {
        let mut reader = Reader { text: self.text, at: self.at };
        match reader.token() {
            Some(b'}') => {
                reader.at += 1;
                self.at = reader.at - 1;
                return if reader.token().is_none() { Ok(None) } else { Err(Unusual) };
            }
            Some(b',') if self.count > 0 => {
                reader.at += 1;
                reader.token();
            }
            _ if self.count > 0 => return Err(Unusual),
            _ => {}
        }
        let name = reader.string()?;
        reader.expect(b':')?;
        let value = reader.value()?;
        self.once(name)?;
        self.at = reader.at;
        Ok(Some((name, value)))
    }

    /// The member of this name, if the whole object has been gone through before.
    pub(crate) fn get(&self, name: &str) -> Option<Plain<'a>> {
        let mut members = Self { at: 1, count: 0, met: 0, ..*self };
        while let Ok(Some((own, value))) = members.next() {
            if own == name {
                return Some(value);
            }
        }
        None
    }

    fn once(&mut self, name: &str) -> Result<(), Unusual> {
        let bit = bit(name);
        if self.met & bit != 0 {
            let mut before = Reader { text: self.text, at: 1 };
            for _ in 0..self.count {
                before.token();
                if before.string()? == name {
                    return Err(Unusual);
                }
                before.expect(b':')?;
                before.value()?;
                before.token();
                before.at += 1;
            }
        }
        self.met |= bit;
        self.count += 1;
        if self.count > MEMBERS { Err(Unusual) } else { Ok(()) }
    }
}

impl<'a> Texts<'a> {
    /// The elements.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> + 'a {
        let mut reader = Reader { text: self.inside, at: 0 };
        std::iter::from_fn(move || {
            reader.token()?;
            let text = reader.string().ok()?;
            if reader.token() == Some(b',') {
                reader.at += 1;
            }
            Some(text)
        })
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next byte that is no blank, which stays where it is.
    fn token(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<(), Unusual> {
        if self.token() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(Unusual)
    }

    /// A string, in a text that has no escapes: up to the next quotation mark.
    fn string(&mut self) -> Result<&'a str, Unusual> {
        self.expect(b'"')?;
        let rest = &self.text[self.at..];
        let len = quotation_mark(rest.as_bytes()).ok_or(Unusual)?;
        self.at += len + 1;
        Ok(&rest[..len])
    }

    fn value(&mut self) -> Result<Plain<'a>, Unusual> {
        match self.token().ok_or(Unusual)? {
            b'"' => self.string().map(Plain::Text),
            b'0'..=b'9' => self.number().map(Plain::Positive),
            b'-' => {
                self.at += 1;
                match i64::try_from(self.number()?) {
                    // -0 is a fraction to the other parser.
                    Ok(number @ 1..) => Ok(Plain::Negative(-number)),
                    _ => Err(Unusual),
                }
            }
            b't' => self.word("true", Plain::Bool(true)),
            b'f' => self.word("false", Plain::Bool(false)),
            b'n' => self.word("null", Plain::Null),
            b'[' => self.texts().map(Plain::Texts),
            _ => Err(Unusual),
        }
    }

    /// A whole number of at most 18 digits, which fits.
    fn number(&mut self) -> Result<u64, Unusual> {
        let rest = &self.text.as_bytes()[self.at..];
        let digits = rest.iter().take(19).take_while(|byte| byte.is_ascii_digit());
        let (len, number) =
            digits.fold((0, 0), |(len, number), digit| (len + 1, number * 10 + u64::from(*digit - b'0')));
        let follows = matches!(rest.get(len), Some(b',' | b'}' | b' '));
        if !(1..19).contains(&len) || (rest[0] == b'0' && len > 1) || !follows {
            return Err(Unusual);
        }
        self.at += len;
        Ok(number)
    }

    fn word(&mut self, word: &str, value: Plain<'a>) -> Result<Plain<'a>, Unusual> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(Unusual)
    }

    fn texts(&mut self) -> Result<Texts<'a>, Unusual> {
        self.at += 1;
        let begun = self.at;
        if self.token() != Some(b']') {
            self.string()?;
            while self.token() == Some(b',') {
                self.at += 1;
                self.string()?;
            }
        }
        let inside = &self.text[begun..self.at];
        self.expect(b']')?;
        Ok(Texts { inside })
    }
}

/// Where the next one stands; eight bytes are looked at together.
fn quotation_mark(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    let (eights, rest) = bytes.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let marks = u64::from_le_bytes(*eight) ^ (ONES * b'"' as u64);
        // The lowest bit of 0x80 that is set stands where the first byte is zero.
        let zeros = marks.wrapping_sub(ONES) & !marks & (ONES << 7);
        if zeros != 0 {
            return Some(index * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| *byte == b'"').map(|at| eights.len() * 8 + at)
}

fn bit(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or_default(), bytes.last().copied().unwrap_or_default());
    1 << ((usize::from(first) * 5 + usize::from(last) * 3 + bytes.len()) & 63)
}

/// An object and the arrays in it.
const DEPTH: usize = 2;
/// What compares each name with those before must not have many of them.
const MEMBERS: u32 = 64;

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
        let (object, members) = deserialize::<Object>(text, 16, |_, _| {}).expect("an object");
        assert_eq!(read, Value::Object(object));
        for (name, value) in read.as_object().expect("an object") {
            assert_eq!(members.get(name).map(json).as_ref(), Some(value));
        }
        assert_eq!(members.get("not there"), None);
        true
    }

    fn json(value: Plain<'_>) -> Value {
        match value {
            Plain::Null => Value::Null,
            Plain::Bool(value) => value.into(),
            Plain::Positive(number) => number.into(),
            Plain::Negative(number) => number.into(),
            Plain::Text(text) => text.into(),
            Plain::Texts(texts) => texts.iter().collect(),
        }
    }

    #[test]
    fn what_is_plain_is_read_alike() {
        for text in [
            r#"{}"#,
            r#"{ }"#,
            r#"{"a":""}"#,
            r#"{"iss":"https://id.example.com","exp":1700003600,"aud":["a","b"],"x":null,"y":true,"z":false}"#,
            r#" {"a":1}"#.trim_start(),
            r#"{ "a" : 1 , "b" : -2 , "c" : [ "x" , "y" ] , "d" : [ ] , "e" : [] } "#,
            r#"{"ä":"ö ü 🦀","":"empty"}"#,
            r#"{"a":0,"b":999999999999999999,"c":-999999999999999999}"#,
            r#"{"ab":1,"ba":2,"aab":3,"cb":4,"da":5}"#,
        ] {
            assert!(same(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_other_parser() {
        for text in [
            "",
            "[]",
            " {}",
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
            r#"{"a":{}}"#,
            r#"{"a":[1]}"#,
            r#"{"a":["x",]}"#,
            r#"{"a":["x""y"]}"#,
            r#"{"a":[["x"]]}"#,
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
    }

    /// Every text that one wrong byte, one missing or one doubled makes of a right one.
    #[test]
    fn no_slip_is_read_otherwise() {
        let text = br#"{"aud":["a","b"],"exp":12,"n":-3,"t":true,"u":null,"sub":"x y"}"#;
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
