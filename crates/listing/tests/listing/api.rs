//! The JSON API as a client sees it, through the routes.

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};
use luhuan_kernel::{Actor, Id, Problem};
use luhuan_listing::{Listing, api};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{World, anonymous, bike, doubtful, each, electric_bike};

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) problem: Option<Problem>,
}

impl Answer {
    fn etag(&self) -> &str {
        self.headers[header::ETAG].to_str().unwrap()
    }

    /// The status and slug of a refusal.
    pub(crate) fn refusal(&self) -> (u16, &'static str) {
        (self.status.as_u16(), self.problem.as_ref().unwrap().slug())
    }
}

/// A request under way.
pub(crate) struct Call<'a> {
    world: &'a World<'a>,
    request: http::request::Builder,
}

pub(crate) fn call<'a>(world: &'a World<'a>, who: &Actor, method: Method, path: &str) -> Call<'a> {
    Call { world, request: Request::builder().method(method).uri(path).extension(who.clone()) }
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: impl Into<String>, value: &str) -> Self {
        self.request = self.request.header(name.into(), value);
        self
    }

    pub(crate) async fn json(self, body: &Value) -> Answer {
        self.header("content-type", "application/json").body(body.to_string().into()).await
    }

    pub(crate) async fn send(self) -> Answer {
        self.body(Body::empty()).await
    }

    pub(crate) async fn body(self, body: Body) -> Answer {
        let (router, _) = api::routes().split_for_parts();
        let router = router.with_state(self.world.listings.clone());
        let response = router.oneshot(self.request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
            problem: parts.extensions.get().cloned(),
        }
    }
}

async fn post(world: &World<'_>, who: &Actor, path: &str, body: &Value) -> Answer {
    call(world, who, Method::POST, path).json(body).await
}

async fn get(world: &World<'_>, who: &Actor, path: &str) -> Answer {
    call(world, who, Method::GET, path).send().await
}

/// The example that the API's description shows.
fn example(of: &str) -> Value {
    let document = serde_json::to_value(api::routes().split_for_parts().1).unwrap();
    document["components"]["schemas"][of]["example"].clone()
}

fn path(id: Id<Listing>) -> String {
    format!("/api/v1/listings/{id}")
}

#[tokio::test]
async fn the_examples_of_the_description_are_accepted_and_published() {
    each(async |world| {
        let seller = world.person();
        let created = post(world, &seller, "/api/v1/listings", &example("ListingInput")).await;
        assert_eq!(created.status, StatusCode::CREATED, "{:?}", created.problem);
        let path = format!("/api/v1/listings/{}", created.body["id"].as_str().unwrap());
        let published = call(world, &seller, Method::POST, &format!("{path}/publish")).send().await;
        assert_eq!((published.status, &published.body["state"]), (StatusCode::OK, &json!("published")));
        let patch = example("ListingPatch");
        let edited = call(world, &seller, Method::PATCH, &path).json(&patch).await;
        assert_eq!((edited.status, &edited.body["price_fen"]), (StatusCode::OK, &patch["price_fen"]));
    })
    .await;
}

#[tokio::test]
async fn creating_again_under_the_same_key_gives_the_first_answer() {
    each(async |world| {
        let seller = world.person();
        let create = async |title: &str| {
            let body = json!({ "title": title, "category": "bikes-mountain" });
            call(world, &seller, Method::POST, "/api/v1/listings")
                .header("Idempotency-Key", "k1")
                .json(&body)
                .await
        };
        let (first, second, other) = (create("山地车").await, create("山地车").await, create("公路车").await);
        assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED));
        assert_eq!((first.etag(), &first.body), (second.etag(), &second.body));
        assert_eq!(other.refusal(), (422, "idempotency-key-reused"));
        assert_eq!(world.column("SELECT title AS it FROM listing").await, ["山地车"]);
    })
    .await;
}

#[tokio::test]
async fn publishing_again_under_the_same_key_gives_the_first_answer_even_after_it_was_withdrawn() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let publish = async || {
            let call = call(world, &seller, Method::POST, &format!("{}/publish", path(id)));
            call.header("Idempotency-Key", "k1").send().await
        };
        let first = publish().await;
        assert_eq!(first.status, StatusCode::OK);
        let withdrawn = call(world, &seller, Method::POST, &format!("{}/withdraw", path(id))).send().await;
        assert_eq!(withdrawn.body["state"], "withdrawn");
        assert_eq!(publish().await.body, first.body);
        assert_eq!(get(world, &seller, &path(id)).await.body["state"], "withdrawn");
        let relisted = call(world, &seller, Method::POST, &format!("{}/relist", path(id))).send().await;
        assert_eq!((relisted.status, &relisted.body["state"]), (StatusCode::OK, &json!("published")));
    })
    .await;
}

