//! What is measured, in this order.

mod client_credentials;
mod device_proof;
mod dpop;
mod enumeration;
mod forward_auth;
mod introspection;
mod memory;
mod passwords;
mod public;
mod refresh;
mod start;

use anyhow::Result;

use crate::bench::Bench;

/// One case.
pub(crate) struct Case {
    /// Its name, for `--only`.
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut Bench<'_>) -> Result<()>,
}

/// Memory stands first and last: at rest, and after all of it.
pub(crate) const CASES: &[Case] = &[
    Case { name: "memory", run: memory::idle },
    Case { name: "jwks", run: public::jwks },
    Case { name: "discovery", run: public::discovery },
    Case { name: "client_credentials", run: client_credentials::run },
    Case { name: "dpop", run: dpop::run },
    Case { name: "device_proof", run: device_proof::run },
    Case { name: "introspection", run: introspection::run },
    Case { name: "forward_auth", run: forward_auth::run },
    Case { name: "refresh", run: refresh::run },
    Case { name: "passwords", run: passwords::run },
    Case { name: "enumeration", run: enumeration::run },
    Case { name: "memory", run: memory::peak },
    Case { name: "start", run: start::run },
];

/// The names, each once.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = CASES.iter().map(|case| case.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Who signs in.
pub(crate) const PERSON: &str = "ada@example.com";
/// Connections of the load generator.
const CONNECTIONS: usize = 32;
