//! `demo`: a provider with two apps, a person and an administrator, on this machine alone.

mod apps;
mod people;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use web::look::Brand;

use self::apps::Apps;
use self::people::People;
use super::{Verdict, say};
use crate::house::House;
use crate::proxies::Proxies;
use crate::serve::{self, Doors};
use crate::{config, log};

/// Where everything stands.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where the data lie; made where it is missing.
    #[arg(long, default_value = "vestibule-demo")]
    dir: PathBuf,
    /// Where the provider listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where Photos listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    photos_listen: SocketAddr,
    /// Where Drive listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8082")]
    drive_listen: SocketAddr,
    /// Print as one line of JSON.
    #[arg(long)]
    json: bool,
}

/// Runs until a signal ends it. No configuration is read: a demo must not meet anybody's real data.
pub(crate) fn run(demo: &Demo) -> anyhow::Result<Verdict> {
    serve::runtime()?.block_on(start(demo))?;
    Ok(Verdict::Done)
}

async fn start(demo: &Demo) -> anyhow::Result<()> {
    let settings = config::without_file(&[
        ("data_dir", "--dir", Some(demo.dir.display().to_string())),
        // What the demo says stands on the same terminal.
        ("log.level", "--log", Some("warn".to_owned())),
    ])?;
    log::start(&settings);
    let house = House::enter(&settings)?;
    let listener = serve::bind(&demo.listen.to_string(), "--listen").await?;
    let issuer = format!("http://localhost:{}", listener.local_addr()?.port());
    let context = Arc::new(house.open(issuer.clone()).await?);
    let people = People::invite(&context, &demo.dir).await?;
    let apps = Apps::start(&context, demo).await?;
    let stop = serve::stop_signal()?;
    say(&if demo.json { one_line(&issuer, &apps, &people) } else { invitation(&issuer, &apps, &people, demo) })?;
    let Apps { running, .. } = apps;
    let ended = running.ended();
    let mut alone = false;
    let until = async {
        tokio::select! {
            biased;
            () = stop => {}
            () = ended => alone = true,
        }
    };
    let doors = Doors { listener, tls: None, metrics: None, proxies: Proxies::default() };
    serve::answer(doors, context, Brand::default(), until).await;
    anyhow::ensure!(!alone, "the sample apps ended; see what they said above");
    Ok(())
}

fn one_line(issuer: &str, apps: &Apps, people: &People) -> String {
    json!({
        "issuer": issuer,
        "photos": apps.photos,
        "drive": apps.drive,
        "username": people::PERSON,
        "password": people.password.as_str(),
        "administrator": people.link.as_str(),
    })
    .to_string()
}

fn invitation(issuer: &str, apps: &Apps, people: &People, demo: &Demo) -> String {
    let Apps { photos, drive, .. } = apps;
    format!(
        "Photos      {photos}
Drive       {drive}
Vestibule   {issuer}

Sign in as  {}
Password    {}

Sign in at Photos, then open Drive: it takes one tap.
The administrator sets a password at
{}

Data lie in {dir}; a command reaches them with VESTIBULE_DATA_DIR={dir}. Ctrl-C ends the demo.",
        people::PERSON,
        people.password.as_str(),
        people.link.as_str(),
        dir = demo.dir.display(),
    )
}
