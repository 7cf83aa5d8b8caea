//! `/api/v1/moderation`: what waits for a moderator.

use luhuan_tests::World;
use serde_json::json;

#[tokio::test]
async fn a_moderator_takes_down_with_a_reason_and_lets_on_again() {
    let world = World::start().await;
    let moderator = world.staff("moderator").await;
    let listing = world.listing().published().await;
    let path = format!("/api/v1/moderation/listings/{}", listing.id);
    let reason = json!({"reason": "照片与描述不符"});
    listing.seller.post(&format!("{path}/take-down"), &reason).await.expect_problem(403, "forbidden");
    let taken = moderator.post(&format!("{path}/take-down"), &reason).await.expect(200).json();
    assert_eq!(taken["state"], "withdrawn");
    let again = listing.command("relist").await.expect(200).json();
    assert_eq!(again["held"], true, "what was taken down waits for a moderator");
    world.anonymous().get(&listing.path()).await.expect_problem(404, "not-found");
    let waiting = moderator.get("/api/v1/moderation/listings").await.expect(200).json();
    assert_eq!(waiting["items"][0]["id"], json!(listing.id));
    let _ = moderator.post(&format!("{path}/clear"), &json!({"reason": ""})).await.expect(200);
    let _ = world.anonymous().get(&listing.path()).await.expect(200);
    assert_eq!(moderator.get("/api/v1/moderation/listings").await.json()["items"], json!([]));
}

#[tokio::test]
async fn what_is_held_is_not_found_either() {
    let world = World::start().await;
    let moderator = world.staff("moderator").await;
    let listing = world.listing().title("核桃木书架").published().await;
    world.search_until("核桃木书架", crate::search::FINDABLE, |found| found["total"] == 1).await;
    let path = format!("/api/v1/moderation/listings/{}/take-down", listing.id);
    let _ = moderator.post(&path, &json!({"reason": "重复"})).await.expect(200);
    world.search_until("核桃木书架", crate::search::FINDABLE, |found| found["total"] == 0).await;
    let _ = listing.command("relist").await.expect(200);
    tokio::time::sleep(crate::search::FINDABLE).await;
    assert_eq!(world.search(&[("q", "核桃木书架")]).await["total"], 0);
}
