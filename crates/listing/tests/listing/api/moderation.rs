//! `/api/v1/moderation/listings`.

use serde_json::json;

use crate::support::{doubtful, each};

#[tokio::test]
async fn a_moderator_clears_and_takes_down_once_under_a_key() {
    each(async |world| {
        let (seller, moderator) = (world.person(), world.client(&world.moderator()));
        let id = world.published(&seller, doubtful()).await.id;
        let waiting = moderator.get("/api/v1/moderation/listings").await.expect(200).body;
        assert_eq!(waiting["items"][0]["id"], id.to_string());
        let decide = async |what: &str, key: &str| {
            let path = format!("/api/v1/moderation/listings/{id}/{what}");
            moderator.with("Idempotency-Key", key).post(&path, &json!({ "reason": "看过了" })).await
        };
        let first = decide("clear", "k1").await.expect(200);
        assert_eq!(first.body["held"], false);
        assert_eq!(decide("clear", "k1").await.expect(200).body, first.body);
        decide("take-down", "k1").await.expect_problem(422, "idempotency-key-reused");
        assert_eq!(decide("take-down", "k2").await.expect(200).body["state"], "withdrawn");
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_for_moderators_alone() {
    each(async |world| {
        let seller = world.client(&world.person());
        seller.get("/api/v1/moderation/listings").await.expect_problem(403, "forbidden");
    })
    .await;
}
