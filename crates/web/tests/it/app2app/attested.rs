//! What a phone's maker says of a device key: Android Key Attestation and Apple App Attest, under roots of the settings.

use idp::settings::KeyAttestation;

use super::*;
use crate::maker::{self, Attesting, Described, Maker};

/// A house that asks for attestations of this maker's.
fn asking(mut house: House, maker: &Maker, required: bool) -> House {
    let roots = || vec![maker.root()];
    house.settings.device_key_attestation = KeyAttestation::Asked {
        required,
        android: roots(),
        android_revoked: Vec::new(),
        apple: roots(),
        apple_development: false,
    };
    house
}

/// The challenge, as the book has it.
fn about(parts: &[&str]) -> [u8; 32] {
    jose::sha256([&["vestibule-device-key-attestation"], parts].concat().join(".").as_bytes())
}

fn fingerprint() -> Vec<u8> {
    FINGERPRINT.split(':').map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

/// What a phone says of a key that it has made for the bank's app.
fn described(nonce: &str, ath: &str) -> Described {
    Described::good(&about(&[nonce, ath]), "com.bank.app", &fingerprint())
}

fn android(chain: &[Vec<u8>]) -> Value {
    json!({ "format": "android-key", "chain": chain.iter().map(base64url::encode).collect::<Vec<_>>() })
}

fn apple(object: &[u8]) -> Value {
    json!({ "format": "apple-appattest", "object": base64url::encode(object) })
}

/// What the export has of somebody's only key.
async fn kept(lobby: &Lobby) -> Value {
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let exported = lobby.node.export_user(ada).await.unwrap().unwrap();
    exported["device_keys"].as_array().unwrap().last().cloned().unwrap_or_default()
}

/// The claims of the access token that the fintech has in the end.
async fn answered(phone: &Phone) -> Value {
    let id = phone.pushed(&[]).await;
    let read = phone.read(&id).await.json;
    let answered = phone.answer(&id, &phone.proof(&read, "allow", &json!({}))).await;
    let back = url::Url::parse(&answered.text("redirect_to")).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let tokens = phone.fintech.redeem_with(&code, &phone.fintech.redirect(), VERIFIER).await;
    Value::Object(jose::jwt::inspect(&tokens.text("access_token"), &jose::Limits::DEFAULT).unwrap().claims)
}

/// A key that its person unlocks for each use is one, and what it answers says so (RFC 8176 §2 `hwk`, `user`); when they signed
/// in and at which level stays as it was.
#[both_databases]
async fn an_attested_key_adds_its_unlocking(house: House) {
    let maker = Maker::new();
    let lobby = Lobby::open(asking(house, &maker, true)).await;
    let phone = Phone::bare(&lobby, ADA).await;
    let none = phone.register(&phone.key, &json!({})).await;
    assert_eq!((none.status, none.error()), (400, "invalid_request"), "{}", none.json);
    let attest = |nonce: &str, ath: &str| android(&maker.android(&phone.key, &described(nonce, ath)));
    let made = phone.register_attested(attest).await;
    assert_eq!(made.status, 201, "{}", made.json);
    let kept = kept(&lobby).await;
    assert_eq!((&kept["attestation"], &kept["protection"]), (&json!("android-key"), &json!("trusted-environment")));
    let own = jose::jwt::inspect(&phone.token, &jose::Limits::DEFAULT).unwrap().claims;
    let others = answered(&phone).await;
    assert_eq!((&own["amr"], &others["amr"]), (&json!(["pwd"]), &json!(["pwd", "hwk", "user"])));
    for same in ["sub", "sid", "auth_time", "acr"] {
        assert_eq!(own[same], others[same], "{same}");
    }
    let mut browser = lobby.browser();
    let page = browser.open("/signin").await;
    browser.sign_in(&page, ADA).await;
    let page = browser.open("/account/apps").await;
    assert!(page.says("data-key=\"unlocked\""), "{}", page.text);
}

/// What the makers have revoked counts no more.
#[both_databases]
async fn a_revoked_certificate_vouches_for_nothing(house: House) {
    let maker = Maker::new();
    let mut house = asking(house, &maker, true);
    if let KeyAttestation::Asked { android_revoked, .. } = &mut house.settings.device_key_attestation {
        // The number of all certificates of this maker.
        android_revoked.push(vec![1]);
    }
    let lobby = Lobby::open(house).await;
    let phone = Phone::bare(&lobby, ADA).await;
    let attest = |nonce: &str, ath: &str| android(&maker.android(&phone.key, &described(nonce, ath)));
    let refused = phone.register_attested(attest).await;
    assert_eq!((refused.status, refused.error()), (400, "invalid_grant"), "{}", refused.json);
}

/// A list that a running server takes up counts from then on, this way and that; what is registered stays.
#[both_databases]
async fn another_list_of_what_is_revoked_is_taken_up(house: House) {
    let maker = Maker::new();
    let lobby = Lobby::open(asking(house, &maker, true)).await;
    let phone = Phone::bare(&lobby, ADA).await;
    let attest = |nonce: &str, ath: &str| android(&maker.android(&phone.key, &described(nonce, ath)));
    assert_eq!(phone.register_attested(attest).await.status, 201);
    assert_eq!(lobby.node.take_up_revoked(vec![vec![2], vec![1]]), 0);
    assert_eq!(phone.register_attested(attest).await.error(), "invalid_grant");
    assert_eq!(answered(&phone).await["amr"], json!(["pwd", "hwk", "user"]), "what was sure when it was registered");
    assert_eq!(lobby.node.take_up_revoked(vec![vec![2]]), 2);
    assert_eq!(phone.register_attested(attest).await.status, 201);
}

/// One that is unlocked for a while, or not at all, adds nothing.
#[both_databases]
async fn an_unlocking_that_lasts_adds_nothing(house: House) {
    let maker = Maker::new();
    let lobby = Lobby::open(asking(house, &maker, false)).await;
    let phone = Phone::bare(&lobby, ADA).await;
    let attest = |nonce: &str, ath: &str| {
        let said = Described { unlocking: (Some(3), Some(30)), levels: (2, 2), ..described(nonce, ath) };
        android(&maker.android(&phone.key, &said))
    };
    assert_eq!(phone.register_attested(attest).await.status, 201);
    assert_eq!(kept(&lobby).await["protection"], "strongbox");
    assert_eq!(answered(&phone).await["amr"], json!(["pwd"]));
    let mut browser = lobby.browser();
    let page = browser.open("/signin").await;
    browser.sign_in(&page, ADA).await;
    let page = browser.open("/account/apps").await;
    assert!(page.says("data-key=\"attested\""), "{}", page.text);
}

/// An attestation counts for the registration that it was made for: this nonce, this token, this key, this app, this maker.
#[both_databases]
async fn an_attestation_is_none_for_another_registration(house: House) {
    let (maker, other) = (Maker::new(), Maker::new());
    let lobby = Lobby::open(asking(house, &maker, false)).await;
    let phone = Phone::bare(&lobby, ADA).await;
    let (own, stranger) = (&phone.key, maker::key());
    let jkt = |key: &SigningKey| key.kid().unwrap().to_owned();
    type Attest<'a> = Box<dyn Fn(&str, &str) -> Value + 'a>;
    let said = |change: fn(&mut Described)| -> Attest<'_> {
        let maker = &maker;
        Box::new(move |nonce, ath| {
            let mut described = described(nonce, ath);
            change(&mut described);
            android(&maker.android(own, &described))
        })
    };
    let apple_of = |maker: &Maker, parts: &[&str], app: &str| apple(&maker.apple(&Attesting::good(&about(parts), app)));
    const APP: &str = "ABCDE12345.com.bank.app";
    let refused: Vec<(&str, Attest<'_>)> = vec![
        ("another nonce", Box::new(|_, ath| android(&maker.android(own, &described("x", ath))))),
        ("another token", Box::new(|nonce, _| android(&maker.android(own, &described(nonce, "x"))))),
        ("another key", Box::new(|nonce, ath| android(&maker.android(&stranger, &described(nonce, ath))))),
        ("another maker", Box::new(|nonce, ath| android(&other.android(own, &described(nonce, ath))))),
        ("another app", said(|said| said.package = "com.bank.evil".into())),
        ("another certificate", said(|said| said.digest[0] ^= 1)),
        ("an unlocked device", said(|said| said.boot = (false, 0))),
        ("software", said(|said| said.levels = (0, 0))),
        ("nothing", Box::new(|_, _| android(&[]))),
        ("Apple: another nonce", Box::new(|_, ath| apple_of(&maker, &["x", ath, &jkt(own)], APP))),
        ("Apple: another token", Box::new(|nonce, _| apple_of(&maker, &[nonce, "x", &jkt(own)], APP))),
        ("Apple: another key", Box::new(|nonce, ath| apple_of(&maker, &[nonce, ath, &jkt(&stranger)], APP))),
        ("Apple: no key", Box::new(|nonce, ath| apple_of(&maker, &[nonce, ath], APP))),
        ("Apple: another maker", Box::new(|nonce, ath| apple_of(&other, &[nonce, ath, &jkt(own)], APP))),
        ("Apple: another app", Box::new(|nonce, ath| apple_of(&maker, &[nonce, ath, &jkt(own)], "ABCDE12345.com.x"))),
    ];
    for (what, attest) in refused {
        let reply = phone.register_attested(attest).await;
        assert_eq!((reply.status, reply.error()), (400, "invalid_grant"), "{what}: {}", reply.json);
        assert!(!reply.json.to_string().contains("challenge"), "one public text for all causes");
    }
    for malformed in [
        json!({ "format": "packed" }),
        json!({ "format": "android-key", "chain": ["+"] }),
        json!({ "format": "apple-appattest", "object": "AA", "chain": [] }),
        json!("android-key"),
    ] {
        let reply = phone.register_attested(|_, _| malformed.clone()).await;
        assert_eq!((reply.status, reply.error()), (400, "invalid_request"), "{malformed}: {}", reply.json);
    }
    assert_eq!(kept(&lobby).await, Value::Null, "nothing is kept");
    let good = |nonce: &str, ath: &str| apple_of(&maker, &[nonce, ath, &jkt(own)], APP);
    assert_eq!(phone.register_attested(good).await.status, 201);
    let kept = kept(&lobby).await;
    assert_eq!((&kept["attestation"], &kept["protection"]), (&json!("apple-appattest"), &json!("app")));
    assert_eq!(answered(&phone).await["amr"], json!(["pwd"]), "Apple says nothing of how the key is unlocked");
}

