//! The wallet, notifications, webhooks, and the desks of staff.

use luhuan_web::format::Price;
use luhuan_web::view::{
    AccountTab, Audit, Balance, Card, Choice, DeliveryRow, DeliveryTab, DifferenceRow, DisputePage,
    DisputeRow, DisputesPage, DivisionShown, Errors, EvidencePiece, FindingRow, Frame, HeldListing,
    MailTopic, Moment, Note, NoticeTab, NoticesPage, NoticesSettingsPage, Pager, PayoutRow, PayoutTab, Photo,
    Points, ProcessPage, ProcessRow, Reconciliation, ReportPage, ReportRow, ReportsPage, ReviewRow,
    RulingRow, RulingValues, Run, Side, SignedIn, StaffLedgerPage, StaffListingsPage, StaffMessage,
    StaffPage, StaffPayout, StaffPayoutsPage, StaffRefund, StaffRefundsPage, StaffReviewsPage, StaffTab,
    StatementLine, Tab, TimelineStep, TopUpPage, Waiting, WalletPage, WalletValues, WebhookPage, WebhookRow,
    WebhookValues, WebhooksPage,
};

use super::{Page, Stage, render};

fn moment(stage: Stage) -> Moment {
    Moment { iso: "2026-03-18T02:00:00Z".to_owned(), words: stage.pick("12 分钟前", "12 minutes ago") }
}

fn photo(stage: Stage) -> Photo {
    let widths = [("/photos/1.jpg".to_owned(), 320), ("/photos/2.jpg".to_owned(), 800)];
    Photo::from_widths("1", &stage.pick("照片", "Photo"), 800, 800, &widths)
}

fn pager() -> Pager {
    Pager { first: Some("/staff".to_owned()), next: Some("/staff?after=x".to_owned()) }
}

fn wallet(stage: Stage) -> WalletPage {
    let line = |kind: &str, memo: &str, amount: &str, gain, balance: &str| StatementLine {
        at: moment(stage),
        kind: kind.to_owned(),
        memo: memo.to_owned(),
        amount: amount.to_owned(),
        gain,
        balance: balance.to_owned(),
    };
    let payout = |id: &str, state: &str, cancellable| PayoutRow {
        id: id.to_owned(),
        amount: Price(50_000),
        method: "bank".to_owned(),
        destination: "···· 7890".to_owned(),
        state: state.to_owned(),
        failure: if state == "failed" {
            stage.pick("户名不符", "the name differs")
        } else {
            String::new()
        },
        at: moment(stage),
        cancellable,
    };
    let mut errors = Errors::none();
    errors.add("amount_fen", stage.pick("余额不足。", "There is less in the account."));
    errors.add("top_up", stage.pick("请填写金额。", "Enter an amount."));
    errors.add("connect", stage.pick("支付机构没有答复。", "The provider does not answer."));
    WalletPage {
        frame: stage.frame(&stage.t.get("wallet-title"), "/me/wallet", Tab::Me),
        base: "/me/wallet".to_owned(),
        back: "/me".to_owned(),
        nature: "stripe",
        available: Price(128_050),
        held: ["paid", "awaited", "deposit", "paying-out"]
            .map(|kind| Balance { kind: kind.to_owned(), amount: Price(20_000) })
            .to_vec(),
        points: Some(Points {
            count: 12_345,
            worth: Price(12_345),
            endings: vec![(120, stage.pick("5 月 3 日", "3 May"))],
        }),
        accounts: ["available", "points"]
            .map(|kind| AccountTab {
                url: format!("/me/wallet?account={kind}#statement"),
                kind: kind.to_owned(),
                chosen: kind == "available",
            })
            .to_vec(),
        lines: vec![
            line("release", "sale", "+¥760", true, "¥1,280.50"),
            line("payout", "", "−¥500", false, "¥520.50"),
            line("top-up", "", "+¥1,020.50", true, "¥1,020.50"),
        ],
        pager: pager(),
        csv: "/wallets/1/statement.csv".to_owned(),
        json: "/wallets/1/statement.json".to_owned(),
        payouts: vec![
            payout("1", "requested", true),
            payout("2", "failed", false),
            payout("3", "paid", false),
        ],
        may_withdraw: true,
        methods: ["bank", "stripe-transfer"]
            .map(|way| Choice::new(way, stage.t.code("payout-method", way), way == "bank"))
            .to_vec(),
        withdraw_bounds: stage.pick("每次 ¥1 – 50,000。", "¥1 – 50,000 at a time."),
        may_top_up: true,
        top_up_bounds: stage.pick("每次 ¥1 – 5,000。", "¥1 – 5,000 at a time."),
        connected: "checking",
        onboarding: "/onboarding".to_owned(),
        values: WalletValues { amount: "9000".to_owned(), key: "k".to_owned(), ..WalletValues::default() },
        errors,
    }
}

