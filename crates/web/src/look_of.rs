//! How pages look and speak for the person at this browser. What they chose stands with the person; a cookie repeats it for
//! the pages that know nobody yet, and for those of a flow.

use idp::people::Person;
use oidc::profile::{Field, Theme};

use crate::look::Locale;

/// What a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LookOf {
    /// The language to speak; none: as the browser says.
    pub(crate) locale: Option<Locale>,
    /// How pages look.
    pub(crate) theme: Theme,
}

impl LookOf {
    /// Of this person.
    pub(crate) fn person(person: &Person) -> Self {
        Self { locale: Locale::of_list(&Field::Locale.shown(&person.profile)), theme: person.theme }
    }

    /// As the cookie says; what it does not say, or not so, is nobody's choice.
    pub(crate) fn read(cookie: Option<&str>) -> Self {
        let (language, theme) = cookie.and_then(|value| value.split_once('.')).unwrap_or_default();
        Self { locale: Locale::from_tag(language), theme: Theme::of_name(theme) }
    }

    /// The cookie's value; none where nothing was chosen.
    pub(crate) fn written(self) -> Option<String> {
        let chosen = self != Self::default();
        chosen.then(|| format!("{}.{}", self.locale.map(Locale::tag).unwrap_or_default(), self.theme.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for locale in [None, Some(Locale::En), Some(Locale::Ar)] {
            for theme in Theme::ALL {
                let chosen = LookOf { locale, theme };
                assert_eq!(LookOf::read(chosen.written().as_deref()), chosen);
            }
        }
        assert_eq!(LookOf::default().written(), None);
    }

    #[test]
    fn a_cookie_of_somebody_elses_chooses_nothing() {
        for value in ["", ".", "de", "fr.neon", "\"><b>.dark.dark", "de-AT.Dark"] {
            assert_eq!(LookOf::read(Some(value)), LookOf::default(), "{value}");
        }
    }
}
