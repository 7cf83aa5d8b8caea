//! Search results.

use luhuan_web::view::chart::Histogram;
use luhuan_web::view::{
    Choice, Facet, FacetGroup, FacetKind, NearForm, Pager, Run, SearchNotice, SearchPage, SelectedChip,
    SortOption, Tab,
};

use super::Stage;
use super::market::{cards, histogram, photo};

fn facet(
    stage: Stage,
    name: &str,
    label: (&str, &str),
    kind: FacetKind,
    values: &[(&str, &str, u64)],
) -> FacetGroup {
    FacetGroup {
        name: name.to_owned(),
        label: stage.pick(label.0, label.1),
        kind,
        values: values
            .iter()
            .enumerate()
            .map(|(index, (zh, en, count))| Facet {
                value: format!("{name}{index}"),
                label: stage.pick(zh, en),
                count: *count,
                chosen: index == 0 && name == "category",
            })
            .collect(),
    }
}

/// Results for mountain bikes.
pub fn search(stage: Stage) -> SearchPage {
    let words = stage.pick("山地车", "mountain bike");
    let titles = [
        ("捷安特 26 寸山地车 刹车新换 送头盔", "Giant 26-inch mountain bike, new brakes"),
        ("美利达 公爵600 山地车 油刹", "Merida Duke 600 mountain bike, hydraulic"),
        ("迪卡侬 ST100 27.5 寸山地车", "Decathlon ST100 27.5-inch mountain bike"),
        ("凤凰 24 速山地车 学生代步", "Phoenix 24-speed mountain bike for students"),
    ];
    let mut found = cards(stage, 0, 8);
    for (index, card) in found.iter_mut().enumerate() {
        let title = stage.pick(titles[index % 4].0, titles[index % 4].1);
        let marks: Vec<_> = title.match_indices(&words).map(|(at, word)| (at, at + word.len())).collect();
        card.title = Run::marked(&title, &marks);
        card.photo = Some(photo(stage, if index % 3 == 0 { 2 } else { index + 2 }, &title));
        card.distance = Some(1_240 + 450 * u32::try_from(index).unwrap_or(0));
        card.original_price = None;
        card.when.clear();
    }
    let sorts = [
        ("relevance", "相关度", "Best match"),
        ("newest", "最新发布", "Newest"),
        ("price_asc", "价格从低到高", "Cheapest"),
        ("price_desc", "价格从高到低", "Dearest"),
        ("distance", "距离最近", "Nearest"),
    ];
    let mut frame = stage.frame(&words, "/search?q=mountain", Tab::Search);
    frame.query.clone_from(&words);
    SearchPage {
        frame,
        heading: words,
        total: 128,
        took_ms: Some(6),
        cards: found,
        facets: vec![
            facet(
                stage,
                "category",
                ("分类", "Category"),
                FacetKind::Many,
                &[
                    ("山地车", "Mountain bikes", 128),
                    ("公路车", "Road bikes", 64),
                    ("折叠车", "Folding bikes", 51),
                    ("儿童自行车", "Kids' bikes", 33),
                ],
            ),
            facet(
                stage,
                "condition",
                ("成色", "Condition"),
                FacetKind::Many,
                &[
                    ("99新", "Like new", 22),
                    ("95新", "Excellent", 86),
                    ("9成新", "Very good", 104),
                    ("8成新", "Good", 61),
                ],
            ),
            facet(
                stage,
                "district",
                ("区域", "District"),
                FacetKind::Many,
                &[
                    ("朝阳区", "Chaoyang", 71),
                    ("海淀区", "Haidian", 64),
                    ("丰台区", "Fengtai", 38),
                    ("通州区", "Tongzhou", 27),
                    ("西城区", "Xicheng", 20),
                    ("东城区", "Dongcheng", 19),
                    ("昌平区", "Changping", 12),
                    ("大兴区", "Daxing", 11),
                    ("顺义区", "Shunyi", 9),
                    ("房山区", "Fangshan", 3),
                ],
            ),
            facet(
                stage,
                "delivery",
                ("交付", "Delivery"),
                FacetKind::One,
                &[
                    ("面交自提", "Meet in person", 231),
                    ("快递", "Express", 120),
                    ("同城送", "Local delivery", 44),
                ],
            ),
        ],
        chips: vec![SelectedChip {
            label: stage.pick("山地车", "Mountain bikes"),
            without: "/search".to_owned(),
        }],
        clear_url: "/search".to_owned(),
        histogram: histogram(),
        min_price: "300".to_owned(),
        near: near(stage),
        sorts: sorts
            .iter()
            .map(|(value, zh, en)| SortOption {
                value: (*value).to_owned(),
                label: stage.pick(zh, en),
                chosen: *value == "distance",
                url: "/search".to_owned(),
            })
            .collect(),
        pager: Pager { first: None, next: Some("/search?after=x".to_owned()) },
        ..SearchPage::default()
    }
}

fn near(stage: Stage) -> NearForm {
    NearForm {
        places: vec![(
            stage.pick("朝阳区", "Chaoyang"),
            vec![Choice::new("39.89,116.46", stage.pick("双井街道", "Shuangjing"), true)],
        )],
        radii: vec![Choice::new("3000", "3 km", false), Choice::new("5000", "5 km", true)],
    }
}

/// No results, and everything there is to say about that.
pub fn nothing(stage: Stage) -> SearchPage {
    let words = stage.pick("山弟车", "muontain bike");
    let mut page = search(stage);
    page.frame.query.clone_from(&words);
    page.heading = words;
    page.total = 0;
    page.cards.clear();
    page.facets.clear();
    page.histogram = Histogram::default();
    page.pager = Pager::default();
    page.notices = vec![SearchNotice::Degraded, SearchNotice::Rebuilding(62), SearchNotice::PlaceUnknown];
    page.did_you_mean = Some((stage.pick("山地车", "mountain bike"), "/search".to_owned()));
    page.filter_error = stage.pick("最低价不能高于最高价。", "The lowest price is above the highest.");
    page.suggestions = vec![(stage.pick("自行车", "bicycle"), "/search".to_owned())];
    page
}
