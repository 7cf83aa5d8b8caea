//! `/api/v1/listings/{id}/photos` and the photos as served.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat};
use luhuan_tests::client::UploadFile;
use luhuan_tests::s3::Bucket;
use luhuan_tests::{Answer, Listing, World, photo, redacted};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn every_format_is_served_as_jpeg_in_its_widths_for_ever() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let formats = [photo::jpeg(1700, 1200, 1), photo::png(900, 600, 2), photo::webp(300, 400, 3)];
    let mut answers = Vec::new();
    for content in formats {
        answers.push(listing.add_photo(UploadFile::jpeg(content)).await.expect(201).json());
    }
    let widths: Vec<&Value> = answers.iter().map(|answer| &answer["widths"]).collect();
    assert_eq!(widths, [&json!([320, 800, 1600]), &json!([320, 800, 900]), &json!([300])]);
    for answer in &answers {
        for (width, served) in renditions(&world, answer).await {
            assert_eq!(served.header("content-type"), Some("image/jpeg"));
            assert_eq!(served.header("cache-control"), Some("public, max-age=31536000, immutable"));
            assert_eq!(image::load_from_memory(&served.body).unwrap().width(), width);
        }
    }
}

#[tokio::test]
async fn where_a_photo_was_taken_is_gone() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let upload = photo::jpeg_with_gps(800, 600);
    assert!(contains(&upload, b"LUHUAN-GPS"));
    let answer = listing.add_photo(UploadFile::jpeg(upload)).await.expect(201).json();
    for (width, served) in renditions(&world, &answer).await {
        assert!(!contains(&served.body, b"LUHUAN-GPS") && !contains(&served.body, b"Exif"), "{width}");
    }
}

#[tokio::test]
async fn what_hides_behind_a_picture_is_not_served() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let mut polyglot = photo::jpeg(400, 300, 1);
    polyglot.extend(b"<script>alert(document.domain)</script>PK\x03\x04");
    let answer = listing.add_photo(UploadFile::jpeg(polyglot)).await;
    if answer.status == 201 {
        for (_, served) in renditions(&world, &answer.json()).await {
            assert!(!contains(&served.body, b"<script>") && !contains(&served.body, b"PK\x03\x04"));
        }
    } else {
        answer.expect_problem(422, "photo-refused");
    }
}

#[tokio::test]
async fn a_decompression_bomb_is_refused_within_the_memory_limit() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let refused = listing.add_photo(UploadFile::jpeg(blank_png(8_000, 8_000))).await;
    insta::assert_json_snapshot!(redacted(&refused.expect_problem(422, "photo-refused")));
    assert!(peak_memory_mib(world.gateway().pid()) < 300, "{} MiB", peak_memory_mib(world.gateway().pid()));
}

#[tokio::test]
async fn a_photo_cut_off_half_way_is_refused() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    for whole in [photo::jpeg(800, 600, 1), photo::png(800, 600, 1), photo::webp(800, 600, 1)] {
        let half = whole[..whole.len() / 2].to_vec();
        let refused = listing.add_photo(UploadFile::jpeg(half)).await.expect_problem(422, "photo-refused");
        assert_eq!(refused["errors"][0]["code"], "listing-photo-truncated", "{refused}");
    }
    assert_eq!(listing.read().await["photos"], json!([]));
}

#[tokio::test]
async fn what_is_no_photo_is_refused_with_a_reason() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let code = async |content: &[u8], status: u16| {
        let refused = listing.add_photo(UploadFile::jpeg(content.to_vec())).await;
        refused.expect_problem(status, "photo-refused")["errors"][0]["code"].clone()
    };
    assert_eq!(code(b"<html>not a picture</html>", 422).await, "listing-photo-not-a-picture");
    assert_eq!(code(b"", 422).await, "listing-photo-not-a-picture");
    assert_eq!(code(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", 415).await, "listing-photo-unsupported-format");
}

#[tokio::test]
async fn thirteen_mebibytes_are_too_many() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let mut large = photo::jpeg(400, 300, 1);
    large.resize(13 << 20, 0);
    let refused = listing.add_photo(UploadFile::jpeg(large)).await;
    assert_eq!(refused.status, 413, "{}", refused.text());
}

