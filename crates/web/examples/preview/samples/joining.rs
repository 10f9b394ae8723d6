//! What stands between a sign-in and the app that asked: accounts, consent, devices, hand-offs.

use oidc::details::Part;

use super::super::views::{
    Accounts, App, AskingDevice, Consent, Continue, Device, EnterUserCode, FormPost, Handoff, HandoffBy, Identity,
    Message, NotAdmitted, Notice, Page, Problem, Scope,
};
use super::{FORM, Names, SINCE, ada, app, sessions};

pub(super) fn within_a_flow(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
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
                app: App { logo: Some(super::super::look::assets::url("favicon.svg")), ..app(names) },
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

fn scope(name: &'static str) -> Scope<'static> {
    Scope { name, description: None, ticked: name == "phone" }
}
