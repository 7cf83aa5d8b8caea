//! Changing what a listing says.

use luhuan_kernel::{Actor, Id, geo};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{Listings, expect_version};
use crate::{Error, Listing, ListingEvent, entity::listing, model::Details, policy};

/// A change: the details as they shall be, and a place if it moved.
#[derive(Clone, Debug)]
pub struct Change {
    /// All that the listing shall say.
    pub details: Details,
    /// The new true place, fuzzed at once; `None` keeps what is there unless the sub-district changes.
    pub point: Option<geo::Point>,
}

impl Listings {
    /// Changes a listing that is not reserved or sold. One that strangers see must stay
    /// complete and is screened again.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not at the version that the client read; [`Error::Invalid`] field by field.
    pub async fn edit(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        expected: Option<i64>,
        change: impl FnOnce(Details) -> Change + Send,
    ) -> Result<listing::Model, Error> {
        let mut row = self.load_visible(uow, actor, id).await?;
        policy::edit(actor, row.owner())?;
        expect_version(&row, expected)?;
        let state = row.state()?;
        if !state.is_editable() {
            return Err(Error::NotEditable(state));
        }
        let (before, said) = (row.clone(), row.details()?);
        let change = change(said.clone());
        let details = self.clean(change.details)?;
        row.set_details(details.clone());
        if change.point.is_some() || row.subdistrict != before.subdistrict {
            self.place(&mut row, change.point);
        }
        if state.is_public() {
            self.screen(&details)?.mark(&mut row);
            // Only a moderator lifts a hold; and one who has looked at these words need not look again at a new price.
            if before.held.is_some() || details.says_the_same_as(&said) {
                row.held.clone_from(&before.held);
            }
        }
        if row == before {
            return Ok(row);
        }
        row.version += 1;
        row.updated_at = uow.now();
        let row = row.into_active_model().reset_all().update(uow.tx()).await?;
        self.announce_edit(uow, &before, &row).await?;
        if row.held.is_some() && before.held.is_none() {
            uow.emit(&ListingEvent::Held { listing: id, held: true }).await?;
        }
        Ok(row)
    }

    async fn announce_edit(
        &self,
        uow: &UnitOfWork,
        before: &listing::Model,
        now: &listing::Model,
    ) -> Result<(), Error> {
        if before.price_fen != now.price_fen {
            self.note_price(uow, now).await?;
        }
        match (before.price_fen, now.price_fen) {
            (Some(from_fen), Some(to_fen)) if from_fen != to_fen => {
                uow.emit(&ListingEvent::Repriced { listing: now.id, from_fen, to_fen }).await?;
            }
            _ => uow.emit(&ListingEvent::Edited { listing: now.id }).await?,
        }
        Ok(())
    }
}
