//! Home, categories, texts, errors, the design system.

use luhuan_web::format::Price;
use luhuan_web::view::chart::{Histogram, Steps};
use luhuan_web::view::{
    Card, CategoriesPage, CategoryLeaf, CategoryRoot, ErrorPage, HomePage, Photo, PrivacyNoticePage,
    RulesPage, Run, StylePage, Tab,
};

use super::search::{nothing, search};
use super::{Page, Stage, render};

/// Title, price, original price, condition, place, metres away, when; in both languages.
type Row = (
    (&'static str, &'static str),
    i64,
    i64,
    (&'static str, &'static str),
    (&'static str, &'static str),
    u32,
    (&'static str, &'static str),
);

const ROWS: [Row; 8] = [
    (
        ("iPhone 13 128G 国行 电池健康 89% 无拆修", "iPhone 13 128 GB, battery 89 %, never opened"),
        238_000,
        599_900,
        ("95新", "Excellent"),
        ("双井", "Shuangjing"),
        450,
        ("12 分钟前", "12 minutes ago"),
    ),
    (
        ("宜家三人布艺沙发 可拆洗 搬家急出", "IKEA three-seat sofa, washable covers, moving out"),
        45_000,
        249_900,
        ("9成新", "Very good"),
        ("中关村", "Zhongguancun"),
        1_240,
        ("1 小时前", "1 hour ago"),
    ),
    (
        ("捷安特 26 寸山地车 刹车新换 送头盔", "Giant 26-inch mountain bike, new brakes, with helmet"),
        68_000,
        0,
        ("8成新", "Good"),
        ("方庄", "Fangzhuang"),
        1_900,
        ("3 小时前", "3 hours ago"),
    ),
    (
        ("富士 X-T30 套机 快门 3200 次", "Fujifilm X-T30 kit, 3,200 shots"),
        386_000,
        699_900,
        ("95新", "Excellent"),
        ("劲松", "Jinsong"),
        2_400,
        ("昨天", "yesterday"),
    ),
    (
        ("ThinkPad X1 Carbon 第九代 16G 512G", "ThinkPad X1 Carbon gen 9, 16 GB, 512 GB"),
        419_950,
        0,
        ("9成新", "Very good"),
        ("潘家园", "Panjiayuan"),
        3_100,
        ("昨天", "yesterday"),
    ),
    (
        ("小米电视 55 寸 遥控器齐全 自提", "Xiaomi 55-inch TV with remote, pick up only"),
        79_900,
        219_900,
        ("8成新", "Good"),
        ("广外", "Guangwai"),
        3_800,
        ("2 天前", "2 days ago"),
    ),
    (
        ("雅马哈 F310 民谣吉他 送琴包", "Yamaha F310 guitar with bag"),
        55_000,
        98_000,
        ("9成新", "Very good"),
        ("右安门", "You'anmen"),
        4_400,
        ("3 天前", "3 days ago"),
    ),
    (
        ("真丝连衣裙 M 码 只穿过一次", "Silk dress, size M, worn once"),
        12_900,
        79_900,
        ("99新", "Like new"),
        ("蒲黄榆", "Puhuangyu"),
        5_000,
        ("5 天前", "5 days ago"),
    ),
];

/// A photo with the number `index`.
pub fn photo(stage: Stage, index: usize, alt: &str) -> Photo {
    let address = format!("/photos/{}.jpg", index % stage.pictures);
    Photo::from_widths(&format!("ph{index}"), alt, 800, 800, &[(address, 800)])
}

/// `count` cards, starting with the row `from`.
pub fn cards(stage: Stage, from: usize, count: usize) -> Vec<Card> {
    (from..from + count)
        .map(|index| {
            let (title, price, original, condition, place, metres, when) = ROWS[index % ROWS.len()];
            let title = stage.pick(title.0, title.1);
            Card {
                url: format!("/listings/{index}"),
                photo: (index != 7).then(|| photo(stage, index, &title)),
                title: Run::plain(&title),
                price: Price(price),
                original_price: (original > 0).then_some(Price(original)),
                condition: stage.pick(condition.0, condition.1),
                place: stage.pick(place.0, place.1),
                distance: (index % 2 == 0).then_some(metres),
                when: stage.pick(when.0, when.1),
                state: String::new(),
            }
        })
        .collect()
}

