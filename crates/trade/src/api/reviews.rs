//! Reviews.

use axum::{extract::State as AxumState, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Organisation, Page, Person, Problem,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{command, json};
use crate::{Figures, NewReview, Order, Review, ReviewView, Trade};

/// What you say of the other.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "stars": 5, "tags": ["as-described", "friendly"], "text": "东西不错，卖家很爽快" }))]
pub struct ReviewInput {
    /// 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    stars: i32,
    /// Codes of tags.
    #[serde(default)]
    #[schema(max_items = 10)]
    tags: Vec<String>,
    /// In words.
    #[serde(default)]
    #[schema(max_length = 500)]
    text: String,
}

/// Review the other. It can be read once both wrote, or when the time is over.
#[utoipa::path(post, path = "/api/v1/orders/{id}/reviews", tag = "orders", request_body = ReviewInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = ReviewView), Refusals), security(("bearer" = [])))]
pub async fn write(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
    Json(input): Json<ReviewInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"review", id.as_bytes(), &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::CREATED, async |uow| {
        let new = NewReview { stars: input.stars, tags: input.tags, text: input.text };
        trade.review(uow, &actor, id, new).await
    })
    .await
}

/// Whose reviews.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReviewParams {
    /// A person's id.
    #[param(value_type = String, format = "uuid")]
    person: Id<Person>,
    /// A shop's id: then the shop's, not the person's.
    #[param(value_type = Option<String>, format = "uuid")]
    organisation: Option<Id<Organisation>>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// What is said of somebody, with the figures behind it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReviewPage {
    /// The figures.
    figures: Figures,
    /// The reviews, the newest first.
    reviews: Page<ReviewView>,
}

/// What is said of a seller or buyer, the newest first.
#[utoipa::path(get, path = "/api/v1/reviews", tag = "reviews", params(ReviewParams),
    responses((status = 200, body = ReviewPage), Refusals))]
pub async fn list(
    AxumState(trade): AxumState<Trade>,
    Query(params): Query<ReviewParams>,
) -> Result<Json<ReviewPage>, Problem> {
    let (person, shop) = (params.person, params.organisation);
    let reviews = trade.reviews_about(person, shop, params.after.as_ref(), Limit::of(params.limit)).await?;
    Ok(Json(ReviewPage { figures: trade.figures(person, shop).await?, reviews }))
}

/// A reply.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "谢谢，欢迎再来" }))]
pub struct ReplyInput {
    /// In words.
    #[schema(min_length = 1, max_length = 300)]
    text: String,
}

/// Reply to a review about you: once.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/reply", tag = "reviews", request_body = ReplyInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = ReviewView), Refusals), security(("bearer" = [])))]
pub async fn reply(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Review>,
    key: IdempotencyKey,
    Json(input): Json<ReplyInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"reply", id.as_bytes(), &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::OK, async |uow| {
        trade.reply(uow, &actor, id, &input.text).await
    })
    .await
}

/// Hide a review that breaks a rule, with the reason: a moderator. It is not deleted.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/hide", tag = "moderation", request_body = ReplyInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = ReviewView), Refusals), security(("bearer" = [])))]
pub async fn hide(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Review>,
    key: IdempotencyKey,
    Json(input): Json<ReplyInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"hide-review", id.as_bytes(), &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::OK, async |uow| {
        trade.hide_review(uow, &actor, id, &input.text).await
    })
    .await
}
