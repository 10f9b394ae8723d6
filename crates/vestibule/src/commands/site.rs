//! `site`: plain websites behind a proxy, and who may see which part of them.

use std::path::Path;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use idp::caller::Caller;
use idp::sites::{SiteError, SiteShown};
use oidc::site::{Access, Host, Rule, Site};
use serde_json::{Value, json};

use super::table::{lines, plain};
use super::{Verdict, say, say_json, with_context};

/// What to do with sites.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Registers sites, or replaces who may see those that are registered: whoever signs in, unless options say otherwise.
    #[command(after_help = "Example: vestibule site add wiki.example.com --rule '/admin groups=staff acr=phr'")]
    Add(Add),
    /// Lists the sites, those of the configuration among them.
    #[command(after_help = "Example: vestibule site list --json")]
    List {
        /// As JSON; times are seconds since 1970.
        #[arg(long)]
        json: bool,
    },
    /// Shows a site with its rules.
    #[command(after_help = "Example: vestibule site show wiki.example.com")]
    Show {
        /// Its host.
        #[arg(value_parser = host)]
        host: Host,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Deletes a site: nobody is let through to it any more.
    #[command(after_help = "Example: vestibule site delete wiki.example.com")]
    Delete {
        /// Its host.
        #[arg(value_parser = host)]
        host: Host,
    },
}

/// A site to be.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Their hosts, with a port where that is not the usual one.
    #[arg(required = true, value_parser = host)]
    hosts: Vec<Host>,
    /// Everybody may see them, signed in or not.
    #[arg(long, conflicts_with_all = ["group", "acr", "max_age"])]
    public: bool,
    /// Members of this group may; of several groups, members of any.
    #[arg(long, value_name = "GROUP")]
    group: Vec<String>,
    /// The least level of authentication, by its name.
    #[arg(long, value_name = "NAME")]
    acr: Option<String>,
    /// How old proofs may be, in seconds.
    #[arg(long, value_name = "SECONDS")]
    max_age: Option<u64>,
    /// Another rule for what is below a path: `PATH [public | groups=A+B] [acr=NAME] [max-age=SECONDS]`.
    #[arg(long, value_name = "RULE")]
    rule: Vec<Rule>,
}

/// Does it.
pub(crate) fn run(command: Command, file: Option<&Path>) -> anyhow::Result<Verdict> {
    match command {
        Command::Add(add) => {
            let rules = add.rules()?;
            for host in add.hosts {
                let site = Site::new(host, rules.clone())?;
                with_context(file, async |context| context.put_site(&site, &Caller::operator()).await.map_err(advise))?;
                say(&format!("registered: {}", site.host))?;
            }
        }
        Command::List { json } => {
            let sites = with_context(file, async |context| Ok(context.list_sites().await?))?;
            say_sites(&sites, json)?;
        }
        Command::Show { host, json } => {
            let sites = with_context(file, async |context| Ok(context.list_sites().await?))?;
            let site = sites.iter().find(|shown| shown.site.host == host);
            let site = site.with_context(|| format!("there is no site {host}; see `vestibule site list`"))?;
            if json {
                say_json(&described(site))?;
            } else {
                let rules: Vec<_> = site.site.rules().iter().map(|rule| plain(&rule.to_string())).collect();
                say(&format!("{host}\n{}", rules.join("\n")))?;
            }
        }
        Command::Delete { host } => {
            let deleted = with_context(file, async |context| {
                context.delete_site(&host, &Caller::operator()).await.map_err(advise)
            })?;
            anyhow::ensure!(deleted, "there is no site {host}; see `vestibule site list`");
            say(&format!("deleted: {host}"))?;
        }
    }
    Ok(Verdict::Done)
}

impl Add {
    /// The rule of the whole, where an option is about it, and the others.
    fn rules(&self) -> anyhow::Result<Vec<Rule>> {
        let access = match (self.public, self.group.is_empty()) {
            (true, _) => Access::Public,
            (false, true) => Access::Anybody,
            (false, false) => Access::Groups(self.group.clone()),
        };
        let whole = Rule::new("/", access, self.acr.clone(), self.max_age)?;
        let mut rules = self.rule.clone();
        if whole != Rule::whole() {
            rules.push(whole);
        }
        Ok(rules)
    }
}

fn host(text: &str) -> Result<Host, String> {
    Host::parse(text)
        .ok_or_else(|| "write a host such as wiki.example.com, without https:// and without a path".to_owned())
}

fn say_sites(sites: &[SiteShown], json: bool) -> anyhow::Result<()> {
    if json {
        return say_json(&sites.iter().map(described).collect::<Vec<_>>());
    }
    let row = |shown: &SiteShown| {
        let rules: Vec<_> = shown.site.rules().iter().map(|rule| plain(&rule.to_string())).collect();
        let added = shown.created_at.map_or_else(|| "in the configuration".to_owned(), |time| time.to_string());
        [shown.site.host.to_string(), rules.join("; "), added]
    };
    say(&lines(["HOST", "RULES", "ADDED"], &sites.iter().map(row).collect::<Vec<_>>()))
}

fn described(shown: &SiteShown) -> Value {
    json!({
        "host": shown.site.host,
        "rules": shown.site.rules(),
        "created_at": shown.created_at.map(|time| time.seconds()),
    })
}

/// What was refused, and what to do about it.
fn advise(error: SiteError) -> anyhow::Error {
    match error {
        SiteError::NoDomain => anyhow::anyhow!("{error}; name the domain in the configuration"),
        SiteError::Outside(_) | SiteError::Provider(_) => anyhow::anyhow!("{error}; choose another host"),
        SiteError::Configured(_) => anyhow::anyhow!("{error}; change it there"),
        SiteError::NoLevel(_) => anyhow::anyhow!("{error}; see `assurance.contexts` in the configuration"),
        SiteError::NoGroup(_) => anyhow::anyhow!("{error}; see `vestibule group list`"),
        SiteError::Rule(_) | SiteError::TooMany => anyhow::anyhow!("{error}; leave some out"),
        SiteError::Fault(fault) => fault.into(),
    }
}
