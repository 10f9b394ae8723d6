//! Issuing: claims go behind digests (RFC 9901 §4.1, §4.2).

use super::disclosure::{Disclosure, digest, hash_name};
use super::{IssueError, SdJwt, pointer};
use crate::alg::Hash;
use crate::base64url;
use crate::json::{Object, Value};
use crate::jwk::{VerifyingKey, excerpt};
use crate::jwt::{SignError, Signer};
use crate::provider::{Provider, ProviderError};

/// Claims of which some are to be hidden. Pointers are those of RFC 6901: `/address/locality`, `/nationalities/0`.
///
/// ```
/// use vestibule_jose::jwt::{HeaderExtras, Signer};
/// use vestibule_jose::sd_jwt::{Issuance};
/// use vestibule_jose::{JwsAlgorithm, alg::Hash, Limits, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let signer = Signer::new(key.clone(), &HeaderExtras::default())?;
/// let claims = Object::from_iter([("email".to_owned(), "ada@example.com".into())]);
///
/// let issuance = Issuance::new(claims).hide("/email").decoys("", 3).hash(Hash::Sha512);
/// let issued = issuance.clone().issue(aws_lc(), &signer)?;
/// assert_eq!(issued.inspect(aws_lc(), &Limits::DEFAULT)?.claims["email"], "ada@example.com");
/// assert_eq!(issuance.issue_general(aws_lc(), &[&signer, &signer])?.issuer_jwts().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Issuance<'a> {
    claims: Object,
    hidden: Vec<&'a str>,
    decoys: Vec<(&'a str, usize)>,
    hash: Hash,
    holder: Option<&'a VerifyingKey>,
}

impl<'a> Issuance<'a> {
    /// Nothing is hidden yet; digests are made with SHA-256.
    pub fn new(claims: Object) -> Self {
        Self { claims, hidden: Vec::new(), decoys: Vec::new(), hash: Hash::Sha256, holder: None }
    }

    /// Hides a member of an object or an element of an array. What lies in it can be hidden too, and is then shown only
    /// with it (§4.2.6).
    pub fn hide(mut self, pointer: &'a str) -> Self {
        self.hidden.push(pointer);
        self
    }

    /// So many digests of nothing in this object or array (§4.2.5), so that nobody can count what is hidden. The empty
    /// pointer is the whole.
    pub fn decoys(mut self, pointer: &'a str, count: usize) -> Self {
        self.decoys.push((pointer, count));
        self
    }

    /// Digests with SHA-256, SHA-384 or SHA-512.
    pub fn hash(mut self, hash: Hash) -> Self {
        self.hash = hash;
        self
    }

    /// Names the holder's key in `cnf` (§4.1.2), so that a proof can be asked for.
    pub fn holder(mut self, key: &'a VerifyingKey) -> Self {
        self.holder = Some(key);
        self
    }

    /// Draws salts of 128 bits (§9.3), hides, and signs.
    pub fn issue(self, provider: &dyn Provider, signer: &Signer) -> Result<SdJwt, IssueError> {
        self.issue_general(provider, &[signer])
    }

    /// The same under several keys, for the general form ([`SdJwt::to_general`], §8.3): a verifier needs one of them.
    pub fn issue_general(self, provider: &dyn Provider, signers: &[&Signer]) -> Result<SdJwt, IssueError> {
        let sd_alg = hash_name(self.hash).ok_or(IssueError::Hash)?;
        refuse_names(&self.claims)?;
        let mut claims = self.claims;
        if let Some(holder) = self.holder {
            let jwk = holder.public_jwk().ok_or(IssueError::Holder)?;
            claims.insert("cnf".into(), Object::from_iter([("jwk".into(), jwk.into())]).into());
        }
        let mut making = Making { provider, hash: self.hash, root: Value::Object(claims), disclosures: Vec::new() };
        // Decoys first, while no pointer is hidden; then from the inside to the outside, so that an outer disclosure
        // carries the digests of the inner ones.
        for (pointer, count) in self.decoys {
            for _ in 0..count {
                making.decoy(pointer)?;
            }
        }
        let mut hidden = self.hidden;
        hidden.sort_by_key(|pointer| std::cmp::Reverse(pointer::depth(pointer)));
        for pointer in hidden {
            making.hide(pointer)?;
        }
        let Making { mut root, disclosures, .. } = making;
        if let Value::Object(members) = &mut root {
            members.insert("_sd_alg".into(), sd_alg.into());
        }
        let json = serde_json::to_vec(&root).map_err(SignError::from)?;
        let signed = signers.iter().map(|signer| signer.sign_json(&json)).collect::<Result<Vec<_>, _>>()?;
        let mut signed = signed.into_iter();
        let jwt = signed.next().ok_or(SignError::Form("nothing is signed yet"))?;
        Ok(SdJwt { jwt, others: signed.collect(), disclosures, proof: None })
    }
}

