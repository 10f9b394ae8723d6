//! What a person says to the host's sheet: yes, to some of it, or no.

use idp::audit::Entry;
use serde_json::json;
use testkit::House;
use testkit_macros::both_databases;

use super::{Super, redeem};
use crate::lobby::ADA;

async fn trail(host: &Super, kind: &str) -> Vec<Entry> {
    let ada = host.lobby.node.find_user(ADA).await.unwrap().unwrap();
    let mut trail = host.lobby.node.audit_of(ada.id, 20).await.unwrap();
    trail.retain(|entry| entry.kind == kind);
    trail
}

/// A «no» gives nothing, is in the trail with who asked for what, and leaves the next time open.
#[both_databases]
async fn a_no_gives_nothing_and_is_in_the_trail(house: House) {
    let host = Super::app(house).await;
    assert_eq!(host.code("taxi", &[]).await.error(), "consent_required");
    assert!(trail(&host, "consent.denied").await.is_empty(), "nobody was asked yet");
    let no = host.code("taxi", &[("decision", "deny")]).await;
    assert_eq!((no.status, no.error(), no.json.get("access_token")), (400, "access_denied", None), "{}", no.json);
    let denied = trail(&host, "consent.denied").await;
    let [entry] = denied.as_slice() else { panic!("{denied:?}") };
    assert_eq!((entry.client.as_deref(), entry.session.is_some()), (Some("taxi"), true));
    assert_eq!((&entry.detail["asked"], &entry.detail["host"]), (&json!("openid profile"), &json!("host")));
    assert!(trail(&host, "consent.given").await.is_empty());
    assert_eq!(host.code("taxi", &[]).await.error(), "consent_required", "it is asked again");
    for wrong in [
        &[("decision", "deny"), ("allowed_scope", "openid")][..],
        &[("decision", "allow")],
        &[("decision", "perhaps")],
        &[("decision", "perhaps"), ("allowed_scope", "openid")],
    ] {
        assert_eq!(host.code("taxi", wrong).await.error(), "invalid_request", "{wrong:?}");
    }
    assert_eq!(trail(&host, "consent.denied").await.len(), 1);
    let yes = host.code("taxi", &[("decision", "allow"), ("allowed_scope", "openid profile")]).await;
    assert_eq!(yes.status, 200, "{}", yes.json);
    let given = trail(&host, "consent.given").await;
    let [entry] = given.as_slice() else { panic!("{given:?}") };
    assert_eq!((&entry.detail["scopes"], &entry.detail["host"]), (&json!("openid profile"), &json!("host")));
    // What was allowed once can be denied when it is asked anew, and stays allowed.
    assert_eq!(host.code("taxi", &[("decision", "deny")]).await.error(), "access_denied");
    assert_eq!(host.code("taxi", &[]).await.status, 200);
}

/// Some of it: the code, the tokens and UserInfo have that alone; what was left out is neither given nor asked for again.
#[both_databases]
async fn what_was_left_out_is_not_given(house: House) {
    let host = Super::app(house).await;
    let asked = ("scope", "openid profile email");
    let code = host.code("taxi", &[asked, ("allowed_scope", "openid email")]).await;
    assert_eq!(code.text("scope"), "email openid", "{}", code.json);
    let given = trail(&host, "consent.given").await;
    let [entry] = given.as_slice() else { panic!("{given:?}") };
    assert_eq!(
        (&entry.detail["asked"], &entry.detail["scopes"]),
        (&json!("email openid profile"), &json!("email openid"))
    );
    let tokens = redeem(&host.taxi, &code.text("access_token")).await;
    assert_eq!(tokens.text("scope"), "email openid", "{}", tokens.json);
    let known = host.taxi.get("/oauth2/userinfo", &tokens.text("access_token")).await;
    assert_eq!((known.text("email").as_str(), known.json.get("name")), (ADA, None), "{}", known.json);
    let more = host.taxi.refresh(&tokens.text("refresh_token")).await;
    assert_eq!(more.text("scope"), "email openid", "nor by a refresh");
    // The sheet says which is which; the exchange asks no more, and gives no more.
    let sheet = host.sheet("taxi", "openid profile email phone").await;
    let said = |name: &str| {
        let scopes = sheet.json["scopes"].as_array().unwrap();
        scopes.iter().find(|one| one["name"] == name).map(|one| (one["silent"].clone(), one["declined"].clone()))
    };
    assert_eq!(said("email"), Some((json!(true), json!(false))), "{}", sheet.json);
    assert_eq!(said("profile"), Some((json!(false), json!(true))));
    assert_eq!(said("phone"), None, "it is not registered for that");
    assert_eq!(host.code("taxi", &[asked]).await.text("scope"), "email openid");
    // What was not on the sheet is not allowed by it.
    let beyond = host.code("taxi", &[("scope", "openid"), ("allowed_scope", "openid profile")]).await;
    assert_eq!(beyond.text("scope"), "openid");
    // Another answer, later, is the one that counts.
    let later = host.code("taxi", &[asked, ("allowed_scope", "openid profile email")]).await;
    assert_eq!(later.text("scope"), "email openid profile");
    assert_eq!(host.code("taxi", &[asked]).await.text("scope"), "email openid profile");
}
