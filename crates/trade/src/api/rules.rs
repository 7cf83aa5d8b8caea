//! The rules of trade, and invoices.

use axum::{extract::State as AxumState, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Message, Problem,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{command, json};
use crate::{
    Invoice, InvoiceView, NewInvoice, Order, Trade,
    model::{
        By, Clock, Clocks, Effect, Event, Fee, FeeRules, SellerClass, State,
        process::{TABLE, To, When},
    },
};

/// The fee rules, every version.
#[utoipa::path(get, path = "/api/v1/fees", tag = "rules", responses((status = 200, body = Vec<FeeRules>), Refusals))]
pub async fn fees() -> Json<&'static [FeeRules]> {
    Json(FeeRules::versions())
}

/// Goods at a price.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreviewParams {
    /// The price of the goods, in fen.
    #[param(minimum = 1, maximum = 1_000_000_000)]
    price_fen: i64,
    /// Whether a shop sells, or a private person.
    #[param(inline)]
    seller: Option<SellerClass>,
}

/// The fee that a sale would cost its seller today.
#[utoipa::path(get, path = "/api/v1/fees/preview", tag = "rules", params(PreviewParams),
    responses((status = 200, body = Fee), Refusals))]
pub async fn preview(
    AxumState(trade): AxumState<Trade>,
    Query(params): Query<PreviewParams>,
) -> Result<Json<Fee>, Problem> {
    if !(1..=1_000_000_000).contains(&params.price_fen) {
        let message = Message::new("listing-price-range").with("max", 10_000_000);
        return Err(Problem::invalid_field("price_fen", message));
    }
    let rules = FeeRules::at(trade.store().clock().now());
    let fee = rules.fee(params.seller.unwrap_or(SellerClass::Private), params.price_fen);
    Ok(Json(fee.map_err(crate::Error::from)?))
}

/// A step of the process.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StepDocument {
    /// From any of these.
    from: &'static [State],
    /// What happens.
    event: Event,
    /// By whom.
    by: &'static [By],
    /// To where; nothing when it stays, or goes back to where a refund or dispute began.
    to: Option<State>,
    /// Whether it goes back to where a refund or dispute began.
    back: bool,
    /// What else it does.
    effects: &'static [Effect],
    /// The clock by which it happens by itself, or before which it may not.
    clock: Option<ClockDocument>,
}

/// A clock of a step.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClockDocument {
    /// Which.
    clock: Clock,
    /// How long it runs for orders made today, in seconds.
    seconds: i64,
    /// Whether the step may not happen before it ran out; otherwise it happens by itself then.
    not_before: bool,
}

/// The life of an order: every step, by whom and by which clock, for orders made today.
#[utoipa::path(get, path = "/api/v1/trade-process", tag = "rules",
    responses((status = 200, body = Vec<StepDocument>), Refusals))]
pub async fn process(AxumState(trade): AxumState<Trade>) -> Json<Vec<StepDocument>> {
    let clocks = Clocks::at(trade.store().clock().now());
    let clock = |when| match when {
        When::AtLatest(clock) => {
            Some(ClockDocument { clock, seconds: clocks.seconds(clock), not_before: false })
        }
        When::NotBefore(clock) => {
            Some(ClockDocument { clock, seconds: clocks.seconds(clock), not_before: true })
        }
        When::Anytime | When::NothingHeld => None,
    };
    let steps = TABLE.iter().map(|step| StepDocument {
        from: step.from,
        event: step.event,
        by: step.by,
        to: if let To::State(to) = step.to { Some(to) } else { None },
        back: step.to == To::Back,
        effects: step.effects,
        clock: clock(step.when),
    });
    Json(steps.collect())
}

/// An invoice to ask for.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "北京绿色再生科技有限公司", "usc": "91110000101623741K", "deliver_to": "fapiao@example.com" }))]
pub struct InvoiceInput {
    /// The title (抬头).
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// The credit code of an organisation; none for a person.
    #[serde(default)]
    #[schema(max_length = 18)]
    usc: Option<String>,
    /// An e-mail address to deliver it to.
    #[serde(default)]
    #[schema(max_length = 120)]
    deliver_to: String,
}

/// Ask for an invoice: the seller for the fee, the buyer for a shop's goods.
#[utoipa::path(post, path = "/api/v1/orders/{id}/invoices", tag = "orders", request_body = InvoiceInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = InvoiceView), Refusals), security(("bearer" = [])))]
pub async fn invoice(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
    Json(input): Json<InvoiceInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"invoice", id.as_bytes(), &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::CREATED, async |uow| {
        let new = NewInvoice { title: input.title, usc: input.usc, deliver_to: input.deliver_to };
        trade.request_invoice(uow, &actor, id, &new).await
    })
    .await
}

/// The number of an invoice.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "number": "26117000001234567890" }))]
pub struct NumberInput {
    /// 20 digits.
    #[schema(max_length = 32)]
    number: String,
}

/// Enter the number that the tax office gave an exported invoice: the support.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/number", tag = "rules", request_body = NumberInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = InvoiceView), Refusals), security(("bearer" = [])))]
pub async fn record_invoice(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Invoice>,
    key: IdempotencyKey,
    Json(input): Json<NumberInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"invoice-number", id.as_bytes(), &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::OK, async |uow| {
        trade.record_invoice(uow, &actor, id, &input.number).await
    })
    .await
}
