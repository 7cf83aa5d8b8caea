//! Every refusal has its sentence, in both languages; and events of today read back.

use luhuan_kernel::{EventKind, Id, Locale, ManualClock, Problem, text::Texts};
use luhuan_ledger::PaymentState;
use luhuan_listing::model::State as GoodsState;
use luhuan_trade::{
    Error, JuryEvent, MessageEvent, OfferEvent, OrderEvent, TEXTS,
    model::{By, Event, IllegalStep, OfferState, State},
};

fn refusals() -> Vec<Error> {
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    vec![
        Error::IllegalStep(IllegalStep { from: State::Paid, event: Event::Pay, by: By::Buyer }),
        Error::TooEarly(at),
        Error::Gone(GoodsState::Sold),
        Error::PriceChanged { now_fen: 1 },
        Error::OwnGoods,
        Error::Blocked,
        Error::NotNegotiable,
        Error::OfferState(OfferState::Lapsed),
        Error::OthersTurn,
        Error::OfferOpen,
        Error::FlawsUnconfirmed(vec!["划痕".into()]),
        Error::PaymentPending(PaymentState::Unknown),
        Error::CodeWrong { left: 3 },
        Error::CodeLocked,
        Error::NothingHeld,
        Error::TalkFirst,
        Error::Extended,
        Error::NotForJury,
        Error::NoJurors,
        Error::NotEligible,
        Error::Voted,
        Error::Reviewed,
        Error::ReviewClosed,
        Error::Replied,
        Error::NothingToInvoice,
    ]
}

#[test]
fn every_refusal_says_what_to_do_in_both_languages() {
    let texts = Texts::new(&TEXTS);
    for error in refusals() {
        let words = error.to_string();
        let problem = Problem::from(error);
        assert_ne!(problem.status().as_u16(), 500, "{words}");
        for locale in Locale::ALL {
            let (title, detail) = (problem.title(&texts, locale), problem.detail(&texts, locale));
            assert!(!title.contains("problem-"), "{title}");
            assert!(!detail.contains("problem-") && !detail.contains('{'), "{detail}");
        }
    }
}

#[test]
fn every_sentence_that_the_code_names_is_there_and_both_languages_say_the_same() {
    let texts = Texts::new(&TEXTS);
    assert_eq!(texts.keys(Locale::ZhCn), texts.keys(Locale::En));
    let sources = [
        include_str!("../../src/error.rs"),
        include_str!("../../src/service/mod.rs"),
        include_str!("../../src/service/orders.rs"),
        include_str!("../../src/service/pay.rs"),
        include_str!("../../src/service/moves.rs"),
        include_str!("../../src/service/refunds.rs"),
        include_str!("../../src/service/disputes.rs"),
        include_str!("../../src/service/jury.rs"),
        include_str!("../../src/service/reviews.rs"),
        include_str!("../../src/service/offers.rs"),
        include_str!("../../src/service/conversations.rs"),
        include_str!("../../src/service/photos.rs"),
        include_str!("../../src/service/invoices.rs"),
    ];
    for source in sources {
        for key in source.split("::new(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if key.starts_with("trade-") && !key.starts_with("trade_") {
                assert!(texts.keys(Locale::En).contains(key), "{key}");
            }
        }
    }
}

#[test]
fn events_of_today_read_back_under_the_names_that_others_listen_for() {
    let clock = ManualClock::at("2026-01-01T00:00:00Z");
    let order = OrderEvent {
        order: Id::new(&clock),
        listing: Id::new(&clock),
        buyer: Id::new(&clock),
        seller: Id::new(&clock),
        shop: None,
        event: Some(Event::Ship),
        by: By::Seller,
        from: Some(State::Paid),
        to: State::Shipped,
        total_fen: 1,
        amount_fen: 0,
    };
    reads_back(&order, "trade.order_shipped");
    reads_back(&OrderEvent { event: None, ..order.clone() }, "trade.order_created");
    for event in Event::ALL {
        let name = OrderEvent { event: Some(*event), ..order.clone() }.name();
        assert!(name.starts_with("trade.order_"), "{name}");
    }
    let offer = OfferEvent {
        offer: Id::new(&clock),
        listing: Id::new(&clock),
        buyer: Id::new(&clock),
        seller: Id::new(&clock),
        shop: Some(Id::new(&clock)),
        by: By::Buyer,
        amount_fen: 5,
        rounds: 1,
        state: OfferState::Open,
    };
    reads_back(&offer, "trade.offer_made");
    let message = MessageEvent {
        conversation: Id::new(&clock),
        message: Id::new(&clock),
        listing: Id::new(&clock),
        from: Id::new(&clock),
        to: Id::new(&clock),
        by: By::Buyer,
        buyer: Id::new(&clock),
        seller: Id::new(&clock),
        shop: None,
        warned: None,
    };
    reads_back(&message, "trade.message_sent");
    reads_back(
        &JuryEvent { dispute: Id::new(&clock), order: Id::new(&clock), jurors: Vec::new() },
        "trade.jury_drawn",
    );
    // An event of the first release.
    let old = r#"{"order":"019b76da-a800-7000-8000-000000000001","listing":"019b76da-a800-7000-8000-000000000002",
        "buyer":"019b76da-a800-7000-8000-000000000003","seller":"019b76da-a800-7000-8000-000000000004","event":"pay",
        "by":"payment","from":"created","to":"paid","total_fen":100,"amount_fen":100}"#;
    let old: OrderEvent = serde_json::from_str(old).unwrap();
    assert_eq!(old.name(), "trade.order_paid");
}

fn reads_back<E: EventKind + PartialEq + std::fmt::Debug>(event: &E, name: &str) {
    assert_eq!(event.name(), name);
    let json = serde_json::to_string(event).unwrap();
    assert_eq!(&serde_json::from_str::<E>(&json).unwrap(), event);
}
