//! Reviews: blind, one reply, never deleted.

use luhuan_kernel::{Actor, Limit, Role};
use luhuan_trade::{Error, NewReview, ReviewView};

use crate::support::{CONFLICT, Deal, World, command, each, person_of, refusal, refused_fields};

fn stars(stars: i32) -> NewReview {
    NewReview { stars, tags: vec!["friendly".into()], text: "很好，电话 13812345678".into() }
}

async fn review(world: &World<'_>, actor: &Actor, deal: &Deal, new: NewReview) -> Result<ReviewView, Error> {
    command!(world, review, actor, deal.order, new)
}

async fn readable(world: &World<'_>, actor: &Actor, deal: &Deal) -> usize {
    world.trade.view(actor, deal.order).await.unwrap().reviews.len()
}

#[tokio::test]
async fn what_one_wrote_is_blind_until_the_other_wrote_too() {
    each(async |world| {
        let deal = world.settled().await;
        review(world, &deal.buyer, &deal, stars(5)).await.unwrap();
        assert_eq!(readable(world, &deal.buyer, &deal).await, 1);
        assert_eq!(readable(world, &deal.seller, &deal).await, 0);
        let seller = person_of(&deal.seller);
        assert!(
            world.trade.reviews_about(seller, None, None, Limit::of(None)).await.unwrap().items.is_empty()
        );
        assert_eq!(world.trade.figures(seller, None).await.unwrap().reviews, 0);
        review(world, &deal.seller, &deal, stars(4)).await.unwrap();
        assert_eq!(readable(world, &deal.seller, &deal).await, 2);
        let about = world.trade.reviews_about(seller, None, None, Limit::of(None)).await.unwrap();
        // What is public shows no telephone number.
        assert_eq!((about.items[0].stars, about.items[0].text.as_str()), (Some(5), "很好，电话 ***"));
        let figures = world.trade.figures(seller, None).await.unwrap();
        assert_eq!((figures.sold, figures.reviews, figures.good_percent()), (1, 1, Some(100)));
        assert_eq!(figures.star_tenths(), Some(50));
    })
    .await;
}

#[tokio::test]
async fn what_one_wrote_alone_is_shown_when_the_time_is_over() {
    each(async |world| {
        let deal = world.settled().await;
        review(world, &deal.buyer, &deal, stars(2)).await.unwrap();
        world.hours(15 * 24).await;
        assert_eq!(readable(world, &deal.seller, &deal).await, 1);
        let late = review(world, &deal.seller, &deal, stars(1)).await.unwrap_err();
        assert_eq!(refusal(late), (CONFLICT, "trade-review-closed"));
        assert_eq!(world.trade.figures(person_of(&deal.seller), None).await.unwrap().good_percent(), Some(0));
    })
    .await;
}

#[tokio::test]
async fn each_side_reviews_once_after_settlement_and_by_its_tags() {
    each(async |world| {
        let open = world.shipped().await;
        let early = review(world, &open.buyer, &open, stars(5)).await.unwrap_err();
        assert_eq!(refusal(early), (CONFLICT, "trade-review-closed"));
        let deal = world.settled().await;
        let six = review(world, &deal.buyer, &deal, stars(6)).await.unwrap_err();
        assert_eq!(refused_fields(&six), [("stars", "trade-stars")]);
        let tag = NewReview { tags: vec!["pays-promptly".into()], ..stars(5) };
        let tag = review(world, &deal.buyer, &deal, tag).await.unwrap_err();
        assert_eq!(refused_fields(&tag), [("tags", "listing-unknown-code")]);
        review(world, &deal.buyer, &deal, stars(5)).await.unwrap();
        let again = review(world, &deal.buyer, &deal, stars(1)).await.unwrap_err();
        assert_eq!(refusal(again), (CONFLICT, "trade-reviewed"));
        let stranger = review(world, &world.person(), &deal, stars(1)).await.unwrap_err();
        assert_eq!(refusal(stranger), (404, "not-found"));
    })
    .await;
}

#[tokio::test]
async fn a_review_gets_one_reply_and_is_hidden_only_with_a_reason() {
    each(async |world| {
        let deal = world.settled().await;
        let written = review(world, &deal.buyer, &deal, stars(1)).await.unwrap();
        let blind = command!(world, reply, &deal.seller, written.id, "不是这样").unwrap_err();
        assert_eq!(refusal(blind), (404, "not-found"));
        review(world, &deal.seller, &deal, stars(5)).await.unwrap();
        command!(world, reply, &deal.seller, written.id, "已经补偿").unwrap();
        let again = command!(world, reply, &deal.seller, written.id, "再说").unwrap_err();
        assert_eq!(refusal(again), (CONFLICT, "trade-replied"));
        let own = command!(world, reply, &deal.buyer, written.id, "自己").unwrap_err();
        assert_eq!(refusal(own), (404, "not-found"));

        let moderator = Actor::person(world.id(), [Role::Moderator]);
        let silent = command!(world, hide_review, &moderator, written.id, "").unwrap_err();
        assert_eq!(refusal(silent), (422, "invalid"));
        command!(world, hide_review, &moderator, written.id, "含辱骂").unwrap();
        let seen = world.trade.view(&deal.buyer, deal.order).await.unwrap().reviews;
        let hidden = seen.iter().find(|review| review.id == written.id).unwrap();
        assert_eq!(
            (hidden.hidden.as_deref(), hidden.stars, hidden.text.as_str()),
            (Some("含辱骂"), None, "")
        );
        assert_eq!(world.column("SELECT text AS it FROM review WHERE hidden IS NOT NULL").await.len(), 1);
        assert_eq!(world.trade.figures(person_of(&deal.seller), None).await.unwrap().reviews, 0);
    })
    .await;
}
