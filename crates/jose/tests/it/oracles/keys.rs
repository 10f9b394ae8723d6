//! Keys that the other side made sign and open here, and have the same name.

use serde_json::json;
use vestibule_jose::JwsAlgorithm as A;
use vestibule_jose::jwk::{Jwk, ThumbprintHash};

use super::{Chance, FORMS, Peer, public, signatures, with};
use crate::support::{LIMITS, provider};

#[test]
#[ignore = "needs Node and Python with packages; cargo xtask test --only clients runs it"]
fn their_keys_are_ours() {
    let mut chance = Chance::new();
    for mut peer in Peer::all() {
        let curves = [
            (A::ES256, Some("P-256")),
            (A::ES384, Some("P-384")),
            (A::ES512, Some("P-521")),
            (A::EdDSA, Some("Ed25519")),
            (A::RS256, None),
            (A::PS384, None),
            (A::MlDsa65, None),
            (A::ES256K, Some("secp256k1")),
        ];
        for (alg, crv) in curves {
            if signatures::lacks(&mut peer, alg) {
                continue;
            }
            for _ in 0..(if crv.is_some() { 5 } else { 1 }) {
                let jwk = peer.must(&json!({"op": "generate", "alg": alg.as_str(), "crv": crv}));
                let jwk = with(super::without(jwk, &["kid", "use", "key_ops"]), json!({"alg": alg.as_str()}));
                let payload = chance.bytes(100);
                let form = *chance.one(&FORMS);
                signatures::ours_to_theirs(&mut peer, (alg, form), &jwk, &payload);
                signatures::theirs_to_ours(&mut peer, (alg, form), &jwk, &payload);

                // RFC 7638; joserfc has none for AKP.
                let read = Jwk::parse(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key");
                let ours = read.thumbprint(provider(), ThumbprintHash::Sha256).expect("a thumbprint");
                let theirs = peer.must(&json!({"op": "thumbprint", "key": public(&jwk)}));
                assert_eq!(theirs, ours, "{jwk}");
            }
        }
    }
}
