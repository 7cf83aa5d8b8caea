//! The rules on what people really write: ordinary titles pass, prohibited ones do not, however they are spelt.

use std::sync::LazyLock;

use super::*;

static SCREENING: LazyLock<Screening> = LazyLock::new(Screening::load);

fn check(category: &str, title: &str, description: &str) -> Vec<Finding> {
    SCREENING.check(&Subject { title, description, category, ..Subject::default() })
}

/// The gravest action that a title meets.
fn action(category: &str, title: &str) -> Option<(Action, String)> {
    let subject = Subject { title, category, ..Subject::default() };
    SCREENING.check(&subject).first().map(|finding| (finding.action, finding.class.clone()))
}

const ORDINARY: &[(&str, &str)] = &[
    ("phones-smartphone", "苹果 iPhone 14 128GB 黑色 国行 无拆修 无ID锁"),
    ("phones-smartphone", "华为Mate60 Pro 双手机卡 支持手机卡双待"),
    ("phones-smartphone", "小米13 手机 卡其色保护壳一起送"),
    ("phones-smartphone", "荣耀90 黑 卡其 两色可选"),
    ("phones", "手机壳 硅胶 象牙白 全新"),
    ("computers", "联想ThinkPad X1 军用级 抗摔 无拆无修"),
    ("computers", "机械键盘 红轴 国产 RTX 3060 12G 主机"),
    ("computers", "华硕路由器 支持VPN 双频千兆"),
    ("computers", "硬盘盒 USB3.1 gen2"),
    ("cameras", "佳能EF 50mm f1.8 镜头 未维修过"),
    ("cameras", "富士胶片 过期胶卷 已过期 两卷"),
    ("cameras", "大疆 Mini 3 无人机 带三块电池"),
    ("appliances", "美的挂烫机 手枪式 喷头"),
    ("appliances", "海尔红酒柜 恒温 红酒架可拆"),
    ("appliances", "九阳榨汁机 榨水果机 八成新"),
    ("appliances", "飞利浦咖啡机 送咖啡豆罐"),
    ("appliances", "小米空气净化器 除甲醛 滤芯新换"),
    ("appliances", "戴森吸尘器 V8 吹尘气枪配件"),
    ("tools", "博世手枪钻 手枪电钻 送钻头"),
    ("tools", "气枪钉 射钉配件一盒"),
    ("tools", "牧田电锤 九成新"),
    ("furniture", "实木餐桌 四把椅子 原木色"),
    ("furniture", "宜家沙发 颜色白 酒店用过 九成新"),
    ("furniture", "玳瑁色 亚克力收纳盒"),
    ("furniture-bedding", "水洗棉四件套 1.5米床 全新"),
    ("furniture-bedding", "珊瑚绒毯子 红珊瑚色"),
    ("kitchen", "葡萄酒杯 六只 醒酒器"),
    ("kitchen", "威士忌酒杯 水晶 一对"),
    ("kitchen", "茶叶罐 陶瓷 密封"),
    ("kitchen", "月饼模具 五个花片"),
    ("baby", "奶粉分装盒 便携 三格"),
    ("baby", "好孩子推车 可接安全座椅 提篮"),
    ("toys-blocks", "乐高 城市警察 警灯积木 齐全"),
    ("toys-doll", "玩具手枪 声光 电动 送电池"),
    ("toys-doll", "水枪 儿童 抽拉式 大容量"),
    ("toys-doll", "泡泡手枪 全自动"),
    ("toys-doll", "软弹枪 海绵子弹 20发"),
    ("toys-doll", "小火车铁轨 木质 60件套"),
    ("toys-doll", "穿山甲毛绒玩偶"),
    ("books", "盗墓笔记 全套九本 九成新"),
    ("books", "让子弹飞 导演手记"),
    ("books", "葡萄酒品鉴书 精装"),
    ("books", "国家宝藏 青铜器书 图册"),
    ("books", "器官解剖图谱 医学教材"),
    ("fashion", "优衣库 烟花裙 M码"),
    ("fashion", "豹皮纹外套 仿皮草"),
    ("fashion", "酒红色 大衣 羊毛"),
    ("fashion", "军装风 工装裤 卡其"),
    ("bags-wallet", "护照夹 真皮 票夹"),
    ("bags-wallet", "银行卡包 多卡位 风琴"),
    ("beauty-perfume", "香水 烟草与香草 未拆封"),
    ("beauty-makeup", "口红 全新 未开封 未拆封"),
    ("sports", "瑜伽垫 加厚 送背带"),
    ("cycling", "公路自行车 碳纤维 送头盔"),
    ("pets", "猫爬架 四层 出猫咪爬架"),
    ("pets", "狗零食 铁桶收纳"),
    ("furniture-plant", "虎皮兰 盆栽 带盆"),
    ("furniture-plant", "佛头果 摆件 绿植"),
    ("music", "雅马哈电子琴 61键"),
    ("business-office", "快递面单打印机 热敏"),
    ("collect", "老火车票 硬板火车票 收藏"),
    ("collect", "烟标 老香烟牌子 一本"),
    ("games", "任天堂Switch 续航版 马里奥赛车8"),
    ("games", "PS5 光驱版 双手柄 扫雷游戏"),
    ("jewelry", "象牙果手串 菩提"),
    ("outdoor-tent", "迪卡侬帐篷 三人 防雨"),
    ("mobility-wheelchair", "轮椅 可折叠 九成新"),
    ("business", "人体器官模型 教学用"),
    ("hobby-figure", "钢铁侠头盔 手办 1:1"),
    ("furniture", "白色 酒柜 玻璃门"),
];

