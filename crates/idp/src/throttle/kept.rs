//! What is kept for clients that prove nothing about themselves: by client and network, and how much at once.

use std::time::Duration;

use oidc::OAuthError;
use oidc::client::Client;
use oidc::throttle::Limit;

use super::{Taken, network};
use crate::Context;
use crate::caller::Caller;

/// What anybody can have kept in the name of a public client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// A request that is pushed (RFC 9126), until it is taken up or too old.
    Pushed,
    /// The `jti` of a proof (RFC 9449 §11.1), until the proof is too old.
    Proof,
}

impl Kept {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pushed => "pushed-request",
            Self::Proof => "proof",
        }
    }
}

impl Context {
    /// Counts what is to be kept for a client that proves nothing about itself: by client and network, and of pushed requests
    /// how many the client has open. What was taken, which is to be given back where the request proves good in the end;
    /// the others are told to come later.
    pub(crate) async fn count_kept(
        &self,
        kept: Kept,
        client: &Client,
        caller: &Caller,
    ) -> Result<Option<Taken>, OAuthError> {
        if !client.is_public() {
            return Ok(None);
        }
        let (name, throttle) = (kept.as_str(), &self.settings.throttle);
        let mut takes = Vec::new();
        if let Some(address) = caller.address {
            let of = format!("{}\0{}", client.id, network(address));
            takes.push(self.one_of(name, of.as_bytes(), throttle.public));
        }
        if kept == Kept::Pushed {
            takes.push(self.one_of(
                "pushed-open",
                client.id.as_bytes(),
                within(throttle.pushed, crate::pushed::LIFETIME),
            ));
        }
        for (at, take) in takes.iter().enumerate() {
            if let Err(throttled) = self.take_one((name, take), caller).await? {
                self.give_back(&Taken(takes[..at].to_vec())).await?;
                let words = "too much is kept for this client from here: come back later";
                return Err(OAuthError::too_much(words, throttled.seconds()));
            }
        }
        Ok(Some(Taken(takes)))
    }
}

/// A bucket that never lets through more than `most` in any span as long as this: half at once, the rest as time goes on.
fn within(most: u32, span: Duration) -> Limit {
    let half = (most / 2).max(1);
    Limit::new(half, span / half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oidc::Time;

    /// However the requests of a public client are spread, no more of them are open than may be.
    #[test]
    fn a_bucket_bounds_what_is_open() {
        for most in [2_u32, 7, 60] {
            let (span, limit) = (Duration::from_secs(90), within(most, Duration::from_secs(90)));
            let (start, mut full_at, mut open) = (Time::from_seconds(1_000), None, Vec::new());
            for second in 0..600 {
                let now = start.plus(Duration::from_secs(second));
                while limit.admits(full_at, now).is_ok() {
                    full_at = Some(full_at.unwrap_or(now).max(now).plus(limit.refill));
                    open.push(now.plus(span));
                }
                open.retain(|until| *until > now);
                assert!(open.len() <= most as usize, "{} of {most} after {second} s", open.len());
            }
        }
    }
}
