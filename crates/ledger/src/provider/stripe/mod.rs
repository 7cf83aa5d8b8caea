//! Stripe: cards, Alipay and WeChat Pay as PaymentIntents, refunds, connected accounts and transfers.
//!
//! Requests and answers are async-stripe's types; they travel by our own HTTP client ([`transport`]), once each: what
//! is tried again is tried by our jobs, with the same idempotency key. Webhooks are read leniently ([`webhook`]): an
//! event must not be lost for a field that does not concern us.
//!
//! Rules of Stripe that the code relies on: an idempotency key answers alike for at least 24 hours; a PaymentIntent
//! that is `canceled` or `succeeded` stays so; a refund that is `succeeded` may still become `failed`
//! (docs.stripe.com/api/idempotent_requests, /payments/paymentintents/lifecycle, /refunds#failed-refunds).

mod read;
mod transport;
mod webhook;

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use luhuan_kernel::{Id, Money, Secret, Timestamp};
use stripe_client_core::{IdempotencyKey, RequestStrategy, StripeRequest};
use stripe_connect::{
    account::{
        CreateAccount, CreateAccountCapabilities, CreateAccountCapabilitiesTransfers,
        CreateAccountController, CreateAccountControllerStripeDashboard,
        CreateAccountControllerStripeDashboardType, RetrieveAccount,
    },
    account_link::{CreateAccountLink, CreateAccountLinkType},
    transfer::{CreateTransfer, ListTransfer},
};
use stripe_core::{
    payment_intent::{
        CancelPaymentIntent, CapturePaymentIntent, CreatePaymentIntent,
        CreatePaymentIntentPaymentMethodOptions, CreatePaymentIntentPaymentMethodOptionsWechatPay,
        CreatePaymentIntentPaymentMethodOptionsWechatPayClient, ListPaymentIntent, RetrievePaymentIntent,
    },
    refund::{CreateRefund, ListRefund},
};
use stripe_shared::{PaymentIntentAllowedPaymentMethodTypes, PaymentIntentCaptureMethod};
use stripe_types::{Currency, RangeBoundsTs, RangeQueryTs};

use self::transport::Transport;
use super::{
    AccountNews, AccountOrder, Course, Movement, PaymentNews, PaymentOrder, PaymentProvider, ProviderError,
    ProviderEvent, RefundNews, RefundOrder, RemoteProvider, TransferNews, TransferOrder, WebhookError,
};
use crate::{Capture, Payment, Payout, Provider};

/// Where Stripe answers.
pub const STRIPE_API: &str = "https://api.stripe.com/";

/// Rows of one page of a list, Stripe's most.
const PAGE: i64 = 100;

/// Pages of one list at most: 20,000 movements. A wider window is for the caller to cut.
const PAGES: usize = 200;

/// How an installation uses Stripe.
#[derive(Clone, Debug)]
pub struct StripeSettings {
    /// Where it answers; [`STRIPE_API`] but for tests.
    pub api: String,
    /// The secret key, `sk_…` or `rk_…`.
    pub secret_key: Secret<String>,
    /// The publishable key, `pk_…`, for the payer's browser.
    pub publishable_key: String,
    /// The secrets of the webhook endpoint; two while one replaces the other.
    pub webhook_secrets: Vec<Secret<String>>,
    /// What is offered to the payer: `card`, `alipay`, `wechat_pay`.
    pub methods: Vec<String>,
    /// How long one request may take.
    pub timeout: Duration,
}

impl StripeSettings {
    /// The methods that are offered unless the operator says otherwise.
    #[must_use]
    pub fn usual_methods() -> Vec<String> {
        ["card", "alipay", "wechat_pay"].map(str::to_owned).to_vec()
    }
}

/// Stripe as a way to pay.
pub struct Stripe {
    remote: Arc<Remote>,
}

struct Remote {
    transport: Transport,
    settings: StripeSettings,
}

impl Stripe {
    /// Makes the client. Does not call Stripe.
    ///
    /// # Errors
    /// When no HTTP client can be made of the settings.
    pub fn new(settings: StripeSettings) -> Result<Self, ProviderError> {
        let transport = Transport::new(&settings.api, &settings.secret_key, settings.timeout)?;
        Ok(Self { remote: Arc::new(Remote { transport, settings }) })
    }
}

impl PaymentProvider for Stripe {
    fn provider(&self) -> Provider {
        Provider::Stripe
    }

    fn course(&self) -> Course {
        Course::Remote(Arc::clone(&self.remote) as Arc<dyn RemoteProvider>)
    }

