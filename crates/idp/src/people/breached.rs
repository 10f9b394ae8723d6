//! Passwords that were stolen elsewhere (NIST SP 800-63B-4 §3.1.1.2): asked of a server by a part of their hash, so that it
//! does not learn which is meant. The protocol is that of Pwned Passwords: `GET {url}/{first five digits of the SHA-1}`
//! gives the other 35 of each that it knows, `SUFFIX:COUNT` in a line.
//!
//! Where nobody answers, the password will do: a server of somebody else's must not decide who can have an account. What
//! is logged then names neither the prefix nor the person.

use std::fmt::Write as _;
use std::time::Duration;

use jose::alg::Hash;
use jose::provider::aws_lc;
use zeroize::Zeroizing;

use crate::Context;
use crate::outbound::{Fetched, Get, NotSent};
use crate::passwords::normalised;

impl Context {
    /// Whether this password is known to have been stolen, as far as anybody is asked.
    pub(super) async fn is_breached(&self, password: &str) -> bool {
        let Some(url) = &self.settings.passwords.breached_url else { return false };
        let hash = sha1(&normalised(password));
        let (prefix, suffix) = hash.split_at(PREFIX);
        let asked = Get {
            from: format!("{}/{prefix}", url.trim_end_matches('/')),
            headers: PADDED,
            most_bytes: MOST_BYTES,
            within: LONGEST,
        };
        match listed(self.outbound.get(asked).await, suffix) {
            Ok(listed) => listed,
            Err(why) => {
                self.tally.breach_unknown();
                tracing::warn!(
                    why,
                    "whether a new password was stolen elsewhere could not be asked; it was let through"
                );
                false
            }
        }
    }
}

/// Whether the answer lists the suffix, with a count above zero: what is padded counts nothing.
fn listed(answer: Result<Fetched, NotSent>, suffix: &str) -> Result<bool, &'static str> {
    // What went wrong inside may name the address, and with it the prefix.
    let fetched = answer.map_err(|_| "no answer")?;
    if fetched.status != 200 {
        return Err("the answer is no list");
    }
    let text = std::str::from_utf8(&fetched.body).map_err(|_| "the answer is no text")?;
    let mut lines = text.lines().map(|line| line.trim().split_once(':'));
    let is_it = |line: Option<(&str, &str)>| {
        let (known, count) = line?;
        let count: u64 = count.trim().parse().ok()?;
        Some(known.eq_ignore_ascii_case(suffix) && count > 0)
    };
    // A proxy's page of greetings is no list: it says of no password that it is free of blame.
    lines.try_fold(false, |found, line| Some(found | is_it(line)?)).ok_or("the answer is not as it should be")
}

fn sha1(text: &str) -> Zeroizing<String> {
    let mut digest = aws_lc().digest(Hash::Sha1);
    digest.update(text.as_bytes());
    let mut hex = Zeroizing::new(String::with_capacity(40));
    for byte in digest.finish() {
        let _ = write!(hex, "{byte:02X}");
    }
    hex
}

/// Digits that the server sees.
const PREFIX: usize = 5;
/// How long the answer is tells nobody on the way which prefix it is for.
const PADDED: &[(&str, &str)] = &[("add-padding", "true")];
/// A list has about 1,000 lines of some 40 bytes.
const MOST_BYTES: usize = 256 * 1024;
/// A person waits meanwhile.
const LONGEST: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<Fetched, NotSent> {
        Ok(Fetched { status, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn the_hash_is_written_as_the_list_has_it() {
        assert_eq!(sha1("password").as_str(), "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
    }

    #[test]
    fn what_an_answer_says() {
        let suffix = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
        for (answered, verdict) in [
            (answer(200, &format!("00A:1\r\n{suffix}:3861493\r\nFF0:2")), Ok(true)),
            (answer(200, &format!("{}:7\n", suffix.to_lowercase())), Ok(true)),
            (answer(200, &format!("{suffix}:0\r\nFF0:2")), Ok(false)),
            (answer(200, "00A:1\r\nFF0:2\r\n"), Ok(false)),
            (answer(200, ""), Ok(false)),
            (answer(200, "<html>Welcome</html>"), Err("the answer is not as it should be")),
            (answer(200, &format!("{suffix}:many")), Err("the answer is not as it should be")),
            (answer(302, &format!("{suffix}:1")), Err("the answer is no list")),
            (answer(503, ""), Err("the answer is no list")),
            (Err(NotSent("https://range.example/5BAA6 is away".to_owned())), Err("no answer")),
            (Ok(Fetched { status: 200, body: vec![0xff] }), Err("the answer is no text")),
        ] {
            assert_eq!(listed(answered.clone(), suffix), verdict, "{answered:?}");
        }
    }
}
