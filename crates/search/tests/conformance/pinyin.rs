//! Chinese typed in Latin letters.

use crate::support::{World, ask, conformance, hit, shown};

conformance! {
    async fn pinyin_and_initials_find_the_word(world: World) {
        world.holds_titles(&["小米手机 红色", "手机壳 透明", "实木书桌"]).await;
        for text in ["shouji", "sj", "ShouJi"] {
            let titles = world.titles(text).await;
            assert!(titles.contains(&"小米手机 红色".to_owned()), "{text}: {titles:?}");
            assert!(titles.contains(&"手机壳 透明".to_owned()), "{text}: {titles:?}");
        }
        for text in ["shouji ke", "shoujike"] {
            assert_eq!(world.titles(text).await.first().map(String::as_str), Some("手机壳 透明"), "{text}");
        }
    }
}

conformance! {
    async fn pinyin_finds_while_it_is_typed(world: World) {
        world.holds_titles(&["小米手机 红色", "实木书桌"]).await;
        for text in ["shou", "shouj"] {
            assert_eq!(world.titles(text).await, ["小米手机 红色"], "{text}");
        }
    }
}

conformance! {
    async fn words_run_together_in_pinyin_are_parted(world: World) {
        world.holds_titles(&["折叠 红色 自行车", "实木书桌"]).await;
        assert_eq!(world.titles("zixingchehongse").await, ["折叠 红色 自行车"]);
    }
}

conformance! {
    async fn a_character_read_in_two_ways_is_found_by_either(world: World) {
        world.holds_titles(&["音乐盒 重庆产", "空调扇"]).await;
        assert_eq!(world.titles("yinyue").await, ["音乐盒 重庆产"]);
        assert_eq!(world.titles("chongqing").await, ["音乐盒 重庆产"]);
        assert_eq!(world.titles("kongtiao").await, ["空调扇"]);
    }
}

conformance! {
    async fn pinyin_and_chinese_go_together(world: World) {
        world.holds_titles(&["小米手机 红色", "小米手环"]).await;
        assert_eq!(world.titles("小米 shouji").await[0], "小米手机 红色");
    }
}

conformance! {
    async fn what_was_meant_by_pinyin_is_set_off(world: World) {
        world.holds_titles(&["小米手机 红色"]).await;
        let results = world.search(&ask("shouji")).await;
        assert_eq!(shown(&hit(&results, "小米手机 红色").title), "小米[手机] 红色");
    }
}

conformance! {
    async fn a_wrong_character_that_sounds_right_is_put_right(world: World) {
        world.holds_titles(&["永久自行车", "凤凰自行车", "折叠自行车", "儿童自行车", "山地自行车", "公路自行车"]).await;
        assert_eq!(world.search(&ask("自形车")).await.did_you_mean.as_deref(), Some("自行车"));
    }
}
