//! A listing, posting, one's own listings, the watchlist, a seller.

use luhuan_web::format::Price;
use luhuan_web::view::trade::ReviewFigures;
use luhuan_web::view::{
    AttributeField, AttributeKind, Buying, Card, Choice, Comparables, DistrictGroup, EditPhoto, Editing,
    Errors, ListingPage, MinePage, Moment, MyListing, Notice, Owner, Pager, PickCategoryPage, PostPage,
    PostValues, PriceHint, PricePoint, Screening, SellerCard, SellerPage, Spec, StateTab, Tab, Tone,
    WatchlistPage,
};

use super::market::{cards, categories, histogram, photo, steps};
use super::{Page, Stage, render};

fn seller(stage: Stage) -> SellerCard {
    SellerCard {
        url: "/sellers/1".to_owned(),
        name: stage.pick("林先生的小店", "Mr Lin's corner"),
        kind: "private".to_owned(),
        verified: true,
        since: stage.pick("2024 年 5 月", "May 2024"),
        on_offer: 6,
        sold: 37,
    }
}

fn listing(stage: Stage) -> ListingPage {
    let title =
        stage.pick("iPhone 13 128G 国行 电池健康 89% 无拆修", "iPhone 13 128 GB, battery 89 %, never opened");
    let since = |zh: &str, en: &str, price: i64| PricePoint {
        since: Moment { iso: "2026-03-01T00:00:00Z".to_owned(), words: stage.pick(zh, en) },
        price: Price(price),
    };
    let spec = |label: (&str, &str), value: &str| Spec {
        label: stage.pick(label.0, label.1),
        value: value.to_owned(),
    };
    ListingPage {
        frame: stage.frame(&title, "/listings/1", Tab::None),
        id: "1".to_owned(),
        state: "published".to_owned(),
        buying: Some(Buying {
            checkout_url: "/checkout?listing=1".to_owned(),
            offer: true,
            ..Buying::default()
        }),
        description: stage.pick(
            "2022 年买的，一直戴壳用，屏幕换过膜。换新机了所以转让。\n附带：原装盒子、没拆过的数据线。",
            "Bought in 2022, always in a case. I have a new one.\nComes with the box and an unopened cable.",
        ),
        photos: (0..6).map(|index| photo(stage, index, &format!("{title} {}", index + 1))).collect(),
        title,
        price: Price(238_000),
        original_price: Some(Price(599_900)),
        negotiable: true,
        views: 214,
        watches: 18,
        condition: stage.pick("95新", "Excellent"),
        condition_meaning: stage.pick("极轻微使用痕迹，功能完好", "faint traces of use, no fault"),
        defects: vec![
            stage.pick(
                "左下角边框有一处 2 mm 磕碰（见图 4）",
                "a 2 mm dent at the lower left corner (photo 4)",
            ),
        ],
        origin: stage.pick("2022 年官网购入，有发票", "Bought from the maker in 2022, with invoice"),
        delivery: vec![stage.pick("面交", "Meet in person"), stage.pick("顺丰到付", "Express, buyer pays")],
        returns: "none".to_owned(),
        place: stage.pick("朝阳 · 双井", "Shuangjing, Chaoyang"),
        distance: Some(1_240),
        published: Moment {
            iso: "2026-03-18T02:00:00Z".to_owned(),
            words: stage.pick("12 分钟前", "12 minutes ago"),
        },
        marks: Vec::new(),
        specs: vec![
            spec(("存储容量", "Storage"), "128 GB"),
            spec(("电池健康", "Battery health"), "89 %"),
            spec(("颜色", "Colour"), &stage.pick("午夜色", "Midnight")),
        ],
        categories: vec![
            (stage.pick("手机数码", "Phones"), "/search?category=phones".to_owned()),
            (stage.pick("智能手机", "Smartphones"), "/search?category=phones-smartphone".to_owned()),
        ],
        comparables: Some(Comparables { low: Price(220_000), high: Price(256_000), count: 23, days: 30 }),
        price_history: vec![
            since("3 月 6 日", "6 March", 280_000),
            since("3 月 11 日", "11 March", 259_900),
            since("3 月 15 日", "15 March", 238_000),
        ],
        price_steps: steps(),
        seller: seller(stage),
        more: cards(stage, 3, 6),
        similar: cards(stage, 1, 6),
        ..ListingPage::default()
    }
}

