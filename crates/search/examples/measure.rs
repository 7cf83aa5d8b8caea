//! Measures the embedded engine on its own: `cargo run --release -p luhuan-search --example measure [listings] [what] [folder]`.
//! A folder that holds an index already is opened as it is.
//!
//! Prints the time to index, memory in use, searches a second and their latencies at 16 at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use luhuan_kernel::{Id, Limit, Position, Timestamp};
use luhuan_search::{
    Attribute, Category, Document, FacetName, Near, Point, Query, SearchIndex, Sort, State, TantivyIndex,
    Value,
};
use rand::{Rng, RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);
const AT_ONCE: usize = 16;

const BRANDS: [&str; 16] = [
    "苹果",
    "华为",
    "小米",
    "索尼",
    "戴森",
    "宜家",
    "捷安特",
    "永久",
    "美的",
    "格力",
    "联想",
    "佳能",
    "尼康",
    "任天堂",
    "飞利浦",
    "乐高",
];
const THINGS: [(&str, &str); 24] = [
    ("phones", "智能手机"),
    ("phones", "手机壳"),
    ("phones", "蓝牙耳机"),
    ("phones", "充电宝"),
    ("computers", "笔记本电脑"),
    ("computers", "机械键盘"),
    ("computers", "显示器"),
    ("cameras", "单反相机"),
    ("cameras", "镜头"),
    ("home", "台灯"),
    ("home", "书桌"),
    ("home", "实木餐桌"),
    ("home", "沙发"),
    ("home", "收纳箱"),
    ("appliances", "吸尘器"),
    ("appliances", "电饭煲"),
    ("appliances", "空调扇"),
    ("sport", "山地自行车"),
    ("sport", "折叠自行车"),
    ("sport", "滑板"),
    ("bags", "双肩背包"),
    ("bags", "小化妆包"),
    ("toys", "积木"),
    ("books", "经典文学全集"),
];
const QUALITIES: [&str; 20] = [
    "全新未拆",
    "九成新",
    "自用",
    "几乎没用过",
    "搬家急出",
    "包邮",
    "可小刀",
    "带发票",
    "原装配件",
    "无划痕",
    "电池健康",
    "限量版",
    "国行",
    "学生党",
    "女生自用",
    "功能正常",
    "轻微使用痕迹",
    "同城自提",
    "箱说全",
    "成色很好",
];
const COLOURS: [&str; 8] = ["黑色", "白色", "红色", "蓝色", "绿色", "粉色", "银色", "灰色"];
const PLACES: [&str; 12] = [
    "望京",
    "国贸",
    "中关村",
    "五道口",
    "回龙观",
    "天通苑",
    "亦庄",
    "通州北苑",
    "西二旗",
    "双井",
    "劲松",
    "丽泽",
];
const SENTENCES: [&str; 12] = [
    "因为搬家所以低价转让，东西保存得很好。",
    "买来只用了几次，一直放在柜子里。",
    "支持当面验货，满意再付款。",
    "功能一切正常，外观有轻微使用痕迹。",
    "原价购入，发票和盒子都在。",
    "换了新款，旧的就出了。",
    "不退不换，请看好再拍。",
    "可以自提，也可以快递，运费另算。",
    "适合学生和租房的朋友。",
    "孩子长大了用不上了。",
    "送一些配件，具体看图。",
    "喜欢的话可以私聊，价格好商量。",
];

