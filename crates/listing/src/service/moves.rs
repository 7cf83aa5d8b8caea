//! Publishing and what follows: each move of the state table as a command.

use luhuan_kernel::{Actor, Id};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, Statement};

use super::{Listings, expect_version, items::item_listed};
use crate::{
    Error, Listing, ListingEvent,
    entity::listing,
    model::{IllegalMove, Move, State},
    policy,
};

/// The hold of a listing that a moderator took down and its seller offers again.
const TAKEN_DOWN: &str = "taken-down";

impl Listings {
    /// Offers a draft: complete, and screened against prohibited goods.
    ///
    /// # Errors
    /// [`Error::Invalid`] names what is missing; [`Error::Prohibited`] quotes the rule.
    pub async fn publish(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        expected: Option<i64>,
    ) -> Result<listing::Model, Error> {
        let row = self.load_visible(uow, actor, id).await?;
        policy::publish(actor, row.owner())?;
        if row.state()? == State::Published {
            return Ok(row);
        }
        expect_version(&row, expected)?;
        self.make_move(uow, row, Move::Publish).await
    }

    /// Offers a withdrawn or expired listing again, for a new term. One that a moderator took down waits for one.
    ///
    /// # Errors
    /// As for publishing; [`Error::ItemListed`] when its item is on offer elsewhere meanwhile.
    pub async fn relist(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        expected: Option<i64>,
    ) -> Result<listing::Model, Error> {
        let row = self.load_visible(uow, actor, id).await?;
        policy::relist(actor, row.owner())?;
        expect_version(&row, expected)?;
        self.make_move(uow, row, Move::Relist).await
    }

    /// Takes a listing off.
    ///
    /// # Errors
    /// [`Error::IllegalMove`] when it is reserved or sold.
    pub async fn withdraw(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        expected: Option<i64>,
    ) -> Result<listing::Model, Error> {
        let row = self.load_visible(uow, actor, id).await?;
        policy::withdraw(actor, row.owner())?;
        if row.state()? == State::Withdrawn {
            return Ok(row);
        }
        expect_version(&row, expected)?;
        self.make_move(uow, row, Move::Withdraw).await
    }

    /// Reserves, releases or sells, on behalf of an order and in its unit of work: in one statement, so that of many at
    /// once one finds it where it must stand. Any other move is made as its own command makes it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but the program; [`Error::IllegalMove`] when another was faster.
    pub async fn settle(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        attempted: Move,
    ) -> Result<listing::Model, Error> {
        policy::settle(actor)?;
        if !matches!(attempted, Move::Reserve | Move::Release | Move::Sell) {
            let row = self.load(uow, id).await?;
            return self.make_move(uow, row, attempted).await;
        }
        // Sold is mostly what was reserved: the states are tried in that order.
        for from in State::ALL.into_iter().rev() {
            let Ok(to) = from.after(attempted) else { continue };
            if let Some(row) = claim(uow, id, from, to).await? {
                uow.emit(&ListingEvent::Moved { listing: id, from, to }).await?;
                return Ok(row);
            }
        }
        let row = listing::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        Err(IllegalMove { from: row.state()?, attempted }.into())
    }

    /// The listings with these ids as they are now, their rows locked in the order of ids until the unit ends: for an
    /// order that takes over what is reserved.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but the program; [`Error::NotFound`] when one is not there.
    pub async fn hold(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        ids: &[Id<Listing>],
    ) -> Result<Vec<listing::Model>, Error> {
        policy::settle(actor)?;
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            rows.push(self.load(uow, id).await?);
        }
        Ok(rows)
    }

    /// The listing to decide on, as long as the actor may know that it is there.
    pub(crate) async fn load_visible(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
    ) -> Result<listing::Model, Error> {
        let row = self.load(uow, id).await?;
        policy::view(actor, row.owner(), row.standing()?)?;
        Ok(row)
    }

    /// Makes a legal move, with what belongs to it: checks, dates, the event.
    pub(super) async fn make_move(
        &self,
        uow: &UnitOfWork,
        mut row: listing::Model,
        attempted: Move,
    ) -> Result<listing::Model, Error> {
        let from = row.state()?;
        let to = from.after(attempted)?;
        match attempted {
            Move::Publish | Move::Relist => self.put_on_offer(uow, &mut row).await?,
            Move::Sell | Move::Expire => row.closed_at = Some(uow.now()),
            Move::Withdraw => {
                row.closed_at = Some(uow.now());
                // Nobody else sees it, so nobody need decide on it; relisting screens it again.
                row.held = None;
            }
            Move::Reserve | Move::Release => {}
        }
        to.code().clone_into(&mut row.state);
        row.version += 1;
        row.updated_at = uow.now();
        let row = row.into_active_model().reset_all().update(uow.tx()).await.map_err(item_listed)?;
        uow.emit(&ListingEvent::Moved { listing: row.id, from, to }).await?;
        if row.held.is_some() && matches!(attempted, Move::Publish | Move::Relist) {
            uow.emit(&ListingEvent::Held { listing: row.id, held: true }).await?;
        }
        Ok(row)
    }

    /// Screens what is offered, holds what was taken down, and gives it a new term.
    async fn put_on_offer(&self, uow: &UnitOfWork, row: &mut listing::Model) -> Result<(), Error> {
        self.screen(&row.details()?)?.mark(row);
        if row.held.is_none() && self.was_taken_down(uow, row.id).await? {
            row.held = Some(TAKEN_DOWN.to_owned());
        }
        row.published_at = Some(uow.now());
        row.expires_at = Some(uow.now().plus_days(self.settings().days_on_offer));
        row.closed_at = None;
        Ok(())
    }
}

/// Moves a listing from one state to another, if it stands there still.
async fn claim(
    uow: &UnitOfWork,
    id: Id<Listing>,
    from: State,
    to: State,
) -> Result<Option<listing::Model>, Error> {
    let sql = "UPDATE listing SET state = $1, version = version + 1, updated_at = $2,
                 closed_at = CASE WHEN $1 = 'sold' THEN $2 ELSE closed_at END
               WHERE id = $3 AND state = $4 RETURNING *";
    let values: [sea_orm::Value; 4] = [to.code().into(), uow.now().into(), id.into(), from.code().into()];
    let statement = Statement::from_sql_and_values(uow.tx().get_database_backend(), sql, values);
    Ok(listing::Model::find_by_statement(statement).one(uow.tx()).await?)
}
