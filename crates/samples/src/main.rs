//! Photos and Drive: two small relying parties to try Vestibule with. They own what an app's side of a sign-in is
//! (state, nonce, PKCE, the ID token's checks, refresh, step-up, sign-out) and Drive's API on the `openidconnect` crate and
//! nothing of ours, so that whatever works here works for an app nobody of this project wrote.
//! They must never: share code with the provider, keep a token anywhere but in memory, or load anything from another
//! origin. The pictures and files they show are drawn here; no person's data is in them.

mod api;
mod args;
mod challenge;
mod clock;
mod fault;
mod locked;
mod pages;
mod provider;
mod routes;
mod sessions;

use std::future::IntoFuture;
use std::io::{Read, Write};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Parser;
use openidconnect::IssuerUrl;
use tokio::net::TcpListener;
use url::Url;

use crate::api::Api;
use crate::args::{AppArgs, Args};
use crate::pages::Look;
use crate::provider::{ApiAddress, RelyingParty, http_client};
use crate::routes::App;
use crate::sessions::Sessions;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let args = Args::parse();
    let photos = start(Look::Photos, args.photos(), &args.issuer).await?;
    let drive = start(Look::Drive, args.drive(), &args.issuer).await?;
    tokio::select! {
        ended = photos => ended?,
        ended = drive => ended?,
        ended = stop_signal() => ended?,
        () = stdin_closed(args.until_stdin_closes) => {}
    }
    Ok(())
}

/// Binds one app, says so on standard output, and gives back the future that serves it.
async fn start(look: Look, args: AppArgs, issuer: &Url) -> Result<impl Future<Output = std::io::Result<()>>> {
    let name = look.name().to_lowercase();
    let secret = secret_from(args.secret_variable)?;
    let listener =
        TcpListener::bind(args.listen).await.with_context(|| format!("{name} cannot listen on {}", args.listen))?;
    let base = follow_port(args.url, &listener)?;
    // `Url` adds a final slash to a bare origin, which an issuer identifier is compared without.
    let issuer = IssuerUrl::new(issuer.as_str().trim_end_matches('/').to_owned())?;
    let (api, address) = match look {
        Look::Photos => (None, None),
        Look::Drive => {
            let resource = base.join("/api")?.to_string();
            // A resolver may not know the names below localhost; the address that is listened on needs none.
            let locked = Url::parse(&format!("http://{}/api/locked", listener.local_addr()?))?;
            let api = Api::new(issuer.clone(), resource.clone(), http_client()?);
            (Some(api), Some(ApiAddress { resource, locked }))
        }
    };
    let party = RelyingParty::new(issuer, &base, (args.client_id, secret), address)?;
    let app = Arc::new(App { look, party, api, sessions: Sessions::default() });
    let mut out = std::io::stdout().lock();
    writeln!(out, "{name} listening on {}", base.as_str().trim_end_matches('/'))?;
    out.flush()?;
    Ok(axum::serve(listener, routes::router(app)).into_future())
}

#[allow(clippy::disallowed_methods, reason = "a program of its own, whose secrets must not stand among its arguments")]
fn secret_from(variable: &str) -> Result<String> {
    std::env::var(variable).with_context(|| format!("{variable} is not set; put the client secret there"))
}

/// With no address given the app is where it was bound; an address with port 0 takes the port that was picked.
fn follow_port(url: Option<Url>, listener: &TcpListener) -> Result<Url> {
    let bound = listener.local_addr()?;
    let mut url = match url {
        Some(url) => url,
        None => return Ok(Url::parse(&format!("http://{bound}/"))?),
    };
    if url.port() == Some(0) {
        url.set_port(Some(bound.port()))
            .map_err(|()| anyhow::anyhow!("{url} cannot carry a port; give an http address"))?;
    }
    Ok(url)
}

async fn stop_signal() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        ended = tokio::signal::ctrl_c() => ended,
    }
}

/// Never ready unless it is asked for. A thread of its own, because reading standard input cannot be given up.
async fn stdin_closed(wanted: bool) {
    let (closed, wait) = tokio::sync::oneshot::channel();
    if wanted {
        std::thread::spawn(move || {
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            let _ = closed.send(());
        });
        let _ = wait.await;
    } else {
        std::future::pending::<()>().await;
    }
}
