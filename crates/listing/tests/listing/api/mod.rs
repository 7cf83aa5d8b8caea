//! The JSON API as a client sees it, through the routes: a file a resource, as in `src/api`.

mod categories;
mod client;
mod description;
mod listings;
mod moderation;
mod moves;
mod photos;
mod prices;
mod refusals;
mod watches;
