//! `serve`: make what is missing, listen, answer, stop.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use idp::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;
use web::look::Brand;

use crate::brand;
use crate::commands::Verdict;
use crate::commands::tools_folder::MODULE;
use crate::config::Settings;
use crate::connections::Door;
use crate::doorman::{Doorman, Shown};
use crate::house::{self, House};
use crate::metrics::Metrics;
use crate::proxies::Proxies;
use crate::{log, revoked, tls};

/// Runs until a signal ends it.
pub(crate) fn run(settings: &Settings) -> anyhow::Result<Verdict> {
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
    let tls = tls::acceptor(settings)?;
    let brand = brand::of(settings)?;
    // First, since the issuer may be where we listen.
    let listener = bind(house::required(settings, "listen"), "--listen").await?;
    let address = listener.local_addr()?;
    let metrics = match settings.get("metrics.listen") {
        Some(listen) => Some(bind(listen, "metrics.listen").await?),
        None => None,
    };
    let context = Arc::new(house.open(house::issuer_at(settings, address)).await?);
    // Before the announcement: who reads it may end us at once.
    let stop = stop_signal()?;
    tracing::info!(%address, issuer = context.issuer(), "accepting requests");
    if let Some(listener) = &metrics {
        tracing::info!(address = %listener.local_addr()?, "showing metrics");
    }
    announce(address, if tls.is_some() { "https" } else { "http" })?;
    let doors = Doors { listener, tls, metrics, proxies: Proxies::of(settings) };
    let watching = settings.revoked_list().map(|list| tokio::spawn(revoked::watch(list, Arc::clone(&context))));
    answer(doors, context, brand, stop).await;
    if let Some(watching) = watching {
        watching.abort();
    }
    Ok(())
}

/// Where the provider listens.
pub(crate) struct Doors {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<TlsAcceptor>,
    /// The listener for `/metrics` alone, where there is one.
    pub(crate) metrics: Option<TcpListener>,
    pub(crate) proxies: Proxies,
}

/// Listens there, or says which option would help.
pub(crate) async fn bind(listen: &str, option: &str) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind(listen).await;
    bound.with_context(|| format!("cannot listen on {listen}; choose another address with {option}"))
}

/// Answers until `stop` is ready, with the jobs beside it, and lets go of the context.
pub(crate) async fn answer(doors: Doors, context: Arc<Context>, brand: Brand, stop: impl Future<Output = ()>) {
    let Doors { listener, tls, metrics: metrics_listener, proxies } = doors;
    let app = web::App::new(Arc::clone(&context), brand, MODULE, crate::trace_id::next);
    let metrics = Arc::new(Metrics::new(Arc::clone(&context)));
    let own = metrics_listener.is_some();
    let beside = tokio::spawn({
        let (context, metrics) = (Arc::clone(&context), Arc::clone(&metrics));
        async move { tokio::join!(context.run_jobs(), show(metrics_listener, metrics)) }
    });
    let shown = if own { Shown::Elsewhere } else { Shown::Here };
    let doorman = Doorman::new(web::router(app), proxies, metrics, shown);
    Door { listener, tls, doorman }.open(stop).await;
    beside.abort();
    // Its end, whichever it is: nothing uses the database after this.
    drop(beside.await);
    context.close().await;
}

/// Shows the metrics on a listener of their own, until it is dropped.
async fn show(listener: Option<TcpListener>, metrics: Arc<Metrics>) {
    let Some(listener) = listener else { return };
    let doorman = Doorman::new(web::Router::new(), Proxies::default(), metrics, Shown::All);
    Door { listener, tls: None, doorman }.open(std::future::pending()).await;
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
fn announce(address: SocketAddr, scheme: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on {scheme}://{address}")?;
    Ok(out.flush()?)
}
