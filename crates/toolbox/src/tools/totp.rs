//! One-time codes by time (RFC 6238) and by counter (RFC 4226).

mod uri;

use jose::alg::Hash;
use zeroize::Zeroizing;

use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::encoding::{base32, unbase32};
use crate::input::{Given, Input};
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output, Verdict};
use crate::run::Env;
use crate::time;
use uri::Parameters;

pub(crate) const TOOL: Tool = Tool {
    name: "totp",
    title: "TOTP",
    summary: "Computes one-time codes, checks them and says by how much a clock is off",
    actions: &[Action {
        name: "",
        title: "Compute",
        summary: "Computes the code of a secret, or checks one; without a secret makes a new one",
        example: "vestibule totp --secret-file totp.txt",
        fields: &[
            Field::new(
                "secret",
                Kind::Bytes { file: "secret-file" },
                "Secret",
                "The secret in base32, as authenticator apps take it",
            )
            .secret()
            .example("GEZDGNBVGY3TQOJQ"),
            Field::new(
                "uri",
                Kind::Text,
                "URI",
                "An otpauth URI, as a QR code holds it, instead of secret and settings",
            )
            .secret()
            .example("otpauth://totp/…"),
            Field::new("code", Kind::Text, "Code", "A code to check").example("123456"),
            Field::new("at", Kind::Time, "At", "The time of the code, instead of now"),
            Field::new(
                "counter",
                Kind::Number(0, u64::MAX),
                "Counter",
                "The counter of an HOTP code (RFC 4226), instead of the time",
            ),
            Field::new("window", Kind::Number(0, 10), "Window", "How many steps a code may be early or late")
                .default("1"),
            Field::new(
                "alg",
                Kind::Choice(&[
                    Choice::new("sha1", "SHA-1"),
                    Choice::new("sha256", "SHA-256"),
                    Choice::new("sha512", "SHA-512"),
                ]),
                "Hash",
                "The hash; apps take SHA-1 unless told",
            )
            .default("sha1"),
            Field::new("digits", Kind::Number(6, 10), "Digits", "How many digits").default("6"),
            Field::new("period", Kind::Number(1, 3600), "Period", "Seconds of a step").default("30"),
            Field::new("issuer", Kind::Text, "Issuer", "The service, as an app shows it").example("Example"),
            Field::new("account", Kind::Text, "Account", "The account, as an app shows it").example("ada@example.com"),
            Field::new("qr", Kind::Flag, "QR code", "Draw the QR code"),
        ],
        prints: Prints::Report,
        work: Work::Once(run),
    }],
};

fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (parameters, new) = parameters(env, input)?;
    let now = input.moment("at").unwrap_or(env.now);
    let counter = input.number("counter").filter(|_| input.given("counter").is_some()).or(parameters.counter);
    let step = counter.unwrap_or_else(|| now.div_euclid(parameters.period as i64).max(0) as u64);
    let code = hotp(env, &parameters, step);
    let mut output = match input.text("code")? {
        Some(given) => checked(env, &parameters, step, counter.is_some(), window(input), &given),
        None => Output::default().line("code", "code", code.as_str()),
    };
    if counter.is_none() && output.verdict == Verdict::Done {
        let left = parameters.period as i64 - now.rem_euclid(parameters.period as i64);
        output = output.line("good for", "seconds_left", format!("{left} s"));
        output.result.insert("seconds_left".into(), left.into());
    }
    if new || input.flag("qr") || input.given("issuer").is_some() || input.given("account").is_some() {
        output = enrolment(output, &parameters)?;
    }
    output.notes.extend(remarks(&parameters));
    Ok(output)
}

fn window(input: &Input) -> u64 {
    input.number("window").unwrap_or(1)
}

fn hotp(env: &Env<'_>, parameters: &Parameters, counter: u64) -> Zeroizing<String> {
    jose::otp::hotp(env.provider, parameters.hash, &parameters.secret, counter, parameters.digits)
}

