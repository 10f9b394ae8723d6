//! A mail server: SMTP under TLS from the first byte (`smtps`, RFC 8314 §3.3) or by STARTTLS (`smtp`, RFC 3207), which is
//! demanded, never only tried. Without TLS only to a server on this machine, or where `?tls=none` asks for it.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context as _;
use idp::mail::SendError;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use url::Url;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// A mail server; connected with the first mail.
pub(super) struct Server {
    url: Url,
    hello: String,
    transport: OnceLock<Transport>,
}

impl Server {
    /// The server at `mail.smtp_url`, to which we introduce ourselves as `hello`.
    pub(super) fn at(url: &str, hello: &str) -> anyhow::Result<Self> {
        let mut url = Url::parse(url).context("mail.smtp_url is no URL; write smtps://user:password@host")?;
        let query = if plain(&url) { None } else { Some("tls=required") };
        url.set_query(query);
        Ok(Self { url, hello: hello.to_owned(), transport: OnceLock::new() })
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), SendError> {
        match self.transport().map_err(|error| SendError::Later(error.to_string()))?.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if is_final(&error) => Err(SendError::Refused(error.to_string())),
            Err(error) => Err(SendError::Later(shown(&error))),
        }
    }

    fn transport(&self) -> Result<&Transport, Error> {
        if let Some(transport) = self.transport.get() {
            return Ok(transport);
        }
        let built = Transport::from_url(self.url.as_str())?
            .hello_name(ClientId::Domain(self.hello.clone()))
            .timeout(Some(PATIENCE))
            .build();
        Ok(self.transport.get_or_init(|| built))
    }
}

/// Whether this server is spoken to without TLS.
fn plain(url: &Url) -> bool {
    // In a URL of this scheme an IPv4 address is a name like any other.
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let asked = url.query();
    url.scheme() == "smtp" && (asked == Some("tls=none") || (here && asked.is_none()))
}

/// RFC 5321 §4.2.3: this mailbox will not have this mail. Any other refusal, such as of our password, is the operator's
/// to mend, and the mail waits for that.
fn is_final(error: &Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 550..=553))
}

/// With its causes, since the first line often says only that the connection failed.
fn shown(error: &Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// For one command: less than the queue waits for a whole mail.
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8314 §3: what carries passwords goes under TLS.
    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        for (url, without) in [
            ("smtp://localhost", true),
            ("smtp://127.0.0.1:2525", true),
            ("smtp://[::1]", true),
            ("smtp://localhost?tls=required", false),
            ("smtp://mail.example.com", false),
            ("smtp://user:password@mail.example.com:587", false),
            ("smtp://mail.example.com?tls=none", true),
            ("smtps://localhost", false),
            ("smtps://mail.example.com?tls=none", false),
        ] {
            assert_eq!(plain(&Url::parse(url).expect(url)), without, "{url}");
        }
    }
}
