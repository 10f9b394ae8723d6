//! Which path leads where.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get, post};

use crate::app::App;
use crate::cors::Readers;
use crate::look::assets;
use crate::pages::{account, device, handoff, home, logout, not_me, recover, set_password, signin, signup};
use crate::passage::Passage;
use crate::visit::Visit;
use crate::{
    app2app, authorize, check_session, discovery, jwks, lost, mini_programs, pictures, protocol, sites, tools,
    userinfo, well_known,
};

/// All endpoints of one provider. Each path stands in one group, whose answers the same pages may read.
pub fn router(app: App) -> Router {
    let passage = |readers| Passage { app: app.clone(), readers };
    let for_ourselves = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/assets/{name}", get(asset))
        .merge(of_tools())
        .merge(of_people())
        .merge(of_sign_ins())
        .merge(of_sites())
        .route("/oauth2/check-session", get(check_session::frame))
        .route("/oauth2/introspect", post(protocol::introspect))
        .route("/oauth2/logout", get(logout::ask).post(logout::post))
        .route("/oauth2/logout/confirm", post(logout::confirm))
        .method_not_allowed_fallback(lost::other_method)
        // Set by name, so that it is this group's that stays when they are merged.
        .fallback(lost::not_found)
        .layer(passage(Readers::Ourselves));
    let for_everybody =
        for_everybody().method_not_allowed_fallback(lost::other_method).layer(passage(Readers::Everybody));
    let for_apps = for_apps().method_not_allowed_fallback(lost::other_method).layer(passage(Readers::Apps));
    for_ourselves.merge(for_everybody).merge(for_apps).with_state(app)
}

/// The token tools, which compute in the browser.
fn of_tools() -> Router<App> {
    Router::new()
        .route("/tools", get(tools::door))
        .route("/tools/", get(tools::list))
        .route("/tools/worker.js", get(tools::worker))
        .route("/tools/manifest.webmanifest", get(tools::manifest))
        .route("/tools/assets/{name}", get(tools::asset))
        .route("/tools/{name}", get(tools::tool))
}

/// From an app's request to the answer that it gets.
fn of_sign_ins() -> Router<App> {
    Router::new()
        .route("/oauth2/authorize", get(authorize::get).post(authorize::post))
        .route("/handoff", get(handoff::show).post(handoff::take))
        .route("/api/handoff/v1/links", post(handoff::push))
        .route("/signin", get(signin::show))
        .route("/signin/email-link", get(signin::mail_link))
        .route("/signin/{step}", get(signin::back).post(signin::step))
        .route("/device", get(device::show).post(device::enter))
        .route("/device/qr", get(device::picture))
        .route("/a2a/{host}", get(app2app::link))
        .route("/api/app2app/v1/requests/{id}", get(app2app::show).post(app2app::decide))
        .route("/api/mini-programs/v1/programs/{id}", get(mini_programs::show))
        .route("/api/device-keys/v1/keys", post(app2app::register))
        .route("/api/device-keys/v1/keys/{id}", delete(app2app::discard))
}

/// Plain websites behind a proxy.
fn of_sites() -> Router<App> {
    Router::new()
        .route(sites::PATH, any(sites::forward_auth))
        .route("/forward-auth/signin", get(sites::hops::sign_in))
        .route("/forward-auth/signout", get(sites::hops::ask_sign_out).post(sites::hops::sign_out))
}

/// The pages on which people make and keep their accounts.
fn of_people() -> Router<App> {
    Router::new()
        .route("/", get(home::home))
        .route("/signup", get(signup::show).post(signup::sign_up))
        .route("/signup/confirm", get(signup::confirm::show).post(signup::confirm::confirm))
        .route("/recover", get(recover::show).post(recover::ask))
        .route("/recover/password", post(recover::set))
        .route("/set-password", get(set_password::show).post(set_password::set))
        .route("/not-me", get(not_me::show).post(not_me::disown))
        .route("/account", get(account::show))
        .route("/account/picture", get(account::picture::show).post(account::picture::change))
        .route("/pictures/{id}", get(pictures::picture))
        .route("/account/profile", get(account::profile::show).post(account::profile::change))
        .route("/account/email", get(account::email::show).post(account::email::ask))
        .route("/account/email/confirm", get(account::email::show_confirm).post(account::email::confirm))
        .route("/account/phone", get(account::phone::show).post(account::phone::change))
        .route("/account/data", get(account::data::show).post(account::data::download))
        .route("/account/delete", get(account::delete::show).post(account::delete::change))
        .route("/account/password", get(account::password::show).post(account::password::change))
        .route("/account/passkeys", get(account::passkeys::show).post(account::passkeys::change))
        .route("/account/codes", get(account::codes::show).post(account::codes::change))
        .route("/account/sessions", get(account::sessions::show).post(account::sessions::change))
        .route("/account/apps", get(account::apps::show).post(account::apps::change))
        .route("/account/apps/receipt", get(account::apps::receipt))
        .route("/account/apps/evidence", get(account::apps::evidence))
        .route("/account/signout", post(account::sign_out))
}

/// CONTRACT §3: read by pages of any origin.
fn for_everybody() -> Router<App> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::metadata))
        .route("/.well-known/oauth-authorization-server", get(discovery::metadata))
        .route("/.well-known/passkey-endpoints", get(well_known::passkey_endpoints))
        .route("/.well-known/webauthn", get(well_known::related_origins))
        .route("/.well-known/assetlinks.json", get(app2app::asset_links))
        .route("/.well-known/apple-app-site-association", get(app2app::site_association))
        .route("/.well-known/jwks.json", get(jwks::keys))
}

/// CONTRACT §3: read by the pages of registered apps.
fn for_apps() -> Router<App> {
    Router::new()
        .route("/oauth2/token", post(protocol::token))
        .route("/oauth2/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
        .route("/oauth2/par", post(protocol::push))
        .route("/oauth2/revoke", post(protocol::revoke))
        .route("/oauth2/device", post(protocol::device))
}

/// The process is up *and* can work: what a load balancer asks.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.context().is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}

/// A file of the look; its address changes with its content, so it may be kept for ever.
async fn asset(State(app): State<App>, Path(name): Path<String>, visit: Visit, headers: HeaderMap) -> Response {
    let path = format!("/assets/{name}");
    let Some(asset) = assets::find(&path).or_else(|| app.brand().find(&path)) else {
        return lost::not_found(State(app), visit, headers).await;
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A logo may be an SVG, which is a document where it is opened by itself: no script runs in it.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    (headers, asset.into_bytes().into_owned()).into_response()
}
