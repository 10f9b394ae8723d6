//! Requests of the running provider to others: whoever registers an address must not make us talk to what only this machine
//! can reach. The fetcher is `verify`'s; here is who may reach how far.

use std::sync::Arc;
use std::time::Duration;

use idp::clock::Clock;
use idp::outbound::{Answered, Documents, Fetched, Fetching, Get, Keys, NotSent, Outbound, Wanted};
use verify::fetch::{Fetch as _, FetchError, Fetcher, Network, Reach, Request};
use verify::sets::{self, KeySets};

use crate::clock::SystemClock;

/// One fetcher for what clients registered, one for what the operator wrote.
pub(crate) struct Guarded {
    clients: Fetcher,
    operator: Fetcher,
    keys: KeySets,
    documents: sets::Documents,
}

impl Guarded {
    /// Clients reach public addresses and the networks that the operator names; while the issuer itself is on this machine,
    /// which is development, this machine too.
    pub(crate) fn new(issuer: &str, networks: impl Iterator<Item = Network>) -> Self {
        let reach = networks.fold(Reach::public().of_issuer(issuer), Reach::and_network);
        let fetcher = |reach| Fetcher::new(reach).user_agent(concat!("vestibule/", env!("CARGO_PKG_VERSION")));
        let clients = fetcher(reach);
        let keys = KeySets::new(Arc::new(clients.clone()), Arc::new(SystemClock));
        let documents = sets::Documents::new(Arc::new(clients.clone()), Arc::new(SystemClock));
        Self { clients, operator: fetcher(Reach::everywhere()), keys, documents }
    }
}

impl Outbound for Guarded {
    fn post_form(&self, to: &str, body: String) -> Answered {
        let answer = self.clients.fetch(Request::post_form(to, body).at_most(0).within(LONGEST));
        Box::pin(async { Ok(answer.await.map_err(not_sent)?.status) })
    }

    fn get(&self, asked: Get) -> Fetching {
        let request = Request::get(asked.from).at_most(asked.most_bytes).within(asked.within);
        let request = asked.headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
        let answer = self.operator.fetch(request);
        Box::pin(async {
            let answer = answer.await.map_err(not_sent)?;
            Ok(Fetched { status: answer.status, body: answer.body })
        })
    }

    fn keys(&self, url: &str, wanted: Wanted) -> Keys {
        let source = self.keys.at(url);
        Box::pin(async move {
            match wanted {
                Wanted::Serving { kid, alg } => {
                    source.keys_for(kid.as_deref(), alg).await.map_err(|error| NotSent(error.to_string()))
                }
                Wanted::NewerThan(keys) => {
                    source.newer(&keys).await.ok_or_else(|| NotSent("there are no newer keys".to_owned()))
                }
            }
        })
    }

    fn document(&self, url: &str, newer_than: Option<Arc<Vec<u8>>>) -> Documents {
        let source = self.documents.at(url);
        Box::pin(async move { source.get(newer_than.as_ref()).await.map_err(|error| NotSent(error.to_string())) })
    }
}

impl verify::clock::Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        self.now().millis()
    }
}

fn not_sent(error: FetchError) -> NotSent {
    NotSent(error.to_string())
}

/// For one form, whole.
const LONGEST: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody listens there; what counts is whether it was tried.
    async fn is_tried(issuer: &str, networks: &str, to: &str) -> bool {
        let guarded = Guarded::new(issuer, Network::parse(networks).into_iter());
        let answer = guarded.post_form(to, String::new()).await;
        !answer.expect_err("nobody listens").0.contains("out of reach")
    }

    #[tokio::test]
    async fn clients_reach_this_machine_in_development_alone() {
        let (development, production) = ("http://localhost:8080", "https://id.example.com");
        assert!(is_tried(development, "", "https://127.0.0.1:1/out").await);
        assert!(!is_tried(production, "", "https://127.0.0.1:1/out").await);
        assert!(!is_tried(production, "127.0.0.0/8", "https://127.0.0.1:1/out").await);
        for network in ["", "10.0.0.0/8"] {
            assert!(!is_tried(development, network, "https://169.254.169.254/").await);
            assert!(!is_tried(production, network, "https://192.168.0.1:1/out").await);
        }
    }
}
