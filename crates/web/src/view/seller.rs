//! A seller, as everyone sees them.

use askama::Template;

use super::{Card, Frame, Pager, SellerCard};

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
    /// What is on offer.
    pub listings: Vec<Card>,
    /// More of it.
    pub pager: Pager,
}
