//! Words inside words, and words that only sound alike.

use crate::support::{World, conformance, offer, sorted};

conformance! {
    async fn a_word_inside_a_longer_word_is_found(world: World) {
        let pairs = [
            ("处理", "待处理旧家具一批"),
            ("简单", "书架 安装简单"),
            ("工具", "家用测试工具箱"),
            ("包", "小化妆包"),
            ("化妆包", "小化妆包"),
            ("芹菜", "大芹菜种子"),
            ("工程", "在建工程图册"),
        ];
        world.holds_titles(&pairs.map(|(_, title)| title)).await;
        for (text, title) in pairs {
            assert!(world.titles(text).await.contains(&title.to_owned()), "{text} finds {title}");
        }
    }
}

conformance! {
    async fn both_words_are_found_in_any_order(world: World) {
        world.holds_titles(&["某公司 招商 手册", "招商公司宣传册", "公司年会抽奖箱"]).await;
        for text in ["招商 公司", "公司 招商", "公司招商"] {
            let titles = world.titles(text).await;
            assert!(titles.contains(&"某公司 招商 手册".to_owned()), "{text}: {titles:?}");
            assert!(titles.contains(&"招商公司宣传册".to_owned()), "{text}: {titles:?}");
            assert_ne!(titles[0], "公司年会抽奖箱", "{text}");
        }
    }
}

conformance! {
    async fn a_word_does_not_bring_another_that_sounds_the_same(world: World) {
        world.holds_titles(&["北京景点门票册", "经典文学全集"]).await;
        assert_eq!(world.titles("景点").await, ["北京景点门票册"]);
        assert_eq!(world.titles("经典").await, ["经典文学全集"]);
        assert_eq!(world.titles("jingdian").await.len(), 2);
    }
}

conformance! {
    async fn a_word_does_not_bring_what_only_has_its_characters_across_words(world: World) {
        world.holds_titles(&["二手机械键盘", "小米手机", "旧手机充电器", "手机支架"]).await;
        let titles = world.titles("手机").await;
        assert!(!titles.contains(&"二手机械键盘".to_owned()), "{titles:?}");
        assert_eq!(titles.len(), 3);
    }
}

conformance! {
    async fn what_crosses_words_is_found_when_nothing_better_is(world: World) {
        world.holds_titles(&["手机保护壳 透明", "木质书桌"]).await;
        assert_eq!(world.titles("手机壳").await, ["手机保护壳 透明"]);
    }
}

conformance! {
    async fn free_delivery_is_no_bag(world: World) {
        world.holds_titles(&["全新台灯包邮", "帆布包", "双肩背包", "真皮钱包"]).await;
        let titles = sorted(world.titles("包").await);
        assert_eq!(titles, sorted(vec!["帆布包".to_owned(), "双肩背包".to_owned(), "真皮钱包".to_owned()]));
    }
}

conformance! {
    async fn traditional_and_full_width_writing_find_the_same(world: World) {
        world.holds_titles(&["苹果手机 iPhone 14", "蘋果手機殼"]).await;
        assert_eq!(world.titles("手機").await.len(), 2);
        assert_eq!(world.titles("ｉＰｈｏｎｅ１４").await, ["苹果手机 iPhone 14"]);
    }
}

conformance! {
    async fn another_name_of_a_thing_finds_it(world: World) {
        world.holds_titles(&["永久牌自行车", "捷安特单车", "儿童三轮车"]).await;
        let titles = world.titles("单车").await;
        assert_eq!(titles[0], "捷安特单车");
        assert!(titles.contains(&"永久牌自行车".to_owned()), "{titles:?}");
    }
}

conformance! {
    async fn that_a_thing_is_used_need_not_be_said(world: World) {
        world.holds_titles(&["永久牌自行车", "二手书一箱"]).await;
        assert_eq!(world.titles("二手自行车").await, ["永久牌自行车"]);
    }
}

conformance! {
    async fn the_description_the_brand_the_category_and_the_place_find_it_too(world: World) {
        world.holds([
            offer("一台好用的机器").described("吸力强劲，适合地毯，带原装刷头").branded("戴森", "V10"),
            offer("餐桌").filed(&[("furniture", "家具"), ("furniture-table", "桌子")]).placed(&["朝阳区", "望京街道"]),
        ]).await;
        assert_eq!(world.titles("刷头").await, ["一台好用的机器"]);
        assert_eq!(world.titles("戴森 v10").await, ["一台好用的机器"]);
        assert_eq!(world.titles("家具").await, ["餐桌"]);
        assert_eq!(world.titles("望京 桌子").await, ["餐桌"]);
    }
}

conformance! {
    async fn some_of_the_words_are_better_than_nothing(world: World) {
        world.holds_titles(&["红色折叠自行车", "实木餐桌"]).await;
        let results = world.search(&crate::support::ask("自行车 头盔")).await;
        assert_eq!(crate::support::titles(&results), ["红色折叠自行车"]);
        assert_eq!(results.reach, luhuan_search::Reach::Partial);
    }
}
