//! The pages of somebody's account.

use oidc::picture::Unfit;
use oidc::profile::Field;

use super::super::look::Locale;
use super::super::views::{
    Account, AccountHome, AllowedApp, Apps, ChangePassword, Choice, Codes, ConfirmEmail, Confirmed, Container,
    ContainerApp, Data, Delete, Device, Email, Entry, Form, KeptKey, KnownDevice, Leaving, Left, NotMe, Notice,
    OfflineGrant, Page, Passkey, PasskeyAsked, Passkeys, Phone, Picture, Problem, Profile, RecoveryCodes, Sessions,
    SetPassword, SignedInDevice, TotpOffer, Whereabout,
};
use super::{ASKED, FORM, Names, QR, SINCE, ada, sessions};

pub(super) fn codes(page: Page<'_>, problem: Option<Problem>) -> Codes<'_> {
    Codes {
        page,
        form: FORM,
        fresh: true,
        again: "/signin?prompt=login",
        app_since: None,
        offer: Some(TotpOffer { picture: QR, secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", sealed: "AA" }),
        recovery: None,
        problem,
        password: "/account/password",
        back: "/account",
    }
}

fn passkeys<'a>(page: Page<'a>, known: &'a [Passkey<'a>], make: Option<(Form<'a>, PasskeyAsked<'a>)>) -> Passkeys<'a> {
    Passkeys {
        page,
        passkeys: known,
        remove: Form { flow: None, ..FORM },
        make,
        again: "/signin?prompt=login",
        accepted: "{}",
        problem: None,
        back: "/account",
    }
}

pub(super) fn account(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
    let account = ada(names);
    let known = [
        Passkey { id: "1", name: names.other, model: Some("Bitwarden"), synced: true, made: SINCE, used: Some(SINCE) },
        Passkey { id: "2", name: "", model: None, synced: false, made: SINCE, used: None },
    ];
    vec![
        (
            "account-home",
            AccountHome {
                page: Page { here: Some(""), ..page },
                sign_out: Form { flow: None, ..FORM },
                details: "{}",
                account,
                portrait: None,
                picture: "/account/picture",
                profile: "/account/profile",
                email: "/account/email",
                phone: "/account/phone",
                data: "/account/data",
                delete: "/account/delete",
                change_password: "/account/password",
                passkeys: "/account/passkeys",
                codes: "/account/codes",
                where_signed_in: "/account/sessions",
                apps: "/account/apps",
                sessions: &sessions(names),
                notice: Some(Notice::PasswordChanged),
            }
            .render(),
        ),
        ("codes", codes(page, None).render()),
        (
            "codes-set-up",
            Codes { app_since: Some(SINCE), recovery: Some((2, SINCE)), offer: None, ..codes(page, None) }.render(),
        ),
        ("codes-wrong", codes(page, Some(Problem::WrongCode)).render()),
        (
            "codes-password-first",
            Codes {
                app_since: Some(SINCE),
                recovery: Some((9, SINCE)),
                offer: None,
                ..codes(page, Some(Problem::PasswordLeans { min: 15 }))
            }
            .render(),
        ),
        (
            "recovery-codes",
            RecoveryCodes { page, form: FORM, codes: &["abcd-efgh-2345-mnop"; 10], back: "/account/codes" }.render(),
        ),
        ("passkeys", passkeys(page, &known, Some((FORM, ASKED))).render()),
        ("passkeys-none", Passkeys { problem: Some(Problem::NewPasskey), ..passkeys(page, &[], None) }.render()),
        (
            "password",
            ChangePassword {
                page,
                form: Form { flow: None, ..FORM },
                account,
                password_min: 10,
                problem: Some(Problem::TooManyAttempts { seconds: 840 }),
                current_problem: Some(Problem::WrongPassword),
                password_problem: Some(Problem::PasswordCommon),
                back: "/account",
            }
            .render(),
        ),
        (
            "set-password",
            SetPassword {
                page,
                form: Form { flow: None, ..FORM },
                token: "vst_ot_x",
                account: Account { name: "", ..account },
                password_min: 10,
                problem: None,
            }
            .render(),
        ),
    ]
}

