//! Who is let in. The policies' own matrices are in their crates; here it is what HTTP says.

use luhuan_tests::client::UploadFile;
use luhuan_tests::{Answer, Client, World, photo};
use reqwest::Method;
use serde_json::{Value, json};

/// An operation that asks for a credential, with ids that name nothing.
struct Guarded {
    method: Method,
    path: String,
    /// A body that is right enough to come to the question of who asks.
    body: Option<Value>,
}

/// Every operation of the API's own description that asks for a credential.
async fn guarded(world: &World) -> Vec<Guarded> {
    let document = world.anonymous().get("/api/openapi.json").await.expect(200).json();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"].is_array() {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                found.push(Guarded {
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.split('/').map(named).collect::<Vec<_>>().join("/"),
                    body: schema.is_object().then(|| sample(&document, schema)),
                });
            }
        }
    }
    assert!(found.len() > 150, "{}", found.len());
    found
}

const NOBODY: &str = "01a20e62-a0cf-7862-9345-1bbc8d59a4ce";

/// A part of a path, with a parameter filled in.
fn named(part: &str) -> &str {
    match part {
        "{role}" => "moderator",
        "{purpose}" => "location",
        "{month}" => "2026-01",
        "{width}" => "320",
        "{version}" => "9999",
        part if part.starts_with('{') => NOBODY,
        part => part,
    }
}

/// A document that fits a schema: its example, or what it requires.
fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    for one_of in ["oneOf", "anyOf", "allOf", "enum"] {
        if let Some(first) = schema[one_of].get(0) {
            return if one_of == "enum" { first.clone() } else { sample(document, first) };
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_default();
    match (kind, schema["format"].as_str()) {
        ("string", Some("uuid")) => json!(NOBODY),
        ("string", Some("date-time")) => json!("2026-01-01T00:00:00Z"),
        ("string", Some("date")) => json!("2026-01-01"),
        ("string", _) => json!("x"),
        ("integer" | "number", _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        ("boolean", _) => json!(false),
        ("array", _) => json!([sample(document, &schema["items"])]),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let member = |name: &str| (name.to_owned(), sample(document, &schema["properties"][name]));
            Value::Object(required.map(member).collect())
        }
    }
}

async fn send(client: &Client, guarded: &Guarded) -> Answer {
    let Guarded { method, path, body } = guarded;
    if (path.ends_with("/photos") || path.ends_with("-photos") || path.ends_with("/evidence"))
        && *method == Method::POST
        && body.is_none()
    {
        return client.upload(path, "photo", UploadFile::jpeg(photo::jpeg(32, 32, 1))).await;
    }
    let request = client.request(method.clone(), path);
    client.send(if let Some(body) = body { request.json(body) } else { request }).await
}

#[tokio::test]
async fn nobody_gets_past_what_asks_for_a_credential() {
    let world = World::start().await;
    for one in guarded(&world).await {
        let Guarded { method, path, .. } = &one;
        if path == "/api/v1/sessions/current" {
            // Who is not signed in has nothing to sign out of; that is done at once.
            continue;
        }
        let answer = send(world.anonymous(), &one).await;
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
    for one in guarded(&world).await.iter().filter(|one| one.path.contains(NOBODY)) {
        let Guarded { method, path, .. } = one;
        let answer = send(&resident, one).await;
        let is_staffs = STAFFS.iter().any(|part| path.contains(part));
        let expected: &[u16] = if is_staffs { &[403, 404] } else { &[404] };
        // What is taken back and was never there is taken back.
        let is_taken_back = *method == Method::DELETE && answer.status == 204;
        assert!(
            expected.contains(&answer.status.as_u16()) || is_taken_back,
            "{method} {path}: {}\n{}",
            answer.status,
            answer.text()
        );
    }
}

/// Parts of paths that are for staff, the operator and the certifying body: a resident may be told just that.
const STAFFS: [&str; 9] = [
    "/moderation/",
    "/roles/",
    "/certification/",
    "/disputes/",
    "/hide",
    "/invoices/",
    "/payout-files/",
    "/settle",
    "/resolve",
];

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
