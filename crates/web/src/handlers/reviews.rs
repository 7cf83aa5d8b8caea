//! What a seller's page says of them: figures, and the reviews that can be read.

use luhuan_kernel::{Cursor, Limit, Problem};
use luhuan_listing::SellerView;
use luhuan_trade::model::By;

use super::{Site, mine::param, orders::Reader, visit::Visit};
use crate::view::trade::{ReviewFigures, ReviewRow};

/// Reviews shown at once.
const SHOWN: u32 = 10;

/// Reviews about a seller.
pub(super) struct About {
    /// The figures.
    pub(super) figures: ReviewFigures,
    /// The reviews, the newest first.
    pub(super) rows: Vec<ReviewRow>,
    /// Where they go on.
    pub(super) more: Option<String>,
}

/// The figures and reviews of a seller; `?reviews=` says where to go on.
pub(super) async fn about(site: &Site, visit: &Visit, seller: &SellerView) -> Result<About, Problem> {
    let reader =
        Reader { text: visit.text(), locale: visit.actor.locale, now: site.trade.store().clock().now() };
    let after: Option<Cursor> =
        param(visit, "reviews").and_then(|cursor| serde_json::from_value(cursor.into()).ok());
    let found = site.trade.figures(seller.person, seller.organisation).await?;
    let limit = Limit::of(Some(SHOWN));
    let page = site.trade.reviews_about(seller.person, seller.organisation, after.as_ref(), limit).await?;
    let count = |figure: i64| u64::try_from(figure).unwrap_or_default();
    Ok(About {
        figures: ReviewFigures {
            sold: count(found.sold),
            undone: count(found.undone),
            reviews: count(found.reviews),
            mean: found
                .star_tenths()
                .map(|tenths| format!("{}.{}", tenths / 10, tenths % 10))
                .unwrap_or_default(),
            good: found.good_percent().map(|percent| percent.to_string()).unwrap_or_default(),
        },
        // Whoever reads it here is a stranger to the order.
        rows: page.items.iter().map(|review| reader.review(review, By::Staff)).collect(),
        more: page.next.map(|next| next.as_str().to_owned()),
    })
}
