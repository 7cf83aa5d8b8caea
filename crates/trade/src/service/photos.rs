//! Photos in conversations and evidence: cleaned as a listing's are, seen by the parties and by staff alone.

use bytes::Bytes;
use luhuan_kernel::{Actor, Id, Message, Timestamp};
use luhuan_listing::contact::ContactKind;
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde::Serialize;

use super::Trade;
use crate::{
    Conversation, Error, Order, TradePhoto,
    entity::{conversation, dispute, json, jury_seat, order, text, trade_photo},
    policy,
};

/// A photo as its viewers see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = trade::PhotoView)]
pub struct PhotoView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<TradePhoto>,
    /// Width in pixels of the largest rendition.
    pub width: i32,
    /// Height in pixels of the largest rendition.
    pub height: i32,
    /// Average colour, `#rrggbb`.
    pub colour: String,
    /// Widths at which it can be had, at `/api/v1/trade-photos/{id}/{width}`.
    pub widths: Vec<u32>,
}

/// A photo that is cleaned and kept, and belongs to nothing yet.
#[derive(Clone, Debug)]
pub struct KeptTradePhoto {
    id: Id<TradePhoto>,
    width: i32,
    height: i32,
    colour: String,
    widths: Vec<u32>,
    /// Where a code in it leads, if off the platform.
    pub leads: Option<ContactKind>,
}

fn blob_key(id: Id<TradePhoto>, width: u32) -> String {
    format!("trade/{id}/{width}.jpg")
}

impl Trade {
    /// Cleans a photo (nothing of its metadata stays) and keeps its renditions; before a unit of work.
    ///
    /// # Errors
    /// The listings' refusals of a photo.
    pub async fn keep_photo(&self, bytes: Bytes) -> Result<KeptTradePhoto, Error> {
        let (photo, leads) = self.listings().clean_photo(bytes).await?;
        let pixels = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let largest = photo.renditions.last().map(|r| (r.width, r.height)).unwrap_or_default();
        let kept = KeptTradePhoto {
            id: self.new_id(),
            width: pixels(largest.0),
            height: pixels(largest.1),
            colour: photo.colour_hex(),
            widths: photo.renditions.iter().map(|rendition| rendition.width).collect(),
            leads: leads.first().copied(),
        };
        for rendition in photo.renditions {
            let key = blob_key(kept.id, rendition.width);
            if let Err(error) = self.inner.blobs.put(&key, Bytes::from(rendition.jpeg)).await {
                self.drop_photo(&kept).await;
                return Err(error.into());
            }
        }
        Ok(kept)
    }

    /// Forgets a kept photo that found no place.
    pub async fn drop_photo(&self, kept: &KeptTradePhoto) {
        self.drop_blobs(kept.id, &kept.widths).await;
    }

    pub(super) async fn drop_blobs(&self, id: Id<TradePhoto>, widths: &[u32]) {
        for width in widths {
            if let Err(error) = self.inner.blobs.delete(&blob_key(id, *width)).await {
                tracing::warn!(%error, photo = %id, "a photo's blob stays until the next sweep");
            }
        }
    }

    pub(super) async fn attach(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        kept: &KeptTradePhoto,
        conversation: Option<Id<Conversation>>,
        order: Option<Id<Order>>,
    ) -> Result<Id<TradePhoto>, Error> {
        let row = trade_photo::Model {
            id: kept.id,
            conversation_id: conversation,
            order_id: order,
            person_id: actor.person_id().ok_or(Error::Unauthenticated)?,
            width: kept.width,
            height: kept.height,
            colour: kept.colour.clone(),
            widths: text(&kept.widths),
            created_at: uow.now(),
        };
        trade_photo::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        Ok(kept.id)
    }

    /// Adds a photo that evidence about an order may then show.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the order is the actor's.
    pub async fn attach_evidence_photo(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        kept: &KeptTradePhoto,
    ) -> Result<Id<TradePhoto>, Error> {
        let row = order::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        policy::converse(actor, row.parties())?;
        self.attach(uow, actor, kept, None, Some(id)).await
    }

