//! `/api/v1/listings/{id}/prices` and `/api/v1/price-hints`.

use luhuan_listing::model::Details;
use serde_json::json;

use super::client::path;
use crate::support::{anonymous, bike, each};

#[tokio::test]
async fn a_listings_prices_come_oldest_first() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        world.clock.advance_seconds(60);
        world.edit(&seller, id, |it| it.price_fen = Some(70_000)).await.unwrap();
        let prices = world.client(&anonymous()).get(&format!("{}/prices", path(id))).await.expect(200).body;
        let steps: Vec<_> =
            prices["items"].as_array().unwrap().iter().map(|step| &step["price_fen"]).collect();
        assert_eq!(steps, [&json!(76_000), &json!(70_000)]);
    })
    .await;
}

#[tokio::test]
async fn a_hint_says_what_comparable_listings_ask() {
    each(async |world| {
        let seller = world.person();
        for price in [76_000, 70_000, 65_000] {
            world.published(&seller, Details { price_fen: Some(price), ..bike() }).await;
        }
        // 捷安特
        let asked = "/api/v1/price-hints?category=bikes-mountain&brand=%E6%8D%B7%E5%AE%89%E7%89%B9";
        let hint = world.client(&anonymous()).get(asked).await.expect(200).body;
        assert_eq!(hint["hint"]["median_fen"], 70_000);
    })
    .await;
}
