//! What the browser says (§5.8.1).

use jose::base64url;
use jose::json::{self, Object, Value};
use jose::provider::Provider;

use crate::Expected;
use crate::error::Refusal;

/// Which ceremony it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ceremony {
    Create,
    Get,
}

impl Ceremony {
    fn as_str(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// Holds the client data against what was asked (§7.1 steps 6 to 11, §7.2 steps 9 to 14). Members that are not known
/// here are passed over (§5.8.1.2).
pub(crate) fn check(
    provider: &dyn Provider,
    text: &[u8],
    ceremony: Ceremony,
    expected: &Expected<'_>,
) -> Result<(), Refusal> {
    let members = match json::parse(text, CLIENT_DATA, DEPTH) {
        Ok(Value::Object(members)) => members,
        Ok(other) => return Err(Refusal::ClientData(format!("is {}", json::kind(&other)))),
        Err(error) => return Err(Refusal::ClientData(error.to_string())),
    };
    let found = string(&members, "type")?;
    if found != ceremony.as_str() {
        return Err(Refusal::Type { expected: ceremony.as_str(), found: found.chars().take(64).collect() });
    }
    let challenge = base64url::decode(string(&members, "challenge")?).map_err(|_| Refusal::Challenge)?;
    if !provider.constant_time_eq(&challenge, expected.challenge) {
        return Err(Refusal::Challenge);
    }
    let origin = string(&members, "origin")?;
    if !expected.origins.contains(&origin) {
        return Err(Refusal::Origin(origin.chars().take(256).collect()));
    }
    match (members.get("crossOrigin"), members.get("topOrigin")) {
        (None | Some(Value::Bool(false)), None) => Ok(()),
        (None | Some(Value::Bool(_)), _) => Err(Refusal::Framed),
        _ => Err(Refusal::ClientData("\"crossOrigin\" is no boolean".into())),
    }
}

fn string<'a>(members: &'a Object, name: &str) -> Result<&'a str, Refusal> {
    let value = members.get(name).and_then(Value::as_str);
    value.ok_or_else(|| Refusal::ClientData(format!("\"{name}\" is missing or no string")))
}

/// Bytes: a challenge, two origins and whatever browsers add.
const CLIENT_DATA: usize = 16 * 1024;
const DEPTH: usize = 8;
