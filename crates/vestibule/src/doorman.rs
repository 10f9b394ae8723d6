//! What stands between a connection and the router: it says who asks, counts the answers, and shows the counters.

#![allow(
    clippy::disallowed_methods,
    reason = "how long an answer took is measured where the process meets the network"
)]

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, Method, Request};
use hyper::body::Incoming;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use web::front::{Late, Peer, Route};

use crate::metrics::{self, Metrics};
use crate::proxies::{self, Proxies};

/// Answers requests; cheap to clone.
#[derive(Clone)]
pub(crate) struct Doorman(Arc<Inner>);

struct Inner {
    router: TowerToHyperService<web::Router>,
    proxies: Proxies,
    metrics: Arc<Metrics>,
    shown: Shown,
}

/// To whom this listener shows `/metrics`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// To nobody: they have a listener of their own.
    Elsewhere,
    /// To this machine.
    Here,
    /// To everybody who reaches it.
    All,
}

impl Doorman {
    pub(crate) fn new(router: web::Router, proxies: Proxies, metrics: Arc<Metrics>, shown: Shown) -> Self {
        Self(Arc::new(Inner { router: TowerToHyperService::new(router), proxies, metrics, shown }))
    }

    /// Answers a request that came over a connection from `peer`.
    pub(crate) async fn answer(
        self,
        peer: IpAddr,
        mut request: Request<Incoming>,
    ) -> Result<web::Response, Infallible> {
        let Inner { router, proxies, metrics, .. } = &*self.0;
        let is_metrics = request.method() == Method::GET && request.uri().path() == "/metrics";
        if is_metrics && self.shows_metrics(peer, request.headers()) {
            return Ok(web::front::text(metrics::CONTENT_TYPE, metrics.text().await));
        }
        let forwarded = proxies.forwarded(peer, request.headers_mut());
        let late = Late::of(request.uri().path(), &forwarded);
        request.extensions_mut().insert(forwarded);
        let client = proxies.client(peer, request.headers_mut());
        request.extensions_mut().insert(Peer(client));
        let began = Instant::now();
        let response = match tokio::time::timeout(PATIENCE, router.call(request)).await {
            Ok(response) => response?,
            // RFC 9110 §15.5.9: most likely a body that never came.
            Err(_) => late.answer(),
        };
        metrics.answered(response.extensions().get::<Route>(), response.status().as_u16(), began.elapsed());
        Ok(response)
    }

    /// A proxy on this machine passes on what comes from anywhere: what it passes on is not from here.
    fn shows_metrics(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        match self.0.shown {
            Shown::Elsewhere => false,
            Shown::Here => peer.to_canonical().is_loopback() && !proxies::is_forwarded(headers),
            Shown::All => true,
        }
    }
}

/// How long a request may take, its body included: connections that say nothing must not pile up.
const PATIENCE: Duration = Duration::from_secs(30);