fn mine_of_another_state(stage: Stage) -> ListingPage {
    let mut page = listing(stage);
    page.state = "draft".to_owned();
    page.photos.truncate(1);
    page.defects.clear();
    page.owner = Some(Owner { edit: true, publish: true, delete: true, ..Owner::default() });
    page.buying = None;
    page.recycling = "/pickups/new?listing=1".to_owned();
    page.notices = vec![Notice {
        tone: Tone::Info,
        message: stage.pick("这是草稿，只有您能看到。", "This is a draft: only you can see it."),
        link: None,
    }];
    page.marks = vec![stage.pick("旧货", "Used goods")];
    page.price_history.clear();
    page.price_steps = luhuan_web::view::chart::Steps::default();
    page
}

/// Sub-districts by district.
pub fn districts(stage: Stage) -> Vec<DistrictGroup> {
    vec![DistrictGroup {
        name: stage.pick("朝阳区", "Chaoyang"),
        subdistricts: vec![
            Choice::new("110105011", stage.pick("双井街道", "Shuangjing"), true),
            Choice::new("110105012", stage.pick("劲松街道", "Jinsong"), false),
        ],
    }]
}

fn explained(value: &str, label: String, hint: String, chosen: bool) -> Choice {
    Choice { hint, ..Choice::new(value, label, chosen) }
}

fn post(stage: Stage) -> PostPage {
    let conditions = [
        ("N", "全新", "New", "未拆封，配件齐全，从未使用", "Sealed, complete, never used"),
        ("99", "99新", "Like new", "看不出使用痕迹，包装和配件齐全", "No trace of use, complete with box"),
        ("95", "95新", "Excellent", "极轻微使用痕迹，功能完好", "Faint traces of use, no functional fault"),
        ("90", "9成新", "Very good", "轻微磨损，无磕碰，功能完好", "Light wear, no chips, no fault"),
        ("80", "8成新", "Good", "有明显磨损或划痕，功能完好", "Visible wear or scratches, no fault"),
        ("70", "7成新", "Fair", "有明显损伤或维修过，可正常使用", "Clear damage or repaired, works"),
        ("P", "故障/配件机", "For parts", "有重大故障，适合维修或拆配件", "Major fault, for repair or parts"),
    ];
    PostPage {
        frame: stage.frame(&stage.t.get("post-title"), "/listings/new?category=phones-smartphone", Tab::Post),
        category: "phones-smartphone".to_owned(),
        category_path: vec![stage.pick("手机数码", "Phones"), stage.pick("智能手机", "Smartphones")],
        change_category_url: "/listings/new".to_owned(),
        values: PostValues {
            title: "iPhone 13 128G".to_owned(),
            price: "2380".to_owned(),
            negotiable: true,
            ..PostValues::default()
        },
        conditions: conditions
            .iter()
            .map(|(code, zh, en, meaning, means)| {
                explained(code, stage.pick(zh, en), stage.pick(meaning, means), *code == "95")
            })
            .collect(),
        origins: vec![Choice::new("official-new", stage.pick("官方渠道购入", "Bought from the maker"), true)],
        deliveries: vec![
            explained(
                "pickup",
                stage.pick("自提/面交", "Meet in person"),
                stage.pick("当面验货，用一次性取货码确认", "Inspect on the spot"),
                true,
            ),
            explained(
                "express",
                stage.pick("快递", "Express"),
                stage.pick("寄出后提供单号，签收前请验货", "Tracked; inspect before you sign"),
                true,
            ),
        ],
        freights: vec![
            Choice::new("buyer_collect", stage.pick("运费到付", "Buyer pays the courier"), true),
            Choice::new("seller", stage.pick("卖家包邮", "Seller pays"), false),
        ],
        organisations: vec![
            Choice::new("", stage.pick("我自己", "Myself"), true),
            Choice::new("o1", stage.pick("双井旧物店", "Shuangjing Used Goods"), false),
        ],
        returns: ["none", "7_day", "custom"].map(|code| Choice::new(code, "", code == "none")).to_vec(),
        districts: districts(stage),
        attributes: vec![
            AttributeField {
                code: "storage".to_owned(),
                label: stage.pick("存储容量", "Storage"),
                required: true,
                kind: AttributeKind::Choice(vec![Choice::new("128gb", "128 GB", true)]),
                ..AttributeField::default()
            },
            AttributeField {
                code: "battery".to_owned(),
                label: stage.pick("电池健康", "Battery health"),
                unit: "%".to_owned(),
                kind: AttributeKind::Number,
                value: "89".to_owned(),
                ..AttributeField::default()
            },
            AttributeField {
                code: "boxed".to_owned(),
                label: stage.pick("有原装盒", "With its box"),
                kind: AttributeKind::Flag,
                value: "true".to_owned(),
                ..AttributeField::default()
            },
        ],
        serial: "imei".to_owned(),
        max_photos: 9,
        price_hint: Some(PriceHint {
            low: Price(220_000),
            middle: Price(238_000),
            high: Price(256_000),
            count: 23,
            histogram: histogram(),
        }),
        ..PostPage::default()
    }
}