fn top_up(stage: Stage, state: &str) -> TopUpPage {
    let asks = state == "action-required";
    TopUpPage {
        frame: stage.frame(&stage.t.get("top-up-title"), "/me/wallet/top-ups/1", Tab::Me),
        id: "1".to_owned(),
        amount: Price(10_000),
        state: state.to_owned(),
        failure: if asks { "card_declined".to_owned() } else { String::new() },
        browser_key: "pk_test_1".to_owned(),
        client_secret: if asks { "pi_1_secret_1".to_owned() } else { String::new() },
        script: luhuan_web::assets::url("app.js").into_owned(),
        return_url: "/me/wallet/top-ups/1".to_owned(),
    }
}

fn notices(stage: Stage) -> NoticesPage {
    let note = |id: &str, zh: &str, en: &str, topic: &str, unread| Note {
        id: id.to_owned(),
        text: stage.pick(zh, en),
        detail: stage
            .pick("请按约定发货，或约好时间当面交付。", "Ship it as agreed, or meet to hand it over."),
        url: format!("/me/notifications/{id}?next=%2Forders%2F1"),
        topic: topic.to_owned(),
        at: moment(stage),
        unread,
    };
    let mut frame = stage.frame(&stage.t.get("notices-title"), "/me/notifications", Tab::Me);
    frame.notices = 2;
    NoticesPage {
        frame,
        tabs: ["all", "unread", "trade", "messages", "account"]
            .map(|code| NoticeTab {
                url: format!("/me/notifications?show={code}"),
                code: code.to_owned(),
                count: (code == "unread").then_some(2),
                chosen: code == "all",
            })
            .to_vec(),
        notes: vec![
            note("1", "买家已付款：“捷安特山地车”（¥760）", "Paid: “mountain bike” (¥760)", "trade", true),
            note("2", "关于“山地车”的 3 条新消息", "3 new messages about “mountain bike”", "messages", true),
            note(
                "3",
                "您的账号在新设备上登录",
                "Your account was signed in to on a new device",
                "account",
                false,
            ),
        ],
        until: "2026-03-18T02:00:00Z".to_owned(),
        pager: pager(),
    }
}

fn settings(stage: Stage) -> NoticesSettingsPage {
    let topic = |code: &str, zh: &str, en: &str, wanted| MailTopic {
        code: code.to_owned(),
        title: stage.pick(zh, en),
        detail: stage.pick("出价、订单、付款", "Offers, orders, payments"),
        wanted,
    };
    NoticesSettingsPage {
        frame: stage.frame(&stage.t.get("notices-settings"), "/me/notifications/preferences", Tab::Me),
        email: "w***@example.org".to_owned(),
        topics: vec![topic("trade", "交易", "Trade", true), topic("messages", "消息", "Messages", false)],
        version: "1".to_owned(),
        errors: Errors::none(),
    }
}

