//! Why a listing command or query was refused, and how that reads over HTTP.

use http::StatusCode;
use luhuan_kernel::{FieldProblem, Message, Problem};

use crate::{model::IllegalMove, photo::PhotoError, screening};

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such listing, or not for this asker's eyes.
    #[error("no such listing")]
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
    /// The state does not allow the move.
    #[error(transparent)]
    IllegalMove(#[from] IllegalMove),
    /// The state does not allow editing.
    #[error("a listing that is {0} is not edited")]
    NotEditable(crate::model::State),
    /// Goods that may not be traded, or not like this.
    #[error("prohibited: {0:?}")]
    Prohibited(Vec<screening::Finding>),
    /// The photo cannot be used.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// Nine photos are there already.
    #[error("no room for another photo")]
    TooManyPhotos,
    /// The item is on offer in another listing.
    #[error("the item is listed already")]
    ItemListed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] luhuan_store::Error),
    /// Another context refused.
    #[error("accounts: {0}")]
    Accounts(#[from] luhuan_accounts::Error),
}

impl Error {
    /// One field of the input is wrong.
    pub(crate) fn invalid(field: &str, message: Message) -> Self {
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
            Error::IllegalMove(refused) => Self::new(StatusCode::CONFLICT, "listing-state")
                .with("state", refused.from)
                .with("move", refused.attempted)
                .extend("state", refused.from.code()),
            Error::NotEditable(state) => Self::new(StatusCode::CONFLICT, "listing-not-editable")
                .with("state", state)
                .extend("state", state.code()),
            Error::Prohibited(findings) => prohibited(&findings),
            Error::Photo(error) => photo(&error),
            Error::TooManyPhotos => Self::new(StatusCode::CONFLICT, "listing-photos-full"),
            Error::ItemListed => Self::new(StatusCode::CONFLICT, "listing-item-listed"),
            Error::Store(error) => error.into(),
            Error::Accounts(error) => error.into(),
        }
    }
}

/// Quotes each rule that was met, in both languages: the seller is told which and why.
fn prohibited(findings: &[screening::Finding]) -> Problem {
    let quote = |finding: &screening::Finding| {
        serde_json::json!({
            "class": finding.class, "action": finding.action.code(), "rule": { "zh-CN": finding.rule_zh, "en": finding.rule_en },
            "source": finding.source, "word": finding.word, "field": finding.place.field(),
        })
    };
    let words: Vec<&str> =
        findings.iter().map(|finding| finding.word.as_str()).filter(|w| !w.is_empty()).collect();
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "listing-prohibited")
        .with("word", words.join("、"))
        .with("rule", findings.first().map(|finding| finding.rule_zh.clone()).unwrap_or_default())
        .with("rule-en", findings.first().map(|finding| finding.rule_en.clone()).unwrap_or_default())
        .extend("rules", findings.iter().map(quote).collect::<Vec<_>>())
}

fn photo(error: &PhotoError) -> Problem {
    let status = match error {
        PhotoError::TooManyBytes { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        PhotoError::UnsupportedFormat { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let message = error.message();
    let problem = message
        .values
        .iter()
        .fold(Problem::new(status, "photo-refused"), |problem, (name, value)| problem.with(name, value));
    problem.with_field("photo", Message { key: message.key, values: message.values })
}
