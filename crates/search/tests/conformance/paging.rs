//! Page after page.

use std::collections::HashSet;

use luhuan_kernel::Limit;
use luhuan_search::{Near, Point, Query, SearchError, Sort};

use crate::support::{Offer, World, ask, conformance, offer, titles};

fn many() -> Vec<Offer> {
    (0..57_i64)
        .map(|n| {
            // Prices, ages and places repeat, so that ties are many.
            let lamp = offer(&format!("台灯 {n} 号")).priced(n % 5 * 100).days_old(n % 3);
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let step = (n % 4) as f64 * 0.01;
            if n % 7 == 0 { lamp } else { lamp.at(39.9 + step, 116.4) }
        })
        .collect()
}

conformance! {
    async fn each_hit_is_seen_once_in_the_order_of_one_page_in_every_sort(world: World) {
        world.holds(many()).await;
        let near = Some(Near { point: Point { lat: 39.9, lon: 116.4 }, radius_m: None });
        for text in ["台灯", "", "taideng", "台灯 望远镜"] {
            for sort in [Sort::Relevance, Sort::Newest, Sort::PriceAsc, Sort::PriceDesc, Sort::Distance] {
                let whole = world.search(&Query { sort, near, ..ask(text) }).await;
                let mut query = Query { sort, near, limit: Limit::of(Some(10)), ..ask(text) };
                let mut seen = Vec::new();
                loop {
                    let page = world.search(&query).await;
                    assert_eq!(page.total, 57, "{text} {sort:?}");
                    assert!(page.hits.len() <= 10);
                    seen.extend(titles(&page));
                    let Some(next) = page.next else { break };
                    query.after = Some(next);
                }
                assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 57, "{text} {sort:?}");
                assert_eq!(seen, titles(&whole), "{text} {sort:?}");
            }
        }
    }
}

conformance! {
    async fn a_cursor_of_another_search_is_refused(world: World) {
        world.holds(many()).await;
        let first = world.search(&Query { limit: Limit::of(Some(10)), ..ask("台灯") }).await;
        let other = Query { after: first.next, ..ask("书桌") };
        assert!(matches!(world.index.search(&other).await, Err(SearchError::Refused(_))));
    }
}

conformance! {
    async fn what_is_added_meanwhile_does_not_disturb_the_pages_of_a_fixed_order(world: World) {
        world.holds(many()).await;
        let mut query = Query { sort: Sort::PriceAsc, limit: Limit::of(Some(20)), ..ask("台灯") };
        let first = world.search(&query).await;
        world.apply(vec![offer("台灯 最便宜").priced(0).put()]).await;
        query.after = first.next.clone();
        let second = world.search(&query).await;
        let overlap = titles(&second).iter().any(|title| titles(&first).contains(title));
        assert!(!overlap);
    }
}
