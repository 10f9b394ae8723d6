//! Mails as they are read: subject, text and HTML from the catalogue.
//!
//! Each kind has up to four texts, `mail-KIND-subject`, `-text`, `-button` and `-end`; what is sent beside them (a link)
//! is the mail's own. Nothing in a mail is loaded from anywhere, and what a link does it does after a button of ours.

use askama::Template;
use idp::mail::{Letter, Mail};

use crate::look::{Brand, Locale, date, shown};
use crate::views::{Device, device_in_words};

/// A mail, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The language that it is written in.
    pub locale: Locale,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Writes a letter in its language, with links to the pages of this issuer; `None` where nothing is to be sent.
pub fn write(letter: &Letter, brand: &Brand, issuer: &str) -> Option<Written> {
    let locale = Locale::from_tag(&letter.locale).unwrap_or_default();
    let words = Words { locale, kind: letter.mail.kind(), brand: brand.name() };
    // A token of ours needs no escaping.
    let link = match &letter.mail {
        Mail::ConfirmAccount { token } => format!("{issuer}/signup/confirm?token={token}"),
        Mail::ResetPassword { token } => format!("{issuer}/recover?token={token}"),
        Mail::SignIn { token, .. } => format!("{issuer}/signin/email-link?token={token}"),
        Mail::AccountExists => format!("{issuer}/signin"),
        Mail::PasswordChanged => format!("{issuer}/recover"),
        Mail::NewDevice { token, .. } | Mail::EmailChanged { token } => format!("{issuer}/not-me?token={token}"),
        Mail::ChangeEmail { token } => format!("{issuer}/account/email/confirm?token={token}"),
        Mail::AccountLeaving { .. } => format!("{issuer}/signin"),
        Mail::AddressInUse => format!("{issuer}/account"),
        Mail::Nothing => return None,
    };
    let second = match &letter.mail {
        Mail::AccountExists => Some(format!("{issuer}/recover")),
        _ => None,
    };
    let about = match &letter.mail {
        Mail::SignIn { code, .. } => Some(code.clone()),
        Mail::NewDevice { agent, place, at, .. } => Some(sign_in(locale, agent, place.as_deref(), at.seconds())),
        Mail::AccountLeaving { at } => Some(date::moment(locale, at.seconds())),
        _ => None,
    };
    let (link, second, about) = (link.as_str(), second.as_deref(), about.as_deref());
    let subject = words.plain("subject");
    let text = Text { words: &words, about, link, second }.render();
    let html =
        Html { words: &words, about, link, second, fill: brand.fill().to_string(), ink: brand.on_fill().to_string() };
    Some(Written { locale, subject, text: text.expect(INFALLIBLE), html: html.render().expect(INFALLIBLE) })
}

/// Which sign-in: by what, from where, when. What a browser says of itself is read, and never shown.
fn sign_in(locale: Locale, agent: &str, place: Option<&str>, seconds: i64) -> String {
    let device = oidc::agent::device(agent);
    let device = device_in_words(locale, &Device { browser: device.browser, system: device.system });
    let parts = [Some(device), place.map(shown), Some(date::moment(locale, seconds))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The texts of one kind of mail.
struct Words<'a> {
    locale: Locale,
    kind: &'static str,
    brand: &'a str,
}

impl Words<'_> {
    fn plain(&self, part: &str) -> String {
        self.locale.plain(&self.key(part), "brand", self.brand)
    }

    fn html(&self, part: &str) -> String {
        self.locale.with(&self.key(part), "brand", self.brand)
    }

    fn foot(&self) -> String {
        self.locale.plain("mail-foot", "brand", self.brand)
    }

    fn name(&self) -> String {
        shown(self.brand)
    }

    fn key(&self, part: &str) -> String {
        format!("mail-{}-{part}", self.kind)
    }
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    words: &'a Words<'a>,
    about: Option<&'a str>,
    link: &'a str,
    second: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    words: &'a Words<'a>,
    about: Option<&'a str>,
    link: &'a str,
    second: Option<&'a str>,
    fill: String,
    ink: String,
}

const INFALLIBLE: &str = "writing into a String does not fail, and no filter here does";

#[cfg(test)]
mod tests {
    use super::*;
    use oidc::{Id, Time};

    const TOKEN: &str = "vst_ln_0123456789abcdef0123456789abcdef.0123456789abcdef";

