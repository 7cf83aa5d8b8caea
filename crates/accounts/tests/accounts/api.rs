//! The JSON API as a client meets it, behind a gateway that only tells who asks.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use luhuan_accounts::{Accounts, api};
use luhuan_kernel::{Actor, Locale, Problem, Role};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{PASSWORD, World, each, home};

async fn who_asks(State(accounts): State<Accounts>, mut request: Request, next: Next) -> Response {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let actor = match header.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(token) => accounts.authenticate_bearer(token, Locale::ZhCn).await.unwrap(),
        None => None,
    };
    request.extensions_mut().insert(actor.unwrap_or_else(|| Actor::anonymous(Locale::ZhCn)));
    request.extensions_mut().insert(home());
    next.run(request).await
}

struct Http {
    router: Router,
}

struct Answer {
    status: StatusCode,
    headers: http::HeaderMap,
    slug: Option<&'static str>,
    body: Value,
}

impl Http {
    fn of(world: &World) -> Self {
        let (router, _) = api::routes().split_for_parts();
        let guard = middleware::from_fn_with_state(world.accounts.clone(), who_asks);
        Self { router: router.with_state(world.accounts.clone()).layer(guard) }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = http::Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => {
                request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()))
            }
            None => request.body(Body::empty()),
        };
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Answer {
            status: parts.status,
            slug: parts.extensions.get::<Problem>().map(Problem::slug),
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.send(Method::POST, path, token, &[], Some(body)).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(Method::GET, path, token, &[], None).await
    }

    async fn delete(&self, path: &str, token: &str) -> Answer {
        self.send(Method::DELETE, path, token, &[], None).await
    }

    /// Signs somebody up and in.
    async fn token(&self, login: &str) -> String {
        let signed_up = self.post("/api/v1/accounts", "", account(login)).await;
        assert_eq!(signed_up.status, StatusCode::CREATED, "{:?}", signed_up.slug);
        let signed_in =
            self.post("/api/v1/sessions", "", json!({ "login": login, "password": PASSWORD })).await;
        signed_in.body["token"].as_str().unwrap().to_owned()
    }
}

fn account(login: &str) -> Value {
    json!({ "login": login, "password": PASSWORD, "consent": true })
}

