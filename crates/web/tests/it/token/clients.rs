//! Who may ask (RFC 6749 §2.3, OpenID Connect Core §9), and about what (RFC 7662 §4).

use jose::jwt::{HeaderExtras, sign};
use jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
use oidc::client_auth::JWT_BEARER;
use serde_json::{Value, json};
use testkit::{House, ISSUER, START};
use testkit_macros::both_databases;

use crate::api::{Api, Reply};
use crate::lobby::Lobby;

/// Nothing but its own, whole secret authenticates a client; public clients are not asked at all.
#[both_databases]
async fn a_wrong_secret_is_refused(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let other = Api::register(&lobby, "other", json!({})).await;
    let secret = api.secret.as_str();
    let basic = |id: &str, secret: &str| {
        use base64::Engine as _;
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}")))
    };
    let (good, encoded) = (basic("bank", secret), basic("bank", &secret.replace('-', "%2D").replace('_', "%5F")));
    for header in [&good, &encoded] {
        let reply = api.post_as_is("/oauth2/token", &[("authorization", header)], &OWN).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
    }
    let shorter = &secret[..secret.len() - 1];
    for (id, secret) in [("bank", shorter), ("bank", ""), ("bank", &other.secret), ("nobody", secret), ("photos", "x")]
    {
        let header = basic(id, secret);
        let in_header = api.post_as_is("/oauth2/token", &[("authorization", &header)], &OWN).await;
        assert_eq!(in_header.headers["www-authenticate"], "Basic realm=\"vestibule\"", "RFC 6749 §5.2");
        let in_body = [&OWN[..], &[("client_id", id), ("client_secret", secret)]].concat();
        let in_body = api.post_as_is("/oauth2/token", &[], &in_body).await;
        for reply in [in_header, in_body] {
            assert_eq!((reply.status, reply.error()), (401, "invalid_client"), "{id} {secret}");
        }
    }
    let nameless = api.post_as_is("/oauth2/token", &[], &[&OWN[..], &[("client_id", "bank")]].concat()).await;
    assert_eq!(nameless.error(), "invalid_client", "a confidential client without its secret");
    assert!(lobby.node.delete_client("bank").await.unwrap());
    assert_eq!(api.post("/oauth2/token", &OWN).await.error(), "invalid_client", "deleted");
}

/// RFC 7523 §3; RFC 8725 §2.1: each broken rule alone, then the good one, and it again.
#[both_databases]
async fn an_assertion_is_believed_once(house: House) {
    let lobby = Lobby::open(house).await;
    let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
    let jwks = json!({ "keys": [key.public_jwk().unwrap()] });
    let more = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": jwks });
    let api = Api::register(&lobby, "robot", more).await;
    let now = START.seconds();
    let good = json!({ "iss": "robot", "sub": "robot", "aud": ISSUER, "jti": "1", "exp": now + 60 });
    let changed = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let stranger = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
    let public = api_public_bytes(&key);
    let mac = SigningKey::from_secret(aws_lc(), &public, JwsAlgorithm::HS256).unwrap();
    let signed = |key: &SigningKey, claims: &Value| sign(key, &HeaderExtras::typ("JWT"), claims).unwrap();
    let unsigned =
        format!("{}.{}.", jose::base64url::encode("{\"alg\":\"none\"}"), jose::base64url::encode(good.to_string()));
    let mut without_jti = good.clone();
    without_jti.as_object_mut().unwrap().remove("jti");
    for (what, jwt) in [
        ("alg none", unsigned),
        ("HS256 with the public key", signed(&mac, &good)),
        ("another's key", signed(&stranger, &good)),
        ("another issuer", signed(&key, &changed("iss", "photos".into()))),
        ("another subject", signed(&key, &changed("sub", "photos".into()))),
        ("another audience", signed(&key, &changed("aud", "https://evil.example".into()))),
        ("expired", signed(&key, &changed("exp", (now - 31).into()))),
        ("for ever", signed(&key, &changed("exp", (now + 4000).into()))),
        ("not yet", signed(&key, &changed("nbf", (now + 31).into()))),
        ("no jti", signed(&key, &without_jti)),
        ("nothing", String::new()),
    ] {
        let reply = present(&api, &jwt).await;
        assert_eq!((reply.status, reply.error()), (401, "invalid_client"), "{what}: {}", reply.json);
    }
    let jwt = signed(&key, &good);
    assert_eq!(present(&api, &jwt).await.status, 200);
    assert_eq!(present(&api, &jwt).await.error(), "invalid_client", "a jti counts once");
    let endpoint = format!("{ISSUER}/oauth2/token");
    let mut named = changed("aud", json!(["https://elsewhere.example", endpoint]));
    named["jti"] = "2".into();
    assert_eq!(present(&api, &signed(&key, &named)).await.status, 200, "the endpoint's address is an audience, too");
}

