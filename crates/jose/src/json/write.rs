//! Writing claims: an object of strings, whole numbers, booleans, null, and arrays and objects of those, without what
//! serde_json has for everything else. Whatever else there is, serde_json writes; a test holds both against each other.

use std::fmt::{self, Display};

use serde::Serialize;
use serde::ser::{self, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};

use crate::find::needs_no_escape;

/// Writes at the end of `out` what [`serde_json::to_writer`] would write.
pub(crate) fn write(value: &impl Serialize, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    let begun = out.len();
    if value.serialize(Writer(out)).is_err() {
        // Written from the beginning by the one that knows everything, and says what is wrong.
        out.truncate(begun);
        serde_json::to_writer(out, value)?;
    }
    Ok(())
}

/// Something that is left to the other writer.
#[derive(Debug)]
struct Unusual;

struct Writer<'o>(&'o mut Vec<u8>);

/// An array or an object of which a part is written.
struct Open<'o> {
    out: &'o mut Vec<u8>,
    /// What stands before the next element: a bracket before the first.
    before: u8,
    after: u8,
}

impl Open<'_> {
    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unusual> {
        self.out.push(self.before);
        self.before = b',';
        value.serialize(Writer(self.out))
    }

    #[inline]
    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Unusual> {
        self.out.push(self.before);
        self.before = b',';
        string(name, self.out)?;
        self.out.push(b':');
        value.serialize(Writer(self.out))
    }

    fn close(self) -> Result<(), Unusual> {
        if self.before != b',' {
            self.out.push(self.before);
        }
        self.out.push(self.after);
        Ok(())
    }
}

/// A string without a sign that must be escaped (RFC 8259 §7).
#[inline]
fn string(text: &str, out: &mut Vec<u8>) -> Result<(), Unusual> {
    if !needs_no_escape(text.as_bytes()) {
        return serde_json::to_writer(out, text).map_err(|_| Unusual);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

macro_rules! left_to_serde_json {
    ($($name:ident: $type:ty),*) => {
        $(fn $name(self, value: $type) -> Result<(), Unusual> {
            serde_json::to_writer(self.0, &value).map_err(|_| Unusual)
        })*
    };
}

impl<'o> Serializer for Writer<'o> {
    type Ok = ();
    type Error = Unusual;
    type SerializeSeq = Open<'o>;
    type SerializeTuple = Open<'o>;
    type SerializeTupleStruct = Impossible<(), Unusual>;
    type SerializeTupleVariant = Impossible<(), Unusual>;
    type SerializeMap = Open<'o>;
    type SerializeStruct = Open<'o>;
    type SerializeStructVariant = Impossible<(), Unusual>;

    left_to_serde_json! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_f32: f32, serialize_f64: f64, serialize_char: char
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), Unusual> {
        string(text, self.0)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unusual> {
        Err(Unusual)
    }

    fn serialize_none(self) -> Result<(), Unusual> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unusual> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unusual> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unusual> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unusual> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unusual> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unusual> {
        Err(Unusual)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'o>, Unusual> {
        Ok(Open { out: self.0, before: b'[', after: b']' })
    }

    fn serialize_tuple(self, len: usize) -> Result<Open<'o>, Unusual> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unusual> {
        Err(Unusual)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unusual> {
        Err(Unusual)
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Open<'o>, Unusual> {
        Ok(Open { out: self.0, before: b'{', after: b'}' })
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Open<'o>, Unusual> {
        // serde_json's own types tell it by such a name that they are something else.
        if name.starts_with('$') { Err(Unusual) } else { self.serialize_map(None) }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unusual> {
        Err(Unusual)
    }

    fn collect_str<T: Display + ?Sized>(self, _: &T) -> Result<(), Unusual> {
        Err(Unusual)
    }
}

impl SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = Unusual;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unusual> {
        self.element(value)
    }

    fn end(self) -> Result<(), Unusual> {
        self.close()
    }
}

impl SerializeTuple for Open<'_> {
    type Ok = ();
    type Error = Unusual;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unusual> {
        self.element(value)
    }

    fn end(self) -> Result<(), Unusual> {
        self.close()
    }
}

impl SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = Unusual;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unusual> {
        self.member(name, value)
    }

    #[inline]
    fn end(self) -> Result<(), Unusual> {
        self.close()
    }
}

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Unusual;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Unusual> {
        self.out.push(self.before);
        self.before = b',';
        let begun = self.out.len();
        name.serialize(Writer(self.out))?;
        // Of what is no string, the other writer makes one, or refuses it.
        if self.out.get(begun) == Some(&b'"') { Ok(()) } else { Err(Unusual) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unusual> {
        self.out.push(b':');
        value.serialize(Writer(self.out))
    }

    fn end(self) -> Result<(), Unusual> {
        self.close()
    }
}

impl Display for Unusual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("left to the other writer")
    }
}

