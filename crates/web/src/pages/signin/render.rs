//! A step that is due, as a page.

use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::bindings::Binding;
use idp::flows::{Asks, Due, Page, Signed};
use idp::people::Person;
use idp::settings::{Attestation, MailSignIn, SignupMode};
use oidc::assurance::{Level, Method};
use oidc::consent::Consent;
use oidc::hub::Wish;
use oidc::scope::{OFFLINE_ACCESS, OPENID, STANDARD};
use oidc::site::Address;
use oidc::{Id, Scopes};
use url::Url;

use super::Means;
use crate::app::App;
use crate::views::{self, Identity, Problem};
use crate::visit::Visit;
use crate::{answer, client, leaving, person, query, waiting};

/// A sign-in that did not succeed.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a> {
    /// What was typed as the name; the password never comes back.
    pub(super) username: &'a str,
    /// By what it was tried.
    pub(super) means: Means,
    /// What was wrong.
    pub(super) problem: Problem,
}

/// The page, shown by a GET.
pub(super) async fn first(app: &App, visit: &Visit, binding: &Binding, due: &Due) -> Result<Response, Fault> {
    page(app, visit, binding, due, None, StatusCode::OK).await
}

/// The page once more, with what was wrong.
pub(super) async fn again(
    app: &App,
    visit: &Visit,
    binding: &Binding,
    due: &Due,
    attempt: Attempt<'_>,
    status: StatusCode,
) -> Result<Response, Fault> {
    page(app, visit, binding, due, Some(attempt), status).await
}

async fn page(
    app: &App,
    visit: &Visit,
    binding: &Binding,
    due: &Due,
    attempt: Option<Attempt<'_>>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let flow = due.flow.to_string();
    let frame = Frame {
        page: views::Page { here: Some(&format!("flow={flow}")), ..visit.page(app) },
        form: views::Form {
            to: &with_language(&format!("/signin/{}", due.page.step()), visit),
            csrf: &app.context().csrf_token(binding, &due.purpose()),
            flow: Some(&flow),
        },
        asks: due.asks.as_ref(),
        site: due.site.as_deref(),
    };
    let html = match &due.page {
        Page::SignIn => sign_in(&frame, app, (due.flow, binding), visit, attempt),
        Page::EnterCode { name } => enter_code(&frame, name, attempt),
        Page::Prove { person, by, wish, enters } => {
            let options = app.context().passkey_request_of(person.id, by, due.flow, binding).await?;
            prove(&frame, person, (by, *wish, *enters), &options, visit, attempt)
        }
        Page::OfferPasskey { person, session } => {
            let known = app.context().passkeys(person.id).await?;
            let here = app.brand().name();
            let options = app.context().passkey_creation((person, &known), session, binding, here);
            // What a browser makes by itself says nothing of the authenticator: where that matters, a person makes it.
            let by_itself = app.context().settings().passkeys.attestation == Attestation::None;
            offer_passkey(&frame, person, (&options, by_itself), attempt)
        }
        Page::Choose(accounts) => choose(&frame, accounts),
        Page::ChooseRole { who, roles } => choose_role(&frame, who, roles),
        Page::SetUp(who, level) => set_up(&frame, who, *level, visit),
        Page::NotAdmitted(who) => not_admitted(&frame, who),
        Page::Leaving(who, at) => views::Leaving {
            page: frame.page,
            // Coming back is no fact of the flow: the account takes it, and sends the browser back here.
            form: views::Form {
                to: &leaving::address(visit),
                csrf: &app.context().csrf_token(binding, &leaving::purpose(who.session.id)),
                flow: Some(&flow),
            },
            account: views::Account { name: &who.name, email: &who.address },
            session: &who.session.id.to_string(),
            at: at.seconds(),
        }
        .render(),
        Page::Continue(who) => go_on(&frame, who),
        Page::Consent { who, scopes, before } => consent(&frame, app, who, (scopes, before.as_ref())),
    };
    let targets = waiting::targets(app, due.asks.as_ref(), due.site.as_deref());
    Ok(answer::page(app, status, html, &targets))
}

/// What the pages have in common.
struct Frame<'a> {
    page: views::Page<'a>,
    form: views::Form<'a>,
    asks: Option<&'a Asks>,
    site: Option<&'a Address>,
}

impl<'a> Frame<'a> {
    fn app(&self) -> Option<views::App<'a>> {
        waiting::name(self.asks, self.site)
    }
}

