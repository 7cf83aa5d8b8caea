//! The books: whether they are right, whether the provider's agree, what leaves by the bank, what did not go back.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use luhuan_kernel::{Id, Limit, Message, Problem, Timestamp, http::PathId};
use luhuan_ledger::{
    BankOutcome, Difference, Error, Payout, PayoutFile, PayoutState, Provider, Refund, Report, Resolution,
    entity::{payout, reconciliation, refund},
    payout_csv,
};

use super::{
    super::{
        Site,
        account::Refusal,
        cards::{moment, offset, seconds},
        form::{Fields, Form, PageResult},
        mine::{after, param},
        visit::Visit,
        wallet::file,
        webhooks::from_local,
    },
    around, enter,
};
use crate::{
    format::{self, Price},
    text::Text,
    view::{
        Address, Audit, DifferenceRow, FindingRow, Pager, PayoutTab, Reconciliation, StaffLedgerPage,
        StaffPayout, StaffPayoutsPage, StaffRefund, StaffRefundsPage,
    },
};

/// Comparisons that the page shows.
const SHOWN: usize = 10;
/// States of payouts, as the desk looks at them.
const STATES: [PayoutState; 4] =
    [PayoutState::Requested, PayoutState::Sent, PayoutState::Paid, PayoutState::Failed];
/// The longest that a bank's reference or reason may be.
const SAID_MOST: usize = 200;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/staff/ledger", get(books))
        .route("/staff/ledger/audit", post(audit))
        .route("/staff/ledger/reconcile", post(reconcile))
        .route("/staff/payouts", get(payouts))
        .route("/staff/payouts/file", post(payout_file))
        .route("/staff/payouts/files/{batch}", get(payout_file_again))
        .route("/staff/payouts/{id}/settle", post(settle))
        .route("/staff/refunds", get(refunds))
        .route("/staff/refunds/{id}/resolve", post(resolve))
}

/// `GET /staff/ledger`.
async fn books(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, "ledger")?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&books_page(&site, &visit).await?))
}

async fn books_page(site: &Site, visit: &Visit) -> Result<StaffLedgerPage, Problem> {
    let (frame, tabs) = around(site, visit, "ledger", "/staff/ledger");
    let rows = site.ledger.reconciliations(&visit.actor, Provider::Stripe).await?;
    let now = site.ledger.store().clock().now();
    let day = |at: Timestamp| format::minute(seconds(at), offset()).chars().take(10).collect::<String>();
    let mut reconciliations = Vec::new();
    for row in rows.iter().take(SHOWN) {
        reconciliations.push(reconciliation(visit.text(), row, now)?);
    }
    Ok(StaffLedgerPage {
        frame,
        tabs,
        provider: site.ledger.providers().names().any(|name| name == Provider::Stripe),
        reconciliations,
        from: day(now.plus_days(-1)),
        until: day(now),
        ..StaffLedgerPage::default()
    })
}

fn reconciliation(
    text: Text,
    row: &reconciliation::Model,
    now: Timestamp,
) -> Result<Reconciliation, Problem> {
    let differences: Vec<Difference> = serde_json::from_str(&row.differences).map_err(|error| {
        tracing::error!(%error, "the differences of a comparison cannot be read");
        Problem::internal()
    })?;
    let minute = |at: Timestamp| format::minute(seconds(at), offset());
    Ok(Reconciliation {
        at: moment(text, row.at, now),
        window: format!("{} – {}", minute(row.from_at), minute(row.until_at)),
        compared: row.compared,
        differences: differences.into_iter().map(difference).collect(),
    })
}

fn difference(found: Difference) -> DifferenceRow {
    // Their codes are the names under which they are kept.
    let code = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    DifferenceRow {
        kind: code(serde_json::to_value(found.kind)),
        how: code(serde_json::to_value(found.how)),
        ours: found.ours.unwrap_or_default(),
        reference: found.reference.unwrap_or_default(),
        ours_amount: Price(found.ours_fen),
        theirs_amount: Price(found.theirs_fen),
    }
}

