//! `/signup`: an account of one's own, alone or on the way to an app.

pub(crate) mod confirm;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use idp::Fault;
use idp::devices::Remember;
use idp::flows::{Asks, Entered, Waiting};
use idp::passwords::PasswordError;
use idp::people::{AddUserError, Asking, Invitation, NewAccount, Person, SignUpError, SignedUp};
use idp::settings::SignupMode;
use idp::throttle::Endpoint;
use oidc::Id;
use oidc::site::Address;

use crate::app::App;
use crate::done::{self, Done};
use crate::form::{self, Bound, Form};
use crate::leave::leave;
use crate::views::{self, MailPurpose, Notice, Problem, SignUpProblems};
use crate::visit::Visit;
use crate::{answer, error, password_problem, person, query, waiting};

/// What came with the page's address.
struct Way {
    /// The sign-in that it belongs to, while that is open in this browser.
    flow: Option<Id>,
    /// Who asks in it.
    asks: Option<Asks>,
    /// To which page of a site it leads.
    site: Option<Box<Address>>,
    /// The invitation's token.
    token: String,
    /// The invitation.
    invitation: Option<Invitation>,
}

impl Way {
    /// In the language that the app wishes for.
    fn speak(&self, visit: &mut Visit) {
        if let Some(asks) = &self.asks {
            visit.speak(&asks.request.ui_locales);
        }
    }
}

/// What was typed, without the password.
#[derive(Clone, Copy, Default)]
struct Typed<'a> {
    email: &'a str,
    name: &'a str,
}

/// Why no account was made.
enum Refusal {
    /// What was typed will not do: the form is shown again.
    Again(SignUpProblems),
    /// There is no form to show.
    Shut(Shut),
}

/// Why there is no form.
enum Shut {
    /// Nobody makes an account this way.
    Notice(Notice),
    /// Ours.
    Fault(Fault),
}

/// `GET /signup`.
pub(crate) async fn show(State(app): State<App>, mut visit: Visit) -> Response {
    match way(&app, &visit, &query::value(&visit, "flow")).await {
        Ok(way) => {
            way.speak(&mut visit);
            let email = way.invitation.as_ref().map_or("", |invitation| &invitation.email);
            page(&app, &visit, &way, Typed { email, name: "" }, SignUpProblems::default())
        }
        Err(why) => shut(&app, &visit, why),
    }
}

/// `POST /signup`: fields `email`, `name`, `password`.
pub(crate) async fn sign_up(State(app): State<App>, mut visit: Visit, form: Form) -> Response {
    if visit.cross_site {
        return form::stale(&app, &visit);
    }
    let way = match way(&app, &visit, form.get("flow")).await {
        Ok(way) => way,
        Err(why) => return shut(&app, &visit, why),
    };
    way.speak(&mut visit);
    match make(&app, &visit, &form, &way).await {
        Ok(SignedUp::Made(person)) => landed(&app, &visit, way.flow, &person).await,
        Ok(SignedUp::Asked) => sent(&app, &visit, &way, form.get("email")),
        Err(Refusal::Again(problems)) => {
            page(&app, &visit, &way, Typed { email: form.get("email"), name: form.get("name") }, problems)
        }
        Err(Refusal::Shut(why)) => shut(&app, &visit, why),
    }
}

/// Whether an account may be made at all, and on the way to what.
async fn way(app: &App, visit: &Visit, flow: &str) -> Result<Way, Shut> {
    let token = query::value(visit, "invitation");
    let invitation = match token.as_str() {
        "" => None,
        token => app.context().invitation(token).await.map_err(Shut::Fault)?,
    };
    match app.context().settings().signup {
        SignupMode::Closed => Err(Shut::Notice(Notice::SignUpClosed)),
        SignupMode::Invite if token.is_empty() => Err(Shut::Notice(Notice::SignUpByInvitation)),
        SignupMode::Invite if invitation.is_none() => Err(Shut::Notice(Notice::LinkGone)),
        SignupMode::Invite | SignupMode::Open => {
            let (flow, (asks, site)) = open_flow(app, visit, flow).await.map_err(Shut::Fault)?;
            Ok(Way { flow, asks, site, token, invitation })
        }
    }
}

async fn open_flow(app: &App, visit: &Visit, flow: &str) -> Result<(Option<Id>, Waiting), Fault> {
    let nothing = (None, (None, None));
    let Ok(flow) = flow.parse() else {
        return Ok(nothing);
    };
    let bound = Bound::of(app, visit);
    match app.context().flow_asks(flow, visit.visitor(&bound.binding)).await? {
        Some(waiting) => Ok((Some(flow), waiting)),
        None => Ok(nothing),
    }
}

async fn make(app: &App, visit: &Visit, form: &Form, way: &Way) -> Result<SignedUp, Refusal> {
    let none = SignUpProblems::default();
    let Some(binding) = form.sender(app, visit, PURPOSE) else {
        return Err(Refusal::Again(SignUpProblems { form: Some(Problem::Stale), ..none }));
    };
    let missing = |field: &str| form.get(field).trim().is_empty().then_some(Problem::Missing);
    let empty =
        SignUpProblems { email: missing("email"), name: missing("name"), password: missing("password"), ..none };
    if empty != none {
        return Err(Refusal::Again(empty));
    }
    let new = NewAccount {
        email: form.get("email").to_owned(),
        name: form.get("name").to_owned(),
        password: form.get("password").to_owned().into(),
    };
    let counted = app.context().count(Endpoint::SignUp, &visit.caller).await;
    if let Err(throttled) = counted.map_err(|fault| Refusal::Shut(Shut::Fault(fault)))? {
        let problem = Problem::TooManyAttempts { seconds: throttled.seconds() };
        return Err(Refusal::Again(SignUpProblems { form: Some(problem), ..none }));
    }
    let invitation = way.invitation.is_some().then_some(way.token.as_str());
    let asking =
        Asking { invitation, binding: &binding, flow: way.flow, locale: visit.locale.tag(), caller: &visit.caller };
    app.context().sign_up(new, asking).await.map_err(Refusal::from)
}

