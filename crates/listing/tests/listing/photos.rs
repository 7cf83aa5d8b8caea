//! Photos: kept whole, at most nine, in order, without codes that lead away.

use http::StatusCode;
use luhuan_kernel::{Actor, Id};
use luhuan_listing::{Error, Listing, Photo, Settings, contact::ContactPolicy, entity::listing, model::Move};
use luhuan_store::{Blobs, blobs};

use crate::support::{
    World, at_once, bike, command, commit, each, listings, png, refusal, refused_fields, settings,
};

async fn add(world: &World<'_>, seller: &Actor, id: Id<Listing>, shade: u8) -> Result<Id<Photo>, Error> {
    let kept = world.listings.keep_photo(png([shade, 10, 10])).await?;
    command!(world, attach_photo, seller, id, &kept).map(|photo| photo.id)
}

async fn gallery(world: &World<'_>, id: Id<Listing>) -> Vec<Id<Photo>> {
    world.view(id).await.photos.into_iter().map(|photo| photo.id).collect()
}

async fn with_photos(world: &World<'_>, seller: &Actor, count: u8) -> (listing::Model, Vec<Id<Photo>>) {
    let draft = world.draft(seller, bike()).await;
    let mut photos = Vec::new();
    for shade in 0..count {
        photos.push(add(world, seller, draft.id, shade).await.unwrap());
    }
    (draft, photos)
}

#[tokio::test]
async fn a_photo_is_kept_in_its_widths_and_shown_in_the_gallery() {
    each(async |world| {
        let seller = world.person();
        let (draft, photos) = with_photos(world, &seller, 1).await;
        let view = world.view(draft.id).await;
        let photo = &view.photos[0];
        assert_eq!(
            (photo.id, photo.width, photo.height, photo.widths.as_slice()),
            (photos[0], 40, 30, &[40][..])
        );
        assert!(photo.colour.starts_with('#'));
        assert_eq!(view.row.version, draft.version + 1);
        let jpeg = world.listings.photo_bytes(photos[0], 40).await.unwrap().unwrap();
        assert!(jpeg.starts_with(b"\xff\xd8\xff"));
        assert_eq!(world.listings.photo_bytes(photos[0], 41).await.unwrap(), None);
        assert_eq!(world.told().await.last().unwrap(), "listing.edited");
    })
    .await;
}

