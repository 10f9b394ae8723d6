//! Devices without a keyboard (RFC 8628): the two codes that one gets, and the request that a typed code opens.
//!
//! A user code has 34 bits, so that who guesses is stopped by buckets: of the browser, of its address, of the network around
//! it. It is kept as a MAC, and leads nowhere once it was answered.

use oidc::hub::{DeviceTarget, Facts, Target};
use oidc::redirect_uri::RedirectUri;
use oidc::request::{AuthorizationRequest, Params, Reply, ResponseMode, device_request};
use oidc::secret::SecretKind;
use oidc::token::device::INTERVAL;
use oidc::user_code::UserCode;
use oidc::{ErrorCode, Id, OAuthError, Time};
use serde::{Deserialize, Serialize};
use store::device_requests::DeviceRequest;
use zeroize::Zeroizing;

use crate::caller::Caller;
use crate::flows::{Onward, Visitor};
use crate::possession::ClientRequest;
use crate::throttle::{Endpoint, Throttled};
use crate::tokens::SecretText;
use crate::{Context, Fault};

/// What a device is answered (RFC 8628 §3.2).
#[derive(Debug, Serialize)]
pub struct DeviceAnswer {
    device_code: SecretText,
    user_code: SecretText,
    verification_uri: String,
    verification_uri_complete: SecretText,
    expires_in: u64,
    interval: u64,
    /// `verification_uri_complete` as a picture, for devices that draw none themselves.
    vestibule_qr_uri: SecretText,
}

/// What becomes of a code that somebody typed.
#[derive(Debug)]
pub enum Typed {
    /// The browser goes on.
    Opens(Onward),
    /// It is nobody's, or was answered, or has expired.
    Unknown,
    /// Too many were wrong.
    Throttled(Throttled),
}

/// `device_requests.request_json`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) request: AuthorizationRequest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
    pub(crate) agent: String,
}

impl Context {
    /// Answers a device authorization request (RFC 8628 §3.1) of an authenticated client.
    pub async fn authorize_device(
        &self,
        request: &ClientRequest<'_>,
        caller: &Caller,
    ) -> Result<DeviceAnswer, OAuthError> {
        let params = Params::parse(request.form).map_err(|unsound| unsound.error)?;
        let registered = self.authenticate(request.authorization, &params, "/oauth2/device").await?;
        // Anybody can ask in the name of a public client: an address asks so often alone.
        if registered.client.is_public()
            && let Err(throttled) = self.count(Endpoint::Device, caller).await?
        {
            return Err(OAuthError::too_much("too many codes were asked for from here", throttled.seconds()));
        }
        let page = self.address("/device");
        let unfit = |error| Fault::corrupt("the address of /device", error);
        let redirect_uri = RedirectUri::parse(&page).map_err(unfit)?;
        let reply = Reply { redirect_uri, mode: ResponseMode::default(), state: None };
        let request = device_request(params, &registered.client, (reply, &self.settings.detail_types))?;
        let address = caller.address.map(|address| address.to_string());
        let stored = Stored { request, address, agent: caller.agent.clone() };
        let request_json = serde_json::to_string(&stored).map_err(|error| Fault::corrupt("a device request", error))?;
        if request_json.len() > MOST_KEPT {
            return Err(OAuthError::invalid_request("the request as a whole is too large"));
        }
        self.give_codes(&registered.client.id, request_json, page).await
    }

    async fn give_codes(
        &self,
        client_id: &str,
        request_json: String,
        page: String,
    ) -> Result<DeviceAnswer, OAuthError> {
        let secret = self.randomness.new_secret(SecretKind::DeviceCode);
        let (now, lifetime) = (self.now(), self.settings.tokens.device_code_lifetime);
        let row = DeviceRequest {
            id: secret.id(),
            secret_hash: secret.hash().into(),
            client_id: client_id.to_owned(),
            request_json,
            interval_millis: i64::try_from(INTERVAL.as_millis()).unwrap_or(i64::MAX),
            polls: 0,
            polled_at: None,
            created_at: now,
            expires_at: now.plus(lifetime),
            decided_at: None,
            grant_json: None,
            used_at: None,
        };
        for _ in 0..DRAWS {
            let code = self.new_user_code();
            let mac = self.user_codes.mac(&code);
            if !store::device_requests::insert(&self.store, &row, &mac).await.map_err(Fault::from)? {
                continue;
            }
            let user_code = code.to_text();
            let with_code =
                |path: &str| SecretText(Zeroizing::new(format!("{}?user_code={}", self.address(path), *user_code)));
            return Ok(DeviceAnswer {
                device_code: SecretText(secret.to_text()),
                verification_uri_complete: with_code("/device"),
                vestibule_qr_uri: with_code("/device/qr"),
                verification_uri: page,
                expires_in: lifetime.as_secs(),
                interval: INTERVAL.as_secs(),
                user_code: SecretText(user_code),
            });
        }
        Err(OAuthError::new(ErrorCode::TemporarilyUnavailable, "no code is free at the moment"))
    }

    /// Begins the sign-in of whoever typed this code in their browser (RFC 8628 §3.3). A code that opens something costs
    /// nothing; the others are counted (§5.1).
    pub async fn enter_user_code(&self, typed: &str, visitor: Visitor<'_>) -> Result<Typed, Fault> {
        let buckets = self.of_guesser(visitor.caller, visitor.binding);
        let taken = match self.admit(&buckets, visitor.caller).await? {
            Ok(taken) => taken,
            Err(throttled) => return Ok(Typed::Throttled(throttled)),
        };
        let found = match UserCode::parse(typed) {
            Some(code) => store::device_requests::find_by_user_code(&self.store, &self.user_codes.mac(&code)).await?,
            None => None,
        };
        let Some(row) = found.filter(|row| is_open(row, self.now())) else { return Ok(Typed::Unknown) };
        self.give_back(&taken).await?;
        let target = Target::Device(Box::new(target(&row)?));
        Ok(Typed::Opens(self.begin_with(target, Facts::default(), visitor).await?))
    }

    /// The address of the page that a code's picture leads to; `None` for what can be no code. Whether it is one that
    /// somebody was given, it does not tell.
    pub fn user_code_address(&self, typed: &str) -> Option<Zeroizing<String>> {
        let code = UserCode::parse(typed)?.to_text();
        Some(Zeroizing::new(format!("{}?user_code={}", self.address("/device"), *code)))
    }

    /// Whether nobody has answered this device yet, and somebody still can.
    pub(crate) async fn device_waits(&self, id: Id) -> Result<bool, Fault> {
        let row = store::device_requests::find(&self.store, id).await?;
        Ok(row.is_some_and(|row| is_open(&row, self.now())))
    }

    fn new_user_code(&self) -> UserCode {
        loop {
            let mut random = Zeroizing::new([0; 32]);
            self.randomness.fill(&mut *random);
            if let Some(code) = UserCode::from_random(&*random) {
                return code;
            }
        }
    }
}

fn target(row: &DeviceRequest) -> Result<DeviceTarget, Fault> {
    let Stored { request, address, agent } = serde_json::from_str(&row.request_json)
        .map_err(|error| Fault::corrupt(&format!("the device request {}", row.id), error))?;
    Ok(DeviceTarget { id: row.id, request, asked_at: row.created_at, address, agent })
}

fn is_open(row: &DeviceRequest, now: Time) -> bool {
    row.decided_at.is_none() && now < row.expires_at
}

/// How often a code is drawn anew where it is taken: with a million codes about, two draws are rarely needed.
const DRAWS: usize = 8;
/// Bytes of a request that are kept.
const MOST_KEPT: usize = 16 * 1024;
