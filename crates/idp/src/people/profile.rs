//! What people change of themselves: their name, the claims that are theirs to set, how pages look for them.

use oidc::Id;
use oidc::profile::{Field, Theme, Unfit};
use serde_json::{Value, json};

use super::names;
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::{Context, Fault};

/// What to change; what is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub struct OwnChange<'a> {
    /// The full name, as it was typed.
    pub name: Option<&'a str>,
    /// Claims, each as it was typed.
    pub claims: Vec<(Field, &'a str)>,
    /// How pages look.
    pub theme: Option<Theme>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeOwnError {
    /// Some of what was typed will not do.
    #[error("some of it will not do")]
    Unfit {
        /// Whether the full name is among it.
        name: bool,
        /// The claims that are.
        claims: Vec<Field>,
    },
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Context {
    /// Changes what somebody says of themselves, all of it or nothing. The trail has the names of the claims, never what
    /// they hold.
    pub async fn change_own(&self, user: Id, change: &OwnChange<'_>, caller: &Caller) -> Result<(), ChangeOwnError> {
        for _ in 0..TRIES {
            let row = store::users::find(&self.store, user).await.map_err(Fault::from)?;
            let row = row.ok_or_else(|| Fault::Corrupt(format!("user {user} is gone")))?;
            if self.try_change_own(row, change, caller).await? {
                return Ok(());
            }
        }
        Err(Fault::Corrupt(format!("user {user} is changed faster than can be read")).into())
    }

    /// `false` where somebody else was faster.
    async fn try_change_own(
        &self,
        row: store::users::User,
        change: &OwnChange<'_>,
        caller: &Caller,
    ) -> Result<bool, ChangeOwnError> {
        let person = super::read(row.clone())?;
        let typed_name = change.name.map_or(Some(person.user.name.as_deref()), names::full_name);
        let (mut profile, mut unfit) = (person.user.profile.clone(), Vec::new());
        for (field, typed) in &change.claims {
            if let Err(Unfit(field)) = field.set(&mut profile, typed, self.now()) {
                unfit.push(field);
            }
        }
        let name = match (typed_name, unfit.is_empty()) {
            (Some(name), true) => name,
            (name, _) => return Err(ChangeOwnError::Unfit { name: name.is_none(), claims: unfit }),
        };
        let theme = change.theme.unwrap_or(person.theme);
        let mut changed: Vec<&str> = change.claims.iter().map(|(field, _)| field.claim()).collect();
        changed.retain(|claim| profile.get(*claim) != person.user.profile.get(*claim));
        changed.extend((name != person.user.name.as_deref()).then_some("name"));
        if changed.is_empty() && theme == person.theme {
            return Ok(true);
        }
        let event = Event::new(Kind::ProfileChanged).user(row.id).detail(json!({ "claims": changed }));
        let profile_json = Value::Object(profile).to_string();
        let new = store::users::OwnChange { name, profile_json: &profile_json, theme: theme.name() };
        let event = self.audit_row(caller, event);
        Ok(store::users::change_own(&self.store, &row, new, &event).await.map_err(Fault::from)?)
    }
}

/// How often a row is read again when others are faster.
const TRIES: usize = 5;
