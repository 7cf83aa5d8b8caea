//! kill -9 amid publishing: what was acknowledged is there and findable, nothing twice, no half photo.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use luhuan_tests::client::{IDEMPOTENCY_KEY, fresh_key};
use luhuan_tests::{Actor, Answer, Store, World, photo};
use reqwest::{Method, multipart};
use serde_json::{Value, json};

const LISTINGS: usize = 500;

/// So many are under way at once.
const AT_ONCE: usize = 16;

const SELLERS: usize = 8;

/// Every so many listings have a photo.
const PHOTO_EACH: usize = 10;

/// The gateway dies once so many were acknowledged.
const DIES_AFTER: usize = 200;

/// After the restart's readiness, by when all that was acknowledged is findable.
const FINDABLE_AFTER_RESTART: Duration = Duration::from_secs(3);

/// One listing to be, with the keys by which a repetition is known.
struct Job {
    seller: Actor,
    body: Value,
    photo: Option<Vec<u8>>,
    keys: [String; 3],
}

/// How far a job came, by the answers that arrived.
#[derive(Clone, Default)]
struct Done {
    listing: Option<String>,
    photo: Option<Value>,
    published: bool,
}

impl Job {
    fn new(world: &World, sellers: &[Actor], number: usize) -> Self {
        let seller = sellers[number % sellers.len()].clone();
        let body = world.listing().title(&format!("书架 {number:03} 号")).body();
        let index = u32::try_from(number).unwrap();
        let photo = number.is_multiple_of(PHOTO_EACH).then(|| photo::jpeg(900, 600, index));
        Self { seller, body, photo, keys: [fresh_key(), fresh_key(), fresh_key()] }
    }

    /// Creates, illustrates and publishes; stops at the first answer that does not come.
    async fn run(&self) -> Done {
        let mut done = Done::default();
        let create = self.seller.request(Method::POST, "/api/v1/listings").json(&self.body);
        let Some(created) = self.send(create, 0).await else { return done };
        let id = created.expect(201).json()["id"].as_str().unwrap().to_owned();
        done.listing = Some(id.clone());
        if let Some(content) = &self.photo {
            let part =
                multipart::Part::bytes(content.clone()).file_name("a.jpg").mime_str("image/jpeg").unwrap();
            let path = format!("/api/v1/listings/{id}/photos");
            let upload = self
                .seller
                .request(Method::POST, &path)
                .multipart(multipart::Form::new().part("photo", part));
            let Some(added) = self.send(upload, 1).await else { return done };
            done.photo = Some(added.expect(201).json());
        }
        let publish = self.seller.request(Method::POST, &format!("/api/v1/listings/{id}/publish"));
        if let Some(published) = self.send(publish, 2).await {
            assert_eq!(published.expect(200).json()["state"], "published");
            done.published = true;
        }
        done
    }

