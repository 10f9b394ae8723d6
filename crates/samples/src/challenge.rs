//! What an API says when it is not content with how somebody has signed in (RFC 9470 §3), as an app reads it.

use std::time::Duration;

/// What the authorization request is to ask for (RFC 9470 §4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StepUp {
    pub(crate) acr_values: Vec<String>,
    pub(crate) max_age: Option<Duration>,
}

impl StepUp {
    /// Reads the value of `WWW-Authenticate`; `None` where it is about something else.
    pub(crate) fn read(challenge: &str) -> Option<Self> {
        let parameters = challenge.strip_prefix("Bearer ")?;
        if parameter(parameters, "error")? != "insufficient_user_authentication" {
            return None;
        }
        let values = parameter(parameters, "acr_values").unwrap_or_default();
        let age = parameter(parameters, "max_age").and_then(|text| text.parse().ok());
        Some(Self {
            acr_values: values.split_ascii_whitespace().map(str::to_owned).collect(),
            max_age: age.map(Duration::from_secs),
        })
    }
}

/// `name="value"` among others (RFC 9110 §11.2); the values that are looked for hold no quotes.
fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = parameters;
    loop {
        let (key, after) = rest.split_once("=\"")?;
        let (value, next) = after.split_once('"')?;
        if key.trim_start_matches([',', ' ']) == name {
            return Some(value);
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 9470 §3.
    #[test]
    fn the_rfcs_own_challenges_are_read() {
        let head = "Bearer error=\"insufficient_user_authentication\", error_description=\"A different authentication level, or more recent, is required\"";
        let by_level = StepUp::read(&format!("{head}, acr_values=\"myACR other\"")).unwrap();
        assert_eq!(by_level, StepUp { acr_values: vec!["myACR".into(), "other".into()], max_age: None });
        let by_age = StepUp::read(&format!("{head}, max_age=\"5\"")).unwrap();
        assert_eq!(by_age, StepUp { acr_values: Vec::new(), max_age: Some(Duration::from_secs(5)) });
        for other in ["Bearer", "Bearer error=\"invalid_token\"", "Basic realm=\"x\"", "Bearer error=\"insufficient"] {
            assert_eq!(StepUp::read(other), None, "{other}");
        }
    }
}
