//! What happens by itself when time passes: reminders, the office's list of what is late, what lapses and expires.

use luhuan_kernel::{Actor, Id, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use serde_json::json;

use super::{Certification, code, committee::ObjectionState, surveillance::SurveillanceState, trail};
use crate::{
    Application, CertificationEvent, Error,
    entity::{application, objection, surveillance},
    model::{Event, State},
    policy,
};

/// What a turn of the clocks did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Reminders sent.
    pub reminded: usize,
    /// Steps put on the list of what is late.
    pub escalated: usize,
    /// Rectifications and times to appeal that lapsed.
    pub lapsed: usize,
    /// Certificates that expired.
    pub expired: usize,
    /// Yearly reports opened.
    pub opened: usize,
}

/// Something that is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::EscalationView)]
pub struct EscalationView {
    /// Which application.
    #[schema(value_type = String, format = "uuid")]
    pub application: Id<Application>,
    /// The mall's name.
    pub name: String,
    /// What is late: an application's state, `objection`, or `surveillance`.
    pub what: String,
    /// Since when.
    pub due_at: Timestamp,
}

impl Certification {
    /// Turns the clocks: at most `batch` of each kind in one unit. The program itself, by a job; asked again it does nothing
    /// twice.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tick(&self, uow: &UnitOfWork, actor: &Actor, batch: u64) -> Result<Ticked, Error> {
        policy::tick(actor)?;
        let mut ticked = Ticked { reminded: self.remind(uow, actor, batch).await?, ..Ticked::default() };
        self.overdue(uow, actor, batch, &mut ticked).await?;
        ticked.escalated += self.late_cases(uow, batch).await?;
        ticked.expired = self.expire(uow, actor, batch).await?;
        ticked.opened = self.open_reports(uow).await?;
        Ok(ticked)
    }

    async fn remind(&self, uow: &UnitOfWork, actor: &Actor, batch: u64) -> Result<usize, Error> {
        let due = application::Entity::find()
            .filter(application::Column::RemindAt.lte(uow.now()))
            .order_by_asc(application::Column::RemindAt)
            .limit(batch)
            .all(uow.tx())
            .await?;
        let mut reminded = 0;
        for found in due {
            let mut row = self.load(uow, found.id).await?;
            // It may have moved while this waited for its row.
            if row.remind_at.is_none_or(|remind| remind > uow.now()) {
                continue;
            }
            row.remind_at = None;
            let (id, state) = (row.id, row.state()?);
            row.into_active_model().reset_all().update(uow.tx()).await?;
            trail::note(uow, actor, id, "remind", json!({ "state": state })).await?;
            uow.emit(&CertificationEvent::Reminded { application: id, state }).await?;
            reminded += 1;
        }
        Ok(reminded)
    }

    async fn overdue(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        batch: u64,
        ticked: &mut Ticked,
    ) -> Result<(), Error> {
        let due = application::Entity::find()
            .filter(application::Column::DueAt.lte(uow.now()))
            .filter(application::Column::EscalatedAt.is_null())
            .order_by_asc(application::Column::DueAt)
            .limit(batch)
            .all(uow.tx())
            .await?;
        for found in due {
            let mut row = self.load(uow, found.id).await?;
            if row.escalated_at.is_some() || row.due_at.is_none_or(|due| due > uow.now()) {
                continue;
            }
            let (id, state) = (row.id, row.state()?);
            let lapse = match state {
                State::Rectification => Some(Event::LapseRectification),
                State::Refused => Some(Event::LapseAppeal),
                _ => None,
            };
            if let Some(event) = lapse {
                let grounds = self.grounds(uow, &row).await?;
                self.step(uow, actor, state, row, event, &grounds, None).await?;
                ticked.lapsed += 1;
                continue;
            }
            row.escalated_at = Some(uow.now());
            row.into_active_model().reset_all().update(uow.tx()).await?;
            trail::note(uow, actor, id, "escalate", json!({ "state": state })).await?;
            uow.emit(&CertificationEvent::Escalated { application: id, state }).await?;
            ticked.escalated += 1;
        }
        Ok(())
    }

    /// Objections and reports that nobody answered in time.
    async fn late_cases(&self, uow: &UnitOfWork, batch: u64) -> Result<usize, Error> {
        let objections = objection::Entity::find()
            .filter(objection::Column::State.eq(ObjectionState::Open.code()))
            .filter(objection::Column::DueAt.lte(uow.now()))
            .filter(objection::Column::EscalatedAt.is_null())
            .limit(batch)
            .all(uow.tx())
            .await?;
        let late = objections.len();
        for mut row in objections {
            row.escalated_at = Some(uow.now());
            row.into_active_model().reset_all().update(uow.tx()).await?;
        }
        let reports = surveillance::Entity::find()
            .filter(surveillance::Column::State.eq(SurveillanceState::Due.code()))
            .filter(surveillance::Column::DueAt.lte(uow.now()))
            .filter(surveillance::Column::EscalatedAt.is_null())
            .limit(batch)
            .all(uow.tx())
            .await?;
        let late = late + reports.len();
        for mut row in reports {
            row.escalated_at = Some(uow.now());
            row.into_active_model().reset_all().update(uow.tx()).await?;
        }
        Ok(late)
    }

    /// What is late, the longest first: for the office.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn escalations(&self, actor: &Actor) -> Result<Vec<EscalationView>, Error> {
        policy::office(actor)?;
        let db = self.store().reader();
        let now = self.store().clock().now();
        let mut late = Vec::new();
        let rows = application::Entity::find()
            .filter(application::Column::DueAt.lte(now))
            .order_by_asc(application::Column::DueAt)
            .limit(200)
            .all(db)
            .await?;
        for row in rows {
            let state: State = code(&row.state)?;
            let (application, name) = (row.id, row.name);
            if let Some(due_at) = row.due_at {
                late.push(EscalationView { application, name, what: state.code().to_owned(), due_at });
            }
        }
        let objections = objection::Entity::find()
            .filter(objection::Column::State.eq(ObjectionState::Open.code()))
            .filter(objection::Column::DueAt.lte(now))
            .order_by_asc(objection::Column::DueAt)
            .limit(200)
            .all(db)
            .await?;
        for row in objections {
            let name = application::Entity::find_by_id(row.application_id).one(db).await?;
            let name = name.map(|found| found.name).unwrap_or_default();
            let (application, due_at) = (row.application_id, row.due_at);
            late.push(EscalationView { application, name, what: "objection".to_owned(), due_at });
        }
        let reports = surveillance::Entity::find()
            .filter(surveillance::Column::State.eq(SurveillanceState::Due.code()))
            .filter(surveillance::Column::DueAt.lte(now))
            .order_by_asc(surveillance::Column::DueAt)
            .limit(200)
            .all(db)
            .await?;
        for row in reports {
            let view = self.certificate_view(&row.number).await?;
            let (application, name) = (view.application, view.name);
            late.push(EscalationView {
                application,
                name,
                what: "surveillance".to_owned(),
                due_at: row.due_at,
            });
        }
        late.sort_by_key(|one| one.due_at);
        Ok(late)
    }
}
