//! What was not made: a signature, an encrypted message, an SD-JWT.

use super::{Explain, Explanation};
use crate::jwe::EncryptError;
use crate::jwk::excerpt;
use crate::jws::SignError;
use crate::provider::ProviderError;
use crate::sd_jwt::IssueError;

impl Explain for SignError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Claims(error) => claims_no_json(error),
            Self::NotAnObject => claims_no_object(),
            Self::Header(name) => header(name, "the key and the draft").after("RFC 7515 §4"),
            Self::Critical(name) => {
                Explanation::new("crit", "extensions in the protected header, each once", format_args!("{:?}", excerpt(name)))
                    .because("What the RFCs register may not be named, nor what a reader cannot trust.")
                    .so("Name only extensions, and put each into the protected header.")
                    .after("RFC 7515 §4.1.11")
            }
            Self::Form(found) => Explanation::new("form", "a form that carries this message", found)
                .because("Each form carries only some messages: the compact one a single signature, no unprotected header, and text.")
                .so("Sign before it is written; take the general form for more, and detach a payload that is no text.")
                .after("RFC 7515 §7"),
            Self::SignatureLength { alg, found } => {
                Explanation::new("signature", format_args!("a signature of {alg}"), format_args!("{found} bytes"))
                    .because("An ECDSA signature is r and s, one behind the other; whoever signed elsewhere gave DER, or used another key.")
                    .so("Convert it to raw r and s, or sign with the key that this algorithm asks for.")
                    .after("RFC 7518 §3.4")
            }
            Self::Provider(error) => error.explain(),
        }
    }
}

impl Explain for EncryptError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Claims(error) => claims_no_json(error),
            Self::NotAnObject => claims_no_object(),
            Self::Header(name) => header(name, "the key and the options").after("RFC 7516 §4"),
            Self::Key(error) => error.explain(),
            Self::Content(enc) => {
                Explanation::new("enc", format_args!("a secret of the length of {enc}"), "another length")
                    .because("With dir the secret is the key of the content itself, and so has its length.")
                    .so("Take a secret of that length, or another enc.")
                    .after("RFC 7518 §4.5")
            }
            Self::OneRecipient(alg) => Explanation::new("alg", "an algorithm that wraps a key", alg)
                .because("It gives one key to one recipient; several need a key that is wrapped for each.")
                .so("Take ECDH-ES+A128KW, RSA-OAEP-256 or A128KW, or write to each alone.")
                .after("RFC 7516 §7.2.1"),
            Self::Recipients(found) => Explanation::new("recipients", "recipients that the form can hold", found)
                .because("The compact and the flattened form have one recipient; a message has one at least.")
                .so("Take the general form for several.")
                .after("RFC 7516 §7"),
            Self::Rounds => Explanation::new("p2c", "1000 rounds or more", "none")
                .because("The count of rounds is what makes guessing a password slow.")
                .so("Give a count; leave it out for the usual one.")
                .after("RFC 7518 §4.8.1.2"),
            Self::Provider(error) => error.explain(),
        }
    }
}

impl Explain for IssueError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Pointer(pointer) => {
                Explanation::new("disclosures", "a claim that can be hidden", format_args!("{:?}", excerpt(pointer)))
                    .because("Nothing stands there, it is the whole, or it was hidden with what holds it.")
                    .so("Write it as /name, /address/locality or /list/0, the inner one before the outer.")
                    .after("RFC 6901 §4")
            }
            Self::Validity(name) => {
                Explanation::new(excerpt(name), "a claim that everybody sees", "one that is hidden")
                    .because("Whoever withheld it would decide whether the token is valid.")
                    .so("Leave it visible.")
                    .after("RFC 9901 §9.7")
            }
            Self::Name(name) => {
                Explanation::new("claims", "names of the issuer's own", format_args!("{:?}", excerpt(name)))
                    .because("_sd and ... say where the hidden claims are.")
                    .so("Name it otherwise.")
                    .after("RFC 9901 §4.1")
            }
            Self::Hash => Explanation::new("_sd_alg", "a hash without known collisions", "SHA-1")
                .because("With two disclosures of one digest a holder could show another claim than was signed.")
                .so("Take sha-256.")
                .after("RFC 9901 §9.4"),
            Self::Holder => Explanation::new("cnf", "the holder's public key", "a shared secret")
                .because("Whoever verifies with a secret can also make the proof.")
                .so("Ask the holder for a public key.")
                .after("RFC 9901 §4.1.2"),
            Self::Sign(error) => error.explain(),
            Self::Provider(error) => error.explain(),
            Self::Text(error) => error.explain(),
        }
    }
}

impl Explain for ProviderError {
    fn explain(&self) -> Explanation {
        match self {
            Self::KeyRejected => Explanation::new("key", "a key that is valid for the algorithm", self)
                .because("Its numbers make up no key, or it belongs to another algorithm.")
                .so("Take the key from where it was made.")
                .after("RFC 8725 §3.5"),
            Self::Failed => Explanation::new("provider", "an operation that ends", self)
                .because("The randomness of the system failed, or memory did.")
                .so("Try again; if it stays so, look at the machine."),
        }
    }
}

fn claims_no_json(error: &serde_json::Error) -> Explanation {
    Explanation::new("claims", "claims that can be written as JSON", error)
        .because("A map has keys that are no text, or a number is none.")
        .so("Correct the type that is written.")
        .after("RFC 7519 §7.1")
}

fn claims_no_object() -> Explanation {
    Explanation::new("claims", "a JSON object", "another value")
        .because("Claims are names and values; a list or a text is none.")
        .so("Put it into a claim, or sign it as a message (JWS).")
        .after("RFC 7519 §7.1")
}

fn header(name: &str, owner: &str) -> Explanation {
    Explanation::new(excerpt(name), format_args!("a member that {owner} do not set, in one header"), "this one")
        .because("It would contradict what is really done, or stand in two places.")
        .so("Leave it out.")
}
