//! `/signin`: passwords, and whose form it is.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use idp::bindings::Binding;
use idp::caller::Caller;
use idp::flows::{Offer, Visitor};
use idp::people::Access;
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code, assert_refused};

/// Which of the two was wrong is not said, in words or otherwise.
#[both_databases]
async fn a_wrong_password_says_nothing_more(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let attempt = [("username", ADA), ("password", "not this one")];
    let wrong = browser.press(&page, "signin", "signin", &attempt).await;
    assert_eq!((wrong.status.as_u16(), wrong.step()), (200, "signin"));
    assert!(wrong.says(&format!("value=\"{ADA}\"")) && wrong.says("role=\"alert\"") && !wrong.says("not this one"));
    let attempt = [("username", "nobody@example.com"), ("password", "not this one")];
    let unknown = browser.press(&wrong, "signin", "signin", &attempt).await;
    assert_eq!(unknown.text, wrong.text.replace(ADA, "nobody@example.com"));
    assert_eq!(browser.press(&wrong, "signin", "signin", &[]).await.step(), "signin");
    assert_code(&browser.sign_in(&unknown, ADA).await);
}

/// A sign-in link sent to somebody else leads nowhere (DESIGN §1, invariant 4).
#[both_databases]
async fn a_flow_opens_only_in_the_browser_that_began_it(house: House) {
    let lobby = Lobby::open(house).await;
    let mut attacker = lobby.browser();
    let theirs = attacker.open(&ask("photos", &[])).await;
    for mut victim in [lobby.browser(), lobby.adas_browser().await] {
        let page = victim.open(theirs.url.as_str()).await;
        assert_eq!((page.status.as_u16(), page.error()), (400, Some("invalid_request")));
        assert!(!page.says("Photos"), "{}", page.text);
        // Not even with the form, which the attacker can read.
        victim.open("/signin").await;
        let page = victim.sign_in(&theirs, ADA).await;
        assert!(page.error().is_some() && !page.left, "{}", page.text);
        assert!(!page.says("Photos"));
    }
    // The flow itself goes on as if nothing had been.
    assert_code(&attacker.sign_in(&theirs, GRACE).await);
}

/// DESIGN §6: token, and `Sec-Fetch-Site` where the browser sends it.
#[both_databases]
async fn a_form_that_was_not_shown_here_changes_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let due = browser.open(&ask("drive", &[])).await;
    let other_flow = browser.open(&ask("drive", &[])).await;
    let other_step = browser.open("/signin?prompt=login").await;
    let token = |page: &Page, step: &str| page.form(step).hidden[0].1.clone();
    let foreign = [token(&other_flow, "continue"), token(&other_step, "signin"), "x".to_owned(), String::new()];
    for csrf in &foreign {
        let page = browser.press(&due, "continue", "continue", &[("csrf", csrf)]).await;
        assert_eq!((page.status.as_u16(), page.error()), (403, Some("invalid_request")), "{csrf}");
    }
    // Nobody is signed in to an account that somebody else chose for them (login CSRF).
    let due_here = lobby.browser().open(&ask("photos", &[])).await;
    let login =
        [("csrf", token(&due_here, "signin")), ("username", GRACE.to_owned()), ("password", PASSWORD.to_owned())];
    let login: Vec<_> = login.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = browser.press(&other_step, "signin", "signin", &login).await;
    assert_eq!((page.status.as_u16(), page.error()), (403, Some("invalid_request")));
    for site in ["cross-site", "same-site"] {
        let mut browser = browser.clone();
        browser.headers.insert("sec-fetch-site", site.parse().unwrap());
        assert_eq!(browser.press(&due, "continue", "continue", &[]).await.status.as_u16(), 403);
    }
    let mut old = browser.clone();
    old.headers.insert("origin", "https://evil.example".parse().unwrap());
    assert_eq!(old.press(&due, "continue", "continue", &[]).await.status.as_u16(), 403);
    let mut lost = browser.clone();
    lost.cookies.retain(|name, _| !name.ends_with("-flow"));
    assert_eq!(lost.press(&due, "continue", "continue", &[]).await.status.as_u16(), 403);
    assert_eq!(browser.open(due.url.as_str()).await.step(), "continue");
    assert_code(&browser.press(&due, "continue", "continue", &[]).await);
}

