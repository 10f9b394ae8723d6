//! The demo's person, whose password stays the same, and its administrator.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context as _;
use idp::Context;
use idp::people::{AddUserError, NewUser};
use idp::random::{Randomness, SystemRandomness};
use zeroize::Zeroizing;

use crate::commands::user;

/// Who can sign in.
pub(super) struct People {
    /// The person's.
    pub(super) password: Zeroizing<String>,
    /// Where the administrator sets a password.
    pub(super) link: Zeroizing<String>,
}

impl People {
    /// Adds both where they are missing.
    pub(super) async fn invite(context: &Context, dir: &Path) -> anyhow::Result<Self> {
        let password = kept(&dir.join("demo-password"))?;
        let person = NewUser {
            email: PERSON.to_owned(),
            username: Some("ada".to_owned()),
            name: Some("Ada Lovelace".to_owned()),
            email_verified: true,
            password: Some(password.clone()),
            ..NewUser::default()
        };
        // Whoever changed it would be told a wrong one: the demo's person has the demo's password.
        if !added(context, person).await? && context.check_password(PERSON, &password).await?.is_none() {
            let ada = user::person(context, PERSON).await?;
            context.set_password(ada.id, &password).await?;
        }
        let administrator = NewUser { email: ADMINISTRATOR.to_owned(), is_admin: true, ..NewUser::default() };
        added(context, administrator).await?;
        let administrator = user::person(context, ADMINISTRATOR).await?;
        Ok(Self { password, link: user::link(context, &administrator).await? })
    }
}

/// Whether this one was missing.
async fn added(context: &Context, new: NewUser) -> anyhow::Result<bool> {
    match context.add_user(new).await {
        Ok(_) => Ok(true),
        Err(AddUserError::NameTaken) => Ok(false),
        Err(error) => Err(user::advise(error)),
    }
}

/// The password in the file, which is made where it is missing.
fn kept(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            let password = password();
            writeln!(file, "{}", password.as_str())?;
            Ok(password)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let text = Zeroizing::new(std::fs::read_to_string(path)?);
            Ok(Zeroizing::new(text.trim().to_owned()))
        }
        Err(error) => Err(error).with_context(|| format!("cannot write {}; choose another --dir", path.display())),
    }
}

/// 80 random bits that can be typed: no letter looks like a digit.
fn password() -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 16]);
    SystemRandomness.fill(&mut *bytes);
    let mut text = Zeroizing::new(String::with_capacity(19));
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    text
}

pub(super) const PERSON: &str = "ada@example.com";
const ADMINISTRATOR: &str = "admin@localhost";
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
