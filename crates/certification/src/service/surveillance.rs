//! After the grant: a report every year, and an audit by lot.

use luhuan_kernel::{Actor, Id, Timestamp, random};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Certification, code, plain, reason, trail};
use crate::{
    Error, Surveillance,
    codes::codes,
    entity::{certificate, surveillance},
    model::{CertificateState, calendar::Day, terms},
    policy,
};

codes! {
    /// Why a certificate is looked at.
    SurveillanceKind {
        /// The yearly report.
        Annual = "annual",
        /// By lot.
        Random = "random",
    }
}

codes! {
    /// Where a case stands.
    SurveillanceState {
        /// The mall's report is awaited.
        Due = "due",
        /// It is there, to be looked at.
        Reported = "reported",
        /// All is well.
        Passed = "passed",
        /// It is not: the certificate is for review, suspension or revocation.
        Failed = "failed",
    }
}

/// A case of surveillance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SurveillanceView {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Surveillance>,
    /// Of which certificate.
    pub number: String,
    /// Why.
    pub kind: SurveillanceKind,
    /// For which year of it.
    pub year: i32,
    /// Where it stands.
    pub state: SurveillanceState,
    /// When the report is due.
    pub due_at: Timestamp,
    /// The mall's report.
    pub report: String,
    /// When it came.
    pub reported_at: Option<Timestamp>,
    /// What the office said.
    pub outcome: String,
    /// When.
    pub decided_at: Option<Timestamp>,
}

impl Certification {
    /// Opens the yearly reports that are due: a year after the grant, and each year after that. By the clocks.
    pub(super) async fn open_reports(&self, uow: &UnitOfWork) -> Result<usize, Error> {
        let today = Day::of(uow.now());
        let mut opened = 0;
        for row in standing(uow).await? {
            let years = Day::of(row.granted_at).months_until(today) / 12;
            if years >= 1 && years < terms().certificate.years {
                opened += self.open_case(uow, &row.number, SurveillanceKind::Annual, years).await?;
            }
        }
        Ok(opened)
    }

    async fn open_case(
        &self,
        uow: &UnitOfWork,
        number: &str,
        kind: SurveillanceKind,
        year: i32,
    ) -> Result<usize, Error> {
        let case = surveillance::Model {
            id: Id::new(self.store().clock()),
            number: number.to_owned(),
            kind: kind.code().to_owned(),
            year,
            state: SurveillanceState::Due.code().to_owned(),
            due_at: Day::of(uow.now()).plus(terms().certificate.annual_report_days).end(),
            escalated_at: None,
            opened_at: uow.now(),
            report: String::new(),
            reported_at: None,
            outcome: String::new(),
            decided_by: None,
            decided_at: None,
        };
        use surveillance::Column;
        // The index `cert_surveillance_once` keeps a case from being opened twice.
        let key = OnConflict::columns([Column::Number, Column::Kind, Column::Year]).do_nothing().to_owned();
        let insert = surveillance::Entity::insert(case.into_active_model().reset_all()).on_conflict(key);
        Ok(usize::try_from(insert.exec_without_returning(uow.tx()).await?).unwrap_or_default())
    }