    async fn send(&self, request: reqwest::RequestBuilder, key: usize) -> Option<Answer> {
        self.seller.try_send(request.header(IDEMPOTENCY_KEY, &self.keys[key])).await.ok()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_amid_500_publishes_sqlite_loses_and_doubles_nothing() {
    survives_a_kill(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_amid_500_publishes_postgres_loses_and_doubles_nothing() {
    survives_a_kill(Store::Postgres).await;
}

async fn survives_a_kill(store: Store) {
    let mut world = World::start_on(store).await;
    let mut sellers = Vec::new();
    for number in 0..SELLERS {
        sellers.push(Actor::sign_up(world.anonymous(), &format!("卖家{number}")).await);
    }
    let jobs: Arc<Vec<Job>> =
        Arc::new((0..LISTINGS).map(|number| Job::new(&world, &sellers, number)).collect());

    let before = run_until_killed(&mut world, &jobs).await;
    let acknowledged = before.iter().filter(|done| done.published).count();
    assert!((DIES_AFTER..LISTINGS).contains(&acknowledged), "{acknowledged} were acknowledged");
    world.restart().await;
    let ready = Instant::now();

    for done in before.iter().filter(|done| done.published) {
        assert_is_whole(&world, done).await;
    }
    let acknowledged: HashSet<String> =
        before.iter().filter(|done| done.published).filter_map(|done| done.listing.clone()).collect();
    find_all(&world, &sellers, &acknowledged, FINDABLE_AFTER_RESTART.saturating_sub(ready.elapsed())).await;

    // The clients repeat what they had no answer to, and end with each listing once.
    let after: Vec<Done> = stream::iter(jobs.iter()).map(Job::run).buffered(AT_ONCE).collect().await;
    for (before, after) in before.iter().zip(&after) {
        assert!(after.published);
        if before.listing.is_some() {
            assert_eq!(before.listing, after.listing, "a repetition is known by its key");
        }
        if before.photo.is_some() {
            assert_eq!(before.photo, after.photo);
        }
    }
    let all: HashSet<String> = after.iter().filter_map(|done| done.listing.clone()).collect();
    assert_eq!(all.len(), LISTINGS);
    let listed = browse_all(&world).await;
    assert_eq!(listed.len(), LISTINGS, "each title is there once");
    for done in after.iter().filter(|done| done.photo.is_some()) {
        assert_is_whole(&world, done).await;
    }
    find_all(&world, &sellers, &all, FINDABLE_AFTER_RESTART).await;
}

/// Runs the jobs, 16 at once, and kills the gateway among them. Answers how far each came.
async fn run_until_killed(world: &mut World, jobs: &Arc<Vec<Job>>) -> Vec<Done> {
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&acknowledged);
    let jobs = Arc::clone(jobs);
    let clients = tokio::spawn(async move {
        let run = async |job: &Job| {
            let done = job.run().await;
            counted.fetch_add(usize::from(done.published), Ordering::Relaxed);
            done
        };
        stream::iter(jobs.iter()).map(run).buffered(AT_ONCE).collect::<Vec<Done>>().await
    });
    while acknowledged.load(Ordering::Relaxed) < DIES_AFTER {
        assert!(!clients.is_finished(), "the clients ended before the gateway did");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    world.kill9();
    clients.await.unwrap()
}

/// The listing of an acknowledged publish is on offer, and its photo can be had in every width.
async fn assert_is_whole(world: &World, done: &Done) {
    let id = done.listing.as_deref().unwrap();
    let seen = world.anonymous().get(&format!("/api/v1/listings/{id}")).await.expect(200).json();
    assert_eq!(seen["state"], "published");
    let photos = seen["photos"].as_array().unwrap();
    assert_eq!(photos.len(), usize::from(done.photo.is_some()), "{seen}");
    for photo in photos {
        for width in photo["widths"].as_array().unwrap() {
            let path = format!("/photos/{}/{width}.jpg", photo["id"].as_str().unwrap());
            let served = world.anonymous().get(&path).await.expect(200);
            let decoded = image::load_from_memory(&served.body).expect("a whole photo");
            assert_eq!(u64::from(decoded.width()), width.as_u64().unwrap());
        }
    }
}

/// Searches until every one of `wanted` is found, and asserts that none is found twice.
async fn find_all(world: &World, sellers: &[Actor], wanted: &HashSet<String>, limit: Duration) {
    let start = Instant::now();
    loop {
        let found = search_all(world, sellers).await;
        let missing = wanted.iter().filter(|id| !found.contains_key(*id)).count();
        assert!(found.values().all(|times| *times == 1), "something is found twice");
        if missing == 0 {
            return;
        }
        assert!(start.elapsed() < limit, "{missing} of {} cannot be found after {limit:?}", wanted.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How often each listing is among the results, over all pages, seller by seller.
async fn search_all(world: &World, sellers: &[Actor]) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    for seller in sellers {
        let me = seller.get("/api/v1/me").await.expect(200).json()["id"].as_str().unwrap().to_owned();
        let parameters = [("q", "书架"), ("seller", me.as_str()), ("limit", "100"), ("facets", "")];
        let page = world.search(&parameters).await;
        assert!(page["next"].is_null() && page["degraded"] == false, "{}", page["total"]);
        for item in page["items"].as_array().unwrap() {
            *found.entry(item["id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    found
}

/// The titles of all that is on offer, by the database.
async fn browse_all(world: &World) -> HashSet<String> {
    let (mut titles, mut items, mut after) = (HashSet::new(), 0, None::<String>);
    loop {
        let mut parameters = vec![("limit", "100")];
        parameters.extend(after.as_deref().map(|after| ("after", after)));
        let page = world.anonymous().query("/api/v1/listings", &parameters).await.expect(200).json();
        for item in page["items"].as_array().unwrap() {
            items += 1;
            titles.insert(item["title"].to_string());
        }
        after = page["next"].as_str().map(str::to_owned);
        if after.is_none() {
            assert_eq!(items, titles.len(), "a title is there twice: {}", json!(items));
            return titles;
        }
    }
}