pub(super) fn console(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
    let form = Form { flow: None, ..FORM };
    let entry = |value| Entry { value, problem: None };
    let wrong = |value, field| Entry { value, problem: Some(Problem::Unfit(field)) };
    let languages = Locale::ALL.map(|locale| Choice { value: locale.tag(), name: locale.own_name(), chosen: false });
    let profile = Profile {
        page,
        form,
        problem: None,
        name: entry(names.person),
        given_name: entry(""),
        family_name: entry(names.other),
        nickname: entry(""),
        birthdate: entry("1990-12-10"),
        website: entry("https://example.com/~ada"),
        zoneinfo: entry("Europe/London"),
        address: entry("12 St James’s Square\nLondon"),
        languages: &languages,
        theme: "dark",
        back: "/account",
    };
    let failed = Profile {
        problem: Some(Problem::Stale),
        nickname: wrong(names.app, Field::Nickname),
        birthdate: wrong("0000-02-30", Field::Birthdate),
        website: wrong(names.email, Field::Website),
        zoneinfo: wrong("Europe", Field::Zoneinfo),
        address: wrong("1\n2\n3\n4\n5\n6\n7\n8\n9", Field::Address),
        theme: "",
        ..profile.clone()
    };
    let email = Email {
        page,
        form: Some(form),
        again: "/signin?prompt=login",
        current: Some(names.email),
        verified: true,
        typed: "",
        problem: None,
        back: "/account",
    };
    let unfresh = Email { form: None, verified: false, ..email.clone() };
    let wrong = Email { typed: names.other, problem: Some(Problem::EmailInvalid), ..email.clone() };
    let phone = Phone { page, form, number: "+442079460000", known: true, problem: None, back: "/account" };
    let unfit = Some(Problem::Unfit(Field::PhoneNumber));
    let own = Some(super::super::look::assets::url("favicon.svg"));
    let picture =
        Picture { page, form, account: ada(names), picture: own, known: true, problem: None, back: "/account" };
    let problem = Some(Problem::Picture(Unfit::TooLarge));
    let (again, back) = ("/signin?prompt=login", "/account");
    let data = Data { page, form: Some(form), again, back };
    let delete = Delete { page, form: Some(form), again, account: ada(names), at: SINCE, data: "/account/data", back };
    let confirm =
        ConfirmEmail { page, form, token: "t0k3n", account: ada(names), email: "ada@example.org", problem: None };
    vec![
        ("profile", profile.render()),
        ("profile-failed", failed.render()),
        ("email", email.render()),
        ("email-stale", unfresh.render()),
        ("email-wrong", wrong.render()),
        ("confirm-email", confirm.render()),
        ("data", data.render()),
        ("data-stale", Data { form: None, ..data }.render()),
        ("delete", delete.render()),
        ("delete-stale", Delete { form: None, ..delete }.render()),
        ("left", Left { page, at: SINCE, sign_in: "/signin" }.render()),
        ("leaving", Leaving { page, form: FORM, account: ada(names), session: "", at: SINCE }.render()),
        ("picture", picture.render()),
        ("picture-wrong", Picture { picture: None, known: false, problem, ..picture }.render()),
        ("phone", phone.render()),
        ("phone-wrong", Phone { number: "030 1", known: false, problem: unfit, ..phone }.render()),
    ]
}

pub(super) fn whereabouts(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
    let here = Whereabout {
        id: "0123456789abcdef0123456789abcdef",
        current: true,
        device: Device { browser: Some("Firefox"), system: Some("Linux") },
        place: Some("192.0.2.x"),
        since: SINCE,
        used: SINCE,
        apps: &[(names.app, SINCE), ("Drive", SINCE)],
        containers: &[],
    };
    let phone = Device { browser: Some("Safari"), system: Some("iPhone") };
    let native =
        [("mail", "Acme Mail"), ("notes", "Acme Notes")].map(|(id, name)| ContainerApp { id, name, used: SINCE });
    let shared = [Container { id: "3", group: "acme", since: SINCE, used: SINCE, apps: &native }];
    let here = Whereabout { containers: &shared, ..here };
    let there = Whereabout { current: false, device: phone, apps: &[("Drive", SINCE)], ..here };
    let unknown =
        Whereabout { device: Device::default(), place: Some("2001:db8:1:x"), apps: &[], containers: &[], ..there };
    let (place, until) = (Some("192.0.2.x"), Some(SINCE));
    let known = KnownDevice { id: "2", device: phone, place, since: SINCE, used: SINCE, remembered_until: until };
    let grant = OfflineGrant { id: "1", app: names.app, scopes: &["email", "albums:write"], since: SINCE, used: None };
    let allowed = AllowedApp {
        id: "photos",
        name: names.app,
        owner: Some(names.owner),
        scopes: &["openid", "profile", "albums:write"],
        answered: SINCE,
        version: 2,
        receipt: "/account/apps/receipt?client=photos",
        devices: &[SignedInDevice {
            id: "7",
            device: Device::default(),
            place: Some("192.0.2.x"),
            since: SINCE,
            used: None,
        }],
    };
    let own = AllowedApp { name: "Drive", owner: None, scopes: &[], version: 1, devices: &[], ..allowed };
    let form = Form { flow: None, ..FORM };
    let all = [here, there, unknown];
    let (grants, devices) = ([grant], [known]);
    let sessions = Sessions { page, form, sessions: &all, grants: &grants, devices: &devices, back: "/account" };
    let words = [String::from("Pay 123.50 EUR to Merchant A, account DE02100100109307118603.")];
    let record = "/account/apps/evidence?id=00112233445566778899aabbccddeeff";
    let confirmed = [Confirmed { app: "Bank", words: &words, at: SINCE, record }];
    let key = KeptKey {
        id: "9",
        app: "Bank",
        name: "Ada’s phone",
        since: SINCE,
        used: Some(SINCE),
        attested: true,
        unlocked: true,
    };
    let keys = [key, KeptKey { id: "10", app: "Savings", name: "Tablet", used: None, unlocked: false, ..key }];
    let apps = Apps { page, form, apps: &[allowed, own], keys: &keys, confirmed: &confirmed, back: "/account" };
    vec![
        ("sessions", sessions.render()),
        ("sessions-one", Sessions { sessions: &all[..1], grants: &[], devices: &[], ..sessions }.render()),
        ("apps", apps.render()),
        ("not-me", NotMe { page, form, token: "vst_ln_x", device: phone, place, at: SINCE, restores: None }.render()),
        ("apps-none", Apps { apps: &[], keys: &[], confirmed: &[], ..apps }.render()),
    ]
}
