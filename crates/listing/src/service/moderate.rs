//! What waits for a moderator.

use std::collections::HashMap;

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Page, Problem};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition as Where, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{
    Card, Listings,
    query::{Place, place},
};
use crate::{
    Error, Listing, ListingEvent,
    entity::{decision, listing},
    model::Move,
    policy,
};

/// What a moderator decides.
#[derive(Clone, Copy)]
enum Verdict {
    Cleared,
    TakenDown,
}

impl Verdict {
    const fn code(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::TakenDown => "withdrawn",
        }
    }
}

impl Listings {
    /// Listings on hold, the longest waiting first.
    ///
    /// # Errors
    /// 401 or 403 for who is no moderator; 422 for a cursor that is not of this list.
    pub async fn waiting(
        &self,
        actor: &Actor,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<Card>, Problem> {
        policy::moderate(actor).map_err(Problem::from)?;
        let query = waiting(place(after)?, limit.probe());
        let rows = query.all(self.store().reader()).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.updated_at, row.id));
        Ok(Page { items: self.cards(&page.items).await?, next: page.next })
    }

    /// Lets a held listing go on offer.
    ///
    /// # Errors
    /// 403 for who is no moderator.
    pub async fn clear(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        reason: &str,
    ) -> Result<listing::Model, Error> {
        policy::moderate(actor)?;
        let row = self.load(uow, id).await?;
        if row.held.is_none() {
            return Ok(row);
        }
        self.note_decision(uow, actor, id, Verdict::Cleared, reason).await?;
        let version = row.version + 1;
        let mut change = row.into_active_model();
        change.held = Set(None);
        change.version = Set(version);
        let row = change.update(uow.tx()).await?;
        uow.emit(&ListingEvent::Held { listing: id, held: false }).await?;
        Ok(row)
    }

    /// Takes a listing down, with a reason that its seller is told.
    ///
    /// # Errors
    /// 403 for who is no moderator; [`Error::IllegalMove`] when it is reserved or sold.
    pub async fn take_down(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        reason: &str,
    ) -> Result<listing::Model, Error> {
        policy::moderate(actor)?;
        if reason.trim().is_empty() {
            return Err(Error::invalid("reason", Message::new("listing-reason-required")));
        }
        let row = self.load(uow, id).await?;
        self.note_decision(uow, actor, id, Verdict::TakenDown, reason).await?;
        self.make_move(uow, row, Move::Withdraw).await
    }

    async fn note_decision(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        verdict: Verdict,
        reason: &str,
    ) -> Result<(), Error> {
        let decision = decision::Model {
            id: Id::new(self.store().clock()),
            listing_id: id,
            moderator_id: actor.person_id().ok_or(Error::Unauthenticated)?,
            verdict: verdict.code().to_owned(),
            reason: reason.trim().chars().take(500).collect(),
            at: uow.now(),
        };
        decision.into_active_model().reset_all().insert(uow.tx()).await?;
        Ok(())
    }

    /// Why a moderator last took each of some listings down, where one did.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_downs(&self, ids: &[Id<Listing>]) -> Result<HashMap<Id<Listing>, String>, Error> {
        let decisions = decision::Entity::find()
            .filter(decision::Column::ListingId.is_in(ids.iter().copied()))
            .filter(decision::Column::Verdict.eq(Verdict::TakenDown.code()))
            .order_by_asc(decision::Column::At);
        let decisions = decisions.all(self.store().reader()).await?;
        Ok(decisions.into_iter().map(|decision| (decision.listing_id, decision.reason)).collect())
    }

    /// Whether a moderator took it down and none has cleared it since.
    pub(super) async fn was_taken_down(&self, uow: &UnitOfWork, id: Id<Listing>) -> Result<bool, Error> {
        let decisions = decision::Entity::find().filter(decision::Column::ListingId.eq(id));
        let newest = decisions.order_by_desc(decision::Column::At).one(uow.tx()).await?;
        Ok(newest.is_some_and(|last| last.verdict == Verdict::TakenDown.code()))
    }
}

pub(super) fn waiting(after: Option<Place>, rows: u64) -> Select<listing::Entity> {
    let (at, id) = (listing::Column::UpdatedAt, listing::Column::Id);
    let beyond = match after {
        None => Where::all(),
        Some((then, last)) => {
            Where::all().add(at.gte(then)).add(Where::any().add(at.gt(then)).add(id.gt(last)))
        }
    };
    let held = listing::Entity::find().filter(listing::Column::Held.is_not_null());
    held.filter(beyond).order_by_asc(at).order_by_asc(id).limit(rows)
}
