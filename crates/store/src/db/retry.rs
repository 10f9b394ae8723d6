//! Trying a whole transaction again.

use std::future::Future;
use std::time::Duration;

use crate::Transient;

const ATTEMPTS: u32 = 8;

/// Runs a whole transaction, and again when the database says that it stood in another's way
/// (PostgreSQL's 40001 and 40P01). `attempt` begins its own transaction and does nothing that
/// could not be done twice.
pub async fn retry<T, E, F, A>(mut attempt: A) -> Result<T, E>
where
    E: Transient,
    F: Future<Output = Result<T, E>>,
    A: FnMut() -> F,
{
    for tried in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if error.is_transient() => {
                // Those who collided wait for different times only by chance of scheduling;
                // growing pauses are enough, since at least one of them has gone through.
                tokio::time::sleep(Duration::from_millis(1 << tried)).await;
            }
            done => return done,
        }
    }
    attempt().await
}
