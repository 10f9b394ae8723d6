//! A person's browser: it keeps cookies, follows redirects, and sends forms as a person does.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use url::Url;
use web::Router;

use crate::house::{ISSUER, PASSWORD};
use crate::page::Page;

/// A browser that knows one provider. A clone is the same browser a moment later: it has the same cookies.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// What it keeps, by name.
    pub cookies: BTreeMap<String, String>,
    /// What it says with each request besides.
    pub headers: HeaderMap,
    /// From where it comes; nowhere known, to begin with.
    pub address: Option<std::net::IpAddr>,
}

impl Browser {
    /// One that was never here.
    pub fn new(router: Router) -> Self {
        let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"))]);
        Self { router, cookies: BTreeMap::new(), headers, address: None }
    }

    /// Opens an address and follows where it leads.
    pub async fn open(&mut self, address: &str) -> Page {
        let url = Url::parse(ISSUER).unwrap().join(address).unwrap();
        let answer = self.send("GET", &url, None).await;
        self.follow(url, answer).await
    }

    /// Posts fields and follows where they lead.
    pub async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Page {
        let url = Url::parse(ISSUER).unwrap().join(address).unwrap();
        let answer = self.send("POST", &url, Some(fields)).await;
        self.follow(url, answer).await
    }

    /// Presses the button `action` of a page's step, with what was filled in besides.
    pub async fn press(&mut self, page: &Page, step: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.form(step);
        let hidden = form.hidden.iter().filter(|(name, _)| !fields.iter().any(|(field, _)| field == name));
        let mut all: Vec<(&str, &str)> = hidden.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(Some(("action", action)).filter(|(_, action)| !action.is_empty()));
        all.extend(fields);
        let address = page.url.join(&form.action).unwrap();
        self.post(address.as_str(), &all).await
    }

    /// Fills in the sign-in page.
    pub async fn sign_in(&mut self, page: &Page, username: &str) -> Page {
        self.press(page, "signin", "signin", &[("username", username), ("password", PASSWORD)]).await
    }

    /// One request, whose answer is not followed; its cookies are kept.
    pub async fn send(&mut self, method: &str, url: &Url, fields: Option<&[(&str, &str)]>) -> Response<String> {
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = Request::builder().method(method).uri(target).body(String::new()).unwrap();
        *request.headers_mut() = self.headers.clone();
        if let Some(address) = self.address {
            request.extensions_mut().insert(web::front::Peer(address));
        }
        request.headers_mut().insert(header::HOST, HeaderValue::from_str(url.authority()).unwrap());
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        if let Some(fields) = fields {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            request.headers_mut().insert(header::CONTENT_TYPE, form);
            *request.body_mut() = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        }
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        self.keep(&parts.headers);
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Response::from_parts(parts, text)
    }

    async fn follow(&mut self, mut url: Url, mut answer: Response<String>) -> Page {
        for _ in 0..HOPS {
            let Some(target) = answer.headers().get(header::LOCATION) else {
                let (parts, text) = answer.into_parts();
                return Page { url, status: parts.status, headers: parts.headers, text, left: false };
            };
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "RFC 9700 §4.12");
            url = url.join(target.to_str().unwrap()).unwrap();
            if url.origin() != Url::parse(ISSUER).unwrap().origin() {
                let (parts, text) = answer.into_parts();
                return Page { url, status: parts.status, headers: parts.headers, text, left: true };
            }
            answer = self.send("GET", &url, None).await;
        }
        panic!("more than {HOPS} redirects, the last to {url}");
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            match line.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
    }
}

const HOPS: usize = 8;
