//! The first page.

use askama::Template;

use super::{Card, CategoryRoot, Frame};

/// `GET /`: search, categories, the call to post, what is near and what is fresh.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "home.html")]
pub struct HomePage {
    /// Around the page.
    pub frame: Frame,
    /// The first nine roots are shown with their pictures, then the way to all.
    pub categories: Vec<CategoryRoot>,
    /// The sub-district the reader is thought to be in (双井街道); empty when unknown.
    pub place: String,
    /// Listings near that place, nearest first, six of them (a wide screen has room for five); empty when the
    /// place is unknown.
    pub near: Vec<Card>,
    /// Where `near` goes on: a search by distance.
    pub near_url: String,
    /// The newest listings, ten of them.
    pub fresh: Vec<Card>,
    /// How many things can be had at the moment, for the call to post.
    pub total: u64,
    /// How many of the city's things found a second owner, for the call to post; 0 to leave it out.
    pub sold: u64,
}

impl HomePage {
    /// The roots that have room above the fold: nine, and the tenth place leads to all of them.
    #[must_use]
    pub fn first_categories(&self) -> &[CategoryRoot] {
        self.categories.get(..9).unwrap_or(&self.categories)
    }
}
