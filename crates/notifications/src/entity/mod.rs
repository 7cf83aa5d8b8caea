//! The tables.

pub mod delivery;
pub mod notification;
pub mod place;
pub mod preference;
pub mod webhook;