/// Back button, reload, a page left open: a flow ends once.
#[both_databases]
async fn what_is_over_stays_over(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let first = browser.open(&ask("postcards", &[])).await;
    let consent = browser.sign_in(&first, ADA).await;
    // The form before is no way back.
    let again = browser.sign_in(&first, GRACE).await;
    assert_eq!(again.step(), "consent");
    let page = browser.press(&again, "consent", "allow", &[]).await;
    assert_code(&page);
    let gone = |page: &Page| {
        assert_eq!((page.status.as_u16(), page.error()), (400, Some("invalid_request")), "{}", page.text);
        // It leads back to the app.
        assert!(page.says("href=\"https://postcards.example/\"") && page.says("Postcards"), "{}", page.text);
    };
    gone(&browser.open(consent.url.as_str()).await);
    gone(&browser.press(&again, "consent", "allow", &[]).await);
    gone(&browser.press(&again, "consent", "deny", &[]).await);
    gone(&browser.sign_in(&first, ADA).await);

    let page = browser.open(&ask("postcards", &[("prompt", "login")])).await;
    lobby.house.clock.advance(Duration::from_secs(30 * 60));
    gone(&browser.open(page.url.as_str()).await);
    gone(&browser.sign_in(&page, ADA).await);
    for nonsense in ["/signin?flow=x", "/signin?flow=00000000000000000000000000000000"] {
        assert_eq!(browser.open(nonsense).await.status.as_u16(), 400);
    }
}

/// What was shown about one account is not recorded for another, in the same flow.
#[both_databases]
async fn an_answer_is_about_the_account_that_was_shown(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("postcards", &[])).await;
    let adas = browser.sign_in(&page, ADA).await;
    assert!(adas.step() == "consent" && adas.says("Ada Lovelace"));
    // In another tab, the page before is sent again by somebody else.
    let graces = browser.sign_in(&page, GRACE).await;
    assert!(graces.step() == "consent" && graces.says("Grace Hopper"));
    let refused = browser.press(&adas, "consent", "allow", &[]).await;
    assert_eq!((refused.status.as_u16(), refused.error()), (403, Some("invalid_request")));
    assert_code(&browser.press(&graces, "consent", "allow", &[]).await);
}

/// Where a form's answer leads, before anything is followed, and whether a session begins with it.
async fn pressed(browser: &mut Browser, page: &Page, step: &str, fields: &[(&str, &str)]) -> (u16, String, bool) {
    let form = page.form(step);
    let mut all: Vec<_> = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(fields);
    let answer = browser.send("POST", &page.url.join(&form.action).unwrap(), Some(&all)).await;
    let location = answer.headers().get("location").map_or("", |to| to.to_str().unwrap()).to_owned();
    let cookies = answer.headers().get_all("set-cookie").iter();
    let begun = cookies.filter(|line| line.to_str().unwrap().starts_with("__Host-vestibule=vst_bs_")).count() == 1;
    (answer.status().as_u16(), location, begun)
}

