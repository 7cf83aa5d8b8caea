//! What a provider told, as it told it.

use luhuan_kernel::Timestamp;
use sea_orm::entity::prelude::*;

/// A row of `provider_event`: written once for each event id.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_event")]
pub struct Model {
    /// Which provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    /// Its id of the event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// What happened, in its words.
    pub kind: String,
    /// To which object of its own.
    pub object: Option<String>,
    /// When it says that it happened.
    pub created_at: Timestamp,
    /// When it came here.
    pub received_at: Timestamp,
    /// When it was taken into account.
    pub processed_at: Option<Timestamp>,
    /// What came of it.
    pub outcome: Option<String>,
    /// The raw text.
    pub body: String,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
