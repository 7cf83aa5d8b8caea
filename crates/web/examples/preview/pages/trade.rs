//! Talking, ordering, orders in their states, paying elsewhere, the jury.

use luhuan_web::format::Price;
use luhuan_web::view::trade::{
    Bubble, CheckoutLine, CheckoutPage, ConversationRow, ConversationsPage, DeliveryChoice, DisputeBlock,
    Due, EvidenceRow, FlawsPage, InvoiceRow, JuryPage, JuryRow, Meeting, MoneyRow, Next, OfferCard,
    OrderLine, OrderPage, OrderRow, OrderTab, OrdersPage, PayBlock, PayChoice, PaymentPage, Primary,
    RequestRow, ReviewRow, RulingRow, StepRow, ThreadPage, Typed,
};
use luhuan_web::view::{Choice, Errors, Moment, Pager, Tab};

use super::market::{cards, photo};
use super::{Page, Stage, render};

fn moment(stage: Stage) -> Moment {
    Moment { iso: "2026-03-18T02:00:00Z".to_owned(), words: stage.pick("12 分钟前", "12 minutes ago") }
}

fn due(stage: Stage) -> Due {
    Due {
        iso: "2026-03-20T10:30:00Z".to_owned(),
        left: stage.pick("还剩 2 天", "2 days left"),
        at: stage.pick("周五 20 日 18:30", "Fri 20 18:30"),
    }
}

fn title(stage: Stage) -> String {
    stage.pick("捷安特 ATX 777 山地车 刹车新换", "Giant ATX 777 mountain bike, new brakes")
}

fn flaws(stage: Stage) -> Vec<String> {
    vec![
        stage.pick("车架右侧有一道 4 cm 划痕", "a 4 cm scratch on the right of the frame"),
        stage.pick("后拨偶尔跳档", "the rear derailleur skips now and then"),
    ]
}