fn sign_in(
    frame: &Frame<'_>,
    app: &App,
    (flow, binding): (Id, &Binding),
    visit: &Visit,
    attempt: Option<Attempt<'_>>,
) -> String {
    let hint = frame.asks.and_then(|asks| asks.request.login_hint.as_deref()).unwrap_or_default();
    // Whoever has asked for too many mails is not offered one more.
    let mails_wait = attempt.is_some_and(|attempt| {
        attempt.means == Means::Mail && matches!(attempt.problem, Problem::TooManyAttempts { .. })
    });
    let open = app.context().settings().signup == SignupMode::Open;
    let sign_up = open.then(|| with_language(&format!("/signup?flow={flow}"), visit));
    views::SignIn {
        page: frame.page,
        form: frame.form,
        app: frame.app(),
        username: attempt.map_or(hint, |attempt| attempt.username),
        problem: attempt.map(|attempt| attempt.problem),
        passkey: views::PasskeyAsked {
            to: &with_language("/signin/passkey", visit),
            options: &app.context().passkey_request(flow, binding),
        },
        sign_up: sign_up.as_deref(),
        by_mail: app.context().settings().mail_sign_in == MailSignIn::Offered && !mails_wait,
    }
    .render()
}

fn enter_code(frame: &Frame<'_>, name: &str, attempt: Option<Attempt<'_>>) -> String {
    let problem = attempt.map(|attempt| attempt.problem);
    views::EnterCode { page: frame.page, form: frame.form, app: frame.app(), name, problem }.render()
}

/// The page that a mail's link shows in the browser where it was asked for.
pub(super) fn mail_link(app: &App, visit: &Visit, binding: &Binding, due: &Due, token: &str) -> Response {
    let flow = due.flow.to_string();
    let html = views::MailLink {
        // A token that opened a link needs no escaping.
        page: views::Page { here: Some(&format!("token={token}")), ..visit.page(app) },
        form: views::Form {
            to: &with_language("/signin/email-code", visit),
            csrf: &app.context().csrf_token(binding, &due.purpose()),
            flow: Some(&flow),
        },
        app: waiting::name(due.asks.as_ref(), due.site.as_deref()),
        token,
    }
    .render();
    let targets = waiting::targets(app, due.asks.as_ref(), due.site.as_deref());
    answer::page(app, StatusCode::OK, html, &targets)
}

fn prove(
    frame: &Frame<'_>,
    person: &Person,
    (by, wish, remembers): (&[Method], Wish, bool),
    options: &str,
    visit: &Visit,
    attempt: Option<Attempt<'_>>,
) -> String {
    let mut means: Vec<Means> = by.iter().filter_map(|method| Means::by(*method)).collect();
    means.dedup();
    let wanted = query::value(visit, "by");
    let wanted = attempt.map(|attempt| attempt.means).or_else(|| Means::of(&wanted));
    // A recovery code is for when nothing else is at hand.
    let usual = || means.iter().copied().max_by_key(|means| (*means == Means::Passkey, *means == Means::Totp));
    let Some(shown) = wanted.filter(|wanted| means.contains(wanted)).or_else(usual) else { return String::new() };
    let to = with_language(&format!("/signin/{}", shown.step()), visit);
    let flow = frame.form.flow.unwrap_or_default();
    let others: Vec<_> = means
        .iter()
        .filter(|means| **means != shown)
        .map(|means| (proof_of(*means), query::address("/signin", visit, &[("flow", flow), ("by", means.step())])))
        .collect();
    views::Prove {
        page: frame.page,
        form: views::Form { to: &to, ..frame.form },
        app: frame.app(),
        account: person::account(person),
        proof: proof_of(shown),
        options,
        others: &others,
        aside: views::Form { to: &with_language("/signin/prove", visit), ..frame.form },
        may_skip: wish == Wish::Voluntary,
        may_remember: remembers,
        problem: attempt.map(|attempt| attempt.problem),
    }
    .render()
}

fn offer_passkey(
    frame: &Frame<'_>,
    person: &Person,
    (options, by_itself): (&str, bool),
    attempt: Option<Attempt<'_>>,
) -> String {
    views::OfferPasskey {
        page: frame.page,
        form: frame.form,
        app: frame.app(),
        account: person::account(person),
        options,
        by_itself: by_itself && attempt.is_none(),
        problem: attempt.map(|attempt| attempt.problem),
    }
    .render()
}

fn proof_of(means: Means) -> views::Proof {
    match means {
        Means::Passkey | Means::Password | Means::Mail => views::Proof::Passkey,
        Means::Totp => views::Proof::Totp,
        Means::RecoveryCode => views::Proof::RecoveryCode,
    }
}

fn choose(frame: &Frame<'_>, accounts: &[Signed]) -> String {
    let ids: Vec<String> = accounts.iter().map(|signed| signed.session.id.to_string()).collect();
    let sessions: Vec<_> = accounts
        .iter()
        .zip(&ids)
        .map(|(signed, id)| views::Session {
            id,
            account: account(signed),
            since: signed.session.authenticated_at.seconds(),
            current: false,
        })
        .collect();
    views::Accounts { page: frame.page, form: frame.form, app: frame.app(), sessions: &sessions }.render()
}