    fn browser_key(&self) -> Option<&str> {
        Some(&self.remote.settings.publishable_key)
    }
}

impl Remote {
    async fn once<R>(&self, request: &R, key: String) -> Result<R::Output, ProviderError>
    where
        R: StripeRequest + Sync,
        R::Output: miniserde::Deserialize,
    {
        let key = IdempotencyKey::new(key).map_err(|error| ProviderError::Garbled(error.to_string()))?;
        request.customize().request_strategy(RequestStrategy::Idempotent(key)).send(&self.transport).await
    }

    async fn ask<R>(&self, request: &R) -> Result<R::Output, ProviderError>
    where
        R: StripeRequest + Sync,
        R::Output: miniserde::Deserialize,
    {
        request.customize().send(&self.transport).await
    }

    /// What may be offered: what is only reserved at first must be a card, as Alipay and WeChat Pay know no manual
    /// capture (docs.stripe.com/payments/place-a-hold-on-a-payment-method).
    fn methods(&self, capture: Capture) -> Vec<PaymentIntentAllowedPaymentMethodTypes> {
        let known = |name: &str| {
            Some(match name {
                "card" => PaymentIntentAllowedPaymentMethodTypes::Card,
                "alipay" => PaymentIntentAllowedPaymentMethodTypes::Alipay,
                "wechat_pay" => PaymentIntentAllowedPaymentMethodTypes::WechatPay,
                _ => return None,
            })
        };
        self.settings
            .methods
            .iter()
            .filter(|name| capture == Capture::Automatic || name.as_str() == "card")
            .filter_map(|name| known(name))
            .collect()
    }
}

/// The currency of everything that passes here. Points are no money and never come here.
fn currency(amount: Money) -> Result<Currency, ProviderError> {
    match amount.currency {
        luhuan_kernel::Currency::Cny => Ok(Currency::CNY),
        other => Err(ProviderError::Refused {
            code: "currency".into(),
            message: format!("{} cannot be paid", other.code()),
        }),
    }
}

/// One entry and no more: a map has no order of its own, and the same command must be the same text each time, or its
/// idempotency key is refused.
fn metadata(name: &str, id: &impl ToString) -> HashMap<String, String> {
    HashMap::from([(name.to_owned(), id.to_string())])
}

/// From an instant (inclusive) to another (exclusive), in Stripe's whole seconds.
fn range(from: Timestamp, until: Option<Timestamp>) -> RangeQueryTs {
    let seconds = |at: Timestamp| at.micros().div_euclid(1_000_000);
    RangeQueryTs::Bounds(RangeBoundsTs {
        gte: Some(seconds(from)),
        lt: until.map(seconds),
        ..RangeBoundsTs::default()
    })
}

/// Reads a list to its end, page by page.
macro_rules! every {
    ($self:ident, $request:expr) => {{
        let mut rows = Vec::new();
        let mut request = $request.limit(PAGE);
        for _ in 0..PAGES {
            let page = $self.ask(&request).await?;
            let last = page.data.last().map(|row| row.id.to_string());
            rows.extend(page.data);
            match last {
                Some(last) if page.has_more => request = request.starting_after(last),
                _ => break,
            }
        }
        rows
    }};
}

#[async_trait]
impl RemoteProvider for Remote {
    async fn begin(&self, order: &PaymentOrder) -> Result<PaymentNews, ProviderError> {
        let capture = match order.capture {
            Capture::Automatic => PaymentIntentCaptureMethod::Automatic,
            Capture::Manual => PaymentIntentCaptureMethod::Manual,
        };
        let methods = self.methods(order.capture);
        let mut request = CreatePaymentIntent::new(order.amount.minor, currency(order.amount)?)
            .capture_method(capture)
            .description(&order.purpose)
            .metadata(metadata("payment", &order.id));
        if methods.contains(&PaymentIntentAllowedPaymentMethodTypes::WechatPay) {
            let mut options = CreatePaymentIntentPaymentMethodOptions::new();
            let mut wechat = CreatePaymentIntentPaymentMethodOptionsWechatPay::new();
            wechat.client = Some(CreatePaymentIntentPaymentMethodOptionsWechatPayClient::Web);
            options.wechat_pay = Some(wechat);
            request = request.payment_method_options(options);
        }
        let request = request.allowed_payment_method_types(methods);
        Ok(read::payment(&self.once(&request, format!("payment-{}", order.id)).await?))
    }

    async fn payment(&self, reference: &str) -> Result<PaymentNews, ProviderError> {
        Ok(read::payment(&self.ask(&RetrievePaymentIntent::new(reference)).await?))
    }

