//! `/api/v1/search/…`. That the right things are found in the right order is the search crate's own conformance suite;
//! here it is what a program sees of it.

use std::time::Duration;

use luhuan_tests::{World, redacted};
use serde_json::{Value, json};

/// Findable within a second of the commit; an unoptimised program on a busy machine gets a little more.
pub const FINDABLE: Duration = Duration::from_secs(3);

/// A world in which a few different things are on offer.
async fn market() -> World {
    let world = World::start().await;
    let seller = world.resident().await;
    let phone = json!({"storage": "128gb"});
    let goods = [
        world.listing().title("宜家比利书架").price_fen(12_000).subdistrict("110101001"),
        world
            .listing()
            .title("小书架 松木")
            .price_fen(5_000)
            .condition("99")
            .defects(&[])
            .subdistrict("110105005"),
        world
            .listing()
            .title("iPhone 14 手机 128G")
            .category("phones-smartphone")
            .price_fen(320_000)
            .field("attributes", phone),
        world.listing().title("手机壳 适用 iPhone 14").category("phones-case").price_fen(1_500),
    ];
    for listing in goods {
        let _ = listing.by(&seller).published().await;
    }
    world.search_until("", FINDABLE, |found| found["total"] == 4).await;
    world
}

fn titles(found: &Value) -> Vec<&str> {
    found["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect()
}

fn facet<'a>(found: &'a Value, code: &str) -> Vec<(&'a str, u64)> {
    let facets = found["facets"].as_array().unwrap();
    let facet = facets
        .iter()
        .find(|facet| facet["code"] == code)
        .unwrap_or_else(|| panic!("no {code} in {facets:?}"));
    let bucket = |bucket: &'a Value| (bucket["value"].as_str().unwrap(), bucket["count"].as_u64().unwrap());
    facet["buckets"].as_array().unwrap().iter().map(bucket).collect()
}

#[tokio::test]
async fn an_answer_holds_items_facets_total_and_where_it_matched() {
    let world = market().await;
    insta::assert_json_snapshot!(redacted(&world.search(&[("q", "比利书架")]).await));
}

#[tokio::test]
async fn chinese_pinyin_and_initials_find_the_same() {
    let world = market().await;
    for words in ["书架", "shujia", "sj"] {
        let found = world.search(&[("q", words)]).await;
        assert!(titles(&found).contains(&"宜家比利书架"), "{words}: {found}");
    }
    let found = world.search(&[("q", "iphone14手机壳")]).await;
    assert_eq!(titles(&found)[0], "手机壳 适用 iPhone 14");
}

#[tokio::test]
async fn facets_count_and_a_facet_ignores_its_own_filter() {
    let world = market().await;
    let found = world.search(&[("category", "furniture"), ("district", "110101")]).await;
    assert_eq!(titles(&found), ["宜家比利书架"]);
    assert_eq!(facet(&found, "district").len(), 2, "the other district is still offered");
    assert_eq!(facet(&found, "condition"), [("90", 1)]);
}

