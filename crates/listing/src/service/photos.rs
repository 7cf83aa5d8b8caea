//! Photos: decoded, cleaned, kept, ordered.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use luhuan_kernel::{Actor, Id, Message, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;

use super::Listings;
use crate::{
    Error, Listing, ListingEvent, Photo,
    contact::{ContactKind, ContactPolicy},
    entity::{
        listing::{self, text},
        photo,
    },
    photo::{PhotoError, ProcessedPhoto, memory_needed, process, qr_texts},
    policy,
};

/// A photo as pages and programs see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PhotoView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Photo>,
    /// Width in pixels of the largest rendition.
    pub width: i32,
    /// Height in pixels of the largest rendition.
    pub height: i32,
    /// Average colour, `#rrggbb`, to show until it has loaded.
    pub colour: String,
    /// Widths at which it can be had, at `/photos/{id}/{width}.jpg`.
    pub widths: Vec<u32>,
}

impl PhotoView {
    pub(super) fn of(row: &photo::Model) -> Result<Self, Error> {
        let widths = serde_json::from_str(&row.widths)
            .map_err(|error| luhuan_store::Error::Corrupt(error.to_string()))?;
        Ok(Self { id: row.id, width: row.width, height: row.height, colour: row.colour.clone(), widths })
    }
}

/// A photo that is decoded, cleaned and kept as blobs, but shows no listing yet.
#[derive(Clone, Debug)]
pub struct KeptPhoto {
    id: Id<Photo>,
    processed: Processed,
}

#[derive(Clone, Debug)]
struct Processed {
    width: u32,
    height: u32,
    colour: String,
    perceptual_hash: u64,
    widths: Vec<u32>,
}

/// The blob of one rendition.
#[must_use]
pub(crate) fn blob_key(id: Id<Photo>, width: u32) -> String {
    format!("photos/{id}/{width}.jpg")
}

impl Listings {
    /// Refuses early what [`Self::attach_photo`] would refuse, before anything is decoded.
    ///
    /// # Errors
    /// As for attaching.
    pub async fn may_attach_photo(&self, actor: &Actor, id: Id<Listing>) -> Result<(), Error> {
        let row = listing::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        Self::check_photo_edit(actor, &row)
    }

    /// Decodes and cleans a photo away from the async threads, and keeps its renditions.
    ///
    /// # Errors
    /// [`Error::Photo`] when it is no photo we can use; [`Error::Invalid`] when it shows a code that leads off the
    /// platform.
    pub async fn keep_photo(&self, bytes: Bytes) -> Result<KeptPhoto, Error> {
        let (photo, leads) = self.clean_photo(bytes).await?;
        if self.settings().contacts != ContactPolicy::Allow && !leads.is_empty() {
            return Err(Error::invalid("photo", Message::new("photo-has-code")));
        }
        self.keep_renditions(photo).await
    }

    /// Decodes and cleans a photo away from the async threads, and says where the codes in it lead. Keeps nothing: for
    /// those who show photos to a few eyes only.
    ///
    /// # Errors
    /// [`Error::Photo`] when it is no photo we can use.
    pub async fn clean_photo(&self, bytes: Bytes) -> Result<(ProcessedPhoto, Vec<ContactKind>), Error> {
        let limits = self.settings().photos;
        let room = self.room_for(memory_needed(&bytes, &limits)?).await;
        let (photo, codes) = tokio::task::spawn_blocking(move || {
            // Kept in here: a client that hangs up does not stop the decoder, which goes on using its memory.
            let _room = room;
            let photo = process(&bytes, &limits)?;
            let codes = qr_texts(&photo);
            Ok::<_, PhotoError>((photo, codes))
        })
        .await
        .map_err(|error| luhuan_store::Error::Corrupt(format!("the decoder stopped: {error}")))??;
        // A serial number on a box leads nowhere. Nothing in a picture can be masked, so a listing's photo with a code
        // that leads off the platform is refused whether texts are masked or refused.
        let leads = codes.iter().filter_map(|code| self.inner.contacts.in_code(code)).collect();
        Ok((photo, leads))
    }

