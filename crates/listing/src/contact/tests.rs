//! Contact details as sellers write them, and what only looks like one.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::load);

fn found(text: &str) -> Vec<(ContactKind, String)> {
    DETECTOR.find(text).into_iter().map(|found| (found.kind, found.text)).collect()
}

/// Each text holds exactly one detail: its kind, and how it is written there.
fn each_holds(kind: ContactKind, cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(text, detail)| (text, vec![(kind, (*detail).to_owned())], found(text)))
        .filter(|(_, expected, found)| expected != found)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn mobile_numbers_are_found_however_they_are_written() {
    each_holds(
        ContactKind::Phone,
        &[
            ("有意请打13812345678", "13812345678"),
            ("电话：138 1234 5678，随时", "138 1234 5678"),
            ("138-1234-5678", "138-1234-5678"),
            ("1 3 8 1 2 3 4 5 6 7 8", "1 3 8 1 2 3 4 5 6 7 8"),
            ("１３８１２３４５６７８", "１３８１２３４５６７８"),
            ("一三八一二三四五六七八", "一三八一二三四五六七八"),
            ("幺三八 一二三四 五六七八", "幺三八 一二三四 五六七八"),
            ("①③⑧①②③④⑤⑥⑦⑧", "①③⑧①②③④⑤⑥⑦⑧"),
            ("一38 1234 五六七八", "一38 1234 五六七八"),
            ("138oo12345o", "138oo12345o"),
            ("+86 138 1234 5678", "86 138 1234 5678"),
            ("8613812345678", "8613812345678"),
            ("买一13812345678", "13812345678"),
            ("价格200 13812345678", "13812345678"),
            ("tel13812345678", "13812345678"),
            ("138\u{200b}1234\u{200b}5678", "138\u{200b}1234\u{200b}5678"),
            ("138.1234.5678", "138.1234.5678"),
        ],
    );
}

#[test]
fn fixed_and_service_numbers_are_found() {
    each_holds(
        ContactKind::Phone,
        &[
            ("010-65123456", "010-65123456"),
            ("（010）6512 3456", "010）6512 3456"),
            ("座机01065123456", "01065123456"),
            ("010-65123456-801 转", "010-65123456-801"),
            ("0311-8888888 石家庄", "0311-8888888"),
            ("客服400-810-1234", "400-810-1234"),
        ],
    );
}

#[test]
fn wechat_accounts_are_found_behind_their_many_names() {
    each_holds(
        ContactKind::WeChat,
        &[
            ("微信：lin_wei88", "lin_wei88"),
            ("微信号 abc12345", "abc12345"),
            ("V信abc12345", "abc12345"),
            ("Ｖ信：abcdefg", "abcdefg"),
            ("薇信 lin20240", "lin20240"),
            ("微.信：lin_wei88", "lin_wei88"),
            ("vx：linwei", "linwei"),
            ("VX lin-wei-88", "lin-wei-88"),
            ("wx=linwei2024", "linwei2024"),
            ("wechat: lin_wei", "lin_wei"),
            ("V：linwei88", "linwei88"),
            ("卫星号：linwei88", "linwei88"),
            ("加V linwei88", "linwei88"),
            ("➕v：linwei88", "linwei88"),
            ("直接搜 wxid_a1b2c3d4e5", "wxid_a1b2c3d4e5"),
        ],
    );
}

#[test]
fn other_accounts_are_found() {
    each_holds(
        ContactKind::Qq,
        &[
            ("QQ：123456789", "123456789"),
            ("扣扣 12345678", "12345678"),
            ("qq号是 1234 5678", "1234 5678"),
            ("🐧123456789", "123456789"),
            ("Q群：87654321", "87654321"),
            ("Q:一二三四五六七八", "一二三四五六七八"),
        ],
    );
    each_holds(ContactKind::Payment, &[("支付宝账号：linwei88", "linwei88"), ("alipay: lin_wei", "lin_wei")]);
    each_holds(ContactKind::Other, &[("telegram lin_wei88", "lin_wei88"), ("抖音号：linwei", "linwei")]);
}

#[test]
fn addresses_and_links_are_found() {
    each_holds(
        ContactKind::Email,
        &[
            ("发我lin.wei@example.com谢谢", "lin.wei@example.com"),
            ("１２３４５＠ｑｑ．ｃｏｍ", "１２３４５＠ｑｑ．ｃｏｍ"),
            ("12345#qq.com", "12345#qq.com"),
            ("linwei艾特163点com", "linwei艾特163点com"),
            ("linwei(at)gmail.com", "linwei(at)gmail.com"),
            ("linwei @ qq.com", "linwei @ qq.com"),
        ],
    );
    each_holds(
        ContactKind::Url,
        &[
            ("看 https://example.com/a?b=1。", "https://example.com/a?b=1"),
            ("www.example.com/shop", "www.example.com/shop"),
            ("店铺 m.tb.cn/h.abc123 同款", "m.tb.cn/h.abc123"),
            ("详情见taobao.com", "taobao.com"),
            ("复制￥AbCdE12345f￥打开", "￥AbCdE12345f￥"),
        ],
    );
    each_holds(ContactKind::Payment, &[("wxp://f2f0abc123", "wxp://f2f0abc123")]);
}

