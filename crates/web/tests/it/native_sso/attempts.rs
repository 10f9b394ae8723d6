//! What does not belong together, and what was stolen.

use super::*;

/// §4.1, §4.3: each rule, by itself.
#[both_databases]
async fn what_does_not_belong_together_opens_nothing(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, _) = phone.sign_in("notes", async |_| Vec::new()).await;
    let (again, _) = phone.sign_in("notes", async |_| Vec::new()).await;
    let (good, other) = (shared(&notes), shared(&again));
    let mut forged = good.device_secret.clone();
    forged.replace_range(forged.len() - 12.., "AAAAAAAAAAAA");
    let mut tampered = good.id_token.clone();
    tampered.replace_range(tampered.len() - 8.., "AAAAAAAA");
    let lone = phone.sign_in("lone", async |_| Vec::new()).await.0;
    assert!(lone.json.get("device_secret").is_none(), "no group, nothing to share");
    for (client, more, error) in [
        ("mail", &[("audience", "https://elsewhere.example")][..], "invalid_request"),
        ("mail", &[("audience", "")], "invalid_request"),
        ("mail", &[("actor_token", "")], "invalid_request"),
        ("mail", &[("actor_token_type", "urn:ietf:params:oauth:token-type:jwt")], "invalid_request"),
        ("mail", &[("actor_token", forged.as_str())], "invalid_grant"),
        ("mail", &[("actor_token", other.device_secret.as_str())], "invalid_grant"),
        ("mail", &[("subject_token", other.id_token.as_str())], "invalid_grant"),
        ("mail", &[("subject_token", tampered.as_str())], "invalid_grant"),
        ("mail", &[("subject_token", lone.json["id_token"].as_str().unwrap())], "invalid_grant"),
        ("mail", &[("subject_token", notes.json["access_token"].as_str().unwrap())], "invalid_grant"),
        ("game", &[], "invalid_grant"),
        ("lone", &[], "unauthorized_client"),
        ("mail", &[("scope", "openid \"")], "invalid_scope"),
    ] {
        let reply = phone.join(client, &good, more).await;
        assert_eq!((reply.status, reply.error()), (400, error), "{client} {more:?}: {}", reply.json);
    }
    let narrow = phone.join("mail", &good, &[("scope", "openid email write")]).await;
    assert_eq!(narrow.text("scope"), "email openid", "cut to what the app may have");
}

