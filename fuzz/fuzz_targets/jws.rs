//! JWS in every form and JWT: without the key nothing is valid; with it, what is plain and what is not are read alike.
#![no_main]

use fuzz::{ALGORITHMS, LIMITS, NOW, compact, keys, letter, lines, provider, seal, secret, text};
use jose::explain::Explain as _;
use jose::json::Object;
use jose::jws::{Draft, Form, HeaderExtras, Headers, Place};
use jose::{base64url, jws, jwt};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde_json::json;

fuzz_target!(|data: &[u8]| {
    let Some((letter, rest)) = letter(data) else { return };
    match letter {
        // Any text.
        b't' => {
            if let Some(text) = text(rest) {
                assert!(!valid(text, None), "nobody had the key");
            }
        }
        // Header, payload, signature.
        b'p' => assert!(!valid(&compact(&lines::<3>(rest)), None), "nobody had the key"),
        // Header and payload, signed.
        b's' => {
            let [header, payload] = lines(rest);
            valid(&seal(header, payload), None);
        }
        // The same, detached (RFC 7515 appendix F).
        b'd' => {
            let [header, payload] = lines(rest);
            let sealed = seal(header, payload);
            let mut parts = sealed.split('.');
            let (head, signature) = (parts.next().unwrap_or_default(), parts.last().unwrap_or_default());
            valid(&format!("{head}..{signature}"), Some(payload));
        }
        // Protected header, unprotected header, payload; one signature in the general form for each that is asked for.
        b'g' => {
            let [count, protected, unprotected, payload] = lines(rest);
            let sealed = seal(protected, payload);
            let mut parts = sealed.split('.').map(str::to_owned);
            let mut part = || parts.next().unwrap_or_default();
            let (protected, payload, signature) = (part(), part(), part());
            let header: serde_json::Value = serde_json::from_slice(unprotected).unwrap_or_default();
            let one = json!({"protected": protected, "header": header, "signature": signature});
            let flattened = json!({"payload": payload, "protected": protected, "signature": signature});
            let signatures = vec![one; count.first().map_or(0, |count| usize::from(*count % 20))];
            valid(&flattened.to_string(), None);
            valid(&json!({"payload": payload, "signatures": signatures}).to_string(), None);
        }
        // Extra members, unprotected members, the names in `crit`, payload: what is written can be read.
        b'w' => {
            let [how, extras, unprotected, critical, payload] = lines(rest);
            write(how.first().copied().unwrap_or_default(), [extras, unprotected], critical, payload);
        }
        _ => {}
    }
});

fn write(how: u8, [extras, unprotected]: [&[u8]; 2], critical: &[u8], payload: &[u8]) {
    let object = |bytes| jose::json::parse_object(bytes, &LIMITS).unwrap_or_default();
    let token = jwt::sign(secret(), &HeaderExtras::typ("t"), &object(payload)).expect("signed");
    let rules = jwt::Rules::new(NOW, ALGORITHMS).limits(LIMITS).typ("t");
    match jwt::verify::<Object>(&token, keys(), &rules) {
        Ok(read) => assert_eq!(read.into_claims(), object(payload)),
        Err(error) => drop(error.explain()),
    }
    let names: Vec<&str> = text(critical).unwrap_or_default().split(' ').filter(|name| !name.is_empty()).collect();
    let place = |bit: u8| if how & bit == 0 { Place::Protected } else { Place::Unprotected };
    let headers = Headers {
        protected: HeaderExtras { typ: Some("t"), members: object(extras), ..HeaderExtras::default() },
        unprotected: object(unprotected),
        critical: &names,
        alg: place(1),
        kid: Some(place(2)),
    };
    let mut draft = Draft::new(payload);
    if how & 4 != 0 {
        draft = draft.unencoded();
    }
    if how & 8 != 0 {
        draft = draft.detached();
    }
    let draft = match draft.sign(secret(), &headers) {
        Ok(draft) => draft,
        Err(error) => return drop(error.to_string()),
    };
    for written in [draft.compact(), draft.flattened(), draft.general()].into_iter().flatten() {
        let mut rules = jws::Rules::new(ALGORITHMS).typ("t").limits(LIMITS);
        for name in &names {
            rules = rules.understands(name);
        }
        if how & 8 != 0 {
            rules = rules.detached(payload);
        }
        match jws::verify(&written, keys(), &rules) {
            Ok(read) => assert_eq!(read.payload(), payload),
            // `alg` beside the protection is written for others, and not read here.
            Err(error) => drop(error.explain()),
        }
    }
}

