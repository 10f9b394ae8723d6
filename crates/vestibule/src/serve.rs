//! `serve`: make what is missing, listen, answer, stop.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use hyper_util::service::TowerToHyperService;
use idp::Context;
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
    runtime()?.block_on(serve(settings))?;
    Ok(Verdict::Done)
}

/// As many threads as there are processors.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn serve(settings: &Settings) -> anyhow::Result<()> {
    let house = House::enter(settings)?;
    // First, since the issuer may be where we listen.
    let listener = bind(house::required(settings, "listen"), "--listen").await?;
    let address = listener.local_addr()?;
    let context = Arc::new(house.open(house::issuer_at(settings, address)).await?);
    // Before the announcement: who reads it may end us at once.
    let stop = stop_signal()?;
    tracing::info!(%address, issuer = context.issuer(), "accepting requests");
    announce(address)?;
    answer(listener, context, stop).await;
    Ok(())
}

/// Listens there, or says which option would help.
pub(crate) async fn bind(listen: &str, option: &str) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind(listen).await;
    bound.with_context(|| format!("cannot listen on {listen}; choose another address with {option}"))
}

/// Answers until `stop` is ready, with the jobs beside it, and lets go of the context.
pub(crate) async fn answer(listener: TcpListener, context: Arc<Context>, stop: impl Future<Output = ()>) {
    let app = web::App::new(Arc::clone(&context), Brand::default(), crate::trace_id::next);
    let service = TowerToHyperService::new(web::router(app));
    let jobs = tokio::spawn({
        let context = Arc::clone(&context);
        async move { context.run_jobs().await }
    });
    connections::serve(listener, service, stop).await;
    jobs.abort();
    // Its end, whichever it is: nothing uses the database after this.
    drop(jobs.await);
    context.close().await;
}

/// SIGTERM or SIGINT.
pub(crate) fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
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
