//! What people say of themselves.

use askama::Template;

use super::{Form, Page, Problem, renders};

/// The step `profile`: the fields below by their claims' names, `locale` and `theme`; `action=save`.
#[derive(Clone, Debug, Template)]
#[template(path = "profile.html")]
pub struct Profile<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// What was wrong with the form as a whole.
    pub problem: Option<Problem>,
    /// The full name.
    pub name: Entry<'a>,
    /// `given_name`.
    pub given_name: Entry<'a>,
    /// `family_name`.
    pub family_name: Entry<'a>,
    /// `nickname`.
    pub nickname: Entry<'a>,
    /// `birthdate`.
    pub birthdate: Entry<'a>,
    /// `website`.
    pub website: Entry<'a>,
    /// `zoneinfo`.
    pub zoneinfo: Entry<'a>,
    /// The lines of `address`.
    pub address: Entry<'a>,
    /// The languages to choose from.
    pub languages: &'a [Choice<'a>],
    /// The name of the theme chosen; empty: the browser's.
    pub theme: &'a str,
    /// The address of `/account`.
    pub back: &'a str,
}

/// What stands in a field.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry<'a> {
    /// Its text.
    pub value: &'a str,
    /// What was wrong with it.
    pub problem: Option<Problem>,
}

/// One of several to choose from.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What is read, in the language itself.
    pub name: &'a str,
    /// Whether it is chosen.
    pub chosen: bool,
}

renders!(Profile);

impl Profile<'_> {
    fn says(&self, problem: &Option<Problem>) -> Option<String> {
        problem.map(|problem| problem.say(self.page.locale))
    }

    fn failed(&self) -> bool {
        let Self { name, given_name, family_name, nickname, birthdate, website, zoneinfo, address, .. } = self;
        let entries = [name, given_name, family_name, nickname, birthdate, website, zoneinfo, address];
        self.problem.is_some() || entries.iter().any(|entry| entry.problem.is_some())
    }

    fn is_theme(&self, name: &str) -> bool {
        self.theme == name
    }

    /// Browsers show a whole date alone; a year, or a day without one, is a text.
    fn birthdate_type(&self) -> &'static str {
        let value = self.birthdate.value;
        match value.is_empty() || (value.len() == 10 && value.get(..4) != Some("0000")) {
            true => "date",
            false => "text",
        }
    }
}
