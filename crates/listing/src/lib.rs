//! Used goods on offer: what is posted, by whom, in which condition, for how much, and what becomes of it.
//!
//! A seller drafts a listing, adds photos and publishes it; it is screened against the rules of the trade; it is
//! found, watched, reserved and sold, or it is withdrawn or expires and may be relisted. This crate is also the
//! example that the other contexts follow (docs/src/extending/add-a-context.md).
//!
//! Glossary:
//! - **item**: one physical thing. It keeps its serial number, and over time several listings may point to it.
//! - **listing**: an offer of an item at a price, in a [`model::State`].
//! - **condition**: one of the seven grades (成色); **defect**: a flaw that the seller states.
//! - **origin**: how the seller came by the item (来源).
//! - **returns**: what the seller promises when the buyer changes their mind.
//! - **place**: sub-district and a point fuzzed to about 500 m; the true point is never stored.
//! - **screening**: the check against prohibited and restricted goods at publishing; **hold**: waiting for a moderator.
//! - **statement**: what a rule has the seller confirm before publishing, such as that an e-bike's papers are complete.
//! - **watch**: a person's bookmark (收藏).
//! - **price hint**: what comparable listings ask.
//!
//! | room | what |
//! |---|---|
//! | [`model`] | the rules, pure: the states, what a listing says |
//! | [`catalog`], [`screening`], [`contact`], [`photo`] | the trade's knowledge, read from `data/`: categories and attributes; prohibited goods; contact details in texts; photos cleaned |
//! | [`policy`] | who may do what |
//! | [`entity`] | the tables |
//! | `service` | [`Listings`]: commands and queries |
//! | [`ListingEvent`], [`Error`] | what is told, what is refused |
//! | [`api`] | the JSON API |
//! | [`exchange`] | the rows of a file that an import reads |
//!
//! ```
//! use luhuan_listing::model::{Move, State};
//!
//! let on_offer = State::Draft.after(Move::Publish)?;
//! let refused = on_offer.after(Move::Relist).unwrap_err();
//! assert_eq!(refused.to_string(), "a listing that is published cannot relist");
//! # Ok::<(), luhuan_listing::model::IllegalMove>(())
//! ```

pub mod api;
pub mod catalog;
pub mod contact;
pub mod entity;
mod error;
mod event;
pub mod exchange;
pub mod model;
pub mod photo;
pub mod policy;
pub mod screening;
mod service;

pub use error::Error;
pub use event::ListingEvent;
pub use service::{
    Actions, BrowseFilter, Card, Change, CreateListing, ImportMode, ImportOutcome, KeptPhoto, ListingView,
    Listings, MyListings, PhotoView, PriceStep, SellerView, Settings, StateCounts,
};

use luhuan_kernel::{Locale, text::Source};

/// Marker of a listing's id.
pub struct Listing;
/// Marker of an item's id.
pub struct Item;
/// Marker of a photo's id.
pub struct Photo;

/// This context's sentences.
pub const TEXTS: [Source; 2] = [
    Source { locale: Locale::ZhCn, ftl: include_str!("../i18n/zh-CN.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../i18n/en.ftl") },
];
