//! Reading applications.

use std::{collections::BTreeMap, sync::Arc};

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Organisation, Page, Person, Problem, Timestamp};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Certification, CheckView, EvidenceView, FindingView, Measures, ObjectionView, PanelMember, SpreadView,
    VoteView, audit, committee::Eyes, from_json, panel::seat_of, scores::Agreed,
};
use crate::{
    Application, Error,
    entity::{answer, application, assignment, evidence},
    model::{
        Answer, Event, Facts, Rubric, ScoreCard, State,
        calendar::Day,
        eligibility::Eligible,
        process::{Party, TABLE},
    },
    policy,
};

/// An answer with its version.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::AnswerView)]
pub struct AnswerView {
    /// What is said.
    #[serde(flatten)]
    pub answer: Answer,
    /// Counts changes; an edit names the one it read.
    pub version: i64,
    /// Who changed it last.
    #[schema(value_type = String, format = "uuid")]
    pub edited_by: Id<Person>,
    /// When.
    pub edited_at: Timestamp,
}

/// An application, as far as the asker may see.
#[derive(Clone, Debug)]
pub struct ApplicationView {
    /// Which.
    pub id: Id<Application>,
    /// Of which mall.
    pub mall: Id<Organisation>,
    /// Where it stands.
    pub state: State,
    /// Counts changes.
    pub version: i64,
    /// Which passage of a panel.
    pub round: i32,
    /// The version that it is bound to.
    pub rubric: Arc<Rubric>,
    /// The certificate that it shall follow.
    pub renews: Option<String>,
    /// About the mall.
    pub facts: Facts,
    /// Item by item.
    pub answers: BTreeMap<String, AnswerView>,
    /// The files.
    pub evidence: Vec<EvidenceView>,
    /// What the program reckons.
    pub measures: Measures,
    /// What the self-assessment earns, and what it lacks.
    pub self_score: ScoreCard,
    /// Whether the mall may apply.
    pub eligible: Eligible,
    /// The hash of what was handed in.
    pub submission: Option<(i32, String)>,
    /// The panel, for the office, the panel and, from the visit on, the mall.
    pub panel: Vec<PanelMember>,
    /// What was seen on site.
    pub checks: Vec<CheckView>,
    /// What must be put right.
    pub findings: Vec<FindingView>,
    /// What the panel agreed, once it is fixed.
    pub agreed: Option<ScoreCard>,
    /// How the sheets lie: for the office and the panel, once all are sealed.
    pub spreads: Vec<SpreadView>,
    /// The committee's votes: for the office.
    pub votes: Vec<VoteView>,
    /// Objections.
    pub objections: Vec<ObjectionView>,
    /// Why it stands where it stands.
    pub reason: String,
    /// When the step must be done.
    pub due_at: Option<Timestamp>,
    /// When the notice began.
    pub notice_at: Option<Timestamp>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// Whether the asker works for the mall.
    pub own: bool,
    /// Whether the asker acts for the office.
    pub office: bool,
    /// The asker's place on the panel.
    pub seat: policy::Seat,
    /// The events that the asker could cause in this state; what must hold besides is said when it does not.
    pub events: Vec<Event>,
}

/// An application as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ApplicationCard {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Application>,
    /// Of which mall.
    #[schema(value_type = String, format = "uuid")]
    pub mall: Id<Organisation>,
    /// The mall's name.
    pub name: String,
    /// District code.
    pub district: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The rubric's version.
    pub rubric: String,
    /// When the step must be done.
    pub due_at: Option<Timestamp>,
    /// Whether it is late.
    pub late: bool,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// Which applications.
#[derive(Clone, Debug, Default)]
pub struct ApplicationFilter {
    /// Of a mall.
    pub mall: Option<Id<Organisation>>,
    /// In a state.
    pub state: Option<State>,
}

/// Where a list goes on: the instant and the id of the last row seen.
type Place = (Timestamp, Id<Application>);

/// The sort key in a cursor of ours.
pub(super) fn key<K: DeserializeOwned>(cursor: &Cursor) -> Result<K, Problem> {
    cursor.key().map_err(|_| Problem::invalid_field("after", Message::new("field-cursor")))
}

