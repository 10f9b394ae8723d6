//! No input ends a tool: each field of each action, with what is odd, again and again.

use toolbox::definition::Kind;
use toolbox::encoding::Encoding;
use toolbox::{Action, Env, Fact, Field, Given, Halt, Input, Started, TOOLS, start};
use vestibule_toolbox as toolbox;
use zeroize::Zeroizing;

use crate::support::{NOW, done, made, public};

#[test]
fn whatever_comes_in_an_answer_comes_out() {
    let pool = pool();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for action in TOOLS.iter().flat_map(|tool| tool.actions) {
        for _ in 0..150 {
            let mut input = Input::new(action);
            for field in action.fields {
                if chance.below(3) > 0 {
                    // What is refused at once is refused.
                    let _ = input.give(field.name, value(field, &pool, &mut chance));
                }
            }
            run(action, input, &pool, &mut chance);
        }
    }
}

fn run(action: &'static Action, mut input: Input, pool: &[String], chance: &mut Chance) {
    let env = Env { provider: jose::provider::aws_lc(), now: NOW };
    for _ in 0..8 {
        match start(&env, &input) {
            Ok(Started::Done(output)) => {
                let shown = output.to_json().to_string();
                assert!(shown.starts_with('{'), "{} {shown}", action.title);
                output.blocks.iter().for_each(|block| assert!(block.to_json().is_object()));
                return;
            }
            Ok(Started::Stream(mut stream)) => {
                let _ = stream.update(chance.pick(pool).as_bytes()).and_then(|()| stream.finish(&env));
                return;
            }
            Err(Halt::Error(error)) => {
                assert!(!error.what.is_empty() && !error.advice.is_empty());
                return;
            }
            Err(Halt::Need(need)) => {
                let body = chance.pick(pool).as_bytes().to_vec();
                let fact = match chance.below(2) {
                    0 => Fact::Read(Zeroizing::new(body)),
                    _ => Fact::Fetched { status: 200, headers: vec![("cache-control".into(), "x".into())], body },
                };
                input.tell(need, fact);
            }
        }
    }
}

fn value(field: &Field, pool: &[String], chance: &mut Chance) -> Given {
    let text = chance.pick(pool).clone();
    match (field.kind, chance.below(8)) {
        (Kind::Flag, _) => Given::Flag,
        (Kind::Choice(choices), _) => {
            Given::Text(Zeroizing::new(choices[chance.below(choices.len())].value.to_owned()))
        }
        (Kind::Number(least, _), 0..4) => Given::Text(Zeroizing::new(least.to_string())),
        (Kind::Duration, 0..4) => Given::Text(Zeroizing::new("5m".to_owned())),
        (Kind::Bytes { .. }, 0) => Given::Encoded(Encoding::Base64, Zeroizing::new(text)),
        (Kind::Bytes { .. }, 1) => Given::Bytes(Zeroizing::new(text.into_bytes())),
        (Kind::Bytes { .. } | Kind::Key | Kind::Json, 2) => Given::File(text),
        (Kind::Source, 2 | 3) => Given::Url(text),
        _ => Given::Text(Zeroizing::new(text)),
    }
}

/// Texts that are right somewhere, and texts that are right nowhere.
fn pool() -> Vec<String> {
    let key = made(&[("kty", "EC")]);
    let rsa = made(&[("kty", "RSA")]);
    let token = done("jwt sign", &[("claims", r#"{"sub":"ada","exp":1e300}"#), ("key", &key)]);
    let encrypted = done("jwe encrypt", &[("to", &public(&rsa)), ("message", "x"), ("format", "general")]);
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let owned = [
        &key,
        &rsa,
        &public(&key),
        &format!("{{\"keys\":[{key},7,null]}}"),
        &deep,
        &"x".repeat(100_000),
        &"é\u{0}".repeat(99),
    ];
    let texts = [token.text().expect("text"), encrypted.text().expect("text")];
    let mut pool: Vec<String> = owned.into_iter().cloned().chain(texts.map(str::to_owned)).collect();
    pool.extend(ODD.iter().map(|text| (*text).to_owned()));
    pool
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn pick<'a>(&mut self, pool: &'a [String]) -> &'a String {
        &pool[self.below(pool.len())]
    }
}

const ODD: &[&str] = &[
    "",
    " ",
    "\n",
    "\u{0}",
    "§",
    "😀",
    "-",
    "--",
    "=",
    ".",
    "..",
    "a.b.c",
    "....",
    "~",
    "{",
    "{}",
    "[]",
    "null",
    "1e999",
    "-1",
    "18446744073709551615",
    "99999999999999999999",
    "-9223372036854775808",
    "9999-12-31T23:59:60Z",
    "2024-02-30",
    "1h1h1h",
    "4294967295w",
    "ES256",
    "none",
    "HS256",
    "RSA1_5",
    "dir",
    "sha256=",
    "sha256=00",
    "t=1,v1=00",
    "v0=00",
    "v1,AA==",
    "Stripe-Signature: t=1,v1=00",
    "X-Hub-Signature-256: sha256=é",
    "webhook-signature: v1,",
    ": ",
    "whsec_",
    "whsec_AAAA",
    "otpauth://totp/?secret=",
    "otpauth://totp/a%:b?secret=MZXW6YTB&digits=6&period=1",
    "otpauth://hotp/x?secret=AA&counter=18446744073709551615",
    "$2b$04$",
    "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAA",
    "$scrypt$ln=1,r=1,p=1$AA$AAAAAAAAAAA",
    "pbkdf2_sha1$1$$AAAA",
    "https://",
    "http://[",
    "https://id.example.com",
    "https://id.example.com/keys?x=%",
    "https://a/?code=&code=&error=x",
    "%",
    "%4",
    "%zz",
    "{\"keys\":[]}",
    "{\"keys\":{}}",
    "{\"kty\":\"EC\"}",
    "{\"kty\":\"oct\",\"k\":\"\"}",
    "{\"a\":1,\"a\":2}",
    "{\"sub\":\"ada\"}",
    "{\"payload\":\"\",\"signatures\":[]}",
    "{\"payload\":\"\",\"signature\":\"\"}",
    "{\"ciphertext\":\"\",\"recipients\":[{}]}",
    "-----BEGIN",
    "-----BEGIN X-----\n-----END X-----",
    "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
    "P5 1 1 255 x",
    "P5 9999 9999 255 x",
    "eyJhbGciOiJub25lIn0.e30.",
    "eyJhbGciOiJIUzI1NiJ9.e30.AA",
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA.AAAA.AAAA",
];
