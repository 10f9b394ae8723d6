//! The picture of a person, and the claim that leads to it.

use oidc::Id;
use oidc::picture::{self, Picture, Unfit};
use serde_json::{Value, json};

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::{Context, Fault};

/// Why a picture was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SetPictureError {
    /// It will not do.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A picture as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedPicture {
    /// What it is.
    pub kind: picture::Kind,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Context {
    /// Takes a picture, without what it carries beside the picture, in the place of the one before. Its address cannot be
    /// guessed and is another each time: whoever was told the old one sees nothing more there.
    pub async fn set_picture(&self, user: Id, bytes: &[u8], caller: &Caller) -> Result<(), SetPictureError> {
        let Picture { kind, bytes, .. } = Picture::read(bytes)?;
        let row = store::pictures::Picture {
            id: self.randomness.new_id(),
            user_id: user,
            media_type: kind.media_type().to_owned(),
            bytes,
            created_at: self.now(),
        };
        Ok(self.replace_picture(user, Some(&row), caller).await?)
    }

    /// Takes it away.
    pub async fn remove_picture(&self, user: Id, caller: &Caller) -> Result<(), Fault> {
        self.replace_picture(user, None, caller).await
    }

    /// The picture of this id.
    pub async fn picture(&self, id: Id) -> Result<Option<ServedPicture>, Fault> {
        let row = store::pictures::find(&self.store, id).await?;
        Ok(row.and_then(|row| {
            Some(ServedPicture { kind: picture::Kind::of_media_type(&row.media_type)?, bytes: row.bytes })
        }))
    }

    /// The path of this person's picture, where it is one of ours.
    pub fn picture_path<'a>(&self, person: &'a super::Person) -> Option<&'a str> {
        let address = person.profile.get(picture::CLAIM)?.as_str()?;
        address.strip_prefix(&self.issuer).filter(|path| path.starts_with(PATH))
    }

    async fn replace_picture(
        &self,
        user: Id,
        picture: Option<&store::pictures::Picture>,
        caller: &Caller,
    ) -> Result<(), Fault> {
        for _ in 0..TRIES {
            let row = store::users::find(&self.store, user).await?;
            let row = row.ok_or_else(|| Fault::Corrupt(format!("user {user} is gone")))?;
            let person = super::read(row.clone())?;
            let mut profile = person.user.profile.clone();
            match picture {
                Some(picture) => {
                    profile.insert(picture::CLAIM.to_owned(), self.address(&format!("{PATH}{}", picture.id)).into())
                }
                None => profile.remove(picture::CLAIM),
            };
            let event = Event::new(Kind::ProfileChanged).user(user).detail(json!({ "claims": [picture::CLAIM] }));
            let profile_json = Value::Object(profile).to_string();
            let change =
                store::users::OwnChange { name: row.name.as_deref(), profile_json: &profile_json, theme: &row.theme };
            if store::pictures::replace(&self.store, &row, change, picture, &self.audit_row(caller, event)).await? {
                return Ok(());
            }
        }
        Err(Fault::Corrupt(format!("user {user} is changed faster than can be read")))
    }
}

const PATH: &str = "/pictures/";
/// How often a row is read again when others are faster.
const TRIES: usize = 5;
