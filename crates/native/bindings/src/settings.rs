//! What an app is told, and what a sign-in asks for beside the usual.

use std::time::Duration;

/// An app, as its provider knows it.
#[derive(uniffi::Record)]
pub struct Settings {
    /// The provider.
    pub issuer: String,
    /// The app's client.
    pub client_id: String,
    /// What it asks for.
    #[uniffi(default = "openid")]
    pub scope: String,
    /// The API that its tokens are for (RFC 8707).
    #[uniffi(default = None)]
    pub resource: Option<String>,
    /// For how many seconds a person may take in the browser.
    #[uniffi(default = 300)]
    pub patience_seconds: u32,
}

/// A sign-in that asks for more than the app always does.
#[derive(Default, uniffi::Record)]
pub struct SignIn {
    /// The client's id of the app that answers, if it is there.
    #[uniffi(default = None)]
    pub through: Option<String>,
    /// What is asked for in detail: a JSON array (RFC 9396 §2).
    #[uniffi(default = None)]
    pub authorization_details: Option<String>,
    /// How well a person must have proven who they are.
    #[uniffi(default = None)]
    pub acr_values: Option<String>,
    /// How old their sign-in may be.
    #[uniffi(default = None)]
    pub max_age_seconds: Option<u32>,
}

impl From<Settings> for vestibule_native::Settings {
    fn from(settings: Settings) -> Self {
        let told = Self::new(settings.issuer, settings.client_id).scope(settings.scope);
        let told = told.patience(Duration::from_secs(settings.patience_seconds.into()));
        settings.resource.into_iter().fold(told, Self::resource)
    }
}

impl From<SignIn> for vestibule_native::SignIn {
    fn from(sign_in: SignIn) -> Self {
        let mut asked = Self::default();
        if let Some(host) = sign_in.through {
            asked = asked.through(host);
        }
        if let Some(details) = sign_in.authorization_details {
            asked = asked.authorization_details(details);
        }
        if let Some(values) = sign_in.acr_values {
            asked = asked.acr_values(values);
        }
        match sign_in.max_age_seconds {
            Some(seconds) => asked.max_age(Duration::from_secs(seconds.into())),
            None => asked,
        }
    }
}
