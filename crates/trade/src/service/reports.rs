//! Reports on conversations, for a moderator.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message as Sentence, Page, Person, Problem, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;

use super::{Trade, locked, some_words, words};
use crate::{
    Conversation, Error, Message, Report,
    entity::{conversation, message, report},
    policy,
};

/// Why a conversation can be reported.
const REASONS: [&str; 6] = ["spam", "off-platform", "fraud", "abuse", "prohibited", "other"];

/// What becomes of a message that was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportVerdict {
    /// It stays.
    Keep,
    /// It is hidden, with the outcome as the reason.
    Hide,
}

/// A report as a moderator sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ReportView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Report>,
    /// The conversation.
    #[schema(value_type = String, format = "uuid")]
    pub conversation: Id<Conversation>,
    /// The message, when it is about one.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub message: Option<Id<Message>>,
    /// About whom. Who reports is not shown.
    #[schema(value_type = String, format = "uuid")]
    pub about: Id<Person>,
    /// Their name.
    pub about_name: String,
    /// Code of the reason.
    pub reason: String,
    /// In words.
    pub words: String,
    /// When it came.
    pub created_at: Timestamp,
}

impl Trade {
    /// The reasons for which a conversation can be reported.
    #[must_use]
    pub const fn report_reasons() -> &'static [&'static str] {
        &REASONS
    }

    /// Reports a conversation, or one message of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it is the actor's; [`Error::Invalid`].
    pub async fn report(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Conversation>,
        about: Option<Id<Message>>,
        reason: &str,
        in_words: &str,
    ) -> Result<Id<Report>, Error> {
        let row = conversation::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let parties = super::conversations::parties(&row);
        let by = policy::converse(actor, parties)?;
        if !REASONS.contains(&reason) {
            return Err(Error::field("reason", Sentence::new("listing-unknown-code").with("code", reason)));
        }
        if let Some(message) = about {
            let found = message::Entity::find_by_id(message).one(uow.tx()).await?;
            found.filter(|found| found.conversation_id == id).ok_or(Error::NotFound)?;
        }
        let row = report::Model {
            id: self.new_id(),
            conversation_id: id,
            message_id: about,
            person_id: actor.person_id().ok_or(Error::Unauthenticated)?,
            about_id: super::other_person(parties, by),
            reason: reason.to_owned(),
            words: some_words("words", in_words, 500)?,
            state: "open".to_owned(),
            outcome: String::new(),
            decided_by: None,
            created_at: uow.now(),
            decided_at: None,
        };
        let id = row.id;
        report::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(uow.tx()).await?;
        Ok(id)
    }

    /// The reports that wait, the oldest first.
    ///
    /// # Errors
    /// 403 for anyone but a moderator; 422 for a cursor that is not of this list.
    pub async fn reports(
        &self,
        actor: &Actor,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<ReportView>, Problem> {
        policy::moderate(actor)?;
        let after: Option<(Timestamp, Id<Report>)> = super::query::key(after)?;
        let mut query = report::Entity::find().filter(report::Column::State.eq("open"));
        if let Some((at, id)) = after {
            let place = Expr::tuple([Expr::col(report::Column::CreatedAt), Expr::col(report::Column::Id)]);
            query = query.filter(place.gt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        let rows = query
            .order_by_asc(report::Column::CreatedAt)
            .order_by_asc(report::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.created_at, row.id));
        let people: Vec<_> = page.items.iter().map(|row| row.about_id).collect();
        let names = self.names(&people, &[]).await?;
        Ok(page.map(|row| ReportView {
            about_name: names.of(row.about_id, None),
            id: row.id,
            conversation: row.conversation_id,
            message: row.message_id,
            about: row.about_id,
            reason: row.reason,
            words: row.words,
            created_at: row.created_at,
        }))
    }

    /// Decides on a report, with reasons; the message is hidden where that is asked for.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but a moderator; [`Error::NotFound`] when it is decided already.
    pub async fn decide_report(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Report>,
        outcome: &str,
        verdict: ReportVerdict,
    ) -> Result<(), Error> {
        let moderator = policy::moderate(actor)?;
        let found = locked(uow, report::Entity::find_by_id(id)).one(uow.tx()).await?;
        let mut row = found.filter(|row| row.state == "open").ok_or(Error::NotFound)?;
        row.outcome = words("outcome", outcome, 500)?;
        "decided".clone_into(&mut row.state);
        row.decided_by = Some(moderator);
        row.decided_at = Some(uow.now());
        if verdict == ReportVerdict::Hide
            && let Some(message) = row.message_id
        {
            message::Entity::update_many()
                .col_expr(message::Column::Hidden, Expr::value(row.outcome.clone()))
                .filter(message::Column::Id.eq(message))
                .exec(uow.tx())
                .await?;
        }
        report::Entity::update_many()
            .set(row.into_active_model().reset_all())
            .filter(report::Column::Id.eq(id))
            .exec(uow.tx())
            .await?;
        Ok(())
    }
}
