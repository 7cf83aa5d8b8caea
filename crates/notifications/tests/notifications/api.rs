//! The JSON API as a client sees it, through the routes.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use http::{HeaderMap, Method, Request, StatusCode, header};
use luhuan_kernel::{Actor, Locale, Problem};
use luhuan_notifications::api;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    receiver::Receiver,
    support::{World, each},
};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
    problem: Option<Problem>,
}

impl Answer {
    fn refusal(&self) -> (u16, &'static str) {
        (self.status.as_u16(), self.problem.as_ref().unwrap().slug())
    }

    fn etag(&self) -> &str {
        self.headers[header::ETAG].to_str().unwrap()
    }
}

async fn call(
    world: &World<'_>,
    who: &Actor,
    method: Method,
    path: &str,
    extra: &[(&str, &str)],
    body: Option<&Value>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}")).extension(who.clone());
    for (name, value) in extra {
        request = request.header(*name, *value);
    }
    let body = match body {
        Some(body) => {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    let router = api::routes().split_for_parts().0.with_state(world.notifications.clone());
    let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
    Answer { status: parts.status, headers: parts.headers, body, problem: parts.extensions.get().cloned() }
}

async fn get(world: &World<'_>, who: &Actor, path: &str) -> Answer {
    call(world, who, Method::GET, path, &[], None).await
}

async fn post(world: &World<'_>, who: &Actor, path: &str, body: &Value) -> Answer {
    call(world, who, Method::POST, path, &[], Some(body)).await
}

fn example(of: &str) -> Value {
    let document = serde_json::to_value(api::routes().split_for_parts().1).unwrap();
    document["components"]["schemas"][of]["example"].clone()
}

#[tokio::test]
async fn an_inbox_is_listed_and_marked() {
    each(async |world| {
        let deal = world.deal();
        world.tell_and_read(&[deal.event("trade.order_paid"), deal.event("trade.order_received")]).await;
        let page = get(world, &deal.seller, "/notifications?limit=1&unread=true&topic=trade").await;
        assert_eq!((page.status, &page.body["unread"]), (StatusCode::OK, &json!(2)));
        let item = &page.body["items"][0];
        assert_eq!(item["subject"], json!({ "kind": "order", "id": deal.order }));
        let next = page.body["next"].as_str().unwrap();
        let rest = get(world, &deal.seller, &format!("/notifications?limit=1&after={next}")).await;
        assert_eq!((rest.body["items"].as_array().unwrap().len(), rest.body.get("next")), (1, None));
        let read = post(world, &deal.seller, "/notifications/read", &json!({ "ids": [item["id"]] })).await;
        assert_eq!((read.status, &read.body["unread"]), (StatusCode::OK, &json!(1)));
        let all = json!({ "subject": { "kind": "order", "id": deal.order } });
        assert_eq!(post(world, &deal.seller, "/notifications/read", &all).await.body["unread"], 0);
        let example = example("ReadInput");
        assert_eq!(post(world, &deal.seller, "/notifications/read", &example).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_name() {
    each(async |world| {
        let me = world.person();
        let nobody = Actor::anonymous(Locale::En);
        assert_eq!(get(world, &nobody, "/notifications").await.refusal(), (401, "unauthenticated"));
        assert_eq!(get(world, &nobody, "/notifications/stream").await.refusal(), (401, "unauthenticated"));
        assert_eq!(get(world, &me, "/notifications?after=x").await.refusal(), (422, "invalid"));
        for body in [json!({}), json!({ "ids": [], "until": "2026-01-01T00:00:00Z" })] {
            assert_eq!(post(world, &me, "/notifications/read", &body).await.refusal(), (422, "invalid"));
        }
        let many = json!({ "ids": vec![world.uuid(); 101] });
        assert_eq!(post(world, &me, "/notifications/read", &many).await.refusal(), (422, "invalid"));
        let strange = json!({ "subject": { "kind": "moon", "id": world.uuid() } });
        assert_eq!(post(world, &me, "/notifications/read", &strange).await.refusal(), (422, "invalid"));
        assert_eq!(get(world, &me, "/webhooks/x").await.refusal(), (404, "not-found"));
        let path = format!("/webhooks/{}", world.uuid());
        assert_eq!(get(world, &me, &path).await.refusal(), (404, "not-found"));
        assert_eq!(get(world, &nobody, &path).await.refusal(), (401, "unauthenticated"));
        let gone = call(world, &me, Method::DELETE, &path, &[], None).await;
        assert_eq!(gone.refusal(), (404, "not-found"));
    })
    .await;
}

#[tokio::test]
async fn preferences_are_read_and_chosen_against_what_was_read() {
    each(async |world| {
        let me = world.person();
        let first = get(world, &me, "/notifications/preferences").await;
        assert_eq!(first.body, json!({ "emails": { "trade": true, "messages": true, "account": true } }));
        let wanted = example("PreferencesDocument");
        let put = async |tag: &str| {
            let path = "/notifications/preferences";
            call(world, &me, Method::PUT, path, &[("if-match", tag)], Some(&wanted)).await
        };
        assert_eq!(put(first.etag()).await.body, wanted);
        assert_eq!(put(first.etag()).await.refusal(), (412, "stale"));
        let now = get(world, &me, "/notifications/preferences").await;
        assert_eq!(now.body, wanted);
        let known = [("if-none-match", now.etag())];
        let same = call(world, &me, Method::GET, "/notifications/preferences", &known, None).await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    })
    .await;
}

#[tokio::test]
async fn a_webhook_is_made_tried_looked_into_replayed_and_taken_away() {
    each(async |world| {
        let (me, receiver) = (world.person(), Receiver::start().await);
        let mut input = example("WebhookInput");
        input["url"] = json!(receiver.url);
        let made = post(world, &me, "/webhooks", &input).await;
        assert_eq!(
            (made.status, &made.headers[header::CACHE_CONTROL]),
            (StatusCode::CREATED, &"no-store".parse().unwrap())
        );
        let secret = made.body["secret"].as_str().unwrap();
        let path = format!("/webhooks/{}", made.body["id"].as_str().unwrap());
        let shown = get(world, &me, &path).await;
        assert!(!shown.body.to_string().contains(secret) && shown.body.get("secret").is_none());
        let key = [("idempotency-key", "k1")];
        let ping = async || call(world, &me, Method::POST, &format!("{path}/ping"), &key, None).await;
        let (first, again) = (ping().await, ping().await);
        assert_eq!((first.status, &first.body), (StatusCode::ACCEPTED, &again.body));
        world.work().await;
        let received = receiver.received();
        assert_eq!((received.len(), received[0].header("x-luhuan-event")), (1, "webhook.ping"));
        let log = get(world, &me, &format!("{path}/deliveries?state=delivered")).await;
        let delivery = format!("{path}/deliveries/{}", log.body["items"][0]["id"].as_str().unwrap());
        let full = get(world, &me, &delivery).await;
        assert_eq!((&full.body["body"]["name"], &full.body["status"]), (&json!("webhook.ping"), &json!(200)));
        let replay = call(world, &me, Method::POST, &format!("{delivery}/replay"), &[], None).await;
        assert_eq!((replay.status, &replay.body["state"]), (StatusCode::ACCEPTED, &json!("pending")));
        world.work().await;
        let mut range = example("ReplayInput");
        range["delivered_too"] = json!(true);
        let range = post(world, &me, &format!("{path}/replay"), &range).await;
        assert_eq!((range.status, range.body), (StatusCode::ACCEPTED, json!({ "replayed": 1 })));
        let off = json!({ "enabled": false });
        let tag = [("if-match", shown.etag())];
        let patched = call(world, &me, Method::PATCH, &path, &tag, Some(&off)).await;
        assert_eq!((patched.status, &patched.body["state"]), (StatusCode::OK, &json!("disabled")));
        assert_eq!(call(world, &me, Method::PATCH, &path, &tag, Some(&off)).await.refusal(), (412, "stale"));
        let pinged = call(world, &me, Method::POST, &format!("{path}/ping"), &[], None).await;
        assert_eq!(pinged.refusal(), (409, "notifications-webhook-off"));
        let renewed = call(world, &me, Method::POST, &format!("{path}/secret"), &[], None).await;
        assert_ne!(renewed.body["secret"], json!(secret));
        assert_eq!(get(world, &me, "/webhooks").await.body["items"].as_array().unwrap().len(), 1);
        let gone = call(world, &me, Method::DELETE, &path, &[], None).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(get(world, &me, &format!("{path}/deliveries")).await.refusal(), (404, "not-found"));
    })
    .await;
}

#[tokio::test]
async fn the_stream_tells_the_count_at_once_and_at_each_change() {
    each(async |world| {
        let deal = world.deal();
        world.read().await;
        let request = Request::get("/api/v1/notifications/stream").extension(deal.seller.clone());
        let router = api::routes().split_for_parts().0.with_state(world.notifications.clone());
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let mut events = response.into_body().into_data_stream();
        let mut next = async || {
            let event = tokio::time::timeout(Duration::from_secs(5), events.next()).await.unwrap();
            String::from_utf8(event.unwrap().unwrap().to_vec()).unwrap()
        };
        assert_eq!(next().await, "event: unread\ndata: {\"unread\":0}\n\n");
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        assert_eq!(next().await, "event: unread\ndata: {\"unread\":1}\n\n");
        let all = json!({ "until": "2026-01-02T00:00:00Z" });
        post(world, &deal.seller, "/notifications/read", &all).await;
        assert_eq!(next().await, "event: unread\ndata: {\"unread\":0}\n\n");
    })
    .await;
}
