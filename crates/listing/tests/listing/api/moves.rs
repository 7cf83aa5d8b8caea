//! `/api/v1/listings/{id}/publish`, `/withdraw`, `/relist`.

use serde_json::json;

use super::client::path;
use crate::support::{bike, each, electric_bike};

#[tokio::test]
async fn publishing_again_under_the_same_key_gives_the_first_answer_even_after_it_was_withdrawn() {
    each(async |world| {
        let seller = world.person();
        let path = path(world.draft(&seller, bike()).await.id);
        let seller = world.client(&seller);
        let publish =
            async || seller.with("Idempotency-Key", "k1").post_empty(&format!("{path}/publish")).await;
        let first = publish().await.expect(200);
        let withdrawn = seller.post_empty(&format!("{path}/withdraw")).await.expect(200);
        assert_eq!(withdrawn.body["state"], "withdrawn");
        assert_eq!(publish().await.expect(200).body, first.body);
        assert_eq!(seller.get(&path).await.body["state"], "withdrawn");
        let relisted = seller.post_empty(&format!("{path}/relist")).await.expect(200);
        assert_eq!(relisted.body["state"], "published");
    })
    .await;
}

#[tokio::test]
async fn a_key_whose_command_was_refused_may_be_used_for_the_next_try() {
    each(async |world| {
        let seller = world.person();
        let path = path(world.draft(&seller, electric_bike()).await.id);
        let seller = world.client(&seller);
        let publish =
            async || seller.with("Idempotency-Key", "k1").post_empty(&format!("{path}/publish")).await;
        publish().await.expect_problem(422, "invalid");
        let patch = json!({ "statements": ["registration-transfer"] });
        let edited = seller.patch(&path, "*", &patch).await.expect(200);
        assert_eq!(edited.body["statements"], patch["statements"]);
        let _ = publish().await.expect(200);
    })
    .await;
}
