//! An order.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use luhuan_listing::Listing;
use sea_orm::entity::prelude::*;

use luhuan_ledger::Payment;
use luhuan_store::Error as StoreError;
use serde::{Deserialize, Serialize};

use super::{code, json};
use crate::{
    Offer, Order,
    model::{By, Clocks, Event, Fee, State},
    policy::Parties,
};

/// A row of `trade_order`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trade_order")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Order>,
    /// Who bought.
    pub buyer_id: Id<Person>,
    /// Who posted the listings.
    pub seller_id: Id<Person>,
    /// The shop it was bought from.
    pub seller_shop: Option<Id<Organisation>>,
    /// The seller's kind when it was made.
    pub seller_kind: String,
    /// The first thing in it.
    pub listing_id: Id<Listing>,
    /// How many things are in it.
    pub things: i32,
    /// Title of the first.
    pub title: String,
    /// Code of its state.
    pub state: String,
    /// Grows by one with each step.
    pub version: i64,
    /// When it came into this state; moved on by the time that it stood aside.
    pub entered_at: Timestamp,
    /// When the clock takes it further.
    pub due_at: Option<Timestamp>,
    /// The event that the clock takes it by.
    pub due_event: Option<String>,
    /// The state in which a refund or dispute began.
    pub back_state: Option<String>,
    /// Microseconds that the clock of that state had run.
    pub back_elapsed: Option<i64>,
    /// Version of the clocks it runs by.
    pub clocks_version: i32,
    /// Price of the goods, in fen.
    pub goods_fen: i64,
    /// Carriage paid with it, in fen.
    pub freight_fen: i64,
    /// Both, in fen.
    pub total_fen: i64,
    /// Version of the fee rule.
    pub fee_version: i32,
    /// Its rate, in millionths.
    pub fee_ppm: i32,
    /// Its cap, in fen.
    pub fee_cap_fen: i64,
    /// The fee if the sale stands whole, in fen.
    pub fee_fen: i64,
    /// Held for it now, in fen.
    pub held_fen: i64,
    /// Gone back to the buyer, in fen.
    pub refunded_fen: i64,
    /// Gone to the seller, in fen.
    pub seller_fen: i64,
    /// Fee taken, in fen.
    pub charged_fen: i64,
    /// The offer it was made by.
    pub offer_id: Option<Id<Offer>>,
    /// The payment under way or done.
    pub payment_id: Option<Id<Payment>>,
    /// How it is paid.
    pub provider: Option<String>,
    /// How it gets there.
    pub delivery: String,
    /// Who pays carriage.
    pub freight: Option<String>,
    /// Whether it may be returned within seven days.
    pub returnable: bool,
    /// What the listing promised.
    pub returns: Option<String>,
    /// Flaws that the listings state, JSON.
    pub flaws: String,
    /// When the buyer confirmed them, in a step of its own.
    pub flaws_confirmed_at: Option<Timestamp>,
    /// Where it is sent, sealed; gone some time after the end.
    pub address_sealed: Option<String>,
    /// The carrier.
    pub carrier: Option<String>,
    /// The tracking number.
    pub tracking: Option<String>,
    /// Whether the buyer has taken the one extension.
    pub extended: bool,
    /// Where it is handed over.
    pub meet_place: Option<String>,
    /// When it is handed over.
    pub meet_at: Option<Timestamp>,
    /// The six digits of the handover, sealed.
    pub code_sealed: Option<String>,
    /// Wrong codes given.
    pub code_tries: i32,
    /// When the buyer checked in at the place.
    pub buyer_here_at: Option<Timestamp>,
    /// When the seller checked in at the place.
    pub seller_here_at: Option<Timestamp>,
    /// The buyer's note.
    pub note: String,
    /// What happened to it, JSON, oldest first; only ever added to.
    pub steps: String,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// When it was received.
    pub received_at: Option<Timestamp>,
    /// When the money went on.
    pub settled_at: Option<Timestamp>,
    /// When it came to its end.
    pub ended_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One step of an order's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Step {
    /// What happened.
    pub event: Event,
    /// By whom.
    pub by: By,
    /// Where it led.
    pub to: State,
    /// When.
    pub at: Timestamp,
    /// In their words, where words belong to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

impl Model {
    /// Where it stands.
    ///
    /// # Errors
    /// When the stored code is none of ours.
    pub fn state(&self) -> Result<State, StoreError> {
        code(&self.state)
    }

    /// The state in which a refund or dispute began.
    ///
    /// # Errors
    /// When the stored code is none of ours.
    pub fn back(&self) -> Result<Option<State>, StoreError> {
        self.back_state.as_deref().map(code).transpose()
    }

    /// The event that the clock takes it by.
    ///
    /// # Errors
    /// When the stored code is none of ours.
    pub fn due_event(&self) -> Result<Option<Event>, StoreError> {
        self.due_event.as_deref().map(code).transpose()
    }

    /// Its history, oldest first.
    ///
    /// # Errors
    /// When the stored text is not what it should be.
    pub fn steps(&self) -> Result<Vec<Step>, StoreError> {
        json(&self.steps)
    }

    /// The flaws that the listings stated.
    ///
    /// # Errors
    /// When the stored text is not what it should be.
    pub fn flaws(&self) -> Result<Vec<String>, StoreError> {
        json(&self.flaws)
    }

    /// Whose it is.
    #[must_use]
    pub const fn parties(&self) -> Parties {
        Parties { buyer: self.buyer_id, seller: self.seller_id, shop: self.seller_shop }
    }

    /// The clocks it runs by.
    #[must_use]
    pub fn clocks(&self) -> &'static Clocks {
        Clocks::of_version(self.clocks_version)
    }

    /// The fee formula it was made under, on the price of its goods.
    #[must_use]
    pub fn fee(&self) -> Fee {
        Fee {
            version: self.fee_version,
            base_fen: self.goods_fen,
            rate_ppm: u32::try_from(self.fee_ppm).unwrap_or_default(),
            cap_fen: self.fee_cap_fen,
            fee_fen: self.fee_fen,
        }
    }

    /// Whether it is paid at the handover, so that nothing is held.
    #[must_use]
    pub fn is_face_to_face(&self) -> bool {
        self.provider.as_deref() == Some(FACE_TO_FACE)
    }
}

/// The code of payment at the handover.
pub const FACE_TO_FACE: &str = luhuan_ledger::Provider::FaceToFace.code();
