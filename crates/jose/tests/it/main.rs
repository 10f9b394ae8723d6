//! The crate from outside: the RFCs' own examples, every algorithm both ways, and what attackers try.
//!
//! Where the examples of each RFC are (what attackers try stands in `docs/THREATS.md`):
//!
//! | RFC | examples | tests |
//! |---|---|---|
//! | 2202, 4231 | HMAC | `hmac` |
//! | 7515 | A.1 to A.4; A.5; A.6 and A.7; F | `standards`; `jws::vectors::what_is_unsecured_is_refused`; `jws::vectors::rfc_7515_in_json`; with RFC 7520 §4.5 |
//! | 7516 | A.1 to A.5 | `jwe::vectors::rfc_7516_appendix_a` |
//! | 7517 | A.1 to A.3; B; C | `jwk::members`; `jwk::certificates`; `jwe::vectors::rfc_7517_appendix_c` |
//! | 7518 | B.1 to B.3; C | `jwe/content.rs` (its AAD is no header); `jwe::vectors::rfc_7518_appendix_c` |
//! | 7519 | §3.1; §6.1; A.1 and A.2 | `standards::hs256_is_the_standards`; as RFC 7515 A.5; `nested::rfc_7519_appendix_a` |
//! | 7520 | §3; §4; §5; §6 | the keys of the others; `jws::vectors::rfc_7520`; `jwe::vectors`; `nested::rfc_7520` |
//! | 7638, 9278 | §3.1; §3 | `standards`, `jwk::members::thumbprints_are_the_standards` |
//! | 7797 | §4 | `jws::unencoded` |
//! | 8037 | A.1 to A.5; A.6; A.7 (X448, which agrees on nothing here) | `standards`, `jws::vectors::ed25519_by_both_names`; `jwe::vectors::rfc_8037_appendix_a_6`; `jwk::openssl::ed448_and_x448_are_converted` |
//! | 9864 | none of its own; its names | `jws::vectors::ed25519_by_both_names` |
//! | 9901 | §4.2, §5, §6.3; §6.1, §6.2, §8, A.1 to A.4 | `sd_jwt::standard`; `sd_jwt::appendix` |
//! | 9964 | A | `jws::vectors::rfc_9964` |

#![cfg(feature = "aws-lc")]

mod attacks;
mod compact;
mod cross;
mod dpop;
mod explain;
mod hmac;
mod hostile;
mod imports;
mod jwe;
mod jwk;
mod jws;
mod keys;
mod lint;
mod nested;
mod noise;
mod openssl;
mod oracles;
mod providers;
mod rules;
mod sd_jwt;
mod sets;
mod standards;
mod support;
mod tokens;
mod usual_header;
mod weak;
mod work;
