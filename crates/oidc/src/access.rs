//! Who may use which app, and until when.
//!
//! An app is open to everybody, unless it names groups or is for invited people alone: then whoever is in one of those
//! groups, or was invited, may use it. A mini program that is not live yet is for the invited, by whatever way they come. At
//! its end nobody may any more, and what it holds counts no more.

use crate::Time;
use crate::client::{Client, ProgramState};

/// What a person is towards one client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The groups that the person is in.
    pub groups: Vec<String>,
    /// Whether they were invited to this client.
    pub invited: bool,
    /// What they are there: customer, supplier.
    pub roles: Vec<String>,
}

/// Why somebody may not use an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// It is over, for everybody.
    Over,
    /// It is for others.
    NotAdmitted,
}

/// Decides whether whoever stands so may use a client now.
pub fn decide(client: &Client, standing: &Standing, now: Time) -> Result<(), Denied> {
    if is_over(client, now) {
        return Err(Denied::Over);
    }
    let in_group = client.groups.iter().any(|group| standing.groups.contains(group)) && is_live(client);
    match !is_restricted(client) || in_group || standing.invited {
        true => Ok(()),
        false => Err(Denied::NotAdmitted),
    }
}

/// Whether a client's end has come.
pub fn is_over(client: &Client, now: Time) -> bool {
    client.expires_at.is_some_and(|end| end <= now)
}

/// Whether a client is for some alone: where it is not, nobody's standing matters.
pub fn is_restricted(client: &Client) -> bool {
    client.invited_only || !client.groups.is_empty() || !is_live(client)
}

/// Whether it is no mini program, or one that people may open.
fn is_live(client: &Client) -> bool {
    client.program_state() == ProgramState::Live
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Time = Time::from_seconds(1_000);

    fn client(members: serde_json::Value) -> Client {
        let mut all = json!({ "client_id": "c", "redirect_uris": ["https://app.example/cb"] });
        all.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
        serde_json::from_value(all).expect("a client")
    }

    #[test]
    fn who_may_use_an_app() {
        let (nobody, staff) = (Standing::default(), Standing { groups: vec!["staff".into()], ..Standing::default() });
        let invited = Standing { invited: true, ..Standing::default() };
        let (open, groups) = (json!({}), json!({ "vestibule_groups": ["board", "staff"] }));
        let by_invitation = json!({ "vestibule_invited_only": true });
        let both = json!({ "vestibule_invited_only": true, "vestibule_groups": ["staff"] });
        let others = json!({ "vestibule_groups": ["board", "Staff"] });
        let program = |state: &str| json!({ "vestibule_host": "h", "vestibule_program_state": state, "vestibule_groups": ["staff"] });
        let (draft, live) = (program("draft"), program("live"));
        let new = json!({ "vestibule_host": "h" });
        for (why, metadata, standing, admitted) in [
            ("open to everybody", &open, &nobody, true),
            ("in one of its groups", &groups, &staff, true),
            ("in none of them", &groups, &nobody, false),
            ("a group is its exact name", &others, &staff, false),
            ("invited, though in no group", &groups, &invited, true),
            ("by invitation, and not invited", &by_invitation, &staff, false),
            ("by invitation, and invited", &by_invitation, &invited, true),
            ("for groups and the invited: a group", &both, &staff, true),
            ("for groups and the invited: neither", &both, &nobody, false),
            ("a program that is live", &live, &staff, true),
            ("a draft is not for the groups that it will be for", &draft, &staff, false),
            ("a draft, and invited", &draft, &invited, true),
            ("a program of which nobody has said more is a draft", &new, &staff, false),
        ] {
            let decided = decide(&client(metadata.clone()), standing, NOW);
            assert_eq!(decided, if admitted { Ok(()) } else { Err(Denied::NotAdmitted) }, "{why}");
        }
    }

    #[test]
    fn an_app_ends_at_its_time_for_everybody() {
        let invited = Standing { invited: true, ..Standing::default() };
        for (end, expected) in [(1_001, Ok(())), (1_000, Err(Denied::Over)), (999, Err(Denied::Over))] {
            let metadata = json!({ "vestibule_invited_only": true, "vestibule_expires_at": end });
            assert_eq!(decide(&client(metadata), &invited, NOW), expected, "{end}");
        }
    }
}
