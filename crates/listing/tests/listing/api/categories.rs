//! `/api/v1/categories`.

use crate::support::{anonymous, each};

#[tokio::test]
async fn who_has_the_tree_already_is_told_so() {
    each(async |world| {
        let stranger = world.client(&anonymous());
        let tree = stranger.get("/api/v1/categories").await.expect(200);
        let again = stranger.with("If-None-Match", tree.etag());
        let _ = again.get("/api/v1/categories").await.expect(304);
    })
    .await;
}
