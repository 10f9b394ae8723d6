use serde_json::{Value, json};

use super::*;
use crate::redirect_uri::RedirectUriError;
use crate::scope::NotScopes;

fn validate(metadata: Value) -> Result<Client, MetadataError> {
    serde_json::from_value::<ClientMetadata>(metadata).expect("metadata").validate()
}

const URI: &str = "https://app.example/cb";

/// RFC 7591 §2: defaults, by kind.
#[test]
fn defaults_by_kind() {
    use AuthMethod::{ClientSecretBasic, None};
    for (kind, method, pkce, grants, scope) in [
        ("web", ClientSecretBasic, PkcePolicy::OrNonce, 2, "address email offline_access openid phone profile"),
        ("spa", None, PkcePolicy::Required, 2, "address email offline_access openid phone profile"),
        ("native", None, PkcePolicy::Required, 2, "address email offline_access openid phone profile"),
        ("service", ClientSecretBasic, PkcePolicy::OrNonce, 1, ""),
    ] {
        let client = validate(json!({ "client_id": "c", "vestibule_type": kind, "redirect_uris": [URI] })).expect(kind);
        assert_eq!((client.auth_method, client.pkce), (method, pkce), "{kind}");
        assert_eq!((client.grant_types.len(), client.scopes.to_string().as_str()), (grants, scope), "{kind}");
        assert_eq!(client.id_token_alg, JwsAlgorithm::RS256);
        assert_eq!(client.is_public(), method == None);
    }
}

