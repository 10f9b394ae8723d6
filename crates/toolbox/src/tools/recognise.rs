//! What was pasted: says what a text is, and which tool takes it on.

use jose::json::Value;

use super::token::{Sort, cleaned, take_apart};
use crate::definition::{Action, Field, Kind, Prints, Tool, Work};
use crate::encoding::Encoding;
use crate::input::Input;
use crate::need::Halt;
use crate::output::Output;
use crate::run::Env;

pub(crate) const TOOL: Tool = Tool {
    name: "recognise",
    title: "What is this?",
    summary: "Says what a pasted text is, and which tool takes it on",
    actions: &[Action {
        name: "",
        title: "Recognise",
        summary: "Says what a pasted text is, and which tool takes it on",
        example: "vestibule recognise eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
        fields: &[Field::new("text", Kind::Lines, "Text", "A token, a key, a header, an address")
            .argument()
            .or_stdin()
            .example("eyJ…")
            .private()],
        prints: Prints::Report,
        work: Work::Once(run),
    }],
};

/// Kind, words, tool, action, field.
type Guess = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn run(_: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let text = input.required("text")?;
    let (kind, words, tool, action, field) = guess(text.trim());
    let mut output = Output::default().line("this is", "words", words).member("kind", kind);
    if !tool.is_empty() {
        let command = format!("{tool} {action}").trim_end().to_owned();
        output = output.line("see", "command", command);
        output = output.member("tool", tool).member("action", action).member("field", field);
        if let Some(preset) = webhook(text.trim()) {
            output = output.member("preset", preset);
        }
    }
    Ok(output)
}

fn guess(text: &str) -> Guess {
    if let Some(label) =
        text.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----")).map(|(label, _)| label)
    {
        return pem(label);
    }
    if let Some(guess) = by_prefix(text).or_else(|| header(text)) {
        return guess;
    }
    if text.starts_with('{') {
        return json(text);
    }
    let (token, _) = cleaned(text);
    if token.contains('~') && token.split('~').next().is_some_and(|first| first.split('.').count() == 3) {
        return ("sd-jwt", "an SD-JWT (RFC 9901)", "jwt", "decode", "token");
    }
    if let Ok(pieces) = take_apart(&token)
        && !pieces.header.is_empty()
    {
        return match pieces.sort {
            Sort::Jwe => ("jwe", "an encrypted token (JWE)", "jwt", "decode", "token"),
            Sort::Jws if pieces.claims().is_some() => ("jwt", "a signed token (JWT)", "jwt", "decode", "token"),
            Sort::Jws => ("jws", "signed bytes (JWS)", "jws", "verify", "token"),
        };
    }
    plain(text)
}

fn pem(label: &str) -> Guess {
    match label {
        "CERTIFICATE" => ("certificate", "an X.509 certificate", "jwk", "from-pem", "file"),
        label if label.contains("PRIVATE KEY") => ("pem-private", "a private key in PEM", "jwk", "from-pem", "file"),
        label if label.contains("PUBLIC KEY") => ("pem-public", "a public key in PEM", "jwk", "from-pem", "file"),
        _ => ("pem", "PEM of another sort", "jwk", "from-pem", "file"),
    }
}

fn by_prefix(text: &str) -> Option<Guess> {
    const PREFIXES: &[(&str, Guess)] = &[
        ("otpauth://", ("otpauth", "the secret of one-time codes (otpauth URI)", "totp", "", "uri")),
        ("whsec_", ("webhook-secret", "the secret of a webhook", "hmac", "verify", "key")),
        ("$argon2", ("password-hash", "a password hash (Argon2)", "password-hash", "", "hash")),
        ("$2", ("password-hash", "a password hash (bcrypt)", "password-hash", "", "hash")),
        ("$scrypt$", ("password-hash", "a password hash (scrypt)", "password-hash", "", "hash")),
        ("$pbkdf2", ("password-hash", "a password hash (PBKDF2)", "password-hash", "", "hash")),
        ("pbkdf2_", ("password-hash", "a password hash (PBKDF2)", "password-hash", "", "hash")),
        ("vst_", ("vestibule-secret", "a secret of Vestibule: keep it", "", "", "")),
    ];
    let known = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, guess)| *guess);
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    let answers = ["code=", "error=", "state="].iter().any(|name| text.contains(name));
    let asks = text.contains("response_type=") && text.contains("client_id=");
    known.or(match (is_url, asks, answers) {
        (true, true, _) => Some(("oidc-request", "an authorization request", "oidc", "redirect", "url")),
        (true, false, true) => {
            Some(("oidc-redirect", "the answer to an authorization request", "oidc", "redirect", "url"))
        }
        (true, false, false) => Some(("url", "a URL, perhaps of an issuer or a key set", "jwks", "fetch", "url")),
        (false, _, _) => None,
    })
}

