//! Use cases: authorize, sign-in, consent, grants, sessions, keys, jobs.
//!
//! Each is load → decide → apply: facts from `store`, a pure decision of `oidc`, conditional writes in
//! one transaction. This crate must never know HTTP types, pages or SQL.

mod access;
pub mod audit;
pub mod bindings;
mod browser_state;
pub mod browsers;
pub mod caller;
pub mod checkup;
pub mod children;
mod client_auth;
pub mod clients;
pub mod clock;
pub mod consents;
mod containers;
mod context;
mod device_attestation;
pub mod device_keys;
pub mod device_requests;
pub mod devices;
mod discovery;
pub mod evidence;
pub mod factors;
mod fault;
pub mod flows;
pub mod grants;
pub mod groups;
pub mod handoff;
mod hints;
mod host_apps;
mod introspection;
mod jobs;
pub mod keys;
pub mod logout;
pub mod mac;
pub mod mail;
pub mod outbound;
pub mod passwords;
pub mod people;
pub mod possession;
mod pushed;
pub mod random;
pub mod seal;
pub mod settings;
pub mod sites;
mod subjects;
pub mod throttle;
mod tokens;
mod userinfo;

pub use context::{Context, Parts};
pub use device_keys::FRESH as FRESH_SIGN_IN;
pub use fault::Fault;
pub use host_apps::HostApps;
pub use logout::Logout;
pub use pushed::Pushed;
/// The statements that lay the schema out on Citus, to be run once by the operator.
pub use store::tables::distribute_statements;
pub use tokens::TokenAnswer;
pub use userinfo::UserInfo;
