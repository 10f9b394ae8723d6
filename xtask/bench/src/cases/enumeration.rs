//! Whether the time of an answer tells who has an account: the same form, sent in turn about each kind of account.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::bench::Bench;
use crate::browser::Browser;
use crate::provider::Provider;
use crate::report::Timing;

/// An account as the forms meet it, and what the command line makes of it.
struct Kind {
    name: &'static str,
    email: &'static str,
    made: fn(&Provider, &str) -> Result<()>,
}

struct Form {
    path: &'static str,
    step: &'static str,
    /// What stands in it beside the address.
    fields: fn(&'static str) -> Vec<(&'static str, &'static str)>,
}

pub(super) fn run(bench: &mut Bench<'_>) -> Result<()> {
    let provider = Provider::configured(bench.provider.directory.join("enumeration"), NO_LIMITS)?;
    for kind in KINDS {
        (kind.made)(&provider, kind.email)?;
    }
    let server = provider.serve()?;
    let rounds = if bench.options.quick { QUICK } else { ROUNDS };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for form in FORMS {
        let times = runtime.block_on(asked(server.address, form, rounds))?;
        let first = Timing::median(&times[0]);
        let timings = KINDS.iter().zip(&times).map(|(kind, times)| Timing::new(form.step, kind.name, times, first));
        bench.timings.extend(timings);
    }
    server.stop()
}

/// How long each answer takes. The kinds take turns, and each round begins with another, so that whatever else the machine does
/// meets all of them.
async fn asked(host: SocketAddr, form: &Form, rounds: usize) -> Result<Vec<Vec<Duration>>> {
    let mut times = vec![Vec::with_capacity(rounds); KINDS.len()];
    let mut browser = Browser::open(host).await?;
    for round in 0..rounds + WARM_UP {
        for turn in 0..KINDS.len() {
            let at = (round + turn) % KINDS.len();
            browser.forget();
            let (status, time) = browser.fill(form.path, form.step, &(form.fields)(KINDS[at].email)).await?;
            ensure!(status == 200, "{status} for {} at {}", KINDS[at].name, form.path);
            if round >= WARM_UP {
                times[at].push(time);
            }
        }
    }
    Ok(times)
}

/// The first is what the others are held against, and so is the second, which ought to be the same: what it differs by is the noise.
const KINDS: &[Kind] = &[
    Kind { name: "known", email: "ada@example.com", made: |provider, email| provider.add_person(email) },
    Kind { name: "known, another", email: "eva@example.com", made: |provider, email| provider.add_person(email) },
    Kind { name: "unknown", email: "bob@example.com", made: |_, _| Ok(()) },
    Kind {
        name: "disabled",
        email: "dan@example.com",
        made: |provider, email| {
            provider.add_person(email)?;
            provider.disable(email)
        },
    },
    Kind {
        name: "no password",
        email: "kim@example.com",
        made: |provider, email| provider.add_without_password(email),
    },
    Kind { name: "not verified", email: "una@example.com", made: |provider, email| provider.add_unverified(email) },
];

const FORMS: &[Form] = &[
    Form {
        path: "/signin",
        step: "signin",
        fields: |email| vec![("username", email), ("password", "not the right password"), ("action", "signin")],
    },
    Form {
        path: "/signup",
        step: "signup",
        fields: |email| {
            vec![("email", email), ("name", "Ada"), ("password", "the connexion of the sciences"), ("action", "signup")]
        },
    },
    Form { path: "/recover", step: "recover", fields: |email| vec![("email", email), ("action", "recover")] },
];

/// Whoever asks as often as this is slowed down otherwise.
const NO_LIMITS: &str = "[throttle]\ndevice_tries = 1000000\naccount_tries = 1000000\naddress_tries = 1000000\n\
                         spray_tries = 1000000\nrequest_tries = 1000000\n";
const ROUNDS: usize = 200;
const QUICK: usize = 10;
const WARM_UP: usize = 3;
