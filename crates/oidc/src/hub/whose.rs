//! With which account a flow goes on.

use super::{Account, Choice, Facts, Known, Step, refuse};
use crate::error::ErrorCode;
use crate::request::AuthorizationRequest;
use crate::{Id, Time};

/// The account to go on with, or the step that finds it.
pub(super) fn account<'a>(
    facts: &Facts,
    known: &Known<'a>,
    request: Option<&AuthorizationRequest>,
    now: Time,
) -> Result<&'a Account, Step> {
    let wanted = Wanted { hinted: known.hinted, claimed: request.and_then(|request| request.claims.subject()) };
    let usable = |account: &&Account| !account.disabled && account.session.is_usable(known.idle, now);
    let usable: Vec<&Account> = known.accounts.iter().filter(usable).collect();
    if let Choice::Session(id) = facts.choice {
        // What was recorded is about this session: where it has ended, nobody else takes its place.
        let Some(account) = usable.iter().find(|account| account.session.id == id) else {
            return Err(Step::Authenticate);
        };
        // Core §3.1.2.1, §5.5.1: somebody else than the one asked for has signed in.
        return match wanted.is(account) {
            true => Ok(account),
            false => Err(refuse(ErrorCode::LoginRequired, "another person is signed in than the one asked for")),
        };
    }
    let fitting: Vec<&Account> = usable.into_iter().filter(|account| wanted.is(account)).collect();
    let prompt = request.map(|request| request.prompt).unwrap_or_default();
    let must_choose = prompt.select_account || facts.choice == Choice::Among;
    match fitting.as_slice() {
        _ if facts.choice == Choice::Another => Err(Step::Authenticate),
        [] if prompt.none => Err(refuse(ErrorCode::LoginRequired, "nobody is signed in who fits")),
        [] => Err(Step::Authenticate),
        [_, _, ..] if prompt.none => Err(refuse(ErrorCode::InteractionRequired, "an account must be chosen")),
        // Core §3.1.2.1: who must authenticate anyway says then who they are.
        _ if prompt.login && !prompt.select_account => Err(Step::Authenticate),
        [account] if !must_choose => Ok(account),
        _ => Err(Step::ChooseAccount),
    }
}

/// Whom the client asks for.
struct Wanted<'a> {
    hinted: Option<Id>,
    claimed: Option<&'a str>,
}

impl Wanted<'_> {
    fn is(&self, account: &Account) -> bool {
        let user = account.session.user_id;
        self.hinted.is_none_or(|hinted| hinted == user)
            && self.claimed.is_none_or(|claimed| claimed.parse() == Ok(account.subject))
    }
}
