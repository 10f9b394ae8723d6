//! A person with a browser, as far as the pages' contract reaches (CONTRACT §4): follows redirects by hand, keeps
//! cookies, posts the form that carries `data-step`.

use std::collections::BTreeMap;

use crate::http::{Answer, attribute, encoded, get, post};

/// Somebody at a browser.
#[derive(Clone)]
pub(crate) struct Person {
    address: String,
    pub(crate) cookies: BTreeMap<String, String>,
    username: String,
    password: String,
}

/// A page with a form.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its `data-step`; empty where it has none.
    pub(crate) step: String,
    /// Where its form goes.
    pub(crate) action: String,
    /// The hidden fields.
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) answer: Answer,
}

/// Where a walk ends.
#[derive(Debug)]
pub(crate) enum End {
    /// At an address outside.
    Left(String),
    /// At a page.
    Page(Page),
}

impl Person {
    pub(crate) fn new(address: &str, username: &str, password: &str) -> Self {
        let [address, username, password] = [address, username, password].map(str::to_owned);
        Self { address, cookies: BTreeMap::new(), username, password }
    }

    /// Does what a person does between a request and its answer; gives back the address of the answer.
    pub(crate) fn walk(&mut self, target: &str) -> Option<String> {
        let mut end = self.visit(target)?;
        for _ in 0..HOPS {
            let page = match end {
                End::Left(address) => return Some(address),
                End::Page(page) => page,
            };
            let (username, password) = (self.username.clone(), self.password.clone());
            let fields: &[(&str, &str)] = match page.step.as_str() {
                "signin" => &[("action", "signin"), ("username", &username), ("password", &password)],
                "continue" => &[("action", "continue")],
                "consent" => &[("action", "allow")],
                other => panic!("no way on from step «{other}»\n{}", page.answer.body),
            };
            end = self.submit(&page, fields)?;
        }
        panic!("the steps go round");
    }

    /// `GET`, and on through redirects of the provider's own.
    pub(crate) fn visit(&mut self, target: &str) -> Option<End> {
        let answer = get(&self.address, target, &self.cookie_line())?;
        self.follow(answer)
    }

    /// Posts a page's form with its hidden fields and these.
    pub(crate) fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Option<End> {
        let hidden = page.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs: Vec<String> = hidden
            .chain(fields.iter().copied())
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let lines = format!("{}Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", self.cookie_line(), self.address);
        let answer = post(&self.address, &page.action, &lines, &pairs.join("&"))?;
        self.follow(answer)
    }

    fn follow(&mut self, mut answer: Answer) -> Option<End> {
        for _ in 0..HOPS {
            self.keep_cookies(&answer);
            let Some(target) = answer.header("location") else {
                return Some(End::Page(page(answer)));
            };
            let ours =
                target.strip_prefix(&format!("http://{}", self.address)).or(target.starts_with('/').then_some(target));
            let Some(target) = ours else {
                return Some(End::Left(target.to_owned()));
            };
            answer = get(&self.address, target, &self.cookie_line())?;
        }
        panic!("more than {HOPS} redirects");
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for line in answer.headers("set-cookie") {
            let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The header line with all cookies.
    pub(crate) fn cookie_line(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { String::new() } else { format!("Cookie: {}\r\n", pairs.join("; ")) }
    }
}

/// Takes a page's main form apart.
pub(crate) fn page(answer: Answer) -> Page {
    let forms = answer.body.split("<form").skip(1);
    let main = forms
        .map(|form| form.split("</form>").next().unwrap_or_default())
        .find(|form| form.split('>').next().is_some_and(|head| head.contains("data-step=")));
    let main = main.unwrap_or_default();
    let inputs = main.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let hidden = inputs.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
    let pair =
        |input: &str| (attribute(input, "name").unwrap_or_default(), attribute(input, "value").unwrap_or_default());
    Page {
        step: attribute(main, "data-step").unwrap_or_default(),
        action: attribute(main, "action").unwrap_or_default(),
        hidden: hidden.map(pair).collect(),
        answer,
    }
}

const HOPS: usize = 12;