#[tokio::test]
async fn nine_photos_are_the_most_and_their_order_is_the_sellers() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let mut ids = Vec::new();
    for number in 0..9 {
        let answer = listing.add_photo(UploadFile::jpeg(photo::jpeg(340, 200, number))).await.expect(201);
        ids.push(answer.json()["id"].as_str().unwrap().to_owned());
    }
    let tenth = listing.add_photo(UploadFile::jpeg(photo::jpeg(340, 200, 10))).await;
    tenth.expect_problem(409, "listing-photos-full");
    let order = json!({"photos": [ids[8], ids[0]]});
    let put = listing.seller.request(Method::PUT, &listing.command_path("photos")).json(&order);
    let _ = listing.seller.send(put).await.expect(200);
    assert_eq!(gallery(&listing).await[..3], [ids[8].clone(), ids[0].clone(), ids[1].clone()]);
    let removed = format!("{}/{}", listing.command_path("photos"), ids[8]);
    let _ = listing.seller.delete(&removed).await.expect(204);
    listing.seller.delete(&removed).await.expect_problem(404, "not-found");
    assert_eq!(gallery(&listing).await[0], ids[0]);
}

#[tokio::test]
async fn only_the_seller_adds_photos() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    let stranger = world.resident().await;
    let file = UploadFile::jpeg(photo::jpeg(340, 200, 1));
    let refused = stranger.upload(&listing.command_path("photos"), "photo", file).await;
    refused.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn an_upload_is_a_form_with_a_field_named_photo() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let path = listing.command_path("photos");
    listing.seller.post(&path, &json!({"photo": "x"})).await.expect_problem(415, "not-multipart");
    let file = UploadFile::jpeg(photo::jpeg(340, 200, 1));
    let refused = listing.seller.upload(&path, "picture", file).await.expect_problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "photo");
}

#[tokio::test]
async fn a_photo_that_is_not_there_is_a_404() {
    let world = World::start().await;
    let listing = world.listing().photo().published().await;
    let id = gallery(&listing).await.remove(0);
    for path in [
        format!("/photos/{id}/321.jpg"),
        format!("/photos/{id}/320.png"),
        "/photos/..%2f..%2fsecret.key/320.jpg".to_owned(),
        "/photos/01a20e62-a0cf-7862-9345-1bbc8d59a4ce/320.jpg".to_owned(),
    ] {
        let answer = world.anonymous().get(&path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn photos_are_kept_in_an_s3_bucket_where_the_operator_says_so() {
    let bucket = Bucket::create().await;
    let world = World::builder()
        .variable("LUHUAN_BLOBS_BUCKET", &bucket.name)
        .variable("LUHUAN_BLOBS_ENDPOINT", &bucket.endpoint)
        .variable("LUHUAN_BLOBS_ACCESS_KEY", "test")
        .variable("LUHUAN_BLOBS_SECRET_KEY", "test")
        .start()
        .await;
    let listing = world.listing().photo().published().await;
    let seen = world.anonymous().get(&listing.path()).await.expect(200).json();
    assert!(!renditions(&world, &seen["photos"][0]).await.is_empty());
    assert!(!world.data().join("blobs").exists(), "nothing is kept in the data folder");
}

/// Every rendition of a photo, as served.
async fn renditions(world: &World, photo: &Value) -> Vec<(u32, Answer)> {
    let mut served = Vec::new();
    for width in photo["widths"].as_array().unwrap() {
        let path = format!("/photos/{}/{width}.jpg", photo["id"].as_str().unwrap());
        let answer = world.anonymous().get(&path).await.expect(200);
        served.push((u32::try_from(width.as_u64().unwrap()).unwrap(), answer));
    }
    served
}

async fn gallery(listing: &Listing) -> Vec<String> {
    let photos = listing.read().await["photos"].clone();
    photos.as_array().unwrap().iter().map(|photo| photo["id"].as_str().unwrap().to_owned()).collect()
}

/// A few kilobytes that become a byte a pixel.
fn blank_png(width: u32, height: u32) -> Vec<u8> {
    let mut content = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(GrayImage::new(width, height)).write_to(&mut content, ImageFormat::Png).unwrap();
    content.into_inner()
}

/// The most resident memory that a process ever had, as Linux tells.
fn peak_memory_mib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
