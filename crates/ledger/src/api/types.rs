//! What goes in and out. Apart from the tables, so that either may change alone.

use luhuan_kernel::{Actor, Id, Money, Organisation, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Account, AccountKind, AccountOwner, BankOutcome, Difference, Error, Ledger, Payment, PaymentState,
    Payout, PayoutState, Provider, Reconciliation, Refund, RefundState, Resolution,
    entity::{account, payment, payout, provider_account, reconciliation, refund},
    model::{MoneyRules, PayoutMethod},
};

/// An account.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AccountDocument {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Account>,
    /// Whose: `person:…` or `organisation:…`.
    #[schema(value_type = String)]
    pub owner: AccountOwner,
    /// What for.
    pub kind: AccountKind,
    /// What is in it, in fen or points.
    pub balance: Money,
    /// Lines of its statement.
    pub entries: i64,
    /// Since when.
    pub created_at: Timestamp,
}

impl AccountDocument {
    pub(super) fn of(row: &account::Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            owner: row.owner()?,
            kind: row.kind()?,
            balance: row.money()?,
            entries: row.entries,
            created_at: row.created_at,
        })
    }
}

/// Points that end together.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PointsDocument {
    /// How many are left.
    pub points: i64,
    /// When they end.
    pub expires_at: Timestamp,
}

/// A payment, as its payer or payee sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PaymentDocument {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Payment>,
    /// `order` or `top-up`.
    pub purpose: String,
    /// The id of what is paid for.
    #[schema(value_type = String, format = "uuid")]
    pub purpose_id: Uuid,
    /// By which provider.
    pub provider: Provider,
    /// Where it stands. `unknown` means just that: wait, do not pay again.
    pub state: PaymentState,
    /// How much, in fen.
    pub amount_fen: i64,
    /// How much of it is refunded or asked to be, in fen.
    pub refunded_fen: i64,
    /// The provider's code of why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub failure: Option<String>,
    /// For the payer's browser: completes the payment at the provider. For the payer alone, while they must act.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub client_secret: Option<String>,
    /// For the payer's browser: the key with which it speaks to the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub browser_key: Option<String>,
    /// Face to face: your code, to be told to the other when the money has changed hands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub your_code: Option<String>,
    /// Face to face: whether the payer has confirmed.
    pub payer_confirmed: bool,
    /// Face to face: whether the payee has confirmed.
    pub payee_confirmed: bool,
    /// Where the payer's browser comes back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub return_url: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub settled_at: Option<Timestamp>,
}

impl PaymentDocument {
    /// The payment as this actor sees it, who may see it.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn of(ledger: &Ledger, actor: &Actor, row: &payment::Model) -> Result<Self, Error> {
        let (state, provider) = (row.state()?, row.provider()?);
        let acts = actor.is(row.payer_id) && state == PaymentState::ActionRequired;
        let browser_key = ledger.providers().browser_key(provider).map(str::to_owned);
        Ok(Self {
            id: row.id,
            purpose: row.purpose_kind.clone(),
            purpose_id: row.purpose_id,
            provider,
            state,
            amount_fen: row.amount,
            refunded_fen: row.refunded,
            failure: row.failure.clone(),
            client_secret: row.client_secret.clone().filter(|_| acts),
            browser_key: browser_key.filter(|_| acts),
            your_code: ledger.face_to_face_code(actor, row)?,
            payer_confirmed: row.payer_confirmed_at.is_some(),
            payee_confirmed: row.payee_confirmed_at.is_some(),
            return_url: row.return_url.clone().filter(|_| acts),
            created_at: row.created_at,
            settled_at: row.settled_at,
        })
    }
}

/// Confirming a face-to-face payment.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "042817" }))]
pub struct ConfirmInput {
    /// The six figures that the other told you.
    #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    pub code: String,
}

/// Money to put into one's wallet.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "amount_fen": 10000 }))]
pub struct TopUpInput {
    /// How much, in fen.
    #[schema(minimum = 100, maximum = 500_000)]
    pub amount_fen: i64,
    /// Where the browser comes back to.
    #[serde(default)]
    #[schema(max_length = 2048)]
    pub return_url: Option<String>,
}

impl TopUpInput {
    pub(super) fn amount(&self) -> Result<Money, Error> {
        let rules = MoneyRules::get().top_up;
        if (rules.least_fen..=rules.most_fen).contains(&self.amount_fen) {
            return Ok(Money::cny(self.amount_fen));
        }
        let message = luhuan_kernel::Message::new("field-top-up-amount")
            .with("least", yuan(rules.least_fen))
            .with("most", yuan(rules.most_fen));
        Err(Error::field("amount_fen", message))
    }
}

/// An amount as a sentence holds it.
pub(crate) fn yuan(fen: i64) -> String {
    crate::service::number(Money::cny(fen))
}

