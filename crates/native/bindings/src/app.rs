//! An app and whoever is signed in to it.

use std::sync::Arc;

use crate::asked::{Asked, Decision};
use crate::error::VestibuleError;
use crate::platform::Platform;
use crate::settings::{Settings, SignIn};

/// An app.
#[derive(uniffi::Object)]
pub struct App(vestibule_native::App);

/// What a request to an API carries.
#[derive(uniffi::Record)]
pub struct Credentials {
    /// The value of `Authorization`.
    pub authorization: String,
    /// The value of `DPoP`, for this request alone.
    pub dpop: Option<String>,
}

/// What came of joining.
#[derive(Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Joined {
    /// Whoever is signed in to the other app is signed in to this one.
    SignedIn,
    /// Nobody is, or this app may not join them: sign in.
    Nobody,
    /// Somebody is, and must be asked in the browser.
    MustAsk {
        /// Where: open it, and `finish` finishes. Told by `joinOrBegin`; without it, sign in.
        address: Option<String>,
    },
}

/// What ends.
#[derive(uniffi::Enum)]
pub enum Ending {
    /// This app alone; the developer's other apps stay.
    ThisApp,
    /// All apps that share the container.
    EveryApp,
}

/// An address to open in the browser, once, and what to show beside it.
#[derive(uniffi::Record)]
pub struct HandOff {
    /// The address.
    pub url: String,
    /// The number that the page there asks for; none where this device's key answers.
    pub number: Option<String>,
    /// For how many seconds the address is good.
    pub expires_in: u64,
}

#[uniffi::export]
impl App {
    /// An app on a platform. Nothing is read and nobody asked yet.
    #[uniffi::constructor]
    pub fn new(settings: Settings, platform: Platform) -> Arc<Self> {
        Arc::new(Self(vestibule_native::App::new(settings.into(), platform.for_the_core())))
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl App {
    /// Whether somebody is signed in, as far as this device knows.
    pub async fn is_signed_in(&self) -> Result<bool, VestibuleError> {
        Ok(self.0.is_signed_in().await?)
    }

    /// Who is signed in.
    pub async fn subject(&self) -> Result<Option<String>, VestibuleError> {
        Ok(self.0.subject().await?)
    }

    /// Signs somebody in through the browser and a port of this machine: for desktops.
    pub async fn sign_in(&self, sign_in: SignIn) -> Result<(), VestibuleError> {
        Ok(self.0.sign_in_with(&sign_in.into()).await?)
    }

    /// Begins a sign-in whose way back is a link that the app claims: answered is the address to open.
    pub async fn begin(&self, sign_in: SignIn, redirect_uri: String) -> Result<String, VestibuleError> {
        Ok(self.0.begin(&sign_in.into(), &redirect_uri).await?)
    }

    /// Finishes it, with the link that came. One that was not awaited changes nothing.
    pub async fn finish(&self, redirected: String) -> Result<(), VestibuleError> {
        Ok(self.0.finish(&redirected).await?)
    }

    /// Signs in whoever is signed in to another of the developer's apps, without a browser.
    pub async fn join(&self) -> Result<Joined, VestibuleError> {
        Ok(self.0.join().await?.into())
    }

    /// The same, and where the person must be asked, begins a sign-in whose way back is a link that the app claims, as `begin`
    /// does.
    pub async fn join_or_begin(&self, redirect_uri: String) -> Result<Joined, VestibuleError> {
        Ok(self.0.join_or_begin(&redirect_uri).await?.into())
    }

    /// What a request to an API carries; `nonce` is the one that the API asked for (RFC 9449 §9).
    #[uniffi::method(default(nonce = None))]
    pub async fn credentials(
        &self,
        method: String,
        url: String,
        nonce: Option<String>,
    ) -> Result<Credentials, VestibuleError> {
        let credentials = self.0.credentials_with(&method, &url, nonce.as_deref()).await?;
        Ok(Credentials { authorization: credentials.authorization, dpop: credentials.dpop })
    }

    /// Signs out: here, or of every app that shares the container.
    pub async fn sign_out(&self, ending: Ending) -> Result<(), VestibuleError> {
        let ending = match ending {
            Ending::ThisApp => vestibule_native::Ending::ThisApp,
            Ending::EveryApp => vestibule_native::Ending::EveryApp,
        };
        Ok(self.0.sign_out(ending).await?)
    }

    /// Registers this device's key, so that the app can answer other apps; with the system's word for it, where the platform has
    /// an attester.
    pub async fn register_device(&self, name: String) -> Result<(), VestibuleError> {
        Ok(self.0.register_device(&name).await?)
    }

    /// Takes this device's key away at the provider, and forgets it here, whatever the provider says.
    pub async fn forget_device(&self) -> Result<(), VestibuleError> {
        Ok(self.0.forget_device().await?)
    }

    /// What another app asks, by the link that the system opened this app with; `languages` is in what words (BCP 47).
    pub async fn asked(&self, link: String, languages: String) -> Result<Arc<Asked>, VestibuleError> {
        Ok(Arc::new(Asked(self.0.asked(&link, &languages).await?)))
    }

    /// Answers it with the device's key. Answered is the address that leads back to the app that asked: open it. `Refused` with
    /// `interaction_required` means that a page is due: open the request's `link` in the browser.
    pub async fn answer(&self, asked: Arc<Asked>, decision: Decision) -> Result<String, VestibuleError> {
        Ok(self.0.answer(&asked.0, &decision.into()).await?)
    }

    /// Asks for an address that opens a web client signed in; the person types the number there.
    #[uniffi::method(default(target_link_uri = None))]
    pub async fn hand_off(
        &self,
        client_id: String,
        target_link_uri: Option<String>,
    ) -> Result<HandOff, VestibuleError> {
        Ok(self.0.hand_off(&client_id, target_link_uri.as_deref()).await?.into())
    }

    /// The same where nobody types: the page asks this app at the link that it claims, and this device's key answers.
    #[uniffi::method(default(target_link_uri = None))]
    pub async fn hand_off_by_key(
        &self,
        client_id: String,
        target_link_uri: Option<String>,
    ) -> Result<HandOff, VestibuleError> {
        Ok(self.0.hand_off_by_key(&client_id, target_link_uri.as_deref()).await?.into())
    }

    /// Answers the page's question, which the system opened this app with: what comes back is to be opened in the same browser.
    pub async fn answer_hand_off(&self, link: String) -> Result<String, VestibuleError> {
        Ok(self.0.answer_hand_off(&link).await?)
    }
}

impl From<vestibule_native::Joined> for Joined {
    fn from(joined: vestibule_native::Joined) -> Self {
        match joined {
            vestibule_native::Joined::SignedIn => Self::SignedIn,
            vestibule_native::Joined::Nobody => Self::Nobody,
            vestibule_native::Joined::MustAsk(address) => Self::MustAsk { address },
        }
    }
}

impl From<vestibule_native::HandOff> for HandOff {
    fn from(hand_off: vestibule_native::HandOff) -> Self {
        Self { url: hand_off.url, number: hand_off.number, expires_in: hand_off.expires_in }
    }
}
