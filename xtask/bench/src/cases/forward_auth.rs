//! What a reverse proxy asks about each request to a plain website, by visitors who are signed in.

use anyhow::{Result, ensure};

use super::{CONNECTIONS, PERSON};
use crate::bench::Bench;
use crate::browser::Browser;
use crate::provider::Provider;
use crate::report::Row;
use crate::tokens::Asking;

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let provider = Provider::configured(bench.provider.directory.join("forward-auth"), CONFIGURATION)?;
    provider.add_person(PERSON)?;
    provider.add_site(SITE)?;
    let own = provider.serve()?;
    let host = own.address;
    let usual = std::mem::replace(&mut bench.server, own);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let scripts = runtime.block_on(async {
        let mut scripts = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut browser = Browser::open(host).await?;
            let path = format!("/forward-auth/signin?to=http://{SITE}/");
            let fields = [("username", PERSON), ("password", crate::provider::PASSWORD), ("action", "signin")];
            let (status, _) = browser.fill(&path, "signin", &fields).await?;
            ensure!(status == 303, "{status} where the site was due");
            let asked = |cookies: &str| {
                let lines = format!("X-Original-URL: http://{SITE}/wiki/page?x=1\r\n{cookies}");
                format!("GET /forward-auth HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n").into_bytes()
            };
            scripts.push(Asking::new(asked(&browser.cookie_line()), asked("Cookie: vestibule-site=vst_st_x.y\r\n")));
        }
        Ok(scripts)
    })?;
    let paired = bench.paired(0, scripts)?;
    std::mem::replace(&mut bench.server, usual).stop()?;
    let refused: u64 = paired.scripts.iter().map(|script| script.refused).sum();
    let limit = paired.bare.cost();
    let note =
        format!("bare handler of no bytes: {limit:.1} µs; {CONNECTIONS} visitors; {refused} without a cookie refused");
    bench.rows.push(Row::rate("forward_auth", &paired.ours, limit, BAR, note));
    Ok(())
}

const SITE: &str = "wiki.bench.localhost";
const CONFIGURATION: &str = "public_url = \"http://id.bench.localhost:8080\"\ntrusted_proxies = [\"127.0.0.1\"]\n\
                             [session]\nsite_domain = \".bench.localhost\"\n[throttle]\ndevice_tries = 1000000\n\
                             account_tries = 1000000\naddress_tries = 1000000\nspray_tries = 1000000\n";
const BAR: f64 = 20_000.0;
