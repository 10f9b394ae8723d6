//! Connections: hyper directly, with the limits of DESIGN §6 that `axum::serve` hides.

use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use crate::lingering::Lingering;

/// What answers the requests.
pub(crate) type Service = TowerToHyperService<web::Router>;

/// Accepts until `stop` is ready, then finishes what is under way, for [`GRACE`] at most.
pub(crate) async fn serve(listener: TcpListener, service: Service, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => answer(stream, service.clone(), &graceful),
                Err(error) => {
                    // Out of file descriptors, most likely: let some connections end first.
                    tracing::warn!(%error, "cannot accept");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were not finished in time");
    }
}

fn answer(stream: TcpStream, service: Service, graceful: &GracefulShutdown) {
    // Answers are small and written at once; waiting for more only delays them.
    drop(stream.set_nodelay(true));
    // HTTP/1.1 alone on an open connection: to guess HTTP/2 from its first bytes means to wait for them without limit.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_READ).max_buf_size(HEAD);
    let watched = graceful.watch(builder.serve_connection(TokioIo::new(Lingering::new(stream)), service).into_owned());
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

const GRACE: Duration = Duration::from_secs(10);
const HEADER_READ: Duration = Duration::from_secs(10);
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// hyper's own limit holds only roughly, and its refusal carries no trace id: the exact one, 32 KiB, is `web`'s.
const HEAD: usize = 64 * 1024;
