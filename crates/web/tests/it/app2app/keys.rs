//! Whose device and whose app it is: keys of devices, and the systems’ association files.

use super::*;

/// A key is registered in a fresh session by whoever holds it, and taken away by its person.
#[both_databases]
async fn a_device_key_is_proven_fresh_and_taken_away(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let stranger = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
    assert_eq!(phone.register(&stranger, &json!({})).await.error(), "invalid_grant", "without possession");
    for (changes, error) in [
        (json!({ "ath": "x" }), "invalid_grant"),
        (json!({ "nonce": "x" }), "use_dpop_nonce"),
        (json!({ "aud": "https://other.example" }), "invalid_grant"),
    ] {
        assert_eq!(phone.register(&phone.key, &changes).await.error(), error, "{changes}");
    }
    let mut browser = lobby.browser();
    let page = browser.open("/signin").await;
    browser.sign_in(&page, ADA).await;
    let page = browser.open("/account/apps").await;
    assert!(page.says("Ada’s phone") && page.says("bank"), "{}", page.text);
    browser.press(&page, "key-end", "end-key", &[]).await;
    let id = phone.pushed(&[]).await;
    let read = phone.read(&id).await.json;
    assert_eq!(
        phone.answer(&id, &phone.proof(&read, "allow", &json!({}))).await.error(),
        "invalid_grant",
        "taken away"
    );

    // RFC 9470 §3: a token that was refreshed is fresh, and the sign-in it rests on is not.
    let mut browser = lobby.browser();
    let page = browser.open(&ask("bank", &[("scope", "openid")])).await;
    let tokens = phone.bank.redeem(&assert_code(&browser.sign_in(&page, ADA).await)).await;
    lobby.house.clock.advance(std::time::Duration::from_secs(301));
    let token = phone.bank.refresh(&tokens.text("refresh_token")).await.text("access_token");
    let stale = Phone { token, ..phone };
    let refused = stale.post(KEYS, &json!({ "jwk": {}, "proof": "x" })).await;
    assert_eq!((refused.status, refused.error()), (401, "insufficient_user_authentication"), "{}", refused.json);
    let challenge = refused.headers["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Bearer error=\"insufficient_user_authentication\", "), "{challenge}");
    assert!(challenge.ends_with(", max_age=\"300\""), "what would do: {challenge}");
}

/// The systems' association files say what the registrations do: for Apple's systems each app has the links of its client alone.
#[both_databases]
async fn association_files_follow_from_registrations(house: House) {
    let lobby = Lobby::open(house).await;
    let _phone = Phone::of(&lobby, ADA).await;
    let mut browser = lobby.browser();
    let apple: Value =
        serde_json::from_str(&browser.open("/.well-known/apple-app-site-association").await.text).unwrap();
    assert_eq!(
        apple["applinks"]["details"],
        json!([{ "appIDs": ["ABCDE12345.com.bank.app"], "components": [{ "/": "/a2a/bank" }] }])
    );
    let page = browser.open("/.well-known/assetlinks.json").await;
    let android: Value = serde_json::from_str(&page.text).unwrap();
    assert_eq!(android[0]["target"]["package_name"], "com.bank.app");
    assert_eq!(page.headers["content-type"], "application/json");
}
