//! Who is let in. The policies' own matrices are in their crates; here it is what HTTP says.

use luhuan_tests::client::UploadFile;
use luhuan_tests::{Answer, Client, World, photo};
use reqwest::Method;
use serde_json::json;

/// Every operation of the API's own description that asks for a credential, with ids that name nothing.
async fn guarded(world: &World) -> Vec<(Method, String)> {
    let document = world.anonymous().get("/api/openapi.json").await.expect(200).json();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"].is_array() {
                let path = path
                    .replace("{role}", "moderator")
                    .replace("{purpose}", "location")
                    .replace("{id}", NOBODY)
                    .replace("{photo}", NOBODY)
                    .replace("{person}", NOBODY);
                found.push((method.to_uppercase().parse().unwrap(), path));
            }
        }
    }
    assert!(found.len() > 40, "{}", found.len());
    found
}

const NOBODY: &str = "01a20e62-a0cf-7862-9345-1bbc8d59a4ce";

/// Sends a request whose body is right enough to come to the question of who asks.
async fn send(client: &Client, method: &Method, path: &str) -> Answer {
    if path.ends_with("/photos") && method == Method::POST {
        return client.upload(path, "photo", UploadFile::jpeg(photo::jpeg(32, 32, 1))).await;
    }
    let body = match path.trim_start_matches("/api/v1/").split('/').collect::<Vec<_>>()[..] {
        ["listings"] => json!({"title": "书架", "category": "furniture-bookshelf"}),
        ["listings", _, "photos"] => json!({"photos": []}),
        ["me", "codes"] => json!({"login": "19900000003"}),
        ["me", "password"] => json!({"confirmation": {"password": "x"}, "password": "another-bicycle-7"}),
        ["me", "identity"] => json!({"real_name": "林", "number": "11010519491231002X", "consent": true}),
        ["me", "erase"] => json!({"password": "x"}),
        ["me", "logins", "verify"] => json!({"login": "19900000003", "code": "123456"}),
        ["tokens"] => json!({"name": "x", "scopes": ["read"], "expires_in_days": 1}),
        ["organisations"] => json!({"kind": "seller-shop", "name": "店"}),
        ["organisations", _, "members"] => json!({"login": "19900000003", "role": "clerk"}),
        ["organisations", _, "members", _] => json!({"role": "clerk"}),
        _ => json!({}),
    };
    let request = client.request(method.clone(), path);
    let takes_body = [Method::POST, Method::PUT, Method::PATCH].contains(method);
    client.send(if takes_body { request.json(&body) } else { request }).await
}

#[tokio::test]
async fn nobody_gets_past_what_asks_for_a_credential() {
    let world = World::start().await;
    for (method, path) in guarded(&world).await {
        if path == "/api/v1/sessions/current" {
            // Who is not signed in has nothing to sign out of; that is done at once.
            continue;
        }
        let answer = send(world.anonymous(), &method, &path).await;
        assert!(
            [401, 404].contains(&answer.status.as_u16()),
            "{method} {path}: {}\n{}",
            answer.status,
            answer.text()
        );
        if !path.contains(NOBODY) {
            answer.expect_problem(401, "unauthenticated");
        }
    }
}

#[tokio::test]
async fn a_token_that_is_none_of_ours_is_refused_even_where_none_is_needed() {
    let world = World::start().await;
    for token in ["lhs_oEgz3G4tsypCbBRZJKaFqnaLD1JUaiAAQ0VeZA4YbbM", "x", "lha_", "%00"] {
        let client = world.anonymous().with_token(token);
        client.get("/api/v1/me").await.expect_problem(401, "unknown-token");
        client.get("/api/v1/listings").await.expect_problem(401, "unknown-token");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_404_for_who_is_signed_in() {
    let world = World::start().await;
    let resident = world.resident().await;
    for (method, path) in guarded(&world).await {
        if path.contains(NOBODY) {
            let answer = send(&resident, &method, &path).await;
            let is_staffs = path.contains("/moderation/") || path.contains("/roles/");
            let expected = if is_staffs { 403 } else { 404 };
            let is_watch_taken_back =
                method == Method::DELETE && path.ends_with("/watch") && answer.status == 204;
            assert!(
                answer.status == expected || is_watch_taken_back,
                "{method} {path}: {}\n{}",
                answer.status,
                answer.text()
            );
        }
    }
}

#[tokio::test]
async fn a_cookie_opens_pages_and_never_the_api() {
    let world = World::start().await;
    let resident = world.resident().await;
    let get = async |path: &str, cookie: &str| {
        world.anonymous().send(world.anonymous().request(Method::GET, path).header("cookie", cookie)).await
    };
    let page = world.anonymous().get("/sign-in").await.expect(200);
    let visitor = cookies(&page);
    let csrf = page.text();
    let csrf = csrf.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = [
        ("login", resident.login.as_str()),
        ("password", resident.password.as_str()),
        ("_csrf", csrf),
        ("next", "/me"),
    ];
    let post = |form: &[(&str, &str)]| {
        world.anonymous().request(Method::POST, "/sign-in").header("cookie", &visitor).form(form)
    };
    let without = world.anonymous().send(post(&[form[0], form[1], form[3]])).await;
    assert_eq!(without.status, 403, "a form without its token is not taken: {}", without.text());
    let signed_in = world.anonymous().send(post(&form)).await.expect(303);
    let session =
        signed_in.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
    let session = session.into_iter().find(|cookie| cookie.contains("HttpOnly") && cookie.contains("lhs_"));
    let session = session.expect("a session cookie that no script reads");
    assert!(session.contains("SameSite=Lax"), "{session}");
    let cookie = format!("{visitor}; {}", session.split(';').next().unwrap());
    let _ = get("/me", &cookie).await.expect(200);
    get("/api/v1/me", &cookie).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_form_from_another_site_is_not_taken() {
    let world = World::start().await;
    let resident = world.resident().await;
    let listing = world.listing().by(&resident).published().await;
    let cookie = format!("lh_session={}", resident.token().unwrap());
    let request = world.anonymous().request(Method::POST, &format!("/listings/{}/withdraw", listing.id));
    let request = request
        .header("cookie", cookie)
        .header("origin", "https://elsewhere.example")
        .form(&[("_csrf", "x")]);
    let answer = world.anonymous().send(request).await;
    assert!(answer.status == 403 || answer.status.is_redirection(), "{}", answer.status);
    assert_eq!(listing.read().await["state"], "published");
}

fn cookies(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter();
    let pairs: Vec<&str> = set.map(|value| value.to_str().unwrap().split(';').next().unwrap()).collect();
    pairs.join("; ")
}
