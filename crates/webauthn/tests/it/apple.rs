//! Apple App Attest: the sample that Apple published, attestations of a maker of ours, and each with one thing wrong.

use jose::Limits;
use jose::x509::Certificate;
use vestibule_webauthn::{AppAttest, Guarantee, Protection, Refusal, app_attest};

use crate::maker::{Attesting, Maker};
use crate::support::provider;

const NOW: i64 = 1_793_610_000;
const HASH: [u8; 32] = [5; 32];
const APP: &str = "ABCDE12345.com.bank.app";
const GENUINE: Guarantee = Guarantee { protection: Protection::App, unlocked_for_each_use: false };

/// The sample of Apple's «Attestation Object Validation Guide», without its receipt, which nothing here looks at. Its
/// certificate held for three days of April 2026; its app gave the challenge itself as the hash.
#[test]
fn apples_published_sample_holds_at_its_time() {
    let object = base64(include_str!("vectors/apple-sample.b64"));
    let root = Certificate::from_pem(include_str!("vectors/apple-root.pem"), &Limits::DEFAULT).expect("a certificate");
    let apps = ["1234567890.com.example.myapp".to_owned()];
    let april = 1_776_772_800;
    let right = AppAttest {
        client_data_hash: b"example_server_challenge",
        apps: &apps,
        development: false,
        anchors: &root,
        now: april,
    };
    assert_eq!(app_attest(provider(), &object, &right), Ok(GENUINE));
    for (wrong, why) in [
        (AppAttest { now: april + 4 * 86_400, ..right }, Refusal::Untrusted("is by a certificate out of its time")),
        (AppAttest { client_data_hash: b"another_server_challenge", ..right }, Refusal::Challenge),
        (AppAttest { apps: &[APP.to_owned()], ..right }, Refusal::Attestation("is by another app")),
        (AppAttest { apps: &[], ..right }, Refusal::Attestation("is by another app")),
        (AppAttest { anchors: &[], ..right }, Refusal::Untrusted("does not lead to a maker that is trusted")),
    ] {
        assert_eq!(app_attest(provider(), &object, &wrong), Err(why));
    }
    // All that is said is signed: the names of members, the certificates and the authenticator data.
    for at in 0..object.len() {
        let mut changed = object.clone();
        changed[at] ^= 1;
        // The empty receipt's name is nobody's business.
        let receipt = object.windows(8).position(|window| window == b"\x67receipt").expect("it stands there");
        if !(receipt..receipt + 9).contains(&at) {
            assert!(app_attest(provider(), &changed, &right).is_err(), "byte {at}");
        }
    }
}

fn base64(text: &str) -> Vec<u8> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '=').collect();
    jose::base64url::decode(text.replace('+', "-").replace('/', "_")).expect("base64")
}

fn judged(maker: &Maker, object: &[u8], development: bool) -> Result<Guarantee, Refusal> {
    let anchors = [Certificate::from_der(&maker.root(), &Limits::DEFAULT).expect("a certificate")];
    let apps = ["ABCDE12345.com.bank.other".to_owned(), APP.to_owned()];
    let expected = AppAttest { client_data_hash: &HASH, apps: &apps, development, anchors: &anchors, now: NOW };
    app_attest(provider(), object, &expected)
}

fn weighed(change: impl FnOnce(&mut Attesting)) -> Result<Guarantee, Refusal> {
    let maker = Maker::new();
    let mut about = Attesting::good(&HASH, APP);
    change(&mut about);
    judged(&maker, &maker.apple(&about), false)
}

#[test]
fn each_thing_that_is_wrong_is_refused() {
    assert_eq!(weighed(|_| {}), Ok(GENUINE));
    assert_eq!(weighed(|about| about.behind = b"\xa1\x61x\x00".to_vec()), Ok(GENUINE), "what Apple adds is signed");
    type Change = fn(&mut Attesting);
    let table: [(Change, &str); 8] = [
        (|about| about.other_key = true, "is for another key"),
        (|about| about.app = "ABCDE12345.com.bank.evil".into(), "is by another app"),
        (|about| about.counter = 1, "is for a key that was used before"),
        (|about| about.aaguid = *b"appattestdevelop", "is by an app under development, or by nothing that is known"),
        (|about| about.aaguid = [0; 16], "is by an app under development, or by nothing that is known"),
        (|about| about.other_id = 1, "is for a key of another name"),
        (|about| about.format = "apple", "is none of App Attest's"),
        (|about| about.format = "packed", "is none of App Attest's"),
    ];
    for (change, why) in table {
        assert_eq!(weighed(change), Err(Refusal::Attestation(why)));
    }
    assert_eq!(weighed(|about| about.client_data_hash[0] ^= 1), Err(Refusal::Challenge));
    for behind in [&b"\xa0\xa0"[..], b"\xf6", b"\xa1"] {
        assert!(weighed(|about| about.behind = behind.to_vec()).is_err(), "{behind:02x?}");
    }
}

#[test]
fn an_app_under_development_will_do_where_it_may() {
    let maker = Maker::new();
    let mut about = Attesting::good(&HASH, APP);
    about.aaguid = *b"appattestdevelop";
    assert_eq!(judged(&maker, &maker.apple(&about), true), Ok(GENUINE));
    about.aaguid = *b"appattestdevelo\0";
    assert!(judged(&maker, &maker.apple(&about), true).is_err());
}

#[test]
fn nobody_but_apple_says_so_and_of_this_key() {
    let (maker, other) = (Maker::new(), Maker::new());
    let object = maker.apple(&Attesting::good(&HASH, APP));
    let untrusted = Err(Refusal::Untrusted("does not lead to a maker that is trusted"));
    assert_eq!(judged(&other, &object, false), untrusted, "a maker of the same name");
    for len in 0..object.len() {
        assert!(judged(&maker, &object[..len], false).is_err(), "{len}");
    }
    assert!(judged(&maker, &[&object[..], &[0]].concat(), false).is_err());
}
