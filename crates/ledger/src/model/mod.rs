//! The words and rules of money: pure.

mod account;
mod codes;
mod payment;
mod payout;
mod refund;
mod rules;
mod split;
mod transaction;

pub use account::{AccountKey, AccountKind, AccountOwner};
pub use payment::{Capture, IllegalPaymentMove, PaymentMove, PaymentState, Provider, Purpose, Wanted};
pub use payout::{IllegalPayoutMove, PayoutMethod, PayoutMove, PayoutState};
pub use refund::{IllegalRefundMove, RefundMove, RefundState};
pub use rules::{MoneyRules, PayoutRules, PointsRules, TopUpRules};
pub use split::{SplitError, split};
pub use transaction::{Leg, Transaction, TransactionError, TransactionKind};

pub(crate) use codes::codes;
