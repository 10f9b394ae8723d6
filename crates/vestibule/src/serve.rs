//! `serve`: make what is missing, listen, answer, stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Settings;
use crate::{connections, environment, log, master_key};

/// Runs until a signal ends it.
pub(crate) fn run(settings: &Settings) -> anyhow::Result<()> {
    if settings.get("tls.cert").is_some() {
        bail!("{}: TLS is not built yet; remove [tls] and put a proxy in front", settings.origin("tls.cert"));
    }
    log::start(settings);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(settings))
}

async fn serve(settings: &Settings) -> anyhow::Result<()> {
    let data_dir = settings.path("data_dir").expect("a key with a default in the table");
    make_private_directory(&data_dir)?;
    let key_file = data_dir.join(required(settings, "master_key_file"));
    let _master_key = master_key::load(environment::variable("VESTIBULE_MASTER_KEY"), &key_file)?;
    let context = Arc::new(idp::Context::open(required(settings, "database.url"), &data_dir).await?);
    let listen = required(settings, "listen");
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}; choose another address with --listen"))?;
    let address = listener.local_addr()?;
    let public_url = public_url(settings.get("public_url"), address);
    let service = TowerToHyperService::new(web::router(Arc::clone(&context), crate::trace_id::next));
    // Before the announcement: who reads it may end us at once.
    let stop = stop_signal()?;
    tracing::info!(%address, public_url, "accepting requests");
    announce(address)?;
    connections::serve(listener, service, stop).await;
    context.close().await;
    Ok(())
}

fn required<'a>(settings: &'a Settings, path: &'static str) -> &'a str {
    settings.get(path).expect("a key with a default in the table")
}

/// The issuer: as configured, or where we listen. «Every address» is no address to send a browser to.
fn public_url(configured: Option<&str>, address: SocketAddr) -> String {
    match configured {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
        None => format!("http://{address}"),
    }
}

fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// The one line that scripts wait for.
fn announce(address: SocketAddr) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{address}")?;
    Ok(out.flush()?)
}

fn make_private_directory(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make the data directory {}; choose another with --data-dir", path.display()))
}
