//! Why a command or query was refused, and how that reads over HTTP.

use http::StatusCode;
use luhuan_kernel::{FieldProblem, Message, Problem};

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for this asker's eyes.
    #[error("not there")]
    NotFound,
    /// Nobody is signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// Not this actor's to do.
    #[error("not permitted")]
    Forbidden,
    /// The input is wrong, field by field.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// It changed since the client read it.
    #[error("stale version")]
    Stale,
    /// The owner has as many webhooks as one may have.
    #[error("no room for another webhook, {0} are there")]
    TooManyWebhooks(u64),
    /// The webhook is off.
    #[error("the webhook is switched off")]
    WebhookOff,
    /// The person follows the badge on as many pages as one may.
    #[error("too many streams")]
    TooManyStreams,
    /// A sealed secret cannot be opened or made.
    #[error("a webhook's secret: {0}")]
    Seal(#[from] luhuan_accounts::SealError),
    /// A port failed. For the log.
    #[error("asking another context: {0}")]
    Port(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] luhuan_store::Error),
}

impl Error {
    /// One field is wrong.
    pub(crate) fn field(field: &str, message: Message) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.to_owned(), message }])
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Unauthenticated => Self::unauthenticated(),
            Error::Forbidden => Self::forbidden(),
            Error::Invalid(fields) => Self::invalid(fields),
            Error::Stale => Self::stale(),
            Error::TooManyWebhooks(max) => {
                Self::new(StatusCode::CONFLICT, "notifications-too-many-webhooks").with("max", max)
            }
            Error::WebhookOff => Self::new(StatusCode::CONFLICT, "notifications-webhook-off"),
            Error::TooManyStreams => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "notifications-too-many-streams").retry_after(60)
            }
            Error::Seal(_) | Error::Port(_) => {
                tracing::error!(%error, "notifications failed");
                Self::internal()
            }
            Error::Store(error) => error.into(),
        }
    }
}