/// RFC 6238 §5.2 and §6: within the window it is good; further away, it says how far a clock is off.
fn checked(env: &Env<'_>, parameters: &Parameters, step: u64, counted: bool, window: u64, given: &str) -> Output {
    let given: String = given.chars().filter(|letter| !letter.is_whitespace()).collect();
    let matches = |step: u64| {
        let code = hotp(env, parameters, step);
        env.provider.constant_time_eq(code.as_bytes(), given.as_bytes())
    };
    // The nearest first, the past before the future.
    let near = (0..=SEARCHED).flat_map(|apart| {
        [step.checked_sub(apart).map(|at| (at, -(apart as i64))), step.checked_add(apart).map(|at| (at, apart as i64))]
    });
    let found = near.flatten().find(|(at, _)| matches(*at)).map(|(_, drift)| drift);
    let good = found.is_some_and(|drift| drift.unsigned_abs() <= window);
    let mut output = Output::verdict(if good { Verdict::Yes } else { Verdict::No });
    output = output.line("code", "code", if good { "matches" } else { "does not match" });
    if let Some(drift) = found {
        let words = match (drift, counted) {
            (0, _) => "none".to_owned(),
            (steps, true) => format!("{steps:+} steps"),
            (steps, false) => format!("{steps:+} steps ({:+} s)", steps * parameters.period as i64),
        };
        output = output.line("drift", "drift", words).member("drift_steps", drift);
    }
    match found {
        Some(drift) if !good && counted => {
            let text = format!("the code is that of {drift:+} steps: the counters have drifted apart");
            output.notes.push(Note::new(Level::Fault, "totp-drift", text).clause("RFC 4226 §7.4"));
        }
        Some(drift) if !good => {
            let off = time::span(drift * parameters.period as i64);
            let way = if drift < 0 { "behind" } else { "ahead of" };
            let text = format!(
                "the code is right for another time: the device's clock is {off} {way} this one, or the code was typed late"
            );
            output.notes.push(
                Note::new(Level::Fault, "totp-drift", text)
                    .cause("set both clocks; --window accepts more")
                    .clause("RFC 6238 §6"),
            );
        }
        None => {
            let length = given.len() != parameters.digits as usize;
            let cause = if length {
                format!("it has {} digits, and {} are expected", given.len(), parameters.digits)
            } else {
                "another secret, or other settings (hash, digits, period)".into()
            };
            output.notes.push(
                Note::new(Level::Fault, "totp-mismatch", "the code is that of no step within an hour").cause(cause),
            );
        }
        Some(_) => {}
    }
    output
}

fn parameters(env: &Env<'_>, input: &Input) -> Result<(Parameters, bool), Halt> {
    if let Some(uri) = input.text("uri")? {
        return Ok((uri::parse(&uri)?, false));
    }
    let secret = match input.given("secret") {
        None => None,
        // Decoded already.
        Some(Given::Encoded(..)) => input.bytes("secret")?,
        Some(_) => {
            let text = input.required("secret")?;
            let wrong = |error| {
                ToolError::of("secret", format!("the secret is {error}"), "give it as the service showed it, or in hex")
            };
            Some(Zeroizing::new(unbase32(&text).map_err(wrong)?))
        }
    };
    let new = secret.is_none();
    if new && input.given("code").is_some() {
        return Err(input.missing("secret").into());
    }
    let secret = match secret {
        Some(secret) if secret.is_empty() => {
            return Err(ToolError::of("secret", "the secret is empty", "give it").into());
        }
        Some(secret) => secret,
        None => {
            // RFC 4226 §4, R6: 160 bits.
            let mut secret = Zeroizing::new(vec![0; 20]);
            env.provider.fill_random(&mut secret).map_err(ToolError::provider)?;
            secret
        }
    };
    let hash = uri::hash(input.choice("alg")?).unwrap_or(Hash::Sha1);
    let text = |field| Ok::<_, Halt>(input.text(field)?.map(|text| text.to_string()));
    let parameters = Parameters {
        secret,
        hash,
        digits: input.number("digits").unwrap_or(6) as u32,
        period: input.number("period").unwrap_or(30),
        counter: None,
        issuer: text("issuer")?,
        account: text("account")?,
    };
    Ok((parameters, new))
}

fn enrolment(mut output: Output, parameters: &Parameters) -> Result<Output, ToolError> {
    let secret = Zeroizing::new(base32(&parameters.secret));
    let uri = uri::write(parameters);
    output = output.member("secret", secret.as_str()).member("uri", uri.as_str());
    output.blocks.push(Block::Secret { name: "secret".into(), text: secret });
    output.blocks.push(Block::Secret { name: "uri".into(), text: Zeroizing::new(uri.clone()) });
    output.blocks.push(super::qr::draw(&uri)?);
    Ok(output)
}

fn remarks(parameters: &Parameters) -> Vec<Note> {
    let bits = parameters.secret.len() * 8;
    let short = (bits < 128).then(|| {
        let text = format!("the secret has {bits} bits; 128 are the least, 160 advised");
        Note::new(Level::Warning, "totp-short", text).clause("RFC 4226 §4")
    });
    short.into_iter().collect()
}

/// Steps searched each way: an hour of the usual period.
const SEARCHED: u64 = 120;
