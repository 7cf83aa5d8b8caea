//! Reviews that can be read; what breaks a rule is hidden with its reason, never deleted.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use luhuan_kernel::{Limit, Problem, http::PathId};
use luhuan_trade::{Review, ReviewView};

use super::{
    super::{
        Site,
        account::Refusal,
        cards::moment,
        form::{Form, PageResult},
        mine::after,
        visit::Visit,
    },
    around, enter,
};
use crate::view::{Address, Pager, ReviewRow, StaffReviewsPage};

const DESK: &str = "reviews";

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/staff/reviews", get(newest)).route("/staff/reviews/{id}/hide", post(hide))
}

/// `GET /staff/reviews?after=`.
async fn newest(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, DESK)?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&page(&site, &visit).await?))
}

async fn page(site: &Site, visit: &Visit) -> Result<StaffReviewsPage, Problem> {
    let after = after(visit);
    let found = site.trade.newest_reviews(&visit.actor, after.as_ref(), Limit::of(None)).await?;
    let here = Address::new("/staff/reviews", Vec::<(String, String)>::new());
    let (frame, tabs) = around(site, visit, DESK, "/staff/reviews");
    Ok(StaffReviewsPage {
        frame,
        tabs,
        reviews: found.items.iter().map(|review| row(site, visit, review)).collect(),
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: found.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
        ..StaffReviewsPage::default()
    })
}

fn row(site: &Site, visit: &Visit, review: &ReviewView) -> ReviewRow {
    ReviewRow {
        id: review.id.to_string(),
        by: review.by.code().to_owned(),
        stars: review.stars,
        text: review.text.clone(),
        reply: review.reply.clone().unwrap_or_default(),
        hidden: review.hidden.clone().unwrap_or_default(),
        at: moment(visit.text(), review.created_at, site.trade.store().clock().now()),
        reason: String::new(),
    }
}

/// `POST /staff/reviews/{id}/hide`.
async fn hide(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Review>,
    Form(fields): Form,
) -> PageResult {
    enter(&visit, DESK)?;
    let field = format!("reason-{id}");
    let uow = site.trade.store().begin().await?;
    match site.trade.hide_review(&uow, &visit.actor, id, fields.get(&field)).await {
        Ok(_) => {
            uow.commit().await?;
            Ok(visit.go("/staff/reviews", Some("staff-hidden")))
        }
        Err(error) => {
            drop(uow);
            let refusal = Refusal::of(&site, &visit, error, &[("reason", field.as_str())])?;
            let mut page = page(&site, &visit).await?;
            for review in &mut page.reviews {
                if review.id == id.to_string() {
                    fields.get(&field).clone_into(&mut review.reason);
                }
            }
            page.errors.clone_from(&refusal.errors);
            Ok(refusal.answer(&visit, &page))
        }
    }
}