const PROHIBITED: &[(&str, Action)] = &[
    ("出售枪支", Action::Block),
    ("枪 支 配件", Action::Block),
    ("出售枪 支 私聊", Action::Block),
    ("仿真枪 全金属", Action::Block),
    ("枪·支 弹*药", Action::Block),
    ("十字弩 带瞄准", Action::Block),
    ("匕首 户外", Action::Block),
    ("甩棍 防身", Action::Block),
    ("黑火药 一斤", Action::Block),
    ("烟花爆竹 过年", Action::Block),
    ("窜天猴 一箱", Action::Block),
    ("氰化钾 试剂", Action::Block),
    ("百草枯 农药", Action::Block),
    ("水银 500克", Action::Block),
    ("窨井盖 铸铁", Action::Block),
    ("铁轨 钢轨 旧料", Action::Block),
    ("电力电缆 铜芯", Action::Block),
    ("象牙手镯 老料", Action::Block),
    ("象.牙 吊坠", Action::Block),
    ("虎骨 泡酒料", Action::Block),
    ("穿山甲鳞片", Action::Block),
    ("捕兽夹 铁制", Action::Block),
    ("电鱼机 12V", Action::Block),
    ("捡到的手机 解锁不了", Action::Block),
    ("iPhone 13 有ID锁 低价", Action::Block),
    ("iPhone icloud locked cheap", Action::Block),
    ("出土文物 青铜器", Action::Licence),
    ("高古玉 包老", Action::Licence),
    ("恐龙蛋化石", Action::Licence),
    ("香烟 一条 低价", Action::Licence),
    ("香.烟 整条", Action::Licence),
    ("电 子 烟 全新", Action::Licence),
    ("ＩＱＯＳ 加热棒", Action::Licence),
    ("RELX 四代 套装", Action::Licence),
    ("软中华 两条", Action::Licence),
    ("飞天茅台 2瓶", Action::Licence),
    ("葡萄酒 法国进口 六支", Action::Licence),
    ("婴儿奶粉 三段 两罐", Action::Licence),
    ("冬虫夏草 礼盒", Action::Licence),
    ("过期奶粉 喂猫", Action::Block),
    ("布洛芬 两盒", Action::Block),
    ("处方药 转让", Action::Block),
    ("司美格鲁肽 未拆", Action::Block),
    ("血糖试纸 50片", Action::Licence),
    ("美瞳 日抛", Action::Licence),
    ("穿过的丝袜", Action::Block),
    ("银行卡 出租 日结", Action::Block),
    ("身份证 原件", Action::Block),
    ("电话卡出售 实名", Action::Block),
    ("代开发票", Action::Block),
    ("北京车牌 出租", Action::Block),
    ("游戏账号 王者全皮", Action::Block),
    ("微信小号 批发", Action::Block),
    ("警用 手铐", Action::Block),
    ("防弹衣 二级", Action::Block),
    ("高仿包 顶级", Action::Block),
    ("A货 劳力士", Action::Block),
    ("充气娃娃", Action::Block),
    ("幼犬出售 金毛", Action::Block),
    ("儿童安全座椅 用过一年", Action::Block),
    ("煤气罐 15公斤", Action::Block),
    ("拆机18650 电芯", Action::Block),
    ("大麻 种子", Action::Block),
    ("针孔摄像头 隐蔽", Action::Block),
    ("百家乐 桌布 老虎机", Action::Block),
    ("比特币 出", Action::Block),
    ("代写论文 包过", Action::Block),
    ("花呗套现", Action::Block),
    ("客户名单 十万条", Action::Block),
    ("八两秤 遥控秤", Action::Block),
    ("电动自行车 新国标", Action::Restricted),
    ("演唱会门票 两张", Action::Review),
    ("大功率激光笔", Action::Review),
];

