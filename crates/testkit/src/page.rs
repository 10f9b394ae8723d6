//! What a person's browser shows, read as far as the pages' contract reaches (CONTRACT §4).

use http::{HeaderMap, StatusCode};
use url::Url;

/// What the browser arrived at: a page of the provider, or an address of somebody else.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address.
    pub url: Url,
    /// Its status; 303 where the browser has left.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its text.
    pub text: String,
    /// Whether the address is not the provider's.
    pub left: bool,
}

/// A form of a step.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is posted.
    pub action: String,
    /// Its hidden fields.
    pub hidden: Vec<(String, String)>,
    /// Its checkboxes.
    pub boxes: Vec<(String, String)>,
    /// Its buttons.
    pub buttons: Vec<(String, String)>,
}

impl Page {
    /// The step that it shows: that of its first form, or `error`.
    pub fn step(&self) -> &str {
        between(&self.text, "data-step=\"", "\"").unwrap_or_default()
    }

    /// The code of an error page.
    pub fn error(&self) -> Option<&str> {
        between(&self.text, "data-error=\"", "\"")
    }

    /// The form of a step.
    pub fn form(&self, step: &str) -> Form {
        let mark = format!("data-step=\"{step}\"");
        let text = self.text.split("<form").skip(1).find(|form| form.split('>').next().unwrap().contains(&mark));
        let text = text.unwrap_or_else(|| panic!("no form {step} at {}:\n{}", self.url, self.text));
        let text = text.split("</form>").next().unwrap();
        let tags = |name: &str| -> Vec<&str> {
            text.split(&format!("<{name} ")).skip(1).map(|tag| tag.split('>').next().unwrap()).collect()
        };
        let of_type = |kind: &str| -> Vec<(String, String)> {
            let kind = format!("type=\"{kind}\"");
            tags("input").into_iter().filter(|tag| tag.contains(&kind)).map(pair).collect()
        };
        Form {
            action: attribute(text, "action"),
            hidden: of_type("hidden"),
            boxes: of_type("checkbox"),
            buttons: tags("button").into_iter().map(pair).collect(),
        }
    }

    /// The value of a parameter in the address.
    pub fn param(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// Whether the text says this.
    pub fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }
}

fn pair(tag: &str) -> (String, String) {
    (attribute(tag, "name"), attribute(tag, "value"))
}

fn attribute(tag: &str, name: &str) -> String {
    let value = between(tag, &format!(" {name}=\""), "\"").or_else(|| {
        // The first attribute of a tag that was cut before it.
        tag.strip_prefix(&format!("{name}=\""))?.split('"').next()
    });
    value.unwrap_or_default().replace("&#38;", "&").replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}
