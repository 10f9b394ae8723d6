//! What an implementation that shares no code with ours says: OpenSSL's command, where it is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{fs, io};

use vestibule_jose::{JwsAlgorithm, SigningKey};

use crate::support::{provider, rs256};

const MESSAGE: &[u8] = b"eyJhbGciOiJQUzI1NiJ9.e30";

/// RFC 7518 §3.3 to §3.5, RFC 8037 §3.1; PSS with a salt as long as the hash (§3.5).
#[test]
fn openssl_believes_our_signatures_and_we_believe_its() {
    // ML-DSA came with OpenSSL 3.5, which is not everywhere yet.
    for alg in JwsAlgorithm::ALL.iter().copied().filter(|alg| !alg.is_symmetric() && alg.kty() != "AKP") {
        let key = key(alg);
        let Some(openssl) = OpenSsl::with_key(&format!("both-{alg}"), &key) else { return };
        let signature = key.sign(MESSAGE).expect("signed");
        openssl.write("ours", &to_openssl(alg, &signature));
        openssl.run(&verify(alg, "ours"));

        openssl.run(&sign(alg, alg.hash().len()));
        let theirs = from_openssl(alg, &openssl.read("theirs"));
        assert!(key.verifying_key().verify(alg, MESSAGE, &theirs), "{alg}");
    }
}

/// RFC 7518 §3.5: the salt is as long as the hash.
#[test]
fn another_salt_is_not_pss_as_the_rfc_has_it() {
    let key = key(JwsAlgorithm::PS256);
    let Some(openssl) = OpenSsl::with_key("salt", &key) else { return };
    for (salt, believed) in [(32, true), (0, false), (20, false), (64, false)] {
        openssl.run(&sign(JwsAlgorithm::PS256, salt));
        let theirs = openssl.read("theirs");
        assert_eq!(key.verifying_key().verify(JwsAlgorithm::PS256, MESSAGE, &theirs), believed, "salt of {salt}");
    }
}

fn key(alg: JwsAlgorithm) -> SigningKey {
    if alg.kty() == "RSA" {
        let der = rs256().to_pkcs8_der().expect("PKCS#8");
        return SigningKey::from_pkcs8_der(provider(), &der, alg).expect("an RSA key");
    }
    SigningKey::generate(provider(), alg).expect("a key")
}

fn verify(alg: JwsAlgorithm, signature: &str) -> Vec<String> {
    let mut arguments = words("pkeyutl -verify -pubin -inkey public.pem -rawin -in message -sigfile");
    arguments.push(signature.into());
    arguments.extend(options(alg, alg.hash().len()));
    arguments
}

fn sign(alg: JwsAlgorithm, salt: usize) -> Vec<String> {
    let mut arguments = words("pkeyutl -sign -inkey private.pem -rawin -in message -out theirs");
    arguments.extend(options(alg, salt));
    arguments
}

fn options(alg: JwsAlgorithm, salt: usize) -> Vec<String> {
    let digest = format!("-digest sha{}", alg.hash().len() * 8);
    match alg {
        JwsAlgorithm::EdDSA | JwsAlgorithm::Ed25519 => Vec::new(),
        JwsAlgorithm::PS256 | JwsAlgorithm::PS384 | JwsAlgorithm::PS512 => {
            words(&format!("{digest} -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:{salt}"))
        }
        _ => words(&digest),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// A directory with one key pair and the message in it.
struct OpenSsl(PathBuf);

impl OpenSsl {
    /// `None` where there is no such command.
    #[expect(clippy::print_stderr, reason = "a comparison that did not happen must be said")]
    fn with_key(name: &str, key: &SigningKey) -> Option<Self> {
        match Command::new("openssl").arg("version").output() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                eprintln!("there is no command openssl here: not compared");
                return None;
            }
            answer => assert!(answer.expect("openssl runs").status.success()),
        }
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("openssl-{name}-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("a directory");
        let it = Self(directory);
        it.write("message", MESSAGE);
        it.write("private.der", &key.to_pkcs8_der().expect("PKCS#8"));
        it.run(&words("pkey -inform DER -in private.der -check -out private.pem"));
        it.run(&words("pkey -in private.pem -pubout -out public.pem"));
        Some(it)
    }

    fn run(&self, arguments: &[String]) {
        let Output { status, stdout, stderr } =
            Command::new("openssl").args(arguments).current_dir(&self.0).output().expect("openssl runs");
        let said = [stdout, stderr].concat();
        assert!(status.success(), "openssl {}: {}", arguments.join(" "), String::from_utf8_lossy(&said));
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).expect("written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).expect("read")
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// OpenSSL writes ECDSA as a DER sequence of two integers (RFC 3279 §2.2.3), JWS as `r ‖ s`.
fn to_openssl(alg: JwsAlgorithm, signature: &[u8]) -> Vec<u8> {
    if alg.kty() != "EC" {
        return signature.to_vec();
    }
    let (r, s) = signature.split_at(signature.len() / 2);
    let contents = [integer(r), integer(s)].concat();
    let len = u8::try_from(contents.len()).expect("short");
    let head = if len < 0x80 { vec![0x30, len] } else { vec![0x30, 0x81, len] };
    [head, contents].concat()
}

fn integer(number: &[u8]) -> Vec<u8> {
    let mut number = number.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<_>>();
    if number[0] >= 0x80 {
        number.insert(0, 0);
    }
    [vec![2, u8::try_from(number.len()).expect("short")], number].concat()
}

fn from_openssl(alg: JwsAlgorithm, signature: &[u8]) -> Vec<u8> {
    let half = match alg {
        JwsAlgorithm::ES256 | JwsAlgorithm::ES256K => 32,
        JwsAlgorithm::ES384 => 48,
        JwsAlgorithm::ES512 => 66,
        _ => return signature.to_vec(),
    };
    let contents = if signature[1] == 0x81 { &signature[3..] } else { &signature[2..] };
    let (r, s) = contents[2..].split_at(contents[1].into());
    let padded = |number: &[u8]| {
        let digits = number.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<_>>();
        [vec![0; half - digits.len()], digits].concat()
    };
    [padded(r), padded(&s[2..])].concat()
}
