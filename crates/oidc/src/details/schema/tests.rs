use super::*;
use serde_json::json;

fn schema(value: Value) -> Schema {
    Schema::parse(&value).unwrap()
}

#[test]
fn what_fits_and_where_it_does_not() {
    let object = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    let nested = object(
        json!({ "a": { "type": "string", "maxLength": 3 }, "b": object(json!({ "c": { "type": "integer" } }), json!(["c"])) }),
        json!(["a"]),
    );
    let list =
        json!({ "type": "array", "items": { "type": "string", "enum": ["r", "w"] }, "minItems": 1, "maxItems": 2 });
    let between = json!({ "type": "number", "minimum": 1, "maximum": 2.5 });
    for (schema_of, value, misfit) in [
        (&nested, json!({ "a": "xyz" }), None),
        (&nested, json!({ "a": "äöü", "b": { "c": 1 } }), None),
        (&nested, json!({ "a": "wxyz" }), Some("a")),
        (&nested, json!({ "b": { "c": 1 } }), Some("a")),
        (&nested, json!({ "a": "x", "b": {} }), Some("b.c")),
        (&nested, json!({ "a": "x", "b": { "c": 1.5 } }), Some("b.c")),
        (&nested, json!({ "a": "x", "evil": 1 }), Some("(unknown)")),
        (&nested, json!([]), Some("the object")),
        (&list, json!(["r", "w"]), None),
        (&list, json!([]), Some("the object")),
        (&list, json!(["r", "w", "r"]), Some("the object")),
        (&list, json!(["x"]), Some("the object")),
        (&between, json!(1), None),
        (&between, json!(2.5), None),
        (&between, json!(0.9), Some("the object")),
        (&between, json!(3), Some("the object")),
        (&between, json!("1"), Some("the object")),
        (&json!({ "type": "boolean", "const": true }), json!(true), None),
        (&json!({ "type": "boolean", "const": true }), json!(false), Some("the object")),
    ] {
        let found = schema(schema_of.clone()).check(&value).err().map(|misfit| misfit.0);
        assert_eq!(found.as_deref(), misfit, "{value}");
    }
}

#[test]
fn formats() {
    for (format, good, bad) in [
        (
            "amount",
            &["1", "0.01", "123.5000", "999999999999999"][..],
            &["0", "0.00", "-1", "01", "1.", ".5", "1e3", "1,5", "1.00001", ""][..],
        ),
        ("currency", &["EUR", "XTS"], &["eur", "EURO", "€", ""]),
        (
            "iban",
            &["DE02100100109307118603", "GB82WEST12345698765432"],
            &["DE02100100109307118604", "DE021001", "de02100100109307118603", "ÄÄ02100100109307118603"],
        ),
        ("date", &["2026-11-26", "2024-02-29"], &["2026-02-29", "2026-13-01", "2026-1-1", "26-11-2026", "2026-11-31"]),
        ("uri", &["https://a.example/x", "urn:a"], &["/x", ""]),
    ] {
        let schema = schema(json!({ "type": "string", "format": format }));
        for text in good {
            assert!(schema.check(&json!(text)).is_ok(), "{format} {text}");
        }
        for text in bad {
            assert!(schema.check(&json!(text)).is_err(), "{format} {text}");
        }
    }
}

#[test]
fn what_is_beyond_the_known_part_is_refused() {
    let object = json!({ "type": "object", "properties": {}, "additionalProperties": false });
    let with = |name: &str, value: Value| {
        let mut object = object.clone();
        object[name] = value;
        object
    };
    assert!(Schema::parse(&object).is_ok());
    for schema in [
        json!(true),
        json!({}),
        json!({ "type": ["string", "null"] }),
        json!({ "type": "null" }),
        json!({ "type": "object", "properties": {} }),
        with("additionalProperties", json!(true)),
        with("patternProperties", json!({})),
        with("$ref", json!("#/x")),
        with("allOf", json!([])),
        with("required", json!(["x"])),
        json!({ "type": "string", "pattern": ".*" }),
        json!({ "type": "string", "format": "email" }),
        json!({ "type": "string", "maxLength": -1 }),
        json!({ "type": "string", "maxLength": 99999 }),
        json!({ "type": "array" }),
        json!({ "type": "number", "minimum": "1" }),
        json!({ "type": "string", "enum": [] }),
        (0..9).fold(json!({ "type": "string" }), |inner, _| json!({ "type": "array", "items": inner })),
    ] {
        assert!(Schema::parse(&schema).is_err(), "{schema}");
    }
}
