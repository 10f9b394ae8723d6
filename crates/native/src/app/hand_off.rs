//! From this app into a web client that is signed in already.

use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;
use url::form_urlencoded::Serializer;
use verify::fetch::Request;

use super::App;
use super::kept::Kept;
use crate::error::Error;
use crate::protocol::parse;

/// An address to open in the browser, once, and what to show beside it.
///
/// ```
/// use vestibule_native::HandOff;
///
/// fn shown(hand_off: &HandOff) -> String {
///     match &hand_off.number {
///         Some(number) => format!("The page asks for {number}"),
///         None => "Confirm in this app".to_owned(),
///     }
/// }
/// # let _ = shown;
/// ```
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct HandOff {
    /// The address.
    pub url: String,
    /// The number that the page there asks for; none where this device's key answers.
    pub number: Option<String>,
    /// For how many seconds the address is good.
    pub expires_in: u64,
    handoff: String,
}

/// A hand-off that the page may ask about.
#[derive(Serialize, Deserialize)]
struct Awaiting {
    handoff: String,
    url: String,
    /// In seconds since 1970.
    until: i64,
}

impl App {
    /// Asks for an address that opens a web client signed in: at `target_link_uri`, or where that client begins. The person
    /// types the number there.
    pub async fn hand_off(&self, client_id: &str, target_link_uri: Option<&str>) -> Result<HandOff, Error> {
        self.push_hand_off(client_id, target_link_uri, None).await
    }

    /// The same where nobody types: the page asks this app through the link that it claims (`answer_hand_off`), and this
    /// device's key answers, which `register_device` registered.
    pub async fn hand_off_by_key(&self, client_id: &str, target_link_uri: Option<&str>) -> Result<HandOff, Error> {
        let key: Option<String> = self.0.kept(Kept::Device).await?;
        let key = key.ok_or_else(|| Error::Key("it is not registered".to_owned()))?;
        let hand_off = self.push_hand_off(client_id, target_link_uri, Some(&key)).await?;
        let span = i64::try_from(hand_off.expires_in).unwrap_or(i64::MAX);
        let (handoff, url) = (hand_off.handoff.clone(), hand_off.url.clone());
        let awaiting = Awaiting { handoff, url, until: self.0.now().saturating_add(span) };
        self.0.keep_as(Kept::HandOff, &awaiting).await?;
        Ok(hand_off)
    }

    /// Answers the page's question, which the system opened this app with: what comes back is the address to open again, in
    /// the same browser. A question about no hand-off of this app's is somebody else's, and is not answered.
    pub async fn answer_hand_off(&self, link: &str) -> Result<String, Error> {
        let inner = &*self.0;
        let foreign = || Error::Answer("this app asked for no such hand-off".to_owned());
        let url = Url::parse(link).map_err(|_| foreign())?;
        let one = |name: &str| {
            let mut values = url.query_pairs().filter(|(one, _)| one == name).map(|(_, value)| value.into_owned());
            values.next().filter(|_| values.next().is_none()).ok_or_else(foreign)
        };
        let (issuer, handoff, challenge) = (one("iss")?, one("handoff")?, one("challenge")?);
        let awaiting: Awaiting = inner.kept(Kept::HandOff).await?.ok_or_else(foreign)?;
        if issuer != inner.settings.issuer || handoff != awaiting.handoff || inner.now() > awaiting.until {
            return Err(foreign());
        }
        let claims = json!({ "handoff": handoff, "challenge": challenge });
        let key = inner.device_key().await?;
        let proof = inner.signed(&key, "vestibule-handoff+jwt", claims).await?;
        // The page is opened with it once, whatever becomes of it there.
        inner.remove_kept(Kept::HandOff).await?;
        let mut back = Url::parse(&awaiting.url).map_err(|_| Error::Answer("the address is no URL".to_owned()))?;
        back.query_pairs_mut().append_pair("proof", &proof);
        Ok(back.into())
    }

    async fn push_hand_off(
        &self,
        client_id: &str,
        target_link_uri: Option<&str>,
        device_key: Option<&str>,
    ) -> Result<HandOff, Error> {
        let tokens = self.fresh().await?;
        let more = [("target_link_uri", target_link_uri), ("device_key", device_key)];
        let more = more.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let form = Serializer::new(String::new()).append_pair("client_id", client_id).extend_pairs(more).finish();
        let request = Request::post_form(self.0.at(&["api", "handoff", "v1", "links"])?, form);
        parse(&self.0.provider().await?.endpoints.call(request, Some(&tokens)).await?)
    }
}

/// Neither address nor number, by which somebody would be signed in.
impl std::fmt::Debug for HandOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandOff").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}
