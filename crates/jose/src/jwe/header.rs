//! The joint header: protected, shared and the recipient's own members as one (RFC 7516 §4, §7.2.1).

use std::fmt;

use super::JweError;
use crate::alg::{ContentEncryption, KeyManagement};
use crate::critical::{self, Fault};
use crate::json::plain::{Sort, Unusual};
use crate::json::{Object, Value};
use crate::named::{Known, Named};

/// A header as it was read, of which no name stands in two places. What it says about keys (`jwk`, `jku`, `x5c`, `x5u`)
/// is never used.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::{Options, encrypt, inspect};
/// use vestibule_jose::{EncryptionKey, Limits, provider::aws_lc};
///
/// let to = EncryptionKey::from_secret(&[7; 16], None, Some("k".into()))?;
/// let options = Options::default().typ("example").cty("text/plain").deflate();
/// let token = encrypt(aws_lc(), &to, ContentEncryption::A128Gcm, &options, b"text")?;
/// let message = inspect(&token, &Limits::DEFAULT)?;
/// let header = &message.recipients()[0].header;
/// assert_eq!((header.alg(), header.alg_name()), (Some(KeyManagement::A128Kw), "A128KW"));
/// assert_eq!((header.enc(), header.enc_name()), (Some(ContentEncryption::A128Gcm), "A128GCM"));
/// assert_eq!((header.kid(), header.typ(), header.cty()), (Some("k"), Some("example"), Some("text/plain")));
/// assert_eq!((header.zip(), header.members().len()), (Some("DEF"), 6));
/// assert!(header.is_protected("alg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Header {
    members: Members,
    /// The names that nothing protects; none in the compact form.
    unprotected: Vec<String>,
}

#[derive(Clone)]
enum Members {
    Read(Object),
    /// `alg`, `enc` and what else is known to [`KNOWN`], nothing else.
    Named(Box<Named<9>>),
}

