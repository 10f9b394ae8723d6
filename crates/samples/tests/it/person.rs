//! A person with a browser, as far as the pages' contract reaches: follows redirects by hand, keeps cookies, posts the
//! form that carries `data-step`.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use url::{Url, form_urlencoded};

pub(crate) struct Person {
    http: reqwest::Client,
    origin: url::Origin,
    cookies: BTreeMap<String, String>,
    username: String,
    password: String,
}

/// One page of the provider.
struct Page {
    url: Url,
    html: String,
}

enum Seen {
    Page(Page),
    Left(Url),
}

impl Person {
    pub(crate) fn new(issuer: &str, username: &str, password: &str) -> Self {
        Self {
            http: http_client(),
            origin: Url::parse(issuer).unwrap().origin(),
            cookies: BTreeMap::new(),
            username: username.into(),
            password: password.into(),
        }
    }

    /// Does what a person does between a request and its answer; gives back the answer's parameters.
    pub(crate) async fn walk(&mut self, url: Url) -> HashMap<String, String> {
        let mut seen = self.go(Method::GET, url, None).await;
        for _ in 0..HOPS {
            let page = match seen {
                Seen::Left(url) => return url.query_pairs().into_owned().collect(),
                Seen::Page(page) => page,
            };
            let (username, password) = (self.username.clone(), self.password.clone());
            let fields: &[(&str, &str)] = match page.step().as_deref() {
                Some("signin") => &[("action", "signin"), ("username", &username), ("password", &password)],
                Some("continue") => &[("action", "continue")],
                Some("consent") => &[("action", "allow")],
                Some("signout") => &[("action", "signout")],
                _ => panic!("no way on from {}\n{}", page.url, page.html),
            };
            seen = self.submit(&page, fields).await;
        }
        panic!("the steps go round");
    }

    async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Seen {
        let form = page.form().expect("a form with data-step");
        let mut body = form_urlencoded::Serializer::new(String::new());
        for input in tags(form, "<input") {
            if attribute(input, "type").as_deref() == Some("hidden") {
                let name = attribute(input, "name").unwrap_or_default();
                body.append_pair(&name, &attribute(input, "value").unwrap_or_default());
            }
        }
        body.extend_pairs(fields);
        let action = attribute(form, "action").unwrap_or_default();
        self.go(Method::POST, page.url.join(&action).unwrap(), Some(body.finish())).await
    }

    async fn go(&mut self, mut method: Method, mut url: Url, mut body: Option<String>) -> Seen {
        for _ in 0..HOPS {
            if url.origin() != self.origin {
                return Seen::Left(url);
            }
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut request = self.http.request(method.clone(), url.clone()).header(COOKIE, cookies.join("; "));
            if let Some(body) = body.take() {
                request = request.header(ORIGIN, self.origin.ascii_serialization());
                request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
            }
            let answer = request.send().await.unwrap();
            for line in answer.headers().get_all(SET_COOKIE) {
                let pair = line.to_str().unwrap().split(';').next().unwrap_or_default();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies.insert(name.trim().into(), value.into());
            }
            let Some(target) = answer.headers().get(LOCATION) else {
                return Seen::Page(Page { url, html: answer.text().await.unwrap() });
            };
            url = url.join(target.to_str().unwrap()).unwrap();
            method = Method::GET;
        }
        panic!("more than {HOPS} redirects, the last to {url}");
    }
}

impl Page {
    /// The first form that carries `data-step`, from its tag to its end.
    fn form(&self) -> Option<&str> {
        let mut forms = self.html.split("<form").skip(1);
        let form = forms.find(|form| form.split('>').next().is_some_and(|head| head.contains("data-step=")))?;
        form.split("</form>").next()
    }

    fn step(&self) -> Option<String> {
        attribute(self.form()?, "data-step")
    }
}

/// A client as the library wants it: one that follows no redirect.
pub(crate) fn http_client() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.timeout(Duration::from_secs(15)).build().unwrap()
}

fn tags<'a>(html: &'a str, tag: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(tag).skip(1).filter_map(|rest| rest.split('>').next())
}

/// The value of an attribute of the tag the text begins in.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let head = tag.split('>').next()?;
    let value = head.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    let plain = value.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#38;", "&");
    Some(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

const HOPS: usize = 12;
