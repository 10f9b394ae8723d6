//! One of each page and of each state that looks different, for the preview
//! and for the tests.

mod account;
mod entering;
mod joining;

use oidc::profile::Theme;

use super::look::{Brand, Locale};
use super::views::{
    Account, App, ErrorKind, ErrorPage, Form, Home, Link, Message, Notice, Page, PasskeyAsked, Session, SignOut,
    SignedOut,
};

/// The names that people and apps chose.
#[derive(Clone, Copy)]
pub(crate) struct Names {
    pub(crate) app: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) person: &'static str,
    pub(crate) email: &'static str,
    pub(crate) other: &'static str,
}

pub(crate) const ORDINARY: Names = Names {
    app: "Photos",
    owner: "Lantern Pictures Ltd",
    person: "Ada Lovelace",
    email: "ada@example.com",
    other: "ندى الخطيب",
};

pub(crate) const LONG: Names = Names {
    app: "Bundesweites Dokumentenbearbeitungsportal für Antragstellende",
    owner: "Gemeinnützige Gesellschaft für Verwaltungsdigitalisierung mbH & Co. KG",
    person: "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Hubert Blaine",
    email: "hubert.blaine.wolfeschlegelsteinhausenbergerdorff@post.verwaltung.example.com",
    other: "محمد عبد الرحمن بن عبد العزيز آل الشيخ الأنصاري",
};

/// The frame of a sample.
pub(crate) fn page(locale: Locale, brand: &Brand) -> Page<'_> {
    Page { locale, brand, theme: Theme::default(), here: Some("flow=00112233445566778899aabbccddeeff") }
}

/// The front page.
pub(crate) fn home(page: Page<'_>) -> String {
    Home { page, account: None, sign_in: "/signin", sign_up: Some("/signup"), account_home: "/account" }.render()
}

/// The stylesheets that a page loads.
#[allow(dead_code)]
pub(crate) fn stylesheets(html: &str) -> Vec<String> {
    html.split("rel=\"stylesheet\" href=\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect()
}

/// Every page with a name of its own.
pub(crate) fn all(locale: Locale, brand: &Brand, names: &Names) -> Vec<(&'static str, String)> {
    let page = page(locale, brand);
    let mut pages = vec![("home", home(page))];
    pages.extend(entering::signing_in(page, names));
    pages.extend(joining::within_a_flow(page, names));
    pages.extend(leaving(page, names));
    pages.extend(account::account(page, names));
    pages.extend(account::console(page, names));
    pages.extend(account::whereabouts(page, names));
    pages.extend(entering::by_mail(page, names));
    pages.extend(saying_one_thing(page, names));
    pages
}

const FORM: Form<'static> = Form { to: "/signin", csrf: "c5rf", flow: Some("00112233445566778899aabbccddeeff") };
const ASKED: PasskeyAsked<'static> = PasskeyAsked { to: "/signin/passkey", options: "{\"challenge\":\"AA\"}" };
/// In the place of a QR code.
const QR: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\"><path fill=\"#fff\" d=\"M0 0h4v4H0z\"/><path d=\"M1 1h2v2H1z\"/></svg>";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SINCE: i64 = 1_795_511_100;

fn leaving(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
    let back = Some(Link { address: "https://photos.example.com/", name: names.app });
    let signed_out = SignedOut { page, back, sign_in: "/signin", frames: &[], untold: &[] };
    vec![
        ("signout", SignOut { page, form: FORM, app: Some(app(names)), accounts: &[ada(names)] }.render()),
        ("signed-out", signed_out.clone().render()),
        ("signed-out-untold", SignedOut { untold: &[names.app.to_owned(), "Drive".to_owned()], ..signed_out }.render()),
    ]
}

fn saying_one_thing(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
    let back = Some(Link { address: "https://photos.example.com/", name: names.app });
    vec![
        (
            "error",
            ErrorPage {
                page: Page { here: None, ..page },
                kind: ErrorKind::of("invalid_scope"),
                code: "invalid_scope",
                trace: TRACE,
                detail: Some("the scope albums:write is not registered for this client"),
                back,
            }
            .render(),
        ),
        (
            "error-unknown",
            ErrorPage {
                page,
                kind: ErrorKind::UnknownApp,
                code: "invalid_client",
                trace: TRACE,
                detail: None,
                back: None,
            }
            .render(),
        ),
        ("message", Message { page, notice: Notice::LinkGone, link: None }.render()),
    ]
}

fn app(names: &Names) -> App<'static> {
    App { name: names.app, logo: None }
}

fn ada(names: &Names) -> Account<'static> {
    Account { name: names.person, email: names.email }
}

fn sessions(names: &Names) -> [Session<'static>; 2] {
    let session = Session { id: "0123456789abcdef0123456789abcdef", account: ada(names), since: SINCE, current: true };
    let other = Session {
        id: "fedcba9876543210fedcba9876543210",
        account: Account { name: names.other, email: "nada@example.org" },
        current: false,
        ..session
    };
    [session, other]
}
