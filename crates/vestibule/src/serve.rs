//! `serve`: make what is missing, listen, answer, stop.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use web::look::Brand;

use crate::commands::Verdict;
use crate::config::Settings;
use crate::house::{self, House};
use crate::{connections, log};

/// Runs until a signal ends it.
pub(crate) fn run(settings: &Settings) -> anyhow::Result<Verdict> {
    if settings.get("tls.cert").is_some() {
        bail!("{}: TLS is not built yet; remove [tls] and put a proxy in front", settings.origin("tls.cert"));
    }
    log::start(settings);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(settings))?;
    Ok(Verdict::Done)
}

async fn serve(settings: &Settings) -> anyhow::Result<()> {
    let house = House::enter(settings)?;
    // First, since the issuer may be where we listen.
    let listen = house::required(settings, "listen");
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}; choose another address with --listen"))?;
    let address = listener.local_addr()?;
    let context = Arc::new(house.open(house::issuer_at(settings, address)).await?);
    let app = web::App::new(Arc::clone(&context), Brand::default(), crate::trace_id::next);
    let service = TowerToHyperService::new(web::router(app));
    // Before the announcement: who reads it may end us at once.
    let stop = stop_signal()?;
    tracing::info!(%address, issuer = context.issuer(), "accepting requests");
    announce(address)?;
    let jobs = tokio::spawn({
        let context = Arc::clone(&context);
        async move { context.run_jobs().await }
    });
    connections::serve(listener, service, stop).await;
    jobs.abort();
    // Its end, whichever it is: nothing uses the database after this.
    drop(jobs.await);
    context.close().await;
    Ok(())
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