/// OpenID Connect Registration §2 and RFC 7591 §2 tell the kind where ours is not given.
#[test]
fn the_kind_follows_from_the_registrys_members() {
    for (member, value, kind) in [
        ("application_type", json!("native"), ClientKind::Native),
        ("token_endpoint_auth_method", json!("none"), ClientKind::Spa),
        ("grant_types", json!(["client_credentials"]), ClientKind::Service),
        ("client_name", json!("App"), ClientKind::Web),
    ] {
        let client = validate(json!({ "client_id": "c", "redirect_uris": [URI], member: value })).expect(member);
        assert_eq!(client.kind, kind, "{member}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    use MetadataError as E;
    for (changes, error) in [
        (json!({ "client_id": null }), E::ClientId),
        (json!({ "client_id": "a b" }), E::ClientId),
        // RFC 6749 §3.1.2.2
        (json!({ "redirect_uris": [] }), E::NoRedirectUri),
        (
            json!({ "redirect_uris": ["http://app.example/"] }),
            E::RedirectUri { uri: "http://app.example/".to_owned(), error: RedirectUriError::PlainHttp },
        ),
        // RFC 8252 §7.1
        (json!({ "redirect_uris": ["com.example:/cb"] }), E::PrivateScheme("com.example:/cb".to_owned())),
        (json!({ "scope": "a  b" }), E::Scope(NotScopes)),
        // RFC 9700 §2.1.2
        (json!({ "response_types": ["code", "token"] }), E::ResponseType),
        // RFC 6749 §4.4
        (
            json!({ "token_endpoint_auth_method": "none", "grant_types": ["client_credentials"], "vestibule_type": "web" }),
            E::PublicCredentials,
        ),
        // RFC 6749 §2.1
        (json!({ "vestibule_type": "spa", "token_endpoint_auth_method": "client_secret_post" }), E::SecretOnDevice),
        // RFC 9700 §2.1.1
        (json!({ "vestibule_type": "spa", "vestibule_pkce": "optional" }), E::PublicWithoutPkce),
        (json!({ "token_endpoint_auth_method": "none", "vestibule_pkce": "or-nonce" }), E::PublicWithoutPkce),
        // RFC 7591 §2
        (json!({ "jwks": {}, "jwks_uri": "https://app.example/jwks" }), E::TwoKeySets),
        // OpenID Connect Registration §2
        (json!({ "jwks_uri": "http://app.example/jwks" }), E::JwksUri),
        (json!({ "jwks_uri": "https://ada:pw@app.example/jwks" }), E::JwksUri),
        (json!({ "jwks_uri": "com.example:/jwks" }), E::JwksUri),
        (json!({ "jwks_uri": "/jwks" }), E::JwksUri),
        // OpenID Connect Core §9
        (json!({ "token_endpoint_auth_method": "private_key_jwt" }), E::NoKeys),
        (
            json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": {}, "token_endpoint_auth_signing_alg": "HS256" }),
            E::AuthAlgorithm,
        ),
        (
            json!({ "token_endpoint_auth_method": "client_secret_jwt", "token_endpoint_auth_signing_alg": "RS256" }),
            E::AuthAlgorithm,
        ),
        (json!({ "id_token_signed_response_alg": "HS256" }), E::Symmetric(JwsAlgorithm::HS256)),
        // Back-Channel Logout 1.0 §2.2
        (
            json!({ "backchannel_logout_uri": "https://app.example/out#x" }),
            E::OwnUri { member: "backchannel_logout_uri", error: RedirectUriError::Fragment },
        ),
        (
            json!({ "backchannel_logout_uri": "http://app.example/out" }),
            E::OwnUri { member: "backchannel_logout_uri", error: RedirectUriError::PlainHttp },
        ),
        (
            json!({ "backchannel_logout_uri": "com.example:/out" }),
            E::OwnUri { member: "backchannel_logout_uri", error: RedirectUriError::Scheme },
        ),
        // Front-Channel Logout 1.0 §2
        (json!({ "frontchannel_logout_uri": "https://other.example/out" }), E::FrontchannelOrigin),
        (json!({ "frontchannel_logout_uri": "https://app.example:8443/out" }), E::FrontchannelOrigin),
        (
            json!({ "frontchannel_logout_uri": "/out" }),
            E::OwnUri { member: "frontchannel_logout_uri", error: RedirectUriError::NotAbsolute },
        ),
        // What a system's file of associated apps would read as something else.
        (json!({ "client_id": "a*", "vestibule_app2app_host": true }), E::HostId),
        (json!({ "client_id": "a/../b", "vestibule_app2app_host": true }), E::HostId),
        (json!({ "vestibule_apple_apps": ["com.bank.app"] }), E::InstalledApp),
        (json!({ "vestibule_apple_apps": ["abcde12345.com.bank.app"] }), E::InstalledApp),
        (json!({ "vestibule_apple_apps": ["ABCDE12345."] }), E::InstalledApp),
        (json!({ "vestibule_apple_apps": ["ABCDE12345.com.*"] }), E::InstalledApp),
        (
            json!({ "vestibule_android_apps": [{ "package_name": "com.bank", "sha256_cert_fingerprints": [] }] }),
            E::InstalledApp,
        ),
        (json!({ "vestibule_app_group": "a b" }), E::AppGroup),
        (json!({ "vestibule_host": "super", "token_endpoint_auth_method": "none" }), E::PublicProgram),
        (json!({ "vestibule_host": "super", "vestibule_type": "native" }), E::PublicProgram),
    ] {
        let mut metadata = json!({ "client_id": "c", "redirect_uris": [URI] });
        for (name, value) in changes.as_object().expect("an object") {
            metadata[name] = value.clone();
        }
        assert_eq!(validate(metadata), Err(error), "{changes}");
    }
}

/// RFC 7591 §2: unknown members are ignored; §3.2.1: the answer names what was registered.
#[test]
fn metadata_come_back_with_their_defaults() {
    let client = validate(json!({
        "client_id": "c", "redirect_uris": [URI], "client_name": "App", "new": 1,
        "backchannel_logout_uri": "http://localhost:3000/out?a=b", "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://app.example/out", "frontchannel_logout_session_required": true,
    }))
    .expect("a client");
    let text = serde_json::to_value(&client).expect("JSON");
    assert_eq!(text["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(text["client_name"], "App");
    assert_eq!(text["response_types"], json!(["code"]));
    assert_eq!(text["backchannel_logout_uri"], "http://localhost:3000/out?a=b");
    assert_eq!(text["backchannel_logout_session_required"], true);
    assert_eq!(text["frontchannel_logout_uri"], "https://app.example/out");
    assert_eq!(text["frontchannel_logout_session_required"], true);
    let again: Client = serde_json::from_value(text.clone()).expect("a client");
    assert_eq!(serde_json::to_value(again).expect("JSON"), text);
}

/// OpenID Connect Core §8.1, Registration §5.
#[test]
fn a_pairwise_client_has_one_sector() {
    let two = json!(["https://a.example/cb", "https://b.example/cb"]);
    let local = json!([URI, "https://app.example/other"]);
    for (changes, sector) in [
        (json!({}), Ok(None)),
        (json!({ "subject_type": "public", "redirect_uris": two }), Ok(None)),
        (json!({ "subject_type": "pairwise" }), Ok(Some("app.example"))),
        (json!({ "subject_type": "pairwise", "redirect_uris": local }), Ok(Some("app.example"))),
        (json!({ "subject_type": "pairwise", "redirect_uris": two }), Err(MetadataError::NoSector)),
        (
            json!({ "subject_type": "pairwise", "redirect_uris": two, "sector_identifier_uri": "https://s.example/s" }),
            Ok(Some("s.example")),
        ),
        (
            json!({ "subject_type": "pairwise", "sector_identifier_uri": "http://s.example/s" }),
            Err(MetadataError::SectorIdentifier),
        ),
    ] {
        let mut metadata = json!({ "client_id": "c", "redirect_uris": [URI] });
        metadata.as_object_mut().expect("an object").extend(changes.as_object().expect("an object").clone());
        let found = validate(metadata).map(|client| client.sector);
        assert_eq!(found, sector.map(|sector| sector.map(str::to_owned)), "{changes}");
    }
}
