//! `vestibule-native` for Kotlin and Swift, through UniFFI.
//!
//! Owns the shapes that other languages see, and the translation of what the system brings: stores, keys, browser, network.
//! Must decide nothing about the protocol; must never take a private key out of the system's store.

mod app;
mod asked;
mod attestation;
mod der;
mod error;
mod keys;
mod network;
mod platform;
mod settings;

pub use app::{App, Credentials, Ending, HandOff, Joined};
pub use asked::{Asked, AskedDetail, AskedScope, Asking, Decision};
pub use attestation::{AndroidAttester, AppleAttester};
pub use error::{PlatformError, VestibuleError};
pub use keys::{DeviceKey, KeyStore};
pub use network::{HttpAnswer, HttpHeader, HttpRequest, Network};
pub use platform::{Browser, Platform, SecretStore};
pub use settings::{Settings, SignIn};

uniffi::setup_scaffolding!("vestibule");
