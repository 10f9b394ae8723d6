//! Android Key Attestation: a chain that Google published, chains of a maker of ours, and each with one thing wrong.

use jose::Limits;
use jose::provider::PublicMaterial;
use jose::x509::Certificate;
use vestibule_webauthn::{AndroidApp, AndroidKey, Guarantee, Protection, Refusal, android_key};

use crate::maker::{Described, Maker, key, point};
use crate::support::{hex, provider};

const NOW: i64 = 1_793_610_000;
const CHALLENGE: &[u8] = b"sixteen bytes or more";
const PACKAGE: &str = "com.bank.app";
const DIGEST: [u8; 32] = [9; 32];

/// A chain of `google/android-key-attestation` (`normal_cert_chain.pem`): a key in the trusted environment that asks for
/// nobody, under certificates that held in March 2023.
#[test]
fn googles_published_chain_holds_at_its_time() {
    let read = |pem: &str| Certificate::from_pem(pem, &Limits::DEFAULT).expect("certificates");
    let chain = read(include_str!("vectors/android-chain.pem"));
    let Ok(PublicMaterial::Ec { point, .. }) = chain[0].public_key() else { panic!("a key on P-256") };
    let root = read(include_str!("vectors/android-root.pem"));
    let digest = hex("68856d1d06f637d6255face5b224db43a9514ace538bb1548b844480fcd85c87").try_into().expect("32 bytes");
    let apps = [AndroidApp { package: "com.google.attestationexample", digests: vec![digest] }];
    let march = 1_677_672_000;
    let right =
        AndroidKey { point: &point, challenge: b"challenge", apps: &apps, anchors: &root, revoked: &[], now: march };
    let mut ders: Vec<Vec<u8>> = chain.iter().map(|certificate| certificate.der().to_vec()).collect();
    let expected = Guarantee { protection: Protection::TrustedEnvironment, unlocked_for_each_use: false };
    assert_eq!(android_key(provider(), &ders, &right), Ok(expected));
    let out_of_time = Refusal::Untrusted("is by a certificate out of its time");
    for month in [1_675_252_800, 1_680_350_400] {
        let late = AndroidKey { now: month, ..right };
        assert_eq!(android_key(provider(), &ders, &late), Err(out_of_time.clone()));
    }
    assert_eq!(android_key(provider(), &ders, &AndroidKey { challenge: b"another", ..right }), Err(Refusal::Challenge));
    // The makers' numbers: one in the middle, with a zero in front of it, and one that is nobody's.
    let number = chain[1].serial().strip_prefix(&[0]).expect("a zero").to_vec();
    let revoked = AndroidKey { revoked: &[vec![9], number], ..right };
    assert_eq!(
        android_key(provider(), &ders, &revoked),
        Err(Refusal::Untrusted("is by a certificate that was revoked"))
    );
    assert_eq!(android_key(provider(), &ders, &AndroidKey { revoked: &[vec![9]], ..right }), Ok(expected));
    // The root may come along, and counts only where it is trusted.
    ders.push(root[0].der().to_vec());
    assert_eq!(android_key(provider(), &ders, &right), Ok(expected));
    let untrusted = Refusal::Untrusted("does not lead to a maker that is trusted");
    assert_eq!(android_key(provider(), &ders, &AndroidKey { anchors: &[], ..right }), Err(untrusted));
    // Every byte of the key's certificate is signed, or is the signature.
    for at in 0..ders[0].len() {
        ders[0][at] ^= 1;
        assert!(android_key(provider(), &ders, &right).is_err(), "byte {at}");
        ders[0][at] ^= 1;
    }
}

/// What a maker that is trusted says of a key, weighed.
fn weighed(change: impl FnOnce(&mut Described)) -> Result<Guarantee, Refusal> {
    let (maker, own) = (Maker::new(), key());
    let mut described = Described::good(CHALLENGE, PACKAGE, &DIGEST);
    change(&mut described);
    judged(&maker, &maker.android(&own, &described), &point(&own))
}

fn judged(maker: &Maker, chain: &[Vec<u8>], point: &[u8]) -> Result<Guarantee, Refusal> {
    let anchors = [Certificate::from_der(&maker.root(), &Limits::DEFAULT).expect("a certificate")];
    let apps = [
        AndroidApp { package: "com.bank.other", digests: vec![[8; 32]] },
        AndroidApp { package: PACKAGE, digests: vec![[7; 32], DIGEST] },
    ];
    let expected = AndroidKey { point, challenge: CHALLENGE, apps: &apps, anchors: &anchors, revoked: &[], now: NOW };
    android_key(provider(), chain, &expected)
}

