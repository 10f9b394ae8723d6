//! OpenID Connect by hand: the request that begins a sign-in, and the redirect that ends it.

use jose::base64url;
use jose::json::Object;

use super::{findings, sources};
use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::input::{Given, Input, excerpt};
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output, Verdict};
use crate::percent;
use crate::run::Env;

pub(crate) const TOOL: Tool = Tool {
    name: "oidc",
    title: "OpenID requests",
    summary: "Builds the request that begins a sign-in, reads the redirect that ends it, and judges metadata",
    actions: &[REQUEST, REDIRECT, LINT],
};

const REQUEST: Action = Action {
    name: "request",
    title: "Build a request",
    summary: "Builds the URL of an authorization request, with state, nonce and PKCE",
    example: "vestibule oidc request https://id.example.com/oauth2/authorize --client-id shop --redirect-uri https://shop.example.com/callback",
    fields: &[
        Field::new("endpoint", Kind::Text, "Authorization endpoint", "The provider's authorization endpoint")
            .argument()
            .required()
            .example("https://id.example.com/oauth2/authorize"),
        Field::new("client-id", Kind::Text, "Client", "The app's client_id").required().example("shop"),
        Field::new(
            "redirect-uri",
            Kind::Text,
            "Redirect URI",
            "Where the answer goes, letter by letter as it is registered",
        )
        .required()
        .example("https://shop.example.com/callback"),
        Field::new("scope", Kind::Text, "Scope", "What is asked for").default("openid"),
        Field::new(
            "prompt",
            Kind::Choice(&[
                Choice::new("none", "none"),
                Choice::new("login", "login"),
                Choice::new("consent", "consent"),
                Choice::new("select_account", "select_account"),
            ]),
            "Prompt",
            "Which pages must, or must not, be shown",
        ),
        Field::new(
            "response-mode",
            Kind::Choice(&[
                Choice::new("query", "query"),
                Choice::new("form_post", "form_post"),
                Choice::new("fragment", "fragment"),
            ]),
            "Response mode",
            "How the answer comes",
        ),
        Field::new("login-hint", Kind::Text, "Login hint", "Who is expected").example("ada@example.com"),
        Field::new("acr-values", Kind::Text, "Assurance", "How strongly the person must be authenticated"),
        Field::new("resource", Kind::Text, "Resource", "For which API the token is (RFC 8707)"),
        Field::new("parameter", Kind::Repeated, "Parameters", "Any other parameter, as name=value"),
    ],
    prints: Prints::Report,
    work: Work::Once(request),
};

const REDIRECT: Action = Action {
    name: "redirect",
    title: "Read a redirect",
    summary: "Reads what came back to the redirect URI, and says what an error means",
    example: "vestibule oidc redirect 'https://shop.example.com/callback?error=login_required&state=x'",
    fields: &[
        Field::new("url", Kind::Lines, "Redirect", "The whole URL, or the body of a form_post")
            .argument()
            .or_stdin()
            .example("https://shop.example.com/callback?code=…&state=…")
            .private(),
        Field::new("state", Kind::Text, "State", "The state that was sent"),
        Field::new("iss", Kind::Text, "Issuer", "The issuer that must have answered (RFC 9207)"),
    ],
    prints: Prints::Report,
    work: Work::Once(redirect),
};

const LINT: Action = Action {
    name: "lint",
    title: "Inspect metadata",
    summary: "Finds what is wrong or unwise in a provider's discovery document",
    example: "vestibule oidc lint https://id.example.com/.well-known/openid-configuration",
    fields: &[Field::new("document", Kind::Source, "Metadata", "The discovery document")
        .argument()
        .or_stdin()
        .example("{\"issuer\": …}")],
    prints: Prints::Report,
    work: Work::Once(lint),
};

fn lint(_: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (text, url) = match input.given("document") {
        Some(Given::Url(url)) => {
            let fetched = sources::fetch(input, url)?;
            (jose::json::Value::Object(fetched.members).to_string(), Some(url.as_str()))
        }
        _ => (input.required("document")?.to_string(), None),
    };
    let found = jose::lint::discovery(text.as_bytes(), url, &jose::Limits::DEFAULT);
    Ok(findings::judged(Output::default(), &found))
}

fn request(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let random = || {
        let mut bytes = [0; 32];
        env.provider.fill_random(&mut bytes).map_err(ToolError::provider)?;
        Ok::<_, ToolError>(base64url::encode(bytes))
    };
    let (verifier, state, nonce) = (random()?, random()?, random()?);
    let challenge = base64url::encode(env.provider.sha256(verifier.as_bytes()));
    let mut pairs: Vec<(String, String)> = vec![("response_type".into(), "code".into())];
    for (field, name) in OPTIONS {
        if let Some(value) = input.text(field)? {
            pairs.push(((*name).into(), value.to_string()));
        }
    }
    for (name, value) in [("state", &state), ("nonce", &nonce), ("code_challenge", &challenge)] {
        pairs.push((name.into(), value.clone()));
    }
    pairs.push(("code_challenge_method".into(), "S256".into()));
    for text in input.all("parameter").flat_map(str::lines).filter(|line| !line.trim().is_empty()) {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            ToolError::of("parameter", format!("{:?} is no parameter", excerpt(text)), "write it as name=value")
        })?;
        if pairs.iter().any(|(known, _)| known == name) && name != "resource" {
            return Err(ToolError::of("parameter", format!("{name} stands there already"), "give it once").into());
        }
        pairs.push((name.to_owned(), value.to_owned()));
    }
    let endpoint = input.required("endpoint")?;
    let query: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{}={}", percent::encode(name), percent::encode(value))).collect();
    let joint = if endpoint.contains('?') { "&" } else { "?" };
    let url = format!("{}{joint}{}", endpoint.trim(), query.join("&"));
    let mut output = Output::default()
        .line("url", "url", url)
        .line("code verifier", "code_verifier", verifier)
        .line("state", "state", state)
        .line("nonce", "nonce", nonce);
    if endpoint.contains('#') {
        return Err(ToolError::of("endpoint", "the endpoint has a fragment", "take it off (RFC 6749 §3.1)").into());
    }
    if !input.choice("scope")?.split(' ').any(|scope| scope == "openid") {
        let text = "without openid in the scope this is plain OAuth: no ID token comes back";
        output.notes.push(Note::new(Level::Info, "oidc-no-openid", text).clause("OIDC Core §3.1.2.1"));
    }
    Ok(output)
}

