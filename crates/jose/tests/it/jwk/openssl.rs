//! What an implementation that shares no code with ours says: OpenSSL's command, where it is installed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use serde_json::json;
use vestibule_jose::Limits;
use vestibule_jose::base64url;
use vestibule_jose::jwk::{AesSize, Jwk, KeyError, NewKey, Pbes2, PemForm};
use vestibule_jose::provider::{Curve, MlDsa, RsaSize};
use vestibule_jose::x509::Certificate;

use super::{json as written, key, parse};
use crate::support::{provider, with};

/// The types, by the arguments of `openssl genpkey`.
const TYPES: &[(&str, &str)] = &[
    ("rsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
    ("p256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
    ("p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"),
    ("p521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"),
    ("secp256k1", "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"),
    ("ed25519", "-algorithm ED25519"),
    ("x25519", "-algorithm X25519"),
    // These came with OpenSSL 3.5, which is not everywhere yet.
    ("ml-dsa-44", "-algorithm ML-DSA-44"),
    ("ml-dsa-65", "-algorithm ML-DSA-65"),
    ("ml-dsa-87", "-algorithm ML-DSA-87"),
];

fn read(text: &[u8], password: Option<&[u8]>) -> Jwk {
    let text = std::str::from_utf8(text).expect("text");
    Jwk::from_pem(provider(), text, password, &Limits::DEFAULT).expect("a key")
}

/// RFC 5958, RFC 8017 §A.1, RFC 5915, RFC 5280 §4.1.2.7: every type, every form, both ways.
#[test]
fn openssl_reads_our_pem_and_we_read_its() {
    let Some(openssl) = OpenSsl::new("pem") else { return };
    for (name, arguments) in TYPES {
        if !openssl.tries(&format!("genpkey {arguments} -out private.pem")) {
            assert!(name.starts_with("ml-dsa"), "{name}");
            continue;
        }
        let key = read(&openssl.file("private.pem"), None);
        openssl.run("pkey -in private.pem -outform DER -out private.der");
        openssl.run("pkey -in private.pem -pubout -out public.pem");
        let public = read(&openssl.file("public.pem"), None);
        assert_eq!(written(&public), written(&key.public().expect("public")), "{name}");
        assert_eq!(public.to_pem(PemForm::Spki).expect("PEM").as_bytes(), openssl.file("public.pem"), "{name}");
        if matches!(key.kty(), "RSA" | "EC") {
            openssl.run("pkey -in private.pem -traditional -out old.pem");
            assert_eq!(written(&read(&openssl.file("old.pem"), None)), written(&key), "{name}");
        }
        for form in [PemForm::Pkcs8, PemForm::Pkcs1, PemForm::Sec1] {
            let Ok(text) = key.to_pem(form) else { continue };
            openssl.write("ours.pem", text.as_bytes());
            openssl.run("pkey -in ours.pem -outform DER -out ours.der");
            assert_eq!(openssl.file("ours.der"), openssl.file("private.der"), "{name} {form:?}");
        }
        if let Ok(text) = key.to_pem(PemForm::Pkcs1Public) {
            openssl.write("ours.pem", text.as_bytes());
            openssl.run("rsa -RSAPublicKey_in -in ours.pem -pubout -out ours_public.pem");
            assert_eq!(openssl.file("ours_public.pem"), openssl.file("public.pem"));
        }
    }
}

/// What we made, in each form that it has: OpenSSL finds it sound, and finds the same public half.
#[test]
fn openssl_finds_the_keys_that_we_make_sound() {
    let Some(openssl) = OpenSsl::new("made") else { return };
    let curves = Curve::ALL.iter().map(|curve| NewKey::Ec(*curve));
    let others = [NewKey::Rsa(RsaSize::Bits2048), NewKey::Ed25519, NewKey::X25519, NewKey::MlDsa(MlDsa::L65)];
    for what in curves.chain(others) {
        let key = Jwk::generate(provider(), what).expect("a key");
        for form in [PemForm::Pkcs8, PemForm::Pkcs1, PemForm::Sec1] {
            let Ok(text) = key.to_pem(form) else { continue };
            openssl.write("made.pem", text.as_bytes());
            if !openssl.tries("pkey -in made.pem -check -noout") {
                assert_eq!(key.kty(), "AKP", "{what:?} as {form:?}");
                continue;
            }
            openssl.run("pkey -in made.pem -pubout -out made_public.pem");
            let spki = key.to_pem(PemForm::Spki).expect("PEM");
            assert_eq!(spki.as_bytes(), openssl.file("made_public.pem"), "{what:?} as {form:?}");
        }
    }
}

/// RFC 8018 §6.2: every hash and every cipher, both ways.
#[test]
fn openssl_opens_what_we_encrypted_and_we_what_it_did() {
    let Some(openssl) = OpenSsl::new("encrypted") else { return };
    for (index, (name, arguments)) in TYPES.iter().enumerate() {
        if !openssl.tries(&format!("genpkey {arguments} -out private.pem")) {
            continue;
        }
        let key = read(&openssl.file("private.pem"), None);
        openssl.run("pkey -in private.pem -outform DER -out private.der");
        for (hash, cipher) in (0..12).map(|at| (at % 4, at / 4)).skip(if index == 0 { 0 } else { 11 }) {
            let hash = vestibule_jose::alg::Hash::ALL[hash];
            let cipher = AesSize::ALL[cipher];
            let text = key.to_encrypted_pem(provider(), b"a password", &Pbes2 { hash, cipher, iterations: 1000 });
            openssl.write("ours.pem", text.expect("PEM").as_bytes());
            openssl.run_with("pkey -in ours.pem -outform DER -out ours.der -passin", "pass:a password");
            assert_eq!(openssl.file("ours.der"), openssl.file("private.der"), "{name} {hash:?} {cipher:?}");

            let prf = format!("hmacWithSHA{}", hash.as_str().trim_start_matches("sha"));
            let cipher = format!("aes-{}-cbc", cipher.bytes() * 8);
            let how = format!("pkcs8 -topk8 -in private.pem -out theirs.pem -v2 {cipher} -v2prf {prf} -passout");
            openssl.run_with(&how, "pass:a password");
            let theirs = read(&openssl.file("theirs.pem"), Some(b"a password"));
            assert_eq!(written(&theirs), written(&key), "{name} {prf} {cipher}");
        }
    }
    openssl.run_with("pkcs8 -topk8 -in private.pem -out theirs.pem -scrypt -passout", "pass:a password");
    let refused = |text: &[u8]| {
        let text = std::str::from_utf8(text).expect("text");
        Jwk::from_pem(provider(), text, Some(b"a password"), &Limits::DEFAULT).expect_err("refused").to_string()
    };
    assert!(refused(&openssl.file("theirs.pem")).contains("scrypt"));
    if openssl.tries_with("pkcs8 -topk8 -in private.pem -out theirs.pem -v1 PBE-SHA1-3DES -passout", "pass:a password")
    {
        assert!(refused(&openssl.file("theirs.pem")).contains("old way"));
    }
}

/// RFC 8410 §3: both are carried, though nothing is done with them here. Their public halves are derived.
#[test]
fn ed448_and_x448_are_converted() {
    let Some(openssl) = OpenSsl::new("448") else { return };
    for (crv, len) in [("ED448", 57), ("X448", 56)] {
        openssl.run(&format!("genpkey -algorithm {crv} -out private.pem"));
        openssl.run("pkey -in private.pem -outform DER -out private.der");
        openssl.run("pkey -in private.pem -pubout -out public.pem");
        openssl.run("pkey -in private.pem -pubout -outform DER -out public.der");
        let tail = |name: &str| {
            let der = openssl.file(name);
            base64url::encode(&der[der.len() - len..])
        };
        let crv = if crv == "X448" { crv } else { "Ed448" };
        let public = read(&openssl.file("public.pem"), None);
        assert_eq!(written(&public)["x"], json!(tail("public.der")));
        assert_eq!(public.to_pem(PemForm::Spki).expect("PEM").as_bytes(), openssl.file("public.pem"));
        let jwk = json!({"kty": "OKP", "crv": crv, "x": tail("public.der"), "d": tail("private.der")});
        let private = key(&jwk);
        let derived = read(&openssl.file("private.pem"), None);
        assert_eq!(written(&derived.with_kid(None)), jwk);
        let foreign = with(&jwk, "d", json!(base64url::encode(vec![7; len])));
        assert!(matches!(parse(&foreign), Err(KeyError::Provider(_))), "halves that do not belong together");
        assert_eq!(written(&private), jwk);
        assert_eq!(private.to_pem(PemForm::Pkcs8).expect("PEM").as_bytes(), openssl.file("private.pem"));
        assert_eq!(private.thumbprint(provider(), Default::default()).as_deref(), public.kid());
        let error = private.signing_key(provider(), None).expect_err("no operation").to_string();
        assert!(error.contains(&format!("(private {crv})")) && error.contains("no signatures"), "{error}");
        assert!(private.verifying_key(provider(), None).is_err() && private.decryption_key(provider(), None).is_err());
    }
}

/// RFC 5280 §4.1 and §4.2: the certificate says to us what it says to OpenSSL.
#[test]
fn certificates_are_read_as_openssl_reads_them() {
    let Some(openssl) = OpenSsl::new("x509") else { return };
    for (name, arguments) in TYPES.iter().copied().chain([("ed448", "-algorithm ED448")]) {
        if name == "x25519" || !openssl.tries(&format!("genpkey {arguments} -out private.pem")) {
            continue;
        }
        let mut request: Vec<&str> =
            "req -x509 -key private.pem -out cert.pem -days 30 -utf8 -subj".split(' ').collect();
        request.push("/C=DE/O=Häuser, Türen\\+Tore/CN=id.example.com");
        for extension in [
            "subjectAltName=DNS:id.example.com,DNS:*.example.com,IP:192.0.2.7,IP:2001:db8::1,email:a@example.com,URI:https://x.example",
            "keyUsage=critical,digitalSignature,keyCertSign",
            "extendedKeyUsage=serverAuth,1.3.6.1.4.1.99999.1",
        ] {
            request.extend(["-addext", extension]);
        }
        openssl.call(&request);
        let text = String::from_utf8(openssl.file("cert.pem")).expect("text");
        let certificate = Certificate::from_pem(&text, &Limits::DEFAULT).expect("a certificate").remove(0);
        let says = |option: &str| {
            let said = openssl.run(&format!("x509 -in cert.pem -noout {option}"));
            said.split_once('=').expect("a value").1.trim().to_owned()
        };
        let colons = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
        assert_eq!(colons(&certificate.sha256(provider())), says("-fingerprint -sha256"));
        assert_eq!(colons(&certificate.sha1(provider())), says("-fingerprint -sha1"));
        assert_eq!(
            colons(certificate.serial()).replace(':', "").trim_start_matches("00"),
            says("-serial").trim_start_matches("00")
        );
        assert_eq!(certificate.subject().to_string(), r"C=DE, O=Häuser\, Türen\+Tore, CN=id.example.com");
        assert!(certificate.is_self_issued() && certificate.version() == 3);
        assert_eq!(certificate.not_after() - certificate.not_before(), 30 * 86_400);
        let names: Vec<String> = certificate.alt_names().iter().map(ToString::to_string).collect();
        assert_eq!(
            names.join(" "),
            "DNS:id.example.com DNS:*.example.com IP:192.0.2.7 IP:2001:db8::1 email:a@example.com URI:https://x.example"
        );
        assert_eq!(certificate.key_usage(), Some(&["digitalSignature", "keyCertSign"][..]));
        let purposes = certificate.extended_key_usage().expect("purposes");
        assert_eq!(purposes, ["serverAuth", "1.3.6.1.4.1.99999.1"]);
        assert!(certificate.basic_constraints().is_some_and(|constraints| constraints.ca));
        assert!(certificate.extensions().iter().any(|one| one.name == "keyUsage" && one.critical));

        openssl.run("pkey -in private.pem -pubout -out public.pem");
        let key = read(text.as_bytes(), None);
        assert_eq!(key.to_pem(PemForm::Spki).expect("PEM").as_bytes(), openssl.file("public.pem"), "{name}");
        let named = key.with_certificates(provider(), std::slice::from_ref(&certificate)).expect("its own");
        assert_eq!(written(&super::key(&written(&named))), written(&named));
        assert_eq!(named.certificate_sha256(), Some(&certificate.sha256(provider())[..]));
        // Read to the last byte.
        let der = certificate.der();
        for len in (0..der.len()).step_by(7) {
            assert!(Certificate::from_der(&der[..len], &Limits::DEFAULT).is_err());
        }
        assert!(Certificate::from_der(&[der, &[0]].concat(), &Limits::DEFAULT).is_err());
        for place in 0..der.len() {
            let mut changed = der.to_vec();
            changed[place] ^= 0x80;
            let _ = Certificate::from_der(&changed, &Limits::DEFAULT).map(|other| other.subject().to_string());
        }
    }
}

/// A directory, and the command in it.
struct OpenSsl(PathBuf);

impl OpenSsl {
    /// `None` where there is no such command.
    #[expect(clippy::print_stderr, reason = "a comparison that did not happen must be said")]
    fn new(name: &str) -> Option<Self> {
        match Command::new("openssl").arg("version").output() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                eprintln!("there is no command openssl here: not compared");
                return None;
            }
            answer => assert!(answer.expect("openssl runs").status.success()),
        }
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("openssl-{name}-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("a directory");
        Some(Self(directory))
    }

    fn tries(&self, arguments: &str) -> bool {
        self.answer(&arguments.split(' ').collect::<Vec<_>>()).is_ok()
    }

    fn tries_with(&self, arguments: &str, last: &str) -> bool {
        self.answer(&arguments.split(' ').chain([last]).collect::<Vec<_>>()).is_ok()
    }

    fn run(&self, arguments: &str) -> String {
        self.call(&arguments.split(' ').collect::<Vec<_>>())
    }

    fn run_with(&self, arguments: &str, last: &str) {
        self.call(&arguments.split(' ').chain([last]).collect::<Vec<_>>());
    }

    fn call(&self, arguments: &[&str]) -> String {
        self.answer(arguments).unwrap_or_else(|said| panic!("openssl {}: {said}", arguments.join(" ")))
    }

    fn answer(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("openssl").args(arguments).current_dir(&self.0).output().expect("openssl runs");
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).expect("written");
    }

    fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).expect("read")
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