    fn all() -> Vec<(Mail, String)> {
        let token = TOKEN.to_owned();
        vec![
            (Mail::ConfirmAccount { token: token.clone() }, format!("/signup/confirm?token={TOKEN}")),
            (Mail::AccountExists, "/signin".to_owned()),
            (Mail::ChangeEmail { token: token.clone() }, format!("/account/email/confirm?token={TOKEN}")),
            (Mail::AccountLeaving { at: Time::from_seconds(0) }, "/signin".to_owned()),
            (Mail::AddressInUse, "/account".to_owned()),
            (Mail::EmailChanged { token: TOKEN.into() }, format!("/not-me?token={TOKEN}")),
            (Mail::ResetPassword { token }, format!("/recover?token={TOKEN}")),
            (Mail::SignIn { code: "012345".into(), token: TOKEN.into() }, format!("/signin/email-link?token={TOKEN}")),
            (Mail::PasswordChanged, "/recover".to_owned()),
            (new_device(), format!("/not-me?token={TOKEN}")),
        ]
    }

    fn new_device() -> Mail {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0 <b>".to_owned();
        Mail::NewDevice { token: TOKEN.to_owned(), agent, place: Some("192.0.2.x".into()), at: Time::from_seconds(0) }
    }

    #[test]
    fn a_sign_in_is_told_by_device_place_and_time() {
        let Written { text, html, .. } = written(new_device(), "en", &Brand::default());
        for shown in [text, html] {
            assert!(shown.contains("Firefox on Linux · 192.0.2.x · 1 January 1970, 00:00 UTC"), "{shown}");
        }
    }

    fn written(mail: Mail, locale: &str, brand: &Brand) -> Written {
        let (id, at) = (Id::from_bytes([1; 16]), Time::from_seconds(0));
        let letter = Letter { id, to: "ada@example.com".into(), locale: locale.into(), mail, at };
        write(&letter, brand, "https://id.example").expect("a mail")
    }

    #[test]
    fn every_mail_has_its_texts_in_every_language() {
        for locale in Locale::ALL {
            for (mail, path) in all() {
                let kind = mail.kind();
                for part in ["subject", "text", "button", "end"] {
                    assert!(locale.has(&format!("mail-{kind}-{part}")), "{kind} {part} in {}", locale.tag());
                }
                let Written { subject, text, html, .. } = written(mail, locale.tag(), &Brand::default());
                assert!(!subject.is_empty() && !subject.contains(['\n', '\u{2068}']), "{subject}");
                let link = format!("https://id.example{path}");
                assert!(text.contains(&link) && html.contains(&format!("href=\"{link}\"")), "{kind}: {html}");
                assert!(html.contains(&format!("lang=\"{}\" dir=\"{}\"", locale.tag(), locale.dir())), "{html}");
                // No text is missing: its name would stand in its place.
                let (text, html) = (text.replace(&link, ""), html.replace(&link, ""));
                assert!(!text.contains("mail-") && !html.contains("mail-"), "{text}");
            }
        }
    }

    #[test]
    fn every_text_is_of_a_mail_that_there_is() {
        let kinds: Vec<&str> = all().iter().map(|(mail, _)| mail.kind()).collect();
        for locale in Locale::ALL {
            let keys = locale.source().lines().filter_map(|line| line.strip_prefix("mail-")?.split_once(" = "));
            for (key, _) in keys.filter(|(key, _)| *key != "foot" && !key.starts_with("sent-")) {
                let (kind, part) = key.rsplit_once('-').expect("kind and part");
                assert!(kinds.contains(&kind), "{key} in {}", locale.tag());
                assert!(["subject", "text", "button", "second", "end"].contains(&part), "{key}");
            }
        }
    }

    #[test]
    fn a_brand_is_only_ever_text() {
        let brand = Brand::new("<b>Seven\r\nBcc: eve@example.com\u{202e}");
        for (mail, _) in all() {
            let Written { subject, text, html, .. } = written(mail, "en", &brand);
            assert!(!html.contains("<b>") && !subject.contains(['\r', '\n']) && !text.contains('\u{202e}'), "{html}");
        }
    }

    /// Nothing in it tells the sender that it was opened.
    #[test]
    fn a_mail_loads_nothing() {
        for (mail, _) in all() {
            let html = written(mail, "en", &Brand::default()).html;
            for loading in ["src=", "url(", "<link", "<script", "@import", "background="] {
                assert!(!html.contains(loading), "{loading}");
            }
        }
    }

    #[test]
    fn an_unknown_language_is_english_and_nothing_is_no_mail() {
        let mail = Mail::ResetPassword { token: TOKEN.into() };
        assert_eq!(written(mail.clone(), "tlh", &Brand::default()), written(mail, "en", &Brand::default()));
        let (id, at) = (Id::from_bytes([1; 16]), Time::from_seconds(0));
        let letter = Letter { id, to: String::new(), locale: "en".into(), mail: Mail::Nothing, at };
        assert_eq!(write(&letter, &Brand::default(), "https://id.example"), None);
    }
}