fn hook(stage: Stage, id: &str, state: &str) -> WebhookRow {
    WebhookRow {
        id: id.to_owned(),
        url: format!("https://hooks.example.org/{id}"),
        description: stage.pick("仓库系统", "warehouse"),
        events: vec!["trade.*".to_owned(), "listing.moved".to_owned()],
        state: state.to_owned(),
        owner: stage.pick("双井旧物店", "Shuangjing Used Goods"),
    }
}

fn contexts(stage: Stage) -> Vec<Choice> {
    [("*", "all"), ("trade.*", "trade"), ("listing.*", "listing"), ("payment.*", "payment")]
        .map(|(value, code)| Choice::new(value, stage.t.code("webhook-context", code), code == "trade"))
        .to_vec()
}

fn webhooks(stage: Stage) -> WebhooksPage {
    let mut errors = Errors::none();
    errors.add("url", stage.pick("请填写 https 地址。", "Give an https address."));
    WebhooksPage {
        frame: stage.frame(&stage.t.get("webhooks-title"), "/me/webhooks", Tab::Me),
        back: "/me".to_owned(),
        webhooks: vec![
            hook(stage, "1", "enabled"),
            hook(stage, "2", "disabled"),
            hook(stage, "3", "failing"),
        ],
        pager: Pager::default(),
        owners: vec![
            Choice::new("", stage.t.get("webhook-own"), true),
            Choice::new("1", "双井旧物店", false),
        ],
        contexts: contexts(stage),
        values: WebhookValues { url: "http://example.org".to_owned(), ..WebhookValues::default() },
        errors,
    }
}

fn webhook(stage: Stage, state: &str) -> WebhookPage {
    let delivery = |number: i64, state: &str| DeliveryRow {
        id: number.to_string(),
        number,
        event: "trade.order_paid".to_owned(),
        at: moment(stage),
        state: state.to_owned(),
        attempts: 3,
        answer: "503 · 31 ms".to_owned(),
        error: if state == "failed" { "connection refused".to_owned() } else { String::new() },
        excerpt: "<h1>Service Unavailable</h1>".to_owned(),
        next: stage.pick("下次 2026-03-18 10:00", "next 2026-03-18 10:00"),
        body: "{\"name\":\"trade.order_paid\"}".to_owned(),
    };
    let states = ["pending", "delivered", "failed", "held"];
    WebhookPage {
        frame: stage.frame(&stage.t.get("webhook-title"), "/me/webhooks/1", Tab::Me),
        webhook: hook(stage, "1", state),
        failing_since: stage.pick("昨天", "yesterday"),
        secret: (state == "enabled").then(|| "whsec_3fA9c2e47b1d40f6a8e5d7c9".to_owned()),
        contexts: contexts(stage),
        values: WebhookValues::default(),
        tabs: std::iter::once("")
            .chain(states)
            .map(|state| DeliveryTab {
                url: format!("/me/webhooks/1?state={state}"),
                state: state.to_owned(),
                chosen: state.is_empty(),
            })
            .collect(),
        deliveries: (1..).zip(states).map(|(number, state)| delivery(number, state)).collect(),
        pager: pager(),
        from: "2026-03-17T10:00".to_owned(),
        until: "2026-03-18T10:00".to_owned(),
        delivered_too: true,
        errors: Errors::none(),
    }
}

const DESKS: [(&str, &str, &str); 9] = [
    ("home", "/staff", "house"),
    ("listings", "/staff/listings", "package"),
    ("reports", "/staff/reports", "flag"),
    ("disputes", "/staff/disputes", "scale"),
    ("reviews", "/staff/reviews", "star"),
    ("ledger", "/staff/ledger", "landmark"),
    ("payouts", "/staff/payouts", "wallet"),
    ("refunds", "/staff/refunds", "coins"),
    ("process", "/staff/process", "workflow"),
];

