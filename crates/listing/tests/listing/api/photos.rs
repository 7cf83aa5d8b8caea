//! `/api/v1/listings/{id}/photos`.

use http::Method;
use luhuan_kernel::Id;
use luhuan_listing::Listing;
use serde_json::json;

use super::client::{Answer, Client, path};
use crate::support::{World, anonymous, bike, each, png};

const BOUNDARY: &str = "a-boundary";

/// Sends a form with one field.
pub(super) async fn upload(client: &Client<'_>, id: Id<Listing>, field: &str, photo: &[u8]) -> Answer {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"x\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let form = [head.as_bytes(), photo, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let client = client.with("Content-Type", &format!("multipart/form-data; boundary={BOUNDARY}"));
    client.send(Method::POST, &format!("{}/photos", path(id)), form.into()).await
}

async fn blobs(world: &World<'_>) -> usize {
    world.database.blobs.list("photos").await.unwrap().len()
}

#[tokio::test]
async fn a_photo_sent_twice_under_a_key_is_one_photo() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let seller = world.client(&seller).with("Idempotency-Key", "k1");
        let first = upload(&seller, id, "photo", &png([1, 2, 3])).await.expect(201);
        let again = upload(&seller, id, "photo", &png([1, 2, 3])).await.expect(201);
        assert_eq!(again.body, first.body);
        let other = upload(&seller, id, "photo", &png([3, 2, 1])).await;
        other.expect_problem(422, "idempotency-key-reused");
        assert_eq!((world.view(id).await.photos.len(), blobs(world).await), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_refused_photo_leaves_no_blob() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let seller = world.client(&seller);
        for shade in 0..9 {
            let _ = upload(&seller, id, "photo", &png([shade, 0, 0])).await.expect(201);
        }
        let tenth = seller.with("Idempotency-Key", "k10");
        upload(&tenth, id, "photo", &png([9, 0, 0])).await.expect_problem(409, "listing-photos-full");
        upload(&seller, id, "photo", b"%PDF-1.7").await.expect_problem(422, "photo-refused");
        let stranger = world.client(&anonymous());
        upload(&stranger, id, "photo", &png([1, 1, 1])).await.expect_problem(404, "not-found");
        assert_eq!(blobs(world).await, 9);
    })
    .await;
}

#[tokio::test]
async fn a_form_without_a_photo_says_so() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let seller = world.client(&seller);
        upload(&seller, id, "picture", b"x").await.expect_problem(422, "invalid");
        let no_form = seller.post(&format!("{}/photos", path(id)), &json!({})).await;
        no_form.expect_problem(415, "not-multipart");
    })
    .await;
}

#[tokio::test]
async fn the_gallery_is_put_in_order_and_a_photo_taken_out() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let seller = world.client(&seller);
        let mut photos = Vec::new();
        for shade in 0..3 {
            let added = upload(&seller, id, "photo", &png([shade, 0, 0])).await.expect(201);
            photos.push(added.body["id"].clone());
        }
        let gallery = format!("{}/photos", path(id));
        let ordered = seller.put(&gallery, &json!({ "photos": [photos[2]] })).await.expect(200).body;
        let order: Vec<_> = ordered["photos"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
        assert_eq!(order, [&photos[2], &photos[0], &photos[1]]);
        let last = format!("{gallery}/{}", photos[2].as_str().unwrap());
        let _ = seller.delete(&last).await.expect(204);
        seller.delete(&last).await.expect_problem(404, "not-found");
        assert_eq!(world.view(id).await.photos.len(), 2);
    })
    .await;
}