fn document(number: usize, rng: &mut ChaCha8Rng) -> Document {
    let (root, thing) = *THINGS.choose(rng).expect("some");
    let brand = *BRANDS.choose(rng).expect("some");
    let colour = *COLOURS.choose(rng).expect("some");
    let place = *PLACES.choose(rng).expect("some");
    let model = format!("{}{}", char::from(b'A' + rng.random_range(0..26)), rng.random_range(1..999));
    let quality = QUALITIES.sample(rng, 2).copied().collect::<Vec<_>>().join(" ");
    let sentences = SENTENCES.sample(rng, 4).copied().collect::<Vec<_>>().concat();
    Document {
        id: Id::from_uuid(Uuid::from_u64_pair(number as u64, rng.next_u64())),
        version: 1,
        title: format!("{brand}{thing} {model} {colour} {quality}"),
        description: format!("{sentences}{place}附近。编号{number}"),
        brand: brand.to_owned(),
        model,
        category: vec![
            Category { code: root.to_owned(), names: vec![root.to_owned()] },
            Category { code: format!("{root}-{thing}"), names: vec![thing.to_owned()] },
        ],
        keywords: vec![colour.to_owned()],
        condition: (*["N", "99", "95", "90", "80", "70", "P"].choose(rng).expect("some")).to_owned(),
        district: format!("1101{:02}", rng.random_range(1..17)),
        subdistrict: format!("1101{:05}", rng.random_range(0..300)),
        place_names: vec![place.to_owned()],
        deliveries: vec!["pickup".to_owned(), "express".to_owned()][..rng.random_range(1..=2)].to_vec(),
        price: rng.random_range(1_000..500_000),
        original_price: None,
        negotiable: rng.random_bool(0.5),
        published_at: NOW.plus_seconds(-rng.random_range(0..10_000_000)),
        point: Some(Point { lat: rng.random_range(39.7..40.1), lon: rng.random_range(116.1..116.7) }),
        attributes: vec![Attribute {
            code: "colour".to_owned(),
            values: vec![Value::Code(colour.to_owned())],
        }],
        seller: Id::from_uuid(Uuid::from_u128(rng.random_range(0..5_000))),
        seller_kind: "private".to_owned(),
        photo: Some(format!("photos/{number:08x}.jpg")),
    }
}

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = THINGS.iter().map(|(_, thing)| (*thing).to_owned()).collect();
    for brand in BRANDS {
        texts.extend(THINGS.iter().map(|(_, thing)| format!("{brand} {thing}")));
        texts.push(brand.to_owned());
    }
    texts.extend(
        ["红色 自行车", "黑色 双肩背包", "望京 沙发", "shouji", "sj", "zixingche", "显示器 国行"]
            .map(str::to_owned),
    );
    texts
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |key: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("?");
        value.trim_start_matches(':').trim().to_owned()
    };
    format!(
        "resident {} (own {}, files {}), peak {}",
        line("VmRSS"),
        line("RssAnon"),
        line("RssFile"),
        line("VmHWM")
    )
}

/// Processor time used so far: says what a search costs whatever else the machine does.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace().skip(11).take(2);
    Duration::from_millis(fields.filter_map(|it| it.parse::<u64>().ok()).sum::<u64>() * 10)
}

async fn run(name: &str, index: &Arc<TantivyIndex>, queries: Vec<Query>) {
    if std::env::args().nth(2).is_some_and(|only| only != "all" && only != name) {
        return;
    }
    let queries = Arc::new(queries);
    let next = Arc::new(AtomicUsize::new(0));
    let (start, used) = (Instant::now(), cpu());
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (index, queries, next) = (Arc::clone(index), Arc::clone(&queries), Arc::clone(&next));
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while start.elapsed() < Duration::from_secs(4) {
                    let query = &queries[next.fetch_add(1, Ordering::Relaxed) % queries.len()];
                    let before = Instant::now();
                    index.search(query).await.expect("it serves");
                    taken.push(before.elapsed());
                }
                taken
            })
        })
        .collect();
    let mut taken = Vec::new();
    for task in tasks {
        taken.extend(task.await.expect("no fall"));
    }
    taken.sort();
    let at = |share: usize| taken[taken.len() * share / 1000];
    let rate = taken.len() as u128 * 1_000 / start.elapsed().as_millis();
    let each = (cpu() - used) / u32::try_from(taken.len()).unwrap_or(u32::MAX);
    println!(
        "{name:<40} {rate:>6}/s  p50 {:>9.2?}  p99 {:>9.2?}  p99.9 {:>9.2?}  cpu {each:>8.2?}",
        at(500),
        at(990),
        at(999)
    );
}

