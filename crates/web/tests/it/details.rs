//! Rich authorization requests (RFC 9396): checked, read by a person, granted as they came, and kept as evidence.

use jose::jwt::inspect;
use oidc::details::DetailTypes;
use serde_json::{Value, json};
use testkit::{Browser, House, ISSUER, Page};
use testkit_macros::both_databases;

use crate::api::{Api, Reply, VERIFIER};
use crate::lobby::{ADA, Lobby, ask, assert_code, assert_refused};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The book's payment, which asks for one factor here, and a type that a trusted app's people are not asked about.
async fn bank(mut house: House) -> (Lobby, Api) {
    let mut types: Value = serde_json::from_slice(include_bytes!("../../../../docs/book/payment.json")).unwrap();
    types[0].as_object_mut().unwrap().remove("level");
    let calendar = json!({
        "type": "calendar", "ask": "untrusted", "words": { "en": "Read the calendar {name}." },
        "schema": { "type": "object", "additionalProperties": false, "required": ["type", "name"],
            "properties": { "type": { "type": "string" }, "name": { "type": "string" } } },
    });
    types.as_array_mut().unwrap().push(calendar);
    house.settings.detail_types = DetailTypes::parse(types.to_string().as_bytes()).unwrap();
    let lobby = Lobby::open(house).await;
    let both = json!({ "authorization_details_types": ["payment_initiation", "calendar"] });
    let api = Api::register(&lobby, "bank", both).await;
    (lobby, api)
}

fn payment(amount: &str) -> Value {
    json!({
        "type": "payment_initiation",
        "instructedAmount": { "currency": "EUR", "amount": amount },
        "creditorName": "Merchant \u{202e}A",
        "creditorAccount": { "iban": "DE02100100109307118603" },
    })
}

fn request(details: &Value) -> String {
    ask("bank", &[("scope", "openid"), ("authorization_details", &details.to_string())])
}

async fn to_consent(lobby: &Lobby, details: &Value) -> (Browser, Page) {
    let mut browser = lobby.browser();
    let page = browser.open(&request(details)).await;
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!(page.step(), "consent", "{}", page.text);
    (browser, page)
}

async fn redeem(api: &Api, code: &str, more: &[(&str, &str)]) -> Reply {
    let redirect = api.redirect();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect.as_str()),
        ("code_verifier", VERIFIER),
    ];
    api.post("/oauth2/token", &[&fields[..], more].concat()).await
}

/// RFC 9396 §2, §7, §9: from the page to token, introspection and refresh; read in words, with nothing that turns them.
#[both_databases]
async fn a_payment_is_read_allowed_and_granted(house: House) {
    let (lobby, api) = bank(house).await;
    let details = json!([payment("123.50")]);
    let (mut browser, page) = to_consent(&lobby, &details).await;
    for words in ["<li data-detail><span>", "Pay ", "<bdi>123.50</bdi>", "<bdi>EUR</bdi>", "<bdi>Merchant A</bdi>"] {
        assert!(page.says(words), "{words}: {}", page.text);
    }
    let code = assert_code(&browser.press(&page, "consent", "allow", &[]).await);
    let tokens = redeem(&api, &code, &[]).await;
    assert_eq!((tokens.status, &tokens.json["authorization_details"]), (200, &details), "{}", tokens.json);
    let access = tokens.text("access_token");
    let claims = inspect(&access, &jose::Limits::DEFAULT).unwrap().claims;
    assert_eq!(claims["authorization_details"], details, "section 9.1");
    let told = api.post("/oauth2/introspect", &[("token", &access)]).await;
    assert_eq!((&told.json["active"], &told.json["authorization_details"]), (&true.into(), &details), "section 9.2");
}