/// Where no page is due, the form itself is answered with the code; where one is, it stands at the flow's address.
#[both_databases]
async fn a_form_is_answered_at_once(house: House) {
    const CODE: &str = "https://photos.example/cb?code=vst_ac_";
    let lobby = Lobby::open(house).await;
    let ada = [("action", "signin"), ("username", ADA), ("password", PASSWORD)];
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let (status, to, begun) = pressed(&mut browser, &page, "signin", &ada).await;
    assert!(status == 303 && to.starts_with(CODE) && begun, "{to}");

    let page = browser.open(&ask("photos", &[("prompt", "select_account")])).await;
    let session = page.form("account").buttons[0].1.clone();
    let (status, to, begun) = pressed(&mut browser, &page, "account", &[("session", &session)]).await;
    assert!(status == 303 && to.starts_with(CODE) && !begun, "{to}");

    let page = browser.open(&ask("postcards", &[("prompt", "login")])).await;
    let (status, to, begun) = pressed(&mut browser, &page, "signin", &ada).await;
    assert!(status == 303 && to.starts_with("/signin?flow=") && begun, "{to}");
    let consent = browser.open(&to).await;
    let (_, to, _) = pressed(&mut browser, &consent, "consent", &[("action", "deny")]).await;
    assert!(to.starts_with("https://postcards.example/cb?error=access_denied"), "{to}");

    let page = browser.open(&ask("photos", &[("prompt", "login"), ("response_mode", "form_post")])).await;
    let posted = browser.sign_in(&page, ADA).await;
    assert!(posted.status.as_u16() == 200 && posted.says("name=\"code\" value=\"vst_ac_"), "{}", posted.text);

    let page = browser.open("/signin?prompt=login").await;
    let (_, to, begun) = pressed(&mut browser, &page, "signin", &ada).await;
    assert!(to == "/account" && begun, "{to}");
}

/// One flow in two tabs, two sign-ins at once: one has the code, and the other learns that the flow is over.
#[both_databases]
async fn of_two_sign_ins_in_one_flow_one_has_the_code(house: House) {
    let lobby = Lobby::open(house).await;
    for _ in 0..4 {
        let mut one = lobby.browser();
        let page = one.open(&ask("photos", &[])).await;
        let mut two = one.clone();
        let (first, second) = tokio::join!(one.sign_in(&page, ADA), two.sign_in(&page, GRACE));
        let codes = [&first, &second].iter().filter(|page| page.param("code").is_some()).count();
        let over = [&first, &second].iter().filter(|page| page.status.as_u16() == 400 && !page.left).count();
        assert_eq!((codes, over), (1, 1), "{} {}", first.url, second.url);
    }
}

/// Two tabs, or an impatient finger: of two answers at once one counts.
#[both_databases]
async fn of_two_answers_at_once_one_counts(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    for _ in 0..8 {
        let page = browser.open(&ask("postcards", &[("prompt", "consent")])).await;
        let (mut one, mut two) = (browser.clone(), browser.clone());
        let (allowed, denied) =
            tokio::join!(one.press(&page, "consent", "allow", &[]), two.press(&page, "consent", "deny", &[]));
        let codes = [&allowed, &denied].iter().filter(|page| page.param("code").is_some()).count();
        let refusals = [&allowed, &denied].iter().filter(|page| page.param("error").is_some()).count();
        assert_eq!(codes + refusals, 1, "{} {}", allowed.url, denied.url);
    }
    for _ in 0..8 {
        let page = browser.open(&ask("photos", &[("prompt", "select_account")])).await;
        let session = page.form("account").buttons[0].1.clone();
        let pick = [("session", session.as_str())];
        let (mut one, mut two) = (browser.clone(), browser.clone());
        let (one, two) = tokio::join!(one.press(&page, "account", "", &pick), two.press(&page, "account", "", &pick));
        let codes: Vec<_> = [&one, &two].into_iter().filter_map(|page| page.param("code")).collect();
        assert_eq!(codes.len(), 1, "{} {}", one.url, two.url);
    }
}

/// Two tabs sign in at once: the cookie of one is replaced by the other's, and no sign-in is half done.
#[both_databases]
async fn of_two_sign_ins_at_once_both_end_well(house: House) {
    let lobby = Lobby::open(house).await;
    let browser = lobby.adas_browser().await;
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let ask = ask("photos", &[("prompt", "login")]);
    let (first, second) = tokio::join!(one.open(&ask), two.open(&ask));
    let (first, second) = tokio::join!(one.sign_in(&first, ADA), two.sign_in(&second, GRACE));
    let outcomes = [(one, first), (two, second)];
    assert!(outcomes.iter().any(|(_, page)| page.param("code").is_some()));
    for (mut browser, page) in outcomes {
        if !page.left {
            assert_eq!((page.status.as_u16(), page.step()), (409, "signin"), "{}", page.text);
            assert_code(&browser.sign_in(&page, GRACE).await);
        }
    }
}

