//! The text of an SD-JWT taken apart (RFC 9901 §4), and what its holder chooses from it (§7.2).

use std::fmt;

use super::disclosure::{Disclosure, digest};
use super::process::process;
use super::{IssueError, Proof, SdJwtError, pointer};
use crate::alg::Hash;
use crate::json::{Object, Value};
use crate::jwk::SigningKey;
use crate::jws::bounded;
use crate::jwt::{self, HeaderExtras, Unverified};
use crate::limits::Limits;
use crate::provider::Provider;

/// An issuer-signed JWT with disclosures, and the holder's proof where there is one. Nothing of it is verified.
///
/// Written with `to_string` it is `JWT~disclosure~…~` or `JWT~disclosure~…~proof`; of several signatures that form
/// carries the first.
///
/// ```
/// use vestibule_jose::jwt::{HeaderExtras, Signer};
/// use vestibule_jose::sd_jwt::{Issuance, SdJwt};
/// use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let signer = Signer::new(key.clone(), &HeaderExtras::default())?;
/// let claims = Object::from_iter([("email".to_owned(), "ada@example.com".into())]);
///
/// let issued = Issuance::new(claims).hide("/email").issue(aws_lc(), &signer)?;
/// let held = SdJwt::parse(&issued.to_string(), &Limits::DEFAULT)?;
/// assert_eq!(held.places(aws_lc(), &Limits::DEFAULT)?[0].pointer, "/email");
/// assert!(held.present(aws_lc(), &[], &Limits::DEFAULT)?.disclosures().is_empty());
/// assert_eq!(held.issuer_jwt().split('.').count(), 3);
/// for form in [issued.to_string(), issued.to_flattened()?, issued.to_general()?] {
///     assert_eq!(SdJwt::read(&form, &Limits::DEFAULT)?, issued);
/// }
/// assert_eq!(SdJwt::parse_flattened(&issued.to_flattened()?, &Limits::DEFAULT)?, issued);
/// assert_eq!(SdJwt::parse_general(&issued.to_general()?, &Limits::DEFAULT)?, issued);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SdJwt {
    pub(super) jwt: String,
    /// The other signatures of the general form, each as a JWT with the same payload.
    pub(super) others: Vec<String>,
    pub(super) disclosures: Vec<Disclosure>,
    pub(super) proof: Option<String>,
}

/// What one disclosure shows, and where.
///
/// ```
/// use vestibule_jose::jwt::{HeaderExtras, Signer};
/// use vestibule_jose::sd_jwt::{Issuance, Place};
/// use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let signer = Signer::new(key.clone(), &HeaderExtras::default())?;
/// let claims = Object::from_iter([("email".to_owned(), "ada@example.com".into())]);
///
/// let issued = Issuance::new(claims).hide("/email").issue(aws_lc(), &signer)?;
/// let Place { pointer, disclosure } = &issued.places(aws_lc(), &Limits::DEFAULT)?[0];
/// assert_eq!((pointer.as_str(), disclosure.name()), ("/email", Some("email")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Place<'a> {
    /// The JSON pointer (RFC 6901) to the claim; in arrays it counts what the issuer wrote, hidden elements included.
    pub pointer: String,
    /// The disclosure.
    pub disclosure: &'a Disclosure,
}