impl std::error::Error for Unusual {}

impl ser::Error for Unusual {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::{Value, json};

    use super::write;

    /// What is written here is what the other writer writes, or refused as it refuses it.
    fn same(value: &impl Serialize) {
        let mut out = b"before ".to_vec();
        match (write(value, &mut out), serde_json::to_string(value)) {
            (Ok(()), Ok(text)) => assert_eq!(String::from_utf8(out).expect("UTF-8"), format!("before {text}")),
            (Err(own), Err(other)) => assert_eq!(own.to_string(), other.to_string()),
            (own, other) => panic!("{own:?} where the other has {other:?}"),
        }
    }

    #[derive(Serialize)]
    enum Sort {
        Unit,
        Newtype(u8),
        Tuple(u8, &'static str),
        Struct { a: u8 },
    }

    #[derive(Serialize)]
    struct Unit;

    #[derive(Serialize)]
    struct Newtype(&'static str);

    #[derive(Serialize)]
    struct Tuple(u8, Option<u8>);

    #[derive(Serialize)]
    struct Claims {
        iss: String,
        aud: Vec<&'static str>,
        exp: u64,
        nbf: i64,
        ratio: f64,
        small: f32,
        letter: char,
        yes: bool,
        none: Option<&'static str>,
        some: Option<(u8, &'static str)>,
        #[serde(skip_serializing_if = "Option::is_none")]
        left_out: Option<u8>,
        unit: (),
        sorts: [Sort; 4],
        #[serde(flatten)]
        more: BTreeMap<String, Value>,
    }

    struct Refused;

    impl Serialize for Refused {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("not today"))
        }
    }

    struct Displayed;

    impl Serialize for Displayed {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str("a \"text\"")
        }
    }

    struct Bytes;

    impl Serialize for Bytes {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(b"ab")
        }
    }

    #[test]
    fn writes_what_another_implementation_writes() {
        same(&Claims {
            iss: "https://id.example.com".into(),
            aud: vec!["a", "ä \u{1F980}", "\"", "\\", "\n", "\u{0}\u{1f}\u{7f}", ""],
            exp: u64::MAX,
            nbf: i64::MIN,
            ratio: 0.1,
            small: 1e30,
            letter: '"',
            yes: true,
            none: None,
            some: Some((1, "x")),
            left_out: None,
            unit: (),
            sorts: [Sort::Unit, Sort::Newtype(1), Sort::Tuple(1, "y"), Sort::Struct { a: 1 }],
            more: BTreeMap::from([("cnf".into(), json!({"jkt": "x", "n": [1, -1, 1.5, null, {}, [], [[]]]}))]),
        });
        same(&BTreeMap::from([("a\n", 1)]));
        same(&BTreeMap::from([(1_u8, "x"), (2, "y")]));
        same(&BTreeMap::from([(true, 1)]));
        same(&BTreeMap::from([('c', 1)]));
        same(&BTreeMap::from([(Some("a"), 1)]));
        same(&BTreeMap::from([((1, 2), 1)]));
        same(&BTreeMap::<&str, u8>::new());
        same(&(Unit, Newtype("x"), Tuple(1, None), Displayed, Bytes));
        same(&[f64::NAN, f64::INFINITY]);
        same(&(u128::MAX, i128::MIN));
        same(&Refused);
        same(&[Refused]);
        same(&"text");
        for len in 0..40 {
            for sign in (0..=0x80).filter_map(char::from_u32) {
                let mut text = "x".repeat(len);
                text.insert(len / 2, sign);
                same(&text);
            }
        }
    }
}