struct Making<'a> {
    provider: &'a dyn Provider,
    hash: Hash,
    root: Value,
    disclosures: Vec<Disclosure>,
}

impl Making<'_> {
    fn hide(&mut self, pointer: &str) -> Result<(), IssueError> {
        let nothing = || IssueError::Pointer(excerpt(pointer));
        let (parent, name) = pointer::split(pointer).ok_or_else(nothing)?;
        // A digest is no claim.
        if pointer.split('/').any(|step| step == "_sd" || step == "...") {
            return Err(nothing());
        }
        if parent.is_empty() && VALIDITY.contains(&name.as_str()) {
            return Err(IssueError::Validity(name));
        }
        let salt = base64url::encode(self.random::<16>()?);
        let disclosure = match pointer::find(&mut self.root, parent).ok_or_else(nothing)? {
            Value::Object(members) => {
                let value = members.remove(&name).ok_or_else(nothing)?;
                let disclosure = Disclosure::new(salt, Some(&name), value);
                insert_digest(members, disclosure.digest(self.provider, self.hash));
                disclosure
            }
            Value::Array(_) => {
                let element = pointer::find(&mut self.root, pointer).filter(|element| element.get("...").is_none());
                let element = element.ok_or_else(nothing)?;
                let disclosure = Disclosure::new(salt, None, element.take());
                *element = element_of(disclosure.digest(self.provider, self.hash));
                disclosure
            }
            _ => return Err(nothing()),
        };
        self.disclosures.push(disclosure);
        Ok(())
    }

    fn decoy(&mut self, pointer: &str) -> Result<(), IssueError> {
        let random = self.random::<32>()?;
        let digest = digest(self.provider, self.hash, base64url::encode(random).as_bytes());
        match pointer::find(&mut self.root, pointer) {
            Some(Value::Object(members)) => insert_digest(members, digest),
            // At the end, so that the pointers of the others stay what they are.
            Some(Value::Array(elements)) => elements.push(element_of(digest)),
            _ => return Err(IssueError::Pointer(excerpt(pointer))),
        }
        Ok(())
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], ProviderError> {
        let mut bytes = [0; N];
        self.provider.fill_random(&mut bytes)?;
        Ok(bytes)
    }
}

/// In the digests' own order, which says nothing of the claims' (§4.2.4.1).
fn insert_digest(members: &mut Object, digest: String) {
    let digests = members.entry("_sd").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(digests) = digests {
        let place = digests.partition_point(|other| other.as_str() < Some(digest.as_str()));
        digests.insert(place, digest.into());
    }
}

/// §4.2.4.2.
fn element_of(digest: String) -> Value {
    Object::from_iter([("...".into(), digest.into())]).into()
}

/// §4.1: `_sd` and `...` carry digests and nothing else, at any depth; `_sd_alg` is this module's to set.
fn refuse_names(members: &Object) -> Result<(), IssueError> {
    for (name, value) in members {
        if ["_sd", "...", "_sd_alg"].contains(&name.as_str()) {
            return Err(IssueError::Name(name.clone()));
        }
        refuse_names_in(value)?;
    }
    Ok(())
}

fn refuse_names_in(value: &Value) -> Result<(), IssueError> {
    match value {
        Value::Object(members) => refuse_names(members),
        Value::Array(elements) => elements.iter().try_for_each(refuse_names_in),
        _ => Ok(()),
    }
}

/// §9.7: what decides whether the token is valid.
const VALIDITY: [&str; 5] = ["iss", "aud", "exp", "nbf", "cnf"];
