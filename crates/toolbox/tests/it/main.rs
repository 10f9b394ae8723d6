//! The tools as their hosts use them.

mod base64url;
mod definitions;
mod hmac;
mod json;
mod jwe;
mod jwk;
mod jwks;
mod jws;
mod jwt;
mod lint;
mod noise;
mod oidc;
mod password_hash;
mod pkce;
mod qr;
mod recognise;
mod reference;
mod sd_jwt;
mod secret;
mod shown;
mod support;
mod totp;
mod webhooks;
mod x509;
