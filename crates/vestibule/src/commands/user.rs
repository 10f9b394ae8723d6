//! `user`: the people who sign in here.

mod shown;

use std::path::Path;

use clap::{Args, Subcommand};
use idp::people::{Access, AddUserError, NewUser, Person, SetPasswordError};
use idp::{Context, Fault};
use zeroize::Zeroizing;

use self::shown::{described, say_list, say_person};
use super::{Verdict, input, say, say_json, with_context};

/// What to do with people.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Adds a person; without a password prints a one-time link to set one.
    #[command(after_help = "Example: vestibule user add ada@example.com --name 'Ada Lovelace' --verified")]
    Add(Add),
    /// Prints a one-time link with which somebody makes an account where `signup.mode` is "invite".
    #[command(after_help = "Example: vestibule user invite ada@example.com")]
    Invite {
        /// The e-mail address to invite.
        email: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Lists the people.
    #[command(after_help = "Example: vestibule user list --json")]
    List {
        /// As JSON; times are seconds since 1970.
        #[arg(long)]
        json: bool,
    },
    /// Shows a person.
    #[command(after_help = "Example: vestibule user show ada@example.com")]
    Show(One),
    /// Lets nobody sign in as this person, and ends their sessions and tokens.
    #[command(after_help = "Example: vestibule user disable ada@example.com")]
    Disable(One),
    /// Lets a disabled person sign in again.
    #[command(after_help = "Example: vestibule user enable ada@example.com")]
    Enable(One),
    /// Deletes a person with all that is stored about them.
    #[command(after_help = "Example: vestibule user delete ada@example.com")]
    Delete {
        /// E-mail address, username or id.
        user: String,
    },
    /// Prints all that is stored about a person but hashes and secrets, as JSON.
    #[command(after_help = "Example: vestibule user export ada@example.com > ada.json")]
    Export {
        /// E-mail address, username or id.
        user: String,
        /// As JSON; it is never anything else.
        #[arg(long)]
        json: bool,
    },
    /// Sets a password and ends the person's sessions; without one prints a one-time link to set it.
    #[command(after_help = "Example: vestibule user set-password ada@example.com --password-stdin < password.txt")]
    SetPassword(SetPassword),
    /// Takes away passkeys, authenticator app and recovery codes, a password that was chosen short because of them, and the
    /// person's sessions: for who has lost them.
    #[command(after_help = "Example: vestibule user reset-factors ada@example.com")]
    ResetFactors {
        /// E-mail address, username or id.
        user: String,
    },
}

/// One person to print.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// E-mail address, username or id.
    user: String,
    /// As JSON; times are seconds since 1970.
    #[arg(long)]
    json: bool,
}

/// Somebody to add.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The e-mail address.
    email: String,
    /// The full name.
    #[arg(long)]
    name: Option<String>,
    /// Another name to sign in by.
    #[arg(long)]
    username: Option<String>,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
    /// The e-mail address is known to be theirs.
    #[arg(long)]
    verified: bool,
    /// They administer this installation.
    #[arg(long)]
    admin: bool,
    /// Print as JSON; times are seconds since 1970.
    #[arg(long)]
    json: bool,
}

/// A password to set.
#[derive(Debug, Args)]
pub(crate) struct SetPassword {
    /// E-mail address, username or id.
    user: String,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// Does it.
pub(crate) fn run(command: Command, file: Option<&Path>) -> anyhow::Result<Verdict> {
    match command {
        Command::Add(add) => self::add(add, file)?,
        Command::Invite { email, json } => with_context(file, async |context| {
            let token = context.invite(&email).await.map_err(advise)?;
            let link = Zeroizing::new(format!("{}/signup?invitation={}", context.issuer(), token.as_str()));
            match json {
                true => say_json(&serde_json::json!({ "email": email, "link": link.as_str() })),
                false => say(&format!("link: {}", link.as_str())),
            }
        })?,
        Command::List { json } => say_list(&with_context(file, all)?, json)?,
        Command::Show(one) => {
            say_person(&with_context(file, async |context| person(context, &one.user).await)?, one.json)?;
        }
        Command::Disable(one) => access(&one, file, Access::Disabled)?,
        Command::Enable(one) => access(&one, file, Access::Enabled)?,
        Command::Delete { user } => with_context(file, async |context| {
            let person = person(context, &user).await?;
            context.delete_user(person.id).await?;
            say(&format!("deleted: {}", person.id))
        })?,
        Command::Export { user, json: _ } => with_context(file, async |context| {
            let person = person(context, &user).await?;
            let document = context.export_user(person.id).await?;
            say_json(&document.ok_or_else(|| missing(&user))?)
        })?,
        Command::ResetFactors { user } => with_context(file, async |context| {
            let person = person(context, &user).await?;
            say(&format!("removed: {}", context.remove_factors(person.id).await?))
        })?,
        Command::SetPassword(set) => set_password(&set, file)?,
    }
    Ok(Verdict::Done)
}

/// The person whom `text` names.
pub(super) async fn person(context: &Context, text: &str) -> anyhow::Result<Person> {
    context.find_user(text).await?.ok_or_else(|| missing(text))
}

/// Everybody, the first added first.
pub(super) async fn all(context: &Context) -> anyhow::Result<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    loop {
        let page = context.list_users(people.last().map(|last| last.id), PAGE).await?;
        let full = page.len() as u64 == u64::from(PAGE);
        people.extend(page);
        if !full {
            return Ok(people);
        }
    }
}

