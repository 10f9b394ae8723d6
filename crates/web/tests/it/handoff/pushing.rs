//! Which app may hand off whom, to which client, and with which token.

use super::*;
use crate::holder::Holder;

#[both_databases]
async fn who_may_hand_off_whom(house: House) {
    let (lobby, inbox) = open(house).await;
    let plain = Api::register(&lobby, "plain", json!({ "vestibule_handoff_from": ["photos"] })).await;
    let closed = json!({
        "initiate_login_uri": "https://closed.example/login",
        "vestibule_handoff_from": ["photos"],
        "vestibule_invited_only": true,
    });
    Api::register(&lobby, "closed", closed).await;
    let (tokens, _) = signed_in(&lobby, &inbox, ADA, "openid").await;
    let token = tokens.text("access_token");
    for (fields, error) in [
        (&[("client_id", "drive")][..], "access_denied"),
        (&[("client_id", "nobody")], "access_denied"),
        (&[("client_id", "plain")], "invalid_request"),
        (&[("client_id", "closed")], "access_denied"),
        (&[], "invalid_request"),
        (&[("client_id", "inbox"), ("target_link_uri", "https://evil.example/")], "invalid_request"),
        (&[("client_id", "inbox"), ("client_id", "inbox")], "invalid_request"),
    ] {
        let refused = push(&inbox, &token, fields).await;
        assert_eq!((refused.error(), refused.json.get("url")), (error, None), "{fields:?}: {}", refused.json);
    }
    assert_eq!(inbox.post_as_is(PUSH, &[], &[("client_id", "inbox")]).await.status, 401);
    assert_eq!(push(&inbox, "nonsense", &[("client_id", "inbox")]).await.error(), "invalid_token");
    let own = plain.post("/oauth2/token", &[("grant_type", "client_credentials"), ("scope", "read")]).await;
    let refused = push(&inbox, &own.text("access_token"), &[("client_id", "inbox")]).await;
    assert_eq!(refused.error(), "insufficient_scope", "no person's token");
    // Nor does the child hand on: what hangs on a session does not grow.
    let link = link_of(&inbox, &tokens).await;
    let mut browser = lobby.browser();
    let page = browser.open(&link.url).await;
    answer(&mut browser, &page, &link.number).await;
    let changes = json!({ "vestibule_handoff_from": ["inbox"], "initiate_login_uri": "https://plain.example/login" });
    lobby.node.update_client("plain", changes.as_object().unwrap().clone()).await.unwrap();
    let own = inbox.redeem(&assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await)).await;
    let refused = push(&inbox, &own.text("access_token"), &[("client_id", "plain")]).await;
    assert_eq!(refused.error(), "access_denied");
    // What is allowed no more meanwhile leads nowhere.
    let link = link_of(&inbox, &tokens).await;
    lobby
        .node
        .update_client("inbox", json!({ "vestibule_handoff_from": null }).as_object().unwrap().clone())
        .await
        .unwrap();
    assert_eq!(lobby.browser().open(&link.url).await.status.as_u16(), 410);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let events = lobby.node.audit_of(ada, 50).await.unwrap();
    assert!(events.iter().all(|event| !event.detail.to_string().contains("vst_ln_")), "no secret in the trail");
}

/// RFC 9449 §7.1: a token that is bound to a key hands off with a proof of it alone.
#[both_databases]
async fn a_bound_token_comes_with_its_key(house: House) {
    let (lobby, inbox) = open(house).await;
    let (holder, thief) = (Holder::new(), Holder::new());
    let now = lobby.house.clock_now().seconds();
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let code = assert_code(&browser.sign_in(&page, ADA).await);
    let proof = holder.prove(("POST", "/oauth2/token"), now, None, None);
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "photos"),
        ("code", code.as_str()),
        ("redirect_uri", "https://photos.example/cb"),
        ("code_verifier", VERIFIER),
    ];
    let tokens = inbox.post_as_is("/oauth2/token", &[("dpop", &proof)], &fields).await;
    let token = tokens.text("access_token");
    let authorization = format!("DPoP {token}");
    let with = async |holder: &Holder| {
        let proof = holder.prove(("POST", PUSH), now, Some(&token), None);
        let headers = [("authorization", authorization.as_str()), ("dpop", proof.as_str())];
        inbox.post_as_is(PUSH, &headers, &[("client_id", "inbox")]).await
    };
    assert_eq!(push(&inbox, &token, &[("client_id", "inbox")]).await.error(), "invalid_token");
    assert_eq!(with(&thief).await.error(), "invalid_dpop_proof");
    assert_eq!(with(&holder).await.status, 201);
}
