//! Stripe's objects in our words.

use std::{collections::HashMap, str::FromStr};

use luhuan_kernel::Money;
use stripe_shared::{
    Account, AccountCapabilitiesStatus, ApiErrors, PaymentIntent, PaymentIntentStatus, Refund, Transfer,
};

use super::super::{
    AccountNews, Movement, MovementKind, PaymentNews, PaymentStanding, RefundNews, RefundStanding,
    TransferNews,
};

/// Where a PaymentIntent stands, by its `status`. One that waits for another method after a decline waits for the
/// payer; a status that is new to us is undecided.
pub(super) fn standing(status: &str) -> PaymentStanding {
    match status {
        "requires_payment_method" | "requires_confirmation" | "requires_action" => {
            PaymentStanding::NeedsAction
        }
        "requires_capture" => PaymentStanding::Authorised,
        "succeeded" => PaymentStanding::Paid,
        "canceled" => PaymentStanding::Cancelled,
        _ => PaymentStanding::Deciding,
    }
}

/// Where a refund stands, by its `status`.
pub(super) fn refund_standing(status: Option<&str>) -> RefundStanding {
    match status {
        Some("succeeded") => RefundStanding::Done,
        Some("failed" | "canceled") => RefundStanding::Failed,
        _ => RefundStanding::Pending,
    }
}

pub(super) fn payment(intent: &PaymentIntent) -> PaymentNews {
    let standing = standing(intent.status.as_str());
    PaymentNews {
        reference: intent.id.to_string(),
        ours: ours(Some(&intent.metadata), "payment"),
        standing,
        taken: (standing == PaymentStanding::Paid).then(|| Money::cny(intent.amount_received)),
        client_secret: intent.client_secret.clone(),
        failure: intent.last_payment_error.as_deref().map(failure),
    }
}

pub(super) fn payment_movement(intent: &PaymentIntent) -> Option<Movement> {
    (intent.status == PaymentIntentStatus::Succeeded).then(|| Movement {
        kind: MovementKind::Payment,
        reference: intent.id.to_string(),
        ours: intent.metadata.get("payment").cloned(),
        amount: Money::cny(intent.amount_received),
    })
}

pub(super) fn refund(refund: &Refund) -> RefundNews {
    RefundNews {
        reference: refund.id.to_string(),
        ours: ours(refund.metadata.as_ref(), "refund"),
        standing: refund_standing(refund.status.as_deref()),
        failure: refund.failure_reason.clone(),
    }
}

pub(super) fn refund_movement(refund: &Refund) -> Option<Movement> {
    (refund_standing(refund.status.as_deref()) == RefundStanding::Done).then(|| Movement {
        kind: MovementKind::Refund,
        reference: refund.id.to_string(),
        ours: refund.metadata.as_ref().and_then(|metadata| metadata.get("refund").cloned()),
        amount: Money::cny(refund.amount),
    })
}

pub(super) fn account(account: &Account) -> AccountNews {
    let transfers = account.capabilities.as_ref().and_then(|capabilities| capabilities.transfers.as_ref());
    AccountNews {
        reference: account.id.to_string(),
        may_receive: transfers == Some(&AccountCapabilitiesStatus::Active),
    }
}

pub(super) fn transfer(transfer: &Transfer) -> TransferNews {
    TransferNews {
        reference: transfer.id.to_string(),
        ours: ours(Some(&transfer.metadata), "payout"),
        reversed: transfer.reversed,
    }
}

pub(super) fn transfer_movement(transfer: &Transfer) -> Option<Movement> {
    (!transfer.reversed).then(|| Movement {
        kind: MovementKind::Transfer,
        reference: transfer.id.to_string(),
        ours: transfer.metadata.get("payout").cloned(),
        amount: Money::cny(transfer.amount),
    })
}

/// Our id in the metadata.
fn ours<T: FromStr>(metadata: Option<&HashMap<String, String>>, name: &str) -> Option<T> {
    metadata?.get(name)?.parse().ok()
}

/// The bank's code where there is one, else Stripe's.
fn failure(error: &ApiErrors) -> String {
    let code = || error.code.as_ref().map(|code| code.as_str().to_owned());
    error.decline_code.clone().or_else(code).unwrap_or_else(|| error.type_.as_str().to_owned())
}
