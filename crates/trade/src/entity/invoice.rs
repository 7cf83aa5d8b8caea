//! An invoice (数电票), or the red-letter counterpart of one.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Invoice, Order};

/// A row of `invoice`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Invoice>,
    /// The order.
    pub order_id: Id<Order>,
    /// Code of its kind.
    pub kind: String,
    /// Code of its state.
    pub state: String,
    /// The invoice that it takes back.
    pub red_of: Option<Id<Invoice>>,
    /// Who issues it.
    pub seller_name: String,
    /// The issuer's credit code, masked.
    pub seller_usc: Option<String>,
    /// Title, tax number and address of the buyer, sealed.
    pub buyer_sealed: String,
    /// Its lines, JSON.
    pub lines: String,
    /// What is paid, in fen; negative for a red-letter one.
    pub gross_fen: i64,
    /// The tax in it, in fen.
    pub tax_fen: i64,
    /// The 20 digits.
    pub number: Option<String>,
    /// Key of the exported file.
    pub file: Option<String>,
    /// Why the issuer refused.
    pub failure: Option<String>,
    /// Who asked for it.
    pub person_id: Id<Person>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was issued.
    pub issued_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
