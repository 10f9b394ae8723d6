//! What a configuration value may be, and how its text is checked.

use std::net::SocketAddr;
use std::path::Path;

use oidc::assurance::Contexts;
use oidc::site::{Host, Site};
use url::Url;
use verify::fetch::Network;
use web::look::brand::LogoType;

/// The kinds of values.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// An origin: https, or http on this machine.
    PublicUrl,
    /// `IP:PORT`.
    Address,
    /// A file or directory.
    Path,
    /// A list of `IP` or `IP/PREFIX`; in the environment with commas between.
    Networks,
    /// Where the database is; may hold a password.
    Database,
    /// A number and a unit.
    Duration,
    /// A whole number within these bounds.
    Number(u32, u32),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Where mail is delivered; may hold a password.
    SmtpUrl,
    /// A server to ask: https, or http on this machine.
    Server,
    /// `Name <address>`.
    Sender,
    /// A picture's file.
    Picture,
    /// `#rrggbb`.
    Colour,
    /// Names of levels of assurance.
    Contexts,
    /// A list of numbers of models of authenticators (AAGUID), written as UUIDs; in the environment with commas between.
    Models,
    /// The domain of plain websites, with a dot before it; or nothing.
    Domain,
    /// Rules of plain websites; in the environment with commas between.
    Sites,
    /// Any text.
    Text,
}

impl Kind {
    /// For people: what to write.
    pub(crate) fn expected(self) -> String {
        match self {
            Kind::PublicUrl => "an origin such as \"https://id.example.com\" (http only for localhost)".into(),
            Kind::Address => "an IP address and a port such as \"127.0.0.1:8080\"".into(),
            Kind::Path => "a path such as \"cert.pem\" or \"/var/lib/vestibule\"".into(),
            Kind::Networks => "a list of networks such as [\"127.0.0.1/32\"]".into(),
            Kind::Database => "\"sqlite:FILE\" or \"postgres://user:password@host/name\"".into(),
            Kind::Duration => "a time such as \"60s\", \"5m\", \"12h\" or \"30d\"".into(),
            Kind::Number(least, most) => format!("a number from {least} to {most}"),
            Kind::Choice(words) => {
                let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
                format!("one of {}", quoted.join(", "))
            }
            Kind::SmtpUrl => "\"smtps://user:password@host\" or \"smtp://host\"".into(),
            Kind::Server => "a URL such as \"https://range.example.com/range\" (http only for localhost)".into(),
            Kind::Sender => "a sender such as \"Vestibule <no-reply@example.com>\"".into(),
            Kind::Picture => "an svg, png, webp or jpg such as \"logo.svg\"".into(),
            Kind::Colour => "a colour such as \"#1b6a60\"".into(),
            Kind::Contexts => {
                "names such as \"https://refeds.org/profile/mfa=multi-factor\", with blanks between".into()
            }
            Kind::Models => "a list of AAGUIDs such as [\"2fc0579f-8113-47ea-b116-bb5a8db9202a\"]".into(),
            Kind::Domain => "a domain with a dot before it such as \".example.com\"".into(),
            Kind::Sites => {
                "a list of \"HOST[/PATH] [public | groups=A+B] [acr=NAME] [max-age=SECONDS]\", each path once".into()
            }
            Kind::Text => "a text in quotes".into(),
        }
    }

    /// Some value of this kind, for keys that have no default.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Kind::PublicUrl => "https://id.example.com",
            Kind::Address => "127.0.0.1:9090",
            Kind::Path => "file.pem",
            Kind::Networks => "127.0.0.1/32",
            Kind::Database => "sqlite:vestibule.db",
            Kind::Duration => "5m",
            Kind::Number(..) => "4",
            Kind::Choice(words) => words[0],
            Kind::SmtpUrl => "smtps://user:password@mail.example.com",
            Kind::Server => "https://range.example.com/range",
            Kind::Sender => "Vestibule <no-reply@example.com>",
            Kind::Picture => "logo.svg",
            Kind::Colour => "#1b6a60",
            Kind::Contexts => "https://refeds.org/profile/mfa=multi-factor",
            Kind::Models => "2fc0579f-8113-47ea-b116-bb5a8db9202a",
            Kind::Domain => ".example.com",
            Kind::Sites => "wiki.example.com",
            Kind::Text => "",
        }
    }

    /// Whether the file spells it as a list.
    pub(crate) fn is_list(self) -> bool {
        matches!(self, Kind::Networks | Kind::Models | Kind::Sites)
    }

    /// Whether the file spells it without quotes.
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Kind::Number(..))
    }

    /// Whether the value may hold a password.
    pub(crate) fn is_secret(self) -> bool {
        matches!(self, Kind::Database | Kind::SmtpUrl)
    }

    /// Whether `text` is such a value.
    pub(crate) fn accepts(self, text: &str) -> bool {
        match self {
            Kind::PublicUrl => is_origin(text),
            Kind::Address => text.parse::<SocketAddr>().is_ok(),
            Kind::Path => !text.is_empty() && !text.contains('\0'),
            Kind::Networks => list(text).all(|text| Network::parse(text).is_some()),
            Kind::Database => ["sqlite:", "postgres://", "postgresql://"]
                .iter()
                .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())),
            Kind::Duration => milliseconds(text).is_some(),
            Kind::Number(least, most) => number(text).is_some_and(|number| (least..=most).contains(&number)),
            Kind::Choice(words) => words.contains(&text),
            Kind::SmtpUrl => Url::parse(text).is_ok_and(|url| {
                let tls = matches!(url.query(), None | Some("tls=required" | "tls=none"));
                matches!(url.scheme(), "smtp" | "smtps") && url.has_host() && tls
            }),
            Kind::Server => is_server(text),
            Kind::Sender => text.parse::<lettre::message::Mailbox>().is_ok(),
            Kind::Picture => Kind::Path.accepts(text) && LogoType::of_file(Path::new(text)).is_some(),
            Kind::Colour => text.parse::<web::look::Colour>().is_ok(),
            Kind::Contexts => Contexts::parse(text).is_ok(),
            Kind::Models => list(text).all(|item| model(item).is_some()),
            Kind::Domain => {
                let domain = text.strip_prefix('.').filter(|domain| domain.contains('.') && !domain.contains(':'));
                text.is_empty() || domain.and_then(Host::parse).is_some()
            }
            Kind::Sites => Site::read_all(list(text)).is_some(),
            Kind::Text => !text.chars().any(char::is_control),
        }
    }
}

