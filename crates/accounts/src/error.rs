//! Why a command or query of the accounts was refused, and how that reads over HTTP.

use http::StatusCode;
use luhuan_kernel::{FieldProblem, Message, Problem};

use crate::keys::SealError;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something in another context must be ended before the account: the slug of its problem.
    #[error("the account cannot be closed: {0}")]
    InTheWay(&'static str),
    /// There is no such thing, or not for this asker's eyes.
    #[error("no such thing")]
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
    /// The login belongs to an account already.
    #[error("the login is taken")]
    LoginTaken,
    /// Login and password do not fit, or there is no such login: which of the two is not said.
    #[error("login and password do not fit")]
    BadCredentials,
    /// The code is wrong, used, over or was never sent: which is not said.
    #[error("the code does not fit")]
    BadCode,
    /// The password or code asked again does not fit.
    #[error("the confirmation does not fit")]
    BadConfirmation,
    /// Too many wrong tries: this way is closed for a while.
    #[error("locked for {0} s")]
    Locked(u64),
    /// Too many requests of this kind.
    #[error("too many attempts, wait {0} s")]
    TooMany(u64),
    /// A grave command needs a confirmation not older than a few minutes.
    #[error("the proof is over")]
    ProofOver,
    /// Separate consent to the use of an identity number is missing (PIPL art. 29).
    #[error("consent to {0} is missing")]
    ConsentMissing(&'static str),
    /// This consent is what the account rests on: it ends with the account.
    #[error("{0} ends with the account")]
    ConsentRequired(String),
    /// Another account has this identity number.
    #[error("the identity number is on another account")]
    IdentityTaken,
    /// This kind of seller needs an identity on file.
    #[error("this seller kind needs an identity number")]
    IdentityNeeded,
    /// This kind of seller needs an organisation with a licence.
    #[error("this seller kind needs an organisation with a licence")]
    LicenceNeeded,
    /// The person belongs to the organisation already.
    #[error("a member already")]
    AlreadyMember,
    /// An organisation has at least one owner.
    #[error("the last owner stays")]
    LastOwner,
    /// An installation has at least one administrator.
    #[error("the last administrator stays")]
    LastAdministrator,
    /// So many live API tokens are enough for one person.
    #[error("too many live tokens")]
    TooManyTokens,
    /// Stored data could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A password could not be hashed.
    #[error("hashing: {0}")]
    Hashing(String),
    /// The sender of codes failed.
    #[error(transparent)]
    Send(#[from] crate::SendError),
    /// The data of another context could not be gathered or erased.
    #[error("{context}: {reason}")]
    Contributor {
        /// Whose.
        context: &'static str,
        /// Why, for the log.
        reason: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] luhuan_store::Error),
}

impl Error {
    /// A refusal of one field.
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
        let conflict = |slug| Self::new(StatusCode::CONFLICT, slug);
        match error {
            Error::NotFound => Self::not_found(),
            Error::Unauthenticated => Self::unauthenticated(),
            Error::Forbidden => Self::forbidden(),
            Error::Invalid(fields) => Self::invalid(fields),
            Error::Stale => Self::stale(),
            Error::LoginTaken => {
                conflict("login-taken").with_field("login", Message::new("accounts-login-taken"))
            }
            Error::BadCredentials => Self::new(StatusCode::UNAUTHORIZED, "bad-credentials"),
            Error::BadCode => Self::new(StatusCode::UNAUTHORIZED, "bad-code"),
            Error::BadConfirmation => Self::new(StatusCode::FORBIDDEN, "bad-confirmation"),
            Error::Locked(seconds) => wait("sign-in-locked", seconds),
            Error::TooMany(seconds) => wait("too-many-attempts", seconds),
            Error::ProofOver => Self::new(StatusCode::FORBIDDEN, "proof-over"),
            Error::ConsentMissing(purpose) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "consent-missing").extend("purpose", purpose)
            }
            Error::ConsentRequired(purpose) => conflict("consent-required").extend("purpose", purpose),
            Error::IdentityTaken => {
                conflict("identity-taken").with_field("number", Message::new("accounts-identity-taken"))
            }
            Error::IdentityNeeded => conflict("identity-needed"),
            Error::LicenceNeeded => conflict("licence-needed"),
            Error::AlreadyMember => conflict("already-member"),
            Error::LastOwner => conflict("last-owner"),
            Error::LastAdministrator => conflict("last-administrator"),
            Error::InTheWay(slug) => conflict(slug),
            Error::TooManyTokens => conflict("too-many-tokens"),
            Error::Store(error) => error.into(),
            Error::Seal(_) | Error::Hashing(_) | Error::Send(_) | Error::Contributor { .. } => {
                tracing::error!(%error, "the accounts failed");
                Self::internal()
            }
        }
    }
}

fn wait(slug: &'static str, seconds: u64) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, slug)
        .with("minutes", seconds.div_ceil(60))
        .with("seconds", seconds)
        .retry_after(seconds)
}
