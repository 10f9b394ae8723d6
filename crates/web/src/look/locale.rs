//! The languages of the pages and their catalogues of texts (Fluent).

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{choice, shown};

/// A language that the pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English, which is spoken where no other language is asked for.
    #[default]
    En,
    /// German.
    De,
    /// Arabic, written from right to left.
    Ar,
}

impl Locale {
    /// All languages, in the order of the language switch.
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::Ar];

    /// The language to answer in: the first of `ui_locales` (space-separated
    /// BCP 47 tags) that we have, else the best of `Accept-Language`, else
    /// English. Both are read up to a bound and never refused.
    pub fn choose(ui_locales: Option<&str>, accept_language: Option<&str>) -> Self {
        ui_locales
            .and_then(Self::of_list)
            .or_else(|| accept_language.and_then(|value| choice::lookup(choice::accept_language(value))))
            .unwrap_or_default()
    }

    /// The first of these (space-separated BCP 47 tags) that we have.
    pub fn of_list(tags: &str) -> Option<Self> {
        choice::lookup(choice::ui_locales(tags))
    }

    /// The language with exactly this tag (`de`; not `de-AT`), in any case.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(tag))
    }

    /// The BCP 47 tag, for `lang`, `Content-Language` and `ui_locales_supported`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Ar => "ar",
        }
    }

    /// The value of the attribute `dir`.
    pub fn dir(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            Self::En | Self::De => "ltr",
        }
    }

    /// The language's name in the language itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Ar => "العربية",
        }
    }

    /// The text of this key, which takes no arguments.
    pub fn say(self, key: &str) -> String {
        text(key, None, self, Place::Html)
    }

    /// The text of this key with one argument, for text in a page: the
    /// argument is cleaned by [`shown`] and stands between isolation marks, so
    /// that a right-to-left name does not rearrange the sentence around it.
    /// Not escaped: the template does that.
    pub fn with(self, key: &str, name: &str, value: impl Display) -> String {
        let args = one(name, shown(&value.to_string()));
        text(key, Some(&args), self, Place::Html)
    }

    /// As [`with`](Self::with), for an attribute, a title or a mail: without
    /// isolation marks, which would be read or copied there.
    pub fn plain(self, key: &str, name: &str, value: impl Display) -> String {
        let args = one(name, shown(&value.to_string()));
        text(key, Some(&args), self, Place::Plain)
    }

    /// The text of this key with a number, in the form the number asks for.
    pub fn count(self, key: &str, name: &str, number: usize) -> String {
        let args = one(name, number);
        text(key, Some(&args), self, Place::Plain)
    }

    /// The text of this key with any arguments, for text outside HTML. The
    /// caller answers for what the arguments hold.
    pub fn format(self, key: &str, args: &FluentArgs<'_>) -> String {
        text(key, Some(args), self, Place::Plain)
    }

    /// Whether this language has a text of its own for the key.
    pub fn has(self, key: &str) -> bool {
        CATALOGUES[self as usize].plain.has_message(key)
    }

    /// The source of the catalogue, for tests and tidy.
    pub fn source(self) -> &'static str {
        match self {
            Self::En => catalogue_of!("en"),
            Self::De => catalogue_of!("de"),
            Self::Ar => catalogue_of!("ar"),
        }
    }
}

/// The files of a language, one after another.
macro_rules! catalogue_of {
    ($tag:literal) => {
        concat!(
            include_str!(concat!("../../locales/", $tag, "/pages.ftl")),
            include_str!(concat!("../../locales/", $tag, "/recovery.ftl")),
            include_str!(concat!("../../locales/", $tag, "/console.ftl")),
            include_str!(concat!("../../locales/", $tag, "/grants.ftl")),
            include_str!(concat!("../../locales/", $tag, "/mails.ftl"))
        )
    };
}
use catalogue_of;

#[derive(Clone, Copy)]
enum Place {
    Html,
    Plain,
}

struct Catalogue {
    html: FluentBundle<Arc<FluentResource>>,
    plain: FluentBundle<Arc<FluentResource>>,
}

static CATALOGUES: LazyLock<[Catalogue; 3]> = LazyLock::new(|| Locale::ALL.map(catalogue));

fn one<'a>(name: &'a str, value: impl Into<FluentValue<'a>>) -> FluentArgs<'a> {
    let mut args = FluentArgs::with_capacity(1);
    args.set(Cow::Borrowed(name), value);
    args
}

/// A text that a language lacks is given in English, and one that nobody has
/// as its key: a page with a gap is better than no page. Tests find the gap.
fn text(key: &str, args: Option<&FluentArgs<'_>>, locale: Locale, place: Place) -> String {
    [locale, Locale::default()]
        .into_iter()
        .find_map(|locale| formatted(key, args, locale, place))
        .unwrap_or_else(|| key.to_owned())
}

fn formatted(key: &str, args: Option<&FluentArgs<'_>>, locale: Locale, place: Place) -> Option<String> {
    let catalogue = &CATALOGUES[locale as usize];
    let bundle = match place {
        Place::Html => &catalogue.html,
        Place::Plain => &catalogue.plain,
    };
    let pattern = bundle.get_message(key)?.value()?;
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut faults);
    debug_assert!(faults.is_empty(), "{key} in {}: {faults:?}", locale.tag());
    Some(text.into_owned())
}

fn catalogue(locale: Locale) -> Catalogue {
    // A fault in an embedded catalogue costs the message it stands in; the
    // tests below refuse any.
    let resource = FluentResource::try_new(locale.source().to_owned()).unwrap_or_else(|(resource, _)| resource);
    let resource = Arc::new(resource);
    let bundle = |isolating| {
        let language: LanguageIdentifier = locale.tag().parse().expect("the tags of our own languages are well-formed");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(isolating);
        bundle.add_resource_overriding(Arc::clone(&resource));
        bundle
    };
    Catalogue { html: bundle(true), plain: bundle(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_catalogue_is_well_formed() {
        for locale in Locale::ALL {
            let faults = FluentResource::try_new(locale.source().to_owned()).err().map(|(_, faults)| faults);
            assert_eq!(faults, None, "{}", locale.tag());
        }
    }

    #[test]
    fn ui_locales_goes_before_accept_language() {
        assert_eq!(Locale::choose(Some("ar"), Some("de")), Locale::Ar);
        assert_eq!(Locale::choose(Some("fr"), Some("de")), Locale::De);
        assert_eq!(Locale::choose(None, Some("fr")), Locale::En);
        assert_eq!(Locale::choose(None, None), Locale::En);
    }

    #[test]
    fn isolation_marks_stand_in_html_text_alone() {
        let html = Locale::En.with("signin-to", "app", "ندى");
        assert!(html.contains("\u{2068}ندى\u{2069}"), "{html}");
        let plain = Locale::En.plain("signin-to", "app", "ندى");
        assert!(!plain.contains(['\u{2068}', '\u{2069}']), "{plain}");
    }

    #[test]
    fn a_name_cannot_leave_its_isolation() {
        let html = Locale::De.with("signin-to", "app", "a\u{2069}\u{202e}b");
        assert!(html.contains("\u{2068}ab\u{2069}"), "{html}");
    }

    #[test]
    fn numbers_take_the_form_that_the_language_asks_for() {
        let texts = [1, 2, 8, 12, 100].map(|n| Locale::Ar.count("password-rules", "min", n));
        let mut different = texts.to_vec();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), 5, "{texts:?}");
    }

    #[test]
    fn an_unknown_key_is_shown_as_it_is() {
        assert_eq!(Locale::Ar.say("no-such-key"), "no-such-key");
    }
}
