//! Plain websites, which know nothing of OpenID Connect: a proxy before them asks about each request. Here stands what
//! a site is called, who may see which part of it, and how the address of a request is read.

mod address;
mod path;
mod rule;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Time;
use crate::access::Standing;
use crate::assurance::{self, Contexts, Policy, Proof, Reached};
pub use address::{Address, Host};
pub use rule::{Access, Rule, RuleError};

/// A registered site: its host, and the rules for its paths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its host.
    pub host: Host,
    rules: Vec<Rule>,
}

/// Somebody whose cookie proved a session.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// What they are.
    pub standing: &'a Standing,
    /// What they have proven.
    pub proofs: &'a [Proof],
    /// What their groups ask of them.
    pub policy: Policy,
}

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Anybody may.
    Public,
    /// This visitor may.
    Enter,
    /// Somebody has to sign in.
    SignIn,
    /// This visitor has to prove more: by one of these names of levels where one is asked for, and not older than that
    /// many seconds.
    StepUp {
        /// The name (`acr`) that a rule asks for.
        acr: Option<String>,
        /// `max_age`.
        max_age: Option<u64>,
    },
    /// Nobody may, or not this visitor.
    Forbidden,
}

impl Site {
    /// A site with these rules. Where none is about the whole of it, whoever signs in may see the rest.
    pub fn new(host: Host, mut rules: Vec<Rule>) -> Result<Self, RuleError> {
        if !rules.iter().any(|rule| rule.path() == "/") {
            rules.push(Rule::whole());
        }
        rules.sort_by(|a, b| a.path().cmp(b.path()));
        if rules.windows(2).any(|pair| pair[0].path() == pair[1].path()) {
            return Err(RuleError::Twice);
        }
        match rules.len() {
            1..=MOST_RULES => Ok(Self { host, rules }),
            _ => Err(RuleError::TooMany),
        }
    }

    /// Sites from texts `HOST[/PATH] [public | groups=A+B] [acr=NAME] [max-age=SECONDS]`, each of which is one rule.
    /// `None` where one of them is none.
    pub fn read_all<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Vec<Self>> {
        let mut all: BTreeMap<Host, Vec<Rule>> = BTreeMap::new();
        for text in texts {
            let end = text.find(|letter: char| letter == '/' || letter.is_whitespace()).unwrap_or(text.len());
            let (host, rule) = text.split_at(end);
            let rule = if rule.starts_with('/') { rule.to_owned() } else { format!("/ {rule}") };
            all.entry(Host::parse(host)?).or_default().push(rule.parse().ok()?);
        }
        all.into_iter().map(|(host, rules)| Self::new(host, rules).ok()).collect()
    }

    /// Its rules, in the order of their paths.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that hold for a request target; `None` where the target can mean anything.
    ///
    /// A server behind may read a path otherwise than a proxy: merge slashes, resolve dots, decode twice, ignore case.
    /// Of each reading the longest rule counts, and all of them hold together, so that no spelling of a path opens more
    /// than another.
    pub fn rules_for(&self, target: &str) -> Option<Vec<&Rule>> {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let readings = path::readings(path)?;
        if let [one] = self.rules.as_slice() {
            return Some(vec![one]);
        }
        let mut holding: Vec<&Rule> = Vec::new();
        for reading in &readings {
            for same in [str::eq, str::eq_ignore_ascii_case] {
                let longest = self.rules.iter().filter(|rule| rule.covers(reading, same));
                let longest = longest.max_by_key(|rule| rule.path().len())?;
                if !holding.contains(&longest) {
                    holding.push(longest);
                }
            }
        }
        Some(holding)
    }
}

/// Whether whoever stands so may see what these rules are about, once they have proven enough.
pub fn admits(rules: &[&Rule], standing: &Standing) -> bool {
    rules.iter().all(|rule| match rule.access() {
        Access::Public | Access::Anybody => true,
        Access::Groups(groups) => groups.iter().any(|group| standing.groups.contains(group)),
    })
}

/// What these rules ask of proofs; `None` where one of them names a level that there is not.
pub fn demand(rules: &[&Rule], contexts: &Contexts) -> Option<Policy> {
    rules.iter().try_fold(Policy::default(), |all, rule| {
        let level = match rule.acr() {
            Some(name) => Some(contexts.level(name)?),
            None => None,
        };
        Some(all.and(Policy { level, max_age: rule.max_age() }))
    })
}

/// Decides about a request to which these rules apply.
pub fn decide(rules: &[&Rule], visitor: Option<Visitor<'_>>, contexts: &Contexts, now: Time) -> Verdict {
    if rules.iter().all(|rule| *rule.access() == Access::Public) {
        return Verdict::Public;
    }
    let Some(asked) = demand(rules, contexts) else { return Verdict::Forbidden };
    let Some(visitor) = visitor else { return Verdict::SignIn };
    if !admits(rules, visitor.standing) {
        return Verdict::Forbidden;
    }
    let policy = asked.and(visitor.policy);
    let reached = reached(visitor.proofs, policy.max_age, now);
    match reached {
        Some(reached) if policy.level.is_none_or(|level| reached.level >= level) => Verdict::Enter,
        _ => {
            // Of several names the one of the highest level.
            let named = rules.iter().filter_map(|rule| rule.acr());
            let acr = named.max_by_key(|name| contexts.level(name)).map(str::to_owned);
            Verdict::StepUp { acr, max_age: policy.max_age }
        }
    }
}

/// What the proofs that are young enough amount to.
fn reached(proofs: &[Proof], max_age: Option<u64>, now: Time) -> Option<Reached> {
    // A group's policy may ask for less than a minute, which would ask again on each page.
    let Some(seconds) = max_age.map(|seconds| seconds.max(rule::LEAST_AGE)) else { return assurance::reached(proofs) };
    let young = proofs.iter().filter(|proof| now.since(proof.at) <= Duration::from_secs(seconds));
    assurance::reached(&young.copied().collect::<Vec<_>>())
}

const MOST_RULES: usize = 64;

#[cfg(test)]
mod tests;
