//! The audit trail: what happened to whom, when and from where. Events are added, and expire after the time set; nothing
//! changes them. No secret and no token stands in one.

use oidc::{Id, Time};
use serde_json::{Value, json};
use store::Page;

use crate::caller::Caller;
use crate::{Context, Fault};

/// What happened.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    kind: Kind,
    user: Option<Id>,
    client: Option<&'a str>,
    session: Option<Id>,
    detail: Value,
}

impl<'a> Event<'a> {
    /// An event of this kind, about nobody yet.
    pub fn new(kind: Kind) -> Self {
        Self { kind, user: None, client: None, session: None, detail: json!({}) }
    }

    /// Whom it is about.
    #[must_use]
    pub fn user(self, user: Id) -> Self {
        Self { user: Some(user), ..self }
    }

    /// Which client.
    #[must_use]
    pub fn client(self, client: &'a str) -> Self {
        Self { client: Some(client), ..self }
    }

    /// Which session.
    #[must_use]
    pub fn session(self, session: Id) -> Self {
        Self { session: Some(session), ..self }
    }

    /// What else there is to say: a JSON object.
    #[must_use]
    pub fn detail(self, detail: Value) -> Self {
        Self { detail, ..self }
    }
}

/// An event of the trail, as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Time,
    /// What: the text of a [`Kind`].
    pub kind: String,
    /// Whom it is about.
    pub user: Option<Id>,
    /// Which client.
    pub client: Option<String>,
    /// Which session.
    pub session: Option<Id>,
    /// From where.
    pub address: Option<String>,
    /// What else there is to say: a JSON object.
    pub detail: Value,
}

impl Context {
    /// Adds an event to the trail.
    pub async fn audit(&self, caller: &Caller, event: Event<'_>) -> Result<(), Fault> {
        Ok(store::audit::append(&self.store, &self.audit_row(caller, event)).await?)
    }

    /// The same as a row, for the transaction of what it tells of.
    pub(crate) fn audit_row(&self, caller: &Caller, event: Event<'_>) -> store::audit::Event {
        let now = self.now();
        store::audit::Event {
            id: self.randomness.new_id(),
            kind: event.kind.as_str().to_owned(),
            user_id: event.user,
            client_id: event.client.map(str::to_owned),
            session_id: event.session,
            address: caller.address.map(|address| address.to_string()),
            detail_json: event.detail.to_string(),
            at: now,
            expires_at: now.plus(self.settings.audit.retention),
        }
    }

    /// The newest events about this person, the newest first.
    pub async fn audit_of(&self, user: Id, limit: u32) -> Result<Vec<Entry>, Fault> {
        store::audit::newest_of_user(&self.store, user, limit).await?.into_iter().map(read).collect()
    }

    /// The trail in the order of time: what comes after an event, and how much at most.
    pub async fn audit_list(&self, after: Option<(Time, Id)>, limit: u32) -> Result<Vec<Entry>, Fault> {
        let after = after.map(|(at, id)| (at, id.to_string()));
        let page = Page { after: after.as_ref().map(|(at, id)| (*at, id.as_str())), limit };
        store::audit::list(&self.store, page).await?.into_iter().map(read).collect()
    }
}

