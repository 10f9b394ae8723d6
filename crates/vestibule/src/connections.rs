//! Connections: hyper directly, with the limits of DESIGN §6 that `axum::serve` hides.

use std::net::IpAddr;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::doorman::Doorman;
use crate::lingering::Lingering;

/// Where connections come from, and who answers them.
pub(crate) struct Door {
    pub(crate) listener: TcpListener,
    /// Absent: plain HTTP.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) doorman: Doorman,
}

impl Door {
    /// Accepts until `stop` is ready, then finishes what is under way, for [`GRACE`] at most.
    pub(crate) async fn open(self, stop: impl Future<Output = ()>) {
        let Self { listener, tls, doorman } = self;
        let graceful = GracefulShutdown::new();
        // Its end tells those who still shake hands that nobody waits for them.
        let (open, closed) = watch::channel(());
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => {
                        let visit = Visit { doorman: doorman.clone(), peer: peer.ip(), watcher: graceful.watcher() };
                        visit.begin(stream, tls.clone(), closed.clone());
                    }
                    Err(error) => {
                        // Out of file descriptors, most likely: let some connections end first.
                        tracing::warn!(%error, "cannot accept");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                () = &mut stop => break,
            }
        }
        drop((listener, open));
        if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests were not finished in time");
        }
    }
}

/// One connection to be.
struct Visit {
    doorman: Doorman,
    peer: IpAddr,
    watcher: Watcher,
}

impl Visit {
    fn begin(self, stream: TcpStream, tls: Option<TlsAcceptor>, mut closed: watch::Receiver<()>) {
        // Answers are small and written at once; waiting for more only delays them.
        drop(stream.set_nodelay(true));
        let stream = Lingering::new(stream);
        let Some(tls) = tls else {
            tokio::spawn(self.answer(stream));
            return;
        };
        tokio::spawn(async move {
            let shaken = tokio::select! {
                shaken = tokio::time::timeout(HEADER_READ, tls.accept(stream)) => shaken,
                _ = closed.changed() => return,
            };
            match shaken {
                Ok(Ok(stream)) => self.answer(stream).await,
                Ok(Err(error)) => tracing::debug!(%error, "no TLS came about"),
                Err(_) => tracing::debug!("no TLS came about in time"),
            }
        });
    }

    async fn answer(self, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) {
        let Self { doorman, peer, watcher } = self;
        let service = service_fn(move |request| doorman.clone().answer(peer, request));
        // HTTP/1.1 alone on an open connection: to guess HTTP/2 from its first bytes means to wait for them without
        // limit.
        let mut builder = Builder::new(TokioExecutor::new()).http1_only();
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_READ).max_buf_size(HEAD);
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

const GRACE: Duration = Duration::from_secs(10);
const HEADER_READ: Duration = Duration::from_secs(10);
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// hyper's own limit holds only roughly, and its refusal carries no trace id: the exact one, 32 KiB, is `web`'s.
const HEAD: usize = 64 * 1024;