fn post_with_errors(stage: Stage) -> PostPage {
    let mut page = post(stage);
    page.frame.title = stage.t.get("edit-title").into_owned();
    page.editing =
        Some(Editing { id: "1".to_owned(), state: "published".to_owned(), version: "7".to_owned() });
    page.photos = (0..3)
        .map(|index| EditPhoto {
            photo: photo(stage, index, &stage.t.n("photo-go", index + 1)),
            remove: index == 2,
        })
        .collect();
    let mut errors = Errors::none();
    errors.add("title", stage.pick("标题至少 4 个字。", "A title has at least 4 characters."));
    errors.add("attributes.storage", stage.pick("请选择存储容量。", "Please choose the storage."));
    errors.add(
        "price",
        stage.pick("价格要大于 0，最多两位小数。", "The price must be above 0, with two decimals at most."),
    );
    errors.add("delivery", stage.pick("至少选一种交付方式。", "Choose at least one way to deliver."));
    page.errors = errors;
    page.screenings = vec![
        Screening {
            refused: true,
            code: "wildlife".to_owned(),
            found: stage.pick("象牙", "ivory"),
            rule: stage.pick(
                "野生动物及其制品，平台不得展示。",
                "Wildlife and products of it may not even be shown.",
            ),
            source: stage.pick("《野生动物保护法》第三十三条", "Wildlife Protection Law, art. 33"),
            way_out: stage.pick("请删去这件东西。", "Please remove this item."),
        },
        Screening {
            refused: false,
            code: "contact".to_owned(),
            found: stage.pick("加微信 abc***", "WeChat abc***"),
            rule: stage.pick("描述里的联系方式会被遮住。", "Contact details in the text are masked."),
            source: String::new(),
            way_out: String::new(),
        },
    ];
    page
}