impl SdJwt {
    /// Reads the compact form; the JWT and the proof are not looked into.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, SdJwtError> {
        bounded("SD-JWT", text.len(), limits.token_bytes)?;
        let (jwt, rest) = text.split_once('~').ok_or(SdJwtError::Format("has no tilde behind its JWT"))?;
        let (disclosures, proof) = rest.rsplit_once('~').unwrap_or(("", rest));
        let found = disclosures.split('~').count();
        if found > limits.disclosures {
            return Err(SdJwtError::TooMany { found, limit: limits.disclosures });
        }
        let disclosures = match rest.contains('~') {
            true => Self::read_disclosures(disclosures.split('~'), limits)?,
            false => Vec::new(),
        };
        let proof = (!proof.is_empty()).then(|| proof.to_owned());
        Ok(Self { jwt: jwt.to_owned(), others: Vec::new(), disclosures, proof })
    }

    pub(super) fn read_disclosures<'a>(
        each: impl Iterator<Item = &'a str>,
        limits: &Limits,
    ) -> Result<Vec<Disclosure>, SdJwtError> {
        each.enumerate().map(|(index, text)| Disclosure::parse(text, index, limits)).collect()
    }

    /// The disclosures, in the text's order.
    pub fn disclosures(&self) -> &[Disclosure] {
        &self.disclosures
    }

    /// The issuer-signed JWT; of several signatures the first.
    pub fn issuer_jwt(&self) -> &str {
        &self.jwt
    }

    /// The JWTs of all signatures, the first first. They have one payload.
    pub fn issuer_jwts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.jwt.as_str()).chain(self.others.iter().map(String::as_str))
    }

    /// The key binding JWT, which proves the holder (§4.3).
    pub fn key_binding_jwt(&self) -> Option<&str> {
        self.proof.as_deref()
    }

    /// Reads what it says with its disclosures in place, without verifying any signature, to show it to a person.
    pub fn inspect(&self, provider: &dyn Provider, limits: &Limits) -> Result<Unverified, SdJwtError> {
        let unverified = jwt::inspect(&self.jwt, limits)?;
        let claims = process(provider, unverified.claims, &self.disclosures, limits)?.claims;
        Ok(Unverified { claims, ..unverified })
    }

    /// Where each disclosure belongs. A digest that stands twice, or a disclosure that belongs nowhere, is refused.
    pub fn places(&self, provider: &dyn Provider, limits: &Limits) -> Result<Vec<Place<'_>>, SdJwtError> {
        let claims = jwt::inspect(&self.jwt, limits)?.claims;
        let places = process(provider, claims, &self.disclosures, limits)?.places;
        let each = places.into_iter().zip(&self.disclosures);
        Ok(each.map(|(pointer, disclosure)| Place { pointer, disclosure }).collect())
    }

    /// Only the disclosures of these claims, named by JSON pointers, and those in which they lie (§7.2). The proof is
    /// left out, since it would be about something else.
    pub fn present(&self, provider: &dyn Provider, claims: &[&str], limits: &Limits) -> Result<Self, SdJwtError> {
        let places = self.places(provider, limits)?;
        if let Some(wrong) = claims.iter().find(|claim| places.iter().all(|place| place.pointer != **claim)) {
            return Err(SdJwtError::Pointer(crate::jwk::excerpt(wrong)));
        }
        let shown = |place: &&Place<'_>| claims.iter().any(|claim| pointer::lies_in(claim, &place.pointer));
        let disclosures = places.iter().filter(shown).map(|place| place.disclosure.clone()).collect();
        Ok(Self { jwt: self.jwt.clone(), others: self.others.clone(), disclosures, proof: None })
    }

    /// Signs a key binding JWT over what is shown (§4.3), with the key that the issuer named in `cnf`.
    pub fn bind(&self, provider: &dyn Provider, holder: &SigningKey, proof: &Proof<'_>) -> Result<Self, IssueError> {
        let payload = jwt::inspect(&self.jwt, &Limits { token_bytes: self.jwt.len(), ..Limits::DEFAULT })
            .map_err(SdJwtError::from)?
            .claims;
        let hash = super::disclosure::hash_named(payload.get("_sd_alg"))?;
        let claims = Object::from_iter([
            ("nonce".to_owned(), Value::from(proof.nonce)),
            ("aud".to_owned(), proof.audience.into()),
            ("iat".to_owned(), proof.iat.into()),
            ("sd_hash".to_owned(), self.sd_hash(provider, hash).into()),
        ]);
        // The key is the one in `cnf`, whatever its name.
        let prepared = jwt::prepare(holder.alg(), None, &HeaderExtras::typ("kb+jwt"), &claims)?;
        let signature = holder.sign(prepared.signing_input())?;
        Ok(Self { proof: Some(prepared.attach(&signature)?), ..self.clone() })
    }

    /// §4.3.1: over the JWT and the disclosures, with the tilde behind the last; of several signatures over the first, the
    /// one whose header has the disclosures (§8.1, §8.3).
    pub(super) fn sd_hash(&self, provider: &dyn Provider, hash: Hash) -> String {
        digest(provider, hash, self.without_proof().as_bytes())
    }

    fn without_proof(&self) -> String {
        let mut text = self.jwt.clone();
        for disclosure in &self.disclosures {
            text.push('~');
            text.push_str(disclosure.as_str());
        }
        text.push('~');
        text
    }
}

impl fmt::Display for SdJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.without_proof())?;
        f.write_str(self.proof.as_deref().unwrap_or_default())
    }
}