impl Certification {
    /// The row of an application that the actor may see.
    pub(super) async fn visible(
        &self,
        actor: &Actor,
        id: Id<Application>,
    ) -> Result<application::Model, Error> {
        let db = self.store().reader();
        let row = application::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        let seat = seat_of(db, actor, &row).await?;
        policy::view(actor, row.mall_id, seat)?;
        Ok(row)
    }

    /// An application, whole, as far as the actor may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes.
    pub async fn view(&self, actor: &Actor, id: Id<Application>) -> Result<ApplicationView, Error> {
        self.view_at(self.store().reader(), actor, id).await
    }

    /// The same, read where the caller reads: the pool, or a unit of work still open.
    pub(crate) async fn view_at(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        id: Id<Application>,
    ) -> Result<ApplicationView, Error> {
        let row = application::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        let seat = seat_of(db, actor, &row).await?;
        policy::view(actor, row.mall_id, seat)?;
        let now = self.store().clock().now();
        let (state, rubric) = (row.state()?, self.rubric(&row.rubric).await?);
        let dossier = self.dossier(db, &row, now).await?;
        let submission = match state {
            State::Draft => None,
            _ => self.submission(db, id).await?.map(|frozen| (frozen.number, frozen.sha256)),
        };
        // Whoever belongs to the mall sees what the mall sees, whatever their roles.
        let office = policy::administer(actor, row.mall_id).is_ok();
        let own = policy::edit(actor, row.mall_id).is_ok();
        let on_panel = policy::declare(actor, row.mall_id, seat).is_ok();
        let inside = office || on_panel || actor.is_system();
        let agreed: Option<Agreed> = row.score.as_deref().map(from_json).transpose()?;
        let panel_known = inside || !matches!(state, State::DistrictReview | State::DeskReview);
        let scored = row.score.is_some() || state == State::Verified;
        let mut spreads = Vec::new();
        if inside && scored {
            // Before all sheets are sealed nobody is told.
            spreads = self.spreads_of(db, &row, &rubric).await?.unwrap_or_default();
        }
        let eyes = if office { Eyes::Office } else { Eyes::Others };
        Ok(ApplicationView {
            self_score: dossier.score(&rubric),
            eligible: dossier.eligible(&rubric, Day::of(now)),
            answers: self.answers(db, id, &dossier.answers).await?,
            evidence: files(db, id).await?,
            panel: if panel_known { self.panel_members(db, &row).await? } else { Vec::new() },
            checks: if inside { audit::checks_of(db, &row).await? } else { Vec::new() },
            findings: audit::findings(db, &row).await?,
            agreed: agreed.map(|agreed| agreed.card),
            votes: if office { self.votes(db, &row).await? } else { Vec::new() },
            objections: self.objections(db, id, eyes).await?,
            events: events(state, own, office, seat),
            facts: dossier.facts,
            measures: dossier.measures,
            id,
            mall: row.mall_id,
            state,
            version: row.version,
            round: row.round,
            rubric,
            renews: row.renews,
            submission,
            spreads,
            reason: row.reason,
            due_at: row.due_at,
            notice_at: row.notice_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            own,
            office,
            seat,
        })
    }

    async fn answers(
        &self,
        db: &impl ConnectionTrait,
        id: Id<Application>,
        said: &BTreeMap<String, Answer>,
    ) -> Result<BTreeMap<String, AnswerView>, Error> {
        let rows = answer::Entity::find().filter(answer::Column::ApplicationId.eq(id)).all(db).await?;
        let mut answers = BTreeMap::new();
        for row in rows {
            // The words are the dossier's, which is frozen once it is handed in; the row tells who wrote them.
            if let Some(answer) = said.get(&row.item) {
                let (version, edited_by, edited_at) = (row.version, row.edited_by, row.edited_at);
                answers
                    .insert(row.item, AnswerView { answer: answer.clone(), version, edited_by, edited_at });
            }
        }
        Ok(answers)
    }

