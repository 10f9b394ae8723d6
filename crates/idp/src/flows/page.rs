//! The page that a step is, with what it shows.

use oidc::Id;
use oidc::hub::{Prover, Step};

use super::open::Open;
use super::{Due, Page, Signed};
use crate::people::Person;
use crate::{Context, Fault};

impl Context {
    /// The page that shows this step; `None` where the step is no page.
    pub(super) async fn page_of(&self, open: &Open, step: &Step) -> Result<Option<Due>, Fault> {
        let page = match step {
            Step::Authenticate => Page::SignIn,
            Step::EnterCode(mailed) => Page::EnterCode { name: mailed.name.clone() },
            Step::Prove { who, by, wish } => match self.prover(open, *who).await? {
                Some(person) => {
                    let enters = matches!(who, Prover::Pending(_));
                    Page::Prove { person, by: by.clone(), wish: *wish, enters }
                }
                None => Page::SignIn,
            },
            Step::OfferPasskey(session) => {
                let account = open.account(*session).map(|account| account.session.clone());
                match (self.prover(open, Prover::Session(*session)).await?, account) {
                    (Some(person), Some(session)) => Page::OfferPasskey { person, session },
                    _ => Page::SignIn,
                }
            }
            Step::ChooseAccount => Page::Choose(self.choices(open).await?),
            Step::NotAdmitted(session) => match self.signed(open, *session).await? {
                Some(who) => match self.user(who.session.user_id).await?.and_then(|person| person.delete_at) {
                    Some(at) => Page::Leaving(who, at),
                    None => Page::NotAdmitted(who),
                },
                None => Page::SignIn,
            },
            Step::ChooseRole(session) => match self.signed(open, *session).await? {
                Some(who) => {
                    let roles = open.account(*session).map(|account| account.roles.clone()).unwrap_or_default();
                    Page::ChooseRole { who, roles }
                }
                None => Page::SignIn,
            },
            Step::SetUp(session, level) => match self.signed(open, *session).await? {
                Some(who) => Page::SetUp(who, *level),
                None => Page::SignIn,
            },
            Step::Continue(session) => match self.signed(open, *session).await? {
                Some(who) => Page::Continue(who),
                None => Page::SignIn,
            },
            Step::Consent(session, scopes) => match self.signed(open, *session).await? {
                Some(who) => {
                    let before = open.account(*session).and_then(|account| account.consent.clone());
                    Page::Consent { who, scopes: scopes.clone(), before }
                }
                None => Page::SignIn,
            },
            Step::Issue(..) | Step::SignedIn(_) | Step::Visit(_) | Step::Refuse(_) => return Ok(None),
        };
        Ok(Some(Due { flow: open.id, asks: open.asks(), site: open.address(), page }))
    }

    /// Who is asked to prove one more thing.
    pub(super) async fn prover(&self, open: &Open, who: Prover) -> Result<Option<Person>, Fault> {
        match open.person_of(who) {
            Some(user) => self.user(user).await,
            None => Ok(None),
        }
    }

    async fn choices(&self, open: &Open) -> Result<Vec<Signed>, Fault> {
        let mut choices = Vec::new();
        for account in open.accounts.iter().filter(|account| !account.disabled) {
            choices.extend(self.signed(open, account.session.id).await?);
        }
        choices.sort_by_key(|signed| std::cmp::Reverse(signed.session.last_seen_at));
        Ok(choices)
    }

    async fn signed(&self, open: &Open, session: Id) -> Result<Option<Signed>, Fault> {
        let Some(account) = open.account(session) else { return Ok(None) };
        let Some(user) = store::users::find(&self.store, account.session.user_id).await? else { return Ok(None) };
        Ok(Some(Signed {
            session: account.session.clone(),
            name: user.name.unwrap_or_default(),
            address: user.email.or(user.username).unwrap_or_default(),
        }))
    }
}