/// The frame of a desk and the tabs.
fn desk(stage: Stage, code: &str) -> (Frame, Vec<StaffTab>) {
    let mut frame = stage.frame(&stage.t.code("staff-desk", code), "/staff", Tab::Staff);
    frame.person = frame.person.map(|person| SignedIn { is_staff: true, ..person });
    let tabs = DESKS.map(|(one, url, _)| StaffTab { code: one, url, chosen: one == code });
    (frame, tabs.to_vec())
}

fn home(stage: Stage) -> StaffPage {
    let (frame, tabs) = desk(stage, "home");
    let counts = ["7", "0", "100+", "", "", "3", "1", ""];
    let waiting = DESKS[1..].iter().zip(counts).map(|((code, url, icon), count)| Waiting {
        code,
        url,
        icon,
        count: count.to_owned(),
        waits: !matches!(count, "" | "0"),
    });
    StaffPage { frame, tabs, waiting: waiting.collect() }
}

fn held(stage: Stage, id: &str, clearable: bool) -> HeldListing {
    HeldListing {
        id: id.to_owned(),
        card: Card {
            url: format!("/listings/{id}"),
            title: Run::plain(&stage.pick("老式气枪摆件", "old air gun, decoration")),
            photo: (id == "1").then(|| photo(stage)),
            price: Price(12_000),
            when: stage.pick("2 小时前", "2 hours ago"),
            ..Card::default()
        },
        state: "published".to_owned(),
        seller: stage.pick("林先生", "Mr Lin"),
        class: if clearable { stage.pick("枪支弹药", "Weapons") } else { String::new() },
        rule: stage.pick("不得买卖。", "Not to be traded."),
        source: stage.pick("《枪支管理法》第三条", "Gun Control Law, art. 3"),
        excerpt: stage.pick("只是摆件，不能发射。", "A decoration only, it does not fire."),
        clearable,
        removable: true,
        reason: stage.pick("看不清", "unclear"),
    }
}

fn listings(stage: Stage) -> StaffListingsPage {
    let (frame, tabs) = desk(stage, "listings");
    let mut errors = Errors::none();
    errors.add("reason-1", stage.pick("请写明理由。", "Say why."));
    errors.add("listing", stage.t.get("staff-no-listing"));
    StaffListingsPage {
        frame,
        tabs,
        wanted: "/listings/3".to_owned(),
        found: Some(held(stage, "3", false)),
        listings: vec![held(stage, "1", true), held(stage, "2", true), held(stage, "3", true)],
        pager: pager(),
        errors,
    }
}

fn report(stage: Stage, id: &str, has_message: bool) -> ReportRow {
    ReportRow {
        id: id.to_owned(),
        url: format!("/staff/reports/{id}"),
        about: stage.pick("林先生", "Mr Lin"),
        reason: "off-platform".to_owned(),
        words: stage.pick("让我加微信转账", "wants me to pay by WeChat"),
        has_message,
        at: moment(stage),
    }
}

fn reports(stage: Stage) -> ReportsPage {
    let (frame, tabs) = desk(stage, "reports");
    ReportsPage {
        frame,
        tabs,
        reports: vec![report(stage, "1", true), report(stage, "2", false)],
        pager: pager(),
    }
}

fn report_page(stage: Stage) -> ReportPage {
    let (frame, tabs) = desk(stage, "reports");
    let message = |id: &str, by: &str, reported: bool| StaffMessage {
        id: id.to_owned(),
        by: by.to_owned(),
        text: stage.pick("加我微信 linwei88，便宜 50", "add me on WeChat linwei88, 50 less"),
        photos: if reported { vec![photo(stage)] } else { Vec::new() },
        warned: if reported { "we_chat".to_owned() } else { String::new() },
        hidden: if by == "buyer" {
            stage.pick("引导站外付款", "luring off the platform")
        } else {
            String::new()
        },
        at: moment(stage),
        reported,
    };
    let mut errors = Errors::none();
    errors.add("outcome", stage.pick("请写明理由。", "Say why."));
    ReportPage {
        frame,
        tabs,
        report: report(stage, "1", true),
        listing: Some((stage.pick("捷安特山地车", "mountain bike"), "/listings/1".to_owned())),
        messages: vec![message("1", "buyer", false), message("2", "seller", true)],
        earlier: Some("/staff/reports/1?after=x".to_owned()),
        verdict: "hide".to_owned(),
        outcome: String::new(),
        errors,
    }
}

