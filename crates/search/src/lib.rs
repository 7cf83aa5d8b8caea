//! Search: what the city offers, found by the words that people use.
//!
//! A search engine here is a [`SearchIndex`]: it is fed with [`Change`]s that the outbox told of, and it answers a
//! [`Query`] with [`Results`]. Two engines do so and pass the same conformance suite: [`TantivyIndex`], inside the
//! program and the default, and `MeiliIndex`, a Meilisearch server. All that they hold is derived; the
//! database is asked when an engine is away, and an engine that is lost is built anew while the old one serves.
//!
//! Chinese is the hard part, and it is the same for both engines: [`text`] cuts words and keeps what is inside them,
//! [`understand`] reads what was typed. Pinyin is looked at only where Latin letters were typed, so 景点 never brings 经典.
//!
//! Glossary:
//! - *document*: a findable listing as the index sees it; *card*: what is kept of it to draw a result.
//! - *word*, *token*: a unit of language; what the index keeps of it.
//! - *loose token*: a pair of neighbouring characters that crosses the border of two words.
//! - *reading*: how a Chinese word is typed in Latin letters, in full or by initials.
//! - *reach*: how far the words had to be bent until something was found.
//! - *facet*: hits counted by one thing, the filter on that thing set aside.
//! - *cursor*: two things by one name, as elsewhere: where a page ends, and how far the outbox was read.
//!
//! ```
//! use luhuan_search::text::segment;
//!
//! let words: Vec<String> = segment::words("iPhone14手机").into_iter().map(|word| word.text).collect();
//! assert_eq!(words, ["iphone14", "手机"]);
//! ```

mod after;
pub mod api;
mod change;
mod document;
pub mod embedded;
mod error;
mod feed;
pub mod highlight;
mod index;
pub mod meili;
mod model;
pub mod params;
pub mod relevance;
mod service;
pub mod text;
pub mod understand;

pub use embedded::TantivyIndex;
pub use error::{Reason, SearchError};
pub use feed::FeedError;
pub use index::{Health, Rebuild, SearchIndex, State};
pub use meili::MeiliIndex;
pub use model::{
    Accept, Attribute, AttributeFilter, BoundingBox, Bucket, Card, Category, Change, Document, Facet,
    FacetName, Fragment, Hit, Listing, Near, PRICE_STEPS, Point, Query, Reach, Results, Seller, Sort,
    Suggestion, Value, price_position, price_range,
};
pub use service::{Found, IndexStatus, Search};

use luhuan_kernel::{Locale, text::Source};

/// This context's sentences.
pub const TEXTS: [Source; 2] = [
    Source { locale: Locale::ZhCn, ftl: include_str!("../i18n/zh-CN.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../i18n/en.ftl") },
];
