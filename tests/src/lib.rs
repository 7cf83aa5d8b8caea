//! What the end-to-end tests stand on: a running gateway, people who use it, a browser.
//!
//! A test makes a [`World`], acts through its [`Client`]s or a [`Browser`], and asserts what a user would see:
//!
//! ```no_run
//! # async fn example() {
//! use luhuan_tests::World;
//!
//! let world = World::start().await;
//! let listing = world.listing().title("宜家书架").price_fen(12_000).published().await;
//! let seen = world.anonymous().get(&listing.path()).await.expect(200).json();
//! assert_eq!(seen["title"], "宜家书架");
//! # }
//! ```
//!
//! The counterparts (PostgreSQL, S3, Chromium) are started by `cargo xtask test`; see [`environment`].
//! Everything here panics with a sentence when it cannot do its work: it serves tests only.

pub mod accessibility;
pub mod actor;
pub mod browser;
pub mod client;
pub mod database;
pub mod demo;
pub mod environment;
pub mod gateway;
pub mod listing;
pub mod photo;
pub mod redact;
pub mod s3;
pub mod world;

pub use actor::Actor;
pub use browser::{Browser, Screen};
pub use client::{Answer, Client};
pub use database::Store;
pub use listing::{Listing, ListingBuilder};
pub use redact::redacted;
pub use world::World;
