//! What a mail begins and its link ends: an account of one's own, and a new password for one.

use oidc::{Id, Time};

use crate::audit::{self, Event};
use crate::credentials::{self, Credential};
use crate::links::{self, Link};
use crate::mails::{self, Mail};
use crate::users::{self, User};
use crate::{Db, Result, params, retry};

/// What became of an account that links were to make.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Made {
    /// It is there.
    Done,
    /// Another has one of the names; the links still work.
    NameTaken,
    /// A link was used before, or has expired; nothing was changed.
    LinkGone,
}

/// A new password by way of a mail.
#[derive(Clone, Debug)]
pub struct Recovery<'a> {
    /// The link, which is used up.
    pub link: Id,
    /// The new password.
    pub password: &'a Credential,
    /// Which credentials it takes the place of.
    pub replaces: Replaces,
    /// What the trail says of it.
    pub event: &'a Event,
}

/// What a new password takes the place of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Replaces {
    /// The password alone; passkeys and all else stay.
    Password,
    /// Whatever there was: the address was not proven before, so that somebody else may have put it there.
    Everything,
}

/// Another e-mail address by way of a mail to it.
#[derive(Clone, Debug)]
pub struct NewEmail<'a> {
    /// The link, which is used up.
    pub link: Id,
    /// Whose address it is.
    pub user: Id,
    /// The one there was.
    pub from: Option<&'a str>,
    /// The one to be.
    pub to: &'a str,
    /// The names to sign in by that belong to both.
    pub names: (Option<String>, String),
    /// The mail to the old one.
    pub mail: Option<&'a Mail>,
    /// The link of that mail, which undoes it.
    pub undo: Option<&'a Link>,
    /// What the trail says of it.
    pub event: &'a Event,
}

/// Keeps a link and queues the mail that carries it.
pub async fn ask(db: &Db, link: &Link, mail: &Mail, event: Option<&Event>) -> Result<()> {
    retry(|| async {
        let mut tx = db.begin().await?;
        links::insert_in(&mut tx, link).await?;
        mails::insert_in(&mut tx, mail).await?;
        if let Some(event) = event {
            audit::append_in(&mut tx, event).await?;
        }
        tx.commit().await
    })
    .await
}

/// Uses the links up and adds the user, or does neither.
pub async fn make(
    db: &Db,
    links: &[Id],
    (user, names, first): (&User, &[&str], &[Credential]),
    event: &Event,
) -> Result<Made> {
    retry(|| async {
        let mut tx = db.begin().await?;
        for link in links {
            if !links::claim_in(&mut tx, *link, event.at).await? {
                tx.rollback().await?;
                return Ok(Made::LinkGone);
            }
        }
        if !users::insert_in(&mut tx, user, names, first).await? {
            tx.rollback().await?;
            return Ok(Made::NameTaken);
        }
        audit::append_in(&mut tx, event).await?;
        tx.commit().await?;
        Ok(Made::Done)
    })
    .await
}

/// Uses the link up, puts the password in its place and notes that the address is proven; `false`, and nothing changes,
/// where the link was used before or has expired, or the user is disabled or has another address by now.
pub async fn recover(db: &Db, recovery: &Recovery<'_>, email: &str, now: Time) -> Result<bool> {
    retry(|| async {
        let Recovery { link, password, replaces, event } = recovery;
        let mut tx = db.begin().await?;
        let claimed = links::claim_in(&mut tx, *link, now).await?;
        if !claimed || tx.execute(PROVE, params![password.user_id, email, now]).await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        match replaces {
            Replaces::Password => tx.execute(FORGET_KIND, params![password.user_id, &password.kind]).await?,
            Replaces::Everything => tx.execute(FORGET_ALL, params![password.user_id]).await?,
        };
        credentials::put_in(&mut tx, password).await?;
        audit::append_in(&mut tx, event).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// Uses the link up and puts the new address, proven, in the old one's place; or does nothing, where another has it, or the
/// link or the old address is gone. All other links of the user are used up too: they were sent to the old address.
pub async fn change_email(db: &Db, change: &NewEmail<'_>) -> Result<Made> {
    retry(|| async {
        let NewEmail { link, user, from, to, names: (old_name, new_name), mail, undo, event } = change;
        let mut tx = db.begin().await?;
        let claimed = links::claim_in(&mut tx, *link, event.at).await?;
        let values = params![*user, from.unwrap_or_default(), *to, event.at];
        if !claimed || tx.execute(MOVE, values).await? == 0 {
            tx.rollback().await?;
            return Ok(Made::LinkGone);
        }
        if let Some(name) = old_name {
            users::give_up_name(&mut tx, *user, name).await?;
        }
        if !users::claim_names(&mut tx, *user, &[new_name]).await? {
            tx.rollback().await?;
            return Ok(Made::NameTaken);
        }
        links::use_up_in(&mut tx, *user, event.at).await?;
        if let Some(undo) = undo {
            links::insert_in(&mut tx, undo).await?;
        }
        audit::append_in(&mut tx, event).await?;
        if let Some(mail) = mail {
            mails::insert_in(&mut tx, mail).await?;
        }
        tx.commit().await?;
        Ok(Made::Done)
    })
    .await
}

const MOVE: &str = "UPDATE users SET email = $3, email_verified = TRUE, updated_at = $4
    WHERE id = $1 AND COALESCE(email, '') = $2 AND disabled_at IS NULL";
const PROVE: &str = "UPDATE users SET email_verified = TRUE, updated_at = $3
    WHERE id = $1 AND email = $2 AND disabled_at IS NULL";
const FORGET_KIND: &str = "DELETE FROM credentials WHERE user_id = $1 AND kind = $2";
const FORGET_ALL: &str = "DELETE FROM credentials WHERE user_id = $1";
