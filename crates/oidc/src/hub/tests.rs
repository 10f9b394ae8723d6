use serde_json::json;

use std::time::Duration;

use crate::assurance::{Contexts, Policy, Proof};
use crate::consent::Consent;
use crate::session::Session;

use super::*;

const NOW: i64 = 10_000;

fn id(byte: u8) -> Id {
    Id::from_bytes([byte; 16])
}

fn scopes(text: &str) -> Scopes {
    Scopes::parse(text).expect("scopes")
}

fn client(trusted: bool, native: bool) -> Client {
    let (kind, uri) = if native { ("native", "com.example.app:/cb") } else { ("web", "https://app.example/cb") };
    serde_json::from_value(json!({
        "client_id": "c", "vestibule_type": kind, "redirect_uris": [uri], "vestibule_trusted": trusted,
    }))
    .expect("a client")
}

fn request(client: &Client, extra: &str) -> AuthorizationRequest {
    let form = format!(
        "client_id=c&redirect_uri={}&response_type=code&nonce=n\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&{extra}",
        client.redirect_uris[0]
    );
    crate::request::authorization_request(
        &crate::request::Params::parse(form.as_bytes()),
        Some(client),
        &crate::details::DetailTypes::default(),
    )
    .expect("sound")
}

fn account(byte: u8, consent: Option<&str>) -> Account {
    Account {
        session: Session {
            id: id(byte),
            user_id: id(byte + 100),
            authenticated_at: Time::from_seconds(NOW - 1000),
            proofs: vec![Proof { method: Method::Password, at: Time::from_seconds(NOW - 1000) }],
            last_seen_at: Time::from_seconds(NOW - 10),
            expires_at: Time::from_seconds(NOW + 10_000),
            ended: false,
            unlocked: false,
        },
        subject: id(byte + 100),
        disabled: false,
        admitted: true,
        factors: Factors(vec![Method::Password]),
        policy: Policy::default(),
        roles: Vec::new(),
        child: false,
        consent: consent.map(|text| Consent { scopes: scopes(text), ..Consent::default() }),
    }
}

struct Case {
    client: Client,
    extra: String,
    accounts: Vec<Account>,
    hinted: Option<Id>,
    page: ContinuePage,
}

impl Case {
    fn new(trusted: bool, extra: &str, accounts: Vec<Account>) -> Self {
        let page = ContinuePage::FirstTime;
        Self { client: client(trusted, false), extra: extra.to_owned(), accounts, hinted: None, page }
    }

    fn next(&self, facts: Facts) -> Step {
        self.next_with(facts, None)
    }

    fn next_with(&self, facts: Facts, pending: Option<&Factors>) -> Step {
        let flow = Flow { target: Target::Client(Box::new(request(&self.client, &self.extra))), facts };
        let known = Known {
            client: Some(&self.client),
            site: None,
            pending,
            contexts: &Contexts::default(),
            accounts: &self.accounts,
            hinted: self.hinted,
            continue_page: self.page,
            idle: Duration::from_secs(3600),
        };
        next(&flow, &known, Time::from_seconds(NOW))
    }

    fn name(&self, facts: Facts) -> &'static str {
        name(&self.next(facts))
    }
}

fn name(step: &Step) -> &'static str {
    match step {
        Step::Authenticate => "authenticate",
        Step::EnterCode(_) => "enter code",
        Step::Prove { .. } => "prove",
        Step::OfferPasskey(_) => "offer passkey",
        Step::ChooseAccount => "choose",
        Step::ChooseRole(_) => "choose role",
        Step::SetUp(..) => "set up",
        Step::NotAdmitted(_) => "not admitted",
        Step::Continue(_) => "continue",
        Step::Consent(..) => "consent",
        Step::Issue(..) => "issue",
        Step::SignedIn(_) => "signed in",
        Step::Visit(_) => "visit",
        Step::Refuse(error) => error.code.as_str(),
    }
}

/// Whom a code is for, and what for.
fn issued(step: &Step) -> Option<(Id, Scopes)> {
    match step {
        Step::Issue(session, scopes, _) => Some((*session, scopes.clone())),
        _ => None,
    }
}

