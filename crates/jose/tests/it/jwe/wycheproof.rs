//! Wycheproof's tests of JWE.

use vestibule_jose::alg::{ContentEncryption, KeyManagement};
use vestibule_jose::jwe::{self, Rules};
use vestibule_jose::jwk::DecryptionKey;

use crate::support::wycheproof::{Case, each};
use crate::support::{LIMITS, provider};

/// Only the compact form is read, as those tests have it; everything that must be switched on is.
#[test]
fn the_jwe_files() {
    let (mut valid, mut invalid, mut wrong) = (0, 0, Vec::new());
    each(|case| {
        let Some(token) = &case.test.jwe else { return };
        let rules = Rules::new(KeyManagement::ALL, ContentEncryption::ALL).accept_rsa1_5().accept_compression();
        let keys: Vec<_> = Case::keys(case.group.private_key.as_ref())
            .iter()
            .map(|jwk| DecryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key"))
            .collect();
        let opened = jwe::decrypt(provider(), &Case::text(token), &keys, &rules);
        let must = !case.test.result.must_fail();
        if opened.is_ok() != must {
            wrong.push(format!("{}: {opened:?}", case.name()));
        }
        match opened {
            Ok(opened) => {
                valid += 1;
                if let Some(expected) = &case.test.pt {
                    let found: String = opened.plaintext().iter().map(|byte| format!("{byte:02x}")).collect();
                    assert_eq!(found, *expected, "{}", case.name());
                }
            }
            Err(_) => invalid += 1,
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((valid, invalid), (67, 106), "none is left out, and none has to be excused");
}