/// `POST /staff/ledger/audit`: reckons everything anew; the answer is the page itself, since nothing is kept.
async fn audit(State(site): State<Site>, visit: Visit, Form(_): Form) -> PageResult {
    enter(&visit, "ledger")?;
    let report = site.ledger.audit(&visit.actor).await?;
    let mut page = books_page(&site, &visit).await?;
    page.audit = Some(shown(report));
    Ok(visit.render(&page))
}

fn shown(report: Report) -> Audit {
    let finding = |found: luhuan_ledger::Finding| FindingRow {
        rule: found.rule.to_owned(),
        at: found.at,
        expected: found.expected,
        found: found.found,
    };
    Audit {
        accounts: report.accounts,
        transactions: report.transactions,
        postings: report.postings,
        findings: report.findings.into_iter().map(finding).collect(),
    }
}

/// `POST /staff/ledger/reconcile`: fields `from`, `until`, days.
async fn reconcile(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    enter(&visit, "ledger")?;
    match compare(&site, &visit, &fields).await {
        Ok(true) => Ok(visit.go("/staff/ledger", Some("staff-compared"))),
        Ok(false) => Ok(visit.go("/staff/ledger", Some("staff-differs"))),
        Err(error) => {
            let problem = Problem::from(error);
            let mut page = books_page(&site, &visit).await?;
            fields.get("from").clone_into(&mut page.from);
            fields.get("until").clone_into(&mut page.until);
            if problem.slug() == "payment-provider-unreachable" {
                page.errors.add("", problem.detail(&site.texts, visit.actor.locale));
                return Ok(visit.render_with(problem.status(), &page));
            }
            let refusal = Refusal::of(&site, &visit, problem, &[])?;
            page.errors.clone_from(&refusal.errors);
            Ok(refusal.answer(&visit, &page))
        }
    }
}

/// Whether both agree.
async fn compare(site: &Site, visit: &Visit, fields: &Fields) -> Result<bool, Error> {
    let wrong = |field| Error::field(field, Message::new("notifications-range"));
    let from = from_local(fields.get("from")).ok_or_else(|| wrong("from"))?;
    let until = from_local(fields.get("until")).ok_or_else(|| wrong("until"))?;
    if from >= until {
        return Err(wrong("until"));
    }
    let row = site.ledger.reconcile(&visit.actor, Provider::Stripe, from, until).await?;
    Ok(row.differences == "[]")
}

/// `GET /staff/payouts?state=&after=`.
async fn payouts(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, "payouts")?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let asked = param(&visit, "state").unwrap_or_default();
    let state = STATES.into_iter().find(|state| state.code() == asked).unwrap_or(PayoutState::Requested);
    Ok(visit.render(&payouts_page(&site, &visit, state).await?))
}

async fn payouts_page(site: &Site, visit: &Visit, state: PayoutState) -> Result<StaffPayoutsPage, Problem> {
    let after = after(visit);
    let found = site.ledger.payouts_by_bank(&visit.actor, state, after.as_ref(), Limit::of(None)).await?;
    let here = Address::new("/staff/payouts", [("state", state.code())]);
    let (frame, tabs) = around(site, visit, "payouts", &here.to_string());
    let now = site.ledger.store().clock().now();
    Ok(StaffPayoutsPage {
        frame,
        tabs,
        states: STATES.map(|one| PayoutTab { state: one.code(), chosen: one == state }).to_vec(),
        state: state.code(),
        payouts: found.items.into_iter().map(|row| payout(visit.text(), row, now)).collect(),
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: found.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
        ..StaffPayoutsPage::default()
    })
}

fn payout(text: Text, row: payout::Model, now: Timestamp) -> StaffPayout {
    StaffPayout {
        id: row.id.to_string(),
        owner: row.owner,
        amount: Price(row.amount),
        destination: row.shown,
        batch: row.batch.unwrap_or_default(),
        at: moment(text, row.created_at, now),
        reference: row.provider_ref.unwrap_or_default(),
        failure: row.failure.unwrap_or_default(),
        typed: String::new(),
    }
}

