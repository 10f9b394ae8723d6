//! Who asks, as far as a connection shows: for the audit trail, the list of sessions and the limits on tries. It proves
//! nothing.

use std::net::IpAddr;

/// The other end of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// From where; `None` on the command line.
    pub address: Option<IpAddr>,
    /// What the browser says of itself (RFC 9110 §10.1.5), shortened.
    pub agent: String,
}

impl Caller {
    /// A browser.
    pub fn new(address: Option<IpAddr>, agent: &str) -> Self {
        let agent = agent.chars().filter(|letter| !letter.is_control()).take(AGENT).collect();
        Self { address: address.map(|address| address.to_canonical()), agent }
    }

    /// The operator, or a job: nobody over the network.
    pub fn operator() -> Self {
        Self::default()
    }
}

/// Letters of a browser's description.
const AGENT: usize = 256;
