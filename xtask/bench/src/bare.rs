//! The best an HTTP answer can cost here: axum as its own documentation starts it, one handler, one body.

use std::io::Write as _;

use anyhow::Result;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bytes::Bytes;
use tokio::net::TcpListener;

/// Serves `bytes` bytes at `/` until it is killed.
pub(crate) fn serve(bytes: usize) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let body = Bytes::from(vec![b'x'; bytes]);
        let handler = get(async move || ([(CONTENT_TYPE, "application/json")], body));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut out = std::io::stdout();
        writeln!(out, "listening on http://{}", listener.local_addr()?)?;
        out.flush()?;
        Ok(axum::serve(listener, Router::new().route("/", handler)).await?)
    })
}