/// A member as it was found.
pub(super) enum Found<'a> {
    Text(&'a str),
    /// The ephemeral key, by what stands between its braces.
    Epk(&'a str),
    Json(&'a Value),
}

impl Header {
    /// The members of a compact token, which are all protected.
    pub(super) fn protected(members: Object) -> Result<Self, JweError> {
        Self::checked(members, Vec::new())
    }

    /// The same of a token's header in which nothing needs to be checked any more.
    pub(super) fn named(json: &[u8], depth: usize) -> Result<Self, Unusual> {
        let named = Box::new(Named::read(json, depth, &KNOWN)?);
        Ok(Self { members: Members::Named(named), unprotected: Vec::new() })
    }

    /// One recipient's view.
    pub(super) fn joint(protected: &Object, others: [&Object; 2]) -> Result<Self, JweError> {
        let (mut members, mut unprotected) = (protected.clone(), Vec::new());
        for (name, value) in others.into_iter().flatten() {
            if members.insert(name.clone(), value.clone()).is_some() {
                return Err(JweError::Repeated(crate::jwk::excerpt(name)));
            }
            unprotected.push(name.clone());
        }
        Self::checked(members, unprotected)
    }

    /// Types of the members that matter, and that what must be protected is.
    fn checked(members: Object, unprotected: Vec<String>) -> Result<Self, JweError> {
        for member in ["alg", "enc", "kid", "typ", "cty", "zip"] {
            if members.get(member).is_some_and(|value| !value.is_string()) {
                return Err(JweError::Member { member, expected: "a string" });
            }
        }
        for member in ["alg", "enc"] {
            if !members.contains_key(member) {
                return Err(JweError::Missing(member));
            }
        }
        for member in ["zip", "crit"] {
            if unprotected.iter().any(|name| name == member) {
                return Err(JweError::Unprotected(member));
            }
        }
        Ok(Self { members: Members::Read(members), unprotected })
    }

    /// RFC 7516 §4.1.13, RFC 7515 §4.1.11: distinct names of extensions, all of them present and understood.
    pub(super) fn check_critical(&self, understood: &[&str]) -> Result<(), JweError> {
        let Members::Read(members) = &self.members else { return Ok(()) };
        let Some(crit) = members.get("crit") else { return Ok(()) };
        // Bounded before names are compared with each other.
        if crit.as_array().is_some_and(|names| names.len() > EXTENSIONS) {
            return Err(JweError::NotUnderstood);
        }
        let names = critical::names(crit, members, REGISTERED);
        let names = names.map_err(|fault| JweError::Critical(words(fault)))?;
        if names.iter().all(|name| understood.contains(name)) { Ok(()) } else { Err(JweError::NotUnderstood) }
    }

    /// The name in `alg`, whatever it is.
    pub fn alg_name(&self) -> &str {
        self.text("alg").unwrap_or_default()
    }

    /// The key management algorithm, if it is one that is known here.
    pub fn alg(&self) -> Option<KeyManagement> {
        self.alg_name().parse().ok()
    }

    /// The name in `enc`, whatever it is.
    pub fn enc_name(&self) -> &str {
        self.text("enc").unwrap_or_default()
    }

    /// The content encryption, if it is one that is known here.
    pub fn enc(&self) -> Option<ContentEncryption> {
        self.enc_name().parse().ok()
    }

    /// The `kid`: a hint which key to try, from whoever wrote the token.
    pub fn kid(&self) -> Option<&str> {
        self.text("kid")
    }

    /// The `typ`.
    pub fn typ(&self) -> Option<&str> {
        self.text("typ")
    }

    /// The `cty`; `JWT` says that what is inside is a JWT again (RFC 7519 §5.2).
    pub fn cty(&self) -> Option<&str> {
        self.text("cty")
    }

    /// The `zip`.
    pub fn zip(&self) -> Option<&str> {
        self.text("zip")
    }

    /// All members.
    pub fn members(&self) -> &Object {
        match &self.members {
            Members::Read(members) => members,
            Members::Named(named) => named.members(),
        }
    }

    /// A member.
    pub(super) fn get(&self, member: &str) -> Option<Found<'_>> {
        match &self.members {
            Members::Read(members) => members.get(member).map(Found::Json),
            Members::Named(named) => {
                let inside = named.get(member)?;
                Some(if member == "epk" { Found::Epk(inside) } else { Found::Text(inside) })
            }
        }
    }

    /// Whether the member is there and covered by the token's tag. In the compact form all are.
    pub fn is_protected(&self, name: &str) -> bool {
        self.members().contains_key(name) && !self.unprotected.iter().any(|other| other == name)
    }

    fn text(&self, member: &str) -> Option<&str> {
        match &self.members {
            Members::Read(members) => members.get(member).and_then(Value::as_str),
            Members::Named(named) => named.get(member),
        }
    }
}

/// By what it says, not by how it was read.
impl PartialEq for Header {
    fn eq(&self, other: &Self) -> bool {
        self.members() == other.members() && self.unprotected == other.unprotected
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (members, unprotected) = (self.members(), &self.unprotected);
        f.debug_struct("Header").field("members", members).field("unprotected", unprotected).finish()
    }
}

const fn words(fault: Fault) -> &'static str {
    match fault {
        Fault::NoNames => "is not an array with at least one name",
        Fault::NotAName => "holds something else than names",
        Fault::Twice => "names an extension twice",
        Fault::Registered => "names a member that is no extension",
        Fault::Absent => "names a member that is not there",
    }
}

/// What `crit` must not name: RFC 7516 §4.1 and RFC 7518 §4 define it.
const REGISTERED: &[&str] = &[
    "alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "epk", "apu",
    "apv", "iv", "tag", "p2s", "p2c",
];

/// Names that `crit` may hold.
const EXTENSIONS: usize = 16;

/// The members of most headers.
const KNOWN: Known<9> = Known {
    members: [
        ("alg", Sort::Text),
        ("enc", Sort::Text),
        ("kid", Sort::Text),
        ("typ", Sort::Text),
        ("cty", Sort::Text),
        ("zip", Sort::Text),
        ("apu", Sort::Text),
        ("apv", Sort::Text),
        ("epk", Sort::Named),
    ],
    required: 2,
};
