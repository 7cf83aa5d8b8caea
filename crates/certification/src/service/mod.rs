//! Commands and queries.
//!
//! A command takes the caller's unit of work and actor: it loads (locking the row it decides on), asks the policy, decides
//! with the model, saves, notes it in the trail, and emits. The caller commits. A query reads.
//!
//! Rows are locked in one order: application, certificate, counter, log. Whoever changes anything of an application holds its
//! row; whoever only writes an answer holds it shared, so that fifty editors do not wait for each other and yet no answer
//! slips in after the file is frozen.
//!
//! - `rubrics`: versions; `apply`: the mall's file; `evidence`, `measured`: what it shows; `dossier`: what is frozen;
//! - `steps`: the office's moves; `panel`, `audit`, `scores`: the assessors; `committee`: votes, objections;
//! - `grant`, `certificates`, `register`, `surveillance`: afterwards; `clocks`: what happens by itself;
//! - `query`, `statistics`, `personal`, `trail`: reading.

mod apply;
mod audit;
mod certificates;
mod clocks;
mod committee;
mod dossier;
mod evidence;
mod grant;
mod measured;
mod panel;
mod personal;
mod query;
mod register;
mod rubrics;
mod scores;
mod statistics;
mod steps;
mod surveillance;
mod trail;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use luhuan_accounts::Accounts;
use luhuan_kernel::{Id, Secret};
use luhuan_store::{Blobs, Store, UnitOfWork};
use sea_orm::{EntityTrait, QuerySelect};
use serde::{Serialize, de::DeserializeOwned};

pub use apply::{AnswerChange, Edit, Progress, Saved};
pub use audit::{
    CheckOutcome, CheckView, FindingState, FindingView, NoteFinding, PutRight, Severity, SiteCheck,
};
pub use certificates::{CertificateView, RegisterFilter};
pub use clocks::{EscalationView, Ticked};
pub use committee::{FileObjection, ObjectionState, ObjectionView, Vote, VoteView};
pub use dossier::{Dossier, FrozenEvidence, SubmissionView};
pub use evidence::{AddEvidence, EvidenceFile, EvidenceView, MOST_BYTES};
pub use measured::{AddRetrofit, EnergyReport, Measures, NoteWaste, RetrofitView};
pub use panel::{AddAssessor, AssessorView, PanelMember};
pub use query::{AnswerView, ApplicationCard, ApplicationFilter, ApplicationView};
pub use register::{ConsistencyProof, EntryView, Head, InclusionProof, ProvenEntry, Which, register_message};
pub use rubrics::{RubricState, RubricVersion};
pub use scores::{Agreed, SheetView, SpreadView};
pub use statistics::{DistrictStatistics, PillarStatistics, Statistics};
pub use surveillance::{SurveillanceKind, SurveillanceState, SurveillanceView};
pub use trail::TrailEntry;

use crate::{
    Application, Error,
    credential::{Issuer, PublicKey},
    entity::application,
    model::{Rubric, State},
    waste::CollectedWaste,
};

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which the public reaches this installation, without a slash at the end.
    pub public_url: String,
    /// The secret from which certificates and tree heads are signed. Losing it means signing everything anew.
    pub signing_seed: Secret<[u8; 32]>,
}

/// The certification service. Cheap to clone.
#[derive(Clone)]
pub struct Certification {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    blobs: Blobs,
    accounts: Accounts,
    settings: Settings,
    issuer: Issuer,
    collected: Arc<dyn CollectedWaste>,
    /// Published versions, which never change.
    rubrics: RwLock<HashMap<String, Arc<Rubric>>>,
}

impl Certification {
    /// Puts the service together. `collected` is the port to the pickups; [`crate::waste::NoPickups`] where there are none.
    #[must_use]
    pub fn new(
        store: Store,
        blobs: Blobs,
        accounts: Accounts,
        collected: Arc<dyn CollectedWaste>,
        settings: Settings,
    ) -> Self {
        let shipped = Rubric::shipped().into_iter().map(|rubric| (rubric.version.clone(), Arc::new(rubric)));
        let issuer = Issuer::new(&settings.signing_seed, format!("{}/certification", settings.public_url));
        let rubrics = RwLock::new(shipped.collect());
        Self { inner: Arc::new(Inner { store, blobs, accounts, settings, issuer, collected, rubrics }) }
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The blobs.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    /// The accounts beneath.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.inner.accounts
    }

