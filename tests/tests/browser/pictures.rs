//! The pictures of the documentation, taken by `cargo xtask screenshots` from a demo city whose photos are drawn.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use luhuan_tests::gateway::{Gateway, Launch};
use luhuan_tests::{Actor, Browser, Client, Screen, environment};
use serde_json::Value;
use thirtyfour::prelude::*;

/// Where the pictures go.
const FOLDER: &str = "LUHUAN_TEST_PICTURES";

/// A picture in the documentation is loaded by its readers.
const LARGEST: u64 = 250_000;

/// How long the demo may take to draw all its photos.
const DRAWN_WITHIN: Duration = Duration::from_secs(900);

#[tokio::test]
#[ignore = "draws the documentation's pictures: cargo xtask screenshots"]
async fn the_pictures_of_the_documentation() {
    let folder = PathBuf::from(environment::required(FOLDER));
    let data = environment::folder("pictures-");
    let launch = Launch {
        data: data.path().join("data"),
        database_url: None,
        arguments: vec!["--demo".to_owned()],
        variables: Vec::new(),
    };
    let gateway = Gateway::start(&launch).await;
    let client = Client::new(gateway.origin());
    let accounts: Vec<Value> =
        serde_json::from_str(&launch.print(&["demo", "accounts", "--json"], "")).unwrap();
    let resident = seller(&client, &accounts).await;
    everything_is_drawn(&client, &gateway).await;
    let listing = shown(&client).await;
    let photos = photos_of(&client, &listing, data.path()).await;

    let pages = [
        ("home", "/".to_owned()),
        ("search", "/search?q=手机".to_owned()),
        ("listing", format!("/listings/{listing}")),
        ("mine", "/me/listings".to_owned()),
        ("profile", "/me".to_owned()),
    ];
    for screen in Screen::ALL {
        let browser = Browser::start(screen).await;
        sign_in(&browser, &client, &resident).await;
        for (name, path) in &pages {
            take(&browser, &client.url(path), &folder, screen, name).await;
        }
        browser.open(&client.url("/listings/new?category=bikes-mountain")).await;
        browser.find(By::Id("f-photo")).await.unwrap().send_keys(&photos).await.unwrap();
        browser
            .find(By::Id("f-title"))
            .await
            .unwrap()
            .send_keys("捷安特 ATX 777 山地车 车况好")
            .await
            .unwrap();
        browser.execute("document.activeElement.blur(); scrollTo(0, 0)", Vec::new()).await.unwrap();
        take_shown(&browser, &folder, screen, "post").await;
        let browser = Browser::builder(screen).language("en").start().await;
        sign_in(&browser, &client, &resident).await;
        take(&browser, &client.url("/"), &folder, screen, "home-en").await;
        let browser = Browser::builder(screen).dark().start().await;
        sign_in(&browser, &client, &resident).await;
        take(&browser, &client.url("/"), &folder, screen, "home-dark").await;
    }
}

/// A resident with at least two things on offer.
async fn seller(client: &Client, accounts: &[Value]) -> Actor {
    for account in accounts.iter().filter(|account| account["role"] == "resident").take(60) {
        let login = account["login"].as_str().unwrap();
        let actor = Actor::sign_in(client, login, account["password"].as_str().unwrap()).await;
        let mine = actor.get("/api/v1/me/listings").await.expect(200).json();
        if mine["counts"]["published"].as_i64() >= Some(2) {
            return actor;
        }
    }
    panic!("no resident has two things on offer");
}

/// Waits until every photo is drawn: no job is done any more.
async fn everything_is_drawn(client: &Client, gateway: &Gateway) {
    let start = Instant::now();
    let done = async || {
        let metrics = client.get("/metrics").await.expect(200).text();
        let line = metrics
            .lines()
            .find(|line| line.starts_with("luhuan_jobs_total{kind=\"demo-photos\""))
            .map(str::to_owned);
        line.and_then(|line| line.rsplit(' ').next().and_then(|count| count.parse::<u64>().ok()))
            .unwrap_or_default()
    };
    let mut last = done().await;
    loop {
        tokio::time::sleep(Duration::from_secs(8)).await;
        let now = done().await;
        if now == last && now > 0 {
            return;
        }
        last = now;
        assert!(start.elapsed() < DRAWN_WITHIN, "the photos are not drawn:\n{}", gateway.log());
    }
}

/// The listing to show: on offer, with several photos.
async fn shown(client: &Client) -> String {
    let found =
        client.query("/api/v1/search/listings", &[("category", "bikes-mountain"), ("limit", "20")]).await;
    let all = client.query("/api/v1/search/listings", &[("limit", "50")]).await.expect(200).json();
    let found = found.expect(200).json();
    let items = found["items"].as_array().unwrap().iter().chain(all["items"].as_array().unwrap());
    for item in items {
        let id = item["id"].as_str().unwrap();
        let listing = client.get(&format!("/api/v1/listings/{id}")).await.expect(200).json();
        if listing["photos"].as_array().unwrap().len() >= 3 {
            return id.to_owned();
        }
    }
    panic!("no listing has three photos");
}

async fn sign_in(browser: &Browser, client: &Client, resident: &Actor) {
    browser.open(&client.url("/robots.txt")).await;
    browser.add_cookie(Cookie::new("lh_session", resident.token().unwrap())).await.unwrap();
}

/// A listing's first photos as files, the way a form takes several: a line each.
async fn photos_of(client: &Client, listing: &str, folder: &Path) -> String {
    let listing = client.get(&format!("/api/v1/listings/{listing}")).await.expect(200).json();
    let mut paths = Vec::new();
    for photo in listing["photos"].as_array().unwrap().iter().take(3) {
        let id = photo["id"].as_str().unwrap();
        let path = folder.join(format!("{id}.jpg"));
        std::fs::write(&path, client.get(&format!("/photos/{id}/800.jpg")).await.expect(200).body).unwrap();
        paths.push(path.to_str().unwrap().to_owned());
    }
    paths.join("\n")
}

async fn take(browser: &Browser, url: &str, folder: &Path, screen: Screen, name: &str) {
    browser.open(url).await;
    take_shown(browser, folder, screen, name).await;
}

async fn take_shown(browser: &Browser, folder: &Path, screen: Screen, name: &str) {
    let loaded = "const done = arguments[arguments.length - 1]; \
                  const wait = () => [...document.images].every(i => i.complete || i.loading === 'lazy') ? done(true) : setTimeout(wait, 50); wait();";
    browser.execute_async(loaded, Vec::new()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let width = if screen == Screen::Phone { "phone" } else { "desktop" };
    let path = folder.join(format!("{name}-{width}.png"));
    browser.screenshot(&path).await;
    let bytes = squeeze(&path);
    assert!(bytes <= LARGEST, "{} has {bytes} bytes", path.display());
    let size = image::image_dimensions(&path).unwrap();
    assert_eq!(size, screen.size(), "{name}");
}

/// Writes a picture again as small as the format can, and answers its size: without loss where that is small enough,
/// else with the lowest bits of each colour rounded away, which nobody sees and soft shadows do not compress with.
fn squeeze(path: &Path) -> u64 {
    let picture = image::open(path).unwrap().to_rgb8();
    let mut bytes = png(&picture);
    if bytes.len() as u64 > LARGEST {
        let mut rounded = picture;
        rounded.iter_mut().for_each(|level| *level = (*level & 0xf8) | (*level >> 5));
        bytes = png(&rounded);
    }
    std::fs::write(path, &bytes).unwrap();
    bytes.len() as u64
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive)
        .write_image(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}
