//! A seller, as everyone sees them.

use askama::Template;

use super::{
    Card, Frame, Pager, SellerCard,
    trade::{ReviewFigures, ReviewRow},
};

/// `GET /sellers/{id}`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "seller.html")]
pub struct SellerPage {
    /// Around the page.
    pub frame: Frame,
    /// Who it is.
    pub seller: SellerCard,
    /// The licence number, shown for a registered merchant (E-Commerce Law art. 15); empty for others.
    pub licence_number: String,
    /// What they have behind them.
    pub figures: ReviewFigures,
    /// The newest reviews.
    pub reviews: Vec<ReviewRow>,
    /// More reviews; empty when there are none.
    pub more_reviews: String,
    /// What is on offer.
    pub listings: Vec<Card>,
    /// More of it.
    pub pager: Pager,
}
