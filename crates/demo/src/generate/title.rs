//! Titles in the manner of sellers: `iPhone 13 128G 国行 电池健康 89% 无拆修`.

use luhuan_listing::catalog::{Attribute, AttributeKind};
use rand::{Rng, RngExt, seq::IndexedRandom};
use serde_json::Value;

use super::Thing;
use crate::catalogue::Brand;

/// Longest title in characters; the listing's own limit is 60.
const LONGEST: usize = 46;

/// Why it is sold, as titles say it.
const REASONS: [&str; 16] = [
    "搬家急出",
    "闲置转让",
    "自用闲置",
    "毕业出",
    "离京急出",
    "换新出",
    "吃灰出",
    "低价出",
    "清仓出",
    "诚心出",
    "急出",
    "便宜出",
    "回血出",
    "断舍离",
    "仅限北京",
    "可小刀",
];

/// Grades that titles like to name.
const GRADES: [(&str, &str); 5] =
    [("N", "全新"), ("99", "99新"), ("95", "95新"), ("90", "9成新"), ("80", "8成新")];

pub(super) fn title(thing: &Thing, rng: &mut impl Rng) -> String {
    let mut title = head(thing, rng);
    for part in tail(thing, rng) {
        if title.chars().count() + 1 + part.chars().count() > LONGEST {
            continue;
        }
        title.push(' ');
        title.push_str(&part);
    }
    title
}

/// Brand, model and, where the model does not say it, what it is.
fn head(thing: &Thing, rng: &mut impl Rng) -> String {
    let (model, leaf) = (thing.model, thing.leaf);
    let mut head = String::new();
    if let Some(brand) = brand(&model.brand, &model.name, rng) {
        head.push_str(brand);
        // Sellers write 宜家书架 but 索尼 A7M3; both ways are found by whoever looks for either word.
        if !(begins_in_chinese(&model.name) && rng.random_bool(0.7)) {
            head.push(' ');
        }
    }
    head.push_str(&model.name);
    let described = model.name.contains(&leaf.noun) || names_itself(&model.name);
    if !described && rng.random_bool(0.75) {
        head.push(' ');
        head.push_str(&leaf.noun);
    }
    head
}

fn brand<'a>(brand: &'a Brand, model: &str, rng: &mut impl Rng) -> Option<&'a str> {
    let model = model.to_lowercase();
    let said = |name: &str| model.contains(&name.to_lowercase());
    if said(&brand.name) || brand.latin.as_deref().is_some_and(said) {
        return None;
    }
    match rng.random_range(0..100) {
        0..70 if brand.silent => None,
        0..18 if !brand.silent => brand.latin.as_deref().or(Some(&brand.name)),
        _ => Some(&brand.name),
    }
}

fn begins_in_chinese(text: &str) -> bool {
    text.chars().next().is_some_and(is_han)
}

