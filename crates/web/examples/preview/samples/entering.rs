//! Who signs in, signs up, proves themselves, or has been sent a mail.

use super::super::views::{
    Account, ChooseRole, Confirm, EnterCode, MailLink, MailPurpose, MailSent, MailedCode, NewPassword, OfferPasskey,
    Page, Problem, Proof, Prove, Recover, SetUp, SignIn, SignUp, SignUpProblems,
};
use super::{ASKED, FORM, Names, ada, app};

pub(super) fn signing_in(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
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

pub(super) fn by_mail(page: Page<'_>, names: &Names) -> Vec<(&'static str, String)> {
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
