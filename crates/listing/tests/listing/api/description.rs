//! What the API's description shows is what the API does.

use std::collections::BTreeSet;

use luhuan_listing::api;
use serde_json::Value;

use super::client::path;
use crate::support::{bike, each};

/// The description of this context's part.
pub(super) fn description() -> Value {
    serde_json::to_value(api::routes().split_for_parts().1).unwrap()
}

/// The example that the description shows of a request.
fn example(of: &str) -> Value {
    description()["components"]["schemas"][of]["example"].clone()
}

#[tokio::test]
async fn the_examples_of_requests_are_accepted_and_published() {
    each(async |world| {
        let seller = world.client(&world.person());
        let created = seller.post("/api/v1/listings", &example("ListingInput")).await.expect(201);
        let path = format!("/api/v1/listings/{}", created.body["id"].as_str().unwrap());
        let published = seller.post_empty(&format!("{path}/publish")).await.expect(200);
        assert_eq!(published.body["state"], "published");
        let patch = example("ListingPatch");
        let edited = seller.patch(&path, "*", &patch).await.expect(200);
        assert_eq!(edited.body["price_fen"], patch["price_fen"]);
    })
    .await;
}

#[tokio::test]
async fn the_sample_of_a_listing_names_the_fields_of_a_true_one() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        let answered = world.client(&seller).get(&path(id)).await.expect(200).body;
        let described = description();
        let read = &described["paths"]["/api/v1/listings/{id}"]["get"]["responses"]["200"];
        let sample = &read["content"]["application/json"]["example"];
        let names = |document: &Value| document.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(sample), names(&answered));
        assert_eq!(sample["state"], answered["state"]);
    })
    .await;
}

#[test]
fn the_sample_of_a_command_stands_where_the_command_leads() {
    let described = description();
    for (path, status, state) in [
        ("/api/v1/listings", "201", "draft"),
        ("/api/v1/listings/{id}/publish", "200", "published"),
        ("/api/v1/listings/{id}/withdraw", "200", "withdrawn"),
        ("/api/v1/listings/{id}/relist", "200", "published"),
        ("/api/v1/moderation/listings/{id}/clear", "200", "published"),
        ("/api/v1/moderation/listings/{id}/take-down", "200", "withdrawn"),
    ] {
        let answer = &described["paths"][path]["post"]["responses"][status];
        assert_eq!(answer["content"]["application/json"]["example"]["state"], state, "{path}");
    }
}

#[test]
fn no_parameter_is_named_twice() {
    for (path, operations) in description()["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names: Vec<_> = parameters.map(|it| (it["in"].to_string(), it["name"].to_string())).collect();
            let distinct: BTreeSet<_> = names.iter().collect();
            assert_eq!(distinct.len(), names.len(), "{method} {path}: {names:?}");
        }
    }
}

#[test]
fn every_answer_with_a_body_is_shown_by_a_sample_but_for_the_category_tree() {
    let mut bare = Vec::new();
    for (path, operations) in description()["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let answered = ["200", "201"].into_iter().find_map(|it| operation["responses"].get(it));
            if answered.is_some_and(|it| it["content"]["application/json"]["example"].is_null()) {
                bare.push(format!("{method} {path}"));
            }
        }
    }
    assert_eq!(bare, ["get /api/v1/categories"]);
}
