//! Keys that are known to be weak are refused with the reason.

use serde_json::{Value, json};
use vestibule_jose::base64url;
use vestibule_jose::jwk::KeyError;

use super::{parse, rfc7517, without};
use crate::support::with;

fn refused(jwk: &Value, words: &str) {
    match parse(jwk).map(drop) {
        Err(KeyError::Weak(found)) => assert!(found.contains(words), "{words}: {found}"),
        other => panic!("{words}: {other:?}"),
    }
}

/// CVE-2017-15361: the modulus here is made after the faulty library's manner, modulo the same small primes.
#[test]
fn the_mark_of_roca_is_seen() {
    let rsa = without(&rfc7517("RSA"), &["d", "p", "q", "dp", "dq", "qi"]);
    refused(&with(&rsa, "n", ROCA.into()), "CVE-2017-15361");
    parse(&rsa).expect("the control");
}

/// RFC 7518 §3.3, RFC 8017 §3.1.
#[test]
fn weak_rsa_numbers_are_refused() {
    let rsa = without(&rfc7517("RSA"), &["d", "p", "q", "dp", "dq", "qi"]);
    for (e, words) in
        [("AQ", "1 or 0"), ("", "1 or 0"), ("Ag", "even"), ("AAEAAQ", "leading zeros"), ("____________", "33 bits")]
    {
        refused(&with(&rsa, "e", e.into()), words);
    }
    refused(&with(&rsa, "n", base64url::encode([0xff; 255]).into()), "shorter than 2048 bits (RFC 7518 §3.3)");
    refused(&with(&rsa, "n", base64url::encode([0xfe; 256]).into()), "even");
}

/// SEC 1 §3.2.1: 0 < d < n, the curve's own n.
#[test]
fn scalars_lie_below_their_order() {
    let orders = [
        ("P-256", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        ("secp256k1", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
        (
            "P-384",
            concat!(
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf",
                "581a0db248b0a77aecec196accc52973"
            ),
        ),
        (
            "P-521",
            concat!(
                "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709",
                "a5d03bb5c9b8899c47aebb6fb71e91386409"
            ),
        ),
    ];
    for (crv, order) in orders {
        let order: Vec<u8> =
            (0..order.len()).step_by(2).map(|at| u8::from_str_radix(&order[at..at + 2], 16).expect("hex")).collect();
        let (zeros, ones) = (vec![0; order.len()], vec![0xff; order.len()]);
        for d in [&order, &zeros, &ones] {
            let field = base64url::encode(vec![1; order.len()]);
            let jwk = json!({"kty": "EC", "crv": crv, "x": field, "y": field, "d": base64url::encode(d)});
            refused(&jwk, "not below the order");
        }
        // One below is a scalar, though here of another point.
        let mut below = order.clone();
        *below.last_mut().expect("bytes") -= 1;
        let field = base64url::encode(vec![1; order.len()]);
        let jwk = json!({"kty": "EC", "crv": crv, "x": field, "y": field, "d": base64url::encode(below)});
        assert!(matches!(parse(&jwk).map(drop), Err(KeyError::Provider(_))), "{crv}");
    }
}

/// RFC 7748 §6.1 and §6.2, RFC 8032 §5.2: points under which everything is known beforehand.
#[test]
fn points_of_small_order_are_refused() {
    let p448 = |low: u8, first: u8| {
        [[low].as_slice(), &[first; 27], &[if first == 0 { 0xff } else { 0xfe }], &[0xff; 27]].concat()
    };
    let small = |value: u8, len: usize| [&[value][..], &vec![0; len - 1]].concat();
    let x448 = [small(0, 56), small(1, 56), p448(0xfe, 0xff), p448(0xff, 0xff), p448(0, 0)];
    for point in &x448 {
        assert_eq!(point.len(), 56);
        refused(&json!({"kty": "OKP", "crv": "X448", "x": base64url::encode(point)}), "X448 point has small order");
        for sign in [0, 0x80] {
            let point = [&point[..], &[sign]].concat();
            refused(
                &json!({"kty": "OKP", "crv": "Ed448", "x": base64url::encode(point)}),
                "Ed448 point has small order",
            );
        }
    }
    for point in [small(2, 56), p448(0xfd, 0xff), p448(1, 0)] {
        parse(&json!({"kty": "OKP", "crv": "X448", "x": base64url::encode(point)})).expect("another point");
    }
    for hex in [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let mut point: Vec<u8> =
            (0..64).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect();
        for sign in [0, 0x80] {
            point[31] ^= sign;
            refused(
                &json!({"kty": "OKP", "crv": "X25519", "x": base64url::encode(&point)}),
                "X25519 point has small order",
            );
        }
        point[1] ^= 2;
        parse(&json!({"kty": "OKP", "crv": "X25519", "x": base64url::encode(&point)})).expect("another point");
    }
}

#[test]
fn private_keys_of_zeros_are_refused() {
    for (crv, len) in [("Ed25519", 32), ("X25519", 32), ("Ed448", 57), ("X448", 56)] {
        let x = base64url::encode([&vec![9; len - 1][..], &[if crv == "Ed448" { 0 } else { 9 }]].concat());
        let jwk = json!({"kty": "OKP", "crv": crv, "x": x, "d": base64url::encode(vec![0; len])});
        refused(&jwk, "all zeros");
    }
}

const ROCA: &str = concat!(
    "xxuQaMVQ0UMNdxY88-0-dhoDXGoAmq7ZpMWkzLvUilQA9eSiOej-8EUl0m0RcE9PfYejIciStVkodcFnzKYKv8tutlymUmV9sthTTxjdJ1lJb1J8",
    "0OVfTcYF-vJTKWFotQpKKWPwquXnW6u2PLWFR9QnbfXFD6o8_6oHOs0nhk1zJHz4bc-MH2QPUx4KlAIs9avo2BsOR2W63H5vxHvb9956Y87X5kCu",
    "7ZYfDJJu7k4qzLcdj8slwxrqWNZzy1pB_XrQgZbh8WWWxY0rl2VhDfgNt3QK6IeGptM1KNcLe1E4jY046e4sRBYwimNhL4l6BpjQvrBrHg1vjcrf",
    "CMPiqQ"
);
