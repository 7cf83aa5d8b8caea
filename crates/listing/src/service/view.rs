//! One listing, whole: what its page and its document show.

use luhuan_kernel::{Actor, Id};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::{Listings, PhotoView, SellerView};
use crate::{
    Error, Listing,
    entity::{item, listing, photo},
    model::{Details, Move, State},
    policy,
};

/// One listing with all that its page shows.
#[derive(Clone, Debug)]
pub struct ListingView {
    /// The row.
    pub row: listing::Model,
    /// What it says, typed.
    pub details: Details,
    /// Where it stands.
    pub state: State,
    /// Its gallery, the cover first.
    pub photos: Vec<PhotoView>,
    /// Who sells.
    pub seller: SellerView,
    /// The item's serial number, masked.
    pub serial: Option<String>,
    /// What the asker may do with it now.
    pub actions: Actions,
}

/// What an actor may do with a listing as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Actions {
    /// Change its words, price and photos.
    pub edit: bool,
    /// Publish the draft.
    pub publish: bool,
    /// Take it off.
    pub withdraw: bool,
    /// Offer it again.
    pub relist: bool,
    /// Decide on it as a moderator.
    pub moderate: bool,
}

impl Listings {
    /// One listing, whole.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes.
    pub async fn view(&self, actor: &Actor, id: Id<Listing>) -> Result<ListingView, Error> {
        let db = self.store().reader();
        let row = listing::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        policy::view(actor, row.owner(), row.standing()?)?;
        self.complete(db, actor, row).await
    }

    /// A row with what belongs to it, read where the caller reads: the pool, or a unit of work still open.
    pub(crate) async fn complete(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        row: listing::Model,
    ) -> Result<ListingView, Error> {
        let state = row.state()?;
        let photos = photo::Entity::find()
            .filter(photo::Column::ListingId.eq(row.id))
            .order_by_asc(photo::Column::Position)
            .all(db)
            .await?;
        let serial = item::Entity::find_by_id(row.item_id).one(db).await?.and_then(|item| item.serial_masked);
        let seller = self.seller(row.person_id, row.organisation_id).await?;
        Ok(ListingView {
            details: row.details()?,
            photos: photos.iter().map(PhotoView::of).collect::<Result<_, _>>()?,
            actions: actions(actor, &row, state),
            row,
            state,
            seller,
            serial,
        })
    }
}

fn actions(actor: &Actor, row: &listing::Model, state: State) -> Actions {
    let owner = row.owner();
    Actions {
        edit: policy::edit(actor, owner).is_ok() && state.is_editable(),
        publish: policy::publish(actor, owner).is_ok() && state.after(Move::Publish).is_ok(),
        withdraw: policy::withdraw(actor, owner).is_ok() && state.after(Move::Withdraw).is_ok(),
        relist: policy::relist(actor, owner).is_ok() && state.after(Move::Relist).is_ok(),
        moderate: policy::moderate(actor).is_ok() && row.held.is_some(),
    }
}