#[tokio::test]
async fn filters_narrow_and_sorts_order() {
    let world = market().await;
    let ask = async |parameters: &[(&str, &str)]| {
        let found = world.search(parameters).await;
        titles(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        ask(&[("category", "phones-smartphone"), ("attr", "storage:128gb")]).await,
        ["iPhone 14 手机 128G"]
    );
    assert_eq!(ask(&[("category", "furniture"), ("max_price", "6000")]).await, ["小书架 松木"]);
    assert_eq!(
        ask(&[("category", "furniture"), ("sort", "price_asc")]).await,
        ["小书架 松木", "宜家比利书架"]
    );
    assert_eq!(
        ask(&[("category", "furniture"), ("sort", "price_desc")]).await,
        ["宜家比利书架", "小书架 松木"]
    );
    assert_eq!(ask(&[("category", "furniture"), ("sort", "newest")]).await, ["小书架 松木", "宜家比利书架"]);
    assert_eq!(ask(&[("category", "furniture"), ("condition", "99")]).await, ["小书架 松木"]);
}

#[tokio::test]
async fn what_is_near_comes_with_its_distance() {
    let world = market().await;
    let all =
        world.search(&[("category", "furniture"), ("near", "39.92,116.41"), ("sort", "distance")]).await;
    let metres: Vec<f64> =
        all["items"].as_array().unwrap().iter().map(|item| item["distance_m"].as_f64().unwrap()).collect();
    assert!(metres[0] < metres[1], "{metres:?}");
    assert_eq!(titles(&all)[0], "宜家比利书架");
    let radius = format!("{:.0}", (metres[0] + metres[1]) / 2.0);
    let near = [("category", "furniture"), ("near", "39.92,116.41"), ("radius", radius.as_str())];
    assert_eq!(titles(&world.search(&near).await), ["宜家比利书架"]);
}

#[tokio::test]
async fn pages_join_without_gap_or_repetition() {
    let world = market().await;
    for sort in ["relevance", "newest", "price_asc", "price_desc"] {
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let mut parameters = vec![("limit", "1"), ("sort", sort)];
            parameters.extend(after.as_deref().map(|after| ("after", after)));
            let page = world.search(&parameters).await;
            assert_eq!(page["total"], 4);
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
            after = page["next"].as_str().map(str::to_owned);
            if after.is_none() {
                break;
            }
            assert!(seen.len() < 5, "{sort} does not end");
        }
        assert_eq!(seen.len(), 4, "{sort}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 4, "{sort} repeats");
    }
}

#[tokio::test]
async fn a_parameter_that_makes_no_sense_is_named() {
    let world = World::start().await;
    let asked = [
        ("min_price", "cheap"),
        ("near", "here"),
        ("radius", "-1"),
        ("sort", "best"),
        ("box", "1,2"),
        ("attr", "x"),
    ];
    let refused = world.anonymous().query("/api/v1/search/listings", &asked).await;
    insta::assert_json_snapshot!(redacted(&refused.expect_problem(422, "invalid")));
    let refused = world.anonymous().query("/api/v1/search/listings", &[("after", "not-a-cursor")]).await;
    let refused = refused.expect_problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "after");
}

#[tokio::test]
async fn a_mistyped_word_is_suggested_right() {
    let world = market().await;
    let found = world.search(&[("q", "iphnoe")]).await;
    let found_anyway = found["total"].as_u64().unwrap() > 0;
    assert!(
        found_anyway || found["did_you_mean"].as_str().is_some_and(|text| text.contains("iphone")),
        "{found}"
    );
}

#[tokio::test]
async fn typing_is_completed() {
    let world = market().await;
    for typed in ["书", "shu", "sj"] {
        let answer =
            world.anonymous().query("/api/v1/search/suggest", &[("q", typed)]).await.expect(200).json();
        let texts: Vec<_> =
            answer["items"].as_array().unwrap().iter().map(|item| item["text"].as_str().unwrap()).collect();
        assert!(texts.iter().any(|text| text.contains("书架")), "{typed}: {texts:?}");
    }
    let nothing = world.anonymous().get("/api/v1/search/suggest").await.expect(200).json();
    assert_eq!(nothing, json!({"items": []}));
}

#[tokio::test]
async fn similar_things_are_others() {
    let world = market().await;
    let shelf = world.search(&[("q", "比利")]).await["items"][0]["id"].as_str().unwrap().to_owned();
    let similar =
        world.anonymous().get(&format!("/api/v1/listings/{shelf}/similar")).await.expect(200).json();
    assert_eq!(titles(&similar), ["小书架 松木"]);
}

#[tokio::test]
async fn an_edit_and_a_withdrawal_are_seen_within_a_second_or_so() {
    let world = World::start().await;
    let listing = world.listing().title("胡桃木书柜").published().await;
    world.search_until("胡桃木", FINDABLE, |found| found["total"] == 1).await;
    let change = json!({"title": "樱桃木书柜"});
    let _ = listing.seller.patch(&listing.path(), "*", &change).await.expect(200);
    world.search_until("樱桃木", FINDABLE, |found| found["total"] == 1).await;
    assert_eq!(world.search(&[("q", "胡桃木")]).await["total"], 0);
    let _ = listing.command("withdraw").await.expect(200);
    world.search_until("樱桃木", FINDABLE, |found| found["total"] == 0).await;
}