    async fn find_payment(
        &self,
        id: Id<Payment>,
        since: Timestamp,
    ) -> Result<Option<PaymentNews>, ProviderError> {
        // A minute earlier: their clock is not ours.
        let rows = every!(self, ListPaymentIntent::new().created(range(since.plus_seconds(-60), None)));
        Ok(rows.iter().map(read::payment).find(|news| news.ours == Some(id)))
    }

    async fn capture(&self, id: Id<Payment>, reference: &str) -> Result<PaymentNews, ProviderError> {
        let request = CapturePaymentIntent::new(reference);
        Ok(read::payment(&self.once(&request, format!("capture-{id}")).await?))
    }

    async fn cancel(&self, id: Id<Payment>, reference: &str) -> Result<PaymentNews, ProviderError> {
        let request = CancelPaymentIntent::new(reference);
        Ok(read::payment(&self.once(&request, format!("cancel-{id}")).await?))
    }

    async fn refund(&self, order: &RefundOrder) -> Result<RefundNews, ProviderError> {
        let request = CreateRefund::new()
            .payment_intent(&order.payment)
            .amount(order.amount.minor)
            .metadata(metadata("refund", &order.id));
        Ok(read::refund(&self.once(&request, format!("refund-{}-{}", order.id, order.attempt)).await?))
    }

    async fn refunds_of(&self, payment: &str) -> Result<Vec<RefundNews>, ProviderError> {
        let rows = every!(self, ListRefund::new().payment_intent(payment));
        Ok(rows.iter().map(read::refund).collect())
    }

    async fn open_account(&self, order: &AccountOrder) -> Result<AccountNews, ProviderError> {
        let mut capabilities = CreateAccountCapabilities::new();
        let mut transfers = CreateAccountCapabilitiesTransfers::new();
        transfers.requested = Some(true);
        capabilities.transfers = Some(transfers);
        let mut controller = CreateAccountController::new();
        let mut dashboard = CreateAccountControllerStripeDashboard::new();
        dashboard.type_ = Some(CreateAccountControllerStripeDashboardType::Express);
        controller.stripe_dashboard = Some(dashboard);
        let request = CreateAccount::new()
            .controller(controller)
            .capabilities(capabilities)
            .metadata(metadata("owner", &order.owner));
        Ok(read::account(&self.once(&request, format!("account-{}", order.id)).await?))
    }

    async fn account(&self, reference: &str) -> Result<AccountNews, ProviderError> {
        Ok(read::account(&self.ask(&RetrieveAccount::new(reference)).await?))
    }

    async fn onboarding(&self, reference: &str, return_url: &str) -> Result<String, ProviderError> {
        let request = CreateAccountLink::new(reference, CreateAccountLinkType::AccountOnboarding)
            .return_url(return_url)
            .refresh_url(return_url);
        Ok(self.ask(&request).await?.url)
    }

    async fn transfer(&self, order: &TransferOrder) -> Result<TransferNews, ProviderError> {
        let request = CreateTransfer::new(currency(order.amount)?, &order.account)
            .amount(order.amount.minor)
            .metadata(metadata("payout", &order.id));
        Ok(read::transfer(&self.once(&request, format!("transfer-{}", order.id)).await?))
    }

    async fn find_transfer(
        &self,
        id: Id<Payout>,
        account: &str,
        since: Timestamp,
    ) -> Result<Option<TransferNews>, ProviderError> {
        let list = ListTransfer::new().destination(account).created(range(since.plus_seconds(-60), None));
        let rows = every!(self, list);
        Ok(rows.iter().map(read::transfer).find(|news| news.ours == Some(id)))
    }

    fn read_webhook(
        &self,
        signature: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<ProviderEvent, WebhookError> {
        webhook::verify(&self.settings.webhook_secrets, signature, body, now)?;
        webhook::read(body)
    }

    fn reread_webhook(&self, body: &[u8]) -> Result<ProviderEvent, WebhookError> {
        webhook::read(body)
    }

    async fn movements(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Movement>, ProviderError> {
        let window = || range(from, Some(until));
        let payments = every!(self, ListPaymentIntent::new().created(window()));
        let refunds = every!(self, ListRefund::new().created(window()));
        let transfers = every!(self, ListTransfer::new().created(window()));
        let mut movements: Vec<Movement> = payments.iter().filter_map(read::payment_movement).collect();
        movements.extend(refunds.iter().filter_map(read::refund_movement));
        movements.extend(transfers.iter().filter_map(read::transfer_movement));
        Ok(movements)
    }
}