    /// Whether photos are the actor's own and belong where they are shown.
    pub(super) async fn check_photos(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        conversation: Option<Id<Conversation>>,
        order: Option<Id<Order>>,
        photos: &[Id<TradePhoto>],
    ) -> Result<(), Error> {
        if photos.len() > super::disputes::PHOTOS_MOST {
            let message = Message::new("trade-too-many").with("max", super::disputes::PHOTOS_MOST);
            return Err(Error::field("photos", message));
        }
        let rows = trade_photo::Entity::find()
            .filter(trade_photo::Column::Id.is_in(photos.iter().copied()))
            .limit(photos.len() as u64)
            .all(uow.tx())
            .await?;
        let fits = |row: &trade_photo::Model| {
            actor.is(row.person_id) && row.conversation_id == conversation && row.order_id == order
        };
        if rows.len() == photos.len() && rows.iter().all(fits) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Photos by id, in the order asked for; what is not there is left out.
    pub(super) async fn photo_views(&self, ids: &[Id<TradePhoto>]) -> Result<Vec<PhotoView>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = trade_photo::Entity::find()
            .filter(trade_photo::Column::Id.is_in(ids.iter().copied()))
            .all(self.store().reader())
            .await?;
        let mut views = Vec::with_capacity(rows.len());
        for id in ids {
            if let Some(row) = rows.iter().find(|row| row.id == *id) {
                views.push(PhotoView {
                    id: row.id,
                    width: row.width,
                    height: row.height,
                    colour: row.colour.clone(),
                    widths: json(&row.widths)?,
                });
            }
        }
        Ok(views)
    }

    /// The bytes of a rendition, for the two, for staff, and for jurors of the order's dispute.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not there, or not for the actor's eyes.
    pub async fn photo_bytes(&self, actor: &Actor, id: Id<TradePhoto>, width: u32) -> Result<Bytes, Error> {
        let db = self.store().reader();
        let row = trade_photo::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        if let Some(conversation) = row.conversation_id {
            let found =
                conversation::Entity::find_by_id(conversation).one(db).await?.ok_or(Error::NotFound)?;
            policy::read_conversation(actor, super::conversations::parties(&found))?;
        } else {
            let order = row.order_id.ok_or(Error::NotFound)?;
            let found = order::Entity::find_by_id(order).one(db).await?.ok_or(Error::NotFound)?;
            if let Err(refused) = policy::view(actor, found.parties())
                && !self.judges(actor, order).await?
            {
                return Err(refused);
            }
        }
        self.inner.blobs.get(&blob_key(id, width)).await?.ok_or(Error::NotFound)
    }

    async fn judges(&self, actor: &Actor, order: Id<Order>) -> Result<bool, Error> {
        let Some(person) = actor.person_id() else { return Ok(false) };
        let db = self.store().reader();
        let disputes = dispute::Entity::find().filter(dispute::Column::OrderId.eq(order)).all(db).await?;
        let seats = jury_seat::Entity::find()
            .filter(jury_seat::Column::PersonId.eq(person))
            .filter(jury_seat::Column::DisputeId.is_in(disputes.iter().map(|dispute| dispute.id)));
        Ok(seats.limit(1).one(db).await?.is_some())
    }

    /// Deletes blobs that no photo row names; returns how many. A photo whose row is just being written is younger than
    /// a day and stays.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep_photos(&self) -> Result<usize, Error> {
        let yesterday = self.store().clock().now().plus_days(-1);
        let named = |key: &str| key.split('/').nth(1).and_then(|id| id.parse::<Id<TradePhoto>>().ok());
        let keys = self.inner.blobs.list("trade").await?;
        let mut swept = 0;
        for keys in keys.chunks(300) {
            let old = keys.iter().filter_map(|key| named(key)).filter(|id| made_at(*id) < yesterday);
            let mut gone: std::collections::HashSet<_> = old.collect();
            let known =
                trade_photo::Entity::find().filter(trade_photo::Column::Id.is_in(gone.iter().copied()));
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
}

/// The instant that a UUIDv7 carries (RFC 9562 §5.7).
fn made_at(id: Id<TradePhoto>) -> Timestamp {
    let millis = i64::try_from(id.uuid().as_u128() >> 80).unwrap_or(i64::MAX);
    Timestamp::from_micros(millis.saturating_mul(1000))
}

impl KeptTradePhoto {
    /// As its viewers will see it.
    pub(crate) fn view(&self) -> PhotoView {
        PhotoView {
            id: self.id,
            width: self.width,
            height: self.height,
            colour: self.colour.clone(),
            widths: self.widths.clone(),
        }
    }
}