fn disputes(stage: Stage) -> DisputesPage {
    let (frame, tabs) = desk(stage, "disputes");
    let row = |state: &str, opened_by: &str| DisputeRow {
        url: "/staff/disputes/1".to_owned(),
        title: stage.pick("捷安特 ATX 777 山地车", "Giant ATX 777 mountain bike"),
        state: state.to_owned(),
        held: Price(76_000),
        claim: Price(30_000),
        opened_by: opened_by.to_owned(),
        reason: "not_as_described".to_owned(),
        since: moment(stage),
        due: stage.pick("还剩 2 天 · 周五 20 日 10:00", "2 days left · Fri 20 10:00"),
    };
    DisputesPage {
        frame,
        tabs,
        all: true,
        disputes: vec![row("deciding", "buyer"), row("appealed", "seller")],
        pager: pager(),
    }
}

fn side(stage: Stage, code: &'static str) -> Side {
    let buyer = code == "buyer";
    Side {
        code,
        name: stage.pick("王小满", "Wang Xiaoman"),
        url: "/sellers/1".to_owned(),
        words: if buyer { stage.pick("屏幕是碎的", "the screen is cracked") } else { String::new() },
        evidence: if buyer {
            vec![EvidencePiece {
                text: stage.pick("收货当天拍的", "taken the day it came"),
                photos: vec![photo(stage), photo(stage)],
                at: moment(stage),
            }]
        } else {
            Vec::new()
        },
        accepted: !buyer,
        appeal: if buyer {
            stage.pick("没有看我补充的照片", "my photos were not looked at")
        } else {
            String::new()
        },
    }
}

fn dispute(stage: Stage, state: &str) -> DisputePage {
    let (mut frame, tabs) = desk(stage, "disputes");
    frame.title =
        stage.t.with("staff-dispute-of", "title", stage.pick("山地车", "mountain bike")).into_owned();
    let step = |event: &str, by: &str, to: &str| TimelineStep {
        event: event.to_owned(),
        by: by.to_owned(),
        to: to.to_owned(),
        words: if event == "open_dispute" {
            stage.pick("屏幕是碎的", "the screen is cracked")
        } else {
            String::new()
        },
        at: moment(stage),
    };
    let mut errors = Errors::none();
    if state == "appealed" {
        errors.add("seller", stage.t.with("staff-sum-wrong", "held", "¥760"));
        errors.add("reasons", stage.pick("请写明理由。", "Say why."));
    }
    DisputePage {
        frame,
        tabs,
        order: "1".to_owned(),
        version: "7".to_owned(),
        lines: vec![(stage.pick("山地车", "mountain bike"), "/listings/1".to_owned(), Price(76_000))],
        state: state.to_owned(),
        clock: stage.pick("还剩 2 天", "2 days left"),
        held: Price(76_000),
        claim: Price(30_000),
        opened_by: "buyer".to_owned(),
        reason: "not_as_described".to_owned(),
        money: ["goods", "freight", "total", "held", "fee", "to_seller"]
            .map(|code| (code.to_owned(), Price(76_000)))
            .to_vec(),
        flaws: vec![stage.pick("后轮有划痕", "scratches on the rear wheel")],
        sides: vec![side(stage, "buyer"), side(stage, "seller")],
        steps: vec![
            step("pay", "payment", "paid"),
            step("ship", "seller", "shipped"),
            step("open_dispute", "buyer", "disputed"),
        ],
        rulings: vec![RulingRow {
            stage: "first".to_owned(),
            by: "staff".to_owned(),
            buyer: Price(30_000),
            rest: Price(46_000),
            reasons: stage
                .pick("照片显示划痕，说明没有写。", "The photos show scratches that the text does not."),
            at: moment(stage),
        }],
        may_take_up: state == "disputed",
        may_rule: state == "appealed",
        is_final: state == "appealed",
        own: state == "disputed",
        division: Some(DivisionShown { buyer: Price(30_000), seller: Price(45_724), fee: Price(276) }),
        values: RulingValues { buyer: "300".to_owned(), seller: "470".to_owned(), reasons: String::new() },
        errors,
    }
}

