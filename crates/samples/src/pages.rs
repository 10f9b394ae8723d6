//! The pages and the two looks.

use askama::Template;
use serde_json::{Map, Value};

use crate::clock;
use crate::fault::Fault;
use crate::sessions::SignedIn;

/// Which of the two apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Photos,
    Drive,
}

impl Look {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Photos => "Photos",
            Self::Drive => "Drive",
        }
    }

    /// Cookies on localhost are shared between ports: each app has a name of its own.
    pub(crate) fn cookie(self) -> &'static str {
        match self {
            Self::Photos => "photos_session",
            Self::Drive => "drive_session",
        }
    }

    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Photos => include_str!("../assets/photos.svg"),
            Self::Drive => include_str!("../assets/drive.svg"),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Drive => "drive",
        }
    }

    fn promise(self) -> &'static str {
        match self {
            Self::Photos => "The year in pictures, for the people who were there.",
            Self::Drive => "Everybody's papers, where everybody finds them.",
        }
    }

    fn is_photos(self) -> bool {
        self == Self::Photos
    }
}

/// The page for somebody who is not signed in.
pub(crate) fn welcome(look: Look, notice: Option<&str>) -> String {
    rendered(&Welcome { look, notice })
}

/// The page for somebody who is.
pub(crate) fn signed_in(look: Look, user: &SignedIn) -> String {
    let now = clock::now();
    rendered(&SignedInPage {
        look,
        who: who(user),
        email: text(&user.userinfo, "email").unwrap_or_default(),
        access: match user.access_until {
            Some(until) => clock::time_left(until, now),
            None => "no end given".into(),
        },
        refresh: match (&user.refresh_token, user.refresh_until) {
            (Some(_), Some(until)) => clock::time_left(until, now),
            (Some(_), None) => "as long as your session".into(),
            (None, _) => "none was given".into(),
        },
        refreshed: user.refreshed,
        claims: rows(&user.claims, now),
        userinfo: rows(&user.userinfo, now),
        files: FILES,
    })
}

/// What lies in the locked folder.
pub(crate) fn locked(look: Look, user: &SignedIn, files: &[String]) -> String {
    rendered(&LockedPage { look, who: who(user), acr: text(&user.claims, "acr").unwrap_or_default(), files })
}

/// The locked folder for somebody who has not proven enough, and may set up a second factor at `account`.
pub(crate) fn not_enough(look: Look, user: &SignedIn, account: &str) -> String {
    rendered(&NotEnoughPage { look, who: who(user), account })
}

/// The page for what did not work.
pub(crate) fn fault(look: Look, fault: &Fault) -> String {
    rendered(&FaultPage { look, title: fault.title(), text: fault.to_string() })
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome<'a> {
    look: Look,
    notice: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "signed_in.html")]
struct SignedInPage {
    look: Look,
    who: String,
    email: String,
    access: String,
    refresh: String,
    refreshed: u32,
    claims: Vec<Row>,
    userinfo: Vec<Row>,
    files: &'static [File],
}

#[derive(Template)]
#[template(path = "locked.html")]
struct LockedPage<'a> {
    look: Look,
    who: String,
    acr: String,
    files: &'a [String],
}

#[derive(Template)]
#[template(path = "not_enough.html")]
struct NotEnoughPage<'a> {
    look: Look,
    who: String,
    account: &'a str,
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    look: Look,
    title: &'static str,
    text: String,
}

/// One claim: its name, its value, and for times how far away they are.
struct Row {
    name: String,
    value: String,
    note: String,
}

struct File {
    name: &'static str,
    kind: &'static str,
    owner: &'static str,
    changed: &'static str,
}

fn who(user: &SignedIn) -> String {
    text(&user.userinfo, "name")
        .or_else(|| text(&user.userinfo, "email"))
        .or_else(|| text(&user.claims, "sub"))
        .unwrap_or_default()
}

fn rendered(page: &impl Template) -> String {
    page.render().unwrap_or_else(|error| format!("The page cannot be shown: {error}"))
}

fn text(map: &Map<String, Value>, name: &str) -> Option<String> {
    map.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn rows(map: &Map<String, Value>, now: i64) -> Vec<Row> {
    let row = |(name, value): (&String, &Value)| Row {
        name: name.clone(),
        value: match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
        note: match (name.as_str(), value.as_i64()) {
            ("exp" | "iat" | "auth_time" | "nbf" | "updated_at", Some(at)) => clock::relative(at, now),
            _ => String::new(),
        },
    };
    map.iter().map(row).collect()
}

const FILES: &[File] = &[
    File { name: "Garden plan.drw", kind: "drawing", owner: "me", changed: "today" },
    File { name: "Letters", kind: "folder", owner: "me", changed: "yesterday" },
    File { name: "Budget of the choir", kind: "table", owner: "Grace", changed: "3 days ago" },
    File { name: "Minutes of the spring meeting", kind: "text", owner: "Alan", changed: "last week" },
    File { name: "Notes on the engine", kind: "text", owner: "me", changed: "in March" },
    File { name: "House rules", kind: "text", owner: "everybody", changed: "last year" },
];
