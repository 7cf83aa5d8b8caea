//! The text below a listing: where it comes from, how it was used, what is wrong with it, how to get it.

use luhuan_listing::catalog::AttributeKind;
use rand::{Rng, RngExt, seq::IndexedRandom};

use super::{Thing, title};

/// What the text needs to know beside the thing.
pub(super) struct Scene<'a> {
    /// Where it lies, in a word.
    pub(super) near: &'a str,
    /// Whether offers are welcome.
    pub(super) negotiable: bool,
    /// Whether a shop sells it.
    pub(super) shop: bool,
    /// Ways of handing it over.
    pub(super) delivery: &'a [String],
    /// The asking price in yuan.
    pub(super) price: i64,
}

const USED: [&str; 14] = [
    "平时用得不多，一直放着。",
    "自用的，没有借给过别人。",
    "用得很爱惜。",
    "买来新鲜了一阵就放下了。",
    "家里人用的，现在用不上了。",
    "一直正常使用。",
    "工作忙，没什么时间用。",
    "偶尔用一下，平时都收着。",
    "放在书房里，很少动。",
    "用了一段时间，感情还在，地方没了。",
    "平时保养得还可以。",
    "周末才用，磨损不大。",
    "说实话用的次数一只手数得过来。",
    "家里有两个，出掉一个。",
];

const WHY: [&str; 16] = [
    "马上搬家，带不走了。",
    "换了新的，旧的出掉。",
    "家里地方小，腾个位置。",
    "孩子长大了，用不上了。",
    "毕业离校，能卖的都卖了。",
    "要离开北京一段时间。",
    "冲动消费的后果，回点血。",
    "断舍离，给它找个新主人。",
    "朋友送了一个新的。",
    "公司换了地方，上班用不到了。",
    "装修风格不搭，忍痛出。",
    "整理房间翻出来的。",
    "媳妇下了最后通牒。",
    "与其放着落灰，不如给需要的人。",
    "年底清一清库存。",
    "升级了，给下一位。",
];

const TALK: [&str; 10] = [
    "喜欢可以聊，尽量当天回复。",
    "看好再拍，二手物品请理性购买。",
    "有问题先问，实物和照片一致。",
    "要细节图可以再拍。",
    "诚心要的来，标价就是实价。",
    "照片都是自己拍的。",
    "需要尺寸可以量给您。",
    "当面可以慢慢看，不满意不用买。",
    "打包会多裹两层，放心。",
    "拍下前请先确认瑕疵说明。",
];

const SHOP: [&str; 4] = [
    "本店已做检测和清洁，成色按平台标准评定。",
    "门店实物，可到店看货。",
    "支持七天无理由退货，以瑕疵说明为准。",
    "收购时已登记，来源清楚。",
];

pub(super) fn describe(thing: &Thing, scene: &Scene<'_>, rng: &mut impl Rng) -> String {
    let mut lines = vec![provenance(thing, rng)];
    if scene.shop {
        lines.push(pick(&SHOP, rng));
    } else if thing.condition == "N" {
        lines.push("没有用过，包装完整。".to_owned());
    } else {
        lines.push(pick(&USED, rng));
    }
    lines.extend(facts(thing, rng));
    lines.push(state(thing));
    if rng.random_bool(0.6) {
        lines.extend(thing.leaf.kit.choose(rng).map(|kit| format!("{kit}。")));
    }
    if !scene.shop && rng.random_bool(0.7) {
        lines.push(pick(&WHY, rng));
    }
    lines.push(handing_over(scene, rng));
    if rng.random_bool(0.5) {
        lines.push(pick(&TALK, rng));
    }
    lines.join("\n")
}

fn pick(lines: &[&str], rng: &mut impl Rng) -> String {
    lines.choose(rng).copied().unwrap_or_default().to_owned()
}

/// Where it comes from: what the origin statement says, in the seller's words.
fn provenance(thing: &Thing, rng: &mut impl Rng) -> String {
    let what = if thing.model.brand.silent {
        thing.model.name.clone()
    } else {
        format!("{} {}", thing.model.brand.name, thing.model.name)
    };
    let year = thing.bought;
    let paid = thing.model.price.round() as i64;
    match thing.origin {
        "official-new" => format!("{what}，{year} 年官方渠道购入，当时 {paid} 元。"),
        "mall-new" => format!(
            "{what}，{year} 年在商场买的，小票{}。",
            if rng.random_bool(0.5) { "还在" } else { "找不到了" }
        ),
        "online-new" => format!("{what}，{year} 年网购，订单可查。"),
        "second-hand" => format!("{what}，之前也是收的二手，用到现在。"),
        "gift" => format!("{what}，朋友送的，一直没怎么用上。"),
        "prize" => format!("{what}，年会抽奖中的。"),
        "work" => format!("{what}，单位发的，家里已经有了。"),
        "abroad" => format!("{what}，{year} 年从国外背回来自用的。"),
        "inherited" => format!("{what}，家里的老物件，有年头了，大约 {year} 年前后的。"),
        _ => format!("{what}，本店收购，{year} 年的货。"),
    }
}

/// Up to three facts from the attributes, so that a search for them finds the text as well as the facet.
fn facts(thing: &Thing, rng: &mut impl Rng) -> Option<String> {
    let known: Vec<String> = thing
        .leaf
        .category
        .attributes
        .iter()
        .filter(|attribute| !matches!(attribute.kind, AttributeKind::Bool))
        .filter_map(|attribute| {
            let shown = title::phrase(attribute, thing.attributes.get(&attribute.code)?, rng)?;
            Some(format!("{} {shown}", attribute.label.zh))
        })
        .take(3)
        .collect();
    (!known.is_empty() && rng.random_bool(0.7)).then(|| format!("{}。", known.join("，")))
}

fn state(thing: &Thing) -> String {
    let grade = match thing.condition {
        "N" => "全新未使用。",
        "99" => "看不出使用痕迹。",
        "95" => "极轻微使用痕迹，功能完好。",
        "90" => "正常使用痕迹，功能完好。",
        "80" => "有明显使用痕迹，不影响使用。",
        "70" => "外观一般，可以正常用，介意勿拍。",
        _ => "有故障，适合会修的朋友或拆配件。",
    };
    if thing.defects.is_empty() {
        grade.to_owned()
    } else {
        format!("{grade}瑕疵：{}。", thing.defects.join("；"))
    }
}

fn handing_over(scene: &Scene<'_>, rng: &mut impl Rng) -> String {
    let Scene { near, price, .. } = *scene;
    let pickup = scene.delivery.iter().any(|way| way == "pickup");
    let express = scene.delivery.iter().any(|way| way == "express");
    let how = match (pickup, express) {
        (true, true) => format!("{near}附近可面交，也可以快递。"),
        (true, false) => {
            format!("{near}自提，{}。", if rng.random_bool(0.5) { "当面验货" } else { "提前约时间" })
        }
        _ => "只走快递，拍下两天内发出。".to_owned(),
    };
    let offer = match (scene.negotiable, price) {
        (true, 1_000..) => "价格可以小刀，别太狠。",
        (true, _) => "合适可以再商量。",
        (false, _) => "已经是实价，不再议。",
    };
    format!("{how}{offer}")
}