fn typed(fields: &[(&str, &str)]) -> Typed {
    Typed(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn wrong(stage: Stage, fields: &[&str]) -> Errors {
    let mut errors = Errors::none();
    for field in fields {
        errors.add(field, stage.pick("请填写。", "Please fill this in."));
    }
    errors
}

fn offer(stage: Stage, state: &str, own: bool) -> OfferCard {
    OfferCard {
        id: "o1".to_owned(),
        title: title(stage),
        listing_url: "/listings/1".to_owned(),
        state: state.to_owned(),
        amount: Price(70_000),
        asked: Some(Price(76_000)),
        own,
        role: "buyer".to_owned(),
        counter: state == "open" && !own,
        accept: state == "open" && !own,
        decline: matches!(state, "open" | "accepted"),
        order_url: if state == "accepted" {
            "/checkout?listing=1&offer=o1".to_owned()
        } else {
            String::new()
        },
        due: Some(due(stage)),
        version: "2".to_owned(),
    }
}

fn row(stage: Stage, state: &str) -> OrderRow {
    OrderRow {
        url: "/orders/1".to_owned(),
        title: title(stage),
        things: 2,
        photo: Some(photo(stage, 4, "")),
        price: Price(77_200),
        state: state.to_owned(),
        other: stage.pick("林先生的小店", "Mr Lin's corner"),
        due: Some(due(stage)),
        next: stage.t.code("order-short", &format!("{state}-buyer")).into_owned(),
        when: stage.pick("今天 10:02", "today 10:02"),
    }
}

fn conversations(stage: Stage) -> ConversationsPage {
    let line = |unread| ConversationRow {
        url: "/conversations/1".to_owned(),
        name: stage.pick("林先生的小店", "Mr Lin's corner"),
        title: title(stage),
        photo: Some(photo(stage, 4, "")),
        last: stage.pick("还在的，周六上午可以看。", "Still there; come and see it on Saturday."),
        unread,
        when: moment(stage),
        role: "buyer".to_owned(),
    };
    let mut frame = stage.frame(&stage.t.get("conversations-title"), "/conversations", Tab::Messages);
    frame.unread = 3;
    ConversationsPage {
        frame,
        waiting: vec![offer(stage, "open", false)],
        rows: vec![line(3), line(0)],
        pager: Pager { first: None, next: Some("/conversations?after=x".to_owned()) },
        stream: "/conversations/stream".to_owned(),
    }
}

fn thread(stage: Stage) -> ThreadPage {
    let said = |id: &str, own, text: String| Bubble {
        id: id.to_owned(),
        own,
        text,
        when: moment(stage),
        ..Bubble::default()
    };
    ThreadPage {
        frame: stage.frame(&stage.pick("林先生的小店", "Mr Lin's corner"), "/conversations/1", Tab::Messages),
        id: "1".to_owned(),
        other: stage.pick("林先生的小店", "Mr Lin's corner"),
        other_url: "/sellers/1".to_owned(),
        role: "buyer".to_owned(),
        about: Some(OrderRow {
            state: "published".to_owned(),
            url: "/listings/1".to_owned(),
            ..row(stage, "paid")
        }),
        messages: vec![
            said(
                "1",
                true,
                stage
                    .pick("还在吗？刹车是什么时候换的？", "Is it still there? When were the brakes changed?"),
            ),
            Bubble {
                photos: vec![photo(stage, 4, &stage.t.get("message-photo"))],
                ..said("2", false, stage.pick("上个月换的，您看。", "Last month, see."))
            },
            Bubble {
                warned: "payment".to_owned(),
                ..said("3", false, stage.pick("微信转我 650 就行", "Send me 650 by WeChat and it is yours"))
            },
            Bubble {
                hidden: stage.pick("引导站外交易", "leads off the platform"),
                ..said("4", false, String::new())
            },
        ],
        earlier: "/conversations/1?after=x".to_owned(),
        offer: Some(offer(stage, "open", false)),
        checkout_url: "/checkout?listing=1".to_owned(),
        max_photos: 9,
        reasons: vec![Choice::new("fraud", stage.t.code("report-reason", "fraud"), false)],
        stream: "/conversations/stream".to_owned(),
        ..ThreadPage::default()
    }
}

fn methods(stage: Stage) -> Vec<PayChoice> {
    let way = |value: &str, hint: String, chosen| PayChoice {
        value: value.to_owned(),
        label: stage.t.code("pay", value).into_owned(),
        hint,
        chosen,
    };
    vec![
        way("wallet", stage.t.with("pay-hint-wallet", "balance", "¥1,200").into_owned(), true),
        way("stripe", stage.t.code("pay-hint", "stripe").into_owned(), false),
        way("face-to-face", stage.t.code("pay-hint", "face-to-face").into_owned(), false),
    ]
}

fn checkout(stage: Stage) -> CheckoutPage {
    let line = |id: &str, price| CheckoutLine {
        id: id.to_owned(),
        url: format!("/listings/{id}"),
        title: title(stage),
        photo: Some(photo(stage, 4, "")),
        condition: stage.pick("8成新", "Good"),
        price: Price(price),
        without: "/checkout?listing=1".to_owned(),
    };
    let way = |value: &str, label: String, freight, chosen| DeliveryChoice {
        value: value.to_owned(),
        label,
        note: stage.pick("签收前请验货", "Inspect it before you sign"),
        payer: if freight > 0 {
            stage.pick("买家付运费", "Buyer pays at checkout")
        } else {
            String::new()
        },
        chosen,
        freight: Price(freight),
        total: Price(84_800 + freight),
        fee: Price(509),
    };
    CheckoutPage {
        frame: stage.frame(&stage.t.get("checkout-title"), "/checkout?listing=1&listing=2", Tab::None),
        once: "once".to_owned(),
        lines: vec![line("1", 76_000), line("2", 8_800)],
        seller: stage.pick("林先生的小店", "Mr Lin's corner"),
        seller_url: "/sellers/1".to_owned(),
        seller_kind: "private".to_owned(),
        goods: Price(84_800),
        deliveries: vec![
            way("pickup", stage.pick("自提/面交", "Meet in person"), 0, false),
            way("express", stage.pick("快递", "Express"), 1_200, true),
        ],
        methods: methods(stage),
        fee_rule: stage.pick("个人卖家收成交价的 0.6%。", "0.6 % of the price from private sellers."),
        flawed: true,
        more: cards(stage, 1, 2)
            .into_iter()
            .map(|card| ("/checkout?listing=1&listing=3".to_owned(), card))
            .collect(),
        typed: typed(&[
            ("address.name", "王小满"),
            ("address.phone", "13812345678"),
            ("address.place", "朝阳区望京街道阜通东大街 6 号院 3 号楼"),
        ]),
        remembered: true,
        ..CheckoutPage::default()
    }
}

fn order(stage: Stage, state: &str, role: &str) -> OrderPage {
    let money =
        |what: &str, fen, reason: String| MoneyRow { what: what.to_owned(), amount: Price(fen), reason };
    let step = |event: &str, by: &str, words: String| StepRow {
        event: event.to_owned(),
        by: by.to_owned(),
        words,
        when: moment(stage),
        at: "2026-03-18 10:00".to_owned(),
    };
    let mut lines = vec![
        money("goods", 76_000, stage.t.n("money-goods", 1).into_owned()),
        money("freight", 1_200, stage.t.code("money-freight", "buyer_prepaid").into_owned()),
        money("total", 77_200, String::new()),
        money("held", 77_200, stage.t.get("money-held-why").into_owned()),
    ];
    if role == "seller" {
        lines.push(money("fee", 456, stage.t.with("money-fee", "rate", "0.6 %").into_owned()));
        lines.push(money("to_seller", 76_744, String::new()));
    }
    OrderPage {
        frame: stage.frame(&stage.t.get("order-title"), "/orders/1", Tab::Me),
        id: "1".to_owned(),
        version: "3".to_owned(),
        role: role.to_owned(),
        state: state.to_owned(),
        lines: vec![OrderLine {
            url: "/listings/1".to_owned(),
            title: title(stage),
            photo: Some(photo(stage, 4, "")),
            price: Price(76_000),
        }],
        other: stage.pick("林先生的小店", "Mr Lin's corner"),
        other_url: "/sellers/1".to_owned(),
        conversation_url: "/conversations/1".to_owned(),
        next: Next {
            title: stage.t.code("order-state", state).into_owned(),
            text: stage.t.code("order-next", &format!("{state}-{role}")).into_owned(),
            due: Some(due(stage)),
            then: stage.t.code("order-then", "auto_confirm").into_owned(),
        },
        money: lines,
        fee_rule: if role == "seller" {
            stage.pick("成交价的 0.6%。", "0.6 % of the price.")
        } else {
            String::new()
        },
        held: Price(77_200),
        steps: vec![
            step("ship", "you", String::new()),
            step("refuse_refund", "seller", stage.pick("划痕发布时就写明了", "the scratch was stated")),
            step("pay", "payment", String::new()),
        ],
        flaws: flaws(stage),
        delivery: "express".to_owned(),
        delivery_label: stage.pick("快递", "Express"),
        address: Some(("王小满".to_owned(), "13812345678".to_owned(), "朝阳区望京街道 6 号院".to_owned())),
        note: stage.pick("晚上在家", "at home in the evening"),
        carriers: vec![Choice::new("sf", stage.pick("顺丰速运", "SF Express"), false)],
        refund_kinds: ["money_only", "with_return"]
            .map(|kind| Choice::new(kind, stage.t.code("refund-kind", kind), false))
            .to_vec(),
        refund_reasons: vec![Choice::new("defective", stage.t.code("refund-reason", "defective"), false)],
        dispute_reasons: vec![Choice::new("other", stage.t.code("dispute-reason", "other"), false)],
        number: "01970000-0000-7000-8000-000000000001".to_owned(),
        created: "2026-03-18 09:58".to_owned(),
        max_photos: 9,
        stream: "/conversations/stream".to_owned(),
        ..OrderPage::default()
    }
}

fn may(events: &[&str]) -> Vec<String> {
    events.iter().map(|event| (*event).to_owned()).collect()
}

fn link(label: &str, stage: Stage, url: &str, posts: bool) -> Option<Primary> {
    Some(Primary { label: stage.t.get(label).into_owned(), url: url.to_owned(), posts })
}

fn request(stage: Stage, state: &str) -> RequestRow {
    RequestRow {
        kind: "money_only".to_owned(),
        reason: "defective".to_owned(),
        words: stage
            .pick("后拨比写的严重，修要 120", "the derailleur is worse than stated; mending it costs 120"),
        amount: Price(12_000),
        state: state.to_owned(),
        answer: if state == "refused" {
            stage.pick("发布时写明了", "It was stated")
        } else {
            String::new()
        },
        parcel: String::new(),
        when: moment(stage),
    }
}

fn evidence(stage: Stage) -> Vec<EvidenceRow> {
    vec![EvidenceRow {
        by: "buyer".to_owned(),
        text: stage.pick("视频里能看到三档跳到五档。", "In the video it jumps from three to five."),
        photos: vec![photo(stage, 4, &stage.t.code("evidence-photo", "buyer"))],
        when: moment(stage),
    }]
}

fn ruling(stage: Stage, by: &str) -> RulingRow {
    RulingRow {
        stage: "first".to_owned(),
        by: by.to_owned(),
        buyer: Price(12_000),
        reasons: if by == "jury" {
            "11 : 4".to_owned()
        } else {
            stage.pick("瑕疵写得不完整。", "The flaw was not stated in full.")
        },
        when: moment(stage),
    }
}

fn dispute(stage: Stage) -> DisputeBlock {
    DisputeBlock {
        opened_by: "buyer".to_owned(),
        reason: "not_as_described".to_owned(),
        words: stage.pick("和写的不一样", "It is not as described"),
        claim: Price(12_000),
        other_jury: true,
        evidence: evidence(stage),
        takes_evidence: true,
        may_take_jury: true,
        ..DisputeBlock::default()
    }
}

fn review(stage: Stage, by: &str) -> ReviewRow {
    ReviewRow {
        id: format!("r-{by}"),
        by: by.to_owned(),
        own: by == "buyer",
        stars: 4,
        tags: vec![stage.pick("发货快", "Quick to ship")],
        text: stage.pick("车况和描述一致，林先生人很好。", "As described, and a kind seller."),
        reply: if by == "buyer" {
            stage.pick("谢谢，骑行愉快！", "Thank you, enjoy it!")
        } else {
            String::new()
        },
        may_reply: by == "seller",
        hidden: String::new(),
        shown: true,
        when: moment(stage),
    }
}

fn jury(stage: Stage) -> JuryPage {
    let case = |id: &str, vote: &str, until| JuryRow {
        id: id.to_owned(),
        title: title(stage),
        flaws: flaws(stage),
        reason: "not_as_described".to_owned(),
        opened_by: "buyer".to_owned(),
        words: stage.pick("和写的不一样", "It is not as described"),
        claim: Price(12_000),
        held: Price(38_000),
        evidence: evidence(stage),
        vote: vote.to_owned(),
        until,
        rulings: if vote.is_empty() { Vec::new() } else { vec![ruling(stage, "jury")] },
    };
    JuryPage {
        frame: stage.frame(&stage.t.get("jury-title"), "/me/jury", Tab::Me),
        is_juror: true,
        rule: stage.pick("注册满 90 天。", "Here for 90 days."),
        cases: vec![case("c1", "", Some(due(stage))), case("c2", "buyer", None)],
        at: "c1".to_owned(),
        typed: typed(&[("vote.vote", "buyer")]),
        errors: wrong(stage, &["vote.reasons"]),
    }
}

fn payment(stage: Stage, state: &str) -> PaymentPage {
    PaymentPage {
        frame: stage.frame(&stage.t.get("payment-title"), "/orders/1/payment", Tab::None),
        order: "1".to_owned(),
        title: title(stage),
        amount: Price(77_200),
        state: state.to_owned(),
        failure: if state == "action-required" { "card_declined".to_owned() } else { String::new() },
        client_secret: if state == "action-required" { "pi_1_secret_2".to_owned() } else { String::new() },
        key: "pk_test_1".to_owned(),
        script: "https://js.stripe.com/v3/".to_owned(),
        return_url: "/orders/1/payment".to_owned(),
    }
}

fn orders(stage: Stage) -> OrdersPage {
    OrdersPage {
        frame: stage.frame(&stage.t.code("orders-title", "buyer"), "/me/orders?as=buyer", Tab::Me),
        role: "buyer".to_owned(),
        tabs: ["all", "unpaid", "to_send", "to_receive", "trouble", "done"]
            .map(|code| OrderTab {
                code: code.to_owned(),
                url: format!("/me/orders?as=buyer&show={code}"),
                chosen: code == "all",
            })
            .to_vec(),
        orders: ["created", "shipped", "disputed", "settled", "cancelled"]
            .map(|state| row(stage, state))
            .to_vec(),
        pager: Pager { first: None, next: Some("/me/orders?as=buyer&after=x".to_owned()) },
    }
}

/// Orders in their states, each with the forms that belong to it.
fn in_states(stage: Stage) -> Vec<(&'static str, OrderPage)> {
    let created = OrderPage {
        may: may(&["pay", "cancel"]),
        pay: PayBlock { methods: methods(stage), under_way: "unknown".to_owned(), flaws_first: false },
        primary: link("order-act-pay", stage, "#pay", false),
        ..order(stage, "created", "buyer")
    };
    let unpaid = OrderPage {
        pay: PayBlock { methods: methods(stage), ..PayBlock::default() },
        errors: wrong(stage, &["pay.provider"]),
        ..created.clone()
    };
    let to_ship = OrderPage {
        may: may(&["ship", "cancel", "open_dispute"]),
        primary: link("order-act-ship", stage, "#ship", false),
        typed: typed(&[("ship.carrier", "sf"), ("ship.tracking", "x")]),
        errors: wrong(stage, &["ship.tracking", "cancel.reason", "dispute.words"]),
        jury_fits: true,
        ..order(stage, "paid", "seller")
    };
    let shipped = OrderPage {
        may: may(&["confirm", "extend", "request_refund"]),
        parcel: stage.pick("顺丰速运 SF1234567890", "SF Express SF1234567890"),
        primary: link("order-act-confirm", stage, "/orders/1/confirm", true),
        errors: wrong(stage, &["refund.kind", "refund.amount"]),
        ..order(stage, "shipped", "buyer")
    };
    let meeting = OrderPage {
        may: may(&["arrange", "check_in", "confirm"]),
        delivery: "pickup".to_owned(),
        delivery_label: stage.pick("自提/面交", "Meet in person"),
        address: None,
        code: "482913".to_owned(),
        meeting: Meeting {
            place: stage.pick("望京地铁站 B 口", "Wangjing station, exit B"),
            at: stage.pick("周五 20 日 18:30", "Fri 20 18:30"),
            here: false,
            other_here: true,
        },
        primary: link("order-act-here", stage, "/orders/1/check-in", true),
        errors: wrong(stage, &["arrange.place", "arrange.at"]),
        ..order(stage, "handover_ready", "buyer")
    };
    let handing_over = OrderPage {
        role: "seller".to_owned(),
        code: String::new(),
        errors: wrong(stage, &["hand.code"]),
        ..meeting.clone()
    };
    let asked = OrderPage {
        may: may(&["refuse_refund"]),
        requests: vec![request(stage, "refused"), request(stage, "open")],
        primary: link("order-act-answer", stage, "#refund", false),
        errors: wrong(stage, &["answer.words"]),
        ..order(stage, "refund_requested", "seller")
    };
    let returning = OrderPage {
        may: may(&["send_back", "withdraw_request"]),
        requests: vec![request(stage, "agreed")],
        errors: wrong(stage, &["return.carrier"]),
        ..order(stage, "returning", "buyer")
    };
    let disputed = OrderPage {
        may: may(&["drop_dispute"]),
        requests: vec![request(stage, "refused")],
        dispute: Some(dispute(stage)),
        errors: wrong(stage, &["evidence.text"]),
        ..order(stage, "disputed", "buyer")
    };
    let ruled = OrderPage {
        may: may(&["accept_ruling", "appeal"]),
        dispute: Some(DisputeBlock {
            takes_evidence: false,
            may_take_jury: false,
            other_accepted: true,
            rulings: vec![ruling(stage, "staff")],
            ..dispute(stage)
        }),
        primary: link("order-act-accept-ruling", stage, "/orders/1/disputes/accept", true),
        errors: wrong(stage, &["appeal.words"]),
        ..order(stage, "ruled", "buyer")
    };
    let settled = OrderPage {
        may_review: true,
        may_invoice: true,
        reviews: vec![ReviewRow { may_reply: true, own: false, ..review(stage, "seller") }],
        tags: vec![Choice::new("fast", stage.pick("发货快", "Quick to ship"), false)],
        invoices: vec![InvoiceRow {
            kind: "platform_fee".to_owned(),
            state: "issued".to_owned(),
            amount: Price(456),
            number: "26112000000123456789".to_owned(),
        }],
        errors: wrong(stage, &["review.stars", "review.text", "invoice.title"]),
        ..order(stage, "settled", "buyer")
    };
    vec![
        ("order-unknown-payment", created),
        ("order-unpaid", unpaid),
        ("order-to-ship", to_ship),
        ("order-shipped", shipped),
        ("order-meeting", meeting),
        ("order-handing-over", handing_over),
        ("order-refund-asked", asked),
        ("order-returning", returning),
        ("order-disputed", disputed),
        ("order-ruled", ruled),
        ("order-settled", settled),
        ("order-staff", OrderPage { conversation_url: String::new(), ..order(stage, "deciding", "staff") }),
    ]
}

/// The pages of buyer and seller.
pub fn pages(stage: Stage) -> Result<Vec<Page>, askama::Error> {
    let flaws_page = FlawsPage {
        frame: stage.frame(&stage.t.get("flaws-title"), "/checkout", Tab::None),
        action: "/checkout".to_owned(),
        hidden: vec![("listing".to_owned(), "1".to_owned())],
        flaws: flaws(stage),
        ticked: vec![true, false],
        total: Price(77_200),
        may_go_back: true,
        then: "pay".to_owned(),
        errors: wrong(stage, &["flaw"]),
    };
    let mut pages = vec![
        ("conversations", render(&conversations(stage))?),
        (
            "conversations-empty",
            render(&ConversationsPage { waiting: Vec::new(), rows: Vec::new(), ..conversations(stage) })?,
        ),
        ("thread", render(&ThreadPage { errors: wrong(stage, &["counter.amount"]), ..thread(stage) })?),
        (
            "thread-offering",
            render(&ThreadPage {
                offer: None,
                may_offer: true,
                errors: wrong(stage, &["text", "offer.amount", "report.reason"]),
                ..thread(stage)
            })?,
        ),
        (
            "thread-ordered",
            render(&ThreadPage {
                offer: Some(offer(stage, "used", true)),
                order: Some(row(stage, "paid")),
                blocked: true,
                blocking: true,
                ..thread(stage)
            })?,
        ),
        ("checkout", render(&checkout(stage))?),
        (
            "checkout-errors",
            render(&CheckoutPage {
                remembered: false,
                errors: wrong(stage, &["delivery", "address.phone", "provider", "note"]),
                ..checkout(stage)
            })?,
        ),
        ("flaws", render(&flaws_page)?),
        ("orders", render(&orders(stage))?),
        (
            "orders-empty",
            render(&OrdersPage { orders: Vec::new(), role: "seller".to_owned(), ..orders(stage) })?,
        ),
        ("payment", render(&payment(stage, "action-required"))?),
        ("payment-unknown", render(&payment(stage, "unknown"))?),
        ("jury", render(&jury(stage))?),
        (
            "jury-empty",
            render(&JuryPage {
                is_juror: false,
                cases: Vec::new(),
                at: String::new(),
                errors: Errors::none(),
                ..jury(stage)
            })?,
        ),
    ];
    for (name, page) in in_states(stage) {
        pages.push((name, render(&page)?));
    }
    Ok(pages)
}

/// An offer for a listing's page.
pub fn on_listing(stage: Stage) -> OfferCard {
    offer(stage, "accepted", true)
}

/// A review for a seller's page.
pub fn of_seller(stage: Stage) -> Vec<ReviewRow> {
    let hidden = ReviewRow {
        stars: 0,
        hidden: stage.pick("含有联系方式", "contains contact details"),
        ..review(stage, "buyer")
    };
    vec![
        ReviewRow { may_reply: false, own: false, ..review(stage, "buyer") },
        ReviewRow { own: false, ..hidden },
    ]
}
