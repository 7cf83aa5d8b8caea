//! Watching listings (收藏).

use luhuan_kernel::{Actor, Cursor, Id, Limit, Page, Person, Problem};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{
    Card, Listings,
    query::{Place, before, place},
};
use crate::{
    Error, Listing,
    entity::{listing, watch},
    policy,
};

impl Listings {
    /// Watches a listing that the actor may see. Watching twice is watching once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is nothing to see.
    pub async fn watch(&self, uow: &UnitOfWork, actor: &Actor, id: Id<Listing>) -> Result<(), Error> {
        let person = policy::watch(actor)?;
        let row = listing::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        policy::view(actor, row.owner(), row.standing()?)?;
        let new = watch::Model { person_id: person, listing_id: id, at: uow.now() };
        let inserted = watch::Entity::insert(new.into_active_model().reset_all())
            .on_conflict(
                OnConflict::columns([watch::Column::PersonId, watch::Column::ListingId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
        self.count_watch(uow, id, i64::try_from(inserted).unwrap_or_default()).await
    }

    /// Stops watching. What is not watched is not watched already.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unwatch(&self, uow: &UnitOfWork, actor: &Actor, id: Id<Listing>) -> Result<(), Error> {
        let person = policy::watch(actor)?;
        self.stop_watching(uow, person, id).await
    }

    pub(super) async fn stop_watching(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        id: Id<Listing>,
    ) -> Result<(), Error> {
        let gone = watch::Entity::delete_by_id((person, id)).exec(uow.tx()).await?.rows_affected;
        self.count_watch(uow, id, -i64::try_from(gone).unwrap_or_default()).await
    }

    /// The counter is kept beside the listing so that a card costs no count; it does not touch the version.
    async fn count_watch(&self, uow: &UnitOfWork, id: Id<Listing>, change: i64) -> Result<(), Error> {
        if change != 0 {
            listing::Entity::update_many()
                .col_expr(listing::Column::Watches, Expr::col(listing::Column::Watches).add(change))
                .filter(listing::Column::Id.eq(id))
                .exec(uow.tx())
                .await?;
        }
        Ok(())
    }

    /// Whether the actor watches a listing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_watching(&self, actor: &Actor, id: Id<Listing>) -> Result<bool, Error> {
        let Some(person) = actor.person_id() else { return Ok(false) };
        Ok(watch::Entity::find_by_id((person, id)).one(self.store().reader()).await?.is_some())
    }

    /// How many listings the actor watches.
    ///
    /// # Errors
    /// 401 when nobody is signed in.
    pub async fn watch_count(&self, actor: &Actor) -> Result<u64, Problem> {
        let person = policy::view_own(actor).map_err(Problem::from)?;
        let query = watch::Entity::find().filter(watch::Column::PersonId.eq(person));
        Ok(query.count(self.store().reader()).await.map_err(Error::from)?)
    }

    /// Who watches a listing: at most so many, by ascending id, past one of them. For what the program tells them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn watchers(
        &self,
        id: Id<Listing>,
        after: Option<Id<Person>>,
        limit: u64,
    ) -> Result<Vec<Id<Person>>, Error> {
        let mut query = watch::Entity::find().filter(watch::Column::ListingId.eq(id));
        if let Some(after) = after {
            query = query.filter(watch::Column::PersonId.gt(after));
        }
        let rows =
            query.order_by_asc(watch::Column::PersonId).limit(limit).all(self.store().reader()).await?;
        Ok(rows.into_iter().map(|row| row.person_id).collect())
    }

    /// What the actor watches, newest first. What is no longer for the actor's eyes is left out.
    ///
    /// # Errors
    /// 401 when nobody is signed in; 422 for a cursor that is not of this list.
    pub async fn watchlist(
        &self,
        actor: &Actor,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<Card>, Problem> {
        let person = policy::view_own(actor).map_err(Problem::from)?;
        let query = watchlist(person, place(after)?, limit.probe());
        let watches = query.all(self.store().reader()).await.map_err(Error::from)?;
        let page = Page::cut(watches, limit, |watch| (watch.at, watch.listing_id));
        let ids: Vec<_> = page.items.iter().map(|watch| watch.listing_id).collect();
        let cards = self.cards_of(actor, &ids).await?;
        Ok(Page { items: cards, next: page.next })
    }
}

pub(super) fn watchlist(person: Id<Person>, after: Option<Place>, rows: u64) -> Select<watch::Entity> {
    watch::Entity::find()
        .filter(watch::Column::PersonId.eq(person))
        .filter(before(watch::Column::At, watch::Column::ListingId, after))
        .order_by_desc(watch::Column::At)
        .order_by_desc(watch::Column::ListingId)
        .limit(rows)
}