/// Whether anything that verifies takes the text.
fn valid(text: &str, detached: Option<&[u8]>) -> bool {
    if let Ok(read) = jws::inspect(text, &LIMITS) {
        assert!(read.signatures.len() <= LIMITS.signatures);
    }
    let mut taken = false;
    for all in [false, true] {
        let mut rules = jws::Rules::new(ALGORITHMS).limits(LIMITS).understands("https://extension.example");
        if all {
            rules = rules.all_signatures();
        }
        if let Some(payload) = detached {
            rules = rules.detached(payload);
        }
        match jws::verify(text, keys(), &rules) {
            Ok(verified) => {
                taken = true;
                assert!(
                    verified.signatures().iter().all(|one| one.key().allows(one.header().alg().expect("an algorithm")))
                );
                let header = verified.header();
                assert_eq!(header.get("typ").and_then(|typ| typ.as_str()), header.typ());
                let _ = (verified.form().to_string(), format!("{header:?}"), header.cty(), header.unprotected());
                let exactly = jws::Rules::new(ALGORITHMS).limits(LIMITS).form(Form::Flattened).typ("JWT");
                let _ = jws::verify(text, keys(), &exactly);
                assert_eq!(verified.payload().to_vec(), verified.into_payload());
            }
            Err(error) => drop(error.explain()),
        }
    }
    let _ = jwt::inspect(text, &LIMITS);
    let rules = jwt::Rules::new(NOW, ALGORITHMS).limits(LIMITS);
    let strict = jwt::Rules::new(NOW, ALGORITHMS)
        .limits(LIMITS)
        .issuer("https://id.example")
        .audience("app")
        .typ_or_absent("JWT")
        .require_exp()
        .require_iat()
        .subject("ada")
        .claim("scope", "openid")
        .require("jti")
        .max_age(3600)
        .max_lifetime(7200);
    let late = jwt::Rules::new(NOW, ALGORITHMS).limits(LIMITS).accept_expired().leeway(60).max_age(5).max_lifetime(5);
    for rules in [rules, strict, late] {
        let object = jwt::verify::<Object>(text, keys(), &rules);
        let typed = jwt::verify::<Claims>(text, keys(), &rules);
        match (&object, &typed) {
            // What is read into a type is what stands in the object.
            (Ok(object), Ok(typed)) => {
                assert_eq!(object.claims().get("iss").and_then(|iss| iss.as_str()), typed.claims().iss.as_deref());
                assert_eq!(object.claims().get("exp"), typed.claims().exp.as_ref());
            }
            (Ok(_), Err(error)) => assert!(matches!(error, jwt::VerifyError::Shape(_)), "{error}"),
            (Err(_), Ok(_)) => panic!("a type makes no token valid"),
            (Err(error), Err(_)) => drop(error.explain()),
        }
        taken |= object.is_ok();
    }
    shaped(text);
    if let Some(payload) = text.split('.').nth(1) {
        let _ = base64url::decode(payload);
    }
    taken
}

/// The whole in other shapes: where one is read, its members are those of the object. And by the key in the header, which
/// proves that whoever wrote it has it.
fn shaped(text: &str) {
    let rules = jwt::Rules::new(NOW, ALGORITHMS).limits(LIMITS).accept_expired();
    let iss = jwt::verify::<Claims>(text, keys(), &rules).map(|read| read.into_claims().iss);
    let within = jwt::verify::<Within>(text, keys(), &rules).map(|read| read.into_claims().0.iss);
    let perhaps =
        jwt::verify::<Option<Claims>>(text, keys(), &rules).map(|read| read.into_claims().and_then(|read| read.iss));
    assert!(iss.ok() == within.ok() && perhaps.is_ok() == jwt::verify::<Claims>(text, keys(), &rules).is_ok());
    let choice = jwt::verify::<Choice>(text, keys(), &rules);
    assert!(choice.is_err(), "an object is no choice between names");
    match jwt::verify_by_own_key::<Claims>(provider(), text, &rules) {
        Ok((read, key)) => assert!(read.header().alg().is_some_and(|alg| key.allows(alg))),
        Err(error) => drop(error.to_string()),
    }
}

/// Members of every sort, each of which may be of another sort in the token.
#[derive(Deserialize)]
#[expect(dead_code, reason = "only read")]
struct Claims {
    iss: Option<String>,
    exp: Option<serde_json::Value>,
    #[serde(default)]
    amr: Vec<String>,
    flag: Option<bool>,
    count: Option<i64>,
    wrapped: Option<Wrapped>,
    choice: Option<Choice>,
}

#[derive(Deserialize)]
struct Within(Claims);

#[derive(Deserialize)]
struct Wrapped(#[expect(dead_code, reason = "only read")] u32);

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Choice {
    One,
    Two,
}