#[test]
fn invitations_to_go_elsewhere_are_found_but_not_their_opposite() {
    each_holds(
        ContactKind::Steering,
        &[
            ("可以加微信细聊", "加微信"),
            ("电话咨询，微信同号", "微信同号"),
            ("支持私下交易", "私下交易"),
            ("加 微 信", "加 微 信"),
        ],
    );
    each_holds(ContactKind::Payment, &[("支持微信转账", "微信转账"), ("发你收款码", "收款码")]);
    for text in ["不加微信，站内聊", "拒绝私下交易", "谨防私下交易", "收款码立牌 亚克力", "不接受线下转账"]
    {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_contact_stays() {
    let texts = [
        "RTX 3060 12G 显卡，矿卡勿扰",
        "i7-13700K 32G 1T 3200元",
        "iPhone 14 Pro Max 256GB",
        "IMEI：352099001761481",
        "IMEI 13812345678901 2",
        "序列号：13812345678",
        "SN13812345678A",
        "型号 13812345678",
        "ISBN 978-7-115-42802-8",
        "ISBN 9787115428028",
        "978-7-138-12345-6",
        "2023年12月购入，2024-01-15 发票",
        "原价12999，现价3999元",
        "尺寸 180*200*45 厘米",
        "长1800 宽2000 高450",
        "尺码 165/88A 170/92A",
        "快门 13812 次",
        "13812 开头的旧卡",
        "行驶 13812345678 公里",
        "合计13812345678元",
        "¥13812345678",
        "条形码6901234567892",
        "支持微信支付、支付宝",
        "可登录微信 iPhone14 Pro",
        "微信读书 墨水屏",
        "佳能 WX500 相机，索尼DSC-WX350",
        "奇瑞QQ 2012款 跑了 68000 公里",
        "QQ糖 10包",
        "电压 12V 24V 两用",
        "威信不高，便宜出",
        "卫星锅 九成新",
        "八音盒 一二三四首曲子",
        "三五成群 一二三四五六七",
        "北京朝阳望京 5号楼3单元1201",
        "50mm@f1.8 镜头，i7@3.6GHz",
        "C++ Primer 第5版，node.js 实战",
        "v1.2.3 固件，USB3.2",
        "100% 纯棉 0.5kg",
        "20瓶 500ml 装",
        "Wi-Fi 6 AX3000 路由器",
        "编号：京A12345",
        "每天 10:00-22:00 可看，周末 9-18点",
        "3.5mm 耳机口 Type-C",
        "G-SHOCK DW-5600 手表",
        "",
    ];
    let wrong: Vec<_> =
        texts.iter().map(|text| (text, found(text))).filter(|(_, found)| !found.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn masking_leaves_the_rest_of_the_text() {
    let (masked, found) = DETECTOR.mask("九成新，微信：lin_wei88 或 138 1234 5678，不议价");
    assert_eq!(masked, "九成新，微信：*** 或 ***，不议价");
    assert_eq!(found.iter().map(|found| found.kind.code()).collect::<Vec<_>>(), ["wechat", "phone"]);
}

#[test]
fn each_policy_does_what_it_says() {
    let text = "打13812345678";
    assert_eq!(DETECTOR.apply(ContactPolicy::Allow, text), Ok(text.to_owned()));
    assert_eq!(DETECTOR.apply(ContactPolicy::Mask, text), Ok("打***".to_owned()));
    let refused = DETECTOR.apply(ContactPolicy::Refuse, "打13812345678 或 vx：linwei").unwrap_err();
    assert_eq!(refused.to_string(), "13812345678、linwei");
    assert_eq!(DETECTOR.apply(ContactPolicy::Refuse, "不议价"), Ok("不议价".to_owned()));
}

#[test]
fn a_code_in_a_photo_is_told_by_where_it_leads() {
    let cases = [
        ("wxp://f2f0abc", Some(ContactKind::Payment)),
        ("HTTPS://QR.ALIPAY.COM/FKX123", Some(ContactKind::Payment)),
        ("https://u.wechat.com/EAbc", Some(ContactKind::WeChat)),
        ("https://qm.qq.com/cgi-bin/qm/qr?k=1", Some(ContactKind::Qq)),
        ("https://example.com", Some(ContactKind::Url)),
        ("13812345678", Some(ContactKind::Phone)),
        ("SN:C02XL0GTJGH5", None),
    ];
    for (text, kind) in cases {
        assert_eq!(DETECTOR.in_code(text), kind, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_text_panics_and_finds_stand_in_order(text in "[0-9一三八零微信vxqQ@.: 号加\u{200b}①Ｖhtp/￥-]{0,60}", noise in ".{0,30}") {
        let text = format!("{text}{noise}");
        let mut end = 0;
        for found in DETECTOR.find(&text) {
            prop_assert!(found.span.start >= end && !found.text.is_empty());
            prop_assert_eq!(&text[found.span.clone()], &found.text);
            end = found.span.end;
        }
    }

    #[test]
    fn what_was_masked_holds_no_number_any_more(number in "1[3-9][0-9]{9}", before in "[你好，请打电话。]{0,6}", after in "[，谢谢。]{0,4}") {
        let (masked, found) = DETECTOR.mask(&format!("{before}{number}{after}"));
        prop_assert_eq!(masked.clone(), format!("{before}{MASK}{after}"));
        prop_assert_eq!(found.len(), 1);
        prop_assert!(DETECTOR.find(&masked).is_empty());
    }

    #[test]
    fn an_imei_is_never_taken_for_a_number(digits in "[0-9]{15}") {
        let text = format!("串号 {digits} 可查");
        prop_assert!(DETECTOR.find(&text).is_empty());
    }
}