/// At which field a refusal stands.
impl From<SignUpError> for Refusal {
    fn from(error: SignUpError) -> Self {
        let none = SignUpProblems::default();
        Self::Again(match error {
            SignUpError::Closed => return Self::Shut(Shut::Notice(Notice::SignUpClosed)),
            SignUpError::ByInvitation => return Self::Shut(Shut::Notice(Notice::LinkGone)),
            SignUpError::Refused(AddUserError::EmailInvalid) => {
                SignUpProblems { email: Some(Problem::EmailInvalid), ..none }
            }
            SignUpError::Refused(AddUserError::NameTaken) => {
                SignUpProblems { email: Some(Problem::EmailTaken), ..none }
            }
            SignUpError::Refused(AddUserError::NameInvalid | AddUserError::UsernameInvalid) => {
                SignUpProblems { name: Some(Problem::NameInvalid), ..none }
            }
            SignUpError::Refused(AddUserError::Password(refused)) => {
                SignUpProblems { password: Some(password_problem::of(refused)), ..none }
            }
            SignUpError::Refused(AddUserError::Fault(Fault::Password(PasswordError::Busy))) => {
                SignUpProblems { form: Some(Problem::Busy), ..none }
            }
            SignUpError::Refused(AddUserError::Fault(fault)) => return Self::Shut(Shut::Fault(fault)),
        })
    }
}

/// Signed in, and back to where the person came from.
async fn landed(app: &App, visit: &Visit, flow: Option<Id>, person: &Person) -> Response {
    let bound = Bound::of(app, visit);
    let entered = match flow {
        Some(flow) => in_flow(app, visit, &bound, flow, person).await,
        None => person::sign_in(app, visit, person.id, &done::address(app, visit, &bound, Done::AccountMade)).await,
    };
    entered.unwrap_or_else(|fault| error::usual_page(app, visit, &fault.into()))
}

/// The flow knows who has just shown who they are; where another tab was faster, it asks again.
async fn in_flow(app: &App, visit: &Visit, bound: &Bound, flow: Id, person: &Person) -> Result<Response, Fault> {
    Ok(match app.context().sign_in_new(flow, visit.visitor(&bound.binding), person.id).await? {
        Some(Entered { signed_in: Some(begun), onward }) => {
            person::with_session(app, visit, &begun, Remember::Unchanged, leave(app, visit, onward)).await
        }
        _ => answer::see_other(&query::flow_address(flow, visit)),
    })
}

/// The same, whether there was an account already or not.
fn sent(app: &App, visit: &Visit, way: &Way, email: &str) -> Response {
    let flow = way.flow.map(|flow| flow.to_string());
    let flow = flow.iter().map(|flow| ("flow", flow.as_str()));
    let invited = way.invitation.iter().map(|_| ("invitation", way.token.as_str()));
    let html = views::MailSent {
        page: visit.passing_page(app),
        email: email.trim(),
        purpose: MailPurpose::SignUp,
        again: &query::address("/signup", visit, &invited.chain(flow).collect::<Vec<_>>()),
    }
    .render();
    answer::page(app, StatusCode::OK, html, &[])
}

fn page(app: &App, visit: &Visit, way: &Way, typed: Typed<'_>, problems: SignUpProblems) -> Response {
    let bound = Bound::of(app, visit);
    let flow = way.flow.map(|flow| flow.to_string());
    let in_flow: Vec<_> = flow.iter().map(|flow| ("flow", flow.as_str())).collect();
    let invited: Vec<_> = way.invitation.iter().map(|_| ("invitation", way.token.as_str())).collect();
    let mut here = url::form_urlencoded::Serializer::new(String::new());
    let here = here.extend_pairs(&invited).extend_pairs(&in_flow).finish();
    let html = views::SignUp {
        page: views::Page { here: Some(&here), ..visit.page(app) },
        form: views::Form {
            to: &query::address("/signup", visit, &invited),
            csrf: &bound.token(app, PURPOSE),
            flow: flow.as_deref(),
        },
        app: waiting::name(way.asks.as_ref(), way.site.as_deref()),
        email: typed.email,
        name: typed.name,
        password_min: app.context().password_min(),
        problems,
        sign_in: &query::address("/signin", visit, &in_flow),
    }
    .render();
    let SignUpProblems { form, email, name, password } = problems;
    let problem = form.or(email).or(name).or(password);
    let status = password_problem::status(problem);
    let targets = waiting::targets(app, way.asks.as_ref(), way.site.as_deref());
    bound.with_cookie(password_problem::waiting(answer::page(app, status, html, &targets), problem))
}

fn shut(app: &App, visit: &Visit, why: Shut) -> Response {
    let notice = match why {
        Shut::Notice(notice) => notice,
        Shut::Fault(fault) => return error::usual_page(app, visit, &fault.into()),
    };
    let status = if notice == Notice::LinkGone { StatusCode::GONE } else { StatusCode::FORBIDDEN };
    let html = views::Message { page: visit.passing_page(app), notice, link: None }.render();
    answer::page(app, status, html, &[])
}

const PURPOSE: &str = "signup";
