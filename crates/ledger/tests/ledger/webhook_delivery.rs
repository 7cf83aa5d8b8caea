//! Webhooks as localstripe sends and signs them, to the route over a real socket.

use std::{sync::Arc, time::Duration};

use luhuan_kernel::{Actor, Id, Locale, Money, SystemClock};
use luhuan_ledger::{
    AccountOwner, Capture, Ledger, NewPayment, PaymentState, Provider, Providers, Purpose, Stripe, api,
    testing::{FakeStripe, GOOD_CARD},
};

use crate::support::settings;

/// localstripe waits a second before it sends.
const DELIVERED_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_payment_is_settled_by_the_webhook_alone() {
    let fake = FakeStripe::start().await;
    let providers = Providers::local().with(Arc::new(Stripe::new(fake.settings()).unwrap()));
    luhuan_store::testing::each(Arc::new(SystemClock), async |database| {
        let ledger = Ledger::new(database.store.clone(), providers.clone(), settings());
        let (router, _) = api::routes().split_for_parts();
        let router = router.with_state(ledger.clone()).layer(axum::Extension(Actor::anonymous(Locale::ZhCn)));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        fake.send_webhooks_to(&format!("http://{address}/api/v1/payments/stripe/webhook")).await;

        let buyer = Id::new(&SystemClock);
        let order = Id::<()>::new(&SystemClock).uuid();
        let uow = ledger.store().begin().await.unwrap();
        let new = NewPayment {
            purpose: Purpose::Order(order),
            payer: buyer,
            payee: AccountOwner::Person(Id::new(&SystemClock)),
            amount: Money::cny(2_500),
            provider: Provider::Stripe,
            capture: Capture::Automatic,
            return_url: None,
        };
        let payment = ledger.request_payment(&uow, new).await.unwrap();
        uow.commit().await.unwrap();
        let payment = ledger.advance(payment.id).await.unwrap();
        fake.enter_card(payment.provider_ref.as_deref().unwrap(), GOOD_CARD).await;

        let system = Actor::system("test");
        let settled = async {
            while ledger.payment(&system, payment.id).await.unwrap().state().unwrap()
                != PaymentState::Succeeded
            {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        assert!(tokio::time::timeout(DELIVERED_WITHIN, settled).await.is_ok(), "no webhook came");
        let uow = ledger.store().begin().await.unwrap();
        assert_eq!(ledger.escrow_balance(&uow, order).await.unwrap(), Money::cny(2_500));
        drop(uow);
        assert!(ledger.verify().await.unwrap().is_clean());
        server.abort();
    })
    .await;
}
