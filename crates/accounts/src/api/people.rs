//! `/api/v1/people`: what everybody may know of a person, and their city-wide roles.

use axum::extract::State;
use http::StatusCode;
use luhuan_kernel::{
    Actor, Id, Organisation, Person, Problem, Role, Timestamp,
    http::{Json, PathId, Refusals},
};
use serde::Serialize;

use super::Pair;
use crate::{Accounts, SellerCard, model::SellerKind};

/// A person as everybody may see them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c10", "name": "林小满", "seller_kind": "private", "organisation": null,
    "since": "2026-01-01T00:00:00Z", "erased": false
}))]
pub(super) struct SellerDocument {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Person>,
    /// The name; a pseudonym after an erasure.
    name: String,
    /// As what they sell.
    seller_kind: SellerKind,
    /// The shop they sell for, when a registered merchant.
    organisation: Option<ShopDocument>,
    /// Since when.
    #[schema(value_type = String, format = "date-time")]
    since: Timestamp,
    /// Whether the account was erased.
    erased: bool,
}

/// A shop as everybody may see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ShopDocument {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Organisation>,
    /// Its name.
    name: String,
    /// Its licence number, masked.
    licence: Option<String>,
}

impl From<SellerCard> for SellerDocument {
    fn from(card: SellerCard) -> Self {
        Self {
            id: card.id,
            name: card.name,
            seller_kind: card.seller_kind,
            organisation: card.organisation.map(|shop| ShopDocument {
                id: shop.id,
                name: shop.name,
                licence: shop.licence.map(|(masked, _)| masked),
            }),
            since: card.since,
            erased: card.erased,
        }
    }
}

/// Read what everybody may know of a person.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people", params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = SellerDocument), Refusals))]
pub(super) async fn read(
    State(accounts): State<Accounts>,
    PathId(id): PathId<Person>,
) -> Result<Json<SellerDocument>, Problem> {
    let card = accounts.sellers(&[id]).await?.remove(&id).ok_or_else(Problem::not_found)?;
    Ok(Json(card.into()))
}

/// Grant a city-wide role: administrators.
#[utoipa::path(put, path = "/api/v1/people/{id}/roles/{role}", tag = "people",
    params(("id" = String, Path, format = "uuid"), ("role" = Role, Path)),
    responses((status = 204, description = "Granted"), Refusals), security(("bearer" = [])))]
pub(super) async fn grant(
    State(accounts): State<Accounts>,
    actor: Actor,
    Pair(id, role): Pair<Person, Role>,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.grant_role(&uow, &actor, id, role).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a city-wide role back: administrators. The last administrator stays one.
#[utoipa::path(delete, path = "/api/v1/people/{id}/roles/{role}", tag = "people",
    params(("id" = String, Path, format = "uuid"), ("role" = Role, Path)),
    responses((status = 204, description = "Taken back"), Refusals), security(("bearer" = [])))]
pub(super) async fn revoke(
    State(accounts): State<Accounts>,
    actor: Actor,
    Pair(id, role): Pair<Person, Role>,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.revoke_role(&uow, &actor, id, role).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