#[tokio::test]
async fn a_key_whose_command_was_refused_may_be_used_for_the_next_try() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, electric_bike()).await.id;
        let publish = async || {
            let call = call(world, &seller, Method::POST, &format!("{}/publish", path(id)));
            call.header("Idempotency-Key", "k1").send().await
        };
        assert_eq!(publish().await.refusal(), (422, "invalid"));
        let patch = json!({ "statements": ["registration-transfer"] });
        let edited = call(world, &seller, Method::PATCH, &path(id)).json(&patch).await;
        assert_eq!(edited.body["statements"], patch["statements"]);
        assert_eq!(publish().await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn who_has_a_listing_already_is_told_so_without_its_body() {
    each(async |world| {
        let id = world.published(&world.person(), bike()).await.id;
        let first = get(world, &anonymous(), &path(id)).await;
        assert_eq!(first.status, StatusCode::OK);
        let again = async |tag: &str| {
            call(world, &anonymous(), Method::GET, &path(id)).header("If-None-Match", tag).send().await
        };
        let known = again(first.etag()).await;
        assert_eq!(
            (known.status, &known.body, known.etag()),
            (StatusCode::NOT_MODIFIED, &Value::Null, first.etag())
        );
        assert_eq!(again("\"1-0\"").await.status, StatusCode::OK);
        let tree = get(world, &anonymous(), "/api/v1/categories").await;
        let call = call(world, &anonymous(), Method::GET, "/api/v1/categories");
        assert_eq!(call.header("If-None-Match", tree.etag()).send().await.status, StatusCode::NOT_MODIFIED);
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_refused() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        let read = get(world, &seller, &path(id)).await;
        let edit = async |tag: &str, price: i64| {
            let call = call(world, &seller, Method::PATCH, &path(id)).header("If-Match", tag);
            call.json(&json!({ "price_fen": price })).await
        };
        let edited = edit(read.etag(), 70_000).await;
        assert_eq!((edited.status, &edited.body["version"]), (StatusCode::OK, &json!(3)));
        assert_eq!(edit(read.etag(), 60_000).await.refusal(), (412, "stale"));
        assert_eq!(edit("nonsense", 60_000).await.refusal(), (412, "stale"));
        assert_eq!(edit(edited.etag(), 60_000).await.status, StatusCode::OK);
        assert_eq!(edit("*", 50_000).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_change_is_read_at_once_in_the_process_that_made_it() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        assert_eq!(get(world, &anonymous(), &path(id)).await.body["price_fen"], 76_000);
        world.edit(&seller, id, |it| it.price_fen = Some(50_000)).await.unwrap();
        assert_eq!(get(world, &anonymous(), &path(id)).await.body["price_fen"], 50_000);
        call(world, &seller, Method::POST, &format!("{}/withdraw", path(id))).send().await;
        assert_eq!(get(world, &anonymous(), &path(id)).await.refusal(), (404, "not-found"));
    })
    .await;
}

#[tokio::test]
async fn what_a_seller_reads_of_a_hidden_listing_is_not_kept_for_others() {
    each(async |world| {
        let seller = world.person();
        for id in [world.draft(&seller, bike()).await.id, world.published(&seller, doubtful()).await.id] {
            assert_eq!(get(world, &seller, &path(id)).await.status, StatusCode::OK);
            assert_eq!(get(world, &anonymous(), &path(id)).await.refusal(), (404, "not-found"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_strangers_look_is_counted_and_a_sellers_own_is_not() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        for who in [&seller, &anonymous(), &world.person(), &seller] {
            get(world, who, &path(id)).await;
        }
        world.listings.flush_views().await.unwrap();
        assert_eq!(world.view(id).await.row.views, 2);
    })
    .await;
}

#[tokio::test]
async fn null_clears_and_absence_leaves() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let patch = json!({ "condition": null, "price_fen": null, "reason": "搬家" });
        let edited = call(world, &seller, Method::PATCH, &path(id)).json(&patch).await.body;
        assert_eq!((&edited["condition"], &edited["price_fen"]), (&Value::Null, &Value::Null));
        assert_eq!((&edited["reason"], &edited["origin"]), (&json!("搬家"), &json!("mall-new")));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_before_anything_is_done() {
    each(async |world| {
        let seller = world.person();
        let cases = [
            (json!({ "category": "bikes-mountain" }), (422, "json-shape")),
            (json!({ "title": "x", "category": "bikes-mountain", "colour": 1 }), (422, "json-shape")),
            (
                json!({ "title": "x", "category": "bikes-mountain", "location": { "lat": 95, "lon": 1 } }),
                (422, "invalid"),
            ),
            (json!({ "title": "x", "category": "no-such" }), (422, "invalid")),
        ];
        for (body, refusal) in cases {
            assert_eq!(post(world, &seller, "/api/v1/listings", &body).await.refusal(), refusal, "{body}");
        }
        let body = json!({ "title": "x", "category": "bikes-mountain" });
        assert_eq!(
            post(world, &anonymous(), "/api/v1/listings", &body).await.refusal(),
            (401, "unauthenticated")
        );
        for path in [
            "/api/v1/listings?after=nonsense",
            "/api/v1/me/listings?after=e30",
            "/api/v1/me/watchlist?after=W10",
        ] {
            assert_eq!(get(world, &seller, path).await.refusal(), (422, "invalid"), "{path}");
        }
        assert_eq!(get(world, &seller, "/api/v1/listings/nonsense").await.refusal(), (404, "not-found"));
        assert_eq!(
            get(world, &seller, "/api/v1/price-hints?category=nonsense").await.refusal(),
            (422, "invalid")
        );
        assert!(world.told().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn lists_prices_and_hints_are_served() {
    each(async |world| {
        let (seller, fan) = (world.person(), world.person());
        let listing = world.published(&seller, bike()).await;
        for price in [70_000, 65_000] {
            world
                .published(&seller, luhuan_listing::model::Details { price_fen: Some(price), ..bike() })
                .await;
        }
        let watched = call(world, &fan, Method::PUT, &format!("{}/watch", path(listing.id))).send().await;
        assert_eq!(watched.status, StatusCode::NO_CONTENT);
        let watchlist = get(world, &fan, "/api/v1/me/watchlist").await.body;
        assert_eq!(watchlist["items"][0]["id"], listing.id.to_string());
        let unwatched =
            call(world, &fan, Method::DELETE, &format!("{}/watch", path(listing.id))).send().await;
        assert_eq!(unwatched.status, StatusCode::NO_CONTENT);
        let browse = get(world, &anonymous(), "/api/v1/listings?category=cycling&limit=2").await.body;
        assert_eq!(browse["items"].as_array().unwrap().len(), 2);
        let next = browse["next"].as_str().unwrap();
        let rest =
            get(world, &anonymous(), &format!("/api/v1/listings?category=cycling&limit=2&after={next}"))
                .await
                .body;
        assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("next")), (1, None));
        let mine = get(world, &seller, "/api/v1/me/listings").await.body;
        assert_eq!((&mine["counts"]["published"], &mine["counts"]["draft"]), (&json!(3), &json!(0)));
        let prices = get(world, &anonymous(), &format!("{}/prices", path(listing.id))).await.body;
        assert_eq!(prices["items"][0]["price_fen"], 76_000);
        let hint = get(
            world,
            &anonymous(),
            "/api/v1/price-hints?category=bikes-mountain&brand=%E6%8D%B7%E5%AE%89%E7%89%B9",
        )
        .await;
        assert_eq!(hint.body["hint"]["median_fen"], 70_000);
    })
    .await;
}

#[tokio::test]
async fn a_moderator_clears_and_takes_down_once_under_a_key() {
    each(async |world| {
        let (seller, moderator) = (world.person(), world.moderator());
        let id = world.published(&seller, doubtful()).await.id;
        let waiting = get(world, &moderator, "/api/v1/moderation/listings").await.body;
        assert_eq!(waiting["items"][0]["id"], id.to_string());
        let decide = async |what: &str, key: &str| {
            let call =
                call(world, &moderator, Method::POST, &format!("/api/v1/moderation/listings/{id}/{what}"));
            call.header("Idempotency-Key", key).json(&json!({ "reason": "看过了" })).await
        };
        let (first, again) = (decide("clear", "k1").await, decide("clear", "k1").await);
        assert_eq!(
            (first.status, &first.body["held"], &again.body),
            (StatusCode::OK, &json!(false), &first.body)
        );
        assert_eq!(decide("take-down", "k1").await.refusal(), (422, "idempotency-key-reused"));
        assert_eq!(decide("take-down", "k2").await.body["state"], "withdrawn");
        let refused = get(world, &seller, "/api/v1/moderation/listings").await;
        assert_eq!(refused.refusal(), (403, "forbidden"));
    })
    .await;
}
