//! TLS towards a host.

use std::io;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::FetchError;

/// The roots of the machine are read once, and only where they are needed.
#[derive(Clone, Default)]
pub(super) struct Tls(Arc<OnceLock<TlsConnector>>);

impl Tls {
    pub(super) fn of(config: Arc<ClientConfig>) -> Self {
        Self(Arc::new(OnceLock::from(TlsConnector::from(config))))
    }

    /// `host` as a URL writes it: an IPv6 address in brackets.
    pub(super) async fn connect(&self, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, FetchError> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(bare.to_owned());
        let name = name.map_err(|_| FetchError::Url("its host is no name for a certificate"))?;
        let connector = match self.0.get() {
            Some(connector) => connector,
            None => {
                let made = machine().map_err(FetchError::Tls)?;
                self.0.get_or_init(|| made)
            }
        };
        connector.connect(name, stream).await.map_err(FetchError::Tls)
    }
}

/// With the roots of the machine, or those in SSL_CERT_FILE.
fn machine() -> io::Result<TlsConnector> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let advice = "there are no root certificates on this machine; install them or name a file in SSL_CERT_FILE";
        return Err(io::Error::other(advice));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
