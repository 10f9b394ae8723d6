//! TLS on our own sockets: rustls on aws-lc, TLS 1.2 and 1.3, HTTP/1.1 alone.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::Settings;

/// What shakes hands, where the configuration has `[tls]`.
pub(crate) fn acceptor(settings: &Settings) -> anyhow::Result<Option<TlsAcceptor>> {
    let (Some(cert), Some(key)) = (settings.path("tls.cert"), settings.path("tls.key")) else { return Ok(None) };
    if settings.get("tls.client_ca").is_some() {
        bail!("{}: client certificates are not built yet; remove tls.client_ca", settings.origin("tls.client_ca"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain(&cert)?, private_key(&key)?)
        .with_context(|| {
            let (cert, key) = (cert.display(), key.display());
            format!("{cert} and {key} do not belong together; give the certificate of this key")
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

fn chain(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let wrong = || format!("tls.cert: {} holds no certificate; give a chain in PEM, our own first", path.display());
    chain.ok().filter(|chain| !chain.is_empty()).with_context(wrong)
}

fn private_key(path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    // The reason is left out: it must not tell what the file holds.
    PrivateKeyDer::from_pem_file(path)
        .ok()
        .with_context(|| format!("tls.key: {} holds no private key that is open; give one in PEM", path.display()))
}
