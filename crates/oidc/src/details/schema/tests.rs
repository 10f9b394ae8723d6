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
    let inside = |schema: Value| with("properties", json!({ "amount": { "type": "array", "items": schema } }));
    for (schema, said) in [
        (json!(true), "schema: must be an object, and not too deep"),
        (json!({}), "schema: needs one type"),
        (json!({ "type": ["string", "null"] }), "schema: needs one type"),
        (json!({ "type": "null" }), "schema: the type «null» is not known here"),
        (
            json!({ "type": "object", "properties": {} }),
            "schema: needs additionalProperties: false, since unknown members are refused",
        ),
        (
            with("additionalProperties", json!(true)),
            "schema: needs additionalProperties: false, since unknown members are refused",
        ),
        (
            with("patternProperties", json!({})),
            "schema: the keyword «patternProperties» is not known here for the type «object»",
        ),
        (with("$ref", json!("#/x")), "schema: the keyword «$ref» is not known here for the type «object»"),
        (with("allOf", json!([])), "schema: the keyword «allOf» is not known here for the type «object»"),
        (with("required", json!(["x"])), "schema: requires «x», which is none of its properties"),
        (with("required", json!([1])), "schema: needs a list of required members"),
        (
            json!({ "type": "string", "pattern": ".*" }),
            "schema: the keyword «pattern» is not known here for the type «string»",
        ),
        // Where it stands is said, however deep.
        (
            inside(json!({ "type": "string", "pattern": ".*" })),
            "schema.amount.items: the keyword «pattern» is not known here for the type «string»",
        ),
        (
            inside(json!({ "type": "number", "maxLength": 3 })),
            "schema.amount.items: the keyword «maxLength» is not known here for the type «number»",
        ),
        (json!({ "type": "string", "format": "email" }), "schema: the format \"email\" is not known here"),
        (json!({ "type": "string", "maxLength": -1 }), "schema: maxLength must be a whole number from 0 to 4096"),
        (json!({ "type": "string", "maxLength": 99999 }), "schema: maxLength must be a whole number from 0 to 4096"),
        (json!({ "type": "array" }), "schema: needs items"),
        (json!({ "type": "number", "minimum": "1" }), "schema: minimum must be a number"),
        (json!({ "type": "string", "enum": [] }), "schema: needs one const, or an enum that is a list"),
    ] {
        assert_eq!(Schema::parse(&schema).unwrap_err().to_string(), said, "{schema}");
    }
    let deep = (0..9).fold(json!({ "type": "string" }), |inner, _| json!({ "type": "array", "items": inner }));
    assert!(Schema::parse(&deep).is_err());
}