/// Without a policy nobody looks, and nothing is believed; where one is preferred, it may be absent.
#[both_databases]
async fn what_nobody_asks_for_is_not_believed(house: House) {
    let maker = Maker::new();
    let lobby = Lobby::open(house).await;
    let phone = Phone::bare(&lobby, ADA).await;
    let attest = |nonce: &str, ath: &str| android(&maker.android(&phone.key, &described(nonce, ath)));
    assert_eq!(phone.register_attested(attest).await.status, 201);
    assert_eq!(kept(&lobby).await["attestation"], Value::Null);
    assert_eq!(answered(&phone).await["amr"], json!(["pwd"]));
}

/// A preferred one may be absent; where the same key comes again with one, it gains it, and never loses it.
#[both_databases]
async fn a_key_that_comes_again_gains_an_attestation(house: House) {
    let maker = Maker::new();
    let lobby = Lobby::open(asking(house, &maker, false)).await;
    let phone = Phone::of(&lobby, ADA).await;
    assert_eq!(kept(&lobby).await["attestation"], Value::Null);
    let foreign = |_: &str, ath: &str| android(&maker.android(&phone.key, &described("x", ath)));
    assert_eq!(phone.register_attested(foreign).await.status, 400);
    assert_eq!(kept(&lobby).await["attestation"], Value::Null, "one that does not hold changes nothing");
    assert_eq!(answered(&phone).await["amr"], json!(["pwd"]));
    let attest = |nonce: &str, ath: &str| android(&maker.android(&phone.key, &described(nonce, ath)));
    assert_eq!(phone.register_attested(attest).await.status, 201);
    let gained = kept(&lobby).await;
    assert_eq!((&gained["attestation"], &gained["protection"]), (&json!("android-key"), &json!("trusted-environment")));
    assert_eq!(answered(&phone).await["amr"], json!(["pwd", "hwk", "user"]));
    let lasting = |nonce: &str, ath: &str| {
        let said = Described { unlocking: (Some(3), Some(30)), ..described(nonce, ath) };
        android(&maker.android(&phone.key, &said))
    };
    assert_eq!(phone.register_attested(lasting).await.status, 201);
    assert_eq!(phone.register(&phone.key, &json!({})).await.status, 201);
    assert_eq!(answered(&phone).await["amr"], json!(["pwd", "hwk", "user"]), "never lower");
    let trail = lobby.trail(ADA).await;
    let count = |kind: &str| trail.iter().filter(|one| *one == kind).count();
    assert_eq!((count("device-key.added"), count("device-key.attested")), (1, 1));
}

/// A key is one app's; of an app that was deleted and registered anew it is registered anew, too.
#[both_databases]
async fn a_key_is_one_apps(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let other = Api::register(&lobby, "other", json!({ "vestibule_app2app_host": true })).await;
    let token = signed_in(&lobby, &other, ADA).await;
    let elsewhere = Phone { bank: other, token, fintech: phone.fintech.clone(), key: phone.key.clone() };
    let refused = elsewhere.register(&phone.key, &json!({})).await;
    assert_eq!((refused.status, refused.error()), (400, "invalid_request"), "{}", refused.json);
    assert!(lobby.node.delete_client("bank").await.unwrap());
    lobby.house.clock.advance(std::time::Duration::from_secs(2));
    let bank = Api::register(&lobby, "bank", json!({ "vestibule_app2app_host": true })).await;
    let token = signed_in(&lobby, &bank, ADA).await;
    let anew = Phone { bank, token, fintech: phone.fintech, key: phone.key };
    assert_eq!(anew.register(&anew.key, &json!({})).await.status, 201);
    assert_eq!(answered(&anew).await["amr"], json!(["pwd"]));
}