fn redirect(_: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let text = input.required("url")?;
    let text = text.trim();
    let before_fragment = text.split('#').next().unwrap_or_default();
    let query = match before_fragment.split_once('?') {
        Some((_, query)) => query,
        // The body of a form_post has no URL before it.
        None if before_fragment.contains("://") => "",
        None => before_fragment,
    };
    let fragment = text.split_once('#').map(|(_, fragment)| fragment).unwrap_or_default();
    let pairs: Vec<(String, String)> = [query, fragment].into_iter().flat_map(percent::pairs).collect();
    if pairs.is_empty() {
        return Err(ToolError::of(
            "url",
            "the URL has no parameters",
            "give the whole URL from the browser's address line",
        )
        .into());
    }
    let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let heads = ["parameter", "value"].map(str::to_owned).to_vec();
    let rows = pairs.iter().map(|(name, value)| vec![name.clone(), value.clone()]).collect();
    let mut output = Output::default().block(Block::Table { name: "parameters".into(), heads, rows });
    let mut notes = Vec::new();
    for (index, (name, _)) in pairs.iter().enumerate() {
        if pairs[..index].iter().any(|(known, _)| known == name) {
            let text = format!("{name} stands twice: the answer was changed, or put together wrongly");
            notes.push(Note::new(Level::Fault, "redirect-double", text).clause("RFC 6749 §3.1"));
        }
    }
    if let Some(error) = value("error") {
        let meaning = ERRORS
            .iter()
            .find(|(code, _)| *code == error)
            .map_or("an error of this provider's own", |(_, meaning)| meaning);
        let mut note = Note::new(Level::Fault, "redirect-error", format!("{}: {meaning}", excerpt(error)));
        if let Some(description) = value("error_description") {
            note = note.cause(excerpt(description));
        }
        notes.push(note);
    } else if value("code").is_none() && value("id_token").is_none() && value("response").is_none() {
        notes.push(
            Note::new(Level::Fault, "redirect-nothing", "there is neither a code nor an error")
                .clause("RFC 6749 §4.1.2"),
        );
    }
    for (field, name, clause) in [("state", "state", "RFC 6749 §10.12"), ("iss", "iss", "RFC 9207 §2.4")] {
        let Some(expected) = input.text(field)? else { continue };
        if value(name) != Some(expected.as_str()) {
            let text =
                format!("{name} is not the one that was expected: the answer belongs to another request or issuer");
            let note = Note::new(Level::Fault, &format!("redirect-{name}"), text).clause(clause);
            notes.push(note.between(expected.as_str(), value(name).unwrap_or("nothing")));
        }
    }
    if !fragment.is_empty() && value("access_token").is_some() {
        let text = "an access token in a fragment stays in the browser's history (implicit flow)";
        notes.push(Note::new(Level::Warning, "redirect-implicit", text).clause("RFC 9700 §2.1.2"));
    }
    let faults = notes.iter().any(|note| note.level == Level::Fault);
    output.verdict = if faults { Verdict::No } else { Verdict::Yes };
    output.notes = notes;
    let members: Object = pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
    Ok(output.member("parameters", jose::json::Value::Object(members)))
}

/// The fields and the parameters that they are.
const OPTIONS: &[(&str, &str)] = &[
    ("client-id", "client_id"),
    ("redirect-uri", "redirect_uri"),
    ("scope", "scope"),
    ("prompt", "prompt"),
    ("response-mode", "response_mode"),
    ("login-hint", "login_hint"),
    ("acr-values", "acr_values"),
    ("resource", "resource"),
];

/// RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6.
const ERRORS: &[(&str, &str)] = &[
    ("invalid_request", "the request lacks a parameter, has one twice, or is malformed"),
    ("unauthorized_client", "the client may not ask in this way"),
    ("access_denied", "the person, or the provider, said no"),
    ("unsupported_response_type", "the provider does not answer with this response_type"),
    ("invalid_scope", "a scope is unknown, or not this client's to ask for"),
    ("server_error", "the provider failed inside; try again"),
    ("temporarily_unavailable", "the provider is overloaded; try again later"),
    ("login_required", "prompt=none, and nobody is signed in: ask again without it"),
    ("consent_required", "prompt=none, and the person has not agreed yet: ask again without it"),
    ("interaction_required", "prompt=none, and a page must be shown: ask again without it"),
    ("account_selection_required", "prompt=none, and there are several accounts: ask again without it"),
    ("invalid_request_uri", "the request_uri is unknown or has expired"),
    ("invalid_request_object", "the request object cannot be verified"),
    ("invalid_target", "the resource is unknown (RFC 8707)"),
    ("request_not_supported", "the provider takes no request objects"),
    ("request_uri_not_supported", "the provider takes no request_uri"),
    ("registration_not_supported", "the provider takes no registration in the request"),
    ("unmet_authentication_requirements", "the person could not be authenticated as strongly as asked"),
];
