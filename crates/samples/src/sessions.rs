//! What an app remembers about a browser, in memory, under an unguessable cookie.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use openidconnect::core::{CoreIdToken, CoreIdTokenClaims};
use openidconnect::{AccessToken, CsrfToken, Nonce, PkceCodeVerifier, RefreshToken};
use serde_json::{Map, Value};

use crate::clock;
use crate::fault::Fault;

/// One browser's state.
pub(crate) enum Session {
    /// A sign-in is under way; the callback takes this, once.
    SigningIn(Pending),
    /// Somebody is signed in.
    SignedIn(Box<SignedIn>),
    /// A sign-out is under way; the provider sends this `state` back.
    SigningOut(CsrfToken),
}

impl Session {
    fn user(&mut self) -> Option<&mut SignedIn> {
        match self {
            Self::SignedIn(user) | Self::SigningIn(Pending { before: Some(user), .. }) => Some(user),
            Self::SigningIn(_) | Self::SigningOut(_) => None,
        }
    }
}

/// What the callback is held against.
pub(crate) struct Pending {
    pub(crate) state: CsrfToken,
    pub(crate) nonce: Nonce,
    pub(crate) verifier: PkceCodeVerifier,
    /// How old a proof of who they are may be.
    pub(crate) max_age: Option<Duration>,
    /// Who is signed in already, and only proves more.
    pub(crate) before: Option<Box<SignedIn>>,
}

/// The tokens of a signed-in browser and what they say.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) id_token: CoreIdToken,
    pub(crate) claims: Map<String, Value>,
    pub(crate) userinfo: Map<String, Value>,
    pub(crate) access_token: AccessToken,
    /// Seconds since 1970; absent when the provider did not say.
    pub(crate) access_until: Option<i64>,
    pub(crate) refresh_token: Option<RefreshToken>,
    pub(crate) refresh_until: Option<i64>,
    /// How often this session's tokens have been refreshed.
    pub(crate) refreshed: u32,
}

/// All browsers of one app.
#[derive(Default)]
pub(crate) struct Sessions {
    entries: Mutex<HashMap<String, (i64, Session)>>,
}

impl Sessions {
    /// Keeps a session under a fresh identifier, never under one the browser brought (no fixation).
    pub(crate) fn insert(&self, session: Session) -> String {
        let id = CsrfToken::new_random_len(32).into_secret();
        let mut entries = self.lock();
        if entries.len() >= MOST {
            let oldest = entries.iter().min_by_key(|(_, (at, _))| *at).map(|(id, _)| id.clone());
            oldest.and_then(|id| entries.remove(&id));
        }
        entries.insert(id.clone(), (clock::now(), session));
        id
    }

    /// Takes a session out: what it held is used up.
    pub(crate) fn take(&self, id: &str) -> Option<Session> {
        self.lock().remove(id).map(|(_, session)| session)
    }

    /// A copy of what a signed-in browser holds.
    pub(crate) fn signed_in(&self, id: &str) -> Option<SignedIn> {
        self.lock().get_mut(id).and_then(|(_, session)| session.user()).cloned()
    }

    /// Whether a sign-in, or the proof of more, is under way in this browser.
    pub(crate) fn is_under_way(&self, id: &str) -> bool {
        matches!(self.lock().get(id), Some((_, Session::SigningIn(_))))
    }

    /// Puts refreshed tokens in place, unless the browser has signed out meanwhile.
    pub(crate) fn update(&self, id: &str, user: SignedIn) {
        if let Some(old) = self.lock().get_mut(id).and_then(|(_, session)| session.user()) {
            *old = user;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (i64, Session)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Enough to try a provider with; the oldest goes first.
const MOST: usize = 1000;

impl Pending {
    /// OIDC Core §3.1.2.1 (`max_age`); and whoever proves more is who was there before.
    pub(crate) fn fits(&self, claims: &CoreIdTokenClaims) -> Result<(), Fault> {
        if let Some(age) = self.max_age {
            let since = claims.auth_time().map(|at| clock::now() - at.timestamp());
            let most = age.as_secs().cast_signed().saturating_add(LEEWAY);
            if since.is_none_or(|since| since > most) {
                return Err(Fault::BadToken("the sign-in is older than was asked for".into()));
            }
        }
        let before = self.before.as_ref().and_then(|user| user.claims.get("sub")).and_then(Value::as_str);
        if before.is_some_and(|sub| sub != claims.subject().as_str()) {
            return Err(Fault::BadToken("somebody else has signed in".into()));
        }
        Ok(())
    }
}

/// Seconds by which two clocks may differ.
const LEEWAY: i64 = 30;
