//! Where the database is.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// A parsed database URL. Its `Debug` shows no password.
#[derive(Clone, Eq, PartialEq)]
pub enum DatabaseUrl {
    /// The file of the embedded database.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/name`. `statement-cache-capacity=0` in its query suits a
    /// transaction pooler that does not know prepared statements.
    Postgres(String),
}

impl DatabaseUrl {
    /// Parses `sqlite:FILE` (a relative file lies in `data_dir`) or `postgres://…`.
    pub fn parse(text: &str, data_dir: &Path) -> Result<Self> {
        if let Some(file) = text.strip_prefix("sqlite:") {
            let file = file.strip_prefix("//").unwrap_or(file);
            if file.is_empty() {
                return Err(Error::Url("sqlite: names no file; write sqlite:vestibule.db".into()));
            }
            return Ok(Self::Sqlite(data_dir.join(file)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(Error::Url("write sqlite:FILE or postgres://user:password@host/name".into()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let place = url.rsplit_once('@').map_or("…", |(_, place)| place);
                write!(f, "postgres://…@{}", place.split('?').next().unwrap_or(place))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let parse = |text| DatabaseUrl::parse(text, Path::new("/data"));
        assert_eq!(parse("sqlite:a.db").unwrap(), DatabaseUrl::Sqlite("/data/a.db".into()));
        assert_eq!(parse("sqlite:/b/a.db").unwrap(), DatabaseUrl::Sqlite("/b/a.db".into()));
        assert_eq!(parse("sqlite:///b/a.db").unwrap(), DatabaseUrl::Sqlite("/b/a.db".into()));
        assert!(parse("sqlite:").is_err());
        assert!(parse("mysql://x").is_err());
    }

    #[test]
    fn debug_shows_no_password() {
        let url = DatabaseUrl::parse("postgres://u:geheim@h/db?password=auch", Path::new("/"));
        let shown = format!("{:?}", url.unwrap());
        assert_eq!(shown, "postgres://…@h/db");
    }
}
