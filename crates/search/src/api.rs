//! `/api/v1/search/…` and `/api/v1/listings/{id}/similar`.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Cursor, Id, Problem, Timestamp,
    http::{Json, PathId, Query as Params, Refusals, tagged_json},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Fragment, Hit, Listing, Reach, Search, Seller, Suggestion, params::read_query, service::Found};

/// Every endpoint of this context.
#[must_use]
pub fn routes() -> OpenApiRouter<Search> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(suggest)).routes(routes!(similar))
}

/// What to look for. Repeat a parameter, or separate its values by commas, to accept any of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query for OpenAPI; read_query reads it")]
pub struct SearchParams {
    /// Words: Chinese, Latin letters, pinyin in full or by initials. At most 120 characters count.
    q: Option<String>,
    /// Category code, root or leaf.
    category: Option<String>,
    /// Lowest price in fen.
    #[param(minimum = 0)]
    min_price: Option<i64>,
    /// Highest price in fen.
    #[param(minimum = 0)]
    max_price: Option<i64>,
    /// District codes.
    district: Option<String>,
    /// Condition grades.
    condition: Option<String>,
    /// Ways of delivery.
    delivery: Option<String>,
    /// Values of an attribute: `storage:128gb,256gb`, or a range `battery:80..100`. Repeat for more attributes.
    attr: Option<String>,
    /// Only this seller's: a person's or a shop's id.
    seller: Option<String>,
    /// A place to measure from: `lat,lon`.
    #[param(example = "39.9,116.46")]
    near: Option<String>,
    /// Metres around `near`.
    #[param(minimum = 1, maximum = 200_000)]
    radius: Option<u32>,
    /// A box: `south,west,north,east`.
    #[param(rename = "box")]
    r#box: Option<String>,
    /// What to count by, separated by commas; all unless said, none when empty. Counting less is quicker.
    #[param(example = "category,district")]
    facets: Option<String>,
    /// `relevance` (default), `newest`, `price_asc`, `price_desc` or `distance`.
    sort: Option<String>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    after: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ResultsDocument {
    /// This page.
    items: Vec<HitDocument>,
    /// Hits counted by category, condition, district, delivery, price and the attributes of the chosen category.
    /// A facet's counts ignore the filter on that same facet.
    facets: Vec<FacetDocument>,
    /// Hits on all pages.
    total: u64,
    /// The cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Cursor>,
    /// A text that would find more, when this one looks mistyped.
    #[serde(skip_serializing_if = "Option::is_none")]
    did_you_mean: Option<String>,
    /// `exact`, `loose` or `partial`: how strictly the words were taken.
    #[schema(value_type = String)]
    reach: Reach,
    /// Whether the index was away and the database answered by words in titles alone.
    degraded: bool,
}

/// A listing found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HitDocument {
    /// The listing.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Listing>,
    /// Its title.
    title: String,
    /// Price in fen.
    price_fen: i64,
    /// Price when new, in fen.
    original_price_fen: Option<i64>,
    /// Whether offers are welcome.
    negotiable: bool,
    /// Code of the leaf category.
    category: String,
    /// Condition grade.
    condition: String,
    /// District code.
    district: String,
    /// Sub-district code.
    subdistrict: String,
    /// Ways of delivery.
    delivery: Vec<String>,
    /// When it was published.
    published_at: Timestamp,
    /// The person or shop that sells it.
    #[schema(value_type = String, format = "uuid")]
    seller: Id<Seller>,
    /// The seller's kind.
    seller_kind: String,
    /// The cover.
    photo: Option<CoverDocument>,
    /// Metres from `near`.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
    /// The title in pieces, matches marked.
    title_pieces: Vec<PieceDocument>,
    /// The stretch of the description that says why, in pieces.
    description_pieces: Vec<PieceDocument>,
}

/// A cover, at `/photos/{id}/{width}.jpg`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CoverDocument {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Widths it can be had in.
    widths: Vec<u32>,
}

/// A piece of text.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PieceDocument {
    /// The piece.
    text: String,
    /// Whether it is what was looked for.
    matched: bool,
}

/// Hits counted by one thing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FacetDocument {
    /// `category`, `condition`, `district`, `delivery`, `price` or `attribute.<code>`.
    code: String,
    /// Values and counts, most first.
    buckets: Vec<BucketDocument>,
}

