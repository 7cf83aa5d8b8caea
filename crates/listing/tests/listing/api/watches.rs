//! `/api/v1/listings/{id}/watch` and the watchlist.

use serde_json::json;

use super::client::path;
use crate::support::{bike, each};

#[tokio::test]
async fn what_is_watched_is_on_the_watchlist_until_it_is_not() {
    each(async |world| {
        let listing = world.published(&world.person(), bike()).await;
        let fan = world.client(&world.person());
        let watch = format!("{}/watch", path(listing.id));
        let _ = fan.put_empty(&watch).await.expect(204);
        let watched = fan.get("/api/v1/me/watchlist").await.expect(200).body;
        assert_eq!(watched["items"][0]["id"], listing.id.to_string());
        let _ = fan.delete(&watch).await.expect(204);
        assert_eq!(fan.get("/api/v1/me/watchlist").await.expect(200).body["items"], json!([]));
    })
    .await;
}
