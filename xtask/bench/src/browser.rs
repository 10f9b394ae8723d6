//! A person with a browser: cookies, redirects, and the forms of CONTRACT §4.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::http::{Connection, form, get, post};
use crate::provider::{Client, PASSWORD, REDIRECT_URI};

/// One browser, on one connection.
pub(crate) struct Browser {
    connection: Connection,
    host: SocketAddr,
    cookies: BTreeMap<String, String>,
    /// Requests sent so far.
    pub(crate) requests: u64,
}

/// What a browser makes of an answer.
struct Page {
    status: u16,
    location: Option<String>,
    html: String,
}

impl Browser {
    /// One that has never been here.
    pub(crate) async fn open(host: SocketAddr) -> Result<Self> {
        Ok(Self { connection: Connection::open(host).await?, host, cookies: BTreeMap::new(), requests: 0 })
    }

    /// Forgets everything but the connection: the next visit is another person's.
    pub(crate) fn forget(&mut self) {
        self.cookies.clear();
    }

    /// Signs `user` in at `client` through the pages, and answers the code.
    pub(crate) async fn sign_in(&mut self, client: &Client, user: &str) -> Result<String> {
        self.sign_in_for(&client.id, "openid profile", user).await
    }

    /// The same at the client of this id, for these scopes.
    pub(crate) async fn sign_in_for(&mut self, client: &str, scope: &str, user: &str) -> Result<String> {
        let request = form(&[
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", REDIRECT_URI),
            ("scope", scope),
            ("state", "bench"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
        let mut page = self.get(&format!("/oauth2/authorize?{request}")).await?;
        for _ in 0..MOST_HOPS {
            page = match &page.location {
                Some(location) if location.starts_with(REDIRECT_URI) => return code_in(location),
                Some(location) => self.get(&self.path_of(location)).await?,
                None if page.status == 200 => self.answer(&page, user).await?,
                None => bail!("{} on the way to a code: {}", page.status, page.html),
            };
        }
        bail!("no code after {MOST_HOPS} hops")
    }

    /// Redeems a code (RFC 6749 §4.1.3); answers the body.
    pub(crate) async fn redeem(&mut self, client: &Client, code: &str) -> Result<serde_json::Value> {
        self.redeemed(&client.basic(), code, &[]).await
    }

    /// The same by a public client, with more fields.
    pub(crate) async fn redeem_as(
        &mut self,
        client: &str,
        code: &str,
        more: &[(&str, &str)],
    ) -> Result<serde_json::Value> {
        self.redeemed("", code, &[&[("client_id", client)], more].concat()).await
    }

    async fn redeemed(&mut self, headers: &str, code: &str, more: &[(&str, &str)]) -> Result<serde_json::Value> {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        let fields = [&usual[..], more].concat();
        let answer = self.connection.ask(&post(self.host, "/oauth2/token", headers, &form(&fields))).await?;
        answer.expect(200)?;
        Ok(serde_json::from_slice(answer.body)?)
    }

    /// Opens the page at `path`, fills in its form of this step, and says what came back after how long; the time is that of
    /// the form alone.
    pub(crate) async fn fill(&mut self, path: &str, step: &str, fields: &[(&str, &str)]) -> Result<(u16, Duration)> {
        let mut page = self.get(path).await?;
        while let Some(location) = &page.location {
            page = self.get(&self.path_of(location)).await?;
        }
        let Shown { step: shown, action, fields: mut all } = page.form()?;
        ensure!(shown == step, "the step «{shown}» where «{step}» was due");
        all.extend_from_slice(fields);
        let request = post(self.host, &action, &self.cookie_line(), &form(&all));
        let begun = Instant::now();
        let answer = self.send(&request).await?;
        Ok((answer.status, begun.elapsed()))
    }

    /// Fills the form of the step that the page shows.
    async fn answer(&mut self, page: &Page, user: &str) -> Result<Page> {
        let Shown { step, action, mut fields } = page.form()?;
        match step {
            "signin" => fields.extend([("username", user), ("password", PASSWORD), ("action", "signin")]),
            "continue" => fields.push(("action", "continue")),
            "consent" => fields.push(("action", "allow")),
            other => bail!("the step «{other}» was not expected"),
        }
        let request = post(self.host, &action, &self.cookie_line(), &form(&fields));
        self.send(&request).await
    }

    async fn get(&mut self, path: &str) -> Result<Page> {
        let mut request = get(self.host, path);
        request.truncate(request.len() - 2);
        request.extend_from_slice(self.cookie_line().as_bytes());
        request.extend_from_slice(b"\r\n");
        self.send(&request).await
    }

    async fn send(&mut self, request: &[u8]) -> Result<Page> {
        self.requests += 1;
        let answer = self.connection.ask(request).await?;
        for line in answer.headers("set-cookie") {
            let pair = line.split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.context("a cookie without a name")?;
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Ok(Page {
            status: answer.status,
            location: answer.headers("location").next().map(str::to_owned),
            html: String::from_utf8_lossy(answer.body).into_owned(),
        })
    }

    /// What it keeps, as the line of a request.
    pub(crate) fn cookie_line(&self) -> String {
        if self.cookies.is_empty() {
            return String::new();
        }
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("Cookie: {}\r\n", pairs.join("; "))
    }

    fn path_of(&self, location: &str) -> String {
        location.strip_prefix(&format!("http://{}", self.host)).unwrap_or(location).to_owned()
    }
}

/// A form as it stands on a page, with its hidden fields.
struct Shown<'a> {
    step: &'a str,
    action: String,
    fields: Vec<(&'a str, &'a str)>,
}

impl Page {
    /// The page's first form.
    fn form(&self) -> Result<Shown<'_>> {
        let (before, rest) = self.html.split_once("data-step=\"").with_context(|| self.html.clone())?;
        let action = before.rsplit_once("action=\"").map(|(_, rest)| until_quote(rest)).context("no action")?;
        let fields = hidden(rest.split_once("</form>").map_or(rest, |(form, _)| form));
        Ok(Shown { step: until_quote(rest), action: unescaped(action), fields })
    }
}

fn code_in(location: &str) -> Result<String> {
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let code = query.split('&').find_map(|pair| pair.strip_prefix("code="));
    code.map(str::to_owned).with_context(|| format!("no code in {location}"))
}

/// Names and values of the hidden fields. None of their values holds a character that HTML escapes.
fn hidden(form: &str) -> Vec<(&str, &str)> {
    let inputs = form.split("<input type=\"hidden\"").skip(1);
    inputs.filter_map(|input| Some((attribute(input, "name=\"")?, attribute(input, "value=\"")?))).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split('>').next()?;
    tag.split_once(name).map(|(_, rest)| until_quote(rest))
}

fn until_quote(text: &str) -> &str {
    text.split('"').next().unwrap_or_default()
}

fn unescaped(address: &str) -> String {
    address.replace("&amp;", "&").replace("&#38;", "&")
}

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const MOST_HOPS: usize = 12;