/// RFC 8176 §2 `hwk`, `user`: an unlocking is told of, in this flow or where the session began by one, and is no proof: no level
/// rises, nothing is newer for it, and what asks for more still does.
#[test]
fn an_unlocking_is_told_and_proves_nothing() {
    let unlocked = Facts { unlocked: true, ..Facts::default() };
    for (in_session, facts, amr) in [
        (false, Facts::default(), &["pwd"][..]),
        (false, unlocked.clone(), &["pwd", "hwk", "user"]),
        (true, Facts::default(), &["pwd", "hwk", "user"]),
        (true, unlocked, &["pwd", "hwk", "user"]),
    ] {
        let mut account = account(1, Some("openid"));
        account.session.unlocked = in_session;
        account.session.proofs = vec![Proof { method: Method::Password, at: Time::from_seconds(NOW - 100) }];
        account.factors = Factors(vec![Method::Password, Method::Totp]);
        let case = |extra: &str| Case::new(true, extra, vec![account.clone()]);
        let Step::Issue(_, _, assured) = case("scope=openid").next(facts.clone()) else { panic!("a code") };
        assert_eq!(assured.amr, amr);
        assert_eq!(
            (assured.acr.as_str(), assured.at),
            ("urn:vestibule:acr:single-factor", Time::from_seconds(NOW - 100))
        );
        assert_eq!(case("scope=openid&max_age=99").name(facts.clone()), "authenticate");
        let demand = "scope=openid&acr_values=urn:vestibule:acr:multi-factor";
        assert_eq!(case(demand).name(facts), "prove");
    }
}

/// Core §3.1.2.1 to §3.1.2.6: the first step, with pages and without (`prompt=none`).
#[test]
fn the_first_step() {
    let none = Vec::new;
    let new = || vec![account(1, None)];
    let met = || vec![account(1, Some("openid email"))];
    let two = || vec![account(1, Some("openid email")), account(2, None)];
    for (trusted, extra, accounts, with_pages, without) in [
        (true, "scope=openid", none(), "authenticate", "login_required"),
        (true, "scope=openid", new(), "continue", "interaction_required"),
        (true, "scope=openid", met(), "issue", "issue"),
        (true, "scope=openid", two(), "choose", "interaction_required"),
        (false, "scope=openid", new(), "consent", "consent_required"),
        (false, "scope=openid", met(), "issue", "issue"),
        (false, "scope=openid+profile", met(), "consent", "consent_required"),
        // Core §11: offline access stands on a consent page, unless the client is first-party.
        (false, "scope=openid+offline_access", met(), "consent", "consent_required"),
        (true, "scope=openid+offline_access", met(), "issue", "issue"),
        (true, "scope=openid&max_age=999", met(), "authenticate", "login_required"),
        (true, "scope=openid&max_age=1000", met(), "issue", "issue"),
        (true, "scope=openid&max_age=0", met(), "authenticate", "login_required"),
    ] {
        let case = Case::new(trusted, extra, accounts.clone());
        assert_eq!(case.name(Facts::default()), with_pages, "{trusted} {extra}");
        let silent = Case::new(trusted, &format!("{extra}&prompt=none"), accounts);
        assert_eq!(silent.name(Facts::default()), without, "{trusted} {extra} silently");
    }
}

/// Core §3.1.2.1 `prompt`.
#[test]
fn prompts_bring_their_page() {
    for (prompt, step) in [("login", "authenticate"), ("consent", "consent"), ("select_account", "choose")] {
        let case = Case::new(true, &format!("scope=openid&prompt={prompt}"), vec![account(1, Some("openid"))]);
        assert_eq!(case.name(Facts::default()), step, "{prompt}");
    }
}

/// RFC 8252 §8.6: never silently, whatever the setting, trust and consent.
#[test]
fn a_client_that_cannot_be_known_is_not_joined_silently() {
    for page in [ContinuePage::Always, ContinuePage::FirstTime, ContinuePage::Never] {
        for trusted in [true, false] {
            let mut case = Case::new(trusted, "scope=openid", vec![account(1, Some("openid"))]);
            case.client = client(trusted, true);
            case.page = page;
            assert_eq!(case.name(Facts::default()), "continue", "{page:?} {trusted}");
            assert_eq!(case.name(Facts::default().continued(id(1))), "issue");
            case.extra = "scope=openid&prompt=none".to_owned();
            assert_eq!(case.name(Facts::default()), "interaction_required");
        }
    }
}

