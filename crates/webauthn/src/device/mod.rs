//! Keys that apps keep in phones, and what the phone's system says of them: Android Key Attestation and Apple App Attest.
//!
//! Neither is WebAuthn, though both have its certificates, and the second its attestation object. The caller says under
//! which anchors, for which apps and about what; the answer is a [`Guarantee`], and never more than the system said.

mod android;
mod apple;
mod key_description;

pub use android::{AndroidApp, AndroidKey, android_key};
pub use apple::{AppAttest, app_attest};

/// What is sure of an app's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guarantee {
    /// Who keeps it.
    pub protection: Protection,
    /// Whether the person must unlock it for each use, by their body or the device's code.
    pub unlocked_for_each_use: bool,
}

/// Who keeps a key, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    /// The app, which is genuine and runs on a genuine device.
    App,
    /// The main processor's own trusted environment.
    TrustedEnvironment,
    /// A chip of its own.
    StrongBox,
}

impl Protection {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::App, Self::TrustedEnvironment, Self::StrongBox];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::TrustedEnvironment => "trusted-environment",
            Self::StrongBox => "strongbox",
        }
    }
}
