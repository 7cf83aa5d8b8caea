//! A photo of a listing.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Listing, Photo};

/// A row of `photo`. Its renditions are the blobs `photos/{id}/{width}.jpg`, kept before the row is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photo")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Photo>,
    /// The listing it shows.
    pub listing_id: Id<Listing>,
    /// Its place in the gallery; 0 is the cover.
    pub position: i32,
    /// Width in pixels of the largest rendition.
    pub width: i32,
    /// Height in pixels of the largest rendition.
    pub height: i32,
    /// Average colour, `#rrggbb`, shown until the photo has loaded.
    pub colour: String,
    /// Perceptual hash: near-equal pictures have near-equal hashes.
    pub perceptual_hash: i64,
    /// Widths of the renditions, JSON.
    pub widths: String,
    /// When it was added.
    pub created_at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