/// The number of a model as its maker writes it: 32 hexadecimal digits, in groups or not.
pub(crate) fn model(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    let number = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32 && !digits.starts_with('+'))?;
    Some(number.to_be_bytes())
}

/// The members of a list as the environment spells it.
pub(crate) fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// Digits alone, without a sign.
pub(crate) fn number(text: &str) -> Option<u32> {
    Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}

/// `90s`, `5m`, `12h`, `30d` in milliseconds: more than nothing, and at most a hundred years.
pub(crate) fn milliseconds(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = number.parse::<i64>().ok()?.checked_mul(unit)?;
    (1..=HUNDRED_YEARS).contains(&value).then_some(value)
}

/// OpenID Connect Discovery 1.0 §3: an issuer is https without query and fragment. On this machine http will do.
fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    // Nothing but scheme, host and port: no user, path, query or fragment.
    is_guarded(&url) && text.trim_end_matches('/') == url.origin().ascii_serialization()
}

/// A server and a path below which it is asked.
fn is_server(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        is_guarded(&url) && plain && url.password().is_none()
    })
}

/// Whether nobody on the way reads what is asked there.
fn is_guarded(url: &Url) -> bool {
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && local)
}

const HUNDRED_YEARS: i64 = 36_525 * 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(milliseconds("60s"), Some(60_000));
        assert_eq!(milliseconds("30d"), Some(2_592_000_000));
        for wrong in ["", "5", "m", "0s", "-5m", "+5m", "5 m", "5ms", "5é", "99999999999d", "36526d"] {
            assert_eq!(milliseconds(wrong), None, "{wrong}");
        }
    }

    /// OpenID Connect Discovery 1.0 §3.
    #[test]
    fn the_issuer_is_an_origin_and_http_only_here() {
        for right in ["https://id.example.com", "https://id.example.com/", "http://localhost:8080", "http://[::1]:1"] {
            assert!(Kind::PublicUrl.accepts(right), "{right}");
        }
        for wrong in
            ["http://id.example.com", "https://a/b", "https://a?b", "https://a#b", "https://u@a", "a", "ftp://a"]
        {
            assert!(!Kind::PublicUrl.accepts(wrong), "{wrong}");
        }
    }

    #[test]
    fn models() {
        let number = Some(0x2fc0579f_8113_47ea_b116_bb5a8db9202a_u128.to_be_bytes());
        assert_eq!(model("2fc0579f-8113-47ea-b116-bb5a8db9202a"), number);
        assert_eq!(model("2FC0579F811347EAB116BB5A8DB9202A"), number);
        for wrong in ["", "2fc0579f-8113-47ea-b116-bb5a8db9202", "2fc0579f-8113-47ea-b116-bb5a8db9202g", "YubiKey 5"] {
            assert_eq!(model(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn servers() {
        for right in ["https://api.pwnedpasswords.com/range", "https://range.example/", "http://localhost:8000/range"] {
            assert!(Kind::Server.accepts(right), "{right}");
        }
        for wrong in
            ["http://range.example", "range.example", "https://a/?b", "https://a/#b", "https://u:p@a/", "ftp://a"]
        {
            assert!(!Kind::Server.accepts(wrong), "{wrong}");
        }
    }

    #[test]
    fn networks() {
        assert!(Kind::Networks.accepts("127.0.0.1/32, ::1/128,10.0.0.1"));
        for wrong in ["127.0.0.1/33", "localhost", "10.0.0.0/-1", "::/129"] {
            assert!(!Kind::Networks.accepts(wrong), "{wrong}");
        }
    }
}