/// RFC 7662 §2.2 and §4, RFC 7009 §2.1.
#[both_databases]
async fn a_token_is_its_clients_and_its_audiences(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let stranger = Api::register(&lobby, "stranger", json!({})).await;
    let resource =
        Api::register(&lobby, "https://api.example", json!({ "redirect_uris": ["https://api.example/cb"] })).await;
    let token = api.post("/oauth2/token", &[&OWN[..], &[("resource", "https://api.example")]].concat()).await;
    let token = token.text("access_token");
    assert!(api.is_active(&token).await && resource.is_active(&token).await);
    assert!(!stranger.is_active(&token).await);
    assert_eq!(stranger.post("/oauth2/revoke", &[("token", &token)]).await.error(), "invalid_grant");
    assert!(api.is_active(&token).await, "somebody else's revocation changes nothing");
    for nothing in ["x", "vst_rt_x.y", "a.b.c"] {
        assert!(!api.is_active(nothing).await, "{nothing}");
        assert_eq!(api.post("/oauth2/revoke", &[("token", nothing)]).await.status, 200, "{nothing}");
    }
    let userinfo = api.get("/oauth2/userinfo", &token).await;
    assert_eq!((userinfo.status, userinfo.error()), (403, "insufficient_scope"));
    assert_eq!(api.post("/oauth2/revoke", &[("token", &token)]).await.status, 200);
    assert!(!api.is_active(&token).await);
    assert_eq!(api.post("/oauth2/introspect", &[]).await.error(), "invalid_request");
    let public = api.post_as_is("/oauth2/introspect", &[], &[("client_id", "photos"), ("token", "x")]).await;
    assert_eq!((public.status, public.error()), (401, "invalid_client"));
}

/// RFC 6749 §4.4.2, §5.2: a client asks for what it may have, and for grants that it may use.
#[both_databases]
async fn what_a_client_may_not_have_is_refused(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let everything = api.post("/oauth2/token", &OWN).await;
    assert_eq!((everything.text("scope").as_str(), everything.json.get("refresh_token")), ("read write", None));
    let ask = async |grant: &str, more: &[(&str, &str)]| {
        let fields = [&[("grant_type", grant)], more].concat();
        api.post("/oauth2/token", &fields).await.error().to_owned()
    };
    assert_eq!(ask("client_credentials", &[("scope", "read admin")]).await, "invalid_scope");
    assert_eq!(ask("client_credentials", &[("scope", "openid")]).await, "invalid_scope");
    assert_eq!(ask("client_credentials", &[("resource", "no uri")]).await, "invalid_target");
    assert_eq!(ask("password", &[("username", "a"), ("password", "b")]).await, "unsupported_grant_type");
    assert_eq!(ask("", &[]).await, "invalid_request");
    assert_eq!(ask("authorization_code", &[]).await, "invalid_request");
    assert_eq!(ask("refresh_token", &[("refresh_token", "x")]).await, "invalid_grant");
    let login = Api::register(&lobby, "login", json!({ "grant_types": ["authorization_code"] })).await;
    assert_eq!(login.post("/oauth2/token", &OWN).await.error(), "unauthorized_client");
}

/// RFC 6750 §2: the token stands in the header or in a form, in one of the two; a body that is no form is nothing to us.
#[both_databases]
async fn userinfo_takes_its_token_from_header_or_form(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let token = api.redeem(&api.code(&lobby, "openid").await).await.text("access_token");
    let (bearer, form) = (format!("Bearer {token}"), format!("access_token={token}"));
    let form_kind = "application/x-www-form-urlencoded; charset=utf-8";
    for (authorization, kind, body, status, error) in [
        (Some(&bearer), "", "", 200, ""),
        (Some(&bearer), "application/json", r#"{"off":"100%"}"#, 200, ""),
        (Some(&bearer), form_kind, "a=1", 200, ""),
        (None, form_kind, form.as_str(), 200, ""),
        (None, "text/plain", form.as_str(), 401, ""),
        (Some(&bearer), form_kind, form.as_str(), 400, "invalid_request"),
        (Some(&"Bearer x".to_owned()), "", "", 401, "invalid_token"),
        (None, form_kind, "access_token=x", 401, "invalid_token"),
    ] {
        let mut headers = vec![("content-type", kind)];
        headers.extend(authorization.map(|line| ("authorization", line.as_str())));
        let reply = api.post_body("/oauth2/userinfo", &headers, body).await;
        assert_eq!((reply.status, reply.error()), (status, error), "{authorization:?} {kind} {body}");
        assert_eq!(reply.headers.contains_key("www-authenticate"), status != 200);
    }
}

async fn present(api: &Api, jwt: &str) -> Reply {
    let fields = [&OWN[..], &[("client_assertion", jwt), ("client_assertion_type", JWT_BEARER)]].concat();
    api.post_as_is("/oauth2/token", &[], &fields).await
}

/// What an attacker has of a public key: its PEM or JWK, as the bytes of a MAC's key.
fn api_public_bytes(key: &SigningKey) -> Vec<u8> {
    serde_json::to_vec(&key.public_jwk().unwrap()).unwrap()
}

const OWN: [(&str, &str); 1] = [("grant_type", "client_credentials")];