/// The category tree, shortened.
pub fn categories(stage: Stage) -> Vec<CategoryRoot> {
    let roots = [
        ("phones", "手机数码", "Phones"),
        ("computers", "电脑办公", "Computers"),
        ("furniture", "家具家居", "Furniture"),
        ("appliances", "家用电器", "Appliances"),
        ("cycling", "骑行出行", "Cycling"),
        ("books", "图书文具", "Books"),
        ("baby", "母婴玩具", "Baby & toys"),
        ("fashion", "服饰鞋包", "Fashion"),
        ("music", "乐器爱好", "Music"),
        ("cameras", "摄影摄像", "Cameras"),
        ("games", "游戏影音", "Games"),
        ("kitchen", "厨房餐饮", "Kitchen"),
        ("sports", "运动户外", "Sports"),
        ("pets", "宠物用品", "Pets"),
        ("tools", "五金园艺", "Tools"),
    ];
    let leaves = [
        ("smartphone", "智能手机", "Smartphones"),
        ("tablet", "平板电脑", "Tablets"),
        ("watch", "智能手表", "Smart watches"),
        ("earphones", "耳机", "Earphones"),
        ("speaker", "音箱", "Speakers"),
        ("case", "手机壳、贴膜和支架", "Cases, films and stands"),
    ];
    roots
        .iter()
        .map(|(code, zh, en)| CategoryRoot {
            code: (*code).to_owned(),
            name: stage.pick(zh, en),
            leaves: leaves
                .iter()
                .zip(0_u64..)
                .map(|((leaf, zh, en), index)| CategoryLeaf {
                    code: format!("{code}-{leaf}"),
                    name: stage.pick(zh, en),
                    count: Some(12_345 / (index * index * 7 + 1)),
                })
                .collect(),
        })
        .collect()
}

/// Prices of mountain bikes.
pub fn histogram() -> Histogram {
    let counts = [6, 12, 22, 30, 44, 52, 47, 40, 33, 25, 20, 14, 11, 9, 7, 5, 4, 3, 2, 2];
    let ranges = counts.iter().zip(0_i64..).map(|(&count, index)| {
        let label = Price::range(Price(index * 10_000), Price((index + 1) * 10_000));
        (label, count, (3..13).contains(&index), String::new())
    });
    Histogram::of(ranges.collect())
}

/// A price that fell twice.
pub fn steps() -> Steps {
    Steps::of(&[(0, Price(280_000)), (86_400 * 5, Price(259_900)), (86_400 * 9, Price(238_000))], 86_400 * 12)
}

/// The pages of this file.
pub fn pages(stage: Stage) -> Result<Vec<Page>, askama::Error> {
    let mut home = HomePage {
        frame: stage.frame("", "/", Tab::Home),
        categories: categories(stage),
        place: stage.pick("双井街道", "Shuangjing"),
        near: cards(stage, 0, 6),
        near_url: "/search?sort=distance".to_owned(),
        fresh: cards(stage, 2, 10),
        total: 12_043,
        sold: 0,
    };
    let full = render(&home)?;
    home.near.clear();
    home.fresh.clear();
    home.place.clear();
    home.frame.person = None;
    let mut pages = vec![
        ("home", full),
        ("home-empty", render(&home)?),
        (
            "categories",
            render(&CategoriesPage {
                frame: stage.frame(&stage.t.get("categories-title"), "/categories", Tab::Search),
                categories: categories(stage),
            })?,
        ),
        ("search", render(&search(stage))?),
        ("search-nothing", render(&nothing(stage))?),
        (
            "privacy",
            render(&PrivacyNoticePage {
                frame: stage.frame(&stage.t.get("privacy-notice-title"), "/privacy", Tab::None),
                operator: stage.pick("绿环演示城市", "the Lühuan demo city"),
                contact: "privacy@example.org".to_owned(),
            })?,
        ),
        ("rules", render(&rules(stage))?),
        (
            "style",
            render(&StylePage {
                frame: stage.frame(&stage.t.get("style-title"), "/_/style", Tab::None),
                cards: cards(stage, 0, 5),
                histogram: histogram(),
                steps: steps(),
            })?,
        ),
    ];
    for (name, status) in [
        ("error-400", 400),
        ("error-403", 403),
        ("error-404", 404),
        ("error-409", 409),
        ("error-413", 413),
        ("error-429", 429),
        ("error-500", 500),
        ("error-503", 503),
    ] {
        let mut page = ErrorPage { frame: stage.stranger("", "/x"), status, ..ErrorPage::default() };
        page.frame.title = page.title();
        pages.push((name, render(&page)?));
    }
    Ok(pages)
}

fn rules(stage: Stage) -> RulesPage {
    RulesPage {
        frame: stage.frame(&stage.t.get("rules-title"), "/rules", Tab::None),
        conditions: vec![
            (
                stage.pick("全新", "New"),
                stage.pick("未拆封，配件齐全，从未使用", "Sealed, complete, never used"),
            ),
            (
                stage.pick("95新", "Excellent"),
                stage.pick("极轻微使用痕迹，功能完好", "Faint traces of use, no functional fault"),
            ),
        ],
        prohibited: vec![(
            stage.pick("野生动物及制品", "Wildlife and products of it"),
            stage.pick("平台不得展示", "May not even be shown"),
            stage.pick("《野生动物保护法》第三十三条", "Wildlife Protection Law, art. 33"),
        )],
    }
}
