//! What an answer must say to count, and what it may leave out.

use super::*;

/// The person may allow less than was asked: an empty list is the sign-in alone, and what is no list is no answer.
#[both_databases]
async fn an_answer_may_allow_less(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    for (scope, granted) in [(json!("profile"), "openid profile"), (json!(""), "openid")] {
        let id = phone.pushed(&[]).await;
        let read = phone.read(&id).await.json;
        let answered = phone.answer(&id, &phone.proof(&read, "allow", &json!({ "scope": scope }))).await;
        let back = url::Url::parse(&answered.text("redirect_to")).unwrap();
        let code = back.query_pairs().find(|(key, _)| key == "code").unwrap().1.into_owned();
        let tokens = phone.fintech.redeem_with(&code, &phone.fintech.redirect(), VERIFIER).await;
        assert_eq!(tokens.text("scope"), granted, "{scope}");
    }
    let id = phone.pushed(&[]).await;
    let read = phone.read(&id).await.json;
    for scope in [json!("a  b"), json!(["profile"]), Value::Null] {
        let answered = phone.answer(&id, &phone.proof(&read, "allow", &json!({ "scope": scope }))).await;
        assert_eq!(answered.error(), "invalid_grant", "{scope}: {}", answered.json);
    }
    // RFC 5646 §2.1: the language of what was shown is a tag.
    for locale in ["de<b>", &"d".repeat(36)] {
        let answered = phone.answer(&id, &phone.proof(&read, "allow", &json!({ "locale": locale }))).await;
        assert_eq!(answered.error(), "invalid_grant", "{locale}: {}", answered.json);
    }
    assert_eq!(phone.answer(&id, &phone.proof(&read, "allow", &json!({ "locale": "de-AT" }))).await.status, 200);
}

/// What the asking app is registered for bounds what it gets, whatever it asks, the host app says, or the host app itself may do.
#[both_databases]
async fn an_app_gets_no_scope_beyond_its_registration(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let answered = async |id: &str, scope: Value| {
        let read = phone.read(id).await.json;
        let answered = phone.answer(id, &phone.proof(&read, "allow", &scope)).await;
        let back = url::Url::parse(&answered.text("redirect_to")).unwrap();
        let code = back.query_pairs().find(|(key, _)| key == "code").unwrap().1.into_owned();
        let tokens = phone.fintech.redeem_with(&code, &phone.fintech.redirect(), VERIFIER).await;
        let claims = jose::jwt::inspect(&tokens.text("access_token"), &jose::Limits::DEFAULT).unwrap().claims;
        assert_eq!(claims["scope"], tokens.json["scope"]);
        tokens.text("scope")
    };
    let registered = json!({ "scope": "openid profile" }).as_object().unwrap().clone();
    lobby.node.update_client("fintech", registered).await.unwrap();
    for scope in [json!({}), json!({ "scope": "openid profile read write admin" })] {
        let id = phone.pushed(&[("scope", "openid profile read write admin")]).await;
        let read = phone.read(&id).await.json;
        let shown: Vec<_> = read["scopes"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        assert_eq!(shown, ["openid", "profile"], "nothing that it cannot have is shown");
        assert_eq!(answered(&id, scope.clone()).await, "openid profile", "{scope}");
    }
    // What is taken from it while its request waits is asked no more.
    let id = phone.pushed(&[("scope", "openid profile")]).await;
    let less = json!({ "scope": "openid" }).as_object().unwrap().clone();
    lobby.node.update_client("fintech", less).await.unwrap();
    assert_eq!(phone.read(&id).await.json["scopes"].as_array().map(Vec::len), Some(1));
    assert_eq!(answered(&id, json!({})).await, "openid");
}

/// A replayed proof, another device's key, another decision, a changed request, another person's: refused, and the request stays.
#[both_databases]
async fn a_proof_counts_for_what_it_says_and_once(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let graces = Phone::at(&lobby, GRACE, phone.bank.clone(), phone.fintech.clone()).await;
    let (id, other) = (phone.pushed(&[]).await, phone.pushed(&[("nonce", "another")]).await);
    let (read, another) = (phone.read(&id).await.json, phone.read(&other).await.json);
    let theirs = graces.read(&id).await.json;
    assert_ne!(read["challenge"], theirs["challenge"], "each person has their own");
    let stranger = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
    let copied =
        Phone { key: stranger, token: phone.token.clone(), bank: phone.bank.clone(), fintech: phone.fintech.clone() };
    let changed = |changes: Value| phone.proof(&read, "allow", &changes);
    for (what, proof) in [
        ("another request's", phone.proof(&another, "allow", &json!({}))),
        ("another request's hash", changed(json!({ "request_hash": another["request_hash"] }))),
        ("another's challenge", changed(json!({ "challenge": theirs["challenge"] }))),
        ("another decision", changed(json!({ "decision": "perhaps" }))),
        ("another server's", changed(json!({ "aud": "https://other.example" }))),
        ("an old one", changed(json!({ "iat": now() - 120 }))),
        ("another key", copied.proof(&read, "allow", &json!({}))),
        ("another person's key", graces.proof(&read, "allow", &json!({}))),
        ("another purpose", phone.sign("vestibule-device-key+jwt", &json!({ "decision": "allow" }))),
        ("nothing", "x.y.z".to_owned()),
    ] {
        let reply = phone.answer(&id, &proof).await;
        assert_eq!((reply.status, reply.error()), (400, "invalid_grant"), "{what}: {}", reply.json);
    }
    assert_eq!(
        graces.answer(&id, &phone.proof(&read, "allow", &json!({}))).await.error(),
        "invalid_grant",
        "in her session"
    );
    let proof = phone.proof(&read, "allow", &json!({ "scope": "openid" }));
    let first = phone.answer(&id, &proof).await;
    assert_eq!(first.status, 200, "the request stayed: {}", first.json);
    let replayed = phone.answer(&id, &proof).await;
    assert_eq!(replayed.status, 400, "{}", replayed.json);
}

/// Core §3.1.2.1 `id_token_hint`, §5.5.1: a request that is about one person is answered by nobody else.
#[both_databases]
async fn a_request_about_another_person_is_refused(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("fintech", &[("scope", "openid")])).await;
    let page = browser.sign_in(&page, GRACE).await;
    let page = if page.step() == "consent" { browser.press(&page, "consent", "allow", &[]).await } else { page };
    let hint = phone.fintech.redeem(&assert_code(&page)).await.text("id_token");
    let sub = jose::jwt::inspect(&hint, &jose::Limits::DEFAULT).unwrap().claims["sub"].clone();
    let claims = json!({ "id_token": { "sub": { "value": sub } } }).to_string();
    for about in [("id_token_hint", hint.as_str()), ("claims", &claims)] {
        let id = phone.pushed(&[about]).await;
        let read = phone.read(&id).await.json;
        let answered = phone.answer(&id, &phone.proof(&read, "allow", &json!({}))).await;
        // As in the browser, the app that asked is told.
        let back = answered.text("redirect_to");
        assert!(back.contains("error=login_required") && !back.contains("code="), "{}: {}", about.0, answered.json);
        assert_eq!(phone.read(&id).await.error(), "invalid_request_uri", "{}", about.0);
    }
}