/// `POST /staff/payouts/file`: from here on they are sent. The answer is the bank's file.
async fn payout_file(State(site): State<Site>, visit: Visit, Form(_): Form) -> PageResult {
    enter(&visit, "payouts")?;
    let uow = site.ledger.store().begin().await?;
    let made = site.ledger.payout_file(&uow, &visit.actor).await?;
    if made.lines.is_empty() {
        return Ok(visit.go("/staff/payouts", Some("staff-no-payouts")));
    }
    let answer = sent(&made)?;
    uow.commit().await?;
    Ok(answer)
}

/// `GET /staff/payouts/files/{batch}`.
async fn payout_file_again(State(site): State<Site>, visit: Visit, Path(batch): Path<String>) -> PageResult {
    enter(&visit, "payouts")?;
    Ok(sent(&site.ledger.payout_file_again(&visit.actor, &batch).await?)?)
}

fn sent(made: &PayoutFile) -> Result<Response, Error> {
    Ok(file(payout_csv(made)?, "text/csv; charset=utf-8", &format!("payouts-{}", made.batch), "csv"))
}

/// `POST /staff/payouts/{id}/settle`.
async fn settle(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Payout>,
    Form(fields): Form,
) -> PageResult {
    enter(&visit, "payouts")?;
    let field = format!("said-{id}");
    let Err(error) = settle_now(&site, &visit, id, &field, &fields).await else {
        return Ok(visit.go("/staff/payouts?state=sent", Some("staff-settled")));
    };
    let names = [("said", field.as_str()), ("payout-state", field.as_str())];
    let refusal = Refusal::of(&site, &visit, error, &names)?;
    let mut page = payouts_page(&site, &visit, PayoutState::Sent).await?;
    for payout in &mut page.payouts {
        if payout.id == id.to_string() {
            fields.get(&field).clone_into(&mut payout.typed);
        }
    }
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

async fn settle_now(
    site: &Site,
    visit: &Visit,
    id: Id<Payout>,
    field: &str,
    fields: &Fields,
) -> Result<(), Error> {
    let said = fields.get(field);
    if said.is_empty() || said.chars().count() > SAID_MOST || said.contains(char::is_control) {
        return Err(Error::field("said", Message::new("field-bank-words").with("max", SAID_MOST)));
    }
    let outcome = if fields.get("outcome") == "paid" {
        BankOutcome::Paid { reference: said.to_owned() }
    } else {
        BankOutcome::Failed { reason: said.to_owned() }
    };
    let uow = site.ledger.store().begin().await?;
    site.ledger.settle_payout(&uow, &visit.actor, id, outcome).await?;
    uow.commit().await?;
    Ok(())
}

/// `GET /staff/refunds?after=`.
async fn refunds(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, "refunds")?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let after = after(&visit);
    let found = site.ledger.refunds_unresolved(&visit.actor, after.as_ref(), Limit::of(None)).await?;
    let here = Address::new("/staff/refunds", Vec::<(String, String)>::new());
    let (frame, tabs) = around(&site, &visit, "refunds", "/staff/refunds");
    let now = site.ledger.store().clock().now();
    Ok(visit.render(&StaffRefundsPage {
        frame,
        tabs,
        refunds: found.items.into_iter().map(|row| refund(visit.text(), row, now)).collect(),
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: found.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
    }))
}

fn refund(text: Text, row: refund::Model, now: Timestamp) -> StaffRefund {
    let of_order = row.purpose_kind == "order";
    StaffRefund {
        id: row.id.to_string(),
        amount: Price(row.amount),
        state: row.state,
        reason: row.reason,
        failure: row.failure.unwrap_or_default(),
        attempt: row.attempt,
        order: if of_order { row.purpose_id.to_string() } else { String::new() },
        at: moment(text, row.created_at, now),
    }
}

/// `POST /staff/refunds/{id}/resolve`.
async fn resolve(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Refund>,
    Form(fields): Form,
) -> PageResult {
    enter(&visit, "refunds")?;
    let resolution = match fields.get("resolution") {
        "retry" => Resolution::Retry,
        "to-wallet" => Resolution::ToWallet,
        _ => return Err(Problem::malformed("neither to try again nor to pay to the wallet")),
    };
    let uow = site.ledger.store().begin().await?;
    site.ledger.resolve_refund(&uow, &visit.actor, id, resolution).await?;
    uow.commit().await?;
    Ok(visit.go("/staff/refunds", Some("staff-resolved")))
}
