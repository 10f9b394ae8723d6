//! What people see of a token: the claims in their own order, explained; the same claims signed and encrypted.

use jose::json::Value;
use toolbox::{Action, Block, Kind, Output, TOOLS};
use vestibule_toolbox as toolbox;

use crate::support::{NOW, call_at, done, made, member, public};

fn text<'a>(output: &'a Output, wanted: &str) -> &'a str {
    let found = output.blocks.iter().find_map(|block| match block {
        Block::Json { name, text } | Block::Line { name, text } if name == wanted => Some(text.as_str()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("there is no {wanted}"))
}

fn rows<'a>(output: &'a Output, wanted: &str) -> &'a [Vec<String>] {
    let found = output.blocks.iter().find_map(|block| match block {
        Block::Table { name, rows, .. } if name == wanted => Some(rows.as_slice()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("there is no {wanted}"))
}

fn token(header: &str, claims: &str) -> String {
    format!("{}.{}.c2ln", jose::base64url::encode(header), jose::base64url::encode(claims))
}

#[test]
fn claims_stand_in_the_order_of_their_author() {
    let token = token(r#"{"typ":"JWT","alg":"ES256"}"#, r#"{"sub":"ada","nbf":1.7e9,"iss":"x","aud":["b","a"]}"#);
    let decoded = done("jwt decode", &[("token", &token)]);
    assert_eq!(text(&decoded, "header"), "{\n  \"typ\": \"JWT\",\n  \"alg\": \"ES256\"\n}");
    assert!(text(&decoded, "claims").starts_with("{\n  \"sub\": \"ada\",\n  \"nbf\": 1.7e9,\n  \"iss\""));
    let names: Vec<_> = rows(&decoded, "claims explained").iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["sub", "nbf", "iss", "aud"]);
    let names: Vec<_> = rows(&decoded, "header explained").iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["typ", "alg"]);
    assert!(rows(&decoded, "header explained")[1][2].contains("ECDSA"));
}

#[test]
fn times_are_dates_and_say_where_they_lie() {
    let token = token(r#"{"alg":"ES256"}"#, &format!(r#"{{"exp":{NOW},"iat":{},"own":true}}"#, NOW - 60));
    let row = |now: i64| {
        let decoded = call_at(now, "jwt decode", &[("token", &token)]).expect("decoded");
        rows(&decoded, "claims explained").to_vec()
    };
    assert_eq!(row(NOW - 90)[0], ["exp", "2023-11-14T22:13:20Z", "expires in 1 min 30 s"]);
    assert_eq!(row(NOW + 3600)[0], ["exp", "2023-11-14T22:13:20Z", "expired 1 h ago"]);
    assert_eq!(row(NOW)[1][2], "issued 1 min ago");
    assert_eq!(row(NOW)[2], ["own", "true", "of the issuer's own making"]);
}

/// RFC 7519 §11.2: what is signed first and then encrypted shows nothing but how it is encrypted.
#[test]
fn the_same_claims_are_compared() {
    let claims = r#"{"sub":"ada","email":"ada@example.com"}"#;
    let output = done("jwt compare", &[("claims", claims)]);
    let forms = output.result["forms"].as_array().expect("forms");
    let [jwt, jwe, both] = forms.as_slice() else { panic!("{forms:?}") };
    assert_eq!(jwt["readable"]["claims"]["sub"], "ada");
    for closed in [jwe, both] {
        assert!(closed["readable"].get("claims").is_none());
        assert_eq!(closed["token"].as_str().map(|token| token.split('.').count()), Some(5));
    }
    assert_eq!(both["readable"]["header"]["cty"], "JWT");
    let size = |form: &Value| form["bytes"].as_u64().expect("a size");
    assert!(size(jwt) < size(both) && size(jwe) < size(both));
    assert_eq!(rows(&output, "side by side").len(), 3);
    let twice = done("jwt compare", &[("claims", claims), ("alg", "HS256"), ("enc", "A128CBC-HS256")]);
    assert_eq!(twice.result["forms"][0]["can_be_made_by"], "whoever holds the secret");
}

#[test]
fn a_rotation_is_drawn() {
    let set = format!("{{\"keys\":[{}]}}", public(&made(&[("kty", "EC"), ("use", "sig")])));
    for (token, cache) in [("1h", "10m"), ("3650d", "1s"), ("0s", "30d"), ("0s", "0s")] {
        let fields = [("set", set.as_str()), ("token-lifetime", token), ("cache-lifetime", cache)];
        let output = done("jwks rotate", &fields);
        let Some(Block::Picture { svg, text, .. }) = output.blocks.first() else { panic!("no picture") };
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>") && !svg.contains("-"), "{svg}");
        assert_eq!(svg.matches("<rect").count(), 4);
        assert_eq!(text.lines().count(), 4);
    }
}

#[test]
fn the_sender_of_a_webhook_is_known_by_its_header() {
    for (header, preset) in [
        ("X-Hub-Signature-256: sha256=00", "github"),
        ("svix-id: a", "standard-webhooks"),
        ("stripe-signature: t=1", "stripe"),
    ] {
        assert_eq!(member(&done("recognise", &[("text", header)]), "preset"), preset);
    }
}

/// What a page, which requests nothing, leaves out.
#[test]
fn only_addresses_need_the_network() {
    let actions: Vec<(&str, &Action)> =
        TOOLS.iter().flat_map(|tool| tool.actions.iter().map(|action| (tool.name, action))).collect();
    let online: Vec<_> = actions.iter().filter(|(_, action)| !action.works_offline()).collect();
    assert_eq!(online.iter().map(|(tool, action)| (*tool, action.name)).collect::<Vec<_>>(), [("jwks", "fetch")]);
    for (tool, action) in actions.iter().filter(|(_, action)| action.works_offline()) {
        for field in action.fields.iter().filter(|field| !matches!(field.kind, Kind::Address)) {
            let text = format!("{} {}", field.label, field.help).to_lowercase();
            assert!(!text.contains("fetch"), "{tool} {}: {}", action.name, field.name);
        }
        assert!(!action.summary.to_lowercase().contains("fetch"), "{tool} {}", action.name);
    }
}