fn reviews(stage: Stage) -> StaffReviewsPage {
    let (frame, tabs) = desk(stage, "reviews");
    let row = |id: &str, hidden: &str| ReviewRow {
        id: id.to_owned(),
        by: "buyer".to_owned(),
        stars: hidden.is_empty().then_some(4),
        text: stage.pick("车不错，送货很快", "a good bike, quickly sent"),
        reply: stage.pick("谢谢", "thank you"),
        hidden: hidden.to_owned(),
        at: moment(stage),
        reason: String::new(),
    };
    let mut errors = Errors::none();
    errors.add("reason-1", stage.pick("请写明理由。", "Say why."));
    StaffReviewsPage {
        frame,
        tabs,
        reviews: vec![row("1", ""), row("2", "含联系方式")],
        pager: pager(),
        errors,
    }
}

fn process(stage: Stage) -> ProcessPage {
    let (frame, tabs) = desk(stage, "process");
    let word = |code: &str| stage.t.code("process", code).into_owned();
    ProcessPage {
        frame,
        tabs,
        picture: luhuan_trade::model::svg(&word),
        rows: vec![ProcessRow {
            from: vec![word("created")],
            event: word("expire"),
            by: vec![word("clock")],
            to: word("expired"),
            effects: vec![stage.t.code("effect", "release_goods").into_owned()],
            when: stage.t.n("process-hours", 24).into_owned(),
        }],
        version: "1".to_owned(),
    }
}

fn ledger(stage: Stage, findings: usize) -> StaffLedgerPage {
    let (frame, tabs) = desk(stage, "ledger");
    let finding = FindingRow {
        rule: "balance is the sum of its postings".to_owned(),
        at: "person:1/available/CNY".to_owned(),
        expected: 100,
        found: 101,
    };
    let difference = DifferenceRow {
        kind: "payment".to_owned(),
        how: "missing-here".to_owned(),
        ours: String::new(),
        reference: "pi_3fA9c2".to_owned(),
        ours_amount: Price(0),
        theirs_amount: Price(76_000),
    };
    let comparison = |differences: Vec<DifferenceRow>| Reconciliation {
        at: moment(stage),
        window: "2026-03-17 00:00 – 2026-03-18 00:00".to_owned(),
        compared: 1_204,
        differences,
    };
    StaffLedgerPage {
        frame,
        tabs,
        audit: Some(Audit {
            accounts: 120,
            transactions: 12_043,
            postings: 31_204,
            findings: vec![finding; findings],
        }),
        provider: true,
        reconciliations: vec![comparison(vec![difference]), comparison(Vec::new())],
        from: "2026-03-17".to_owned(),
        until: "2026-03-18".to_owned(),
        errors: Errors::none(),
    }
}