/// RFC 9396 §6, §9: a type that is for one use is in the first access token of its grant, and in none that comes after it: not
/// by a refresh, not by name, not by an exchange; others stay.
#[both_databases]
async fn what_is_for_one_use_is_in_one_token(house: House) {
    let (lobby, api) = bank(house).await;
    let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    let change = json!({
        "grant_types": ["authorization_code", "refresh_token", exchange],
        "vestibule_exchange": [{ "client": "bank", "audience": ["ledger"] }],
    });
    lobby.node.update_client("bank", change.as_object().unwrap().clone()).await.unwrap();
    let (one, other) = (payment("1"), json!({ "type": "calendar", "name": "work" }));
    let (both, stays) = (json!([one, other]), json!([other]));
    let (mut browser, page) = to_consent(&lobby, &both).await;
    let code = assert_code(&browser.press(&page, "consent", "allow", &[]).await);
    let twice = redeem(&api, &code, &[("authorization_details", &json!([one, one]).to_string())]).await;
    assert_eq!(twice.error(), "invalid_authorization_details", "no oftener than it was granted");
    let tokens = redeem(&api, &code, &[]).await;
    assert_eq!(tokens.json["authorization_details"], both, "{}", tokens.json);
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    for (details, outcome) in [(&both, Err("invalid_authorization_details")), (&stays, Ok(&stays))] {
        let text = details.to_string();
        let fields = [
            ("grant_type", exchange),
            ("subject_token", access.as_str()),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ("authorization_details", &text),
        ];
        let reply = api.post("/oauth2/token", &fields).await;
        match outcome {
            Ok(details) => assert_eq!(&reply.json["authorization_details"], details, "{}", reply.json),
            Err(error) => assert_eq!(reply.error(), error, "{}", reply.json),
        }
    }
    let told = api.post("/oauth2/introspect", &[("token", &refresh)]).await;
    assert_eq!(told.json["authorization_details"], stays, "what a refresh may have");
    let by_name = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("authorization_details", &both.to_string()),
    ];
    assert_eq!(api.post("/oauth2/token", &by_name).await.error(), "invalid_authorization_details");
    let again = api.refresh(&refresh).await;
    assert_eq!(again.json["authorization_details"], stays);
    let claims = inspect(&again.text("access_token"), &jose::Limits::DEFAULT).unwrap().claims;
    assert_eq!(claims["authorization_details"], stays);
    let told = api.post("/oauth2/introspect", &[("token", &again.text("access_token"))]).await;
    assert_eq!(told.json["authorization_details"], stays);
    // What was left out when the code was redeemed is in none.
    let page = browser.open(&request(&both)).await;
    let code = assert_code(&browser.press(&page, "consent", "allow", &[]).await);
    let less = redeem(&api, &code, &[("authorization_details", &stays.to_string())]).await;
    let again = api.refresh(&less.text("refresh_token")).await;
    assert_eq!((&less.json["authorization_details"], &again.json["authorization_details"]), (&stays, &stays));
}

/// A payment is asked each time, of a trusted app too, and never without a page.
#[both_databases]
async fn a_payment_is_asked_anew_each_time(house: House) {
    let (lobby, _) = bank(house).await;
    let details = json!([payment("1")]);
    let (mut browser, page) = to_consent(&lobby, &details).await;
    assert_code(&browser.press(&page, "consent", "allow", &[]).await);
    for _ in 0..2 {
        assert_eq!(browser.open(&request(&details)).await.step(), "consent", "the same again");
    }
    let silent = format!("{}&prompt=none", request(&details));
    assert_refused(&browser.open(&silent).await, "consent_required");
    let page = browser.open(&request(&details)).await;
    assert_refused(&browser.press(&page, "consent", "deny", &[]).await, "access_denied");
    let calendar = json!([{ "type": "calendar", "name": "work" }]);
    assert_code(&browser.open(&request(&calendar)).await);
    let page = browser.open(&request(&json!([calendar[0], payment("1")]))).await;
    assert!(page.step() == "consent" && page.says("Read the calendar"), "both are read: {}", page.text);
    // Whoever proved themselves longer ago than the type bears does so again.
    lobby.house.clock.advance(std::time::Duration::from_secs(301));
    assert_eq!(browser.open(&request(&details)).await.step(), "signin");
}