#[test]
fn the_continue_page_follows_its_setting() {
    for (page, new, met) in [
        (ContinuePage::Always, "continue", "continue"),
        (ContinuePage::FirstTime, "continue", "issue"),
        (ContinuePage::Never, "issue", "issue"),
    ] {
        for (consent, step) in [(None, new), (Some("openid"), met)] {
            let case = Case { page, ..Case::new(true, "scope=openid", vec![account(1, consent)]) };
            assert_eq!(case.name(Facts::default()), step, "{page:?} {consent:?}");
        }
    }
}

/// Core §3.1.2.1 `id_token_hint`, §5.5.1 `sub`.
#[test]
fn the_person_asked_for_is_the_one_who_comes() {
    let two = vec![account(1, Some("openid")), account(2, Some("openid"))];
    let mut case = Case::new(true, "scope=openid", two);
    case.hinted = Some(id(102));
    assert_eq!(issued(&case.next(Facts::default())), Some((id(2), scopes("openid"))));
    assert_eq!(case.name(Facts::default().chose(id(1))), "login_required");
    case.hinted = Some(id(150));
    assert_eq!(case.name(Facts::default()), "authenticate");
    let claims = format!(r#"{{"id_token":{{"sub":{{"value":"{}"}}}}}}"#, id(101));
    let case = Case { hinted: None, extra: format!("scope=openid&claims={claims}"), ..case };
    assert_eq!(issued(&case.next(Facts::default())), Some((id(1), scopes("openid"))));
}

#[test]
fn what_was_allowed_is_granted_and_no_more() {
    let case = Case::new(false, "scope=openid+email+phone", vec![account(1, None)]);
    let facts = |text| Facts::default().consented(id(1), scopes(text));
    assert_eq!(issued(&case.next(facts("email address"))), Some((id(1), scopes("openid email"))));
    assert_eq!(case.name(facts("email").denied()), "access_denied");
    // Another account has not allowed anything.
    assert_eq!(case.name(facts("email").chose(id(1))), "consent");
}

#[test]
fn unusable_accounts_do_not_count() {
    let disabled = Account { disabled: true, ..account(1, Some("openid")) };
    let mut ended = account(2, Some("openid"));
    ended.session.ended = true;
    for accounts in [vec![disabled], vec![ended]] {
        let chosen = Facts::default().chose(accounts[0].session.id);
        let case = Case::new(true, "scope=openid", accounts.clone());
        assert_eq!(case.name(Facts::default()), "authenticate");
        assert_eq!(case.name(chosen.clone()), "authenticate");
        // What was answered about one account never counts for another that is signed in beside it.
        let beside = [accounts, vec![account(3, Some("openid"))]].concat();
        let case = Case::new(true, "scope=openid", beside);
        assert_eq!(case.name(chosen), "authenticate");
    }
}

mod sites;
mod walks;

/// Who may not use the client is told so before anything else is asked, and may come as somebody else.
#[test]
fn who_is_not_admitted_goes_no_further() {
    let refused = Account { admitted: false, ..account(1, Some("openid")) };
    for (prompt, facts, expected) in [
        ("", Facts::default(), "not admitted"),
        ("prompt=consent", Facts::default(), "not admitted"),
        ("prompt=none", Facts::default(), "access_denied"),
        ("", Facts::default().switched(), "choose"),
        ("", Facts::default().denied(), "access_denied"),
        ("", Facts::default().consented(id(1), scopes("openid")), "not admitted"),
    ] {
        let case = Case::new(true, &format!("scope=openid&{prompt}"), vec![refused.clone()]);
        assert_eq!(case.name(facts), expected, "{prompt}");
    }
    // Another account of the same browser is another person.
    let case = Case::new(true, "scope=openid", vec![refused, account(2, Some("openid"))]);
    assert_eq!(case.name(Facts::default().chose(id(2))), "issue");
    assert_eq!(case.name(Facts::default().chose(id(1))), "not admitted");
}
