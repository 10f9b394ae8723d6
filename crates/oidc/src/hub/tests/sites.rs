//! On the way to a plain website.

use super::*;
use crate::assurance::Policy;
use crate::site::Address;

fn step(policy: Option<Policy>, accounts: &[Account], page: ContinuePage, facts: Facts) -> Step {
    let address = Address::of_parts("wiki.example.com", "/").expect("an address");
    let flow = Flow { target: Target::Site(Box::new(address)), facts };
    let known = Known {
        client: None,
        site: policy,
        pending: None,
        contexts: &Contexts::default(),
        accounts,
        hinted: None,
        continue_page: page,
        idle: Duration::from_secs(3600),
    };
    next(&flow, &known, Time::from_seconds(NOW))
}

#[test]
fn what_a_site_asks_for() {
    let ask = |level, max_age| Some(Policy { level, max_age });
    let any = ask(None, None);
    let multi = ask(Some(Level::MultiFactor), None);
    let ada = || account(1, None);
    let able = || Account { factors: Factors(vec![Method::Password, Method::Totp]), ..ada() };
    let foreign = Account { admitted: false, ..ada() };
    let first_time = ContinuePage::FirstTime;
    let chosen = |facts: Facts| facts.chose(id(1));
    for (why, policy, accounts, page, facts, expected) in [
        ("nobody is signed in", any, vec![], first_time, Facts::default(), "authenticate"),
        ("one account goes on at once", any, vec![ada()], first_time, Facts::default(), "visit"),
        ("of two, one is chosen", any, vec![ada(), account(2, None)], first_time, Facts::default(), "choose"),
        ("the chosen one goes on", any, vec![ada(), account(2, None)], first_time, chosen(Facts::default()), "visit"),
        ("who may not", any, vec![foreign.clone()], first_time, Facts::default(), "not admitted"),
        ("who may not goes to the account", any, vec![foreign], first_time, Facts::default().denied(), "signed in"),
        ("a second factor is missing", multi, vec![able()], first_time, Facts::default(), "prove"),
        ("there is none", multi, vec![ada()], first_time, Facts::default(), "set up"),
        ("the password is too old", ask(None, Some(900)), vec![ada()], first_time, Facts::default(), "authenticate"),
        ("it is young enough", ask(None, Some(1000)), vec![ada()], first_time, Facts::default(), "visit"),
        ("where each join is asked", any, vec![ada()], ContinuePage::Always, Facts::default(), "continue"),
        ("once", any, vec![ada()], ContinuePage::Always, Facts::default().continued(id(1)), "visit"),
        ("the site is registered no more", None, vec![ada()], first_time, Facts::default(), "unauthorized_client"),
    ] {
        assert_eq!(name(&step(policy, &accounts, page, facts)), expected, "{why}");
    }
}
