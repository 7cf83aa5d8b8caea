//! An owner's connected account at a provider, to which transfers go.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::ProviderAccount;

/// A row of `provider_account`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_account")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner: String,
    /// At which provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    /// Its id; also the idempotency key of its opening.
    pub id: Id<ProviderAccount>,
    /// The provider's own id of it.
    pub provider_ref: Option<String>,
    /// 1 when the provider has checked the owner and transfers may go there.
    pub may_receive: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// Of the last change.
    pub updated_at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
