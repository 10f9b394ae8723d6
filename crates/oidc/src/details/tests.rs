use super::*;
use serde_json::json;

const TYPES: &[u8] = include_bytes!("../../../../docs/book/payment.json");

fn types() -> DetailTypes {
    DetailTypes::parse(TYPES).unwrap()
}

fn client(types: &[&str]) -> Client {
    let metadata =
        json!({ "client_id": "c", "redirect_uris": ["https://a.example/cb"], "authorization_details_types": types });
    serde_json::from_value(metadata).unwrap()
}

fn payment() -> Value {
    json!({
        "type": "payment_initiation",
        "instructedAmount": { "currency": "EUR", "amount": "123.50" },
        "creditorName": "Merchant A",
        "creditorAccount": { "iban": "DE02100100109307118603" },
    })
}

fn code(outcome: Result<impl std::fmt::Debug, OAuthError>) -> ErrorCode {
    outcome.unwrap_err().code
}

/// RFC 9396 §5: an unknown type, an unknown member, a missing one and a wrong value are refused.
#[test]
fn what_does_not_fit_its_type_is_refused() {
    let client = client(&["payment_initiation"]);
    let with = |name: &str, value: Value| {
        let mut item = payment();
        item[name] = value;
        json!([item]).to_string()
    };
    assert!(types().check(&json!([payment()]).to_string(), &client).is_ok());
    let mut without = payment();
    without.as_object_mut().unwrap().remove("creditorName");
    for text in [
        with("type", json!("account_information")),
        with("evil", json!(1)),
        with("creditorName", json!("x".repeat(71))),
        with("creditorName", json!(1)),
        with("creditorAccount", json!({ "iban": "DE02100100109307118604" })),
        with("instructedAmount", json!({ "currency": "EUR", "amount": "-1" })),
        with("instructedAmount", json!({ "currency": "EUR" })),
        json!([without]).to_string(),
        json!([{ "type": 1 }]).to_string(),
        json!([{}]).to_string(),
        json!(["payment_initiation"]).to_string(),
        json!(payment()).to_string(),
        "[]".to_owned(),
        "[".to_owned(),
        format!("[{}, {{\"type\":\"a\",\"type\":\"b\"}}]", payment()),
        json!(vec![payment(); 17]).to_string(),
    ] {
        assert_eq!(code(types().check(&text, &client)), ErrorCode::InvalidAuthorizationDetails, "{text}");
    }
}

/// RFC 9396 §10: a client uses the types that it has.
#[test]
fn a_client_has_its_types() {
    let text = json!([payment()]).to_string();
    assert_eq!(code(types().check(&text, &client(&[]))), ErrorCode::InvalidAuthorizationDetails);
    let details = types().check(&text, &client(&["payment_initiation"])).unwrap();
    assert_eq!(details.items, [payment()], "as it came");
    assert_eq!((details.anew, details.evidence, details.level), (true, true, Some(Level::MultiFactor)));
    assert_eq!(details.max_age, Some(300));
}

#[test]
fn a_payment_in_words() {
    let say = |language| plain(&types().say(&payment(), &[language]));
    assert_eq!(say("en"), "Pay 123.50 EUR to Merchant A, account DE02100100109307118603.");
    assert_eq!(say("fr"), say("en"), "in English where a language has no words");
    assert!(say("de").contains("Merchant A") && say("ar").contains("Merchant A"));
    let mut item = payment();
    item["remittanceInformationUnstructured"] = json!("Ref 7");
    assert!(plain(&types().say(&item, &["en"])).ends_with("for “Ref 7”."));
    // What an app's answer and the signed record say is what a page shows: nothing in it turns the words around it.
    item["creditorName"] = json!("Merchant \u{202e}A\n");
    assert!(plain(&types().say(&item, &["en"])).starts_with("Pay 123.50 EUR to Merchant A, account"));
}

/// RFC 9396 §6, §6.1: fewer elements, never others.
#[test]
fn what_was_granted_is_narrowed_element_by_element() {
    let other = json!({ "type": "payment_initiation", "x": 1 });
    let granted = [payment(), other.clone()];
    assert_eq!(narrowed(None, &granted).unwrap(), granted);
    assert_eq!(narrowed(Some(&json!([other]).to_string()), &granted).unwrap(), [other]);
    let mut more = payment();
    more["instructedAmount"]["amount"] = json!("9999");
    for text in [json!([more]).to_string(), json!([{ "type": "payment_initiation" }]).to_string(), "x".to_owned()] {
        assert_eq!(code(narrowed(Some(&text), &granted)), ErrorCode::InvalidAuthorizationDetails, "{text}");
    }
    assert_eq!(code(narrowed(Some(&json!([payment()]).to_string()), &[])), ErrorCode::InvalidAuthorizationDetails);
}

#[test]
fn a_type_that_does_not_hold_together_is_refused() {
    let good: Value = serde_json::from_slice(TYPES).unwrap();
    let changed = |change: fn(&mut Value)| {
        let mut types = good.clone();
        change(&mut types);
        DetailTypes::parse(types.to_string().as_bytes())
    };
    assert!(changed(|_| {}).is_ok());
    for change in [
        (|types| types[0]["type"] = json!("other")) as fn(&mut Value),
        |types| types[0]["words"] = json!({}),
        |types| types[0]["words"]["en"] = json!("Pay {sum}"),
        |types| types[0]["schema"]["required"] = json!([]),
        |types| types[0]["schema"]["oneOf"] = json!([]),
        |types| types[0]["asks"] = json!("always"),
        |types| {
            let again = types[0].clone();
            types.as_array_mut().unwrap().push(again);
        },
    ] {
        assert!(changed(change).is_err());
    }
}
