//! What a request and the policies ask about the proofs of a sign-in, and what of it is missing.

use super::flow::Facts;
use super::{Account, Known};
use crate::Time;
use crate::assurance::{self, Contexts, Level, Method, Policy, Proof};
use crate::claims::ClaimRequest;
use crate::client::Client;
use crate::request::AuthorizationRequest;
use std::time::Duration;

/// What an answer may say of the authentication it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assured {
    /// `acr` (Core §2): the value asked for that is met, or the name of what was reached.
    pub acr: String,
    /// `amr` (RFC 8176).
    pub amr: Vec<String>,
    /// `auth_time` (Core §2): when the oldest of the proofs that count was given.
    pub at: Time,
}

/// What is to be done about the proofs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing: they will do.
    Met(Assured),
    /// The person signs in again.
    Authenticate,
    /// One of these is to be given beside what there is; where that is only wished, it may be left out.
    Prove(Vec<Method>, Wish),
    /// They have nothing that would do.
    Unmet,
    /// They have nothing that the policies ask, and may set it up.
    SetUp(Level),
}

/// How much something is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Nothing goes without it.
    Required,
    /// The client would like it (Core §3.1.2.1 `acr_values`).
    Voluntary,
}

/// Weighs the proofs of this account against the request.
pub(super) fn weigh(
    request: &AuthorizationRequest,
    client: &Client,
    account: &Account,
    facts: &Facts,
    known: &Known<'_>,
    now: Time,
) -> Verdict {
    let asked = Policy { level: None, max_age: request.max_age };
    let policy = client.policy().and(account.policy).and(request.authorization_details.policy());
    let counted = counted(policy.and(asked), Afresh::of(request), account, facts, now);
    measure(policy, &counted, &Asked::of(request, known.contexts), account, facts, known)
}

/// The same for a site, which asks by its rules alone.
pub(super) fn weigh_for_site(
    policy: Policy,
    account: &Account,
    facts: &Facts,
    known: &Known<'_>,
    now: Time,
) -> Verdict {
    let policy = policy.and(account.policy);
    let counted = counted(policy, Afresh::No, account, facts, now);
    measure(policy, &counted, &Asked { values: Vec::new(), wish: Wish::Voluntary }, account, facts, known)
}

/// Weighs the proofs that count.
fn measure(
    policy: Policy,
    counted: &[Proof],
    asked: &Asked,
    account: &Account,
    facts: &Facts,
    known: &Known<'_>,
) -> Verdict {
    let least = policy.level.unwrap_or(Level::SingleFactor);
    if account.factors.highest() < Some(least) && least > Level::SingleFactor {
        return Verdict::SetUp(least);
    }
    let Some(reached) = assurance::reached(counted) else {
        return missing(account, &[], asked.target(account, least).unwrap_or(least), Wish::Required);
    };
    let unlocked = facts.unlocked || account.session.unlocked;
    let amr = if unlocked { assurance::with_unlocking(reached.amr()) } else { reached.amr() };
    let met = |acr: &str| Verdict::Met(Assured { acr: acr.to_owned(), amr: amr.clone(), at: reached.at });
    let asked_and_met = asked.values.iter().find(|(_, level)| reached.level >= *level);
    if let Some((name, _)) = asked_and_met.filter(|_| reached.level >= least) {
        return met(name);
    }
    match (asked.target(account, least), asked.wish) {
        (Some(level), Wish::Required) => missing(account, counted, level, Wish::Required),
        (Some(level), Wish::Voluntary) if !facts.skipped => {
            let wish = if reached.level >= least { Wish::Voluntary } else { Wish::Required };
            missing(account, counted, level, wish)
        }
        (None, Wish::Required) => Verdict::Unmet,
        (_, Wish::Voluntary) if reached.level >= least => met(known.contexts.name(reached.level)),
        (_, Wish::Voluntary) => missing(account, counted, least, Wish::Required),
    }
}

/// Whether only what is proven in this flow counts (Core §3.1.2.1 `prompt=login`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Afresh {
    Yes,
    No,
}

impl Afresh {
    fn of(request: &AuthorizationRequest) -> Self {
        if request.prompt.login { Self::Yes } else { Self::No }
    }
}

/// The proofs that count: with `prompt=login` those given in this flow, with `max_age` those that are young enough, too
/// (Core §3.1.2.1). What was given in this flow stays good however long its pages take.
fn counted(asked: Policy, afresh: Afresh, account: &Account, facts: &Facts, now: Time) -> Vec<Proof> {
    let young = match asked.max_age {
        _ if afresh == Afresh::Yes => return facts.proven.clone(),
        None => return account.session.proofs.clone(),
        // Core §3.1.2.1: the same as prompt=login.
        Some(0) => return facts.proven.clone(),
        Some(age) => account.session.proofs.iter().filter(move |proof| now.since(proof.at) <= Duration::from_secs(age)),
    };
    assurance::merged(&young.copied().collect::<Vec<_>>(), &facts.proven)
}

/// What the next page asks for.
fn missing(account: &Account, counted: &[Proof], level: Level, wish: Wish) -> Verdict {
    let by = account.factors.towards(level, counted);
    match by.iter().all(|method| method.is_first() && !method.is_passkey()) || counted.is_empty() {
        _ if by.is_empty() => Verdict::Unmet,
        // Who must begin anew says again who they are, unless only a passkey will do.
        true if level < Level::PhishingResistant => Verdict::Authenticate,
        _ => Verdict::Prove(by, wish),
    }
}

/// The contexts that a request asks for.
struct Asked {
    /// Those that are known here, best first.
    values: Vec<(String, Level)>,
    wish: Wish,
}

impl Asked {
    /// Core §5.5.1.1: an essential `acr` claim with values is a condition; `acr_values` and a voluntary claim are wishes.
    fn of(request: &AuthorizationRequest, contexts: &Contexts) -> Self {
        let claim = request.claims.id_token.get("acr").and_then(Option::as_ref);
        let named = |claim: &ClaimRequest| -> Vec<String> {
            let values = claim.value.iter().chain(claim.values.iter().flatten());
            values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
        };
        let known = |names: &[String]| {
            names.iter().filter_map(|name| Some((name.clone(), contexts.level(name)?))).collect::<Vec<_>>()
        };
        match claim {
            Some(claim) if claim.essential && (claim.value.is_some() || claim.values.is_some()) => {
                Self { values: known(&named(claim)), wish: Wish::Required }
            }
            Some(claim) if request.acr_values.is_empty() => {
                Self { values: known(&named(claim)), wish: Wish::Voluntary }
            }
            _ => Self { values: known(&request.acr_values), wish: Wish::Voluntary },
        }
    }

    /// The first of them that this person can reach, and never less than the policies ask.
    fn target(&self, account: &Account, least: Level) -> Option<Level> {
        let highest = account.factors.highest();
        self.values.iter().map(|(_, level)| (*level).max(least)).find(|level| highest >= Some(*level))
    }
}