/// The address at which this person sets a password, once.
pub(super) async fn link(context: &Context, person: &Person) -> Result<Zeroizing<String>, Fault> {
    let token = context.password_link(person.id).await?;
    Ok(Zeroizing::new(format!("{}/set-password?token={}", context.issuer(), token.as_str())))
}

fn add(add: Add, file: Option<&Path>) -> anyhow::Result<()> {
    let password = add.password_stdin.then(input::secret_line).transpose()?;
    with_context(file, async |context| {
        let wants_link = password.is_none();
        let new = NewUser {
            email: add.email,
            username: add.username,
            name: add.name,
            email_verified: add.verified,
            is_admin: add.admin,
            password,
            ..NewUser::default()
        };
        let person = context.add_user(new).await.map_err(advise)?;
        let link = if wants_link { Some(link(context, &person).await?) } else { None };
        say_with_link(&person, link.as_ref().map(|link| link.as_str()), add.json)
    })
}

fn set_password(set: &SetPassword, file: Option<&Path>) -> anyhow::Result<()> {
    let password = set.password_stdin.then(input::secret_line).transpose()?;
    with_context(file, async |context| {
        let person = person(context, &set.user).await?;
        let Some(password) = password else {
            let link = link(context, &person).await?;
            return say_with_link(&person, Some(link.as_str()), set.json);
        };
        context.set_password(person.id, &password).await.map_err(|error| match error {
            SetPasswordError::Missing => missing(&set.user),
            SetPasswordError::Password(refused) => anyhow::anyhow!("{refused}; choose another"),
            SetPasswordError::Fault(fault) => fault.into(),
        })?;
        say_with_link(&person, None, set.json)
    })
}

fn access(one: &One, file: Option<&Path>, access: Access) -> anyhow::Result<()> {
    with_context(file, async |context| {
        let person = person(context, &one.user).await?;
        let changed = context.set_user_disabled(person.id, access).await?;
        say_person(&changed.ok_or_else(|| missing(&one.user))?, one.json)
    })
}

fn say_with_link(person: &Person, link: Option<&str>, json: bool) -> anyhow::Result<()> {
    if json {
        let mut document = described(person);
        if let (Some(members), Some(link)) = (document.as_object_mut(), link) {
            members.insert("link".to_owned(), link.into());
        }
        return say_json(&document);
    }
    say(&format!("id: {}", person.id))?;
    link.map_or(Ok(()), |link| say(&format!("link: {link}")))
}

fn missing(text: &str) -> anyhow::Error {
    anyhow::anyhow!("there is no person called {}; see `vestibule user list`", super::table::plain(text))
}

/// What was refused, and what to do about it.
pub(super) fn advise(error: AddUserError) -> anyhow::Error {
    match error {
        AddUserError::NameTaken => anyhow::anyhow!("{error}; see `vestibule user list`"),
        AddUserError::EmailInvalid => anyhow::anyhow!("{error}; write it like ada@example.com"),
        AddUserError::UsernameInvalid => anyhow::anyhow!("{error}; choose another --username"),
        AddUserError::NameInvalid => anyhow::anyhow!("{error}; choose another --name"),
        AddUserError::Password(_) => anyhow::anyhow!("{error}; choose another"),
        AddUserError::Fault(fault) => fault.into(),
    }
}

const PAGE: u32 = 200;