#[test]
fn what_is_sure_of_a_key_is_what_the_hardware_said() {
    use Protection::{StrongBox, TrustedEnvironment};
    type Change = fn(&mut Described);
    let table: [(Change, Protection, bool); 8] = [
        (|_| {}, TrustedEnvironment, true),
        (|said| said.levels = (2, 2), StrongBox, true),
        (|said| said.levels = (1, 2), TrustedEnvironment, true),
        (|said| said.purposes = vec![2, 3], TrustedEnvironment, true),
        // Who unlocked it within the last seconds need not be who uses it.
        (|said| said.unlocking = (Some(3), Some(30)), TrustedEnvironment, false),
        (|said| said.unlocking = (None, None), TrustedEnvironment, false),
        (|said| said.unlocking = (Some(0), None), TrustedEnvironment, false),
        (|said| said.no_auth_required = true, TrustedEnvironment, false),
    ];
    for (at, (change, protection, unlocked_for_each_use)) in table.into_iter().enumerate() {
        assert_eq!(weighed(change), Ok(Guarantee { protection, unlocked_for_each_use }), "{at}");
    }
}

#[test]
fn each_thing_that_is_wrong_is_refused() {
    type Change = fn(&mut Described);
    let table: [(Change, &str); 14] = [
        (|said| said.levels = (0, 1), "is by software alone"),
        (|said| said.levels = (1, 0), "is by software alone"),
        (|said| said.levels = (3, 3), "is at a level that is not known"),
        (|said| said.purposes = vec![], "is for a key that is not for signing alone"),
        (|said| said.purposes = vec![3], "is for a key that is not for signing alone"),
        // ATTEST_KEY: what it signs are certificates.
        (|said| said.purposes = vec![2, 7], "is for a key that is not for signing alone"),
        // IMPORTED: whoever imported it has it still.
        (|said| said.origin = 2, "is for a key that was not made in the device"),
        (|said| said.all_applications = true, "is for a key that any app may use"),
        (|said| said.boot = (false, 0), "is by an unlocked device"),
        // SELF_SIGNED, UNVERIFIED.
        (|said| said.boot = (true, 1), "is by a system that nobody vouches for"),
        (|said| said.boot = (true, 2), "is by a system that nobody vouches for"),
        (|said| said.package = "com.bank.evil".into(), "is by another app"),
        // The package of one app with the certificate of another.
        (|said| said.package = "com.bank.other".into(), "is by another app"),
        (|said| said.digest[0] ^= 1, "is by another app"),
    ];
    for (change, why) in table {
        assert_eq!(weighed(change), Err(Refusal::Attestation(why)));
    }
    assert_eq!(weighed(|said| said.challenge[0] ^= 1), Err(Refusal::Challenge));
    assert_eq!(weighed(|said| said.challenge.clear()), Err(Refusal::Challenge));
}

#[test]
fn nobody_but_a_trusted_maker_says_so_and_of_this_key() {
    let (maker, other, own) = (Maker::new(), Maker::new(), key());
    let good = Described::good(CHALLENGE, PACKAGE, &DIGEST);
    let chain = maker.android(&own, &good);
    let at = point(&own);
    assert!(judged(&maker, &chain, &at).is_ok());
    let untrusted = Err(Refusal::Untrusted("does not lead to a maker that is trusted"));
    assert_eq!(judged(&other, &chain, &at), untrusted, "a maker of the same name");
    assert_eq!(judged(&maker, &chain[..1], &at), untrusted, "a link is missing");
    assert_eq!(judged(&maker, &chain[1..], &at), Err(Refusal::Attestation("is for another key")), "the middle's");
    assert_eq!(judged(&maker, &chain, &point(&key())), Err(Refusal::Attestation("is for another key")));
    assert_eq!(judged(&maker, &[], &at), Err(Refusal::Untrusted("has no certificate")));
    assert!(judged(&maker, &[b"x".to_vec()], &at).is_err());
    let long = vec![chain[0].clone(); 7];
    assert_eq!(judged(&maker, &long, &at), Err(Refusal::Untrusted("has too long a chain of certificates")));
    let forged = maker.forged(&key(), &own, &good);
    assert_eq!(judged(&maker, &forged, &at), Err(Refusal::Untrusted("is by a key that a device made for an app")));
}
