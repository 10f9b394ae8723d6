//! The container under `/account/sessions`: a row of its own, and signing out of one app or of all.

use testkit::Listener;

use super::*;
use crate::lobby::GRACE;

const SESSIONS: &str = "/account/sessions";

fn count(page: &testkit::Page, words: &str) -> usize {
    page.text.matches(words).count()
}

/// The posted fields of the form that signs out of this app.
fn form_of(page: &testkit::Page, app: &str) -> [(&'static str, String); 2] {
    let id = page.form("container-end").hidden.into_iter().find(|(name, _)| name == "id").unwrap().1;
    [("id", id), ("app", app.to_owned())]
}

async fn sign_out_of(browser: &mut Browser, page: &testkit::Page, app: &str) -> testkit::Page {
    let fields = form_of(page, app);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.press(page, "app-end", "end-app", &fields).await
}

/// Its apps are named, once, with when they were last let in; a web app of the session stays with that.
#[both_databases]
async fn a_container_is_one_row_with_its_apps(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    assert_code(&crate::lobby::go(&mut browser, &ask("photos", &[])).await);
    phone.lobby.house.clock.advance(Duration::from_secs(3600));
    assert_eq!(phone.join("mail", &shared(&notes), &[]).await.status, 200);
    let page = browser.open(SESSIONS).await;
    assert_eq!((count(&page, "data-container"), count(&page, "data-step=\"container-end\"")), (1, 1), "{}", page.text);
    let (session, container) = page.text.split_once("data-container").unwrap();
    assert!(session.contains("Photos") && !session.contains("notes</bdi>"), "{}", page.text);
    let container = container.split_once("data-step=\"container-end\"").unwrap().0;
    for words in ["acme", "<bdi>notes</bdi>", "<bdi>mail</bdi>", "2026-11-02T09:00:00Z", "2026-11-02T10:00:00Z"] {
        assert!(container.contains(words), "{words}: {container}");
    }
    assert_eq!(container.matches("value=\"end-app\"").count(), 2);
    assert!(container.contains("you stay signed in in this browser"), "{container}");
    // A second sign-in without the secret makes a second container of the same developer: still one row.
    let again = browser.open(&ask("notes", &[("scope", "openid device_sso"), ("prompt", "none")])).await;
    assert_eq!(phone.redeem("notes", &assert_code(&again), &[]).await.status, 200);
    assert_eq!(count(&browser.open(SESSIONS).await, "data-container"), 1);
    // Another's session elsewhere says nothing of it.
    let mut graces = phone.lobby.browser();
    let page = graces.open(SESSIONS).await;
    graces.sign_in(&page, GRACE).await;
    assert_eq!(count(&graces.open(SESSIONS).await, "data-container"), 0);
}

/// One app goes, is told, and the others stay; with the last one the container is over. The browser stays signed in.
#[both_databases]
async fn its_person_signs_out_of_one_app(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let mut hears = Listener::answering(&[200]).await;
    let to = json!({ "backchannel_logout_uri": format!("http://localhost:{}/", hears.port) });
    phone.lobby.node.update_client("mail", to.as_object().unwrap().clone()).await.unwrap();
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    let kept = shared(&notes);
    let mail = phone.join("mail", &kept, &[]).await;
    let page = browser.open(SESSIONS).await;
    let page = sign_out_of(&mut browser, &page, "mail").await;
    assert_eq!((page.url.path(), count(&page, "value=\"end-app\"")), (SESSIONS, 1), "{}", page.text);
    assert!(!phone.is_good(&mail).await && phone.is_good(&notes).await);
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", &mail.text("refresh_token"))];
    assert_eq!(phone.post("mail", &refresh).await.error(), "invalid_grant");
    phone.lobby.node.tell_due_now().await;
    assert_eq!(hears.next().await.0, "/");
    let trail = phone.lobby.trail(ADA).await;
    assert!(trail.contains(&"container.app-left".to_owned()), "{trail:?}");
    assert!(
        !trail.contains(&"container.ended".to_owned()) && !trail.contains(&"session.ended".to_owned()),
        "{trail:?}"
    );
    // As the page says: it comes back while another is signed in.
    assert_eq!(phone.join("mail", &kept, &[]).await.status, 200);
    let page = browser.open(SESSIONS).await;
    let page = sign_out_of(&mut browser, &page, "mail").await;
    let page = sign_out_of(&mut browser, &page, "notes").await;
    assert_eq!(count(&page, "data-container"), 0, "{}", page.text);
    assert!(!phone.is_good(&notes).await);
    assert_eq!(
        phone.join("mail", &kept, &[]).await.error(),
        "invalid_grant",
        "the last one has taken the container along"
    );
    assert!(browser.open("/account").await.says("Ada Lovelace"));
}

/// All of it at once, for the session in use as for another; what else runs in the session goes on.
#[both_databases]
async fn its_person_signs_out_of_all_apps(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    for elsewhere in [false, true] {
        let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
        let kept = shared(&notes);
        let mail = phone.join("mail", &kept, &[]).await;
        let code = assert_code(&crate::lobby::go(&mut browser, &ask("api", &[])).await);
        let web = phone.api.redeem(&code).await;
        let mut from = match elsewhere {
            true => phone.lobby.adas_browser().await,
            false => browser.clone(),
        };
        let page = from.open(SESSIONS).await;
        assert_eq!(page.says("you stay signed in in this browser"), !elsewhere);
        let page = from.press(&page, "container-end", "end-container", &[]).await;
        assert_eq!((page.url.path(), count(&page, "data-container")), (SESSIONS, 0), "{}", page.text);
        for app in [&notes, &mail] {
            assert!(!phone.is_good(app).await, "{elsewhere}");
        }
        assert_eq!(phone.join("mail", &kept, &[]).await.error(), "invalid_grant", "{elsewhere}");
        assert!(phone.is_good(&web).await, "{elsewhere}");
        assert!(browser.open("/account").await.says("Ada Lovelace"), "{elsewhere}");
        phone.lobby.node.revoke_sessions_of(phone.lobby.node.find_user(ADA).await.unwrap().unwrap().id).await.unwrap();
    }
    assert_eq!(phone.lobby.trail(ADA).await.iter().filter(|kind| *kind == "container.ended").count(), 2);
}

/// Nobody ends another's container, or an app that is in none.
#[both_databases]
async fn nobody_ends_anothers(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    let kept = shared(&notes);
    let mail = phone.join("mail", &kept, &[]).await;
    assert_code(&crate::lobby::go(&mut browser, &ask("photos", &[])).await);
    let page = browser.open(SESSIONS).await;
    let [(_, id), _] = form_of(&page, "mail");
    let mut graces = phone.lobby.browser();
    let signing = graces.open(SESSIONS).await;
    graces.sign_in(&signing, GRACE).await;
    let phones = phone.sign_in("notes", async |_| Vec::new()).await;
    for (action, app) in [("end-container", ""), ("end-app", "mail")] {
        // By whichever form of hers: the id is none of hers.
        let own = graces.open(SESSIONS).await;
        let csrf = own.form("device-forget").hidden.into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        graces.post(SESSIONS, &[("csrf", &csrf), ("action", action), ("id", &id), ("app", app)]).await;
        assert!(phone.is_good(&mail).await && phone.is_good(&notes).await, "{action}");
    }
    for app in ["photos", "game", "nonsense", ""] {
        sign_out_of(&mut browser, &page, app).await;
    }
    let stale = browser.press(&page, "container-end", "end-container", &[("csrf", "x")]).await;
    assert_eq!((stale.status.as_u16(), stale.error()), (403, Some("invalid_request")));
    assert!(phone.is_good(&mail).await && phone.is_good(&notes).await && phone.is_good(&phones.0).await);
    assert!(browser.open(SESSIONS).await.says("Photos"));
}
