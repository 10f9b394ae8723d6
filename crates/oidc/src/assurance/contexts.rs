//! The table of authentication contexts: which name (`acr`) stands for which level.

use super::Level;

/// Names with their levels. The first name of a level is the one that tokens carry unless a request asks by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contexts(Vec<(String, Level)>);

/// What a table's text does not say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContextsError {
    /// An entry is not `NAME=LEVEL`.
    #[error(
        "{0:?} is not NAME=LEVEL with a level of single-factor, multi-factor, phishing-resistant, hardware-protected"
    )]
    Entry(String),
    /// A name stands twice.
    #[error("{0:?} stands twice")]
    Twice(String),
}

impl Contexts {
    /// Reads `NAME=LEVEL`, separated by spaces. A level that is left out keeps its usual name.
    pub fn parse(text: &str) -> Result<Self, ContextsError> {
        let mut table = Vec::new();
        for entry in text.split_whitespace() {
            let wrong = || ContextsError::Entry(entry.to_owned());
            let (name, level) = entry.rsplit_once('=').ok_or_else(wrong)?;
            let level = Level::of_name(level).ok_or_else(wrong)?;
            if name.is_empty() {
                return Err(wrong());
            }
            if table.iter().any(|(known, _)| known == name) {
                return Err(ContextsError::Twice(name.to_owned()));
            }
            table.push((name.to_owned(), level));
        }
        for (name, level) in USUAL {
            if !table.iter().any(|(known, _)| known == name) {
                table.push(((*name).to_owned(), *level));
            }
        }
        Ok(Self(table))
    }

    /// The level that a name stands for.
    pub fn level(&self, name: &str) -> Option<Level> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, level)| *level)
    }

    /// The name of a level.
    pub fn name(&self, level: Level) -> &str {
        self.0.iter().find(|(_, known)| *known == level).map_or("", |(name, _)| name)
    }

    /// All names, as `acr_values_supported` lists them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl Default for Contexts {
    fn default() -> Self {
        Self(USUAL.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect())
    }
}

/// `phr` and `phrh` are those of OpenID Connect Extended Authentication Profile ACR Values §2.
const USUAL: &[(&str, Level)] = &[
    ("urn:vestibule:acr:single-factor", Level::SingleFactor),
    ("urn:vestibule:acr:multi-factor", Level::MultiFactor),
    ("phr", Level::PhishingResistant),
    ("phrh", Level::HardwareProtected),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_names_the_levels() {
        let table = Contexts::parse("https://refeds.org/profile/mfa=multi-factor gold=hardware-protected").unwrap();
        assert_eq!(table.name(Level::MultiFactor), "https://refeds.org/profile/mfa");
        assert_eq!(table.name(Level::PhishingResistant), "phr");
        assert_eq!(table.level("urn:vestibule:acr:multi-factor"), Some(Level::MultiFactor));
        assert_eq!(table.level("phrh"), Some(Level::HardwareProtected));
        assert_eq!(table.level("gold"), Some(Level::HardwareProtected));
        assert_eq!(table.level("silver"), None);
        assert_eq!(Contexts::parse(""), Ok(Contexts::default()));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in ["gold", "=multi-factor", "gold=golden"] {
            assert!(matches!(Contexts::parse(text), Err(ContextsError::Entry(_))), "{text}");
        }
        let twice = Contexts::parse("a=multi-factor a=single-factor");
        assert_eq!(twice, Err(ContextsError::Twice("a".into())));
    }
}