/// A new group asks for more: the secret alone is worth nothing, nor is a proof that was seen, or another's key.
#[both_databases]
async fn a_stolen_secret_is_worth_nothing_without_the_device(house: House) {
    let phone = Phone::of(house, None).await;
    let (device, thief, dpop) = (Holder::new(), Holder::new(), Holder::new());
    let (bare, _) = phone.sign_in("notes", async |_| Vec::new()).await;
    assert_eq!(bare.error(), "invalid_request", "the group asks for a key from the start");
    let prove = |holder: &Holder, client: &str, beside: &str| holder.prove_device(client, phone.now(), beside, None);
    let (notes, _) = phone.sign_in("notes", async |code| vec![("device_proof", prove(&device, "notes", code))]).await;
    let kept = shared(&notes);
    let secret = kept.device_secret.as_str();
    let seen = prove(&device, "mail", secret);
    assert_eq!(phone.join("mail", &kept, &[("device_proof", &seen)]).await.status, 200);
    for (what, proof) in [
        ("none", String::new()),
        ("another device's", prove(&thief, "mail", secret)),
        ("one that was seen", seen.clone()),
        ("one for another app", prove(&device, "notes", secret)),
        ("one for another secret", prove(&device, "mail", "vst_ds_other")),
        ("a DPoP proof", device.prove(("POST", TOKEN), phone.now(), None, None)),
    ] {
        let reply = phone.join("mail", &kept, &[("device_proof", &proof)]).await;
        assert_eq!((reply.status, reply.error()), (400, "invalid_grant"), "{what}: {}", reply.json);
    }
    // Beside a DPoP proof, which carries the app's own key, the device proof names that.
    let jkt = dpop.thumbprint();
    let join = async |named: Option<&str>| {
        let proof = device.prove_device("mail", phone.now(), secret, named);
        let header = dpop.prove(("POST", TOKEN), phone.now(), None, None);
        let fields = [
            ("client_id", "mail"),
            ("grant_type", EXCHANGE),
            ("audience", ISSUER),
            ("subject_token", &kept.id_token),
            ("subject_token_type", ID_TOKEN),
            ("actor_token", secret),
            ("actor_token_type", DEVICE_SECRET),
            ("device_proof", &proof),
        ];
        phone.api.post_as_is(TOKEN, &[("dpop", &header)], &fields).await
    };
    assert_eq!(join(None).await.error(), "invalid_grant");
    let bound = join(Some(&jkt)).await;
    assert_eq!(bound.text("token_type"), "DPoP", "{}", bound.json);
    // RFC 9449 §5: so is the refresh token of a public client.
    let refresh = bound.text("refresh_token");
    let fields = [("client_id", "mail"), ("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    assert_eq!(phone.api.post_as_is(TOKEN, &[], &fields).await.error(), "invalid_grant");
    for (holder, status) in [(&thief, 400), (&dpop, 200)] {
        let header = holder.prove(("POST", TOKEN), phone.now(), None, None);
        assert_eq!(phone.api.post_as_is(TOKEN, &[("dpop", &header)], &fields).await.status, status);
    }
    // A proof that names a DPoP key counts beside that key's proof alone.
    let named = device.prove_device("mail", phone.now(), secret, Some(&jkt));
    let next = shared(&bound);
    assert_eq!(phone.join("mail", &next, &[("device_proof", &named)]).await.error(), "invalid_grant");
}

/// A request that somebody has read and sends again does nothing, also not to the container; one of the device's own with a secret
/// from before ends it. A proof is used up by what is refused, too.
#[both_databases]
async fn a_request_that_is_sent_again_ends_nothing(house: House) {
    let phone = Phone::of(house, None).await;
    let device = Holder::new();
    let prove = |beside: &str| device.prove_device("mail", phone.now(), beside, None);
    let sign = async |code: &str| vec![("device_proof", device.prove_device("notes", phone.now(), code, None))];
    let (notes, _) = phone.sign_in("notes", sign).await;
    let first = shared(&notes);
    let read = prove(&first.device_secret);
    let mail = phone.join("mail", &first, &[("device_proof", &read)]).await;
    let second = shared(&mail);
    let refused = prove(&second.device_secret);
    assert_eq!(
        phone.join("mail", &second, &[("device_proof", &refused), ("scope", "email")]).await.error(),
        "invalid_scope"
    );
    assert_eq!(phone.join("mail", &second, &[("device_proof", &refused)]).await.error(), "invalid_grant", "used up");
    phone.lobby.house.clock.advance(Duration::from_secs(11));
    assert_eq!(phone.join("mail", &first, &[("device_proof", &read)]).await.error(), "invalid_grant");
    assert!(phone.is_good(&mail).await && phone.is_good(&notes).await, "the container goes on");
    let third = phone.join("mail", &second, &[("device_proof", &prove(&second.device_secret))]).await;
    assert_eq!(third.status, 200, "{}", third.json);
    assert_eq!(
        phone.join("mail", &first, &[("device_proof", &prove(&first.device_secret))]).await.error(),
        "invalid_grant"
    );
    assert!(!phone.is_good(&mail).await && !phone.is_good(&third).await, "two have had the secret");
}

/// Without a device proof a secret is what the specification says: whoever has it and the ID token is in. Rotation tells
/// that two have it, and ends what both hold.
#[both_databases]
async fn a_secret_that_comes_back_ends_the_container(house: House) {
    let phone = Phone::of(house, Some(GroupPolicy { rotation: true, device_proof: false })).await;
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    let first = shared(&notes);
    let mail = phone.join("mail", &first, &[]).await;
    let second = shared(&mail);
    assert_ne!(second.device_secret, first.device_secret);
    assert_eq!(claims(&second.id_token)["ds_hash"], hash(&second.device_secret));
    // For ten seconds the former one gets the one that there is: two apps may come at once.
    phone.lobby.house.clock.advance(Duration::from_secs(10));
    let late = phone.join("notes", &first, &[]).await;
    assert_eq!((late.status, late.text("device_secret")), (200, second.device_secret.clone()), "{}", late.json);
    assert!(phone.is_good(&mail).await);
    phone.lobby.house.clock.advance(Duration::from_secs(1));
    assert_eq!(phone.join("mail", &first, &[]).await.error(), "invalid_grant");
    for reply in [&notes, &mail, &late] {
        assert!(!phone.is_good(reply).await);
    }
    assert_eq!(phone.join("mail", &second, &[]).await.error(), "invalid_grant", "the container is over");
    assert!(phone.lobby.trail(ADA).await.contains(&"container.ended".to_owned()));
    let page = browser.open("/account").await;
    assert_ne!(page.step(), "signin", "the browser's session goes on");
}
