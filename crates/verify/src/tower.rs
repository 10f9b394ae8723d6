//! The verifier as a layer of tower: in front of axum, tonic or whatever else speaks it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ::tower::{Layer, Service};
use http::{HeaderValue, Request, Response, StatusCode};

use crate::{Demands, Denied, Presented, Verifier};

/// Lets in whoever presents a good token that meets these demands, with an [`crate::Access`] among the request's
/// extensions; all others it answers itself.
///
/// ```
/// use axum::{Router, routing::get};
/// use vestibule_verify::tower::Guard;
/// use vestibule_verify::{Access, Demands, Verifier};
///
/// let verifier = Verifier::builder("https://id.example.com").audience("https://api.example.com").build()?;
/// let read = Guard::new(verifier.clone(), Demands::new().scope("drive.read"));
/// let transfer = Guard::new(verifier, Demands::new().scope("payments").max_age(300).bound());
/// let api: Router = Router::new()
///     .route("/files", get(|access: Access| async move { access.subject().unwrap_or_default().to_owned() }))
///     .route_layer(read)
///     .merge(Router::new().route("/transfers", get(|| async {})).route_layer(transfer));
/// # let _ = api;
/// # Ok::<(), vestibule_verify::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Guard {
    verifier: Verifier,
    demands: Arc<Demands>,
}

impl Guard {
    /// In front of what demands this.
    pub fn new(verifier: Verifier, demands: Demands) -> Self {
        Self { verifier, demands: Arc::new(demands) }
    }
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { inner, guard: self.clone() }
    }
}

/// A service behind a [`Guard`].
///
/// ```
/// use vestibule_verify::tower::Guard;
/// use vestibule_verify::{Demands, Verifier};
/// use tower::Layer as _;
///
/// let verifier = Verifier::builder("https://id.example.com").audience("https://api.example.com").build()?;
/// let service = tower::service_fn(|_: http::Request<()>| async { Ok::<_, ()>(http::Response::new(())) });
/// let guarded = Guard::new(verifier, Demands::new()).layer(service);
/// # let _ = guarded;
/// # Ok::<(), vestibule_verify::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    inner: S,
    guard: Guard,
}

impl<S, B, R> Service<Request<B>> for Guarded<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that is ready goes with the request.
        let later = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, later);
        let guard = self.guard.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match guard.verifier.verify(&Presented::of(&parts), &guard.demands).await {
                Ok(access) => parts.extensions.insert(access),
                Err(denied) => return Ok(answer(&denied)),
            };
            let mut response = inner.call(Request::from_parts(parts, body)).await?;
            // RFC 9449 §8.2: each answer may bring the nonce for the next request.
            if let Some(nonce) = guard.verifier.nonce().and_then(|nonce| HeaderValue::try_from(nonce).ok()) {
                response.headers_mut().insert("dpop-nonce", nonce);
            }
            Ok(response)
        })
    }
}

fn answer<R: Default>(denied: &Denied) -> Response<R> {
    let mut response = Response::new(R::default());
    *response.status_mut() = StatusCode::from_u16(denied.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let headers = response.headers_mut();
    let challenges = denied.challenges().iter().map(|challenge| ("www-authenticate", challenge.as_str()));
    let nonce = denied.nonce().map(|nonce| ("dpop-nonce", nonce));
    let retry = (denied.status() == 503).then_some(("retry-after", "5"));
    for (name, value) in challenges.chain(nonce).chain(retry).chain([("cache-control", "no-store")]) {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.append(name, value);
        }
    }
    response
}
