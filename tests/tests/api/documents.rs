//! The API's description of itself.

use luhuan_tests::World;
use serde_json::Value;

/// The addresses that never change.
const FIXED: [(&str, &str); 30] = [
    ("post", "/api/v1/accounts"),
    ("post", "/api/v1/sessions"),
    ("get", "/api/v1/listings"),
    ("post", "/api/v1/listings"),
    ("get", "/api/v1/listings/{id}"),
    ("patch", "/api/v1/listings/{id}"),
    ("post", "/api/v1/listings/{id}/publish"),
    ("post", "/api/v1/listings/{id}/withdraw"),
    ("post", "/api/v1/listings/{id}/relist"),
    ("post", "/api/v1/listings/{id}/photos"),
    ("get", "/api/v1/search/listings"),
    ("get", "/api/v1/search/suggest"),
    ("get", "/api/v1/categories"),
    ("get", "/api/v1/me"),
    ("post", "/api/v1/offers"),
    ("post", "/api/v1/orders"),
    ("get", "/api/v1/orders/{id}"),
    ("post", "/api/v1/orders/{id}/pay"),
    ("post", "/api/v1/orders/{id}/ship"),
    ("post", "/api/v1/orders/{id}/hand-over"),
    ("post", "/api/v1/orders/{id}/confirm"),
    ("post", "/api/v1/orders/{id}/cancel"),
    ("post", "/api/v1/orders/{id}/refund-requests"),
    ("post", "/api/v1/orders/{id}/disputes"),
    ("post", "/api/v1/orders/{id}/reviews"),
    ("get", "/api/v1/conversations"),
    ("post", "/api/v1/conversations"),
    ("get", "/api/v1/ledger/accounts/{id}/entries"),
    ("post", "/api/v1/payments/stripe/webhook"),
    ("post", "/api/v1/webhooks"),
];

#[tokio::test]
async fn the_document_is_the_same_served_and_printed() {
    let world = World::start().await;
    let served = world.anonymous().get("/api/openapi.json").await.expect(200);
    let printed: Value = serde_json::from_str(&world.cli(&["openapi"])).unwrap();
    assert_eq!(served.json(), printed);
    assert!(printed["openapi"].as_str().unwrap().starts_with("3.1"));
    for (method, path) in FIXED {
        assert!(printed["paths"][path][method].is_object(), "{method} {path} is not described");
    }
}

#[tokio::test]
async fn every_operation_is_summed_up_and_every_reference_leads_somewhere() {
    let world = World::start().await;
    let document = world.anonymous().get("/api/openapi.json").await.expect(200).json();
    let mut names = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{method} {path}");
            names.push(operation["operationId"].as_str().unwrap().to_owned());
        }
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "an operationId names one operation");
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect_references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_example_of_a_listing_can_be_published_as_it_stands() {
    let world = World::start().await;
    let document = world.anonymous().get("/api/openapi.json").await.expect(200).json();
    let example = &document["components"]["schemas"]["ListingInput"]["example"];
    let seller = world.resident().await;
    let draft = seller.post("/api/v1/listings", example).await.expect(201).json();
    let path = format!("/api/v1/listings/{}/publish", draft["id"].as_str().unwrap());
    let _ = seller.post_empty(&path).await.expect(200);
}

#[tokio::test]
async fn the_reference_loads_nothing_from_outside() {
    let world = World::start().await;
    let page = world.anonymous().get("/api/docs").await.expect(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let text = page.text();
    for (_, path) in FIXED {
        assert!(text.contains(path), "{path} is not in the reference");
    }
    for attribute in ["src=\"", "href=\""] {
        for value in text.split(attribute).skip(1) {
            let address = value.split('"').next().unwrap();
            assert!(!address.contains("//"), "the reference loads {address}");
        }
    }
}