/// One value and how many hits have it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BucketDocument {
    /// The value's code; for prices `from-to` in fen.
    value: String,
    /// How many.
    count: u64,
}

impl From<Hit> for HitDocument {
    fn from(hit: Hit) -> Self {
        let Hit { card, title, description, distance_m, score: _ } = hit;
        let pieces = |fragments: Vec<Fragment>| {
            fragments
                .into_iter()
                .map(|piece| PieceDocument { text: piece.text, matched: piece.matched })
                .collect()
        };
        let photo = card.cover().map(|(id, widths)| CoverDocument { id: id.to_owned(), widths });
        Self {
            id: card.id,
            title: card.title,
            price_fen: card.price,
            original_price_fen: card.original_price,
            negotiable: card.negotiable,
            category: card.category,
            condition: card.condition,
            district: card.district,
            subdistrict: card.subdistrict,
            delivery: card.deliveries,
            published_at: card.published_at,
            seller: card.seller,
            seller_kind: card.seller_kind,
            photo,
            distance_m: distance_m.map(f64::round),
            title_pieces: pieces(title),
            description_pieces: pieces(description),
        }
    }
}

impl From<Found> for ResultsDocument {
    fn from(found: Found) -> Self {
        let results = found.results;
        let facets = results.facets.into_iter().map(|facet| FacetDocument {
            code: facet.code,
            buckets: facet
                .buckets
                .into_iter()
                .map(|bucket| BucketDocument { value: bucket.value, count: bucket.count })
                .collect(),
        });
        Self {
            facets: facets.collect(),
            items: results.hits.into_iter().map(HitDocument::from).collect(),
            total: results.total,
            next: results.next,
            did_you_mean: results.did_you_mean,
            reach: results.reach,
            degraded: found.degraded,
        }
    }
}

/// Search what is on offer.
#[utoipa::path(get, path = "/api/v1/search/listings", tag = "search", params(SearchParams),
    responses((status = 200, body = ResultsDocument), Refusals))]
pub async fn search(
    State(search): State<Search>,
    RawQuery(raw): RawQuery,
) -> Result<Json<ResultsDocument>, Problem> {
    let now = search.listings().store().clock().now();
    let query = read_query(raw.as_deref().unwrap_or_default(), search.listings().catalog(), now)?;
    Ok(Json(search.search(&query).await?.into()))
}

/// What is being typed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuggestParams {
    /// What is typed so far.
    #[serde(default)]
    q: String,
}

/// Completions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SuggestionsDocument {
    /// Most common first, at most ten.
    items: Vec<SuggestionDocument>,
}

/// A text to search for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SuggestionDocument {
    /// The text.
    text: String,
    /// The category it names, when it names one.
    category: Option<String>,
    /// How many listings say so.
    listings: u64,
}

/// Complete what is being typed.
#[utoipa::path(get, path = "/api/v1/search/suggest", tag = "search", params(SuggestParams),
    responses((status = 200, body = SuggestionsDocument), Refusals))]
pub async fn suggest(State(search): State<Search>, Params(params): Params<SuggestParams>) -> Response {
    let items = search
        .suggest(&params.q, 10)
        .await
        .into_iter()
        .map(|Suggestion { text, category, listings }| SuggestionDocument { text, category, listings });
    let body = SuggestionsDocument { items: items.collect() };
    let body = Bytes::from(serde_json::to_vec(&body).expect("a document serialises"));
    tagged_json(StatusCode::OK, 0, body, &HeaderMap::new())
}

/// Similar listings.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SimilarDocument {
    /// At most twelve, the most similar first.
    items: Vec<HitDocument>,
}

/// Find listings like one.
#[utoipa::path(get, path = "/api/v1/listings/{id}/similar", tag = "search", params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = SimilarDocument), Refusals))]
pub async fn similar(
    State(search): State<Search>,
    actor: Actor,
    PathId(id): PathId<luhuan_listing::Listing>,
) -> Result<Json<SimilarDocument>, Problem> {
    let hits = search.similar(&actor, id, 12).await?;
    Ok(Json(SimilarDocument { items: hits.into_iter().map(HitDocument::from).collect() }))
}
