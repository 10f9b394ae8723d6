//! The post: letters are written by `web` and taken to a folder or to a mail server.

mod file;
mod smtp;

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context as _;
use idp::mail::{Letter, Mailer, SendError};
use lettre::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use url::Url;
use web::look::Brand;
use web::mails::Written;

use self::file::Folder;
use self::smtp::Server;
use crate::config::Settings;

/// Sends letters from one sender.
pub(crate) struct Post {
    brand: Brand,
    from: Mailbox,
    /// What links begin with.
    issuer: String,
    /// The right half of a `Message-ID`: the issuer's host.
    host: String,
    way: Way,
}

/// Where letters are taken.
enum Way {
    Folder(Folder),
    Server(Server),
}

impl Post {
    /// As `[mail]` says. Nothing is connected yet.
    pub(crate) fn of(settings: &Settings, data_dir: &Path, brand: Brand, issuer: &str) -> anyhow::Result<Self> {
        let from = settings.get("mail.from").unwrap_or_default();
        let from = from.parse().with_context(|| format!("mail.from: {from:?} is no sender; write Name <address>"))?;
        let host = Url::parse(issuer).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let way = match (settings.get("mail.transport"), settings.get("mail.smtp_url")) {
            (Some("smtp"), Some(url)) => Way::Server(Server::at(url, &host)?),
            _ => Way::Folder(Folder::at(data_dir.join("mail"))),
        };
        Ok(Self { brand, from, issuer: issuer.to_owned(), host, way })
    }

    async fn take(&self, letter: &Letter) -> Result<(), SendError> {
        let Some(written) = web::mails::write(letter, &self.brand, &self.issuer) else { return Ok(()) };
        let message = self.message(letter, written)?;
        match &self.way {
            Way::Folder(folder) => folder.put(letter, message.formatted()).await,
            Way::Server(server) => server.send(message).await,
        }
    }

    /// RFC 5322, with text and HTML as alternatives (RFC 2046 §5.1.4).
    fn message(&self, letter: &Letter, written: Written) -> Result<Message, SendError> {
        let refused = |error: &dyn std::fmt::Display| SendError::Refused(error.to_string());
        let to: Address = letter.to.parse().map_err(|error| refused(&error))?;
        let at = UNIX_EPOCH + Duration::from_millis(letter.at.millis().unsigned_abs());
        let Written { locale, subject, text, html } = written;
        let html_part = part(ContentType::TEXT_HTML, html);
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .date(at)
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .multipart(MultiPart::alternative().singlepart(part(ContentType::TEXT_PLAIN, text)).singlepart(html_part));
        let mut message = message.map_err(|error| refused(&error))?;
        let headers = message.headers_mut();
        let mut set = |name, value: &str| {
            headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()));
        };
        set("Content-Language", locale.tag());
        // RFC 3834 §5: no machine need answer.
        set("Auto-Submitted", "auto-generated");
        Ok(message)
    }
}

/// ASCII goes as it is, so that a link stands whole in the mail's source; lines may have 998 letters (RFC 5322 §2.1.1).
fn part(kind: ContentType, text: String) -> SinglePart {
    let as_it_is = text.is_ascii() && text.lines().all(|line| line.len() < 998);
    SinglePart::builder().header(kind).body(match as_it_is {
        true => {
            let lines: Vec<&str> = text.lines().collect();
            Body::dangerous_pre_encoded(lines.join("\r\n").into_bytes(), ContentTransferEncoding::SevenBit)
        }
        false => Body::new(text),
    })
}

impl Mailer for Post {
    fn send<'a>(&'a self, letter: &'a Letter) -> Pin<Box<dyn Future<Output = Result<(), SendError>> + Send + 'a>> {
        Box::pin(self.take(letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idp::mail::Mail;
    use oidc::{Id, Time};

    const TOKEN: &str = "vst_ln_0123456789abcdef0123456789abcdef.0123456789abcdef0123456789abcdef";

    fn eml(to: &str, locale: &str) -> Result<String, SendError> {
        let brand = Brand::default();
        let post = Post::of(&Settings::default(), Path::new("/"), brand, "https://id.example").expect("settings");
        let (id, at) = (Id::from_bytes([7; 16]), Time::from_seconds(1_793_610_000));
        let mail = Mail::ResetPassword { token: TOKEN.to_owned() };
        let letter = Letter { id, to: to.to_owned(), locale: locale.to_owned(), mail, at };
        let written = web::mails::write(&letter, &post.brand, &post.issuer).expect("a mail");
        post.message(&letter, written).map(|message| String::from_utf8(message.formatted()).expect("ASCII"))
    }

    #[test]
    fn a_mail_is_what_rfc_5322_asks() {
        let text = eml("ada@example.com", "en").expect("a mail");
        let (head, body) = text.split_once("\r\n\r\n").expect("head and body");
        for line in [
            "From: Vestibule <no-reply@localhost>",
            "To: ada@example.com",
            "Subject: Set a new password",
            "Date: Mon, 02 Nov 2026 09:00:00 +0000",
            "Message-ID: <07070707070707070707070707070707@id.example>",
            "Content-Language: en",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(head.split("\r\n").any(|have| have == line), "{line} is not in\n{head}");
        }
        assert!(body.contains(&format!("\r\nhttps://id.example/recover?token={TOKEN}\r\n")), "{body}");
        assert!(text.is_ascii() && text.split("\r\n").all(|line| line.len() < 998 && !line.contains('\n')));
        assert!(eml("ada@example.com", "ar").expect("a mail").is_ascii());
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        for to in ["", "ada", "ada@example.com\r\nBcc: eve@example.com", "Ada <ada@example.com>"] {
            assert!(matches!(eml(to, "en"), Err(SendError::Refused(_))), "{to:?}");
        }
        assert!(eml("jürgen@bücher.example", "en").is_ok());
    }
}