    /// Draws a fifth of the certificates in force for a re-audit this year, by lot; the seed is noted with each. The office.
    /// Whoever is drawn already is not drawn again: the lot adds up to the share, however often it is asked for.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn draw_re_audits(&self, uow: &UnitOfWork, actor: &Actor) -> Result<Vec<String>, Error> {
        policy::office(actor)?;
        let year = Day::of(uow.now()).year();
        let rows = standing(uow).await?;
        let drawn_before = surveillance::Entity::find()
            .filter(surveillance::Column::Kind.eq(SurveillanceKind::Random.code()))
            .filter(surveillance::Column::Year.eq(year))
            .all(uow.tx())
            .await?;
        let share = (rows.len() * terms().certificate.re_audit_percent as usize).div_ceil(100);
        let wanted = share.saturating_sub(drawn_before.len());
        let seed = random::bytes::<32>();
        let mut lots: Vec<certificate::Model> = rows
            .into_iter()
            .filter(|row| !drawn_before.iter().any(|case| case.number == row.number))
            .collect();
        lots.sort_by_cached_key(|row| {
            let mut digest = Sha256::new();
            digest.update(seed);
            digest.update(&row.number);
            digest.finalize()
        });
        let mut drawn = Vec::new();
        for row in lots.into_iter().take(wanted) {
            self.open_case(uow, &row.number, SurveillanceKind::Random, year).await?;
            self.load(uow, row.application_id).await?;
            let detail = json!({ "number": row.number, "seed": hex::encode(seed), "year": year });
            trail::note(uow, actor, row.application_id, "draw_re_audit", detail).await?;
            drawn.push(row.number);
        }
        Ok(drawn)
    }

    /// Reports to a case: the mall.
    ///
    /// # Errors
    /// When the actor may not; [`Error::NotFound`]; when it is decided.
    pub async fn report_surveillance(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Surveillance>,
        report: &str,
    ) -> Result<(), Error> {
        let (mut case, certificate) = self.case(uow, id).await?;
        policy::answer_for(actor, certificate.mall_id)?;
        let open = [SurveillanceState::Due, SurveillanceState::Reported].map(SurveillanceState::code);
        if !open.contains(&case.state.as_str()) {
            return Err(Error::Sealed);
        }
        case.report = reason(report)?;
        case.reported_at = Some(uow.now());
        SurveillanceState::Reported.code().clone_into(&mut case.state);
        case.into_active_model().reset_all().update(uow.tx()).await?;
        trail::note(uow, actor, certificate.application_id, "report", json!({ "case": id })).await
    }

    /// Decides a case, with the reason: the office. What follows for the certificate is a step of its own.
    ///
    /// # Errors
    /// When the actor may not; [`Error::NotFound`]; when it is decided.
    pub async fn decide_surveillance(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Surveillance>,
        outcome: SurveillanceState,
        why: &str,
    ) -> Result<(), Error> {
        let (mut case, certificate) = self.case(uow, id).await?;
        let person = policy::administer(actor, certificate.mall_id)?;
        let decided = [SurveillanceState::Passed, SurveillanceState::Failed];
        if !decided.contains(&outcome) {
            return Err(Error::field("outcome", "certification-unknown-code"));
        }
        if case.decided_at.is_some() {
            return Err(Error::Sealed);
        }
        case.outcome = reason(why)?;
        outcome.code().clone_into(&mut case.state);
        case.decided_by = Some(person);
        case.decided_at = Some(uow.now());
        let why = case.outcome.clone();
        case.into_active_model().reset_all().update(uow.tx()).await?;
        let detail = json!({ "case": id, "outcome": outcome, "reason": why });
        trail::note(uow, actor, certificate.application_id, "decide_surveillance", detail).await
    }

    async fn case(
        &self,
        uow: &UnitOfWork,
        id: Id<Surveillance>,
    ) -> Result<(surveillance::Model, certificate::Model), Error> {
        let found = surveillance::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let certificate = self.load_certificate(uow, &found.number).await?.ok_or(Error::NotFound)?;
        let found = surveillance::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        Ok((found, certificate))
    }

    /// Cases of a certificate, newest first: for its mall and the office.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes.
    pub async fn surveillance(&self, actor: &Actor, number: &str) -> Result<Vec<SurveillanceView>, Error> {
        let db = self.store().reader();
        let certificate = certificate::Entity::find_by_id(plain(number)?.to_owned())
            .one(db)
            .await?
            .ok_or(Error::NotFound)?;
        policy::view(actor, certificate.mall_id, policy::Seat::default())?;
        let rows = surveillance::Entity::find()
            .filter(surveillance::Column::Number.eq(number))
            .order_by_desc(surveillance::Column::OpenedAt)
            .order_by_desc(surveillance::Column::Id)
            .all(db)
            .await?;
        rows.into_iter().map(view).collect()
    }

    /// Open cases, the most urgent first: for the office.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn open_surveillance(&self, actor: &Actor) -> Result<Vec<SurveillanceView>, Error> {
        policy::office(actor)?;
        let open = [SurveillanceState::Due, SurveillanceState::Reported].map(SurveillanceState::code);
        let rows = surveillance::Entity::find()
            .filter(surveillance::Column::State.is_in(open))
            .order_by_asc(surveillance::Column::DueAt)
            .limit(500)
            .all(self.store().reader())
            .await?;
        rows.into_iter().map(view).collect()
    }
}

/// Certificates in force.
async fn standing(uow: &UnitOfWork) -> Result<Vec<certificate::Model>, Error> {
    let in_force = [CertificateState::Active, CertificateState::UnderReview].map(CertificateState::code);
    let rows = certificate::Entity::find()
        .filter(certificate::Column::State.is_in(in_force))
        .order_by_asc(certificate::Column::ApplicationId);
    Ok(rows.all(uow.tx()).await?)
}

fn view(row: surveillance::Model) -> Result<SurveillanceView, Error> {
    Ok(SurveillanceView {
        kind: code(&row.kind)?,
        state: code(&row.state)?,
        id: row.id,
        number: row.number,
        year: row.year,
        due_at: row.due_at,
        report: row.report,
        reported_at: row.reported_at,
        outcome: row.outcome,
        decided_at: row.decided_at,
    })
}
