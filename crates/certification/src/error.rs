//! Why a command or query was refused, and how that reads over HTTP.

use http::StatusCode;
use luhuan_kernel::{FieldProblem, Message, Problem, Timestamp};

use crate::{
    credential::CredentialError,
    energy::CsvFault,
    model::{
        State,
        assessors::PoolTooSmall,
        process::{CertificateRefused, Refused},
        rubric::RubricFault,
        scoring::Lack,
    },
};

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for this asker's eyes.
    #[error("no such thing")]
    NotFound,
    /// Nobody is signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// Not this actor's to do.
    #[error("not permitted")]
    Forbidden,
    /// The actor belongs to the mall that they would judge, or has a tie to it.
    #[error("a conflict of interest")]
    Conflict,
    /// The input is wrong, field by field.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// It changed since the client read it.
    #[error("stale version")]
    Stale,
    /// Somebody else changed these items meanwhile.
    #[error("changed meanwhile: {0:?}")]
    StaleItems(Vec<String>),
    /// The process does not allow it.
    #[error(transparent)]
    Process(#[from] Refused),
    /// The certificate's state does not allow it.
    #[error(transparent)]
    Certificate(#[from] CertificateRefused),
    /// What was handed in is frozen.
    #[error("an application that is {0} is not edited")]
    Frozen(State),
    /// The step is not open now.
    #[error("not while the application is {0}")]
    NotNow(State),
    /// What is missing before it can be handed in.
    #[error("incomplete")]
    Incomplete {
        /// Items, and what each lacks.
        items: Vec<(String, Lack)>,
        /// Points of the eligibility check that do not hold.
        eligibility: Vec<String>,
    },
    /// The mall has an application under way.
    #[error("an application is under way")]
    UnderWay,
    /// The mall is barred after a revocation.
    #[error("barred until {0}")]
    Barred(Timestamp),
    /// Too few assessors may be drawn.
    #[error(transparent)]
    Pool(#[from] PoolTooSmall),
    /// The score sheet is sealed.
    #[error("the sheet is sealed")]
    Sealed,
    /// A rubric is wrong.
    #[error("the rubric is wrong: {0:?}")]
    Rubric(Vec<RubricFault>),
    /// A rubric cannot be read.
    #[error("the rubric cannot be read: {0}")]
    RubricUnreadable(String),
    /// A version is published and does not change any more.
    #[error("a published version does not change")]
    RubricPublished,
    /// A CSV file has faults.
    #[error("faults in the file: {0:?}")]
    Csv(Vec<CsvFault>),
    /// A file of evidence is not taken.
    #[error("the file is not taken: {0}")]
    File(&'static str),
    /// A document could not be signed.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] luhuan_store::Error),
    /// Another context refused.
    #[error("accounts: {0}")]
    Accounts(#[from] luhuan_accounts::Error),
    /// A port failed; the words are for the log.
    #[error("port: {0}")]
    Port(String),
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Error {
    /// One field that is wrong.
    pub(crate) fn field(field: impl Into<String>, key: &'static str) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.into(), message: Message::new(key) }])
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let conflict = |slug| Self::new(StatusCode::CONFLICT, slug);
        let unprocessable = |slug| Self::new(StatusCode::UNPROCESSABLE_ENTITY, slug);
        match error {
            Error::NotFound => Self::not_found(),
            Error::Unauthenticated => Self::unauthenticated(),
            Error::Forbidden => Self::forbidden(),
            Error::Conflict => Self::new(StatusCode::FORBIDDEN, "certification-conflict"),
            Error::Invalid(fields) => Self::invalid(fields),
            Error::Stale => Self::stale(),
            Error::StaleItems(items) => {
                Self::new(StatusCode::PRECONDITION_FAILED, "certification-stale-items")
                    .with("items", items.join(", "))
                    .extend("items", items)
            }
            Error::Process(Refused::State { state, event }) => conflict("certification-state")
                .with("state", state)
                .with("event", event)
                .extend("state", state.code()),
            Error::Process(Refused::Guard { event, guard }) => conflict("certification-not-yet")
                .with("event", event)
                .with("guard", guard)
                .extend("needs", guard.code()),
            Error::Certificate(refused) => conflict("certification-certificate-state")
                .with("state", refused.state)
                .with("event", refused.event)
                .extend("state", refused.state.code()),
            Error::Frozen(state) => {
                conflict("certification-frozen").with("state", state).extend("state", state.code())
            }
            Error::NotNow(state) => {
                conflict("certification-not-now").with("state", state).extend("state", state.code())
            }
            Error::Incomplete { items, eligibility } => incomplete(&items, eligibility),
            Error::UnderWay => conflict("certification-under-way"),
            Error::Barred(until) => {
                conflict("certification-barred").with("until", until).extend("until", until.to_string())
            }
            Error::Pool(short) => {
                conflict("certification-pool").with("free", short.free).with("needed", short.needed)
            }
            Error::Sealed => conflict("certification-sealed"),
            Error::Rubric(faults) => {
                unprocessable("certification-rubric").with("count", faults.len()).extend(
                    "faults",
                    faults
                        .iter()
                        .map(|fault| serde_json::json!({ "place": fault.place, "fault": fault.fault }))
                        .collect::<Vec<_>>(),
                )
            }
            Error::RubricUnreadable(what) => {
                unprocessable("certification-rubric-unreadable").with("what", what)
            }
            Error::RubricPublished => conflict("certification-rubric-published"),
            Error::Csv(faults) => csv(&faults),
            Error::File(reason) => {
                unprocessable("certification-file").extend("reason", reason).with("reason", reason)
            }
            Error::Credential(error) => {
                tracing::error!(%error, "a document could not be signed");
                Self::internal()
            }
            Error::Store(error) => error.into(),
            Error::Accounts(error) => error.into(),
            Error::Port(error) => {
                tracing::error!(error, "a port failed");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(5)
            }
        }
    }
}

fn incomplete(items: &[(String, Lack)], eligibility: Vec<String>) -> Problem {
    let lacks = items.iter().map(|(item, lack)| {
        let mut one = serde_json::to_value(lack).expect("a lack serialises");
        one["item"] = item.clone().into();
        one
    });
    Problem::new(StatusCode::CONFLICT, "certification-incomplete")
        .with("count", items.len() + eligibility.len())
        .extend("items", lacks.collect::<Vec<_>>())
        .extend("eligibility", eligibility)
}

fn csv(faults: &[CsvFault]) -> Problem {
    let list = faults
        .iter()
        .take(100)
        .map(|fault| serde_json::json!({ "line": fault.line, "column": fault.column, "fault": fault.fault }));
    let first = faults.first().map_or(1, |fault| fault.line);
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "certification-csv")
        .with("count", faults.len())
        .with("line", first)
        .extend("faults", list.collect::<Vec<_>>())
}
