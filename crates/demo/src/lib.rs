//! The demo city: people, shops and things on offer that look real and are not, and photos of them.
//!
//! Everything here is made by rule from a seed, so that two machines see the same city. The pure part, in this order:
//!
//! - [`people`]: residents, shops and one or more of every other role, each in a real sub-district;
//! - [`catalogue`]: what a city sells: kinds, brands and models with what they cost new, words that sellers use;
//! - [`generate`]: an endless stream of listings, each consistent in itself (title, attributes, condition, price);
//! - [`photos`]: pictures of the things, rendered from object drawings, no photograph borrowed.
//!
//! [`load`] puts it into a city through the services, with opening funds and what people trade with each other.
//!
//! ```
//! use luhuan_demo::{generate::Generator, people};
//! use rand::SeedableRng;
//! use rand_chacha::ChaCha8Rng;
//!
//! let city = people::city(&mut ChaCha8Rng::seed_from_u64(1));
//! let mut listings = Generator::new(ChaCha8Rng::seed_from_u64(2), city.sellers(), 2026);
//! let listing = listings.next().expect("the stream does not end");
//! assert!(!listing.title.is_empty() && listing.price_fen > 0);
//! ```

pub mod catalogue;
pub mod generate;
mod load;
pub mod people;
pub mod photos;
mod trades;

pub use load::{
    DemoAccount, DemoError, Loaded, PASSWORD, PHOTOS, Past, accounts, illustrate, is_ours, load, sign_ins,
};