#[test]
fn ordinary_titles_pass() {
    assert!(ORDINARY.len() >= 60);
    for (category, _) in ORDINARY {
        assert!(Catalog::get().category(category).is_some(), "{category}");
    }
    let stopped: Vec<_> = ORDINARY
        .iter()
        .filter_map(|(category, title)| Some((title, action(category, title)?)))
        .filter(|(_, (action, _))| *action != Action::Badge)
        .collect();
    assert!(stopped.is_empty(), "{stopped:#?}");
}

#[test]
fn prohibited_titles_do_not() {
    assert!(PROHIBITED.len() >= 60);
    let slipped: Vec<_> = PROHIBITED
        .iter()
        .map(|(title, expected)| (title, expected, action("furniture", title)))
        .filter(|(_, expected, found)| found.as_ref().map(|(action, _)| action) != Some(expected))
        .collect();
    assert!(slipped.is_empty(), "{slipped:#?}");
}

#[test]
fn an_exception_cancels_only_where_it_stands() {
    assert!(check("tools", "手枪钻 家用", "").is_empty());
    let findings = check("tools", "手枪钻 送手枪", "");
    assert_eq!((findings[0].class.as_str(), findings[0].word.as_str()), ("weapons", "手枪"));
}

#[test]
fn a_finding_quotes_the_rule_and_the_words_as_written() {
    let findings = check("furniture", "旧物一批", "另有香．烟 两条，自取");
    let finding = &findings[0];
    assert_eq!((finding.place, finding.word.as_str()), (Place::Description, "香．烟"));
    assert_eq!((finding.action, finding.licence.as_deref()), (Action::Licence, Some("tobacco")));
    assert!(
        finding.rule_zh.contains("专卖")
            && finding.rule_en.contains("monopoly")
            && !finding.source.is_empty()
    );
}

#[test]
fn a_licence_that_was_shown_opens_its_class_only() {
    let subject = |licences| Subject {
        title: "红酒 六支 送香烟",
        description: "",
        defects: &[],
        brand: "",
        model: "",
        reason: "",
        category: "furniture",
        licences,
    };
    let classes =
        |licences| SCREENING.check(&subject(licences)).into_iter().map(|f| f.class).collect::<Vec<_>>();
    assert_eq!(classes(&[]), ["tobacco", "alcohol"]);
    assert_eq!(classes(&["alcohol"]), ["tobacco"]);
    assert!(classes(&["alcohol", "tobacco"]).is_empty());
}

