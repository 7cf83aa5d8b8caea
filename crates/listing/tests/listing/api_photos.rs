//! Photos over the API.

use http::{Method, StatusCode};
use luhuan_kernel::{Actor, Id};
use luhuan_listing::Listing;
use serde_json::json;

use crate::{
    api::{Answer, call},
    support::{World, anonymous, bike, each, png},
};

const BOUNDARY: &str = "a-boundary";

fn form(field: &str, photo: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"x\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), photo, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

async fn upload(world: &World<'_>, who: &Actor, id: Id<Listing>, key: &str, photo: &[u8]) -> Answer {
    let call = call(world, who, Method::POST, &format!("/api/v1/listings/{id}/photos"));
    let call = call.header("Idempotency-Key", key);
    let call = call.header("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"));
    call.body(form("photo", photo).into()).await
}

async fn blobs(world: &World<'_>) -> usize {
    world.database.blobs.list("photos").await.unwrap().len()
}

#[tokio::test]
async fn a_photo_sent_twice_under_a_key_is_one_photo() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let first = upload(world, &seller, id, "k1", &png([1, 2, 3])).await;
        assert_eq!(first.status, StatusCode::CREATED, "{:?}", first.problem);
        let again = upload(world, &seller, id, "k1", &png([1, 2, 3])).await;
        assert_eq!((again.status, &again.body), (StatusCode::CREATED, &first.body));
        let other = upload(world, &seller, id, "k1", &png([3, 2, 1])).await;
        assert_eq!(other.refusal(), (422, "idempotency-key-reused"));
        assert_eq!((world.view(id).await.photos.len(), blobs(world).await), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_refused_photo_leaves_no_blob() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        for shade in 0..9 {
            upload(world, &seller, id, &format!("k{shade}"), &png([shade, 0, 0])).await;
        }
        let refused = upload(world, &seller, id, "k9", &png([9, 0, 0])).await;
        assert_eq!(refused.refusal(), (409, "listing-photos-full"));
        assert_eq!(upload(world, &seller, id, "k10", b"%PDF-1.7").await.refusal(), (422, "photo-refused"));
        assert_eq!(
            upload(world, &anonymous(), id, "k11", &png([1, 1, 1])).await.refusal(),
            (404, "not-found")
        );
        assert_eq!(blobs(world).await, 9);
    })
    .await;
}

#[tokio::test]
async fn a_form_without_a_photo_says_so() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let to = format!("/api/v1/listings/{id}/photos");
        let other_field = call(world, &seller, Method::POST, &to)
            .header("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(form("picture", b"x").into())
            .await;
        assert_eq!(other_field.refusal(), (422, "invalid"));
        let no_form = call(world, &seller, Method::POST, &to).json(&json!({})).await;
        assert_eq!(no_form.refusal(), (415, "not-multipart"));
    })
    .await;
}

#[tokio::test]
async fn the_gallery_is_put_in_order_and_a_photo_taken_out() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let mut photos = Vec::new();
        for shade in 0..3 {
            let added = upload(world, &seller, id, &format!("k{shade}"), &png([shade, 0, 0])).await;
            photos.push(added.body["id"].as_str().unwrap().to_owned());
        }
        let to = format!("/api/v1/listings/{id}/photos");
        let ordered = call(world, &seller, Method::PUT, &to).json(&json!({ "photos": [photos[2]] })).await;
        let order: Vec<_> =
            ordered.body["photos"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert_eq!(order, [&photos[2], &photos[0], &photos[1]]);
        let gone = call(world, &seller, Method::DELETE, &format!("{to}/{}", photos[2])).send().await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        let again = call(world, &seller, Method::DELETE, &format!("{to}/{}", photos[2])).send().await;
        assert_eq!(again.refusal(), (404, "not-found"));
        assert_eq!(world.view(id).await.photos.len(), 2);
    })
    .await;
}
