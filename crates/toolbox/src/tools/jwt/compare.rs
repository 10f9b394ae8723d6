//! `jwt compare`: the same claims signed, encrypted, and both, with keys that are made for it and forgotten.

use jose::alg::{ContentEncryption, KeyManagement};
use jose::json::{Object, Value};
use jose::jwe::{self, Encrypter, Options};
use jose::jwk::{Jwk, KeyAlgorithm, NewKey};
use jose::jwt::{self, HeaderExtras};
use jose::{JwsAlgorithm, base64url};
use serde_json::json;

use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Output};
use crate::run::Env;
use crate::tools::findings::advice;
use crate::tools::keys::refused;

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let claims = input.object("claims")?.ok_or_else(|| input.missing("claims"))?;
    let alg: JwsAlgorithm = input.choice("alg")?.parse().map_err(|_| input.missing("alg"))?;
    let enc: ContentEncryption = input.choice("enc")?.parse().map_err(|_| input.missing("enc"))?;
    let plain = Value::Object(claims.clone()).to_string();
    let signed = sign(env, &claims, alg)?;
    let forms = [
        Form {
            name: "JWT",
            reads: "header and claims",
            made: if alg.is_symmetric() { "whoever holds the secret" } else { "the holder of the private key alone" },
            token: signed.clone(),
        },
        Form {
            name: "JWE",
            reads: "the header",
            made: "anybody who has the public key",
            token: encrypt(env, plain.as_bytes(), enc, Options::default().typ("JWT"))?,
        },
        // RFC 7519 §11.2: signed first, so that the signature is inside.
        Form {
            name: "JWT in a JWE",
            reads: "the outer header",
            made: if alg.is_symmetric() { "whoever holds the secret" } else { "the holder of the private key alone" },
            token: encrypt(env, signed.as_bytes(), enc, Options::default().cty("JWT"))?,
        },
    ];
    let mut output = Output::default().member("claims_bytes", plain.len()).block(table(&forms, plain.len()));
    output.blocks.extend(forms.iter().map(|form| Block::Line { name: form.name.into(), text: form.token.clone() }));
    Ok(output.member("forms", forms.iter().map(|form| form.to_json(&claims)).collect::<Value>()))
}

struct Form {
    name: &'static str,
    reads: &'static str,
    made: &'static str,
    token: String,
}

impl Form {
    fn to_json(&self, claims: &Object) -> Value {
        let header = self.token.split('.').next().and_then(|part| base64url::decode(part).ok());
        let header: Value = header.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let readable = match self.name {
            "JWT" => json!({"header": header, "claims": claims}),
            _ => json!({"header": header}),
        };
        json!({"form": self.name, "bytes": self.token.len(), "token": self.token, "readable": readable,
            "can_be_made_by": self.made})
    }
}

fn table(forms: &[Form], plain: usize) -> Block {
    let row = |form: &Form| {
        // In tenths: to print a float takes a page of code.
        let tenths = form.token.len() * 10 / plain;
        let size = format!("{} bytes, {}.{} times the claims", form.token.len(), tenths / 10, tenths % 10);
        vec![form.name.to_owned(), size, form.reads.to_owned(), form.made.to_owned()]
    };
    let heads = ["form", "size", "everybody reads", "can be made by"].map(str::to_owned).to_vec();
    Block::Table { name: "side by side".into(), heads, rows: forms.iter().map(row).collect() }
}

fn sign(env: &Env<'_>, claims: &Object, alg: JwsAlgorithm) -> Result<String, Halt> {
    let key = made(env, "alg", alg.kty(), alg.into())?;
    let key = key.signing_key(env.provider, Some(alg)).map_err(|error| refused("alg", &error))?;
    let extras = HeaderExtras { typ: Some("JWT"), ..HeaderExtras::default() };
    let wrong = |error: jwt::SignError| ToolError::of("claims", error.to_string(), advice(&error));
    Ok(jwt::sign(&key, &extras, claims).map_err(wrong)?)
}

fn encrypt(env: &Env<'_>, message: &[u8], enc: ContentEncryption, options: Options<'_>) -> Result<String, Halt> {
    let alg = KeyManagement::EcdhEs;
    let key = made(env, "enc", "EC", alg.into())?;
    let key = key.public().unwrap_or(key).encryption_key(env.provider, Some(alg));
    let key = key.map_err(|error| refused("enc", &error))?;
    let wrong = |error: jwe::EncryptError| ToolError::of("enc", error.to_string(), advice(&error));
    let token = Encrypter::new(key, enc, &options).and_then(|encrypter| encrypter.encrypt(env.provider, message));
    Ok(token.map_err(wrong)?)
}

fn made(env: &Env<'_>, field: &'static str, kty: &str, alg: KeyAlgorithm) -> Result<Jwk, Halt> {
    let what = NewKey::named(kty, None, None, Some(alg)).map_err(|error| refused(field, &error))?;
    Ok(Jwk::generate(env.provider, what).map_err(|error| refused(field, &error))?)
}
