//! One of each page and of each state that looks different, for the preview
//! and for the tests.

mod account;

use oidc::details::Part;
use oidc::profile::Theme;

use super::look::{Brand, Locale};
use super::views::{
    Account, Accounts, App, AskingDevice, ChooseRole, Confirm, Consent, Continue, Device, EnterCode, EnterUserCode,
    ErrorKind, ErrorPage, Form, FormPost, Handoff, HandoffBy, Home, Identity, Link, MailLink, MailPurpose, MailSent,
    MailedCode, Message, NewPassword, NotAdmitted, Notice, OfferPasskey, Page, PasskeyAsked, Problem, Proof, Prove,
    Recover, Scope, Session, SetUp, SignIn, SignOut, SignUp, SignUpProblems, SignedOut,
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
    pages.extend(signing_in(page, names));
    pages.extend(within_a_flow(page, names));
    pages.extend(leaving(page, names));
    pages.extend(account::account(page, names));
    pages.extend(account::console(page, names));
    pages.extend(account::whereabouts(page, names));
    pages.extend(by_mail(page, names));
    pages.extend(saying_one_thing(page, names));
    pages
}

const FORM: Form<'static> = Form { to: "/signin", csrf: "c5rf", flow: Some("00112233445566778899aabbccddeeff") };
const ASKED: PasskeyAsked<'static> = PasskeyAsked { to: "/signin/passkey", options: "{\"challenge\":\"AA\"}" };
/// In the place of a QR code.
const QR: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\"><path fill=\"#fff\" d=\"M0 0h4v4H0z\"/><path d=\"M1 1h2v2H1z\"/></svg>";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SINCE: i64 = 1_795_511_100;

fn signing_in(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
    let app = app(names);
    let sign_in = SignIn {
        page,
        form: FORM,
        app: Some(app),
        username: "",
        problem: None,
        passkey: ASKED,
        sign_up: Some("/signup"),
        by_mail: true,
    };
    let sign_up = SignUp {
        page,
        form: FORM,
        app: Some(app),
        email: "",
        name: "",
        password_min: 10,
        problems: SignUpProblems::default(),
        sign_in: "/signin",
    };
    let failed = SignUp {
        email: names.email,
        name: names.person,
        problems: SignUpProblems {
            form: Some(Problem::Stale),
            email: Some(Problem::EmailTaken),
            name: Some(Problem::NameInvalid),
            password: Some(Problem::PasswordTooShort { min: 10 }),
        },
        ..sign_up.clone()
    };
    let offer = OfferPasskey {
        page,
        form: FORM,
        app: Some(app),
        account: ada(names),
        options: "{}",
        by_itself: true,
        problem: None,
    };
    let (account, codes) = (ada(names), Some("/account/codes"));
    let set_up = SetUp { page, form: FORM, app, account, passkeys: "/account/passkeys", codes, on: "/signin" };
    let roles = ["customer".to_owned(), "supplier".to_owned()];
    let role = ChooseRole { page, form: FORM, app, account: ada(names), roles: &roles };
    vec![
        ("signin", sign_in.render()),
        (
            "signin-failed",
            SignIn { username: names.email, problem: Some(Problem::WrongCredentials), ..sign_in.clone() }.render(),
        ),
        (
            "signin-waiting",
            SignIn {
                username: names.email,
                problem: Some(Problem::TooManyAttempts { seconds: 840 }),
                ..sign_in.clone()
            }
            .render(),
        ),
        ("signin-busy", SignIn { app: None, username: names.email, problem: Some(Problem::Busy), ..sign_in }.render()),
        ("prove-totp", prove(page, names, Proof::Totp, None).render()),
        ("prove-recovery", prove(page, names, Proof::RecoveryCode, Some(Problem::WrongRecoveryCode)).render()),
        ("offer-passkey", offer.render()),
        ("role", role.render()),
        ("set-up", set_up.render()),
        ("prove-passkey", Prove { may_skip: true, ..prove(page, names, Proof::Passkey, None) }.render()),
        ("signup", sign_up.render()),
        ("signup-failed", failed.render()),
    ]
}

fn prove<'a>(page: Page<'a>, names: &'a Names, proof: Proof, problem: Option<Problem>) -> Prove<'a> {
    Prove {
        page,
        form: FORM,
        app: Some(app(names)),
        account: Account { name: names.person, email: names.email },
        proof,
        options: "{\"challenge\":\"AA\"}",
        others: match proof {
            Proof::Totp => &OTHERS,
            Proof::Passkey | Proof::RecoveryCode => &[],
        },
        aside: FORM,
        may_skip: false,
        may_remember: proof == Proof::Totp,
        problem,
    }
}

static OTHERS: [(Proof, String); 1] = [(Proof::RecoveryCode, String::new())];

