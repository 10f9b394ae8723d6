//! The tools as their hosts use them.

mod definitions;
mod hmac;
mod json;
mod pkce;
mod secret;
mod support;
mod webhooks;