/// Fills an index that has nothing to serve.
async fn fill(index: &TantivyIndex, count: usize, rng: &mut ChaCha8Rng) {
    if index.health().await.state == State::Ready {
        return;
    }
    let start = Instant::now();
    let mut rebuild = index.rebuild().await.expect("a rebuild");
    for page in 0..count / 1_000 {
        let documents = (0..1_000).map(|n| document(page * 1_000 + n, rng)).collect();
        rebuild.add(documents).await.expect("added");
    }
    let added = start.elapsed();
    println!("added, cpu {:.2?}: {}", cpu(), memory());
    rebuild.finish(Position::default()).await.expect("finished");
    println!("{count} listings: added in {added:.2?}, serving after {:.2?}: {}", start.elapsed(), memory());
    println!("cpu {:.2?}", cpu());
}

#[tokio::main]
async fn main() {
    let count = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(100_000);
    println!("at start: {}", memory());
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = std::env::args().nth(3).map_or(scratch.path().to_owned(), Into::into);
    let start = Instant::now();
    let index = Arc::new(TantivyIndex::open(&folder).expect("an index"));
    println!("opened in {:.2?}: {}", start.elapsed(), memory());
    let start = Instant::now();
    let _ = luhuan_search::text::segment::words("预热");
    println!("dictionary loaded in {:.2?}: {}", start.elapsed(), memory());

    fill(&index, count, &mut rng).await;
    println!("on disk {} MB", index.health().await.bytes.unwrap_or(0) / 1_000_000);

    let asks =
        |shape: fn(Query) -> Query| texts().into_iter().map(|text| shape(Query::of(text, NOW))).collect();
    run("words", &index, asks(|query| query)).await;
    let two = |query| Query { facets: vec![FacetName::Condition, FacetName::District], ..query };
    run("words, two facets", &index, asks(two)).await;
    run("words, five facets", &index, asks(|query| Query { facets: FacetName::common(), ..query })).await;
    let filtered = |query| Query {
        facets: vec![FacetName::Condition, FacetName::District],
        conditions: vec!["99".into()],
        districts: vec!["110105".into()],
        ..query
    };
    run("words, two facets and their filters", &index, asks(filtered)).await;
    let cheap = |query| Query {
        sort: Sort::PriceAsc,
        facets: vec![FacetName::Condition, FacetName::District],
        ..query
    };
    run("words by price, two facets", &index, asks(cheap)).await;
    let near = |query| Query {
        near: Some(Near { point: Point { lat: 39.9, lon: 116.4 }, radius_m: Some(5_000) }),
        sort: Sort::Distance,
        ..query
    };
    run("words within 5 km by distance", &index, asks(near)).await;
    run("everything, five facets", &index, vec![Query { facets: FacetName::common(), ..Query::of("", NOW) }])
        .await;
    run("one hit a page", &index, asks(|query| Query { limit: Limit::of(Some(1)), ..query })).await;
    println!("after searching: {}", memory());

    let start = Instant::now();
    for n in 0..20 {
        index
            .apply(
                vec![luhuan_search::Change::Put(Box::new(document(count + n, &mut rng)))],
                Position::default(),
            )
            .await
            .expect("applied");
    }
    println!("one listing findable after {:.2?}", start.elapsed() / 20);
    run("words, two facets, after small commits", &index, asks(two)).await;

    let start = Instant::now();
    for prefix in ["s", "sh", "shou", "sj", "手", "ip", "zhi"] {
        index.suggest(prefix, 10).await.expect("suggestions");
    }
    println!("seven suggestions in {:.2?}", start.elapsed());
    drop(index);
    let start = Instant::now();
    let index = TantivyIndex::open(&folder).expect("it opens");
    println!("opened and checked in {:.2?}: {} {:?}", start.elapsed(), memory(), index.health().await.state);
}
