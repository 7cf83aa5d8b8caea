//! What comes first.

use crate::support::{World, conformance, offer};

conformance! {
    async fn the_title_counts_more_than_the_brand_the_category_and_the_description(world: World) {
        world.holds([
            offer("一张桌子").described("可以放台灯，送给有缘人"),
            offer("闲置出清").filed(&[("home", "家居"), ("home-lamp", "台灯")]),
            offer("床头小物").branded("台灯", ""),
            offer("宜家台灯"),
        ]).await;
        assert_eq!(world.titles("台灯").await, ["宜家台灯", "床头小物", "闲置出清", "一张桌子"]);
    }
}

conformance! {
    async fn words_side_by_side_in_the_title_come_before_words_apart(world: World) {
        world.holds_titles(&["手机支架 送苹果贴纸", "苹果手机 支架", "苹果和梨 手机图案"]).await;
        assert_eq!(world.titles("苹果手机").await[0], "苹果手机 支架");
    }
}

conformance! {
    async fn of_equal_matches_the_fresher_comes_first(world: World) {
        world.holds([offer("旧台灯 甲").days_old(90), offer("旧台灯 乙").days_old(1), offer("旧台灯 丙").days_old(30)]).await;
        assert_eq!(world.titles("台灯").await, ["旧台灯 乙", "旧台灯 丙", "旧台灯 甲"]);
    }
}

conformance! {
    async fn saying_a_word_often_does_not_help(world: World) {
        world.holds([
            offer("床").described(&"台灯".repeat(50)),
            offer("宜家台灯").described("光线柔和，三档可调"),
        ]).await;
        assert_eq!(world.titles("台灯").await[0], "宜家台灯");
    }
}
