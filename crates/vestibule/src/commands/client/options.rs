//! What may be said of a client, and how the options become members of RFC 7591 §2.

use anyhow::Context as _;
use clap::Args;
use serde_json::{Map, Value};

/// The options that `client add` and `client update` share.
#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// What kind of software it is [default: web].
    #[arg(long = "type", value_name = "TYPE", value_parser = TYPES)]
    kind: Option<String>,
    /// Where answers may go; may stand several times.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// Where a browser may go after signing out; may stand several times.
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// The scopes it may have, with blanks between.
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// A grant that it may use; may stand several times.
    #[arg(long, value_name = "GRANT", value_parser = GRANTS)]
    grant: Vec<String>,
    /// A first-party app: people are not asked for consent.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    trusted: Option<bool>,
    /// When it must use PKCE (RFC 7636).
    #[arg(long, value_name = "WHEN", value_parser = PKCE)]
    pkce: Option<String>,
    /// How it authenticates at the token endpoint.
    #[arg(long, value_name = "METHOD", value_parser = METHODS)]
    auth: Option<String>,
    /// The native apps of one developer that share a session on a device (Native SSO 1.0).
    #[arg(long, value_name = "NAME")]
    app_group: Option<String>,
    /// The host app whose mini program it is.
    #[arg(long, value_name = "CLIENT_ID")]
    host: Option<String>,
    /// How far the mini program has come [default: draft].
    #[arg(long, value_name = "STATE", value_parser = STATES)]
    state: Option<String>,
    /// A group that it is for; may stand several times [default: everybody].
    #[arg(long, value_name = "GROUP")]
    group: Vec<String>,
    /// It is for those alone whom `client invite` names, and for its groups.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    invited_only: Option<bool>,
    /// When it ends, such as 2027-01-31 or 2027-01-31T18:00:00Z: nobody may use it from then on, and what it holds is removed.
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// Any other members of RFC 7591; an option comes before the member of its kind.
    #[arg(long, value_name = "JSON")]
    metadata: Option<String>,
}

impl Options {
    /// The members that were given, the options over `--metadata`.
    pub(crate) fn members(&self) -> anyhow::Result<Map<String, Value>> {
        let mut members: Map<String, Value> = match &self.metadata {
            Some(text) => serde_json::from_str(text).context("--metadata is no JSON object; write '{\"…\": …}'")?,
            None => Map::new(),
        };
        let texts = [
            ("vestibule_type", &self.kind),
            ("scope", &self.scope),
            ("vestibule_pkce", &self.pkce),
            ("token_endpoint_auth_method", &self.auth),
            ("vestibule_app_group", &self.app_group),
            ("vestibule_host", &self.host),
            ("vestibule_program_state", &self.state),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                members.insert(name.to_owned(), text.as_str().into());
            }
        }
        let lists = [
            ("redirect_uris", &self.redirect_uri),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uri),
            ("grant_types", &self.grant),
            ("vestibule_groups", &self.group),
        ];
        for (name, list) in lists {
            if !list.is_empty() {
                members.insert(name.to_owned(), list.clone().into());
            }
        }
        if let Some(only) = self.invited_only {
            members.insert("vestibule_invited_only".to_owned(), only.into());
        }
        if let Some(text) = &self.expires {
            let end = toolbox::time::parse(text).context("--expires is no time; write it like 2027-01-31T18:00:00Z")?;
            members.insert("vestibule_expires_at".to_owned(), end.into());
        }
        if let Some(trusted) = self.trusted {
            members.insert("vestibule_trusted".to_owned(), trusted.into());
        }
        Ok(members)
    }
}

const TYPES: [&str; 4] = ["web", "spa", "native", "service"];
const GRANTS: [&str; 5] = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:token-exchange",
];
const STATES: [&str; 4] = ["draft", "review", "live", "blocked"];
const PKCE: [&str; 3] = ["required", "or-nonce", "optional"];
const METHODS: [&str; 5] =
    ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"];

#[cfg(test)]
mod tests {
    use oidc::client::ClientMetadata;

    use super::*;

    #[test]
    fn every_word_offered_is_one_that_is_understood() {
        let understood = |name: &str, value: Value| {
            let members = Map::from_iter([(name.to_owned(), value)]);
            assert!(serde_json::from_value::<ClientMetadata>(Value::Object(members)).is_ok(), "{name}");
        };
        TYPES.iter().for_each(|word| understood("vestibule_type", (*word).into()));
        STATES.iter().for_each(|word| understood("vestibule_program_state", (*word).into()));
        PKCE.iter().for_each(|word| understood("vestibule_pkce", (*word).into()));
        METHODS.iter().for_each(|word| understood("token_endpoint_auth_method", (*word).into()));
        understood("grant_types", GRANTS.to_vec().into());
    }

    #[test]
    fn an_option_comes_before_metadata() {
        let metadata = Some(r#"{"scope": "a", "contacts": ["b"], "vestibule_trusted": true}"#.to_owned());
        let options = Options { metadata, scope: Some("c".to_owned()), trusted: Some(false), ..Options::default() };
        let expected = serde_json::json!({ "scope": "c", "contacts": ["b"], "vestibule_trusted": false });
        assert_eq!(Value::Object(options.members().expect("members")), expected);
    }
}