/// Money to take out.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "amount_fen": 5000, "method": "bank", "destination": "林小满 工商银行 6222 0200 0000 0000 000" }))]
pub struct PayoutInput {
    /// How much, in fen.
    #[schema(minimum = 100, maximum = 5_000_000)]
    pub amount_fen: i64,
    /// How it leaves.
    pub method: PayoutMethod,
    /// For the bank: name, bank and number. For a transfer: nothing.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub destination: Option<String>,
    /// An organisation's money that you run, else your own.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub organisation: Option<Id<Organisation>>,
}

/// Money on its way out.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PayoutDocument {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Payout>,
    /// How it leaves.
    pub method: PayoutMethod,
    /// Where it stands.
    pub state: PayoutState,
    /// How much, in fen.
    pub amount_fen: i64,
    /// Where to, masked but for the last four characters.
    pub destination: String,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub failure: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub settled_at: Option<Timestamp>,
}

impl PayoutDocument {
    pub(super) fn of(row: &payout::Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            method: row.method()?,
            state: row.state()?,
            amount_fen: row.amount,
            destination: row.shown.clone(),
            failure: row.failure.clone(),
            created_at: row.created_at,
            settled_at: row.settled_at,
        })
    }
}

/// How the bank's part came out.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "outcome", rename_all = "kebab-case", deny_unknown_fields)]
#[schema(example = json!({ "outcome": "paid", "reference": "ICBC-20260102-0001" }))]
pub enum SettleInput {
    /// It has left.
    Paid {
        /// The bank's own reference.
        #[schema(max_length = 100)]
        reference: String,
    },
    /// It came back.
    Failed {
        /// Why, as told to the owner.
        #[schema(max_length = 200)]
        reason: String,
    },
}

impl SettleInput {
    pub(super) fn into_outcome(self) -> Result<BankOutcome, Error> {
        let (text, field, most) = match &self {
            Self::Paid { reference } => (reference, "reference", 100),
            Self::Failed { reason } => (reason, "reason", 200),
        };
        let text = text.trim();
        if text.is_empty() || text.chars().count() > most || text.contains(char::is_control) {
            return Err(Error::field(
                field,
                luhuan_kernel::Message::new("field-bank-words").with("max", most),
            ));
        }
        Ok(match &self {
            Self::Paid { .. } => BankOutcome::Paid { reference: text.to_owned() },
            Self::Failed { .. } => BankOutcome::Failed { reason: text.to_owned() },
        })
    }
}

/// What becomes of a refund that failed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "resolution": "to-wallet" }))]
pub struct ResolutionInput {
    /// Tried again, or paid to the wallet.
    pub resolution: Resolution,
}

/// Money on its way back.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RefundDocument {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Refund>,
    /// Of which payment.
    #[schema(value_type = String, format = "uuid")]
    pub payment: Id<Payment>,
    /// Where it stands.
    pub state: RefundState,
    /// How much, in fen.
    pub amount_fen: i64,
    /// Why.
    pub reason: String,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub failure: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub settled_at: Option<Timestamp>,
}

impl RefundDocument {
    /// The refund as whoever may see it sees it.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn of(row: &refund::Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            payment: row.payment_id,
            state: row.state()?,
            amount_fen: row.amount,
            reason: row.reason.clone(),
            failure: row.failure.clone(),
            created_at: row.created_at,
            settled_at: row.settled_at,
        })
    }
}

/// A connected account.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ConnectedDocument {
    /// Whether there is one.
    pub connected: bool,
    /// Whether the provider has checked its owner, so that transfers may go there.
    pub may_receive: bool,
}

impl ConnectedDocument {
    pub(super) fn of(row: Option<&provider_account::Model>) -> Self {
        Self {
            connected: row.is_some_and(|row| row.provider_ref.is_some()),
            may_receive: row.is_some_and(|row| row.may_receive == 1),
        }
    }
}

/// Connecting an account.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "return_url": "https://luhuan.example/wallet" }))]
pub struct OnboardingInput {
    /// Where the browser comes back to.
    #[schema(max_length = 2048)]
    pub return_url: String,
    /// An organisation that you run, else yourself.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub organisation: Option<Id<Organisation>>,
}

/// Where the owner shows the provider who they are.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OnboardingDocument {
    /// An address at the provider, good for a few minutes.
    pub url: String,
}

/// A comparison of our books with a provider's.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ReconciliationDocument {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Reconciliation>,
    /// What happened from here on,
    pub from: Timestamp,
    /// and before here.
    pub until: Timestamp,
    /// When it was made.
    pub at: Timestamp,
    /// How many movements were compared.
    pub compared: i64,
    /// Each difference.
    pub differences: Vec<Difference>,
}

impl ReconciliationDocument {
    pub(super) fn of(row: &reconciliation::Model) -> Result<Self, Error> {
        let differences = serde_json::from_str(&row.differences)
            .map_err(|error| luhuan_store::Error::Corrupt(error.to_string()))?;
        Ok(Self {
            id: row.id,
            from: row.from_at,
            until: row.until_at,
            at: row.at,
            compared: row.compared,
            differences,
        })
    }
}
