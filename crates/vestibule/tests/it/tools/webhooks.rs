//! Whole webhook requests by command, each as its sender publishes an example or describes it.

use std::process::Output;

use crate::program::{command, fed, fresh};

/// Slack's documentation, «Verifying requests from Slack».
#[test]
fn slacks_example() {
    let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
                channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
                response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&\
                trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    let headers = [
        "X-Slack-Request-Timestamp: 1531420618",
        "X-Slack-Signature: v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    ];
    let check = |more: &[&str]| check("slack", "8f742231b10e8888abcd99yyyzzz85a5", &headers, more, body);
    assert_eq!(check(&["--at", "1531420618"]).status.code(), Some(0));
    assert_eq!(check(&["--at", "2018-07-12T18:41:58Z"]).status.code(), Some(0));
    let late = check(&["--at", "2018-07-12T18:41:59Z"]);
    let said = String::from_utf8_lossy(&late.stdout).into_owned();
    assert_eq!(late.status.code(), Some(1));
    assert!(said.starts_with("signature: matches\n") && said.contains("the timestamp is too old"), "{said}");
    assert_eq!(check(&["--at", "2018-07-12T18:41:59Z", "--tolerance", "10m"]).status.code(), Some(0));
    // Today it is a replay.
    assert_eq!(check(&[]).status.code(), Some(1));
}

/// The example of the Standard Webhooks specification, and Svix's names for the same headers.
#[test]
fn standard_webhooks_example() {
    let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    for prefix in ["webhook", "svix"] {
        let headers = [
            format!("{prefix}-id: msg_p5jXN8AQM9LWM0D4loKWxJek"),
            format!("{prefix}-timestamp: 1614265330"),
            format!("{prefix}-signature: v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= {right}"),
        ];
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let at = ["--at", "1614265330"];
        let checked = check("standard-webhooks", key, &headers, &at, r#"{"test": 2432232314}"#);
        assert_eq!(checked.status.code(), Some(0));
        assert_eq!(check("standard-webhooks", key, &headers, &at, r#"{"test":2432232314}"#).status.code(), Some(1));
    }
}

/// Stripe and Shopify publish no example; the signatures are made as they describe it, by OpenSSL.
#[test]
fn stripe_and_shopify_as_they_describe_it() {
    let body = r#"{"id": "evt_1"}"#;
    let signature = tag("whsec_test", &format!("1700000000.{body}"), "hex");
    let header = format!("Stripe-Signature: t=1700000000,v1={},v1={signature},v0=00", "0".repeat(64));
    let at = ["--at", "1700000010", "--json"];
    let checked = check("stripe", "whsec_test", &[&header], &at, body);
    let said: serde_json::Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    assert_eq!((checked.status.code(), &said["verdict"]), (Some(0), &"yes".into()), "{said}");
    let header = format!("X-Shopify-Hmac-SHA256: {}", tag("hush", body, "base64"));
    assert_eq!(check("shopify", "hush", &[&header], &[], body).status.code(), Some(0));
    assert_eq!(check("shopify", "hush!", &[&header], &[], body).status.code(), Some(1));
}

fn check(preset: &str, key: &str, headers: &[&str], more: &[&str], body: &str) -> Output {
    let mut verify = command(&fresh(&format!("webhook-{preset}")));
    verify.args(["hmac", "verify", "--preset", preset, "--key", key]).args(more);
    for header in headers {
        verify.args(["--header", header]);
    }
    fed(&mut verify, body)
}

#[allow(clippy::disallowed_methods, reason = "OpenSSL is found where everybody finds it")]
fn tag(key: &str, message: &str, encoding: &str) -> String {
    let mut openssl = std::process::Command::new("sh");
    let print = if encoding == "hex" { "od -An -v -tx1 | tr -d ' \\n'" } else { "openssl base64 -A" };
    openssl.args(["-c", &format!("openssl dgst -sha256 -hmac '{key}' -binary | {print}")]);
    let output = fed(&mut openssl, message);
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("text")
}
