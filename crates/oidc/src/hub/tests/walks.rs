//! The hub as a whole: random policies, sessions, people and requests, walked to their end.

use super::*;
use crate::assurance::{self, Level};

/// Draws what a walk is made of; each number gives one walk, always the same.
struct Dice(u64);

impl Dice {
    fn new(walk: u64) -> Self {
        Self(walk.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed)
    }

    fn below(&mut self, sides: u64) -> u64 {
        // The generator splitmix64, by Sebastiano Vigna.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % sides
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

const LEVELS: [Option<Level>; 6] = [
    None,
    None,
    Some(Level::SingleFactor),
    Some(Level::MultiFactor),
    Some(Level::PhishingResistant),
    Some(Level::HardwareProtected),
];
const ASKED: [&str; 7] = [
    "",
    "",
    "&acr_values=phr",
    "&acr_values=phrh+urn:vestibule:acr:multi-factor",
    "&acr_values=silver+urn:vestibule:acr:single-factor",
    r#"&claims={"id_token":{"acr":{"essential":true,"values":["phr","urn:vestibule:acr:multi-factor"]}}}"#,
    r#"&claims={"id_token":{"acr":{"essential":true,"value":"silver"}}}"#,
];
const PROMPTS: [&str; 9] =
    ["", "", "", "none", "login", "consent", "select_account", "login+consent", "login+select_account"];
const AGES: [&str; 5] = ["", "", "&max_age=0", "&max_age=500", "&max_age=5000"];

/// Everybody has a password, and perhaps more.
fn person(dice: &mut Dice, byte: u8) -> Account {
    let mut methods = vec![Method::Password];
    methods.extend(Method::ALL.iter().skip(1).filter(|_| dice.one_in(3)));
    let mut proofs = Vec::new();
    for method in &methods {
        if *method == Method::Password || dice.one_in(2) {
            proofs.push(Proof { method: *method, at: Time::from_seconds(NOW - dice.of(&[10, 1000, 9000])) });
        }
    }
    let consent = dice.of(&[None, Some("openid"), Some("openid offline_access roles")]);
    let mut account = account(byte, consent);
    account.session.ended = dice.one_in(9);
    account.session.proofs = proofs;
    account.disabled = dice.one_in(9);
    account.admitted = !dice.one_in(9);
    account.policy = Policy { level: dice.of(&LEVELS), max_age: dice.of(&[None, None, Some(900)]) };
    account.roles = if dice.one_in(3) { vec!["buyer".into(), "seller".into()] } else { Vec::new() };
    account.factors = Factors(methods);
    account
}

/// A walk through the pages of one flow.
struct Walk {
    case: Case,
    facts: Facts,
    /// Who comes where the sign-in page is shown.
    comes: Account,
    remembered: bool,
}

impl Walk {
    fn new(dice: &mut Dice) -> Self {
        let accounts = (1..=dice.below(4) as u8).map(|byte| person(dice, byte)).collect();
        let (prompt, age, asked) = (dice.of(&PROMPTS), dice.of(&AGES), dice.of(&ASKED));
        let extra = format!("scope=openid+offline_access+roles&prompt={prompt}{age}{asked}");
        let mut case = Case::new(dice.one_in(2), &extra, accounts);
        case.client = client(case.client.trusted, dice.one_in(4));
        case.client.shown.vestibule_level = dice.of(&LEVELS);
        case.client.shown.vestibule_max_age = dice.of(&[None, None, Some(0), Some(600)]);
        case.hinted = dice.one_in(6).then(|| id(101));
        case.page = dice.of(&[ContinuePage::Always, ContinuePage::FirstTime, ContinuePage::Never]);
        // Perhaps somebody who is signed in already.
        let known = case.accounts.first().filter(|_| dice.one_in(2)).cloned();
        let mut comes = known.unwrap_or_else(|| person(dice, 9));
        comes.session.ended = false;
        comes.disabled = false;
        let facts = Facts { offers_passkey: dice.one_in(4), ..Facts::default() };
        Self { case, facts, comes, remembered: dice.one_in(2) }
    }

    fn step(&self) -> Step {
        let pending = self.facts.pending.as_ref().map(|_| &self.comes.factors);
        self.case.next_with(self.facts.clone(), pending)
    }

    /// What the use case does with a proof: a session begins once its entry level is reached.
    fn signs_in(&mut self, method: Method) {
        let mut proofs = self.facts.pending.take().map(|pending| pending.proofs).unwrap_or_default();
        proofs.push(Proof { method, at: Time::from_seconds(NOW) });
        let level = assurance::reached(&proofs).map(|reached| reached.level);
        if level < Some(entry_level(&self.comes.factors, self.remembered)) {
            let user_id = self.comes.session.user_id;
            self.facts = self.facts.clone().half_way(Pending { user_id, proofs, credentials: Vec::new() });
            return;
        }
        let before = self.case.accounts.iter().find(|account| account.session.id == self.comes.session.id);
        let before = before.filter(|account| !account.session.ended).map(|account| account.session.proofs.clone());
        self.comes.session.proofs = assurance::merged(&before.unwrap_or_default(), &proofs);
        self.case.accounts.retain(|account| account.session.id != self.comes.session.id);
        self.case.accounts.push(self.comes.clone());
        self.facts = self.facts.clone().signed_in(self.comes.session.id, proofs);
    }

    fn steps_up(&mut self, session: Id, method: Method) {
        let proof = Proof { method, at: Time::from_seconds(NOW) };
        for account in self.case.accounts.iter_mut().filter(|account| account.session.id == session) {
            account.session.proofs = assurance::merged(&account.session.proofs, &[proof]);
        }
        let proven = assurance::merged(&self.facts.proven, &[proof]);
        self.facts = self.facts.clone().stepped_up(session, proven);
    }

    /// Answers each page; `None` once the flow is over.
    fn goes_on(&mut self, dice: &mut Dice) -> Option<()> {
        let facts = self.facts.clone();
        match self.step() {
            Step::Issue(..) | Step::Refuse(_) | Step::SignedIn(_) | Step::Visit(_) => return None,
            Step::Authenticate if dice.one_in(4) => {
                self.facts = facts.mailed(Mailed { link: id(77), name: "ada".to_owned() });
            }
            Step::EnterCode(_) if dice.one_in(4) => self.facts = facts.mistaken(),
            Step::EnterCode(_) if self.comes.factors.has(Method::Mail) => self.signs_in(Method::Mail),
            Step::EnterCode(_) => self.facts = facts.another_way(),
            Step::Authenticate => {
                let first: Vec<Method> =
                    self.comes.factors.0.iter().copied().filter(|method| method.is_first()).collect();
                self.signs_in(dice.of(&first));
            }
            Step::Prove { wish: Wish::Voluntary, who: Prover::Session(session), .. } if dice.one_in(2) => {
                self.facts = facts.skipped(session);
            }
            Step::Prove { who: Prover::Session(session), by, .. } => self.steps_up(session, dice.of(&by)),
            Step::Prove { who: Prover::Pending(_), by, .. } => self.signs_in(dice.of(&by)),
            Step::ChooseAccount => {
                let usable = |account: &&Account| !account.disabled && !account.session.ended;
                let all: Vec<Id> = self.case.accounts.iter().filter(usable).map(|account| account.session.id).collect();
                self.facts = if dice.one_in(3) { facts.other_account() } else { facts.chose(dice.of(&all)) };
            }
            Step::ChooseRole(session) => {
                self.facts = facts.enters_as(session, dice.of(&["buyer", "seller"]).to_owned());
            }
            Step::OfferPasskey(_) => self.facts = facts.offered(),
            Step::NotAdmitted(_) | Step::SetUp(..) => self.facts = facts.denied(),
            Step::Continue(session) => self.facts = facts.continued(session),
            Step::Consent(_, _) if dice.one_in(6) => self.facts = facts.denied(),
            Step::Consent(session, asked) => self.facts = facts.consented(session, asked),
        }
        Some(())
    }
}

/// No code leaves whose `acr`, age or consent does not satisfy request and policies; every flow ends after a few pages; and
/// `prompt=none` shows none.
#[test]
fn no_flow_issues_what_was_not_earned_and_each_ends() {
    let mut ends = std::collections::BTreeMap::new();
    for number in 0..60_000 {
        let mut dice = Dice::new(number);
        let mut walk = Walk::new(&mut dice);
        let pages = (0..MOST_PAGES).take_while(|_| walk.goes_on(&mut dice).is_some()).count();
        let end = walk.step();
        assert!(pages < MOST_PAGES, "walk {number} does not end: {end:?} {:?}", walk.facts);
        let silent = walk.case.extra.contains("prompt=none");
        assert!(pages == 0 || !silent, "walk {number}: prompt=none showed a page");
        if let Step::Issue(session, scopes, assured) = &end {
            check(number, &walk, *session, scopes, assured);
        }
        *ends.entry(name(&end)).or_insert(0) += 1;
    }
    // The walks reach every end there is.
    for end in ["issue", "login_required", "consent_required", "interaction_required", "access_denied", UNMET] {
        assert!(ends.get(end).is_some_and(|count| *count > 50), "{end}: {ends:?}");
    }
}

/// What an answer says, held against what was proven: by means of its own, not by the hub's.
fn check(number: u64, walk: &Walk, session: Id, scopes: &Scopes, assured: &Assured) {
    let Walk { case, facts, .. } = walk;
    let account = case.accounts.iter().find(|account| account.session.id == session).expect("the account");
    assert!(!account.disabled && account.admitted && !account.session.ended, "walk {number}");
    let request = request(&case.client, &case.extra);
    let has = |fits: &dyn Fn(Method) -> bool| {
        account.session.proofs.iter().any(|proof| proof.at >= assured.at && fits(proof.method))
    };
    // What the proofs that are no older than `auth_time` amount to.
    let holds = |level| match level {
        Level::SingleFactor => has(&|_| true),
        Level::MultiFactor => has(&Method::is_passkey) || (has(&Method::is_first) && has(&Method::is_second)),
        Level::PhishingResistant => has(&Method::is_passkey),
        Level::HardwareProtected => has(&|method| method == Method::DevicePasskey),
    };
    let said = Contexts::default().level(&assured.acr).expect("a known acr");
    assert!(holds(said), "walk {number}: acr {} is not true", assured.acr);
    for level in [case.client.shown.vestibule_level, account.policy.level].into_iter().flatten() {
        assert!(holds(level), "walk {number}: the policy's {level:?} was not reached");
    }
    if case.extra.contains("essential") {
        assert!(["phr", "urn:vestibule:acr:multi-factor"].contains(&assured.acr.as_str()), "walk {number}");
    }
    let ages = [request.max_age, case.client.shown.vestibule_max_age, account.policy.max_age];
    let youngest = ages.into_iter().flatten().min();
    let age = Time::from_seconds(NOW).since(assured.at).as_secs();
    assert!(youngest.is_none_or(|most| age <= most), "walk {number}: {age} s old");
    if request.prompt.login || youngest == Some(0) {
        assert!(!facts.proven.is_empty() && age == 0, "walk {number}: nothing was proven in the flow");
    }
    let consent = account.consent.as_ref().map(|consent| consent.scopes.clone()).unwrap_or_default();
    let allowed = facts.consented.clone().unwrap_or(consent);
    if scopes.contains("roles") && !account.roles.is_empty() {
        assert!(facts.role.is_some(), "walk {number}: nobody said as what");
    }
    let optional = scopes.without(&super::scopes("openid"));
    assert!(case.client.trusted || optional.without(&allowed).is_empty(), "walk {number}: {scopes} was not allowed");
}

/// Pages of the longest walk: whoever asks for mails and mistypes does so by the dice.
const MOST_PAGES: usize = 40;
const UNMET: &str = "unmet_authentication_requirements";