#[tokio::test]
async fn the_tenth_photo_finds_no_room() {
    each(async |world| {
        let seller = world.person();
        let (draft, _) = with_photos(world, &seller, 9).await;
        let refused = add(world, &seller, draft.id, 99).await.unwrap_err();
        assert_eq!(refusal(refused), (StatusCode::CONFLICT, "listing-photos-full"));
        assert_eq!(gallery(world, draft.id).await.len(), 9);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_photos_at_once_nine_find_room() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let outcomes = at_once((0..14).map(|shade| {
            let (listings, seller) = (world.listings.clone(), seller.clone());
            async move {
                let kept = listings.keep_photo(png([shade, 0, 0])).await.unwrap();
                commit(listings, async move |listings, uow| {
                    listings.attach_photo(uow, &seller, id, &kept).await
                })
                .await
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 9);
        assert!(
            outcomes.iter().filter_map(|it| it.as_ref().err()).all(|it| matches!(it, Error::TooManyPhotos))
        );
        let positions =
            world.column("SELECT CAST(position AS text) AS it FROM photo ORDER BY position").await;
        assert_eq!(positions, ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
    })
    .await;
}

#[tokio::test]
async fn the_order_is_the_sellers_and_those_not_named_follow() {
    each(async |world| {
        let seller = world.person();
        let (draft, photos) = with_photos(world, &seller, 4).await;
        command!(world, order_photos, &seller, draft.id, &[photos[2], photos[0], photos[2]]).unwrap();
        assert_eq!(gallery(world, draft.id).await, [photos[2], photos[0], photos[1], photos[3]]);
        let cards = world.listings.cards_of(&seller, &[draft.id]).await.unwrap();
        assert_eq!(cards[0].cover.as_ref().unwrap().id, photos[2]);
        let (other, foreign) = with_photos(world, &seller, 1).await;
        let refused = command!(world, order_photos, &seller, draft.id, &foreign).unwrap_err();
        assert!(matches!(refused, Error::NotFound));
        assert_eq!(gallery(world, other.id).await, foreign);
    })
    .await;
}

#[tokio::test]
async fn a_photo_taken_out_leaves_no_gap_and_makes_room() {
    each(async |world| {
        let seller = world.person();
        let (draft, photos) = with_photos(world, &seller, 9).await;
        command!(world, remove_photo, &seller, draft.id, photos[0]).unwrap();
        assert_eq!(gallery(world, draft.id).await, photos[1..]);
        let cards = world.listings.cards_of(&seller, &[draft.id]).await.unwrap();
        assert_eq!(cards[0].cover.as_ref().unwrap().id, photos[1]);
        let refused = command!(world, remove_photo, &seller, draft.id, photos[0]).unwrap_err();
        assert!(matches!(refused, Error::NotFound));
        let new = add(world, &seller, draft.id, 50).await.unwrap();
        assert_eq!(gallery(world, draft.id).await.last(), Some(&new));
    })
    .await;
}

#[tokio::test]
async fn photos_of_a_sold_listing_or_of_a_stranger_are_not_touched() {
    each(async |world| {
        let seller = world.person();
        let (draft, photos) = with_photos(world, &seller, 1).await;
        world.publish(&seller, draft.id).await.unwrap();
        let stranger = world.person();
        assert!(matches!(world.listings.may_attach_photo(&stranger, draft.id).await, Err(Error::Forbidden)));
        assert!(matches!(add(world, &stranger, draft.id, 1).await, Err(Error::Forbidden)));
        assert!(matches!(
            command!(world, remove_photo, &stranger, draft.id, photos[0]),
            Err(Error::Forbidden)
        ));
        world.settle(draft.id, Move::Sell).await.unwrap();
        assert!(matches!(
            world.listings.may_attach_photo(&seller, draft.id).await,
            Err(Error::NotEditable(_))
        ));
        assert!(matches!(
            command!(world, order_photos, &seller, draft.id, &photos),
            Err(Error::NotEditable(_))
        ));
    })
    .await;
}

#[tokio::test]
async fn a_code_that_leads_away_is_refused_and_one_that_does_not_is_kept() {
    each(async |world| {
        for contacts in [ContactPolicy::Mask, ContactPolicy::Refuse] {
            let listings =
                listings(world.store(), &world.database.blobs, Settings { contacts, ..settings() });
            let refused = listings.keep_photo(code(PAYMENT)).await.unwrap_err();
            assert_eq!(refused_fields(&refused), [("photo", "photo-has-code")]);
            listings.keep_photo(code(SERIAL)).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_photo_is_refused_with_its_reason() {
    each(async |world| {
        for (bytes, status) in [
            (&b"GIF89a nothing"[..], StatusCode::UNSUPPORTED_MEDIA_TYPE),
            (&png([1, 1, 1])[..60], StatusCode::UNPROCESSABLE_ENTITY),
            (&b"<html>"[..], StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let refused = world.listings.keep_photo(bytes.to_vec().into()).await.unwrap_err();
            assert_eq!(refusal(refused), (status, "photo-refused"));
        }
        assert!(world.database.blobs.list("photos").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_photo_that_needs_more_than_the_whole_budget_is_still_taken_alone() {
    each(async |world| {
        let settings = Settings { photo_memory_mib: 1, ..settings() };
        let narrow = listings(world.store(), &world.database.blobs, settings);
        let large = large();
        let outcomes = at_once((0..4).map(|_| {
            let (narrow, large) = (narrow.clone(), large.clone());
            async move { narrow.keep_photo(large).await.is_ok() }
        }))
        .await;
        assert_eq!(outcomes, [true; 4]);
    })
    .await;
}

/// A picture whose pixels take more than a mebibyte.
fn large() -> bytes::Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(900, 700, image::Rgb([90, 120, 60]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

#[tokio::test]
async fn a_photo_that_cannot_be_kept_whole_leaves_nothing_behind() {
    each(async |world| {
        let folder = world.database.folder().join("half");
        let blobs = Blobs::open(&blobs::Settings::Folder(folder.clone())).unwrap();
        let listings = listings(world.store(), &blobs, settings());
        let kept = listings.keep_photo(large()).await.unwrap();
        listings.drop_photo(&kept).await;
        assert!(blobs.list("photos").await.unwrap().is_empty());
        // A file where the folder of photos should be: nothing can be put below it.
        std::fs::remove_dir_all(folder.join("photos")).unwrap();
        std::fs::write(folder.join("photos"), b"").unwrap();
        assert!(matches!(listings.keep_photo(large()).await, Err(Error::Store(_))));
    })
    .await;
}

#[tokio::test]
async fn the_sweep_takes_what_no_listing_shows_once_it_is_a_day_old() {
    each(async |world| {
        let seller = world.person();
        let (draft, photos) = with_photos(world, &seller, 2).await;
        world.listings.keep_photo(png([200, 0, 0])).await.unwrap();
        command!(world, remove_photo, &seller, draft.id, photos[1]).unwrap();
        world.database.blobs.put("photos/no-id/1.jpg", b"?".to_vec().into()).await.unwrap();
        assert_eq!(world.listings.sweep_photos().await.unwrap(), 0);
        world.clock.advance_seconds(86_401);
        let young = world.listings.keep_photo(large()).await.unwrap();
        assert_eq!(world.listings.sweep_photos().await.unwrap(), 2);
        assert!(world.listings.photo_bytes(photos[0], 40).await.unwrap().is_some());
        assert_eq!(world.listings.photo_bytes(photos[1], 40).await.unwrap(), None);
        let view = command!(world, attach_photo, &seller, draft.id, &young).unwrap();
        assert!(world.listings.photo_bytes(view.id, 320).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn photos_are_kept_in_an_s3_store_as_in_a_folder() {
    let Ok(endpoint) = std::env::var("LUHUAN_TEST_S3") else { return };
    let bucket = make_bucket(&endpoint);
    let settings_of_store = blobs::Settings::S3 {
        bucket,
        endpoint: Some(endpoint),
        region: "us-east-1".to_owned(),
        access_key: "test".to_owned(),
        secret_key: luhuan_kernel::Secret::new("test".to_owned()),
    };
    let blobs = Blobs::open(&settings_of_store).unwrap();
    each(async |world| {
        let seller = world.person();
        let remote = World {
            listings: listings(world.store(), &blobs, settings()),
            clock: world.clock.clone(),
            ..*world
        };
        let (draft, photos) = with_photos(&remote, &seller, 2).await;
        assert!(
            remote.listings.photo_bytes(photos[0], 40).await.unwrap().unwrap().starts_with(b"\xff\xd8\xff")
        );
        command!(remote, remove_photo, &seller, draft.id, photos[0]).unwrap();
        remote.clock.advance_seconds(86_401);
        assert_eq!(remote.listings.sweep_photos().await.unwrap(), 1);
        assert_eq!(remote.listings.photo_bytes(photos[0], 40).await.unwrap(), None);
        assert!(remote.listings.photo_bytes(photos[1], 40).await.unwrap().is_some());
        remote.database.blobs.check().await.unwrap();
        // The next database of this test shares the bucket.
        blobs.delete(&format!("photos/{}/40.jpg", photos[1])).await.unwrap();
    })
    .await;
}

/// Makes a bucket of this test's own, in the few words that the protocol needs.
fn make_bucket(endpoint: &str) -> String {
    use std::io::{Read, Write};
    let host = endpoint.trim_start_matches("http://");
    let bucket = format!("photos-{}", luhuan_kernel::random::digits(12));
    let mut server = std::net::TcpStream::connect(host).unwrap();
    let request =
        format!("PUT /{bucket} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    server.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    server.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("200 OK"), "{answer}");
    bucket
}

/// A photo with a code held into it.
fn code(modules: &[&str]) -> bytes::Bytes {
    const MODULE: usize = 9;
    let side = u32::try_from((modules.len() + 8) * MODULE).unwrap();
    let dark = |x: u32, y: u32| {
        let place = |at: u32| (at as usize / MODULE).checked_sub(4);
        let cell = place(y).zip(place(x)).and_then(|(row, column)| modules.get(row)?.as_bytes().get(column));
        cell == Some(&b'#')
    };
    let image =
        image::GrayImage::from_fn(side, side, |x, y| image::Luma([if dark(x, y) { 20 } else { 235 }]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

/// `wxp://f2f0abc123`, as any generator draws it.
const PAYMENT: &[&str] = &[
    "#######.#.#.#.###.#######",
    "#.....#.###.###...#.....#",
    "#.###.#..#.#.#.#..#.###.#",
    "#.###.#..#.##...#.#.###.#",
    "#.###.#.....#..#..#.###.#",
    "#.....#..#.#....#.#.....#",
    "#######.#.#.#.#.#.#######",
    "...........##.##.........",
    ".#....#####....###.....##",
    "..##...#.#####.###..#.##.",
    "#.#...###..#.###..#.##.##",
    "##.#.....##..#.#..##....#",
    ".##..####.#..#.#..##...#.",
    "#.##...#..#....#...#..##.",
    "#....#####.#..###.#.#####",
    "#.#.#..#..#.#.#.###.#.##.",
    "#.#.#.#.#################",
    "........###.#..##...####.",
    "#######.#.#..##.#.#.#...#",
    "#.....#...##....#...#...#",
    "#.###.#..##..##########.#",
    "#.###.#..#.###.#.###.#.##",
    "#.###.#..#.#..##......#.#",
    "#.....#.#.##.##.#.#.##..#",
    "#######..#.#....##..##..#",
];

/// `SN A1B2-C3D4`, as any generator draws it.
const SERIAL: &[&str] = &[
    "#######.###...#######",
    "#.....#.#..#..#.....#",
    "#.###.#....##.#.###.#",
    "#.###.#..##.#.#.###.#",
    "#.###.#..#....#.###.#",
    "#.....#.....#.#.....#",
    "#######.#.#.#.#######",
    ".........#.#.........",
    ".#....###....#.....##",
    "#..###.##.###...##.#.",
    "#..##.#.....##....#..",
    ".##.#..#..#.#.###....",
    "#.....####...#.....##",
    "........#####..#.#.#.",
    "#######.#.#....#..##.",
    "#.....#...##..#...#..",
    "#.###.#..#.##..##.##.",
    "#.###.#..#.#####.#...",
    "#.###.#....###.###.##",
    "#.....#.#.#####...#.#",
    "#######..##.#.....#..",
];
