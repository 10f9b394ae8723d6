//! A sign-in by mail, on the way of a flow: the mail is asked for, and its link opened.

use oidc::hub::Step;
use zeroize::Zeroizing;

use super::known::Found;
use super::{Due, EMAIL_CODE, Onward, Page, Recorded, SIGN_IN, StepForm, Visitor, purpose};
use crate::factors::mail::Opened;
use crate::settings::MailSignIn;
use crate::throttle::{Endpoint, Throttled};
use crate::{Context, Fault};

/// What a mail's link shows.
#[derive(Debug)]
pub enum MailLink {
    /// In the browser where it was asked for: the page whose form confirms it.
    Here(Box<Due>),
    /// Anywhere else: the code.
    Elsewhere(Zeroizing<String>),
    /// It does not work any more.
    Gone,
}

impl Context {
    /// Sends a mail with a code to whoever has `name`, from the sign-in page; `None` for the same name once more, from the
    /// page that asks for the code.
    pub async fn ask_mail(
        &self,
        form: StepForm<'_>,
        name: Option<&str>,
        locale: &str,
    ) -> Result<Result<Recorded, Throttled>, Fault> {
        let stays = || Recorded::GoOn(Onward::Flow(form.flow));
        let Found::Open(mut open) = self.find_flow(form.flow, form.visitor).await? else {
            return Ok(Ok(stays()));
        };
        let (step, name) = match (self.next_step(&open), name) {
            _ if self.settings.mail_sign_in == MailSignIn::Off => return Ok(Ok(stays())),
            (Step::Authenticate | Step::EnterCode(_), Some(name)) => (SIGN_IN, cut(name)),
            (Step::EnterCode(mailed), None) => (EMAIL_CODE, mailed.name),
            _ => return Ok(Ok(stays())),
        };
        if !self.csrf_holds(form.visitor.binding, &purpose(step, form.flow, None), form.csrf) {
            return Ok(Ok(Recorded::Foreign));
        }
        let caller = form.visitor.caller;
        if let Err(throttled) = self.count(Endpoint::Recover, caller).await? {
            return Ok(Err(throttled));
        }
        let mailed = self.mail_code(&name, form.flow, locale, caller).await?;
        open.flow.facts = open.flow.facts.mailed(mailed);
        // Where another tab was faster, its fact stands, and this mail is worth nothing.
        self.record(&open, None).await?;
        Ok(Ok(stays()))
    }

    /// What the link of a mail shows in this browser.
    pub async fn mail_link(&self, token: &str, visitor: Visitor<'_>) -> Result<MailLink, Fault> {
        let Some(opened) = self.open_mail_link(token).await? else { return Ok(MailLink::Gone) };
        match self.asked_here(&opened, visitor).await? {
            Some(due) => Ok(MailLink::Here(due)),
            None => Ok(MailLink::Elsewhere(self.code_of_mail(&opened))),
        }
    }

    async fn asked_here(&self, opened: &Opened, visitor: Visitor<'_>) -> Result<Option<Box<Due>>, Fault> {
        let Found::Open(open) = self.find_flow(opened.flow, visitor).await? else { return Ok(None) };
        match self.next_step(&open) {
            Step::EnterCode(mailed) if mailed.link == opened.link => {
                let page = Page::EnterCode { name: mailed.name };
                Ok(Some(Box::new(Due { flow: open.id, asks: open.asks(), site: open.address(), page })))
            }
            _ => Ok(None),
        }
    }
}

/// No name of ours is longer; what is longer is nobody's.
fn cut(name: &str) -> String {
    name.trim().chars().take(LONGEST).collect()
}

const LONGEST: usize = 320;
