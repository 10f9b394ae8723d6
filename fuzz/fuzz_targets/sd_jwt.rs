//! SD-JWT: without the issuer's key nothing is valid; with it, disclosures are put where their digests stand.
#![no_main]

use std::sync::LazyLock;

use fuzz::{ALGORITHMS, LIMITS, NOW, keys, letter, provider, seal, secret, text};
use jose::explain::Explain as _;
use jose::json::Object;
use jose::sd_jwt::{self, Issuance, KeyBinding, Proof, SdJwt};
use jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, base64url, jwt};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((letter, rest)) = letter(data) else { return };
    match letter {
        // Any text.
        b't' => {
            if let Some(text) = text(rest) {
                assert!(!valid(text), "nobody had the key");
                for read in [
                    SdJwt::read(text, &LIMITS),
                    SdJwt::parse_flattened(text, &LIMITS),
                    SdJwt::parse_general(text, &LIMITS),
                ] {
                    match read {
                        Ok(read) => {
                            look(&read);
                            assert!(
                                read.verify::<Object>(provider(), keys(), &rules(), None).is_err(),
                                "nobody had the key"
                            );
                        }
                        Err(error) => drop(error.explain()),
                    }
                }
            }
        }
        // The payload, then a disclosure on each line, the last of all lines being the key binding. `#N` stands for the
        // digest of disclosure N, in those before it too.
        b'b' => {
            let Some(text) = text(rest) else { return };
            let mut lines = text.lines().take(1 + DISCLOSURES);
            let mut payload = lines.next().unwrap_or_default().to_owned();
            let mut disclosures: Vec<String> = lines.map(str::to_owned).collect();
            for at in (0..disclosures.len()).rev() {
                let encoded = base64url::encode(&disclosures[at]);
                let digest = base64url::encode(jose::sha256(encoded.as_bytes()));
                let mark = format!("#{at}");
                payload = payload.replace(&mark, &digest);
                for other in &mut disclosures[..at] {
                    *other = other.replace(&mark, &digest);
                }
                disclosures[at] = encoded;
            }
            let jwt = seal(br#"{"alg":"HS256"}"#, payload.as_bytes());
            let bare = format!("{jwt}~{}", disclosures.iter().map(|part| format!("{part}~")).collect::<String>());
            valid(&bare);
            valid(&format!("{bare}{}", seal(br#"{"alg":"HS256","typ":"kb+jwt"}"#, payload.as_bytes())));
        }
        // Claims, and pointers to hide, a line each: what is issued can be read, presented and verified.
        b'i' => {
            let Some(text) = text(rest) else { return };
            let mut lines = text.lines();
            let Ok(claims) = jose::json::parse_object(lines.next().unwrap_or_default().as_bytes(), &LIMITS) else {
                return;
            };
            let mut issuance = Issuance::new(claims).holder(&HOLDER.1);
            for pointer in lines.take(DISCLOSURES) {
                issuance = issuance.hide(pointer).decoys(pointer, 1);
            }
            let signer = jwt::Signer::new(secret().clone(), &jwt::HeaderExtras::default()).expect("a signer");
            match issuance.issue(provider(), &signer) {
                Ok(issued) => {
                    look(&issued);
                    let _ = valid(&issued.to_string());
                    let proof = Proof { nonce: "nonce", audience: "https://verifier.example", iat: NOW };
                    let bound = issued.bind(provider(), &HOLDER.0, &proof).expect("a proof");
                    let binding = KeyBinding::new("nonce", "https://verifier.example", ALGORITHMS);
                    for form in
                        [bound.to_string(), bound.to_flattened().expect("JSON"), bound.to_general().expect("JSON")]
                    {
                        let read = SdJwt::read(&form, &Limits { token_bytes: form.len(), ..LIMITS })
                            .expect("what was written");
                        look(&read);
                        // Only the caller's claims may make it void, such as an `exp` in the past.
                        let _ = read.verify::<Object>(provider(), keys(), &rules(), Some(&binding)).is_ok();
                    }
                }
                Err(error) => drop(error.to_string()),
            }
        }
        _ => {}
    }
});

fn valid(text: &str) -> bool {
    match SdJwt::parse(text, &LIMITS) {
        Ok(read) => {
            assert_eq!(read.to_string(), text, "nothing is lost");
            look(&read);
        }
        Err(error) => drop(error.explain()),
    }
    let binding = KeyBinding::new("nonce", "https://verifier.example", ALGORITHMS);
    let bound = sd_jwt::verify::<Object>(provider(), text, keys(), &rules(), Some(&binding));
    let bare = sd_jwt::verify::<Object>(provider(), text, keys(), &rules(), None);
    for refused in [&bound, &bare].into_iter().filter_map(|result| result.as_ref().err()) {
        drop(refused.explain());
    }
    bound.is_ok() || bare.is_ok()
}

fn look(sd_jwt: &SdJwt) {
    assert!(sd_jwt.disclosures().len() <= LIMITS.disclosures);
    let _ = sd_jwt.inspect(provider(), &LIMITS);
    let places: Vec<String> = match sd_jwt.places(provider(), &LIMITS) {
        Ok(places) => places.iter().map(|place| place.pointer.to_string()).collect(),
        Err(_) => return,
    };
    let wanted: Vec<&str> = places.iter().map(String::as_str).step_by(2).collect();
    let _ = sd_jwt.present(provider(), &wanted, &LIMITS);
    let _ = (sd_jwt.to_flattened(), sd_jwt.to_general(), sd_jwt.issuer_jwt(), sd_jwt.key_binding_jwt());
    assert!(sd_jwt.disclosures().iter().all(|one| format!("{one:?}").len() < 65_536));
}

fn rules() -> jwt::Rules<'static> {
    jwt::Rules::new(NOW, ALGORITHMS).limits(LIMITS)
}

static HOLDER: LazyLock<(SigningKey, VerifyingKey)> = LazyLock::new(|| {
    let key = SigningKey::generate(provider(), JwsAlgorithm::Ed25519).expect("a key");
    let public = key.verifying_key();
    (key, public)
});

const DISCLOSURES: usize = 10;
