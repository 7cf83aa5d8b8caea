//! Conversations: one for a listing and a buyer; messages, photos, what is unread.

use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Message as Sentence, Organisation, Page, Person, Problem, Timestamp,
};
use luhuan_listing::{Card, Listing, contact::ContactKind};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::Serialize;

use super::{OfferView, OrderCard, PhotoView, Trade, locked, photos::KeptTradePhoto, some_words};
use crate::{
    Conversation, Error, Message, MessageEvent, TradePhoto,
    entity::{code, conversation, json, message, person_block, text},
    model::By,
    policy::{self, Parties},
};

/// The longest message, in characters.
const TEXT_MOST: usize = 1000;

/// Photos of one message at most.
const PHOTOS_MOST: usize = 9;

/// What to send: words, photos, or both.
#[derive(Clone, Debug, Default)]
pub struct SendMessage {
    /// The words.
    pub text: String,
    /// Photos that were cleaned and kept before.
    pub photos: Vec<KeptTradePhoto>,
}

/// A message as its readers see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MessageView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Message>,
    /// Which side wrote it.
    pub by: By,
    /// Whether the reader's side wrote it.
    pub own: bool,
    /// The words; empty when it is photos alone, hidden or erased.
    pub text: String,
    /// Photos.
    pub photos: Vec<PhotoView>,
    /// Kind of a contact detail or payment code in it: both are warned that off the platform nothing is protected
    /// (法释〔2022〕8号 art. 5).
    pub warned: Option<String>,
    /// Why a moderator hid it.
    pub hidden: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A conversation as lists show it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ConversationCard {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Conversation>,
    /// What it is about.
    #[schema(value_type = String, format = "uuid")]
    pub listing: Id<Listing>,
    /// The listing as its own lists show it; nothing when it is not for the reader's eyes any more.
    pub card: Option<Card>,
    /// As which side the reader sees it.
    pub role: By,
    /// The other: a person, or of a shop who posted the listing.
    #[schema(value_type = String, format = "uuid")]
    pub other: Id<Person>,
    /// The other's name, or the shop's.
    pub other_name: String,
    /// The start of the last message.
    pub last_text: String,
    /// Messages that the reader has not read.
    pub unread: i32,
    /// When the last message came.
    pub last_at: Timestamp,
}

/// A conversation whole.
#[derive(Clone, Debug)]
pub struct ThreadView {
    /// As lists show it.
    pub card: ConversationCard,
    /// A page of messages, the newest first.
    pub messages: Page<MessageView>,
    /// The offer between the two about this listing.
    pub offer: Option<OfferView>,
    /// The order between the two about this listing.
    pub order: Option<OrderCard>,
    /// Whether the reader has blocked the other.
    pub blocking: bool,
    /// Whether one of the two has blocked the other, so that nothing can be written.
    pub blocked: bool,
}

/// How much is unread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Unread {
    /// Messages.
    pub messages: i64,
    /// In so many conversations.
    pub conversations: i64,
}

#[derive(FromQueryResult)]
struct UnreadRow {
    messages: Option<i64>,
    conversations: i64,
}

/// Whose a conversation is.
pub(super) const fn parties(row: &conversation::Model) -> Parties {
    Parties { buyer: row.buyer_id, seller: row.seller_id, shop: row.seller_shop }
}