fn header(text: &str) -> Option<Guess> {
    let (name, _) = text.split_once(':')?;
    let name = name.trim().to_ascii_lowercase();
    if webhook(text).is_some() {
        return Some(("webhook-header", "the signature of a webhook request", "hmac", "verify", "header"));
    }
    (name == "authorization" && text.contains("eyJ")).then_some((
        "jwt",
        "a token in a header",
        "jwt",
        "decode",
        "token",
    ))
}

/// Whose webhook has this header.
fn webhook(text: &str) -> Option<&'static str> {
    let (name, _) = text.split_once(':')?;
    let name = name.trim().to_ascii_lowercase();
    WEBHOOKS.iter().find(|(known, _)| *known == name).map(|(_, preset)| *preset)
}

fn json(text: &str) -> Guess {
    let members = match serde_json::from_str(text) {
        Ok(Value::Object(members)) => members,
        _ => return ("text", "text that begins like JSON and is none", "", "", ""),
    };
    let has = |name: &str| members.contains_key(name);
    match () {
        () if has("keys") => ("jwks", "a key set (JWKS)", "jwks", "lint", "set"),
        () if has("kty") && (has("d") || has("k") || has("priv")) => {
            ("jwk-private", "a private key (JWK)", "jwk", "public", "file")
        }
        () if has("kty") => ("jwk", "a public key (JWK)", "jwk", "to-pem", "file"),
        () if has("ciphertext") => ("jwe-json", "an encrypted token (JWE) in JSON", "jwe", "inspect", "token"),
        () if has("signature") || has("signatures") => {
            ("jws-json", "a signed message (JWS) in JSON", "jws", "verify", "token")
        }
        () if has("issuer") && (has("jwks_uri") || has("authorization_endpoint")) => {
            ("metadata", "the metadata of a provider", "", "", "")
        }
        () if has("iss") || has("sub") || has("exp") => ("claims", "claims of a token", "jwt", "sign", "claims"),
        () => ("json", "JSON", "", "", ""),
    }
}

fn plain(text: &str) -> Guess {
    let bare = text.strip_prefix("sha256=").unwrap_or(text);
    let bytes = Encoding::Hex.decode(bare).map(|bytes| bytes.len());
    if matches!(bytes, Ok(20 | 32 | 48 | 64)) {
        return ("signature", "a hash or a signature in hex", "hmac", "verify", "signature");
    }
    let letters = |set: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || set.contains(letter))
    };
    if text.len() >= 8 && letters("-_") && Encoding::Base64url.decode(text).is_ok() {
        return ("base64url", "perhaps base64url", "base64url", "decode", "text");
    }
    if text.len() >= 8 && letters("+/=") && Encoding::Base64.decode(text).is_ok() {
        return ("base64", "perhaps base64", "base64url", "decode", "text");
    }
    ("text", "text that is none of what is known here", "", "", "")
}

const WEBHOOKS: &[(&str, &str)] = &[
    ("x-hub-signature-256", "github"),
    ("x-hub-signature", "github"),
    ("stripe-signature", "stripe"),
    ("x-slack-signature", "slack"),
    ("x-shopify-hmac-sha256", "shopify"),
    ("webhook-id", "standard-webhooks"),
    ("webhook-signature", "standard-webhooks"),
    ("svix-id", "standard-webhooks"),
    ("svix-signature", "standard-webhooks"),
];