fn read(row: store::audit::Event) -> Result<Entry, Fault> {
    let detail = serde_json::from_str(&row.detail_json)
        .map_err(|error| Fault::corrupt(&format!("the event {}", row.id), error))?;
    Ok(Entry {
        id: row.id,
        at: row.at,
        kind: row.kind,
        user: row.user_id,
        client: row.client_id,
        session: row.session_id,
        address: row.address,
        detail,
    })
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What an event is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in the trail.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// A person has proven themselves, and a session began or was refreshed.
    SignedIn = "session.signed-in",
    /// A password, code or passkey that was offered was not right.
    SignInFailed = "session.sign-in-failed",
    /// Tries or requests were not let through; told once in a while.
    Throttled = "session.throttled",
    /// A session was ended.
    SessionEnded = "session.ended",
    /// A person said that a sign-in from a new device was not theirs.
    SignInDisowned = "session.disowned",
    /// An app could not be told that a session ended, and is tried no more.
    AppNotTold = "session.app-not-told",
    /// A person allowed an app something.
    ConsentGiven = "consent.given",
    /// A person allowed an app nothing of what it asked for.
    ConsentDenied = "consent.denied",
    /// A person took back what they had allowed an app.
    ConsentWithdrawn = "consent.withdrawn",
    /// A person allowed a device without a browser something.
    DeviceAllowed = "device.allowed",
    /// A person denied it.
    DeviceDenied = "device.denied",
    /// An app keeps a key in a device of a person's.
    DeviceKeyAdded = "device-key.added",
    /// The maker of a person's device vouched for a key that was there already.
    DeviceKeyAttested = "device-key.attested",
    /// A person took such a key away.
    DeviceKeyRemoved = "device-key.removed",
    /// A person allowed an app's request in another app.
    AppRequestAllowed = "app-request.allowed",
    /// A person denied it.
    AppRequestDenied = "app-request.denied",
    /// A person ended what an app might do while they are away.
    GrantEnded = "grant.ended",
    /// A client turned a token of somebody's into one for another audience.
    TokenExchanged = "token.exchanged",
    /// A native app joined a session by the device secret of its developer's apps.
    AppAdmitted = "container.app-admitted",
    /// A person signed out of one native app whose container goes on.
    AppLeft = "container.app-left",
    /// A shared container was ended with all that its apps held in its session.
    ContainerEnded = "container.ended",
    /// What is asked of the native apps of one developer was set.
    AppGroupSet = "app-group.set",
    /// A password was set or changed.
    PasswordChanged = "password.changed",
    /// A person changed what is known of them.
    ProfileChanged = "profile.changed",
    /// A person took a copy of all that is kept about them.
    DataDownloaded = "account.data-downloaded",
    /// A person asked that their account be deleted.
    DeletionAsked = "account.deletion-asked",
    /// They came back before it was.
    DeletionUndone = "account.deletion-undone",
    /// An account was deleted.
    AccountDeleted = "account.deleted",
    /// A mail was asked for that puts another address to an account.
    EmailChangeAsked = "email.change-asked",
    /// An account has another e-mail address, which was proven.
    EmailChanged = "email.changed",
    /// A person came into a group.
    MemberAdded = "group.member-added",
    /// A person was taken out of a group.
    MemberRemoved = "group.member-removed",
    /// What is asked of a group's members was set.
    GroupPolicySet = "group.policy-set",
    /// A person was invited to an app, or got a role there.
    Invited = "app.invited",
    /// An invitation to an app, or a role there, was taken away.
    Uninvited = "app.uninvited",
    /// A plain website was registered, or who may see it was changed.
    SiteSet = "site.set",
    /// A plain website is registered no more.
    SiteDeleted = "site.deleted",
    /// A session came to plain websites: it has a cookie there from now on.
    SitesEntered = "site.entered",
    /// A native app asked for an address that opens a web client signed in.
    HandoffAsked = "handoff.asked",
    /// Such an address signed its person in.
    HandoffTaken = "handoff.taken",
    /// Whoever opened one did not know the number that the app shows.
    HandoffRefused = "handoff.refused",
    /// An app has ended: what people had granted it was removed.
    AppEnded = "app.ended",
    /// Somebody made an account of their own.
    AccountMade = "account.made",
    /// A new password was asked for by mail.
    RecoveryAsked = "recovery.asked",
    /// A code to sign in with was asked for by mail.
    MailCodeAsked = "mail-code.asked",
    /// Something to sign in with was added.
    FactorAdded = "factor.added",
    /// Something to sign in with was removed.
    FactorRemoved = "factor.removed",
}
