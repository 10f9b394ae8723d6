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

/// An app takes its own key away, by its own token: neither another app nor another person does, and no token is none.
#[both_databases]
async fn an_app_takes_its_own_key_away(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::bare(&lobby, ADA).await;
    let kept = phone.register(&phone.key, &json!({})).await;
    let path = format!("{KEYS}/{}", kept.text("id"));
    let [graces, fintechs] =
        [signed_in(&lobby, &phone.bank, GRACE).await, signed_in(&lobby, &phone.fintech, ADA).await];
    for (why, token, status) in
        [("another person", &graces, 404), ("another app", &fintechs, 404), ("nobody", &String::new(), 401)]
    {
        assert_eq!(phone.bank.delete(&path, token).await.status, status, "{why}");
    }
    for nonsense in ["x", "00112233445566778899aabbccddeeff"] {
        assert_eq!(phone.bank.delete(&format!("{KEYS}/{nonsense}"), &phone.token).await.status, 404, "{nonsense}");
    }
    let id = phone.pushed(&[]).await;
    let read = phone.read(&id).await.json;
    let proof = phone.proof(&read, "allow", &json!({}));
    assert!(!lobby.trail(ADA).await.contains(&"device-key.removed".to_owned()));
    let gone = phone.bank.delete(&path, &phone.token).await;
    assert_eq!((gone.status, gone.json), (204, Value::Null));
    assert_eq!(phone.bank.delete(&path, &phone.token).await.status, 404, "once");
    assert_eq!(phone.answer(&id, &proof).await.error(), "invalid_grant", "it proves nothing any more");
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let trail = lobby.node.audit_of(ada, 20).await.unwrap();
    let removed: Vec<_> = trail.iter().filter(|entry| entry.kind == "device-key.removed").collect();
    let [entry] = removed.as_slice() else { panic!("{trail:?}") };
    assert_eq!((entry.client.as_deref(), &entry.detail["key"]), (Some("bank"), &kept.json["id"]));
    // A new one is registered as before.
    assert_eq!(phone.register(&phone.key, &json!({})).await.status, 201);
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
