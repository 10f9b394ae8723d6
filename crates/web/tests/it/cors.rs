//! Which pages of other origins may read which answers (CONTRACT §3, Fetch §3.2).

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use idp::settings::DpopNonce;
use serde_json::json;
use testkit::House;
use testkit_macros::both_databases;
use tower::ServiceExt as _;

use crate::api::Api;
use crate::holder::Holder;
use crate::lobby::Lobby;

const APP: &str = "https://photos.example";

fn get<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("absent", |value| value.to_str().unwrap())
}

/// The names in a header that is a list.
fn names(headers: &HeaderMap, name: &str) -> Vec<String> {
    get(headers, name).split(',').map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// RFC 9449 §8: a page that is told a nonce, or why its token does not do, must be able to read that.
#[both_databases]
async fn an_apps_page_reads_the_nonce_and_the_challenge(mut house: House) {
    house.settings.tokens.dpop_nonce = DpopNonce::Required;
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "photos-api", json!({})).await;
    let holder = Holder::new();
    for path in ["/oauth2/token", "/oauth2/par"] {
        for (origin, allowed) in [(APP, true), ("https://evil.example", false), ("null", false)] {
            let proof = holder.prove(("POST", path), lobby.house.clock_now().seconds(), None, None);
            let headers = [("dpop", proof.as_str()), ("origin", origin)];
            let fields = [
                ("grant_type", "client_credentials"),
                ("client_id", api.id.as_str()),
                ("client_secret", api.secret.as_str()),
            ];
            let reply = api.post_as_is(path, &headers, &fields).await;
            assert_eq!((reply.status, reply.error()), (400, "use_dpop_nonce"), "{path}: {}", reply.json);
            assert!(!get(&reply.headers, "dpop-nonce").is_empty(), "§8.2");
            let read = if allowed { origin } else { "absent" };
            assert_eq!(get(&reply.headers, "access-control-allow-origin"), read, "{path} by {origin}");
            let exposed = names(&reply.headers, "access-control-expose-headers");
            for name in ["dpop-nonce", "www-authenticate"] {
                assert_eq!(exposed.contains(&name.to_owned()), allowed, "{name} of {path} by {origin}: {exposed:?}");
            }
            assert!(names(&reply.headers, "vary").contains(&"origin".to_owned()), "{path}");
            assert_eq!(get(&reply.headers, "access-control-allow-credentials"), "absent");
        }
    }
    let reply = api.get_with("/oauth2/userinfo", &[("origin", APP), ("authorization", "Bearer nobody")]).await;
    assert!(reply.status == 401 && get(&reply.headers, "www-authenticate").starts_with("Bearer "));
    let exposed = names(&reply.headers, "access-control-expose-headers");
    assert!(exposed.contains(&"www-authenticate".to_owned()), "{exposed:?}");
}

/// The endpoints that apps in a browser call themselves take the headers of theirs; all others are nobody else's.
#[both_databases]
async fn what_a_page_may_ask_before(house: House) {
    let lobby = Lobby::open(house).await;
    let before = async |path: &str, origin: &str| {
        let request = Request::options(path)
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "dpop");
        let router = House::router(&lobby.node);
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().headers().clone()
    };
    for path in ["/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke", "/oauth2/par", "/oauth2/device"] {
        let told = before(path, APP).await;
        assert_eq!(get(&told, "access-control-allow-origin"), APP, "{path}");
        assert!(names(&told, "access-control-allow-headers").contains(&"dpop".to_owned()), "{path}");
        let told = before(path, "https://evil.example").await;
        assert_eq!(get(&told, "access-control-allow-origin"), "absent", "{path}");
        assert_eq!(get(&told, "access-control-allow-headers"), "absent", "{path}");
    }
    for path in ["/.well-known/jwks.json", "/.well-known/openid-configuration"] {
        assert_eq!(get(&before(path, "https://evil.example").await, "access-control-allow-origin"), "*", "{path}");
    }
    for path in ["/oauth2/authorize", "/oauth2/introspect", "/signin", "/account", "/forward-auth"] {
        assert_eq!(get(&before(path, APP).await, "access-control-allow-origin"), "absent", "{path}");
    }
}
