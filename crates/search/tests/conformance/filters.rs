//! Only what was asked for.

use luhuan_kernel::Id;
use luhuan_search::{Accept, AttributeFilter, BoundingBox, Near, Point, Query, Sort};
use uuid::Uuid;

use crate::support::{World, ask, conformance, offer, sorted, titles};

conformance! {
    async fn each_filter_keeps_what_fits(world: World) {
        let phone = &[("phones", "手机数码"), ("phones-smartphone", "智能手机")][..];
        world.holds([
            offer("甲手机").filed(phone).priced(100_000).graded("99").in_district("110108").delivered(&["pickup", "express"]),
            offer("乙手机").filed(phone).priced(200_000).graded("90").sold_by(9),
            offer("丙手机壳").priced(1_000).graded("N").delivered(&["express"]),
        ]).await;
        let found = async |query: Query| sorted(titles(&world.search(&query).await));
        let all = || ask("手机");
        assert_eq!(found(Query { category: Some("phones".into()), ..all() }).await, ["乙手机", "甲手机"]);
        assert_eq!(found(Query { category: Some("phones-smartphone".into()), ..all() }).await, ["乙手机", "甲手机"]);
        assert!(found(Query { category: Some("phone".into()), ..all() }).await.is_empty());
        assert_eq!(found(Query { min_price: Some(100_000), ..all() }).await, ["乙手机", "甲手机"]);
        assert_eq!(found(Query { max_price: Some(100_000), ..all() }).await, ["丙手机壳", "甲手机"]);
        assert_eq!(found(Query { districts: vec!["110108".into()], ..all() }).await, ["甲手机"]);
        assert_eq!(found(Query { conditions: vec!["99".into(), "N".into()], ..all() }).await, ["丙手机壳", "甲手机"]);
        assert_eq!(found(Query { deliveries: vec!["express".into()], ..all() }).await, ["丙手机壳", "甲手机"]);
        assert_eq!(found(Query { seller: Some(Id::from_uuid(Uuid::from_u128(9))), ..all() }).await, ["乙手机"]);
        let both = Query { category: Some("phones".into()), conditions: vec!["N".into()], ..all() };
        assert!(found(both).await.is_empty());
    }
}

conformance! {
    async fn attributes_are_filtered_by_value_and_by_range(world: World) {
        world.holds([
            offer("甲手机").with("storage", &["128gb"]).with("colour", &["black"]).measuring("battery", 91.0),
            offer("乙手机").with("storage", &["256gb"]).measuring("battery", 80.5),
            offer("丙手机"),
        ]).await;
        let found = async |code: &str, accept: Accept| {
            let attributes = vec![AttributeFilter { code: code.to_owned(), accept }];
            sorted(titles(&world.search(&Query { attributes, ..ask("手机") }).await))
        };
        assert_eq!(found("storage", Accept::AnyOf(vec!["128gb".into()])).await, ["甲手机"]);
        assert_eq!(found("storage", Accept::AnyOf(vec!["128gb".into(), "256gb".into()])).await, ["乙手机", "甲手机"]);
        assert_eq!(found("battery", Accept::Range(Some(85.0), None)).await, ["甲手机"]);
        assert_eq!(found("battery", Accept::Range(Some(80.5), Some(80.5))).await, ["乙手机"]);
        assert!(found("size", Accept::AnyOf(vec!["xl".into()])).await.is_empty());
    }
}

conformance! {
    async fn a_radius_and_a_box_keep_what_lies_inside(world: World) {
        world.holds([
            offer("天安门的台灯").at(39.9087, 116.3975),
            offer("国贸的台灯").at(39.9085, 116.4600),
            offer("上海的台灯").at(31.2304, 121.4737),
            offer("不说在哪的台灯"),
        ]).await;
        let centre = Point { lat: 39.9087, lon: 116.3975 };
        let near = Query { near: Some(Near { point: centre, radius_m: Some(3_000) }), ..ask("台灯") };
        let results = world.search(&near).await;
        assert_eq!(titles(&results), ["天安门的台灯"]);
        assert!(results.hits[0].distance_m.unwrap() < 10.0);
        let beijing = BoundingBox { south: 39.4, west: 115.4, north: 41.1, east: 117.5 };
        let within = Query { within: Some(beijing), ..ask("台灯") };
        assert_eq!(sorted(titles(&world.search(&within).await)), ["国贸的台灯", "天安门的台灯"]);
        let nearest = Query { near: Some(Near { point: centre, radius_m: None }), sort: Sort::Distance, ..ask("台灯") };
        let results = world.search(&nearest).await;
        assert_eq!(titles(&results), ["天安门的台灯", "国贸的台灯", "上海的台灯", "不说在哪的台灯"]);
        assert_eq!(results.hits[3].distance_m, None);
    }
}

conformance! {
    async fn the_order_is_the_one_asked_for(world: World) {
        world.holds([
            offer("甲台灯").priced(300).days_old(3),
            offer("乙台灯").priced(100).days_old(2),
            offer("丙台灯").priced(200).days_old(1),
        ]).await;
        let found = async |text: &str, sort: Sort| titles(&world.search(&Query { sort, ..ask(text) }).await);
        assert_eq!(found("台灯", Sort::PriceAsc).await, ["乙台灯", "丙台灯", "甲台灯"]);
        assert_eq!(found("台灯", Sort::PriceDesc).await, ["甲台灯", "丙台灯", "乙台灯"]);
        assert_eq!(found("台灯", Sort::Newest).await, ["丙台灯", "乙台灯", "甲台灯"]);
        assert_eq!(found("", Sort::Relevance).await, ["丙台灯", "乙台灯", "甲台灯"]);
    }
}

conformance! {
    async fn a_question_that_makes_no_sense_is_refused(world: World) {
        world.holds_titles(&["台灯"]).await;
        let nowhere = Query { sort: Sort::Distance, ..ask("台灯") };
        assert!(matches!(world.index.search(&nowhere).await, Err(luhuan_search::SearchError::Refused(_))));
    }
}