fn payouts(stage: Stage, state: &'static str) -> StaffPayoutsPage {
    let (frame, tabs) = desk(stage, "payouts");
    let states = ["requested", "sent", "paid", "failed"];
    let payout = |id: &str| StaffPayout {
        id: id.to_owned(),
        owner: "person:1".to_owned(),
        amount: Price(50_000),
        destination: "王** **** 7890".to_owned(),
        batch: if state == "requested" { String::new() } else { "b1".to_owned() },
        at: moment(stage),
        reference: if state == "paid" { "20260318001".to_owned() } else { String::new() },
        failure: if state == "failed" {
            stage.pick("户名不符", "the name differs")
        } else {
            String::new()
        },
        typed: String::new(),
    };
    let mut errors = Errors::none();
    if state == "sent" {
        errors.add("said-1", stage.pick("请填写。", "Fill this in."));
    }
    StaffPayoutsPage {
        frame,
        tabs,
        states: states.map(|one| PayoutTab { state: one, chosen: one == state }).to_vec(),
        state,
        payouts: vec![payout("1"), payout("2")],
        pager: pager(),
        errors,
    }
}

fn refunds(stage: Stage) -> StaffRefundsPage {
    let (frame, tabs) = desk(stage, "refunds");
    let refund = |id: &str, state: &str| StaffRefund {
        id: id.to_owned(),
        amount: Price(76_000),
        state: state.to_owned(),
        reason: stage.pick("取消订单", "cancelled"),
        failure: "expired_or_canceled_card".to_owned(),
        attempt: 2,
        order: "1".to_owned(),
        at: moment(stage),
    };
    StaffRefundsPage {
        frame,
        tabs,
        refunds: vec![refund("1", "failed"), refund("2", "unknown")],
        pager: pager(),
    }
}

/// The pages of this file.
pub fn pages(stage: Stage) -> Result<Vec<Page>, askama::Error> {
    let empty_wallet = WalletPage {
        frame: stage.frame(&stage.t.get("wallet-title"), "/me/wallet", Tab::Me),
        nature: "local",
        connected: "off",
        ..WalletPage::default()
    };
    let empty_notices = NoticesPage {
        frame: stage.frame(&stage.t.get("notices-title"), "/me/notifications", Tab::Me),
        ..NoticesPage::default()
    };
    let (frame, tabs) = desk(stage, "listings");
    let empty_listings = StaffListingsPage { frame, tabs, ..StaffListingsPage::default() };
    Ok(vec![
        ("me-wallet", render(&wallet(stage))?),
        ("me-wallet-empty", render(&empty_wallet)?),
        ("me-top-up", render(&top_up(stage, "action-required"))?),
        ("me-top-up-unknown", render(&top_up(stage, "unknown"))?),
        ("me-top-up-done", render(&top_up(stage, "succeeded"))?),
        ("me-notifications", render(&notices(stage))?),
        ("me-notifications-empty", render(&empty_notices)?),
        ("me-notifications-settings", render(&settings(stage))?),
        ("me-webhooks", render(&webhooks(stage))?),
        ("me-webhook", render(&webhook(stage, "enabled"))?),
        ("me-webhook-failing", render(&webhook(stage, "failing"))?),
        ("staff", render(&home(stage))?),
        ("staff-listings", render(&listings(stage))?),
        ("staff-listings-empty", render(&empty_listings)?),
        ("staff-reports", render(&reports(stage))?),
        ("staff-report", render(&report_page(stage))?),
        ("staff-disputes", render(&disputes(stage))?),
        ("staff-dispute-evidence", render(&dispute(stage, "disputed"))?),
        ("staff-dispute-appealed", render(&dispute(stage, "appealed"))?),
        ("staff-reviews", render(&reviews(stage))?),
        ("staff-process", render(&process(stage))?),
        ("staff-ledger", render(&ledger(stage, 1))?),
        ("staff-ledger-clean", render(&ledger(stage, 0))?),
        ("staff-payouts", render(&payouts(stage, "requested"))?),
        ("staff-payouts-sent", render(&payouts(stage, "sent"))?),
        ("staff-payouts-paid", render(&payouts(stage, "paid"))?),
        ("staff-refunds", render(&refunds(stage))?),
    ])
}
