//! Signing in for installed apps (RFC 8252): what is the same on every desktop and phone.
//!
//! Owns the app's side of the protocol: the code flow through the system's browser, tokens bound to a key of the device
//! (RFC 9449), their renewal, and the container that a developer's apps share (OpenID Connect Native SSO 1.0). What differs
//! between systems comes in through traits: browser, key store, secret stores. Also the calls by which one app asks another
//! (app to app), and by which an app opens a web client signed in (hand-off). Must never show a page of a provider
//! itself, never store a secret but in the stores it is given, and never send a bound token without its proof.

mod app;
mod asked;
mod attestation;
mod browser;
mod container;
mod device_proof;
mod error;
mod id_token;
mod keys;
mod loopback;
mod metadata;
mod pkce;
mod protocol;
mod provider;
mod redirect;
mod settings;
mod sign_in;
pub mod stores;
mod tokens;

pub use app::{App, Credentials, Ending, HandOff, Joined};
pub use asked::{Asked, AskedDetail, AskedScope, Asking, Decision};
pub use attestation::{AndroidAttester, AppleAttester};
pub use browser::{Browser, SystemBrowser};
pub use error::{Error, Refusal};
pub use keys::{DeviceKey, KeyStore, SoftwareKeys};
pub use settings::{Platform, Settings};
pub use sign_in::SignIn;