fn by_mail(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
    let email = names.email;
    let sent = MailSent { page, email, purpose: MailPurpose::SignUp, again: "/signup" };
    let confirm = Confirm {
        page,
        form: FORM,
        app: Some(app(names)),
        token: "t0k3n",
        account: ada(names),
        password_min: None,
        problem: None,
    };
    let elsewhere = Confirm { app: None, password_min: Some(15), problem: Some(Problem::Missing), ..confirm.clone() };
    let recover = Recover { page, form: FORM, email, problem: None, sign_in: "/signin" };
    let new = NewPassword {
        page,
        form: FORM,
        token: "t0k3n",
        account: ada(names),
        password_min: 15,
        others: true,
        problem: None,
    };
    let code = EnterCode { page, form: FORM, app: Some(app(names)), name: email, problem: None };
    let link = MailLink { page, form: FORM, app: Some(app(names)), token: "t0k3n" };
    vec![
        ("email-code", code.render()),
        ("email-code-wrong", EnterCode { app: None, problem: Some(Problem::WrongMailCode), ..code }.render()),
        ("email-link", link.render()),
        ("mailed-code", MailedCode { page, code: "012345" }.render()),
        ("signup-sent", sent.render()),
        ("confirm", confirm.render()),
        ("confirm-elsewhere", elsewhere.render()),
        ("recover", Recover { email: "", ..recover.clone() }.render()),
        ("recover-stale", Recover { problem: Some(Problem::Stale), ..recover }.render()),
        ("recover-sent", MailSent { purpose: MailPurpose::Recovery, again: "/recover", ..sent }.render()),
        ("new-password", new.render()),
        ("new-password-failed", NewPassword { problem: Some(Problem::PasswordCommon), others: false, ..new }.render()),
    ]
}

fn within_a_flow(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
    let consent = Consent {
        page,
        form: FORM,
        app: app(names),
        owner: Some(names.owner),
        host: "photos.example.com",
        identity: Identity::Assured,
        device: None,
        details: &[],
        account: ada(names),
        required: &[scope("openid"), scope("profile"), scope("email")],
        optional: &[scope("phone"), scope("offline_access"), scope("albums:write")],
        policy: Some("https://photos.example.com/privacy"),
        terms: Some("https://photos.example.com/terms"),
        outdated: None,
    };
    let handoff =
        |by| Handoff { page, form: FORM, app: app(names), from: "Notes", account: ada(names), token: "t", by };
    vec![
        ("account", Accounts { page, form: FORM, app: Some(app(names)), sessions: &sessions(names) }.render()),
        ("handoff", handoff(HandoffBy::Number).render()),
        ("handoff-app", handoff(HandoffBy::App).render()),
        ("handoff-proof", handoff(HandoffBy::Proof("p")).render()),
        ("continue", Continue { page, form: FORM, app: app(names), account: ada(names) }.render()),
        ("not-admitted", NotAdmitted { page, form: FORM, app: app(names), account: ada(names) }.render()),
        ("consent", consent.render()),
        (
            "consent-native",
            Consent {
                app: App { logo: Some(super::look::assets::url("favicon.svg")), ..app(names) },
                identity: Identity::Unassured,
                host: "127.0.0.1",
                owner: None,
                optional: &[],
                policy: None,
                terms: None,
                outdated: Some(SINCE),
                ..consent
            }
            .render(),
        ),
        (
            "consent-details",
            Consent {
                details: &[vec![
                    Part::Words("Pay ".to_owned()),
                    Part::Value("123.50".to_owned()),
                    Part::Words(" ".to_owned()),
                    Part::Value("EUR".to_owned()),
                    Part::Words(" to ".to_owned()),
                    Part::Value(names.owner.to_owned()),
                ]],
                optional: &[],
                ..consent.clone()
            }
            .render(),
        ),
        (
            "consent-device",
            Consent {
                device: Some(AskingDevice {
                    device: Device { browser: None, system: Some("Android") },
                    place: Some("192.0.2.x"),
                    asked: SINCE,
                }),
                policy: None,
                terms: None,
                ..consent.clone()
            }
            .render(),
        ),
        ("device", EnterUserCode { page, form: FORM, code: "", problem: None }.render()),
        ("device-code", EnterUserCode { page, form: FORM, code: "WDJB-MJHT", problem: None }.render()),
        (
            "device-unknown",
            EnterUserCode { page, form: FORM, code: "WDJB-MJHX", problem: Some(Problem::WrongUserCode) }.render(),
        ),
        (
            "device-allowed",
            Message { page: Page { here: None, ..page }, notice: Notice::DeviceAllowed, link: None }.render(),
        ),
        (
            "form_post",
            FormPost {
                page: Page { here: None, ..page },
                app: app(names),
                to: "https://photos.example.com/callback",
                fields: &[("code", "vst_ac_x\"y'z<&>"), ("state", "s\u{202e}t")],
            }
            .render(),
        ),
    ]
}

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

fn scope(name: &'static str) -> Scope<'static> {
    Scope { name, description: None, ticked: name == "phone" }
}
