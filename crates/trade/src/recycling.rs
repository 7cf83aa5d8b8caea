//! Nobody wants it? What does not sell may be collected instead.

use async_trait::async_trait;
use luhuan_kernel::{Actor, Id};
use luhuan_listing::Listing;

/// A thing to collect, as its listing said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecyclingItem {
    /// The listing that did not sell.
    pub listing: Id<Listing>,
    /// Its title.
    pub title: String,
    /// Its category code.
    pub category: String,
    /// Pieces.
    pub quantity: i32,
    /// Sub-district to collect from.
    pub subdistrict: Option<String>,
}

/// Whoever collects what did not sell. The context that collects implements it; without one nothing is offered.
#[async_trait]
pub trait RecyclingOffer: Send + Sync + 'static {
    /// The address of a page on which a pickup is booked in one tap, with the item filled in; `None` when such a thing
    /// is not collected, or not there.
    async fn offer(&self, actor: &Actor, item: &RecyclingItem) -> Option<String>;
}