/// A storm of sign-ins is answered by 503 and keeps what was typed, never by waiting without end.
#[both_databases]
async fn a_busy_pool_says_so(mut house: House) {
    house.settings.passwords.queue = NonZeroUsize::MIN;
    house.settings.passwords.memory_kib = NonZeroU32::new(64 * 1024).unwrap();
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let attempts: Vec<_> = (0..16)
        .map(|_| {
            let (mut browser, page): (Browser, Page) = (browser.clone(), page.clone());
            tokio::spawn(async move {
                let attempt = [("username", ADA), ("password", PASSWORD)];
                browser.press(&page, "signin", "signin", &attempt).await
            })
        })
        .collect();
    let mut busy = 0;
    for attempt in attempts {
        let page = attempt.await.unwrap();
        if page.status.as_u16() == 503 {
            busy += 1;
            assert!(page.says(&format!("value=\"{ADA}\"")) && page.step() == "signin");
        }
    }
    assert!(busy > 0);
}

/// A form that does not hold what the step's page has.
#[both_databases]
async fn a_malformed_form_is_refused(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&ask("drive", &[])).await;
    let status = async |browser: &mut Browser, step: &str, action: &str, fields: &[(&str, &str)]| {
        let mut all = vec![("flow", page.url.query_pairs().next().unwrap().1.into_owned())];
        all.push(("action", action.to_owned()));
        all.extend(fields.iter().map(|(name, value)| ((*name), (*value).to_owned())));
        let all: Vec<_> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&format!("/signin/{step}"), &all).await.status.as_u16()
    };
    assert_eq!(status(&mut browser, "nothing", "continue", &[]).await, 400);
    assert_eq!(status(&mut browser, "continue", "nothing", &[]).await, 400);
    assert_eq!(status(&mut browser, "account", "choose", &[("session", "x")]).await, 400);
    assert_eq!(status(&mut browser, "consent", "allow", &[("scope", "\"")]).await, 400);
    assert_eq!(browser.post("/signin/continue", &[("action", "continue")]).await.status.as_u16(), 400);
    // Reloading what a form had shown leads to the flow's own page.
    assert_eq!(browser.open(&format!("/signin/continue?{}", page.url.query().unwrap())).await.step(), "continue");
    // Nothing was recorded, and the page that is due comes.
    assert_eq!(browser.open(page.url.as_str()).await.step(), "continue");
    assert_refused(&browser.open(&ask("drive", &[("prompt", "none")])).await, "interaction_required");
}

/// A client that goes while somebody signs in to it: nobody is left who may be answered.
#[both_databases]
async fn a_client_that_is_gone_is_not_answered(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    lobby.node.delete_client("photos").await.unwrap();
    let page = browser.sign_in(&page, ADA).await;
    assert!(!page.left && page.status.as_u16() == 400, "{}", page.url);
}

/// A password that was right when it was checked lets nobody in once it was changed, or its person disabled.
#[both_databases]
async fn a_sign_in_that_comes_too_late_lets_nobody_in(house: House) {
    let lobby = Lobby::open(house).await;
    for (name, disabled) in [(ADA, false), (GRACE, true)] {
        let mut browser = lobby.browser();
        let page = browser.open(&ask("photos", &[])).await;
        let flow = page.param("flow").unwrap().parse().unwrap();
        let binding = Binding::parse(&browser.cookies["__Host-vestibule-flow"]).unwrap();
        let visitor = Visitor { binding: &binding, session: None, device: None, caller: &Caller::operator() };
        let proven = lobby.node.check_password(name, PASSWORD).await.unwrap().unwrap();
        let user = proven.person.id;
        match disabled {
            true => drop(lobby.node.set_user_disabled(user, Access::Disabled).await.unwrap()),
            false => lobby.node.set_password(user, "quite another password").await.unwrap(),
        }
        assert!(lobby.node.prove(flow, visitor, &proven, Offer::Nothing).await.unwrap().is_none(), "{name}");
        assert!(lobby.node.list_sessions(user).await.unwrap().is_empty(), "{name}");
    }
}
