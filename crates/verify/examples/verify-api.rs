//! A small API behind the verifier, against whatever provider it is told of: one line of JSON on standard input, its address
//! on standard output. `tests/clients` runs it against Vestibule and against a provider that nobody here wrote.

use std::io::BufRead as _;
use std::sync::Arc;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use jose::remote::Policy;
use serde::Deserialize;
use serde_json::json;
use vestibule_verify::fetch::{Fetcher, Reach};
use vestibule_verify::tower::Guard;
use vestibule_verify::{Access, Demands, Introspection, Nonces, Verifier};

#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    issuer: String,
    audience: String,
    /// Takes tokens that do not say `typ: at+jwt`.
    plain: bool,
    /// Asks for nonces in proofs.
    nonces: bool,
    /// Asks the issuer about opaque tokens, as this client.
    client_id: Option<String>,
    client_secret: String,
    /// And about all others.
    every: bool,
    /// How long keys are used at least, in milliseconds.
    least_fresh: i64,
}

impl Default for Settings {
    fn default() -> Self {
        let (issuer, audience, client_secret) = Default::default();
        let least_fresh = Policy::KEYS.least_fresh;
        Self {
            issuer,
            audience,
            plain: false,
            nonces: false,
            client_id: None,
            client_secret,
            every: false,
            least_fresh,
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let settings: Settings = serde_json::from_str(&line)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let verifier = verifier(&settings, &url)?;
    let guard = |demands| Guard::new(verifier.clone(), demands);
    let metrics = verifier.clone();
    let api = Router::new()
        .route("/files", get(shown))
        .route_layer(guard(Demands::new().scope("read")))
        .merge(Router::new().route("/any", get(shown)).route_layer(guard(Demands::new())))
        .merge(Router::new().route("/bound", get(shown)).route_layer(guard(Demands::new().bound())))
        .merge(
            Router::new().route("/locked", get(shown)).route_layer(guard(Demands::new().acr("urn:high").max_age(60))),
        )
        .route("/metrics", get(|| async move { metrics.metrics() }));
    #[allow(clippy::print_stdout, reason = "whoever started it waits for the address")]
    {
        println!("listening on {url}");
    }
    Ok(axum::serve(listener, api).await?)
}

fn verifier(settings: &Settings, url: &str) -> Result<Verifier, Box<dyn std::error::Error>> {
    let builder = Verifier::builder(&settings.issuer)
        .audience(&settings.audience)
        .public_url(url)
        .keys(Policy { least_fresh: settings.least_fresh, ..Policy::KEYS })
        .fetch(Arc::new(Fetcher::new(Reach::public().and_loopback())));
    let builder = if settings.plain { builder.also_plain_jwt() } else { builder };
    let builder = if settings.nonces { builder.nonces(Nonces::new([7; 32])) } else { builder };
    let builder = match &settings.client_id {
        Some(id) => {
            let introspection = Introspection::new(id, &settings.client_secret).keep(std::time::Duration::from_secs(1));
            builder.introspection(if settings.every { introspection.of_every_token() } else { introspection })
        }
        None => builder,
    };
    Ok(builder.build()?)
}

async fn shown(access: Access) -> impl IntoResponse {
    let binding = access.binding().map(|binding| format!("{binding:?}"));
    let shown = json!({ "sub": access.subject(), "client_id": access.client_id(), "binding": binding, "claims": access.claims() });
    ([("content-type", "application/json")], shown.to_string())
}
