//! What Notes and Mail have in common: a small shell in which a person, or a test, says what to do.
//!
//! The first line of standard input is `{"issuer": …}`; each further one a word: `status`, `sign-in`, `join`, `credentials`,
//! `sign-out` (this app), `sign-out-all`. Each is answered by one line of JSON. With `"print": true` the address is printed
//! instead of opened.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines, Stdin};
use vestibule_native::{App, Browser, Ending, Error, Joined, Platform, Settings, SystemBrowser};
use vestibule_native_keyring::Keyring;

#[derive(Deserialize)]
struct Told {
    issuer: String,
    #[serde(default)]
    print: bool,
}

/// Shows the address.
struct Printed;

impl Browser for Printed {
    fn open(&self, address: &str) -> Result<(), Error> {
        say(&json!({ "open": address }));
        Ok(())
    }
}

/// Runs an app that the provider knows by this id.
pub async fn run(client_id: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let told: Told = serde_json::from_str(&next(&mut lines).await?.ok_or("say which issuer")?)?;
    let settings = Settings::new(told.issuer, client_id).scope("openid profile device_sso");
    let own = Keyring::new(format!("org.vestibule.samples.{client_id}"));
    let platform = Platform::new(Arc::new(own)).shared(Arc::new(Keyring::new("org.vestibule.samples.shared")));
    let browser: Arc<dyn Browser> = if told.print { Arc::new(Printed) } else { Arc::new(SystemBrowser) };
    let app = App::new(settings, platform.browser(browser));
    while let Some(word) = next(&mut lines).await? {
        match act(&app, word.trim()).await {
            Ok(answer) => say(&answer),
            Err(error) => say(&json!({ "error": error.to_string() })),
        }
    }
    Ok(())
}

async fn act(app: &App, word: &str) -> Result<Value, Error> {
    match word {
        "sign-in" => app.sign_in().await?,
        "join" => {
            let joined = app.join().await? == Joined::SignedIn;
            return Ok(json!({ "joined": joined, "subject": app.subject().await? }));
        }
        "credentials" => {
            let credentials = app.credentials("GET", "https://api.example.com/notes").await?;
            return Ok(json!({ "authorization": credentials.authorization, "dpop": credentials.dpop }));
        }
        "sign-out" => app.sign_out(Ending::ThisApp).await?,
        "sign-out-all" => app.sign_out(Ending::EveryApp).await?,
        _ => {}
    }
    Ok(json!({ "signed_in": app.is_signed_in().await?, "subject": app.subject().await? }))
}

async fn next(lines: &mut Lines<BufReader<Stdin>>) -> std::io::Result<Option<String>> {
    lines.next_line().await
}

fn say(value: &Value) {
    println!("{value}");
}