fn mine(stage: Stage) -> MinePage {
    let owner = |edit, publish, withdraw, relist, delete| Owner { edit, publish, withdraw, relist, delete };
    let rows = [
        ("published", owner(true, false, true, false, false), ""),
        ("draft", owner(true, true, false, false, true), "note"),
        ("reserved", Owner::default(), ""),
        ("sold", Owner::default(), ""),
        ("withdrawn", owner(false, false, false, true, false), ""),
        ("expired", owner(false, false, false, true, false), ""),
    ];
    let states = [
        ("", 9),
        ("published", 3),
        ("draft", 1),
        ("reserved", 1),
        ("sold", 2),
        ("withdrawn", 1),
        ("expired", 1),
    ];
    MinePage {
        frame: stage.frame(&stage.t.get("mine-title"), "/me/listings", Tab::Me),
        tabs: states
            .iter()
            .map(|(state, count)| StateTab {
                state: (*state).to_owned(),
                count: *count,
                chosen: state.is_empty(),
            })
            .collect(),
        listings: cards(stage, 0, 6)
            .into_iter()
            .zip(rows)
            .map(|(card, (state, may, note))| MyListing {
                id: format!("id-{state}"),
                card,
                state: state.to_owned(),
                views: 214,
                watches: 18,
                may,
                note: if note.is_empty() {
                    String::new()
                } else {
                    stage.pick(
                        "还差一张照片和价格才能发布",
                        "It needs a photo and a price before it can be published",
                    )
                },
            })
            .collect(),
        pager: Pager::default(),
    }
}

fn watchlist(stage: Stage) -> WatchlistPage {
    let mut listings: Vec<(String, Card)> =
        cards(stage, 0, 6).into_iter().enumerate().map(|(index, card)| (index.to_string(), card)).collect();
    listings[1].1.state = "sold".to_owned();
    listings[3].1.state = "reserved".to_owned();
    WatchlistPage {
        frame: stage.frame(&stage.t.get("watchlist-title"), "/me/watchlist", Tab::Watchlist),
        listings,
        pager: Pager::default(),
    }
}

/// The pages of this file.
pub fn pages(stage: Stage) -> Result<Vec<Page>, askama::Error> {
    let mut strangers = listing(stage);
    strangers.frame.person = None;
    strangers.photos.clear();
    strangers.state = "sold".to_owned();
    strangers.seller.verified = false;
    strangers.buying = None;
    let mut watched = listing(stage);
    watched.watched = true;
    watched.offers = vec![super::trade::on_listing(stage)];
    watched.buying = Some(Buying {
        conversation_url: "/conversations/1".to_owned(),
        order_url: "/orders/1".to_owned(),
        ..Buying::default()
    });
    watched.frame.flash = stage.flash("已收藏，降价时在收藏里能看到。", "You watch this item now.");
    let seller_page = SellerPage {
        frame: stage.frame(&seller(stage).name, "/sellers/1", Tab::None),
        seller: SellerCard { kind: "registered_merchant".to_owned(), ..seller(stage) },
        licence_number: "91110000101623741K".to_owned(),
        figures: ReviewFigures {
            sold: 37,
            undone: 1,
            reviews: 21,
            mean: "4.8".to_owned(),
            good: "95".to_owned(),
        },
        reviews: super::trade::of_seller(stage),
        more_reviews: "/sellers/1?reviews=x".to_owned(),
        listings: cards(stage, 0, 8),
        pager: Pager { first: Some("/sellers/1".to_owned()), next: Some("/sellers/1?after=x".to_owned()) },
    };
    let empty = MinePage { listings: Vec::new(), ..mine(stage) };
    let empty_watchlist = WatchlistPage { listings: Vec::new(), ..watchlist(stage) };
    let pick = PickCategoryPage {
        frame: stage.frame(&stage.t.get("post-title"), "/listings/new", Tab::Post),
        categories: categories(stage),
        recent: vec![("phones-smartphone".to_owned(), stage.pick("智能手机", "Smartphones"))],
        target: "/listings/new".to_owned(),
    };
    Ok(vec![
        ("listing", render(&listing(stage))?),
        ("listing-watched", render(&watched)?),
        ("listing-stranger", render(&strangers)?),
        ("listing-draft", render(&mine_of_another_state(stage))?),
        ("pick-category", render(&pick)?),
        ("post", render(&post(stage))?),
        ("post-errors", render(&post_with_errors(stage))?),
        ("mine", render(&mine(stage))?),
        ("mine-empty", render(&empty)?),
        ("watchlist", render(&watchlist(stage))?),
        ("watchlist-empty", render(&empty_watchlist)?),
        ("seller", render(&seller_page)?),
    ])
}