/// RFC 9396 §5: `invalid_authorization_details`, at each endpoint that takes them, and nothing is passed over.
#[both_databases]
async fn what_is_not_a_known_type_is_refused_everywhere(house: House) {
    let (lobby, api) = bank(house).await;
    let mut browser = lobby.browser();
    for details in [
        json!([{ "type": "unknown" }]),
        json!([payment("-1")]),
        json!([payment("1"), { "type": "payment_initiation", "evil": true }]),
        json!({}),
        json!([]),
    ] {
        assert_refused(&browser.open(&request(&details)).await, "invalid_authorization_details");
        let text = details.to_string();
        let pushed = [
            ("response_type", "code"),
            ("redirect_uri", "https://bank.example/cb"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
            ("authorization_details", &text),
        ];
        let reply = api.post("/oauth2/par", &pushed).await;
        assert_eq!((reply.status, reply.error()), (400, "invalid_authorization_details"), "{text}");
    }
    let own = [("grant_type", "client_credentials"), ("authorization_details", &json!([payment("1")]).to_string())];
    let own: Vec<_> = own.iter().map(|(name, value)| (*name, value.to_owned())).collect();
    assert_eq!(api.post("/oauth2/token", &own).await.error(), "invalid_authorization_details", "nobody reads it");
    let foreign = request(&json!([payment("1")])).replace("bank", "photos");
    assert_refused(&browser.open(&foreign).await, "invalid_authorization_details");
    let metadata = browser.open("/.well-known/oauth-authorization-server").await;
    assert!(metadata.says("\"authorization_details_types_supported\":[\"calendar\",\"payment_initiation\"]"));
}

/// RFC 9396 §6, §6.1: fewer at the token endpoint and at a refresh, never others; a refresh later has all again.
#[both_databases]
async fn tokens_may_have_less_and_never_more(house: House) {
    let (lobby, api) = bank(house).await;
    let calendar = |name: &str| json!({ "type": "calendar", "name": name });
    let (one, other, home) = (payment("1"), calendar("work"), calendar("home"));
    let (mut browser, page) = to_consent(&lobby, &json!([one, other, home])).await;
    let code = assert_code(&browser.press(&page, "consent", "allow", &[]).await);
    for more in [json!([payment("9999")]), json!([calendar("private")]), json!("x")] {
        let reply = redeem(&api, &code, &[("authorization_details", &more.to_string())]).await;
        assert_eq!(reply.error(), "invalid_authorization_details", "{more}");
    }
    let less = json!([other]).to_string();
    let tokens = redeem(&api, &code, &[("authorization_details", &less)]).await;
    assert_eq!(tokens.json["authorization_details"], json!([other]), "a refused one has not used up the code");
    let refresh = |token: String, details: String| {
        let api = api.clone();
        async move {
            let fields =
                [("grant_type", "refresh_token"), ("refresh_token", &*token), ("authorization_details", &*details)];
            let fields: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            api.post("/oauth2/token", &fields).await
        }
    };
    let token = tokens.text("refresh_token");
    let more = refresh(token.clone(), json!([payment("2")]).to_string()).await;
    assert_eq!(more.error(), "invalid_authorization_details");
    let all = refresh(token.clone(), String::new()).await;
    assert_eq!(all.json["authorization_details"], json!([other, home]));
    let repeated = refresh(token, less).await;
    assert_eq!(repeated.error(), "invalid_grant", "another request than the one that is repeated");
}

/// RFC 9396 §2 at the device authorization endpoint: read where the code is typed, and granted to the device.
#[both_databases]
async fn a_device_asks_for_a_payment(house: House) {
    let (lobby, api) = bank(house).await;
    let grants =
        json!({ "grant_types": [DEVICE], "authorization_details_types": ["payment_initiation"], "redirect_uris": [] });
    let till = Api::register(&lobby, "till", grants).await;
    let details = json!([payment("7")]);
    let text = details.to_string();
    assert_eq!(
        till.post("/oauth2/device", &[("authorization_details", "[{}]")]).await.error(),
        "invalid_authorization_details"
    );
    for _ in 0..40 {
        let codes = till.post("/oauth2/device", &[("authorization_details", &text)]).await;
        assert_eq!(codes.status, 200, "who authenticates is not counted: {}", codes.json);
    }
    let codes = till.post("/oauth2/device", &[("authorization_details", &text), ("scope", "openid")]).await;
    let mut browser = lobby.browser();
    let page = browser.open("/device").await;
    let page = browser.press(&page, "device", "next", &[("user_code", &codes.text("user_code"))]).await;
    let page = browser.sign_in(&page, ADA).await;
    assert!(page.step() == "consent" && page.says("data-device") && page.says("<bdi>7</bdi>"), "{}", page.text);
    browser.press(&page, "consent", "allow", &[]).await;
    let poll = [("grant_type", DEVICE), ("device_code", &codes.text("device_code"))];
    let tokens = till.post("/oauth2/token", &poll).await;
    assert_eq!(tokens.json["authorization_details"], details, "{}", tokens.json);
    assert!(browser.open("/account/apps").await.says("data-evidence"));
    drop(api);
}

/// What was confirmed is signed with the code, names what was read and how it was proven, and is its person's to keep.
#[both_databases]
async fn a_payment_leaves_signed_evidence(house: House) {
    let (lobby, _) = bank(house).await;
    let details = json!([payment("123.50")]);
    let (mut browser, page) = to_consent(&lobby, &details).await;
    assert_refused(&browser.clone().press(&page, "consent", "deny", &[]).await, "access_denied");
    assert!(!browser.open("/account/apps").await.says("data-evidence"), "what was denied leaves none");
    let page = browser.open(&format!("{}&ui_locales=de", request(&details))).await;
    assert!(page.says("zahlen"), "{}", page.text);
    assert_code(&browser.press(&page, "consent", "allow", &[]).await);

    let page = browser.open("/account/apps").await;
    assert!(page.says("data-evidence") && page.says("123.50 EUR an Merchant A zahlen"), "{}", page.text);
    let link = page.text.split("href=\"").find(|rest| rest.starts_with("/account/apps/evidence")).unwrap();
    let link = link.split('"').next().unwrap().replace("&#38;", "&");
    let record = browser.open(&link).await;
    assert_eq!(record.headers["content-type"], "application/jwt");
    let read = inspect(&record.text, &jose::Limits::DEFAULT).unwrap();
    let (claims, ada) = (&read.claims, lobby.node.find_user(ADA).await.unwrap().unwrap().id.to_string());
    assert_eq!(read.header.typ(), Some("authorization-evidence+jwt"));
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["client_id"], &claims["authorization_details"]),
        (&ISSUER.into(), &ada.into(), &"bank".into(), &details)
    );
    assert_eq!((&claims["amr"], &claims["shown_language"]), (&json!(["pwd"]), &"de".into()));
    let stranger = lobby.browser().open(&link).await;
    assert_eq!(stranger.step(), "signin", "nobody else's");
    let trail = lobby.trail(ADA).await;
    assert!(trail.contains(&"consent.given".to_owned()));
}