impl Trade {
    /// The conversation of the actor about a listing, begun if there is none.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the listing is not there for strangers; [`Error::OwnGoods`].
    pub async fn begin_conversation(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        listing: Id<Listing>,
    ) -> Result<conversation::Model, Error> {
        let buyer = policy::ask(actor)?;
        let found = self.listings().rows_of(&[listing]).await?.pop().ok_or(Error::NotFound)?;
        let parties = Parties { buyer, seller: found.person_id, shop: found.organisation_id };
        if parties.seller == buyer || policy::sells(actor, parties) {
            return Err(Error::OwnGoods);
        }
        if found.held.is_some() || !found.state()?.is_public() {
            return Err(Error::NotFound);
        }
        let row = conversation::Model {
            id: self.new_id(),
            listing_id: listing,
            buyer_id: buyer,
            seller_id: parties.seller,
            seller_shop: parties.shop,
            messages: 0,
            buyer_unread: 0,
            seller_unread: 0,
            warned: None,
            last_text: String::new(),
            created_at: uow.now(),
            last_at: uow.now(),
        };
        conversation::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(
                OnConflict::columns([conversation::Column::ListingId, conversation::Column::BuyerId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
        conversation::Entity::find()
            .filter(conversation::Column::ListingId.eq(listing))
            .filter(conversation::Column::BuyerId.eq(buyer))
            .one(uow.tx())
            .await?
            .ok_or(Error::NotFound)
    }

    /// Writes a message. Contact details and payment codes are found, noted and warned of; they are not taken out, since
    /// two who meet need a telephone number.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it is the actor's; [`Error::Blocked`]; [`Error::Invalid`].
    pub async fn send_message(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Conversation>,
        new: SendMessage,
    ) -> Result<MessageView, Error> {
        let query = locked(uow, conversation::Entity::find_by_id(id));
        let mut row = query.one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let by = policy::converse(actor, parties(&row))?;
        let person = actor.person_id().ok_or(Error::Unauthenticated)?;
        let words = some_words("text", &new.text, TEXT_MOST)?;
        if words.is_empty() && new.photos.is_empty() {
            return Err(Error::field("text", Sentence::new("trade-words-required")));
        }
        if new.photos.len() > PHOTOS_MOST {
            return Err(Error::field("photos", Sentence::new("trade-too-many").with("max", PHOTOS_MOST)));
        }
        if self.blocked(row.buyer_id, row.seller_id).await? {
            return Err(Error::Blocked);
        }
        let mut photos: Vec<Id<TradePhoto>> = Vec::with_capacity(new.photos.len());
        for kept in &new.photos {
            photos.push(self.attach(uow, actor, kept, Some(id), None).await?);
        }
        let warned = self.warning(&words, &new.photos).map(|kind| kind.code().to_owned());
        let message = message::Model {
            id: self.new_id(),
            conversation_id: id,
            number: row.messages + 1,
            person_id: person,
            by_side: by.code().to_owned(),
            text: words,
            photos: text(&photos),
            warned: warned.clone(),
            hidden: None,
            at: uow.now(),
        };
        message::Entity::insert(message.clone().into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        let event = MessageEvent {
            conversation: id,
            message: message.id,
            listing: row.listing_id,
            from: person,
            to: super::other_person(parties(&row), by),
            by,
            buyer: row.buyer_id,
            seller: row.seller_id,
            shop: row.seller_shop,
            warned: warned.clone(),
        };
        row.messages += 1;
        // Whoever writes has read what is there.
        match by {
            By::Buyer => (row.buyer_unread, row.seller_unread) = (0, row.seller_unread + 1),
            _ => (row.buyer_unread, row.seller_unread) = (row.buyer_unread + 1, 0),
        }
        row.warned = warned.or(row.warned);
        row.last_text = message.text.chars().take(60).collect();
        row.last_at = uow.now();
        self.save_conversation(uow, row).await?;
        uow.emit(&event).await?;
        let photos = new.photos.iter().map(KeptTradePhoto::view).collect();
        view(message, by, photos)
    }

    /// Refuses early what [`Self::send_message`] would refuse, before a photo is decoded.
    ///
    /// # Errors
    /// As for sending.
    pub async fn may_write(&self, actor: &Actor, id: Id<Conversation>) -> Result<(), Error> {
        let found = conversation::Entity::find_by_id(id).one(self.store().reader()).await?;
        let row = found.ok_or(Error::NotFound)?;
        policy::converse(actor, parties(&row))?;
        if self.blocked(row.buyer_id, row.seller_id).await? { Err(Error::Blocked) } else { Ok(()) }
    }

    /// What a message leads to, if off the platform: by its words, or by a code in a photo. A payment code
    /// is the worst, then the surest kind.
    fn warning(&self, words: &str, photos: &[KeptTradePhoto]) -> Option<ContactKind> {
        let in_words = self.inner.contacts.find(words).into_iter().map(|found| found.kind);
        let found = in_words.chain(photos.iter().filter_map(|photo| photo.leads));
        found.min_by_key(|kind| (*kind != ContactKind::Payment, *kind))
    }

    /// Marks all of a conversation as read by the actor's side.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it is the actor's.
    pub async fn mark_read(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Conversation>,
    ) -> Result<(), Error> {
        let query = locked(uow, conversation::Entity::find_by_id(id));
        let mut row = query.one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let unread = match policy::converse(actor, parties(&row))? {
            By::Buyer => &mut row.buyer_unread,
            _ => &mut row.seller_unread,
        };
        if *unread == 0 {
            return Ok(());
        }
        *unread = 0;
        self.save_conversation(uow, row).await
    }

    /// Stops hearing from the other side of a conversation: neither can write, offer or order any more.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the conversation is the actor's.
    pub async fn block(&self, uow: &UnitOfWork, actor: &Actor, id: Id<Conversation>) -> Result<(), Error> {
        let (person, other) = self.blocking(uow, actor, id).await?;
        let new = person_block::Model { person_id: person, blocked_id: other, at: uow.now() };
        person_block::Entity::insert(new.into_active_model().reset_all())
            .on_conflict(
                OnConflict::columns([person_block::Column::PersonId, person_block::Column::BlockedId])
                    .update_column(person_block::Column::At)
                    .to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
        Ok(())
    }

    /// Hears from the other side again.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the conversation is the actor's.
    pub async fn unblock(&self, uow: &UnitOfWork, actor: &Actor, id: Id<Conversation>) -> Result<(), Error> {
        let (person, other) = self.blocking(uow, actor, id).await?;
        person_block::Entity::delete_by_id((person, other)).exec(uow.tx()).await?;
        Ok(())
    }

    /// Who blocks whom: a shop as who posted for it, so that whoever works there sees the same.
    async fn blocking(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Conversation>,
    ) -> Result<(Id<Person>, Id<Person>), Error> {
        let person = policy::block(actor)?;
        let row = conversation::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let by = policy::converse(actor, parties(&row))?;
        let person = if by == By::Seller { row.seller_id } else { person };
        Ok((person, super::other_person(parties(&row), by)))
    }

    async fn save_conversation(&self, uow: &UnitOfWork, row: conversation::Model) -> Result<(), Error> {
        let id = row.id;
        conversation::Entity::update_many()
            .set(row.into_active_model().reset_all())
            .filter(conversation::Column::Id.eq(id))
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    /// The actor's conversations, the last spoken in first.
    ///
    /// # Errors
    /// 401 when nobody is signed in; 422 for a cursor that is not of this list.
    pub async fn conversations(
        &self,
        actor: &Actor,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<ConversationCard>, Problem> {
        let person = policy::view_own(actor)?;
        let after: Option<(Timestamp, Id<Conversation>)> = super::query::key(after)?;
        let mut query = conversation::Entity::find().filter(own(actor, person));
        if let Some((at, id)) = after {
            let place =
                Expr::tuple([Expr::col(conversation::Column::LastAt), Expr::col(conversation::Column::Id)]);
            query = query.filter(place.lt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        let rows = query
            .filter(conversation::Column::Messages.gt(0))
            .order_by_desc(conversation::Column::LastAt)
            .order_by_desc(conversation::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.last_at, row.id));
        Ok(Page { items: self.conversation_cards(actor, &page.items).await?, next: page.next })
    }

    async fn conversation_cards(
        &self,
        actor: &Actor,
        rows: &[conversation::Model],
    ) -> Result<Vec<ConversationCard>, Error> {
        let listings: Vec<_> = rows.iter().map(|row| row.listing_id).collect();
        let cards = self.listings().cards_of(actor, &listings).await?;
        let roles: Vec<By> =
            rows.iter().map(|row| policy::side(actor, parties(row)).unwrap_or(By::Staff)).collect();
        let people: Vec<_> =
            rows.iter().zip(&roles).map(|(row, role)| super::other_person(parties(row), *role)).collect();
        let shops: Vec<_> = rows.iter().filter_map(|row| row.seller_shop).collect();
        let names = self.names(&people, &shops).await?;
        Ok(rows
            .iter()
            .zip(roles)
            .map(|(row, role)| {
                let other = super::other_person(parties(row), role);
                let shop = if role == By::Buyer { row.seller_shop } else { None };
                ConversationCard {
                    id: row.id,
                    listing: row.listing_id,
                    card: cards.iter().find(|card| card.id == row.listing_id).cloned(),
                    role,
                    other,
                    other_name: names.of(other, shop),
                    last_text: row.last_text.clone(),
                    unread: match role {
                        By::Buyer => row.buyer_unread,
                        By::Seller => row.seller_unread,
                        _ => 0,
                    },
                    last_at: row.last_at,
                }
            })
            .collect())
    }

    /// A conversation with a page of its messages, the newest first, and what there is between the two.
    ///
    /// # Errors
    /// 404 unless it is the actor's, or the actor a moderator; 422 for a cursor that is not of this list.
    pub async fn thread(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        before: Option<&Cursor>,
        limit: Limit,
    ) -> Result<ThreadView, Problem> {
        let db = self.store().reader();
        let found = conversation::Entity::find_by_id(id).one(db).await.map_err(Error::from)?;
        let row = found.ok_or(Error::NotFound)?;
        let role = policy::read_conversation(actor, parties(&row))?;
        let before: Option<i32> = super::query::key(before)?;
        let mut query = message::Entity::find().filter(message::Column::ConversationId.eq(id));
        if let Some(before) = before {
            query = query.filter(message::Column::Number.lt(before));
        }
        let rows = query
            .order_by_desc(message::Column::Number)
            .limit(limit.probe())
            .all(db)
            .await
            .map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| row.number);
        let mut messages = Vec::with_capacity(page.items.len());
        for row in page.items {
            let photos: Vec<Id<TradePhoto>> = json(&row.photos)?;
            let photos = self.photo_views(&photos).await?;
            messages.push(view(row, role, photos)?);
        }
        let listing = self.listings().rows_of(&[row.listing_id]).await.map_err(Error::from)?.pop();
        let offer = match &listing {
            Some(listing) => self.offer_between(listing, row.buyer_id, role).await?,
            None => None,
        };
        let me = if role == By::Seller { row.seller_id } else { row.buyer_id };
        let other = super::other_person(parties(&row), role);
        let blocking =
            person_block::Entity::find_by_id((me, other)).one(db).await.map_err(Error::from)?.is_some();
        let order = self.order_between(row.listing_id, row.buyer_id, role).await?;
        let card = self.conversation_cards(actor, std::slice::from_ref(&row)).await?.pop();
        Ok(ThreadView {
            card: card.ok_or(Error::NotFound)?,
            messages: Page { items: messages, next: page.next },
            offer,
            order,
            blocking,
            blocked: self.blocked(row.buyer_id, row.seller_id).await?,
        })
    }

    /// The conversation of the actor about a listing, if there is one.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn conversation_about(
        &self,
        actor: &Actor,
        listing: Id<Listing>,
    ) -> Result<Option<Id<Conversation>>, Error> {
        let buyer = policy::view_own(actor)?;
        let row = conversation::Entity::find()
            .filter(conversation::Column::ListingId.eq(listing))
            .filter(conversation::Column::BuyerId.eq(buyer))
            .one(self.store().reader())
            .await?;
        Ok(row.map(|row| row.id))
    }

    /// How much the actor has not read.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn unread(&self, actor: &Actor) -> Result<Unread, Error> {
        let person = policy::view_own(actor)?;
        let sides = [
            (
                Condition::all().add(conversation::Column::BuyerId.eq(person)),
                conversation::Column::BuyerUnread,
            ),
            (
                super::query::sold_by(
                    actor,
                    person,
                    conversation::Column::SellerId,
                    conversation::Column::SellerShop,
                ),
                conversation::Column::SellerUnread,
            ),
        ];
        let mut unread = Unread::default();
        for (mine, column) in sides {
            let row = conversation::Entity::find()
                .filter(mine)
                .filter(column.gt(0))
                .select_only()
                .column_as(Expr::col(column).sum(), "messages")
                .column_as(Expr::col(conversation::Column::Id).count(), "conversations")
                .into_model::<UnreadRow>()
                .one(self.store().reader())
                .await?;
            if let Some(row) = row {
                unread.messages += row.messages.unwrap_or_default();
                unread.conversations += row.conversations;
            }
        }
        Ok(unread)
    }
}

fn own(actor: &Actor, person: Id<Person>) -> Condition {
    Condition::any().add(conversation::Column::BuyerId.eq(person)).add(super::query::sold_by(
        actor,
        person,
        conversation::Column::SellerId,
        conversation::Column::SellerShop,
    ))
}

fn view(row: message::Model, reader: By, photos: Vec<PhotoView>) -> Result<MessageView, Error> {
    let by: By = code(&row.by_side)?;
    let hidden = row.hidden.is_some() && reader != By::Staff;
    Ok(MessageView {
        id: row.id,
        own: by == reader,
        text: if hidden { String::new() } else { row.text },
        photos: if hidden { Vec::new() } else { photos },
        warned: row.warned,
        hidden: row.hidden,
        at: row.at,
        by,
    })
}

/// Names of people and shops.
pub(super) struct Names {
    people: std::collections::HashMap<Id<Person>, String>,
    shops: std::collections::HashMap<Id<Organisation>, String>,
}

impl Names {
    /// The name of a side: the shop's, where there is one.
    pub(super) fn of(&self, person: Id<Person>, shop: Option<Id<Organisation>>) -> String {
        let shop = shop.and_then(|shop| self.shops.get(&shop));
        shop.or_else(|| self.people.get(&person)).cloned().unwrap_or_default()
    }
}

impl Trade {
    pub(super) async fn names(
        &self,
        people: &[Id<Person>],
        shops: &[Id<Organisation>],
    ) -> Result<Names, Error> {
        let people = self.accounts().sellers(people).await?;
        let shops = self.accounts().shops(shops).await?;
        Ok(Names {
            people: people.into_iter().map(|(id, card)| (id, card.name)).collect(),
            shops: shops.into_iter().map(|(id, shop)| (id, shop.name)).collect(),
        })
    }
}
