//! The installed apps that claim links here: what the systems' association files say of them.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::clients::RegisteredClient;
use crate::{Context, Fault};

/// Apps that claim links.
#[derive(Debug)]
pub struct HostApps(Vec<Arc<RegisteredClient>>);

impl Context {
    /// The host apps, as their registrations name them: kept for as long as no client was written.
    pub async fn host_apps(&self) -> Result<HostApps, Fault> {
        let usable = |hosts: &[Arc<RegisteredClient>]| {
            HostApps(hosts.iter().filter(|host| host.is_usable(self.now())).map(Arc::clone).collect())
        };
        let forgotten = match self.clients.hosts() {
            Ok(hosts) => return Ok(usable(&hosts)),
            Err(forgotten) => forgotten,
        };
        let (mut hosts, mut after) = (Vec::new(), None);
        loop {
            let read = self.list_clients(after.as_deref(), PAGE).await;
            let page = read.map_err(|error| Fault::Corrupt(format!("clients: {error}")))?;
            let Some(last) = page.last() else { break };
            after = Some(last.client.id.clone());
            let host = |registered: &RegisteredClient| registered.client.shown.vestibule_app2app_host;
            hosts.extend(page.into_iter().filter(host).map(Arc::new));
        }
        let found = usable(&hosts);
        self.clients.keep_hosts(hosts, forgotten);
        Ok(found)
    }
}

impl HostApps {
    /// Digital Asset Links: which paths, the app's manifest says.
    pub fn android(&self) -> Value {
        let apps = self.0.iter().flat_map(|host| &host.client.shown.vestibule_android_apps);
        apps.map(|app| {
            json!({
                "relation": ["delegate_permission/common.handle_all_urls"],
                "target": {
                    "namespace": "android_app",
                    "package_name": app.package_name,
                    "sha256_cert_fingerprints": app.sha256_cert_fingerprints,
                },
            })
        })
        .collect()
    }

    /// Apple's universal links: each app has the links of its own client, and never a sign-in of another's.
    pub fn apple(&self) -> Value {
        let hosts = self.0.iter().filter(|host| !host.client.shown.vestibule_apple_apps.is_empty());
        let details: Vec<Value> = hosts
            .map(|host| {
                json!({
                    "appIDs": host.client.shown.vestibule_apple_apps,
                    "components": [{ "/": format!("/a2a/{}", host.client.id) }],
                })
            })
            .collect();
        json!({ "applinks": { "details": details } })
    }
}

const PAGE: u32 = 200;
