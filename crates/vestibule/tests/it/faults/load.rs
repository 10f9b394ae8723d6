//! The load of a fault test: refreshes and revocations, and what was answered to them.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::thread;

use crate::http::{basic, encoded, post};
use crate::person::Person;
use crate::program::done_with;

/// Families that refresh, and tokens that were revoked.
pub(super) struct Load {
    client: Client,
    families: Vec<Family>,
    revoked: Vec<String>,
    answered: u64,
}

#[derive(Clone)]
struct Client {
    authorization: String,
}

/// What is known of a family: the last answer that came.
#[derive(Clone)]
struct Family {
    refresh: String,
    access: String,
}

impl Load {
    /// A client, and people who have signed in with it.
    pub(super) fn begin(directory: &Path, address: &str) -> Self {
        let arguments = ["client", "add", "Load", "--type", "web", "--redirect-uri", REDIRECT, "--trusted", "--json"];
        let grants = ["--grant", "authorization_code", "--grant", "refresh_token", "--grant", "client_credentials"];
        let json: serde_json::Value =
            serde_json::from_str(&done_with(directory, &[&arguments[..], &grants].concat(), "")).expect("JSON");
        let [id, secret] = ["client_id", "client_secret"].map(|name| json[name].as_str().expect("text").to_owned());
        let client = Client { authorization: basic(&id, &secret) };
        let families = (0..FAMILIES).map(|number| {
            let email = format!("ada{number}@example.com");
            done_with(directory, &["user", "add", &email, "--password-stdin"], "correct horse battery\n");
            client.sign_in(address, &id, &email)
        });
        Self { families: families.collect(), client, revoked: Vec::new(), answered: 0 }
    }

    /// How many answers came in all.
    pub(super) fn answered(&self) -> u64 {
        self.answered
    }

    /// Asks as fast as it goes until `kill` has ended the server, and keeps what was answered.
    pub(super) fn run(&mut self, address: &str, kill: impl FnOnce()) {
        let Self { client, families, revoked, answered } = self;
        let client = &*client;
        thread::scope(|scope| {
            let refreshing: Vec<_> = families
                .iter_mut()
                .map(|family| {
                    scope.spawn(move || {
                        let mut count = 0;
                        while let Some(next) = client.refresh(address, &family.refresh) {
                            *family = next.expect("a current refresh token is good");
                            count += 1;
                        }
                        count
                    })
                })
                .collect();
            let revoking = scope.spawn(move || {
                let mut ended = Vec::new();
                while let Some(token) = client.own_token(address) {
                    if client.ask(address, "/oauth2/revoke", &format!("token={}", encoded(&token))).is_some() {
                        ended.push(token);
                    }
                }
                ended
            });
            kill();
            *answered += refreshing.into_iter().map(|thread| thread.join().expect("no panic")).sum::<u64>();
            let ended = revoking.join().expect("no panic");
            *answered += ended.len() as u64;
            // The last ones: those at risk.
            *revoked = ended.into_iter().rev().take(CHECKED).collect();
        });
    }

    /// After the restart: every answered token is known, every answered refresh token goes on, every revocation holds.
    pub(super) fn check(&mut self, address: &str, round: u32) {
        for family in &mut self.families {
            assert!(
                self.client.is_active(address, &family.access),
                "round {round}: an answered access token is unknown"
            );
            let next = self.client.refresh(address, &family.refresh).expect("the server runs");
            *family = next.unwrap_or_else(|error| panic!("round {round}: an answered refresh token is {error}"));
        }
        for token in &self.revoked {
            assert!(!self.client.is_active(address, token), "round {round}: an answered revocation is forgotten");
        }
    }
}

impl Client {
    fn sign_in(&self, address: &str, id: &str, email: &str) -> Family {
        let target = format!(
            "/oauth2/authorize?response_type=code&client_id={id}&redirect_uri={}&scope=openid&nonce=n&state=s",
            encoded(REDIRECT)
        );
        let answer = Person::new(address, email, "correct horse battery").walk(&target).expect("the server runs");
        let code = answer.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
        let form = format!("grant_type=authorization_code&code={code}&redirect_uri={}", encoded(REDIRECT));
        self.tokens(address, &form).expect("the server runs").expect("tokens")
    }

    /// `None` where the server went away before it answered.
    fn refresh(&self, address: &str, token: &str) -> Option<Result<Family, String>> {
        self.tokens(address, &format!("grant_type=refresh_token&refresh_token={}", encoded(token)))
    }

    fn tokens(&self, address: &str, form: &str) -> Option<Result<Family, String>> {
        let json = self.ask(address, "/oauth2/token", form)?;
        let text = |name: &str| json[name].as_str().map(str::to_owned).ok_or_else(|| json["error"].to_string());
        Some(text("refresh_token").and_then(|refresh| Ok(Family { refresh, access: text("access_token")? })))
    }

    fn own_token(&self, address: &str) -> Option<String> {
        let json = self.ask(address, "/oauth2/token", "grant_type=client_credentials")?;
        Some(json["access_token"].as_str().expect("a token").to_owned())
    }

    fn is_active(&self, address: &str, token: &str) -> bool {
        let json = self.ask(address, "/oauth2/introspect", &format!("token={}", encoded(token))).expect("it runs");
        json["active"].as_bool().expect("an answer")
    }

    fn ask(&self, address: &str, path: &str, form: &str) -> Option<serde_json::Value> {
        Some(post(address, path, &self.authorization, form)?.json())
    }
}

/// The address in the line that scripts wait for; what follows is read and dropped, so that the pipe never fills.
pub(super) fn announced(out: impl Read + Send + 'static) -> String {
    let mut lines = BufReader::new(out);
    let mut line = String::new();
    lines.read_line(&mut line).expect("a line");
    thread::spawn(move || lines.read_to_end(&mut Vec::new()));
    line.trim().strip_prefix("listening on http://").expect("the announcement").to_owned()
}

const REDIRECT: &str = "https://load.example/cb";
const FAMILIES: usize = 4;
const CHECKED: usize = 40;