#[tokio::test]
async fn from_signing_up_to_signing_out() {
    each(async |world| {
        let http = Http::of(world);
        let signed_up = http.post("/api/v1/accounts", "", account("13800138000")).await;
        assert_eq!(signed_up.status, StatusCode::CREATED);
        assert_eq!(signed_up.body["name"], "用户8000");
        let signed_in = http
            .post("/api/v1/sessions", "", json!({ "login": "138 0013 8000", "password": PASSWORD }))
            .await;
        assert_eq!(
            (signed_in.status, &signed_in.headers[header::CACHE_CONTROL]),
            (StatusCode::CREATED, &"no-store".parse().unwrap())
        );
        assert_eq!(signed_in.body["person"]["id"], signed_up.body["id"]);
        let token = signed_in.body["token"].as_str().unwrap();
        let sessions = http.get("/api/v1/sessions", token).await;
        assert_eq!(sessions.body["items"][0]["current"], true);
        assert_eq!(http.delete("/api/v1/sessions/current", token).await.status, StatusCode::NO_CONTENT);
        let after = http.get("/api/v1/me", token).await;
        assert_eq!((after.status, after.slug), (StatusCode::UNAUTHORIZED, Some("unauthenticated")));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_says_what_to_do_and_where() {
    each(async |world| {
        let http = Http::of(world);
        http.token("13800138000").await;
        let cases = [
            (
                json!({ "login": "13800138000", "password": PASSWORD, "consent": true }),
                StatusCode::CONFLICT,
                "login-taken",
            ),
            (
                json!({ "login": "1", "password": PASSWORD, "consent": true }),
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
            ),
            (
                json!({ "login": "13800138001", "password": PASSWORD }),
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
            ),
            (json!({ "login": "13800138001" }), StatusCode::UNPROCESSABLE_ENTITY, "json-shape"),
        ];
        for (body, status, slug) in cases {
            let answer = http.post("/api/v1/accounts", "", body.clone()).await;
            assert_eq!((answer.status, answer.slug), (status, Some(slug)), "{body}");
        }
        let wrong = http
            .post("/api/v1/sessions", "", json!({ "login": "13800138000", "password": "wrong password" }))
            .await;
        assert_eq!((wrong.status, wrong.slug), (StatusCode::UNAUTHORIZED, Some("bad-credentials")));
        for _ in 0..9 {
            http.post(
                "/api/v1/sessions",
                "",
                json!({ "login": "13800138000", "password": "wrong password" }),
            )
            .await;
        }
        let locked =
            http.post("/api/v1/sessions", "", json!({ "login": "13800138000", "password": PASSWORD })).await;
        assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
        let wait: u64 = locked.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((800..=901).contains(&wait));
    })
    .await;
}

#[tokio::test]
async fn a_sign_up_sent_twice_with_one_key_is_one_account() {
    each(async |world| {
        let http = Http::of(world);
        let key = [("idempotency-key", "first-try")];
        let send = async |body| http.send(Method::POST, "/api/v1/accounts", "", &key, Some(body)).await;
        let first = send(account("13800138000")).await;
        let again = send(account("13800138000")).await;
        assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
        assert_eq!(first.body, again.body);
        // Strangers share no keys: another's request under the same one is a request of its own.
        let other = send(account("13900139000")).await;
        assert_eq!(other.status, StatusCode::CREATED);
        assert_ne!(first.body, other.body);
    })
    .await;
}

#[tokio::test]
async fn an_edit_matches_the_version_that_was_read() {
    each(async |world| {
        let http = Http::of(world);
        let token = http.token("13800138000").await;
        let read = http.get("/api/v1/me", &token).await;
        let tag = read.headers[header::ETAG].to_str().unwrap().to_owned();
        let known = http.send(Method::GET, "/api/v1/me", &token, &[("if-none-match", &tag)], None).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        let patch = json!({ "name": "林小满", "subdistrict": null });
        let edit =
            http.send(Method::PATCH, "/api/v1/me", &token, &[("if-match", &tag)], Some(patch.clone())).await;
        assert_eq!((edit.status, &edit.body["name"]), (StatusCode::OK, &json!("林小满")));
        let stale = http.send(Method::PATCH, "/api/v1/me", &token, &[("if-match", &tag)], Some(patch)).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    })
    .await;
}

#[tokio::test]
async fn a_shop_is_founded_joined_and_left() {
    each(async |world| {
        let http = Http::of(world);
        let (owner, clerk) = (http.token("13800138000").await, http.token("13800138001").await);
        let clerk_id = http.get("/api/v1/me", &clerk).await.body["id"].as_str().unwrap().to_owned();
        let founded = http
            .post(
                "/api/v1/organisations",
                &owner,
                json!({ "kind": "seller-shop", "name": "双井旧书店", "licence": "91110000101623741K" }),
            )
            .await;
        assert_eq!((founded.status, &founded.body["licence"]), (StatusCode::CREATED, &json!("911****741K")));
        let path = format!("/api/v1/organisations/{}", founded.body["id"].as_str().unwrap());
        assert_eq!(http.get(&path, &clerk).await.status, StatusCode::NOT_FOUND);
        let member = json!({ "login": "13800138001", "role": "clerk" });
        assert_eq!(
            http.post(&format!("{path}/members"), &clerk, member.clone()).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            http.post(&format!("{path}/members"), &owner, member.clone()).await.status,
            StatusCode::CREATED
        );
        assert_eq!(http.post(&format!("{path}/members"), &owner, member).await.slug, Some("already-member"));
        let members = http.get(&format!("{path}/members?limit=1"), &clerk).await;
        assert!(members.body["next"].is_string());
        let one = format!("{path}/members/{clerk_id}");
        let promoted = http.send(Method::PATCH, &one, &owner, &[], Some(json!({ "role": "manager" }))).await;
        assert_eq!(promoted.status, StatusCode::NO_CONTENT);
        assert_eq!(http.delete(&one, &clerk).await.status, StatusCode::NO_CONTENT);
        assert_eq!(
            http.get(&format!("{path}/members/nonsense"), &owner).await.status,
            StatusCode::METHOD_NOT_ALLOWED
        );
        assert_eq!(
            http.delete(&format!("{path}/members/nonsense"), &owner).await.status,
            StatusCode::NOT_FOUND
        );
    })
    .await;
}

#[tokio::test]
async fn a_person_sees_takes_out_and_erases_what_is_kept() {
    each(async |world| {
        let http = Http::of(world);
        let token = http.token("13800138000").await;
        let id = http.get("/api/v1/me", &token).await.body["id"].as_str().unwrap().to_owned();
        let purpose = "/api/v1/me/consents/location";
        assert_eq!(http.send(Method::PUT, purpose, &token, &[], None).await.status, StatusCode::NO_CONTENT);
        let consents = http.get("/api/v1/me/consents", &token).await;
        assert!(
            consents.body["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|c| c["purpose"] == "location" && c["given"] == true)
        );
        let identity = json!({ "real_name": "林小满", "number": "11010519491231002X", "consent": true });
        let put = http.send(Method::PUT, "/api/v1/me/identity", &token, &[], Some(identity)).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT);
        let export = http.get("/api/v1/me/export", &token).await;
        assert_eq!(export.body["data"]["accounts"]["profile"]["identity_number"], "11010519491231002X");
        let wrong = http.post("/api/v1/me/erase", &token, json!({ "password": "wrong password" })).await;
        assert_eq!(wrong.slug, Some("bad-confirmation"));
        let nothing = http.post("/api/v1/me/erase", &token, json!({})).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let erased = http.post("/api/v1/me/erase", &token, json!({ "password": PASSWORD })).await;
        assert_eq!(erased.status, StatusCode::NO_CONTENT);
        assert_eq!(http.get("/api/v1/me", &token).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(http.get(&format!("/api/v1/people/{id}"), "").await.body["name"], "已注销用户");
    })
    .await;
}

#[tokio::test]
async fn a_token_is_shown_once_and_a_role_is_granted_by_administrators() {
    each(async |world| {
        let http = Http::of(world);
        world.staff("13800138009", &[Role::Administrator]).await;
        let signed_in =
            http.post("/api/v1/sessions", "", json!({ "login": "13800138009", "password": PASSWORD })).await;
        let administrator = signed_in.body["token"].as_str().unwrap();
        let resident = http.token("13800138000").await;
        let id = http.get("/api/v1/me", &resident).await.body["id"].as_str().unwrap().to_owned();
        let role = format!("/api/v1/people/{id}/roles/moderator");
        assert_eq!(http.send(Method::PUT, &role, &resident, &[], None).await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            http.send(Method::PUT, &role, administrator, &[], None).await.status,
            StatusCode::NO_CONTENT
        );
        assert_eq!(http.get("/api/v1/me", &resident).await.body["roles"], json!(["moderator"]));
        assert_eq!(
            http.delete(&format!("/api/v1/people/{id}/roles/king"), administrator).await.status,
            StatusCode::NOT_FOUND
        );

        let minted = http
            .post(
                "/api/v1/tokens",
                &resident,
                json!({ "name": "同步", "scopes": ["read"], "expires_in_days": 1 }),
            )
            .await;
        assert_eq!(minted.status, StatusCode::CREATED);
        let program = minted.body["token"].as_str().unwrap();
        assert_eq!(http.get("/api/v1/me", program).await.status, StatusCode::OK);
        assert_eq!(http.get("/api/v1/tokens", program).await.status, StatusCode::FORBIDDEN);
        let listed = http.get("/api/v1/tokens", &resident).await;
        assert!(listed.body["items"][0].get("token").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_code_signs_in_over_http_and_another_password_is_set_with_one() {
    each(async |world| {
        let http = Http::of(world);
        let token = http.token("13800138000").await;
        let sent = http.post("/api/v1/me/codes", &token, json!({ "login": "13800138000" })).await;
        assert_eq!((sent.status, &sent.body["sent_to"]), (StatusCode::ACCEPTED, &json!("138****8000")));
        world.do_jobs().await;
        let code = world.code_for("13800138000").unwrap();
        let confirmation = json!({ "login": "13800138000", "code": code });
        let body = json!({ "confirmation": confirmation, "password": "水落石出山高月小" });
        let changed = http.send(Method::PUT, "/api/v1/me/password", &token, &[], Some(body)).await;
        assert_eq!(changed.status, StatusCode::NO_CONTENT, "{:?}", changed.slug);
        world.clock.advance_seconds(60);
        assert_eq!(
            http.post("/api/v1/sign-in-codes", "", json!({ "login": "13800138000" })).await.status,
            StatusCode::ACCEPTED
        );
        world.do_jobs().await;
        let code = world.code_for("13800138000").unwrap();
        let signed_in =
            http.post("/api/v1/sessions/code", "", json!({ "login": "13800138000", "code": code })).await;
        assert_eq!(
            (signed_in.status, &signed_in.body["password_dropped"]),
            (StatusCode::CREATED, &json!(false))
        );
    })
    .await;
}

#[test]
fn every_endpoint_is_described() {
    let (_, document) = api::routes().split_for_parts();
    let document = serde_json::to_value(document).unwrap();
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with("/api/v1/"), "{path}");
        for (method, operation) in item.as_object().unwrap() {
            operations += 1;
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            assert!(operation["tags"][0].is_string(), "{method} {path} has no tag");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path} never succeeds");
            for status in ["400", "401", "403", "404", "409", "412", "415", "422", "429"] {
                assert!(responses.contains_key(status), "{method} {path} does not document {status}");
            }
        }
    }
    assert!(operations >= 30, "{operations}");
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        let known =
            document["components"]["schemas"].get(reference).is_some() || reference == "ProblemDocument";
        assert!(known, "{reference} is referred to and not described");
    }
}
