//! Registered sites: a cache over their rows and what the configuration says, which every write anywhere makes stale.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use oidc::Time;
use oidc::site::{Access, Host, Rule, RuleError, Site};
use serde_json::json;

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::{Context, Fault};

/// A site as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteShown {
    /// What is registered.
    pub site: Arc<Site>,
    /// When it was registered; `None` where the configuration says so.
    pub created_at: Option<Time>,
}

/// Why a site was not registered, or not deleted.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// There is no domain for the cookie.
    #[error("session.site_domain is not set, so that no site can have a cookie")]
    NoDomain,
    /// The cookie does not reach it.
    #[error("{0} is not below session.site_domain")]
    Outside(Host),
    /// It is this provider.
    #[error("{0} is the provider itself")]
    Provider(Host),
    /// The configuration decides about it.
    #[error("{0} stands in session.sites, which alone says who may see it")]
    Configured(Host),
    /// A rule names what there is not.
    #[error("there is no level called {0}")]
    NoLevel(String),
    /// A rule names what there is not.
    #[error("there is no group called {0}")]
    NoGroup(String),
    /// The rules do not hold together.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// More than an operator types.
    #[error("there are {MOST} sites, and more are not registered")]
    TooMany,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<store::Error> for SiteError {
    fn from(error: store::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// What was read, for as long as no site was written.
#[derive(Debug, Default)]
pub(crate) struct Cache(RwLock<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Counts how often everything was forgotten: what was read before that is not kept after it.
    forgotten: u64,
    sites: Option<Arc<Sites>>,
}

type Sites = HashMap<Host, SiteShown>;

impl Context {
    /// Registers a site, or replaces the rules of one that is registered.
    pub async fn put_site(&self, site: &Site, caller: &Caller) -> Result<(), SiteError> {
        self.check_site(site).await?;
        let all = self.sites().await?;
        match all.get(&site.host) {
            Some(SiteShown { created_at: None, .. }) => return Err(SiteError::Configured(site.host.clone())),
            None if all.len() >= MOST => return Err(SiteError::TooMany),
            _ => {}
        }
        let now = self.now();
        let rules_json = serde_json::to_string(site.rules()).map_err(|error| Fault::corrupt("rules", error))?;
        let row = store::sites::Site { host: site.host.to_string(), rules_json, created_at: now, updated_at: now };
        store::sites::put(&self.store, &row).await?;
        self.sites.forget();
        let detail = json!({ "host": site.host, "rules": site.rules() });
        self.audit(caller, Event::new(Kind::SiteSet).detail(detail)).await?;
        Ok(())
    }

    /// All sites, in the order of their hosts.
    pub async fn list_sites(&self) -> Result<Vec<SiteShown>, Fault> {
        let mut all: Vec<SiteShown> = self.sites().await?.values().cloned().collect();
        all.sort_by(|a, b| a.site.host.cmp(&b.site.host));
        Ok(all)
    }

    /// Deletes one; `false` where there is none of this host. Nobody is let through to it from then on.
    pub async fn delete_site(&self, host: &Host, caller: &Caller) -> Result<bool, SiteError> {
        if self.settings.session.sites.iter().any(|site| site.host == *host) {
            return Err(SiteError::Configured(host.clone()));
        }
        let deleted = store::sites::delete(&self.store, host.as_str()).await?;
        self.sites.forget();
        if deleted {
            self.audit(caller, Event::new(Kind::SiteDeleted).detail(json!({ "host": host }))).await?;
        }
        Ok(deleted)
    }

    /// The site of this host.
    pub async fn site(&self, host: &Host) -> Result<Option<Arc<Site>>, Fault> {
        Ok(self.sites().await?.get(host).map(|shown| Arc::clone(&shown.site)))
    }

    async fn sites(&self) -> Result<Arc<Sites>, Fault> {
        let forgotten = match self.sites.get() {
            Ok(sites) => return Ok(sites),
            Err(forgotten) => forgotten,
        };
        let mut sites = Sites::new();
        for row in store::sites::list(&self.store).await? {
            let site = read(&row)?;
            let shown = SiteShown { site: Arc::new(site), created_at: Some(row.created_at) };
            sites.insert(shown.site.host.clone(), shown);
        }
        // What the configuration says of a host stands above what was registered for it.
        for site in &self.settings.session.sites {
            sites.insert(site.host.clone(), SiteShown { site: Arc::new(site.clone()), created_at: None });
        }
        let sites = Arc::new(sites);
        self.sites.keep(&sites, forgotten);
        Ok(sites)
    }

    async fn check_site(&self, site: &Site) -> Result<(), SiteError> {
        let domain = self.settings.session.site_domain.as_deref().ok_or(SiteError::NoDomain)?;
        if !site.host.is_below(domain) {
            return Err(SiteError::Outside(site.host.clone()));
        }
        let own = self.issuer.split_once("://").and_then(|(_, authority)| Host::parse(authority));
        if own.as_ref() == Some(&site.host) {
            return Err(SiteError::Provider(site.host.clone()));
        }
        let levels = site.rules().iter().filter_map(Rule::acr);
        if let Some(unknown) = levels.into_iter().find(|name| self.settings.contexts.level(name).is_none()) {
            return Err(SiteError::NoLevel(unknown.to_owned()));
        }
        for rule in site.rules() {
            if let Access::Groups(groups) = rule.access()
                && let Some(missing) = self.missing_group(groups).await?
            {
                return Err(SiteError::NoGroup(missing));
            }
        }
        Ok(())
    }
}

impl Cache {
    /// All sites, or how often they were forgotten, for [`Cache::keep`].
    fn get(&self) -> Result<Arc<Sites>, u64> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.sites.clone().ok_or(kept.forgotten)
    }

    fn keep(&self, sites: &Arc<Sites>, forgotten: u64) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.forgotten == forgotten {
            kept.sites = Some(Arc::clone(sites));
        }
    }

    /// Forgets all: a site was written somewhere.
    pub(crate) fn forget(&self) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.forgotten += 1;
        kept.sites = None;
    }
}

fn read(row: &store::sites::Site) -> Result<Site, Fault> {
    let corrupt = |error: String| Fault::Corrupt(format!("site {}: {error}", row.host));
    let host = Host::parse(&row.host).ok_or_else(|| corrupt("no host".to_owned()))?;
    let rules = serde_json::from_str(&row.rules_json).map_err(|error| corrupt(error.to_string()))?;
    Site::new(host, rules).map_err(|error| corrupt(error.to_string()))
}

/// All of them are kept in memory.
const MOST: usize = 10_000;
