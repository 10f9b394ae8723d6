//! Recovery codes: ten, shown once, each good once in place of an authenticator app. They stand in one row with the
//! credentials of kind `recovery`, as hashes.

use oidc::assurance::Method;
use oidc::session::Session;
use oidc::{Id, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::credentials::{self, Credential};
use zeroize::Zeroizing;

use super::{Proven, row_id};
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::{Context, Fault};

/// What a person is told of their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How many have not been used.
    pub count: usize,
    /// When they were made.
    pub made: Time,
}

#[derive(Serialize, Deserialize)]
struct Document {
    /// SHA-256 of each code that has not been used, in base64url. A code has 80 random bits: nothing is gained by a
    /// slower hash.
    codes: Vec<String>,
}

impl Document {
    fn read(row: &Credential) -> Result<Self, Fault> {
        serde_json::from_str(&row.data_json)
            .map_err(|error| Fault::corrupt(&format!("the recovery codes of user {}", row.user_id), error))
    }
}

impl Context {
    /// What is left of this person's codes; `None` where they have never made any.
    pub async fn recovery_codes(&self, user: Id) -> Result<Option<Left>, Fault> {
        let Some(row) = self.recovery(user).await? else { return Ok(None) };
        Ok(Some(Left { count: Document::read(&row)?.codes.len(), made: row.created_at }))
    }

    /// Makes ten new codes in the place of those there are; `None` where that needs a fresh sign-in.
    pub async fn new_recovery_codes(
        &self,
        session: &Session,
        caller: &Caller,
    ) -> Result<Option<Vec<Zeroizing<String>>>, Fault> {
        if !self.may_change_factors(session).await? {
            return Ok(None);
        }
        let codes: Vec<_> = (0..COUNT).map(|_| self.new_code()).collect();
        let hashes = codes.iter().map(|code| hash(code)).collect();
        let row = Credential {
            user_id: session.user_id,
            id: row_id(KIND, session.user_id),
            kind: KIND.to_owned(),
            data_json: json!(Document { codes: hashes }).to_string(),
            created_at: self.now(),
            used_at: None,
        };
        self.put_only(&row).await?;
        let event = Event::new(Kind::FactorAdded).user(row.user_id).session(session.id);
        self.audit(caller, event.detail(json!({ "factor": KIND }))).await?;
        Ok(Some(codes))
    }

    /// Whether this is one of the person's codes; it is used then.
    pub async fn check_recovery_code(&self, user: Id, code: &str, caller: &Caller) -> Result<Option<Proven>, Fault> {
        let proven = self.use_recovery_code(user, code).await?;
        if proven.is_none() {
            self.note_wrong(Some(user), KIND, Method::RecoveryCode, caller).await?;
        }
        Ok(proven)
    }

    async fn use_recovery_code(&self, user: Id, code: &str) -> Result<Option<Proven>, Fault> {
        let wanted = hash(code);
        for _ in 0..TRIES {
            let Some(row) = self.recovery(user).await? else { return Ok(None) };
            let mut document = Document::read(&row)?;
            let matches = |known: &String| jose::constant_time_eq(known.as_bytes(), wanted.as_bytes());
            let Some(at) = document.codes.iter().position(matches) else { return Ok(None) };
            document.codes.remove(at);
            if credentials::change(&self.store, &row, &json!(document).to_string(), self.now()).await? {
                let person = self.user(user).await?.filter(|person| !person.disabled);
                return Ok(person.map(|person| Proven {
                    person,
                    credential: Some(row.id),
                    method: Method::RecoveryCode,
                }));
            }
        }
        Ok(None)
    }

    fn new_code(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 10]);
        self.randomness.fill(&mut *bytes);
        let letters = Zeroizing::new(jose::otp::base32(&*bytes).to_lowercase());
        let groups: Vec<&str> = (0..4).map(|group| &letters[4 * group..4 * group + 4]).collect();
        Zeroizing::new(groups.join("-"))
    }

    async fn recovery(&self, user: Id) -> Result<Option<Credential>, Fault> {
        Ok(credentials::of(&self.store, user, KIND).await?.pop())
    }
}

/// Whether a code of this row is left.
pub(super) fn are_left(row: &Credential) -> Result<bool, Fault> {
    Ok(!Document::read(row)?.codes.is_empty())
}

/// Of the letters alone: how somebody groups them does not matter.
fn hash(code: &str) -> String {
    let letters: Zeroizing<String> = Zeroizing::new(
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect(),
    );
    jose::base64url::encode(jose::sha256(letters.as_bytes()))
}

pub(super) const KIND: &str = "recovery";
const COUNT: usize = 10;
/// How often a row is read again when others are faster.
const TRIES: usize = 4;