    /// Waits until this much memory may be taken. One photo may take the whole budget, and then runs alone.
    async fn room_for(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let whole = u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX);
        let permits = whole.clamp(1, self.settings().photo_memory_mib.max(1));
        // An error would say that the semaphore is closed, which nobody does.
        Arc::clone(&self.inner.photo_memory).acquire_many_owned(permits).await.ok()
    }

    /// Keeps all renditions of a photo as blobs, or none.
    async fn keep_renditions(&self, photo: ProcessedPhoto) -> Result<KeptPhoto, Error> {
        let id = Id::new(self.store().clock());
        let largest = photo.renditions.last().map(|r| (r.width, r.height)).unwrap_or_default();
        let processed = Processed {
            width: largest.0,
            height: largest.1,
            colour: photo.colour_hex(),
            perceptual_hash: photo.perceptual_hash,
            widths: photo.renditions.iter().map(|rendition| rendition.width).collect(),
        };
        let kept = KeptPhoto { id, processed };
        for rendition in photo.renditions {
            if let Err(error) =
                self.inner.blobs.put(&blob_key(id, rendition.width), Bytes::from(rendition.jpeg)).await
            {
                self.drop_photo(&kept).await;
                return Err(error.into());
            }
        }
        Ok(kept)
    }

    /// Adds a kept photo at the end of a listing's gallery.
    ///
    /// # Errors
    /// [`Error::TooManyPhotos`] when the gallery is full.
    pub async fn attach_photo(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        kept: &KeptPhoto,
    ) -> Result<PhotoView, Error> {
        let row = self.load(uow, id).await?;
        Self::check_photo_edit(actor, &row)?;
        let count = photo::Entity::find().filter(photo::Column::ListingId.eq(id)).count(uow.tx()).await?;
        if count >= Self::MAX_PHOTOS as u64 {
            return Err(Error::TooManyPhotos);
        }
        let processed = &kept.processed;
        let new = photo::Model {
            id: kept.id,
            listing_id: id,
            position: i32::try_from(count).unwrap_or(i32::MAX),
            width: i32::try_from(processed.width).unwrap_or(i32::MAX),
            height: i32::try_from(processed.height).unwrap_or(i32::MAX),
            colour: processed.colour.clone(),
            perceptual_hash: processed.perceptual_hash.cast_signed(),
            widths: text(&processed.widths),
            created_at: uow.now(),
        };
        let new = new.into_active_model().reset_all().insert(uow.tx()).await?;
        self.touch(uow, row).await?;
        PhotoView::of(&new)
    }

    /// Forgets a kept photo that found no place.
    pub async fn drop_photo(&self, kept: &KeptPhoto) {
        for width in &kept.processed.widths {
            if let Err(error) = self.inner.blobs.delete(&blob_key(kept.id, *width)).await {
                tracing::warn!(%error, photo = %kept.id, "a refused photo's blob stays until the next sweep");
            }
        }
    }

    /// Takes a photo out of the gallery. Its blobs go at the next sweep.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not there.
    pub async fn remove_photo(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        gone: Id<Photo>,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        Self::check_photo_edit(actor, &row)?;
        let order: Vec<_> = self.gallery(uow, id).await?.into_iter().map(|photo| photo.id).collect();
        if !order.contains(&gone) {
            return Err(Error::NotFound);
        }
        photo::Entity::delete_by_id(gone).exec(uow.tx()).await?;
        let rest: Vec<_> = order.into_iter().filter(|photo| *photo != gone).collect();
        self.number(uow, &rest).await?;
        self.touch(uow, row).await
    }

    /// Puts the photos in an order: the first is the cover. Those not named follow as they were.
    ///
    /// # Errors
    /// [`Error::NotFound`] when one of them is not this listing's.
    pub async fn order_photos(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Listing>,
        first: &[Id<Photo>],
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        Self::check_photo_edit(actor, &row)?;
        let now: Vec<_> = self.gallery(uow, id).await?.into_iter().map(|photo| photo.id).collect();
        if first.iter().any(|photo| !now.contains(photo)) {
            return Err(Error::NotFound);
        }
        let mut order = Vec::with_capacity(now.len());
        for photo in first.iter().copied().chain(now) {
            if !order.contains(&photo) {
                order.push(photo);
            }
        }
        self.number(uow, &order).await?;
        self.touch(uow, row).await
    }

    /// The bytes of a rendition, or `None`.
    ///
    /// # Errors
    /// When the blob store cannot be reached.
    pub async fn photo_bytes(&self, id: Id<Photo>, width: u32) -> Result<Option<Bytes>, Error> {
        Ok(self.inner.blobs.get(&blob_key(id, width)).await?)
    }

    /// Deletes blobs that no photo row names; returns how many. A photo whose row is just being written is younger
    /// than a day and stays.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep_photos(&self) -> Result<usize, Error> {
        let yesterday = self.store().clock().now().plus_days(-1);
        let mut swept = 0;
        let keys = self.inner.blobs.list("photos").await?;
        let named = |key: &str| key.split('/').nth(1).and_then(|id| id.parse::<Id<Photo>>().ok());
        for keys in keys.chunks(300) {
            let old = |id: &Id<Photo>| made_at(*id) < yesterday;
            let mut gone: HashSet<_> = keys.iter().filter_map(|key| named(key)).filter(old).collect();
            let known = photo::Entity::find().filter(photo::Column::Id.is_in(gone.iter().copied()));
            for photo in known.all(self.store().reader()).await? {
                gone.remove(&photo.id);
            }
            for key in keys.iter().filter(|key| named(key).is_some_and(|id| gone.contains(&id))) {
                self.inner.blobs.delete(key).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// A gallery is changed by whom and as long as the words may be changed.
    fn check_photo_edit(actor: &Actor, row: &listing::Model) -> Result<(), Error> {
        policy::view(actor, row.owner(), row.standing()?)?;
        policy::edit(actor, row.owner())?;
        let state = row.state()?;
        if state.is_editable() { Ok(()) } else { Err(Error::NotEditable(state)) }
    }

    /// A listing's photos, the cover first.
    async fn gallery(&self, uow: &UnitOfWork, id: Id<Listing>) -> Result<Vec<photo::Model>, Error> {
        let photos = photo::Entity::find().filter(photo::Column::ListingId.eq(id));
        Ok(photos.order_by_asc(photo::Column::Position).all(uow.tx()).await?)
    }

    /// Numbers the photos of a gallery from 0, in this order.
    async fn number(&self, uow: &UnitOfWork, order: &[Id<Photo>]) -> Result<(), Error> {
        for (position, id) in order.iter().enumerate() {
            let position = Set(i32::try_from(position).unwrap_or(i32::MAX));
            photo::ActiveModel { id: Set(*id), position, ..Default::default() }.update(uow.tx()).await?;
        }
        Ok(())
    }

    /// A change of the gallery is a change of the listing.
    async fn touch(&self, uow: &UnitOfWork, row: listing::Model) -> Result<(), Error> {
        let (id, version) = (row.id, row.version + 1);
        let mut change = row.into_active_model();
        change.version = Set(version);
        change.updated_at = Set(uow.now());
        change.update(uow.tx()).await?;
        uow.emit(&ListingEvent::Edited { listing: id }).await?;
        Ok(())
    }
}

/// The instant that a UUIDv7 carries (RFC 9562 §5.7).
fn made_at(id: Id<Photo>) -> Timestamp {
    let millis = i64::try_from(id.uuid().as_u128() >> 80).unwrap_or(i64::MAX);
    Timestamp::from_micros(millis.saturating_mul(1000))
}
