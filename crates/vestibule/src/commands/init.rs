//! `init`: a configuration, a master key, a database and the first administrator.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use idp::Context;
use idp::people::{AddUserError, NewUser, Person};
use serde_json::json;

use super::{Verdict, say, say_json, user, with_context};
use crate::config;

/// Where, and with what.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The directory; made where it is missing.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The first administrator's e-mail address.
    #[arg(long, value_name = "EMAIL", default_value = "admin@localhost")]
    admin: String,
    /// The issuer, as browsers and apps reach it.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The address to listen on.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// sqlite:FILE (in the data directory) or postgres://user:password@host/name.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// Does it.
pub(crate) fn run(init: &Init) -> anyhow::Result<Verdict> {
    let file = init.dir.join("vestibule.toml");
    // All of it is checked before anything is written.
    let options = [
        ("public_url", "--public-url", init.public_url.clone()),
        ("listen", "--listen", init.listen.clone()),
        ("database.url", "--database", init.database.clone()),
    ];
    config::without_file(&options)?;
    let mut given: Vec<_> = options.iter().filter_map(|(key, _, value)| Some((*key, value.as_deref()?))).collect();
    // Said outright, so that it lies beside the file wherever the program is started.
    given.push(("data_dir", "vestibule-data"));
    std::fs::create_dir_all(&init.dir)
        .with_context(|| format!("cannot make {}; choose another directory", init.dir.display()))?;
    write_new(&file, &config::commented(&given))?;
    let made = with_context(Some(&file), async |context| {
        let person = administrator(context, &init.admin).await?;
        Ok((user::link(context, &person).await?, person))
    });
    let (link, _) = match made {
        Ok(made) => made,
        Err(error) => {
            // So that the same command works once what was wrong is mended.
            drop(std::fs::remove_file(&file));
            return Err(error);
        }
    };
    if init.json {
        say_json(&json!({ "config": file, "administrator": init.admin, "link": link.as_str() }))?;
    } else {
        say(&format!("configuration: {}", file.display()))?;
        say(&format!("administrator: {}", super::table::plain(&init.admin)))?;
        say(&format!("link: {}", link.as_str()))?;
        say(&format!("next: vestibule serve --config {}", file.display()))?;
    }
    Ok(Verdict::Done)
}

/// The one of this address: added, or there from an earlier `init` over the same database.
async fn administrator(context: &Context, email: &str) -> anyhow::Result<Person> {
    let new = NewUser { email: email.to_owned(), is_admin: true, ..NewUser::default() };
    match context.add_user(new).await {
        Ok(person) => Ok(person),
        Err(AddUserError::NameTaken) => match user::person(context, email).await? {
            person if person.is_admin && !person.disabled => Ok(person),
            _ => bail!("{email} is there and no administrator; choose another --admin"),
        },
        Err(error) => Err(user::advise(error)),
    }
}

/// It may hold a database's password.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} is there already; remove it first, or choose another directory", path.display())
        }
        Err(error) => bail!("cannot write {} ({error}); choose another directory", path.display()),
    };
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}
