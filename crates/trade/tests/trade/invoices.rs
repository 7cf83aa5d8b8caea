//! Invoices and their red-letter counterparts.

use luhuan_kernel::{Actor, Role};
use luhuan_trade::{
    AnswerRefund, INVOICE_JOB, NewInvoice, NewRefundRequest,
    model::{InvoiceKind, InvoiceState, RefundKind, RefundReason},
};

use crate::support::{CONFLICT, PRICE, World, bike, clerk, command, each, refusal, refused_fields};

fn title() -> NewInvoice {
    NewInvoice {
        title: "北京绿色再生科技有限公司".into(),
        usc: Some("91110000101623741k".into()),
        deliver_to: "fapiao@example.com".into(),
    }
}

/// Does the invoice jobs that wait.
async fn issue(world: &World<'_>) {
    let jobs = format!("SELECT key AS it FROM job WHERE kind = '{INVOICE_JOB}'");
    for key in world.column(&jobs).await {
        world.trade.issue_invoice(&key).await.unwrap();
        // Safe to repeat.
        world.trade.issue_invoice(&key).await.unwrap();
    }
}

#[tokio::test]
async fn a_seller_gets_an_invoice_for_the_fee_and_the_support_enters_its_number() {
    each(async |world| {
        let deal = world.settled().await;
        let asked = command!(world, request_invoice, &deal.seller, deal.order, &title()).unwrap();
        assert_eq!((asked.kind, asked.gross_fen), (InvoiceKind::PlatformFee, 180));
        let twice = command!(world, request_invoice, &deal.seller, deal.order, &title()).unwrap_err();
        assert_eq!(refusal(twice), (CONFLICT, "trade-nothing-to-invoice"));
        issue(world).await;
        let exported = world.trade.view(&deal.seller, deal.order).await.unwrap().invoices.remove(0);
        assert_eq!(exported.state, InvoiceState::Exported);
        let file = world.column("SELECT file AS it FROM invoice").await.remove(0);
        let written = world.database.blobs.get(&file).await.unwrap().unwrap();
        let written: serde_json::Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(written["buyer_title"], "北京绿色再生科技有限公司");
        assert_eq!(written["buyer_usc"], "91110000101623741K");
        assert_eq!(
            written["lines"][0]["tax_fen"].as_i64().unwrap()
                + written["lines"][0]["net_fen"].as_i64().unwrap(),
            180
        );

        let support = Actor::person(world.id(), [Role::Support]);
        let wrong = command!(world, record_invoice, &support, asked.id, "123").unwrap_err();
        assert_eq!(refused_fields(&wrong), [("number", "trade-invoice-number")]);
        let number = "26117000001234567890";
        let issued = command!(world, record_invoice, &support, asked.id, number).unwrap();
        assert_eq!((issued.state, issued.number.as_deref()), (InvoiceState::Issued, Some(number)));
        let stored = world.column("SELECT buyer_sealed AS it FROM invoice").await;
        assert!(!stored[0].contains("fapiao"));
    })
    .await;
}

#[tokio::test]
async fn a_shops_goods_are_invoiced_to_the_buyer_and_a_private_sellers_are_not() {
    each(async |world| {
        let private = world.settled().await;
        let refused = command!(world, request_invoice, &private.buyer, private.order, &title()).unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-nothing-to-invoice"));
    })
    .await;
}

#[tokio::test]
async fn what_goes_back_after_it_was_invoiced_is_taken_back_by_red_letters_for_exactly_that() {
    each(async |world| {
        let shop = world.id();
        let (poster, buyer) = (clerk(&world.person(), shop), world.rich(100_000).await);
        let listing = world.for_shop(&poster, shop, bike()).await;
        let order = world.ordered(&buyer, listing).await.id;
        world.pay(&buyer, order).await.unwrap();
        world.ship(&poster, order).await.unwrap();
        command!(world, confirm, &buyer, order, None).unwrap();
        world.hours(8 * 24).await;
        // Both invoices, of a shop that the accounts do not know: its name is asked for.
        let unknown = command!(world, request_invoice, &buyer, order, &title()).unwrap_err();
        assert_eq!(refusal(unknown), (404, "not-found"));
        let fee = command!(world, request_invoice, &poster, order, &title()).unwrap();
        assert_eq!(fee.gross_fen, 480);
        issue(world).await;
        let row = command!(world, give_money_back, &poster, order, None, PRICE / 2, "少了脚撑").unwrap();
        assert_eq!((row.refunded_fen, row.charged_fen, row.held_fen), (PRICE / 2, 240, 0));
        assert_eq!(world.wallet(&buyer).await, 100_000 - PRICE / 2);
        let invoices = world.trade.view(&poster, order).await.unwrap().invoices;
        let red = invoices.iter().find(|invoice| invoice.red_of == Some(fee.id)).unwrap();
        assert_eq!((red.gross_fen, red.kind), (-240, InvoiceKind::PlatformFee));
        issue(world).await;
        // All the rest: another red letter, and nothing is left to invoice.
        command!(world, give_money_back, &poster, order, None, PRICE / 2, "").unwrap();
        let invoices = world.trade.view(&poster, order).await.unwrap().invoices;
        assert_eq!(invoices.iter().map(|invoice| invoice.gross_fen).sum::<i64>(), 0);
        let again = command!(world, request_invoice, &poster, order, &title()).unwrap_err();
        assert_eq!(refusal(again), (CONFLICT, "trade-nothing-to-invoice"));
    })
    .await;
}

#[tokio::test]
async fn an_order_that_is_not_settled_is_not_invoiced_and_a_wrong_title_is_refused() {
    each(async |world| {
        let shop = world.id();
        let buyer = world.rich(100_000).await;
        let listing = world.for_shop(&clerk(&world.person(), shop), shop, bike()).await;
        let order = world.ordered(&buyer, listing).await.id;
        world.pay(&buyer, order).await.unwrap();
        let early = command!(world, request_invoice, &buyer, order, &title()).unwrap_err();
        assert_eq!(refusal(early), (CONFLICT, "trade-nothing-to-invoice"));
        let wrong = NewInvoice { usc: Some("123".into()), ..title() };
        let wrong = command!(world, request_invoice, &buyer, order, &wrong).unwrap_err();
        assert_eq!(refused_fields(&wrong), [("usc", "trade-invoice-usc")]);
        let ask = NewRefundRequest {
            kind: RefundKind::MoneyOnly,
            reason: RefundReason::PriceAgreed,
            words: String::new(),
            amount_fen: Some(PRICE / 3),
        };
        command!(world, request_refund, &buyer, order, None, ask).unwrap();
        let poster = Actor { ..clerk(&world.person(), shop) };
        let yes = AnswerRefund::Agree { words: String::new() };
        command!(world, answer_refund, &poster, order, None, &yes).unwrap();
        assert_eq!(world.row(order).await.refunded_fen, PRICE / 3);
    })
    .await;
}