#[test]
fn a_class_holds_where_it_says() {
    let badge = check("phones-smartphone", "官翻机 iPhone 12", "");
    assert_eq!((badge[0].action, badge[0].badge.as_deref()), (Action::Badge, Some("used-goods")));
    assert!(check("books", "官翻机 使用手册", "").is_empty());
    assert!(check("books", "红酒 入门", "").is_empty(), "a book about wine is no wine");
    let opened = check("beauty-makeup", "口红 用过几次", "");
    assert_eq!(opened[0].class, "cosmetics-opened");
    assert!(check("furniture", "沙发 用过几次", "").is_empty());
}

#[test]
fn some_categories_meet_a_class_by_themselves() {
    let findings = check("bikes-electric", "通勤车 九成新", "");
    assert_eq!((findings[0].class.as_str(), findings[0].place), ("vehicles", Place::Category));
    assert_eq!(findings[0].requires.as_deref(), Some("registration-transfer"));
    assert!(Catalog::get().category("bikes-electric").is_some(), "the data files name the same categories");
}

#[test]
fn every_category_that_the_rules_name_exists() {
    for class in &SCREENING.classes {
        for code in class.within.iter().chain(&class.except_in).chain(&class.categories) {
            assert!(Catalog::get().category(code).is_some(), "{} names {code}", class.code);
        }
    }
}

#[test]
fn a_latin_word_must_stand_alone() {
    assert!(check("furniture", "winery poster", "").is_empty());
    assert!(check("furniture", "VapeX100 模型", "").is_empty());
    assert_eq!(check("furniture", "vape 全新", "")[0].class, "tobacco");
    assert_eq!(check("furniture", "全新vape设备", "")[0].class, "tobacco");
}

#[test]
fn a_gap_between_two_words_makes_no_third() {
    for title in ["颜色白 酒店用过", "手机 卡西欧手表", "黑 卡其 两色", "白/酒红 拼色", "电，子烟灰缸造型"]
    {
        assert!(check("other", title, "").is_empty(), "{title}");
    }
}

#[test]
fn broken_rules_say_what_is_wrong() {
    let class = |more: &str| {
        format!(
            "[[class]]\ncode = 'a'\nzh = '甲'\nen = 'A'\nrule_zh = '不'\nrule_en = 'No'\nsource = 's'\n{more}\n"
        )
    };
    let error = |text: String| Screening::parse(&text).unwrap_err();
    assert!(matches!(
        error(class("action = 'licence'")),
        ScreeningError::Incomplete { lacks: "licence", .. }
    ));
    assert!(matches!(error(class("action = 'block'\nwords = ['·']")), ScreeningError::EmptyWord { .. }));
    assert!(matches!(error(class("action = 'block'").repeat(2)), ScreeningError::Twice(_)));
    assert!(matches!(error(class("action = 'maim'")), ScreeningError::Malformed(_)));
}

proptest::proptest! {
    #[test]
    fn no_text_panics_and_every_word_found_stands_in_it(text in "[枪支香烟手玩具 .·\u{200b}*Ａavpe钻水，\n-]{0,40}", noise in ".{0,20}") {
        let text = format!("{text}{noise}");
        for finding in check("other", &text, "") {
            proptest::prop_assert!(text.contains(&finding.word) && !finding.word.is_empty());
        }
    }

    #[test]
    fn marks_and_invisible_signs_hide_no_word(marks in proptest::collection::vec("[.·*_\u{200b}\u{feff}]{0,3}", 1)) {
        let title = format!("出售香{}烟两条", marks[0]);
        proptest::prop_assert_eq!(&check("other", &title, "")[0].class, "tobacco");
    }
}