    /// The key that certificates and tree heads are checked with.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.inner.issuer.public_key()
    }

    /// The public address of a certificate's page.
    #[must_use]
    pub fn certificate_address(&self, number: &str) -> String {
        format!("{}/certificates/{number}", self.inner.settings.public_url)
    }

    /// The address that names the office as an issuer.
    #[must_use]
    pub fn issuer_id(&self) -> &str {
        self.inner.issuer.id()
    }

    fn issuer(&self) -> &Issuer {
        &self.inner.issuer
    }

    fn remembered(&self, version: &str) -> Option<Arc<Rubric>> {
        self.inner.rubrics.read().unwrap_or_else(PoisonError::into_inner).get(version).cloned()
    }

    fn remember(&self, rubric: &Arc<Rubric>) {
        let mut known = self.inner.rubrics.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(rubric.version.clone(), Arc::clone(rubric));
    }

    /// The application to decide on, its row locked until the unit ends.
    async fn load(&self, uow: &UnitOfWork, id: Id<Application>) -> Result<application::Model, Error> {
        let mut query = application::Entity::find_by_id(id);
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        query.one(uow.tx()).await?.ok_or(Error::NotFound)
    }

    /// The application, kept from moving but not from being read or answered by others.
    async fn load_shared(&self, uow: &UnitOfWork, id: Id<Application>) -> Result<application::Model, Error> {
        let mut query = application::Entity::find_by_id(id);
        if uow.locks_rows() {
            query = query.lock_shared();
        }
        query.one(uow.tx()).await?.ok_or(Error::NotFound)
    }
}

impl application::Model {
    /// Where it stands.
    pub(crate) fn state(&self) -> Result<State, Error> {
        code(&self.state)
    }
}

/// A client that names the version it read must have read the newest.
fn expect_version(row: &application::Model, expected: Option<i64>) -> Result<(), Error> {
    match expected {
        Some(version) if version != row.version => Err(Error::Stale),
        _ => Ok(()),
    }
}

/// A key that a client names, such as a number or a version: what cannot be one is not there. (PostgreSQL refuses a NUL in
/// text with an error of its own.)
fn plain(key: &str) -> Result<&str, Error> {
    if key.len() > 80 || key.chars().any(char::is_control) { Err(Error::NotFound) } else { Ok(key) }
}

/// A stored code, as what it means.
fn code<T: std::str::FromStr>(code: &str) -> Result<T, Error> {
    code.parse().map_err(|_| corrupt(format!("unknown code '{code}'")))
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err(corrupt)` hands it over")]
fn corrupt(what: impl ToString) -> Error {
    Error::Store(luhuan_store::Error::Corrupt(what.to_string()))
}

/// Stored JSON, as what it means.
fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(corrupt)
}

/// JSON text of plain data, which cannot fail to serialise.
fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data serialises")
}

/// A reason that somebody will read: not empty, not endless.
fn reason(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field("reason", "certification-reason"));
    }
    words("reason", text)
}

/// Words of at most two thousand characters, without control characters.
fn words(field: &str, text: &str) -> Result<String, Error> {
    const MOST: usize = 2_000;
    let text = text.trim();
    if text.chars().count() > MOST {
        let message = luhuan_kernel::Message::new("certification-too-long").with("max", MOST);
        return Err(Error::Invalid(vec![luhuan_kernel::FieldProblem { field: field.to_owned(), message }]));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Error::field(field, "certification-control"));
    }
    Ok(text.to_owned())
}

/// A short line, with what it may not be without.
fn line(field: &str, text: &str, most: usize) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field(field, "certification-required"));
    }
    if text.chars().count() > most {
        let message = luhuan_kernel::Message::new("certification-too-long").with("max", most);
        return Err(Error::Invalid(vec![luhuan_kernel::FieldProblem { field: field.to_owned(), message }]));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::field(field, "certification-control"));
    }
    Ok(text.to_owned())
}
