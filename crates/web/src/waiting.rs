//! Who waits for a sign-in: how pages name them, and where forms on the way may lead.

use idp::flows::Asks;
use oidc::site::Address;

use crate::app::App;
use crate::{client, views};

/// How pages name the app or the site.
pub(crate) fn name<'a>(asks: Option<&'a Asks>, site: Option<&'a Address>) -> Option<views::App<'a>> {
    let site = || site.map(|address| views::App { name: address.host.as_str(), logo: None });
    asks.map(|asks| client::app_of(asks.client())).or_else(site)
}

/// The origins that forms on the way may lead to by a redirect, besides our own.
pub(crate) fn targets(app: &App, asks: Option<&Asks>, site: Option<&Address>) -> Vec<String> {
    let site = || site.map(|address| vec![format!("{}://{}", app.scheme(), address.host)]);
    asks.map(|asks| client::targets(&asks.request.reply.redirect_uri)).or_else(site).unwrap_or_default()
}
