//! Counts beside the hits.

use std::collections::BTreeMap;

use luhuan_search::{Accept, AttributeFilter, FacetName, Query, Results};

use crate::support::{Offer, World, ask, conformance, offer};

fn counts(results: &Results, code: &str) -> BTreeMap<String, u64> {
    let facet = results.facets.iter().find(|facet| facet.code == code).unwrap();
    facet.buckets.iter().map(|bucket| (bucket.value.clone(), bucket.count)).collect()
}

fn map<const N: usize>(pairs: [(&str, u64); N]) -> BTreeMap<String, u64> {
    pairs.into_iter().map(|(value, count)| (value.to_owned(), count)).collect()
}

fn lamps() -> Vec<Offer> {
    let lamp = &[("home", "家居"), ("home-lamp", "灯具")][..];
    let toy = &[("toys", "玩具"), ("toys-model", "模型")][..];
    vec![
        offer("台灯一")
            .filed(lamp)
            .graded("99")
            .in_district("110105")
            .priced(3_000)
            .delivered(&["pickup", "express"]),
        offer("台灯二").filed(lamp).graded("90").in_district("110105").priced(8_000),
        offer("台灯三")
            .filed(lamp)
            .graded("90")
            .in_district("110108")
            .priced(30_000)
            .with("colour", &["black"]),
        offer("台灯模型")
            .filed(toy)
            .graded("N")
            .in_district("110108")
            .priced(3_500)
            .with("colour", &["black", "white"]),
        offer("书桌").filed(&[("home", "家居"), ("home-desk", "桌子")]),
    ]
}

conformance! {
    async fn hits_are_counted_by_everything_asked_for(world: World) {
        world.holds(lamps()).await;
        let mut facets = FacetName::common();
        facets.push(FacetName::Attribute("colour".to_owned()));
        let results = world.search(&Query { facets, ..ask("台灯") }).await;
        assert_eq!(results.total, 4);
        assert_eq!(counts(&results, "category"), map([("home", 3), ("home-lamp", 3), ("toys", 1), ("toys-model", 1)]));
        assert_eq!(counts(&results, "condition"), map([("90", 2), ("99", 1), ("N", 1)]));
        assert_eq!(counts(&results, "district"), map([("110105", 2), ("110108", 2)]));
        assert_eq!(counts(&results, "delivery"), map([("pickup", 4), ("express", 1)]));
        assert_eq!(counts(&results, "price"), map([("0-5000", 2), ("5000-10000", 1), ("20000-50000", 1)]));
        assert_eq!(counts(&results, "attribute.colour"), map([("black", 2), ("white", 1)]));
    }
}

conformance! {
    async fn a_facet_sets_its_own_filter_aside_and_keeps_the_others(world: World) {
        world.holds(lamps()).await;
        let query = Query {
            conditions: vec!["90".into()],
            districts: vec!["110108".into()],
            facets: FacetName::common(),
            ..ask("台灯")
        };
        let results = world.search(&query).await;
        assert_eq!(results.total, 1);
        assert_eq!(counts(&results, "condition"), map([("90", 1), ("N", 1)]), "of 110108, any grade");
        assert_eq!(counts(&results, "district"), map([("110105", 1), ("110108", 1)]), "of grade 90, anywhere");
        assert_eq!(counts(&results, "category"), map([("home", 1), ("home-lamp", 1)]), "both filters hold");
    }
}

conformance! {
    async fn price_and_attribute_facets_set_their_own_filters_aside(world: World) {
        world.holds(lamps()).await;
        let colour = || FacetName::Attribute("colour".to_owned());
        let white = AttributeFilter { code: "colour".to_owned(), accept: Accept::AnyOf(vec!["white".into()]) };
        let query = Query { attributes: vec![white], facets: vec![colour()], ..ask("台灯") };
        let results = world.search(&query).await;
        assert_eq!(results.total, 1);
        assert_eq!(counts(&results, "attribute.colour"), map([("black", 2), ("white", 1)]));
        let cheap = Query { max_price: Some(5_000), facets: vec![FacetName::Price], ..ask("台灯") };
        let results = world.search(&cheap).await;
        assert_eq!(results.total, 2);
        assert_eq!(counts(&results, "price").values().sum::<u64>(), 4);
    }
}

conformance! {
    async fn price_ranges_come_in_order_and_the_rest_most_first(world: World) {
        world.holds(lamps()).await;
        let results = world.search(&Query { facets: vec![FacetName::Price, FacetName::Condition], ..ask("") }).await;
        let order = |at: usize| results.facets[at].buckets.iter().map(|it| it.value.as_str()).collect::<Vec<_>>();
        assert_eq!(order(0), ["0-5000", "5000-10000", "10000-20000", "20000-50000"]);
        assert_eq!(order(1)[0], "90");
    }
}
