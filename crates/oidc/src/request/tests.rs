use serde_json::json;

use super::*;
use crate::client::Client;
use crate::details::DetailTypes;

const URI: &str = "https://app.example/cb";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn client(extra: &str) -> Client {
    let mut metadata = json!({ "client_id": "c", "redirect_uris": [URI] });
    let extra: serde_json::Value = serde_json::from_str(extra).expect("JSON");
    for (name, value) in extra.as_object().expect("an object") {
        metadata[name] = value.clone();
    }
    serde_json::from_value(metadata).expect("a client")
}

/// The good request with parameters changed; an empty value takes one away.
fn form(changes: &[(&str, &str)]) -> String {
    let good = [
        ("client_id", "c"),
        ("redirect_uri", URI),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let kept = good.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let all: Vec<String> = kept.chain(changes).map(|(name, value)| format!("{name}={value}")).collect();
    all.join("&")
}

fn ask(form: &str, client: &Client) -> Result<AuthorizationRequest, Refusal> {
    authorization_request(&Params::parse(form.as_bytes()), Some(client), &DetailTypes::default())
}

#[test]
fn the_good_request() {
    let request = ask(&form(&[("max_age", "60"), ("prompt", "login+consent")]), &client("{}")).expect("a request");
    assert_eq!(request.scopes.to_string(), "email openid");
    assert_eq!((request.max_age, request.nonce.as_deref()), (Some(60), Some("n")));
    assert_eq!(request.reply.state.as_deref(), Some("s"));
    assert!(request.prompt.login && request.prompt.consent && !request.prompt.none);
    let text = serde_json::to_string(&request).expect("JSON");
    assert_eq!(serde_json::from_str::<AuthorizationRequest>(&text).expect("a request"), request);
}

/// RFC 6749 §4.1.2.1: these never leave by redirect.
#[test]
fn before_the_redirect_uri_is_proven_errors_stay_on_a_page() {
    for (changes, detail) in [
        (&[("redirect_uri", "")][..], "redirect_uri"),
        (&[("redirect_uri", "https://evil.example/")], "redirect_uri"),
        (&[("redirect_uri", "https://app.example/cb/")], "redirect_uri"),
        (&[("redirect_uri", URI), ("redirect_uri", URI)], "redirect_uri"),
        (&[("client_id", "other")], "client"),
    ] {
        let refusal = ask(&form(changes), &client("{}")).expect_err("a refusal");
        let Refusal::Page(error) = refusal else { panic!("{changes:?} left by redirect") };
        assert_eq!((error.code, error.detail.as_deref()), (ErrorCode::InvalidRequest, Some(detail)), "{changes:?}");
    }
    for (form, code) in [(form(&[]), ErrorCode::InvalidClient), (form(&[("client_id", "")]), ErrorCode::InvalidRequest)]
    {
        let refusal = authorization_request(&Params::parse(form.as_bytes()), None, &DetailTypes::default())
            .expect_err("a refusal");
        assert!(matches!(refusal, Refusal::Page(error) if error.code == code), "{form}");
    }
}

/// After it they go to the client, with its state: one row for each check.
#[test]
fn after_it_errors_go_to_the_client() {
    use ErrorCode as E;
    let long = "x".repeat(9000);
    for (changes, code, check) in [
        (&[("response_mode", "smoke")][..], E::InvalidRequest, "response_mode"),
        (&[("nonce", "a"), ("nonce", "b")], E::InvalidRequest, "parameters"),
        (&[("login_hint", &long)], E::InvalidRequest, "parameters"),
        (&[("login_hint", "%ff")], E::InvalidRequest, "parameters"),
        (&[("request", "e30.e30.")], E::RequestNotSupported, "request_object"),
        (&[("request_uri", "https://app.example/r")], E::RequestUriNotSupported, "request_object"),
        (&[("registration", "{}")], E::RegistrationNotSupported, "registration"),
        (&[("response_type", "")], E::InvalidRequest, "response_type"),
        (&[("response_type", "token")], E::UnsupportedResponseType, "response_type"),
        (&[("response_type", "code+id_token")], E::UnsupportedResponseType, "response_type"),
        (&[("scope", "a++b")], E::InvalidScope, "scope"),
        (&[("code_challenge_method", "plain")], E::InvalidRequest, "pkce"),
        (&[("code_challenge_method", "")], E::InvalidRequest, "pkce"),
        (&[("code_challenge", "")], E::InvalidRequest, "pkce"),
        (&[("code_challenge", "short")], E::InvalidRequest, "pkce"),
        (&[("prompt", "none+login")], E::InvalidRequest, "prompt"),
        (&[("prompt", "create")], E::InvalidRequest, "prompt"),
        (&[("max_age", "-1")], E::InvalidRequest, "max_age"),
        (&[("max_age", "1.5")], E::InvalidRequest, "max_age"),
        (&[("max_age", "99999999999999999999")], E::InvalidRequest, "max_age"),
        (&[("claims", "[]")], E::InvalidRequest, "claims"),
        (&[("resource", "relative")], E::InvalidTarget, "resource"),
        (&[("resource", "https://api.example/%23f")], E::InvalidTarget, "resource"),
    ] {
        let refusal = ask(&form(changes), &client("{}")).expect_err(check);
        let Refusal::Redirect(reply, error) = refusal else { panic!("{changes:?} stayed on a page") };
        assert_eq!((error.code, error.detail.as_deref()), (code, Some(check)), "{changes:?}");
        assert_eq!((reply.redirect_uri.as_str(), reply.state.as_deref()), (URI, Some("s")), "{changes:?}");
    }
}

/// RFC 6749 §4.1.2.1: a state that is not sound does not come back.
#[test]
fn a_repeated_or_oversized_state_is_not_sent_back() {
    for changes in [&[("state", "a"), ("state", "b")][..], &[("state", &"x".repeat(1 << 20))]] {
        let Err(Refusal::Redirect(reply, error)) = ask(&form(changes), &client("{}")) else { panic!("no redirect") };
        assert_eq!((reply.state, error.code), (None, ErrorCode::InvalidRequest));
    }
}

/// RFC 6749 §4.1.2.1 `unauthorized_client`.
#[test]
fn a_client_without_the_grant() {
    let service = client(r#"{"vestibule_type": "service"}"#);
    let Err(Refusal::Redirect(_, error)) = ask(&form(&[]), &service) else { panic!("no redirect") };
    assert_eq!(error.code, ErrorCode::UnauthorizedClient);
}

/// RFC 9700 §2.1.1, and the exception per client.
#[test]
fn when_a_code_challenge_is_required() {
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let no_nonce = [&without[..], &[("nonce", "")]].concat();
    let not_openid = [&without[..], &[("scope", "email")]].concat();
    for (policy, plain, no_nonce_ok, not_openid_ok) in
        [("required", false, false, false), ("or-nonce", true, false, false), ("optional", true, true, true)]
    {
        let client = client(&format!(r#"{{"vestibule_pkce": "{policy}"}}"#));
        assert_eq!(ask(&form(&without), &client).is_ok(), plain, "{policy}");
        assert_eq!(ask(&form(&no_nonce), &client).is_ok(), no_nonce_ok, "{policy}");
        assert_eq!(ask(&form(&not_openid), &client).is_ok(), not_openid_ok, "{policy}");
        assert!(ask(&form(&[]), &client).is_ok(), "{policy}");
    }
}

#[test]
fn response_modes_and_defaults() {
    for (name, mode) in ResponseMode::ALL {
        let request = ask(&form(&[("response_mode", name)]), &client("{}")).expect("a request");
        assert_eq!(request.reply.mode, *mode);
    }
    let request = ask(&form(&[("resource", "https://b"), ("resource", "urn:a")]), &client(r#"{"default_max_age": 9}"#));
    let request = request.expect("a request");
    assert_eq!((request.reply.mode, request.max_age), (ResponseMode::Query, Some(9)));
    assert_eq!(request.resource, ["https://b", "urn:a"]);
}

/// DESIGN invariant 5: the device's column takes no redirect URI, no response type and no challenge.
#[test]
fn columns_hold() {
    let params = Params::parse(b"client_id=c&scope=openid");
    let tv = client(r#"{"grant_types": ["urn:ietf:params:oauth:grant-type:device_code"]}"#);
    let device = check::run(Endpoint::Device, &params, Some(&tv), &DetailTypes::default()).expect("a draft");
    assert_eq!(device.scopes.to_string(), "openid");
    assert!(device.into_request().is_none());
    let other = check::run(Endpoint::Device, &params, Some(&client("{}")), &DetailTypes::default())
        .expect_err("without the grant");
    let Refusal::Page(error) = other else { panic!("{other:?}") };
    assert_eq!(error.code, ErrorCode::UnauthorizedClient);
    assert!(check::run(Endpoint::Pushed, &params, Some(&client("{}")), &DetailTypes::default()).is_err());
}
