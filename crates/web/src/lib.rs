//! The pages of 绿环 Lühuan: server-rendered, one stylesheet, a little JavaScript that nothing needs.
//!
//! [`view`] holds what each page shows, `templates/` how it looks, [`text`] the words, [`format`] how figures are
//! written, [`assets`] the static files.

pub mod assets;
pub mod format;
mod handlers;
mod reference;
pub mod text;
pub mod view;

pub use handlers::{DemoSignIn, Site, locale, not_found, routes, session_cookie};
pub use reference::api_reference;
