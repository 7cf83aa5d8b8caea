//! Completing what is typed.

use crate::support::{World, conformance, offer};

conformance! {
    async fn a_beginning_is_completed_in_chinese_pinyin_and_letters(world: World) {
        let phone = &[("phones", "手机数码"), ("phones-smartphone", "智能手机")][..];
        world.holds([
            offer("小米手机 红色").filed(phone).branded("小米", "14"),
            offer("苹果手机 iPhone 14").filed(phone).branded("Apple", "iPhone 14"),
            offer("手机壳 透明"),
        ]).await;
        assert!(world.suggestions("手").await.contains(&"手机".to_owned()));
        assert!(world.suggestions("shou").await.contains(&"手机".to_owned()));
        assert!(world.suggestions("sj").await.contains(&"手机".to_owned()));
        assert!(world.suggestions("iph").await.iter().any(|it| it.to_lowercase().starts_with("iphone")));
        assert!(world.suggestions("app").await.contains(&"Apple iPhone 14".to_owned()));
        assert!(world.suggestions("红色 shou").await.contains(&"红色 手机".to_owned()));
    }
}

conformance! {
    async fn a_category_is_suggested_with_its_code(world: World) {
        let phone = &[("phones", "手机数码"), ("phones-smartphone", "智能手机")][..];
        world.holds([offer("小米 14").filed(phone)]).await;
        let suggestions = world.index.suggest("智能", 5).await.unwrap();
        let category = suggestions.iter().find(|it| it.text == "智能手机").unwrap();
        assert_eq!(category.category.as_deref(), Some("phones-smartphone"));
    }
}

conformance! {
    async fn the_commonest_comes_first_and_nothing_comes_twice(world: World) {
        world.holds_titles(&["手机 甲", "手机 乙", "手表 甲", "手机 丙"]).await;
        let suggestions = world.suggestions("shou").await;
        assert_eq!(suggestions[0], "手机");
        let mut once = suggestions.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), suggestions.len());
    }
}

conformance! {
    async fn nothing_typed_suggests_nothing(world: World) {
        world.holds_titles(&["手机"]).await;
        assert!(world.suggestions("  ").await.is_empty());
        assert!(world.suggestions("zzzz").await.is_empty());
    }
}
