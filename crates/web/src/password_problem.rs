//! What is wrong with a password, a new passkey or a form, in the words of the pages.

use axum::response::Response;
use http::StatusCode;
use idp::factors::passkey::AddPasskeyError;
use idp::passwords::MAX_CHARS;
use idp::people::PasswordRefused;

use crate::answer;
use crate::views::Problem;

/// What to say of a password that will not do.
pub(crate) fn of(refused: PasswordRefused) -> Problem {
    match refused {
        PasswordRefused::TooShort { min } => Problem::PasswordTooShort { min },
        PasswordRefused::TooLong => Problem::PasswordTooLong { max: MAX_CHARS },
        PasswordRefused::Common => Problem::PasswordCommon,
        PasswordRefused::Breached => Problem::PasswordBreached,
        PasswordRefused::Personal => Problem::PasswordPersonal,
        PasswordRefused::Unchanged => Problem::PasswordUnchanged,
    }
}

/// What to say of a passkey that was not added.
pub(crate) fn of_passkey(refused: &AddPasskeyError) -> Problem {
    match refused {
        AddPasskeyError::Model { .. } => Problem::PasskeyModel,
        _ => Problem::NewPasskey,
    }
}

/// The status of a page with a form: shown for the first time, or again (RFC 9110 §15.5.21 for what was typed).
pub(crate) fn status(problem: Option<Problem>) -> StatusCode {
    match problem {
        None => StatusCode::OK,
        Some(Problem::Stale) => StatusCode::FORBIDDEN,
        Some(Problem::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        Some(Problem::TooManyAttempts { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The answer that shows a problem says, too, how long to wait where that is it.
pub(crate) fn waiting(answer: Response, problem: Option<Problem>) -> Response {
    match problem {
        Some(Problem::TooManyAttempts { seconds }) => answer::retry_after(answer, seconds),
        _ => answer,
    }
}