/// Whether a model's name is words enough to say what the thing is: 三人布艺沙发, but not ATX 660.
fn names_itself(model: &str) -> bool {
    model.contains('《') || model.split(|c| !is_han(c)).any(|words| words.chars().count() >= 3)
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn tail(thing: &Thing, rng: &mut impl Rng) -> Vec<String> {
    let mut parts = Vec::new();
    for code in &thing.leaf.show {
        let (Some(attribute), Some(value)) =
            (thing.leaf.category.attribute(code), thing.attributes.get(code))
        else {
            continue;
        };
        if rng.random_bool(0.62)
            && let Some(phrase) = phrase(attribute, value, rng)
            && !says(&thing.model.name, &phrase)
        {
            parts.push(phrase);
        }
    }
    if rng.random_bool(0.3)
        && let Some((_, grade)) = GRADES.iter().find(|(code, _)| *code == thing.condition)
    {
        parts.push((*grade).to_owned());
    }
    parts.extend(praise(thing, rng));
    if thing.condition == "P" {
        // Only what has a circuit in it is called broken that way.
        let electric = thing.leaf.category.refurbished_badge;
        let broken: &[&str] = if electric {
            &["故障机", "当配件出", "维修佬看"]
        } else {
            &["有瑕疵便宜出", "有损低价出"]
        };
        parts.extend(broken.choose(rng).map(|word| (*word).to_owned()));
    } else if rng.random_bool(0.35) {
        parts.push(REASONS.choose(rng).copied().unwrap_or("闲置转让").to_owned());
    }
    parts
}

/// Whether a model's name says the phrase already, however it is spaced.
fn says(model: &str, phrase: &str) -> bool {
    let model: String = model.chars().filter(|c| !c.is_whitespace()).collect();
    model.contains(phrase)
}

/// Up to two words of praise that the condition allows.
fn praise(thing: &Thing, rng: &mut impl Rng) -> Vec<String> {
    let count = match thing.condition {
        "P" => 0,
        "70" => 1,
        _ => rng.random_range(0..=2),
    };
    let allowed: Vec<&String> = thing.leaf.words.iter().filter(|word| fits(word, thing.condition)).collect();
    allowed.sample(rng, count.min(allowed.len())).map(|word| (*word).clone()).collect()
}

/// Words that only an unused thing deserves, and words that a worn one does not.
fn fits(word: &str, condition: &str) -> bool {
    let has = |list: &[&str]| list.iter().any(|each| word.contains(each));
    let unused =
        has(&["全新", "未拆", "没拆", "没用过", "没开过封", "塑封", "没下水", "没写过", "一次没用", "未用"]);
    let flawless = has(&[
        "无划痕",
        "完美",
        "完好",
        "几乎",
        "没怎么",
        "没用几次",
        "没穿几次",
        "无磕碰",
        "成色",
        "九成新",
    ]);
    match condition {
        "N" => !has(&[
            "用过",
            "穿过",
            "搭过",
            "骑过",
            "玩过",
            "读完",
            "几次",
            "已洗",
            "已清",
            "已消毒",
            "新换",
            "九成新",
        ]),
        "99" | "95" => !unused,
        "90" => !unused && !has(&["完美", "九五"]),
        _ => !unused && !flawless,
    }
}

/// An attribute as a title says it; `None` when the bare value would mean nothing to a reader.
pub(super) fn phrase(attribute: &Attribute, value: &Value, rng: &mut impl Rng) -> Option<String> {
    match (&attribute.kind, value) {
        (AttributeKind::Enum { options }, Value::String(code)) => {
            let label =
                options.iter().find(|option| option.code == *code).map(|option| option.label.zh.as_str())?;
            Some(of_option(&attribute.code, label, rng))
        }
        (AttributeKind::Number { unit, .. }, Value::Number(number)) => {
            Some(of_number(&attribute.code, &number.to_string(), &unit.zh))
        }
        (AttributeKind::Bool, Value::Bool(true)) => Some(attribute.label.zh.clone()),
        (AttributeKind::Text { .. }, Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn of_option(code: &str, label: &str, rng: &mut impl Rng) -> String {
    match code {
        // 128G is as usual as 128GB, and nobody writes 1024G.
        _ if label.ends_with("GB") || label.ends_with("TB") => {
            let short = rng.random_bool(0.6);
            let capacity = if short { label.trim_end_matches('B') } else { label };
            if matches!(code, "memory" | "ram") { format!("{capacity}内存") } else { capacity.to_owned() }
        }
        "size" if label.is_ascii() => format!("{label}码"),
        "violin-size" => format!("{label} 规格"),
        "place-settings" | "scale" | "bass" => label.to_owned(),
        _ => label.to_owned(),
    }
}

fn of_number(code: &str, number: &str, unit: &str) -> String {
    match code {
        "battery" => format!("电池健康 {number}%"),
        "shutter" => format!("快门 {number}"),
        "length" => format!("长{number}cm"),
        "width" => format!("宽{number}cm"),
        "height" => format!("高{number}cm"),
        "screen" => format!("{number}寸"),
        "brightness" => format!("{number}流明"),
        "load" => format!("承重{number}公斤"),
        "area" => format!("适用{number}平"),
        "year" => format!("{number}年"),
        "volume" => format!("{number}L"),
        "capacity-mah" => format!("{number}毫安"),
        _ => format!("{number}{unit}"),
    }
}
