//! PEM, and DER below it: private keys (encrypted too), public keys, certificates.
#![no_main]

use fuzz::{LIMITS, letter, provider, text};
use jose::explain::Explain as _;
use jose::jwk::{Jwk, Pbes2, PemForm, ThumbprintHash};
use jose::x509::Certificate;
use jose::{DecryptionKey, EncryptionKey, SigningKey, VerifyingKey, pem};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((letter, rest)) = letter(data) else { return };
    let label = match letter {
        b't' => {
            if let Some(text) = text(rest) {
                blocks(text);
                read(text);
            }
            return;
        }
        b'8' => "PRIVATE KEY",
        b'e' => "ENCRYPTED PRIVATE KEY",
        b'1' => "RSA PRIVATE KEY",
        b's' => "EC PRIVATE KEY",
        b'p' => "PUBLIC KEY",
        b'r' => "RSA PUBLIC KEY",
        b'c' => "CERTIFICATE",
        _ => return,
    };
    let text = pem::encode(label, rest);
    blocks(&text);
    read(&text);
});

fn blocks(text: &str) {
    let Ok(blocks) = pem::parse(text, &LIMITS) else { return };
    for block in &blocks {
        let again = pem::parse(&pem::encode(&block.label, &block.der), &LIMITS).expect("what was written");
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].der, block.der);
    }
}

fn read(text: &str) {
    for password in [None, Some(&b"password"[..])] {
        match Jwk::from_pem(provider(), text, password, &LIMITS) {
            Ok(key) => {
                let form = if key.material().is_private() { PemForm::Pkcs8 } else { PemForm::Spki };
                let again = key.to_pem(form).expect("a key that came in PEM");
                let again = Jwk::from_pem(provider(), &again, None, &LIMITS).expect("what was written");
                let thumbprint = |key: &Jwk| key.thumbprint(provider(), ThumbprintHash::Sha256);
                assert_eq!(thumbprint(&again), thumbprint(&key));
                let how = Pbes2 { iterations: 1, ..Pbes2::default() };
                if let Ok(sealed) = key.to_encrypted_pem(provider(), b"password", &how) {
                    let again =
                        Jwk::from_pem(provider(), &sealed, Some(b"password"), &LIMITS).expect("what was written");
                    assert_eq!(thumbprint(&again), thumbprint(&key));
                }
                let _ = (key.to_der(PemForm::Pkcs1Public), key.to_der(PemForm::Pkcs1), key.to_der(PemForm::Sec1));
            }
            Err(error) => drop(error.explain()),
        }
    }
    let _ = SigningKey::from_pem(provider(), text, None, &LIMITS);
    let _ = VerifyingKey::from_pem(provider(), text, None, &LIMITS);
    let _ = EncryptionKey::from_pem(provider(), text, None, &LIMITS);
    let _ = DecryptionKey::from_pem(provider(), text, None, &LIMITS);
    let Ok(chain) = Certificate::from_pem(text, &LIMITS) else { return };
    for certificate in &chain {
        let again = Certificate::from_der(certificate.der(), &LIMITS).expect("what was read before");
        assert_eq!(again.serial(), certificate.serial());
        assert_eq!(again.sha256(provider()), certificate.sha256(provider()));
        let (subject, issuer) = (certificate.subject().to_string(), certificate.issuer().to_string());
        assert!(!certificate.is_self_issued() || subject == issuer);
        let _ = (certificate.subject().get("CN"), certificate.sha1(provider()), format!("{certificate:?}"));
        let _ = (
            certificate.version(),
            certificate.not_before(),
            certificate.not_after(),
            certificate.signature_algorithm(),
        );
        let _ = (certificate.key_usage(), certificate.extended_key_usage(), certificate.basic_constraints());
        for (name, extension) in certificate.alt_names().iter().zip(certificate.extensions()) {
            drop((name.to_string(), format!("{extension:?}")));
        }
        if let Ok(public) = certificate.public_key() {
            drop(VerifyingKey::public(provider(), public, None, None));
        }
    }
}
