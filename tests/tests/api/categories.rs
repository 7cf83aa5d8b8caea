//! `/api/v1/categories`.

use luhuan_tests::World;
use serde_json::Value;

fn leaves<'a>(category: &'a Value, found: &mut Vec<&'a Value>) {
    if category["leaf"] == true {
        found.push(category);
    }
    for child in category["children"].as_array().unwrap() {
        leaves(child, found);
    }
}

#[tokio::test]
async fn the_tree_is_whole_in_both_languages_with_typed_attributes() {
    let world = World::start().await;
    let answer = world.anonymous().get("/api/v1/categories").await.expect(200);
    let tree = answer.json();
    let roots = tree["items"].as_array().unwrap();
    let mut found = Vec::new();
    for root in roots {
        leaves(root, &mut found);
    }
    assert!(roots.len() >= 12 && found.len() >= 120, "{} roots, {} leaves", roots.len(), found.len());
    let mut described = 0;
    for leaf in &found {
        for language in ["zh-CN", "en"] {
            assert!(leaf["name"][language].as_str().is_some_and(|name| !name.is_empty()), "{leaf}");
        }
        let attributes = leaf["attributes"].as_array().unwrap();
        described += usize::from(!attributes.is_empty());
        for attribute in attributes {
            let is_choice = attribute["type"] == "enum";
            assert_eq!(
                is_choice,
                attribute["options"].as_array().is_some_and(|list| !list.is_empty()),
                "{attribute}"
            );
        }
    }
    assert!(described >= 120, "{described} leaves have attributes");
    let mut codes: Vec<_> = found.iter().map(|leaf| leaf["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), found.len(), "a code names one category");
    let phone = found.iter().find(|leaf| leaf["code"] == "phones-smartphone").unwrap();
    insta::assert_json_snapshot!("a_smartphone_s_storage", phone["attributes"][0]);
}

#[tokio::test]
async fn who_has_the_tree_is_not_sent_it_again() {
    let world = World::start().await;
    let answer = world.anonymous().get("/api/v1/categories").await.expect(200);
    let again = world.anonymous().request(reqwest::Method::GET, "/api/v1/categories");
    let again = world.anonymous().send(again.header("if-none-match", answer.etag())).await.expect(304);
    assert!(again.body.is_empty());
}