    /// Applications: all for the office, one's own for a mall, those one sits on for an assessor. Last moved first.
    ///
    /// # Errors
    /// When nobody is signed in; 422 for a cursor that is not of this list.
    pub async fn applications(
        &self,
        actor: &Actor,
        filter: &ApplicationFilter,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<ApplicationCard>, Problem> {
        let person = policy::list(actor).map_err(Problem::from)?;
        let db = self.store().reader();
        let mut query = application::Entity::find()
            .order_by_desc(application::Column::UpdatedAt)
            .order_by_desc(application::Column::Id)
            .limit(limit.probe());
        if policy::office(actor).is_err() {
            let malls: Vec<Id<Organisation>> = actor.memberships.iter().map(|one| one.organisation).collect();
            let seats = if policy::sits(actor) { seats_of(db, person).await? } else { Vec::new() };
            query = query.filter(
                Condition::any()
                    .add(application::Column::MallId.is_in(malls))
                    .add(application::Column::Id.is_in(seats)),
            );
        }
        if let Some(mall) = filter.mall {
            query = query.filter(application::Column::MallId.eq(mall));
        }
        if let Some(state) = filter.state {
            query = query.filter(application::Column::State.eq(state.code()));
        }
        if let Some(cursor) = after {
            let (at, id) = key::<Place>(cursor)?;
            query = query.filter(
                Condition::any().add(application::Column::UpdatedAt.lt(at)).add(
                    Condition::all()
                        .add(application::Column::UpdatedAt.eq(at))
                        .add(application::Column::Id.lt(id)),
                ),
            );
        }
        let rows = query.all(db).await.map_err(Error::from)?;
        let now = self.store().clock().now();
        let page = Page::cut(rows, limit, |row| (row.updated_at, row.id));
        let items = page.items.into_iter().map(|row| card(row, now)).collect::<Result<_, Error>>()?;
        Ok(Page { items, next: page.next })
    }

    /// Malls before the public now: name, district, when the notice ends. For anyone.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn notices(&self) -> Result<Vec<ApplicationCard>, Error> {
        let rows = application::Entity::find()
            .filter(application::Column::State.eq(State::PublicNotice.code()))
            .filter(application::Column::NoticeAt.is_not_null())
            .order_by_desc(application::Column::NoticeAt)
            .order_by_desc(application::Column::Id)
            .limit(500)
            .all(self.store().reader())
            .await?;
        let now = self.store().clock().now();
        rows.into_iter().map(|row| card(row, now)).collect()
    }
}

/// Cases on whose panel a person is.
async fn seats_of(db: &impl ConnectionTrait, person: Id<Person>) -> Result<Vec<Id<Application>>, Error> {
    let seats = assignment::Entity::find()
        .filter(assignment::Column::PersonId.eq(person))
        .filter(assignment::Column::RemovedAt.is_null());
    Ok(seats.all(db).await?.into_iter().map(|seat| seat.application_id).collect())
}

async fn files(db: &impl ConnectionTrait, id: Id<Application>) -> Result<Vec<EvidenceView>, Error> {
    let rows = evidence::Entity::find()
        .filter(evidence::Column::ApplicationId.eq(id))
        .filter(evidence::Column::RemovedAt.is_null())
        .order_by_asc(evidence::Column::Item)
        .order_by_asc(evidence::Column::UploadedAt)
        .order_by_asc(evidence::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(EvidenceView::of).collect()
}

fn card(row: application::Model, now: Timestamp) -> Result<ApplicationCard, Error> {
    let state = row.state()?;
    Ok(ApplicationCard {
        state,
        late: row.due_at.is_some_and(|due| due <= now && state != State::PublicNotice),
        id: row.id,
        mall: row.mall_id,
        name: row.name,
        district: row.district,
        rubric: row.rubric,
        due_at: row.due_at,
        updated_at: row.updated_at,
    })
}

/// What somebody could cause in a state, by the table.
fn events(state: State, own: bool, office: bool, seat: policy::Seat) -> Vec<Event> {
    let may = |party: Party| match party {
        Party::Mall => own,
        Party::Authority => office && !own,
        Party::Chair => seat.chair && seat.declared && !own,
        Party::System => false,
    };
    TABLE.iter().filter(|row| row.from.contains(&state) && may(row.by)).map(|row| row.event).collect()
}
