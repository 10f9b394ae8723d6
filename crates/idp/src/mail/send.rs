//! Sending what is due. A claim also says when the next try is due: a failure needs no write, and a mail whose node died
//! in between goes out by another. Nobody sends one twice unless the node died between sending and noting it.

use std::time::Duration;

use store::mails::Mail as Row;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::{Letter, Mail, SEALED, SendError};
use crate::{Context, Fault};

/// What became of one mail.
enum Sent {
    /// It is out of the queue.
    Done,
    /// Somebody else sends it.
    Theirs,
    /// It waits for its next try, and so should the others.
    Waits,
}

impl Context {
    /// Sends mail as it comes, until it is dropped.
    pub(crate) async fn deliver(&self) {
        let mut turns = interval(LOOK);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = turns.tick() => {}
                () = self.post.notified() => {}
            }
            if let Err(error) = self.send_due_mails().await {
                tracing::warn!(%error, "mail cannot be read from the queue");
            }
        }
    }

    /// Sends what is due now; answers how many were sent. After one that could not be, the others wait for the next turn.
    pub async fn send_due_mails(&self) -> Result<usize, Fault> {
        let mut sent = 0;
        loop {
            let due = store::mails::due(&self.store, self.now(), BATCH).await?;
            if due.is_empty() {
                return Ok(sent);
            }
            for row in due {
                match self.send_one(row).await? {
                    Sent::Done => sent += 1,
                    Sent::Theirs => {}
                    Sent::Waits => return Ok(sent),
                }
            }
        }
    }

    async fn send_one(&self, row: Row) -> Result<Sent, Fault> {
        let next = self.now().plus(back_off(row.attempts));
        if !store::mails::claim(&self.store, row.id, row.due_at, next).await? {
            return Ok(Sent::Theirs);
        }
        let (id, kind, tries) = (row.id, row.kind.clone(), row.attempts + 1);
        let last = next >= row.expires_at;
        let outcome = match self.open_mail(row) {
            Ok(Letter { mail: Mail::Nothing, .. }) => Ok(()),
            Ok(letter) => timeout(LONGEST, self.mailer.send(&letter))
                .await
                .unwrap_or_else(|_| Err(SendError::Later(format!("no answer within {} s", LONGEST.as_secs())))),
            // Sealed under another master key, or written by a newer program: nobody here can read it.
            Err(fault) => Err(SendError::Refused(fault.to_string())),
        };
        match outcome {
            Ok(()) => tracing::debug!(mail = %id, kind, tries, "a mail was sent"),
            Err(SendError::Refused(error)) => tracing::warn!(mail = %id, kind, error, "a mail was refused"),
            Err(SendError::Later(error)) if last => {
                tracing::warn!(mail = %id, kind, tries, error, "a mail could not be sent and is given up");
                return Ok(Sent::Waits);
            }
            Err(SendError::Later(error)) => {
                tracing::warn!(mail = %id, kind, tries, error, "a mail could not be sent yet");
                return Ok(Sent::Waits);
            }
        }
        store::mails::delete(&self.store, id).await?;
        Ok(Sent::Done)
    }

    fn open_mail(&self, row: Row) -> Result<Letter, Fault> {
        let text = self.sealer.open(SEALED, row.id, &row.sealed)?;
        let mail =
            serde_json::from_slice(&text).map_err(|error| Fault::corrupt(&format!("the mail {}", row.id), error))?;
        Ok(Letter { id: row.id, to: row.recipient, locale: row.locale, mail, at: row.created_at })
    }
}

/// One minute after the first try, then twice as long each time, an hour at most.
fn back_off(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts).unwrap_or(u32::MAX).min(6);
    (FIRST * 2_u32.pow(doublings)).min(HIGHEST)
}

/// How often a node looks for what others have queued.
const LOOK: Duration = Duration::from_secs(2);
const BATCH: u32 = 32;
/// For one mail: well within the time after which it is due again.
const LONGEST: Duration = Duration::from_secs(30);
const FIRST: Duration = Duration::from_secs(60);
const HIGHEST: Duration = Duration::from_secs(60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_an_hour_and_is_longer_than_a_try() {
        let minutes = |attempts| back_off(attempts).as_secs() / 60;
        assert_eq!([0, 1, 2, 5, 6, 1000].map(minutes), [1, 2, 4, 32, 60, 60]);
        assert!(back_off(0) > LONGEST);
    }
}
