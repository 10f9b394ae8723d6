//! Groups of people, invitations to apps and roles there: what decides who may use which app (`oidc::access`).

use std::collections::HashMap;

use oidc::access::{self, Denied, Standing};
use oidc::assurance::Policy;
use oidc::client::Client;
use oidc::token::grant::Grant;
use oidc::{Id, Scopes, Time, scope};
use serde_json::{Map, Value, json};
use store::Page;
use store::groups::Group;

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::{Context, Fault};

/// A group as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupShown {
    /// Its name.
    pub name: String,
    /// What is asked of its members.
    pub policy: Policy,
    /// When it was added.
    pub created_at: Time,
}

/// Why a group or an invitation was not changed.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// Not a name.
    #[error("a name is made of 1 to {LONGEST} letters and digits, with `.`, `_`, `-` and `:` between them")]
    NameInvalid,
    /// There is one of this name.
    #[error("there is a group of this name already")]
    Taken,
    /// There is none.
    #[error("there is no group called {0}")]
    NoGroup(String),
    /// There is none.
    #[error("there is no client with this client_id")]
    NoClient,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<store::Error> for GroupError {
    fn from(error: store::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl Context {
    /// Adds a group.
    pub async fn add_group(&self, name: &str) -> Result<(), GroupError> {
        let group = Group { name: checked(name)?.to_owned(), policy_json: None, created_at: self.now() };
        match store::groups::insert(&self.store, &group).await? {
            true => Ok(()),
            false => Err(GroupError::Taken),
        }
    }

    /// Groups, the one added first first: those after one, and how many at most.
    pub async fn list_groups(&self, after: Option<(Time, &str)>, limit: u32) -> Result<Vec<GroupShown>, Fault> {
        let groups = store::groups::list(&self.store, Page { after, limit }).await?;
        let shown =
            |group: Group| Ok(GroupShown { policy: policy(&group)?, name: group.name, created_at: group.created_at });
        groups.into_iter().map(shown).collect()
    }

    /// Says what is asked of a group's members wherever they sign in to an app, beside what the app asks.
    pub async fn set_group_policy(&self, name: &str, policy: Policy, caller: &Caller) -> Result<(), GroupError> {
        let text = json!(policy).to_string();
        let kept = (policy != Policy::default()).then_some(text.as_str());
        if !store::groups::set_policy(&self.store, name, kept).await? {
            return Err(GroupError::NoGroup(name.to_owned()));
        }
        let event = Event::new(Kind::GroupPolicySet).detail(json!({ "group": name, "policy": policy }));
        self.audit(caller, event).await?;
        Ok(())
    }

    /// What is asked of a person by all their groups together.
    pub(crate) async fn group_policy(&self, user: Id) -> Result<Policy, Fault> {
        let asking = store::groups::with_policies(&self.store).await?;
        if asking.is_empty() {
            return Ok(Policy::default());
        }
        let theirs = store::groups::of_user(&self.store, user).await?;
        let asking = asking.iter().filter(|group| theirs.contains(&group.name));
        asking.map(policy).try_fold(Policy::default(), |all, one| Ok(all.and(one?)))
    }

    /// Deletes a group; nobody is in it any more, and an app that is for it is for nobody.
    pub async fn delete_group(&self, name: &str) -> Result<(), GroupError> {
        match store::groups::delete(&self.store, name).await? {
            true => Ok(()),
            false => Err(GroupError::NoGroup(name.to_owned())),
        }
    }

    /// Makes a person a member; `false` where they were one.
    pub async fn add_member(&self, group: &str, user: Id, caller: &Caller) -> Result<bool, GroupError> {
        self.existing(group).await?;
        let added = store::groups::add_member(&self.store, user, group, self.now()).await?;
        if added {
            self.audit(caller, Event::new(Kind::MemberAdded).user(user).detail(json!({ "group": group }))).await?;
        }
        Ok(added)
    }

    /// Takes a person out of a group; `false` where they were no member. What they hold of the group's apps counts no more.
    pub async fn remove_member(&self, group: &str, user: Id, caller: &Caller) -> Result<bool, GroupError> {
        self.existing(group).await?;
        let removed = store::groups::remove_member(&self.store, user, group).await?;
        if removed {
            self.audit(caller, Event::new(Kind::MemberRemoved).user(user).detail(json!({ "group": group }))).await?;
        }
        Ok(removed)
    }

    /// The members of a group, the first to join first.
    pub async fn members(&self, group: &str) -> Result<Vec<Id>, GroupError> {
        self.existing(group).await?;
        Ok(store::groups::members(&self.store, group).await?)
    }

    /// The groups of a person, in the order of their names.
    pub async fn groups_of(&self, user: Id) -> Result<Vec<String>, Fault> {
        let mut groups = store::groups::of_user(&self.store, user).await?;
        groups.sort_unstable();
        Ok(groups)
    }

    /// Invites a person to an app, in these roles or in none; `false` where that was so.
    pub async fn invite_to(
        &self,
        client: &str,
        user: Id,
        roles: &[String],
        caller: &Caller,
    ) -> Result<bool, GroupError> {
        self.client(client).await?.ok_or(GroupError::NoClient)?;
        let roles = roles.iter().map(|role| checked(role)).collect::<Result<Vec<_>, _>>()?;
        let mut changed = store::invitations::insert(&self.store, user, client, INVITED, self.now()).await?;
        for role in &roles {
            changed |= store::invitations::insert(&self.store, user, client, role, self.now()).await?;
        }
        if changed {
            let event = Event::new(Kind::Invited).user(user).client(client).detail(json!({ "roles": roles }));
            self.audit(caller, event).await?;
        }
        Ok(changed)
    }

    /// Takes roles away, or, where none is named, the invitation with all of them; `false` where there was nothing.
    pub async fn uninvite(
        &self,
        client: &str,
        user: Id,
        roles: &[String],
        caller: &Caller,
    ) -> Result<bool, GroupError> {
        let mut changed = false;
        for role in roles {
            changed |= store::invitations::delete(&self.store, user, client, role).await?;
        }
        if roles.is_empty() {
            changed = store::invitations::delete_all(&self.store, user, client).await? > 0;
        }
        if changed {
            let event = Event::new(Kind::Uninvited).user(user).client(client).detail(json!({ "roles": roles }));
            self.audit(caller, event).await?;
        }
        Ok(changed)
    }

    /// Everybody invited to an app, each with their roles there.
    pub async fn invited_to(&self, client: &str) -> Result<Vec<(Id, Vec<String>)>, Fault> {
        let mut all: Vec<(Id, Vec<String>)> = Vec::new();
        let mut places = HashMap::new();
        for (user, role) in store::invitations::of_client(&self.store, client).await? {
            let place = *places.entry(user).or_insert(all.len());
            if place == all.len() {
                all.push((user, Vec::new()));
            }
            all[place].1.extend(Some(role).filter(|role| role != INVITED));
        }
        all.iter_mut().for_each(|(_, roles)| roles.sort_unstable());
        Ok(all)
    }

    /// What a person is at an app, in the order of the names. Of several they choose one to enter as.
    pub async fn roles_of(&self, user: Id, client: &str) -> Result<Vec<String>, Fault> {
        Ok(self.standing(user, client).await?.roles)
    }

    /// The claims of the scopes `groups` and `roles`: of several roles the one that the person entered as, while it is
    /// theirs.
    pub(crate) async fn standing_claims(
        &self,
        grant: &Grant,
        client: &str,
        scopes: &Scopes,
    ) -> Result<Map<String, Value>, Fault> {
        let mut claims = Map::new();
        if !scope::OF_OURS.iter().any(|name| scopes.contains(name)) {
            return Ok(claims);
        }
        let Standing { groups, mut roles, .. } = self.standing(grant.user_id, client).await?;
        roles.retain(|role| grant.role.as_ref().is_none_or(|entered| entered == role));
        for (name, values) in [(scope::GROUPS, groups), (scope::ROLES, roles)] {
            if scopes.contains(name) {
                claims.insert(name.to_owned(), values.into());
            }
        }
        Ok(claims)
    }

    /// What a person is towards a client.
    pub(crate) async fn standing(&self, user: Id, client: &str) -> Result<Standing, Fault> {
        let groups = self.groups_of(user).await?;
        let mut roles = store::invitations::of(&self.store, user, client).await?;
        let invited = !roles.is_empty();
        roles.retain(|role| role != INVITED);
        roles.sort_unstable();
        Ok(Standing { groups, invited, roles })
    }

    /// Whether a person may use a client now. Where it is open to everybody, nothing is read.
    pub(crate) async fn may_use(&self, client: &Client, user: Id) -> Result<Result<(), Denied>, Fault> {
        let standing = match access::is_restricted(client) {
            true => self.standing(user, &client.id).await?,
            false => Standing::default(),
        };
        Ok(access::decide(client, &standing, self.now()))
    }

    /// Whether all these groups are there; the first that is not.
    pub(crate) async fn missing_group(&self, names: &[String]) -> Result<Option<String>, Fault> {
        for name in names {
            if store::groups::find(&self.store, name).await?.is_none() {
                return Ok(Some(name.clone()));
            }
        }
        Ok(None)
    }

    async fn existing(&self, group: &str) -> Result<Group, GroupError> {
        store::groups::find(&self.store, group).await?.ok_or_else(|| GroupError::NoGroup(group.to_owned()))
    }
}

fn policy(group: &Group) -> Result<Policy, Fault> {
    let Some(text) = &group.policy_json else { return Ok(Policy::default()) };
    serde_json::from_str(text).map_err(|error| Fault::corrupt(&format!("the policy of group {}", group.name), error))
}

/// A name of a group or a role: it stands in tokens and on command lines.
fn checked(name: &str) -> Result<&str, GroupError> {
    let allowed = |c: char| c.is_alphanumeric() || "._-:".contains(c);
    let ends = name.starts_with(char::is_alphanumeric) && name.ends_with(char::is_alphanumeric);
    let short = name.chars().take(LONGEST + 1).count() <= LONGEST;
    (ends && short && name.chars().all(allowed)).then_some(name).ok_or(GroupError::NameInvalid)
}

/// The role of whoever was merely invited.
const INVITED: &str = "";
/// Letters of a name.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_name() {
        for (name, right) in [
            ("staff", true),
            ("Museum:guides_2", true),
            ("إدارة", true),
            ("", false),
            ("two words", false),
            ("a,b", false),
            ("-staff", false),
            ("staff\n", false),
        ] {
            assert_eq!(checked(name).is_ok(), right, "{name:?}");
        }
        assert!(checked(&"a".repeat(64)).is_ok() && checked(&"a".repeat(65)).is_err());
    }
}
