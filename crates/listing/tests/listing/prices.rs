//! Price history and price hints.

use luhuan_listing::model::{Details, Move};

use crate::support::{LEAF, World, bike, each};

async fn history(world: &World<'_>, id: luhuan_kernel::Id<luhuan_listing::Listing>) -> Vec<i64> {
    world.listings.price_history(id).await.unwrap().into_iter().map(|step| step.price_fen).collect()
}

#[tokio::test]
async fn each_new_price_is_a_step_of_the_history_and_told_with_the_old_one() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        for price in [70_000, 65_000] {
            world.clock.advance_seconds(3600);
            world.edit(&seller, listing.id, |it| it.price_fen = Some(price)).await.unwrap();
        }
        world.edit(&seller, listing.id, |it| it.negotiable = true).await.unwrap();
        assert_eq!(history(world, listing.id).await, [76_000, 70_000, 65_000]);
        let told = world
            .column("SELECT payload AS it FROM outbox WHERE name = 'listing.repriced' ORDER BY sequence")
            .await;
        assert!(
            told[1].contains("\"from_fen\":70000") && told[1].contains("\"to_fen\":65000"),
            "{}",
            told[1]
        );
        assert_eq!(told.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn two_prices_of_one_instant_are_the_last_of_them() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        world.edit(&seller, listing.id, |it| it.price_fen = Some(1_000)).await.unwrap();
        assert_eq!(history(world, listing.id).await, [1_000]);
    })
    .await;
}

#[tokio::test]
async fn the_hint_rests_on_the_same_model_else_the_brand_else_the_category() {
    each(async |world| {
        let seller = world.person();
        let of = |brand: &str, model: &str, price_fen| Details {
            brand: brand.to_owned(),
            model: model.to_owned(),
            price_fen: Some(price_fen),
            ..bike()
        };
        for (brand, model, price) in
            [("甲", "一", 100), ("甲", "一", 200), ("甲", "一", 300), ("甲", "二", 900), ("乙", "三", 5000)]
        {
            world.published(&seller, of(brand, model, price)).await;
        }
        world.draft(&seller, of("甲", "一", 77)).await;
        let median = async |brand: &str, model: &str| {
            let hint = world.listings.price_hint(LEAF, brand, model).await.unwrap();
            hint.map(|hint| (hint.median_fen, hint.count))
        };
        assert_eq!(median("甲", "一").await, Some((200, 3)));
        assert_eq!(median("甲", "二").await, Some((250, 4)));
        assert_eq!(median("乙", "三").await, Some((300, 5)));
        assert_eq!(median("", "").await, Some((300, 5)));
        assert_eq!(world.listings.price_hint("phones-earphones", "甲", "一").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_hint_prefers_what_was_paid_and_forgets_after_ninety_days() {
    each(async |world| {
        let seller = world.person();
        let mut ids = Vec::new();
        for price in [100, 100, 100, 9_000, 9_000, 9_000] {
            let details = Details { price_fen: Some(price), ..bike() };
            ids.push(world.published(&seller, details).await.id);
        }
        for id in &ids[..3] {
            world.settle(*id, Move::Sell).await.unwrap();
        }
        let hint = world.listings.price_hint(LEAF, "捷安特", "ATX 777").await.unwrap().unwrap();
        assert_eq!((hint.median_fen, hint.count, hint.sold), (100, 3, 3));
        world.clock.advance_seconds(91 * 86_400);
        assert_eq!(world.listings.price_hint(LEAF, "捷安特", "ATX 777").await.unwrap(), None);
    })
    .await;
}
