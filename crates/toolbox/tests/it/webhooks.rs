//! Whole webhook requests, with the senders' own examples where they publish any.

use toolbox::{Output, Verdict};
use vestibule_toolbox as toolbox;

use crate::support::{call_at, codes, done, member};

/// GitHub's documentation, «Validating webhook deliveries».
#[test]
fn githubs_example() {
    let fields = [("preset", "github"), ("key", "It's a Secret to Everybody"), ("message", "Hello, World!")];
    let header = "X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert_eq!(verified(0, &fields, &[header]).verdict, Verdict::Yes);
    let output = verified(0, &[fields[0], fields[1], ("message", "Hello, World!\n")], &[header]);
    assert_eq!((output.verdict, member(&output, "slip").as_str()), (Verdict::No, "message-newline-dropped"));
    // The older header stands for itself where the newer one is not there.
    let sha1 = done("hmac sign", &[fields[1], fields[2], ("alg", "sha1")]).text().expect("text").to_owned();
    let output = verified(0, &fields, &[&format!("x-hub-signature: sha1={sha1}")]);
    assert_eq!((output.verdict, codes(&output)), (Verdict::Yes, vec!["hmac-sha1"]));
}

/// Slack's documentation, «Verifying requests from Slack».
#[test]
fn slacks_example() {
    let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
                channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
                response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&\
                trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    let fields = [("preset", "slack"), ("key", "8f742231b10e8888abcd99yyyzzz85a5"), ("message", body)];
    let headers = [
        "X-Slack-Request-Timestamp: 1531420618",
        "X-Slack-Signature: v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    ];
    let at = 1_531_420_618;
    assert_eq!(verified(at, &fields, &headers).verdict, Verdict::Yes);
    assert_eq!(verified(at + 300, &fields, &headers).verdict, Verdict::Yes);
    let late = verified(at + 301, &fields, &headers);
    assert_eq!((late.verdict, member(&late, "signature").as_str()), (Verdict::No, "matches"));
    assert_eq!(codes(&late), ["webhook-timestamp"]);
    assert_eq!(codes(&verified(at - 301, &fields, &headers)), ["webhook-timestamp"]);
    let longer = [&fields[..], &[("tolerance", "10m")]].concat();
    assert_eq!(verified(at + 301, &longer, &headers).verdict, Verdict::Yes);
    let then = [&fields[..], &[("at", "2018-07-12T18:36:58Z")]].concat();
    assert_eq!(verified(0, &then, &headers).verdict, Verdict::Yes);
}

/// The Standard Webhooks specification's example, which is Svix's.
#[test]
fn standard_webhooks_example() {
    let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let fields = [("preset", "standard-webhooks"), ("key", key), ("message", r#"{"test": 2432232314}"#)];
    let id = "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek";
    let moment = "webhook-timestamp: 1614265330";
    let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let other = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let at = 1_614_265_330;
    for signatures in
        [right.to_owned(), format!("{other} {right}"), format!("v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw== {right}")]
    {
        let output = verified(at, &fields, &[id, moment, &format!("webhook-signature: {signatures}")]);
        assert_eq!(output.verdict, Verdict::Yes, "{signatures}");
    }
    let svix =
        ["svix-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "svix-timestamp: 1614265330", &format!("svix-signature: {right}")];
    assert_eq!(verified(at, &fields, &svix).verdict, Verdict::Yes);
    let wrong = verified(at, &fields, &[id, moment, &format!("webhook-signature: {other}")]);
    assert_eq!((wrong.verdict, codes(&wrong)), (Verdict::No, vec!["hmac-mismatch", "hmac-no-slip"]));
    // Whoever took the secret as text finds out.
    let text_key = done(
        "hmac sign",
        &[
            ("key", key),
            ("message", &format!("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{}", fields[2].1)),
            ("output", "base64"),
        ],
    );
    let headers = [id, moment, &format!("webhook-signature: v1,{}", text_key.text().expect("text"))];
    assert_eq!(member(&verified(at, &fields, &headers), "slip"), "key-is-text");
}

/// Stripe publishes the scheme and no example with its secret; this one was made by it.
#[test]
fn stripes_scheme() {
    let (key, body, at) = ("whsec_test_secret", r#"{"id":"evt_test_webhook"}"#, 1_492_774_577);
    let tag = |message: &str| done("hmac sign", &[("key", key), ("message", message)]).text().expect("text").to_owned();
    let right = tag(&format!("{at}.{body}"));
    let fields = [("preset", "stripe"), ("key", key), ("message", body)];
    let zeros = "00".repeat(32);
    for value in [
        format!("t={at},v1={right}"),
        format!("t={at},v1={zeros},v1={right},v0={zeros}"),
        format!("t={at}, v1={right}"),
    ] {
        assert_eq!(verified(at, &fields, &[&format!("Stripe-Signature: {value}")]).verdict, Verdict::Yes, "{value}");
    }
    let v0 = verified(at, &fields, &[&format!("Stripe-Signature: t={at},v1={zeros},v0={right}")]);
    assert_eq!(v0.verdict, Verdict::No, "only v1 counts");
    let bare = verified(at, &fields, &[&format!("Stripe-Signature: t={at},v1={}", tag(body))]);
    assert_eq!(member(&bare, "slip"), "message-without-timestamp");
    let pretty = [fields[0], fields[1], ("message", "{\n  \"id\": \"evt_test_webhook\"\n}")];
    let changed = verified(at, &pretty, &[&format!("Stripe-Signature: t={at},v1={right}")]);
    assert_eq!(member(&changed, "slip"), "message-json-compact");
}

/// Shopify publishes the scheme: base64 of HMAC-SHA-256 over the body.
#[test]
fn shopifys_scheme() {
    let fields = [("preset", "shopify"), ("key", "hush"), ("message", "{}")];
    let tag = done("hmac sign", &[fields[1], fields[2], ("output", "base64")]).text().expect("text").to_owned();
    assert_eq!(verified(0, &fields, &[&format!("X-Shopify-Hmac-SHA256: {tag}")]).verdict, Verdict::Yes);
}

#[test]
fn what_is_no_request_of_the_sender_is_refused() {
    for (preset, headers, words) in [
        ("github", &[][..], "the header x-hub-signature-256 is missing"),
        ("github", &["X-Hub-Signature-256"], "is no header"),
        ("github", &["X-Hub-Signature-256: §"], "neither hex nor base64"),
        ("github", &["X-Hub-Signature-256: sha256=00", "x-hub-signature-256: sha256=00"], "stands twice"),
        ("stripe", &["Stripe-Signature: v1=00"], "has no t="),
        ("stripe", &["Stripe-Signature: t=1"], "has no v1="),
        ("stripe", &["Stripe-Signature: t=x,v1=00"], "is no number"),
        ("slack", &["X-Slack-Signature: 00", "X-Slack-Request-Timestamp: 1"], "does not begin with v0="),
        ("slack", &["X-Slack-Signature: v0=00"], "x-slack-request-timestamp is missing"),
        ("standard-webhooks", &["webhook-id: 1", "webhook-timestamp: 1", "webhook-signature: v2,AA=="], "has no v1"),
        ("standard-webhooks", &["webhook-id: 1", "webhook-timestamp: 1", "webhook-signature: v1,§"], "not base64"),
    ] {
        let mut fields = vec![("preset", preset), ("key", "k"), ("message", "m")];
        fields.extend(headers.iter().map(|header| ("header", *header)));
        let error = call_at(0, "hmac verify", &fields).expect_err(preset).to_string();
        assert!(error.contains(words), "{preset} {headers:?}: {error}");
    }
}

fn verified(now: i64, fields: &[(&str, &str)], headers: &[&str]) -> Output {
    let headers = headers.iter().map(|header| ("header", *header));
    call_at(now, "hmac verify", &fields.iter().copied().chain(headers).collect::<Vec<_>>()).expect("a verdict")
}
