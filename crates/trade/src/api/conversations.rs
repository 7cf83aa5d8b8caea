//! `/api/v1/conversations`: talking, by reload and live.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State as AxumState,
    response::{
        IntoResponse, Response,
        sse::{Event as Sse, KeepAlive},
    },
};
use futures_util::StreamExt;
use http::StatusCode;
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Page, Problem,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
};
use luhuan_listing::Listing;
use serde::{Deserialize, Serialize};

use super::{command, json};
use crate::{
    Conversation, ConversationCard, Message, MessageView, OfferView, OrderCard, Report, SendMessage, Trade,
    Unread,
};

/// Where a list goes on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// Your conversations, the last spoken in first.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", params(ListParams),
    responses((status = 200, body = Page<ConversationCard>), Refusals), security(("bearer" = [])))]
pub async fn list(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    Query(params): Query<ListParams>,
) -> Result<Json<Page<ConversationCard>>, Problem> {
    Ok(Json(trade.conversations(&actor, params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// The first message about a listing.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "listing": "01970000-0000-7000-8000-000000000001", "text": "您好，还在吗？" }))]
pub struct BeginInput {
    /// About what.
    #[schema(value_type = String, format = "uuid")]
    listing: Id<Listing>,
    /// The words.
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// A conversation and the message just sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Begun {
    /// The conversation.
    #[schema(value_type = String, format = "uuid")]
    conversation: Id<Conversation>,
    /// The message.
    message: MessageView,
}

/// Write to the seller of a listing. The conversation about it is begun, or goes on.
#[utoipa::path(post, path = "/api/v1/conversations", tag = "conversations", request_body = BeginInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = Begun), Refusals), security(("bearer" = [])))]
pub async fn begin(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<BeginInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"POST /api/v1/conversations", &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::CREATED, async |uow| {
        let conversation = trade.begin_conversation(uow, &actor, input.listing).await?.id;
        let new = SendMessage { text: input.text, ..SendMessage::default() };
        Ok(Begun { conversation, message: trade.send_message(uow, &actor, conversation, new).await? })
    })
    .await
}

/// How much you have not read.
#[utoipa::path(get, path = "/api/v1/conversations/unread", tag = "conversations",
    responses((status = 200, body = Unread), Refusals), security(("bearer" = [])))]
pub async fn unread(AxumState(trade): AxumState<Trade>, actor: Actor) -> Result<Json<Unread>, Problem> {
    Ok(Json(trade.unread(&actor).await?))
}

/// A conversation whole.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ThreadDocument {
    /// As lists show it.
    #[serde(flatten)]
    card: ConversationCard,
    /// A page of messages, the newest first.
    messages: Page<MessageView>,
    /// The offer between the two about this listing.
    offer: Option<OfferView>,
    /// The order between the two about this listing.
    order: Option<OrderCard>,
    /// Whether you have blocked the other.
    blocking: bool,
    /// Whether one of the two has blocked the other, so that nothing can be written.
    blocked: bool,
}

/// Read a conversation: the newest messages first.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "conversations",
    params(("id" = String, Path, format = "uuid"), ListParams),
    responses((status = 200, body = ThreadDocument), Refusals), security(("bearer" = [])))]
pub async fn read(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Conversation>,
    Query(params): Query<ListParams>,
) -> Result<Json<ThreadDocument>, Problem> {
    let thread = trade.thread(&actor, id, params.after.as_ref(), Limit::of(params.limit)).await?;
    Ok(Json(ThreadDocument {
        card: thread.card,
        messages: thread.messages,
        offer: thread.offer,
        order: thread.order,
        blocking: thread.blocking,
        blocked: thread.blocked,
    }))
}

/// A message.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "可以小刀吗？" }))]
pub struct MessageInput {
    /// The words.
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// Write a message. Contact details and payment codes in it are warned of.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", tag = "conversations", request_body = MessageInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = MessageView), Refusals), security(("bearer" = [])))]
pub async fn send(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Conversation>,
    key: IdempotencyKey,
    Json(input): Json<MessageInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"message", id.as_bytes(), &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::CREATED, async |uow| {
        let new = SendMessage { text: input.text, ..SendMessage::default() };
        trade.send_message(uow, &actor, id, new).await
    })
    .await
}

/// Say that you have read it all.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/read", tag = "conversations",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "Read"), Refusals), security(("bearer" = [])))]
pub async fn mark_read(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Conversation>,
) -> Result<StatusCode, Problem> {
    let uow = trade.store().begin().await?;
    trade.mark_read(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop hearing from the other.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/block", tag = "conversations",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "Blocked"), Refusals), security(("bearer" = [])))]
pub async fn block(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Conversation>,
) -> Result<StatusCode, Problem> {
    let uow = trade.store().begin().await?;
    trade.block(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hear from the other again.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/block", tag = "conversations",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "Not blocked"), Refusals), security(("bearer" = [])))]
pub async fn unblock(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Conversation>,
) -> Result<StatusCode, Problem> {
    let uow = trade.store().begin().await?;
    trade.unblock(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is wrong.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "off-platform", "words": "让我加微信转账" }))]
pub struct ReportInput {
    /// One message, if it is about one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    message: Option<Id<Message>>,
    /// `spam`, `off-platform`, `fraud`, `abuse`, `prohibited`, `other`.
    #[schema(max_length = 20)]
    reason: String,
    /// In your words.
    #[serde(default)]
    #[schema(max_length = 500)]
    words: String,
}

/// A report that was taken.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Reported {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    report: Id<Report>,
}

/// Report a conversation to the moderators. The other does not learn who did.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/report", tag = "conversations", request_body = ReportInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = Reported), Refusals), security(("bearer" = [])))]
pub async fn report(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Conversation>,
    key: IdempotencyKey,
    Json(input): Json<ReportInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"report", id.as_bytes(), &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::CREATED, async |uow| {
        let report = trade.report(uow, &actor, id, input.message, &input.reason, &input.words).await?;
        Ok(Reported { report })
    })
    .await
}

/// What happens in your trades from now on, as server-sent events: `event` is the name (`trade.message_sent`,
/// `trade.order_paid`), `data` the payload. `trade.reload` says that some were missed.
///
/// # Errors
/// When nobody is signed in.
pub async fn stream(AxumState(trade): AxumState<Trade>, actor: Actor) -> Result<Response, Problem> {
    let events = trade
        .listen(actor)?
        .map(|live| Ok::<_, Infallible>(Sse::default().event(&live.name).data(live.payload.to_string())));
    let kept = KeepAlive::new().interval(Duration::from_secs(20));
    Ok(axum::response::Sse::new(events).keep_alive(kept).into_response())
}
