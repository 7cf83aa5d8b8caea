//! Latin letters, digits, and both beside Chinese.

use crate::support::{World, ask, conformance, hit, shown};

conformance! {
    async fn words_written_together_are_found_apart_and_the_other_way_round(world: World) {
        world.holds_titles(&["iPhone14手机壳", "iPhone 14 Pro 256GB", "小米14 手机"]).await;
        for text in ["iphone14", "iphone 14", "IPHONE14"] {
            let titles = world.titles(text).await;
            assert!(titles.contains(&"iPhone14手机壳".to_owned()), "{text}: {titles:?}");
            assert!(titles.contains(&"iPhone 14 Pro 256GB".to_owned()), "{text}: {titles:?}");
            assert!(!titles.contains(&"小米14 手机".to_owned()), "{text}: {titles:?}");
        }
        assert_eq!(world.titles("手机壳 iphone14").await[0], "iPhone14手机壳");
        assert_eq!(world.titles("256g").await, ["iPhone 14 Pro 256GB"]);
    }
}

conformance! {
    async fn one_letter_wrong_is_forgiven_from_four_letters_on(world: World) {
        world.holds_titles(&["Canon 相机", "Nikon 镜头", "Sony 耳机"]).await;
        for (text, title) in [("cannon", "Canon 相机"), ("canno", "Canon 相机"), ("nikn", "Nikon 镜头"), ("sonny", "Sony 耳机")] {
            assert_eq!(world.titles(text).await.first().map(String::as_str), Some(title), "{text}");
        }
        assert!(world.titles("cxxon").await.is_empty(), "two letters wrong");
    }
}

conformance! {
    async fn the_mistyped_word_is_put_right(world: World) {
        let phones: Vec<String> = (1..=8).map(|n| format!("iPhone {n} 手机")).collect();
        world.holds_titles(&phones.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let results = world.search(&ask("iphnoe")).await;
        assert_eq!(results.total, 8);
        assert_eq!(results.did_you_mean.as_deref(), Some("iphone"));
        assert_eq!(world.search(&ask("iphone")).await.did_you_mean, None);
    }
}

conformance! {
    async fn the_beginning_of_a_word_finds_it(world: World) {
        world.holds_titles(&["Switch 游戏机", "木质书桌"]).await;
        assert_eq!(world.titles("switc").await, ["Switch 游戏机"]);
    }
}

conformance! {
    async fn what_matched_is_set_off(world: World) {
        world.holds([crate::support::offer("iPhone14手机壳 全新").described("原装手机壳，颜色很正")]).await;
        let results = world.search(&ask("iphone 手机")).await;
        let hit = hit(&results, "iPhone14手机壳 全新");
        let title = shown(&hit.title);
        assert!(title.starts_with("[iPhone]14[手机"), "{title}");
        assert!(shown(&hit.description).contains("[手机"), "{:?}", hit.description);
    }
}
