//! `/api/v1/ledger/accounts`, their statements, and points.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Organisation, Page, Problem, Timestamp,
    http::{Json, PathId, Query, Refusals},
};
use serde::Deserialize;

use super::{AccountDocument, PointsDocument, owner};
use crate::{Account, Error, Ledger, Line, csv};

/// Whose accounts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OwnerParams {
    /// An organisation that you run, else your own.
    #[param(value_type = Option<String>, format = "uuid")]
    pub(super) organisation: Option<Id<Organisation>>,
}

/// List your accounts, or those of an organisation that you run: what can be spent, what is held, points.
#[utoipa::path(get, path = "/api/v1/ledger/accounts", tag = "ledger", params(OwnerParams),
    responses((status = 200, body = Vec<AccountDocument>), Refusals), security(("bearer" = [])))]
pub async fn list(
    State(ledger): State<Ledger>,
    actor: Actor,
    Query(params): Query<OwnerParams>,
) -> Result<Json<Vec<AccountDocument>>, Problem> {
    let owner = owner(&actor, params.organisation)?;
    let rows = ledger.accounts_of(&actor, &owner).await?;
    Ok(Json(rows.iter().map(AccountDocument::of).collect::<Result<_, Error>>()?))
}

/// Which lines.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EntriesParams {
    /// `csv` for the whole statement as a table; else JSON, page by page.
    #[param(inline)]
    format: Option<Format>,
    /// Lines on the page, 1 to 100; 24 unless asked. JSON only.
    limit: Option<u32>,
    /// The cursor of the page before. JSON only.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
    /// Lines from this instant on. CSV only.
    from: Option<Timestamp>,
    /// Lines before this instant. CSV only.
    until: Option<Timestamp>,
}

/// How a statement is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Page by page.
    Json,
    /// Whole.
    Csv,
}

/// Read an account's statement, newest line first: page by page as JSON, or whole as CSV (`Accept: text/csv` or
/// `?format=csv`), at most 100,000 lines.
#[utoipa::path(get, path = "/api/v1/ledger/accounts/{id}/entries", tag = "ledger",
    params(("id" = String, Path, format = "uuid"), EntriesParams),
    responses((status = 200, content((Page<Line> = "application/json"), (String = "text/csv"))), Refusals),
    security(("bearer" = [])))]
pub async fn entries(
    State(ledger): State<Ledger>,
    actor: Actor,
    PathId(id): PathId<Account>,
    Query(params): Query<EntriesParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if params.format.unwrap_or_else(|| accepted(&headers)) == Format::Json {
        let page = ledger.lines(&actor, id, params.after.as_ref(), Limit::of(params.limit)).await?;
        return Ok(Json(page).into_response());
    }
    let (account, lines) = ledger.statement(&actor, id, params.from, params.until).await?;
    let name = format!("attachment; filename=\"statement-{}.csv\"", account.id);
    let disposition = HeaderValue::from_str(&name).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], csv(&lines)?)
        .into_response())
}

/// CSV when the client names it and not JSON before it.
fn accepted(headers: &HeaderMap) -> Format {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = accept
        .split(',')
        .map(|part| part.split(';').next().unwrap_or_default().trim())
        .find(|kind| matches!(*kind, "text/csv" | "application/json"));
    if first == Some("text/csv") { Format::Csv } else { Format::Json }
}

/// List your green points by when they end, soonest first.
#[utoipa::path(get, path = "/api/v1/ledger/points", tag = "ledger", params(OwnerParams),
    responses((status = 200, body = Vec<PointsDocument>), Refusals), security(("bearer" = [])))]
pub async fn points(
    State(ledger): State<Ledger>,
    actor: Actor,
    Query(params): Query<OwnerParams>,
) -> Result<Json<Vec<PointsDocument>>, Problem> {
    let owner = owner(&actor, params.organisation)?;
    crate::policy::view_account(&actor, &owner)?;
    let lots = ledger.points_of(&owner).await?;
    Ok(Json(lots.into_iter().map(|(points, expires_at)| PointsDocument { points, expires_at }).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_sent_to_whoever_asks_for_it_before_json() {
        let asked = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
            accepted(&headers)
        };
        assert_eq!(asked("text/csv"), Format::Csv);
        assert_eq!(asked("text/csv;q=0.9, */*"), Format::Csv);
        assert_eq!(asked("application/json, text/csv"), Format::Json);
        assert_eq!(asked("*/*"), Format::Json);
        assert_eq!(accepted(&HeaderMap::new()), Format::Json);
    }
}
