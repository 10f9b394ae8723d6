//! The parameters of a request, parsed once and strictly.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::error::OAuthError;

/// Parameters of which each is there once, `resource` and `audience` excepted (RFC 6749 §3.1, RFC 8707 §2).
/// One without a value counts as absent (RFC 6749 §3.1). They may carry secrets: `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params {
    single: BTreeMap<String, String>,
    resource: Vec<String>,
    audience: Vec<String>,
}

/// Parameters with a fault. The authorization endpoint uses the sound ones to find out where the
/// error may go; everywhere else `?` makes the error of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsound {
    /// Those without a fault; of a repeated one none is here.
    pub sound: Params,
    /// The first fault.
    pub error: OAuthError,
}

impl Params {
    /// Parses a query or a body in `application/x-www-form-urlencoded`.
    pub fn parse(form: &[u8]) -> Result<Self, Unsound> {
        let mut parsing = Parsing::default();
        for pair in form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            parsing.take(pair);
        }
        match parsing.fault {
            None => Ok(parsing.params),
            Some(error) => Err(Unsound { sound: parsing.params, error }),
        }
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.single.get(name).map(String::as_str)
    }

    /// The values of `resource` (RFC 8707 §2).
    pub fn resource(&self) -> &[String] {
        &self.resource
    }

    /// The values of `audience` (RFC 8693 §2.1).
    pub fn audience(&self) -> &[String] {
        &self.audience
    }
}

impl std::fmt::Debug for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.single.keys()).finish_non_exhaustive()
    }
}

impl From<Unsound> for OAuthError {
    fn from(unsound: Unsound) -> Self {
        unsound.error
    }
}

#[derive(Default)]
struct Parsing {
    params: Params,
    repeated: Vec<String>,
    count: usize,
    fault: Option<OAuthError>,
}

impl Parsing {
    fn take(&mut self, pair: &[u8]) {
        self.count += 1;
        if self.count > MOST {
            return self.fault("there are too many parameters");
        }
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &b""[..]),
        };
        let (Some(name), Some(value)) = (decode(name), decode(value)) else {
            return self.fault("a parameter is not UTF-8 in the form encoding");
        };
        if value.len() > LONGEST || name.len() > LONGEST {
            return self.fault("a parameter is longer than 8 KiB");
        }
        match name.as_str() {
            _ if value.is_empty() => {}
            "resource" => self.params.resource.push(value),
            "audience" => self.params.audience.push(value),
            _ if self.repeated.contains(&name) => {}
            _ if self.params.single.contains_key(&name) => {
                self.params.single.remove(&name);
                self.fault(format!("parameter {name} is repeated"));
                self.repeated.push(name);
            }
            _ => {
                self.params.single.insert(name, value);
            }
        }
    }

    fn fault(&mut self, words: impl Into<Cow<'static, str>>) {
        self.fault.get_or_insert_with(|| OAuthError::invalid_request(words));
    }
}

/// Strict: a `%` without two digits behind it and text that is not UTF-8 are refused, not replaced.
fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: &u8) -> Option<u8> {
    char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

const LONGEST: usize = 8 * 1024;
const MOST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(form: &[u8]) -> String {
        Params::parse(form).expect_err("a fault").error.description.into_owned()
    }

    #[test]
    fn values_are_decoded() {
        let params = Params::parse(b"a=1+2&b=%C3%BC&c=&d&&e=x=y").expect("sound");
        assert_eq!(params.get("a"), Some("1 2"));
        assert_eq!(params.get("b"), Some("\u{fc}"));
        // RFC 6749 §3.1: without a value it counts as omitted.
        assert_eq!((params.get("c"), params.get("d")), (None, None));
        assert_eq!(params.get("e"), Some("x=y"));
    }

    /// RFC 6749 §3.1: parameters must not be included more than once; RFC 8707 §2 allows it for `resource`.
    #[test]
    fn a_repeated_parameter_is_refused() {
        let unsound = Params::parse(b"state=a&client_id=c&state=b&state=c").expect_err("a fault");
        assert_eq!(unsound.error, OAuthError::invalid_request("parameter state is repeated"));
        assert_eq!(unsound.sound.get("state"), None);
        assert_eq!(unsound.sound.get("client_id"), Some("c"));
        let params = Params::parse(b"resource=https://a&resource=https://b&audience=x&audience=y").expect("sound");
        assert_eq!(params.resource(), ["https://a", "https://b"]);
        assert_eq!(params.audience(), ["x", "y"]);
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for form in [&b"a=%C3"[..], b"a=%FF", b"a=%", b"a=%4", b"a=%zz", b"\xff=1", b"a=%+1"] {
            assert!(fault(form).contains("UTF-8"), "{form:?}");
        }
        let long = |length: usize| [&b"state="[..], &vec![b'x'; length]].concat();
        assert!(Params::parse(&long(LONGEST)).is_ok());
        assert!(fault(&long(LONGEST + 1)).contains("8 KiB"));
        assert!(fault("a=1&".repeat(101).as_bytes()).contains("repeated"));
        let many: String = (0..101).map(|n| format!("p{n}=1&")).collect();
        assert!(fault(many.as_bytes()).contains("too many"));
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", Params::parse(b"client_secret=hidden"));
        assert!(shown.contains("client_secret") && !shown.contains("hidden"), "{shown}");
    }
}
