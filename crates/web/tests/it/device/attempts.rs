//! RFC 8628 §5: guesses, links, others’ codes, and codes asked for without end.

use super::*;

/// RFC 8628 §5.1: who guesses is stopped, in one browser and from one address; a right code costs nothing.
#[both_databases]
async fn guessing_is_stopped(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let mut browser = lobby.browser();
    browser.address = Some("192.0.2.7".parse().unwrap());
    for _ in 0..30 {
        assert_eq!(enter(&mut browser, &tv.user_code()).await.step(), "signin", "a right one is not counted");
    }
    let mut tries = 0;
    let stopped = loop {
        let page = enter(&mut browser, "BBBB-BBBB").await;
        if page.status == 429 {
            break page;
        }
        assert_eq!((page.status.as_u16(), page.step()), (422, "device"));
        tries += 1;
    };
    assert_eq!(tries, 10, "one browser");
    assert!(stopped.headers.contains_key("retry-after"));
    assert_eq!(enter(&mut browser, &tv.user_code()).await.status, 429, "not even the right one");
    let mut fresh = 0;
    loop {
        let mut other = lobby.browser();
        other.address = browser.address;
        if enter(&mut other, "BBBB-BBBB").await.status == 429 {
            break;
        }
        fresh += 1;
    }
    assert_eq!(fresh, 10, "browsers without cookies: twenty from one address in all");
    let mut elsewhere = lobby.browser();
    elsewhere.address = Some("198.51.100.1".parse().unwrap());
    assert_eq!(enter(&mut elsewhere, &tv.user_code()).await.step(), "signin");
}

/// RFC 8628 §3.3.1, §5.4: the address with the code opens a page that only asks; nothing is answered without a session, from
/// another site, or by a link.
#[both_databases]
async fn a_link_with_the_code_answers_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&format!("/device?user_code={}", tv.user_code())).await;
    assert_eq!(page.step(), "device");
    assert!(page.says(&tv.user_code()) && page.says("Is this the code that your device shows?"), "{}", page.text);
    for (address, fields) in [
        ("/device", vec![("user_code", tv.user_code()), ("action", "next".to_owned())]),
        ("/signin/consent", vec![("action", "allow".to_owned())]),
    ] {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_ne!(browser.clone().post(address, &fields).await.step(), "consent", "without the form's token");
    }
    let told = browser.open("/device?done=x").await;
    assert_eq!(told.step(), "device", "a link cannot say that all is done");
    let unknown = browser.open("/device?user_code=BBBB-BBBB").await;
    assert_eq!(unknown.status, 200, "nor which codes there are");
    assert_eq!(tv.poll().await.error(), "authorization_pending");
    let picture = browser.open(&format!("/device/qr?user_code={}", tv.user_code())).await;
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    assert!(picture.text.starts_with("<svg") && browser.open("/device/qr?user_code=x").await.status == 404);
}

/// RFC 8628 §3.1, §3.4: the client authenticates as at the token endpoint, has the grant, and holds its own code.
#[both_databases]
async fn whose_code_it_is(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let bank = Api::register(&lobby, "bank", json!({ "grant_types": [GRANT], "redirect_uris": [] })).await;
    let web = Api::register(&lobby, "web", json!({})).await;
    assert_eq!(ask(&bank, &[]).await.error(), "invalid_client", "without its secret");
    let own = bank.post("/oauth2/device", &[("scope", "read")]).await;
    assert_eq!(own.status, 200, "{}", own.json);
    assert_eq!(web.post("/oauth2/device", &[]).await.error(), "unauthorized_client");
    assert_eq!(
        web.post("/oauth2/token", &[("grant_type", GRANT), ("device_code", "x")]).await.error(),
        "unauthorized_client"
    );
    for (code, error) in [
        (own.text("device_code"), "invalid_grant"),
        ("x".to_owned(), "invalid_grant"),
        (tv.codes.text("device_code").replace("vst_dc", "vst_ac"), "invalid_grant"),
        (String::new(), "invalid_request"),
    ] {
        assert_eq!(poll(&tv.api, &code).await.error(), error, "{code}");
    }
    assert_eq!(tv.poll().await.error(), "authorization_pending", "not slowed down by others");
    assert_eq!(ask(&tv.api, &[("scope", "a\\b")]).await.error(), "invalid_request", "repeated");
    let mut metadata = lobby.browser();
    let metadata = metadata.open("/.well-known/openid-configuration").await;
    assert!(
        metadata.says(&format!("\"device_authorization_endpoint\":\"{ISSUER}/oauth2/device\"")),
        "{}",
        metadata.text
    );
    assert!(metadata.says(GRANT));
}

/// Codes for a public client are anybody's to ask for: an address has so many.
#[both_databases]
async fn codes_for_a_public_client_are_counted(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let tv = Tv::ask(&lobby).await;
    drop(tv);
    browser.address = Some("192.0.2.7".parse().unwrap());
    let mut given = 0;
    let url = url::Url::parse(&format!("{ISSUER}/oauth2/device")).unwrap();
    let stopped = loop {
        let answer = browser.send("POST", &url, Some(&[("client_id", "tv"), ("scope", "openid")])).await;
        if answer.status() != 200 {
            break answer;
        }
        given += 1;
    };
    assert_eq!((given, stopped.status().as_u16()), (30, 429));
    assert!(stopped.headers().contains_key("retry-after"));
}
