//! Storage on SQLite and PostgreSQL.
//!
//! Owns every SQL text, the schema and its migrations, and the façade over the two drivers
//! ([`db`]). One module per room of the house holds the queries; each query is one static text
//! that both databases understand.
//!
//! Must never: decide (that is `oidc`'s), read the clock or draw randomness (ids, times and
//! secrets are arguments), keep a secret in clear, or show a driver's type to another crate.

pub mod accounts;
pub mod app_groups;
pub mod assertions;
pub mod audit;
pub mod browsers;
pub mod clients;
pub mod codes;
pub mod consents;
pub mod containers;
mod convert;
pub mod credentials;
pub mod db;
pub mod device_keys;
pub mod device_requests;
mod error;
pub mod evidence;
pub mod expiry;
pub mod families;
pub mod flows;
pub mod groups;
pub mod invitations;
pub mod keys;
pub mod leaving;
pub mod links;
pub mod mails;
pub mod migrate;
pub mod pictures;
mod record;
pub mod revoked;
pub mod server_secrets;
pub mod session_clients;
pub mod sessions;
pub mod site_sessions;
pub mod sites;
pub mod tables;
#[cfg(feature = "test-support")]
pub mod test_support;
pub mod throttles;
pub mod users;
pub mod versions;

pub use db::{Database, DatabaseUrl, Db, Options, Row, Tx, Value, retry};
pub use error::{Error, Transient};
pub use record::{Hidden, Page};

/// What every function of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;