fn set_up(frame: &Frame<'_>, who: &Signed, level: Level, visit: &Visit) -> String {
    // The hub says this on behalf of a client or a site alone.
    let app = frame.app().unwrap_or(views::App { name: "", logo: None });
    let flow = frame.form.flow.unwrap_or_default();
    views::SetUp {
        page: frame.page,
        form: frame.form,
        app,
        account: account(who),
        passkeys: &query::address("/account/passkeys", visit, &[]),
        codes: (level == Level::MultiFactor).then(|| query::address("/account/codes", visit, &[])).as_deref(),
        on: &query::address("/signin", visit, &[("flow", flow)]),
    }
    .render()
}

fn choose_role(frame: &Frame<'_>, who: &Signed, roles: &[String]) -> String {
    // The hub asks this on behalf of a client or a site alone.
    let app = frame.app().unwrap_or(views::App { name: "", logo: None });
    views::ChooseRole { page: frame.page, form: frame.form, app, account: account(who), roles }.render()
}

fn not_admitted(frame: &Frame<'_>, who: &Signed) -> String {
    // The hub says this on behalf of a client or a site alone.
    let app = frame.app().unwrap_or(views::App { name: "", logo: None });
    views::NotAdmitted { page: frame.page, form: frame.form, app, account: account(who) }.render()
}

fn go_on(frame: &Frame<'_>, who: &Signed) -> String {
    // The hub asks this on behalf of a client or a site alone.
    let app = frame.app().unwrap_or(views::App { name: "", logo: None });
    views::Continue { page: frame.page, form: frame.form, app, account: account(who) }.render()
}

fn consent(frame: &Frame<'_>, app: &App, who: &Signed, (scopes, before): (&Scopes, Option<&Consent>)) -> String {
    let Some(asks) = frame.asks else { return String::new() };
    let (asking, uri) = (asks.client(), &asks.request.reply.redirect_uri);
    let declined = |name: &str| before.is_some_and(|before| before.declined.contains(name));
    let scope = |name| views::Scope { name, description: None, ticked: !declined(name) };
    let mut asked: Vec<&str> = scopes.iter().collect();
    asked.sort_by_key(|name| rank(name));
    let (required, optional): (Vec<_>, Vec<_>) = asked.into_iter().map(scope).partition(|scope| scope.name == OPENID);
    let types = &app.context().settings().detail_types;
    let details = &asks.request.authorization_details.items;
    let details: Vec<_> = details.iter().map(|item| types.say(item, &[frame.page.locale.tag()])).collect();
    let link = |address: &'_ Option<String>| address.clone().filter(|address| client::is_web(address));
    let (policy, terms) = (link(&asking.shown.policy_uri), link(&asking.shown.tos_uri));
    views::Consent {
        page: frame.page,
        form: frame.form,
        app: client::app_of(asking),
        owner: asking.owner.as_deref(),
        host: &host(uri.as_str()),
        device: asks.device.as_ref().map(|device| views::AskingDevice {
            device: views::Device { browser: device.device.browser, system: device.device.system },
            place: device.place.as_deref(),
            asked: device.asked_at.seconds(),
        }),
        // Of a device the page says more than this.
        identity: match asks.device.is_some() || asking.assured_identity(uri) {
            true => Identity::Assured,
            false => Identity::Unassured,
        },
        account: account(who),
        required: &required,
        details: &details,
        optional: &optional,
        policy: policy.as_deref(),
        terms: terms.as_deref(),
        outdated: before.and_then(|before| before.outdated).map(|at| at.seconds()),
    }
    .render()
}

/// In which order people read scopes: who they are first, the app's own then, and last for how long.
fn rank(scope: &str) -> usize {
    match STANDARD.iter().position(|known| *known == scope) {
        Some(_) if scope == OFFLINE_ACCESS => STANDARD.len() + 1,
        Some(at) => at,
        None => STANDARD.len(),
    }
}

fn account(signed: &Signed) -> views::Account<'_> {
    views::Account { name: &signed.name, email: &signed.address }
}

/// The host of a redirect URI, or the private scheme where there is none.
fn host(uri: &str) -> String {
    match Url::parse(uri) {
        Ok(url) => url.host_str().map_or_else(|| url.scheme().to_owned(), str::to_owned),
        Err(_) => uri.to_owned(),
    }
}

/// An address of ours that goes on in the language wished for by this one's.
fn with_language(address: &str, visit: &Visit) -> String {
    let Some(wished) = &visit.ui_locales else { return address.to_owned() };
    let wished: String = url::form_urlencoded::byte_serialize(wished.as_bytes()).collect();
    let join = if address.contains('?') { '&' } else { '?' };
    format!("{address}{join}ui_locales={wished}")
}
