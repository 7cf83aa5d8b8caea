//! What trade keeps about a person, for export and erasure (PIPL art. 45 to 47).

use async_trait::async_trait;
use luhuan_accounts::PersonalData;
use luhuan_kernel::{Actor, Id, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
    sea_query::Expr,
};
use serde_json::{Value, json};

use super::{Trade, orders::address_place};
use crate::{
    Error,
    entity::{invoice, juror, message, offer, order, person_block, review, trade_photo},
    model::{OfferState, State},
};

#[async_trait]
impl PersonalData for Trade {
    fn name(&self) -> &'static str {
        "trade"
    }

    async fn export(&self, person: Id<Person>) -> Result<Value, String> {
        self.export_of(person).await.map_err(|error| error.to_string())
    }

    /// An order that is under way has another side, who is owed its end.
    async fn in_the_way(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<Option<&'static str>, String> {
        let under_way = self.has_orders_under_way(uow, person).await.map_err(|error| error.to_string())?;
        Ok(under_way.then_some("account-has-orders"))
    }

    /// Messages, their photos, blocks and the addresses of orders that are over go; open offers are declined. Orders,
    /// reviews, disputes and invoices stay under the account's pseudonym for their term (E-Commerce Law art. 31: three
    /// years; invoices five): reviews may not be deleted (art. 39).
    async fn erase(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), String> {
        self.erase_of(uow, person).await.map_err(|error| error.to_string())
    }
}

impl Trade {
    async fn has_orders_under_way(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<bool, Error> {
        let either =
            Condition::any().add(order::Column::BuyerId.eq(person)).add(order::Column::SellerId.eq(person));
        let over: Vec<&str> = State::ALL
            .iter()
            .filter(|state| state.is_final() || **state == State::Settled)
            .map(|state| state.code())
            .collect();
        let query = order::Entity::find().filter(either).filter(order::Column::State.is_not_in(over));
        Ok(query.one(uow.tx()).await?.is_some())
    }

    async fn export_of(&self, person: Id<Person>) -> Result<Value, Error> {
        let db = self.store().reader();
        let either =
            Condition::any().add(order::Column::BuyerId.eq(person)).add(order::Column::SellerId.eq(person));
        let mut orders = Vec::new();
        for row in order::Entity::find().filter(either).order_by_asc(order::Column::Id).all(db).await? {
            let bought = row.buyer_id == person;
            let address = match &row.address_sealed {
                Some(sealed) if bought => {
                    let open = self.keys().open(&address_place(row.id), sealed)?;
                    serde_json::from_str(open.expose()).unwrap_or(Value::Null)
                }
                _ => Value::Null,
            };
            orders.push(json!({
                "id": row.id, "as": if bought { "buyer" } else { "seller" }, "title": row.title, "state": row.state,
                "total_fen": row.total_fen, "refunded_fen": row.refunded_fen, "address": address,
                "note": if bought { row.note.as_str() } else { "" }, "steps": row.steps()?, "created_at": row.created_at,
            }));
        }
        let messages = message::Entity::find()
            .filter(message::Column::PersonId.eq(person))
            .order_by_asc(message::Column::Id)
            .all(db)
            .await?;
        let offers = offer::Entity::find().filter(offer::Column::BuyerId.eq(person)).all(db).await?;
        let reviews = review::Entity::find().filter(review::Column::PersonId.eq(person)).all(db).await?;
        let invoices = invoice::Entity::find().filter(invoice::Column::PersonId.eq(person)).all(db).await?;
        let blocks =
            person_block::Entity::find().filter(person_block::Column::PersonId.eq(person)).all(db).await?;
        Ok(json!({
            "orders": orders,
            "messages": messages.iter().map(|row| json!({
                "conversation": row.conversation_id, "text": row.text, "at": row.at,
            })).collect::<Vec<_>>(),
            "offers": offers.iter().map(|row| json!({
                "listing": row.listing_id, "amount_fen": row.amount_fen, "state": row.state, "at": row.created_at,
            })).collect::<Vec<_>>(),
            "reviews": reviews.iter().map(|row| json!({
                "order": row.order_id, "stars": row.stars, "text": row.text, "at": row.created_at,
            })).collect::<Vec<_>>(),
            "invoices": invoices.iter().map(|row| json!({
                "order": row.order_id, "gross_fen": row.gross_fen, "state": row.state, "number": row.number,
            })).collect::<Vec<_>>(),
            "blocked": blocks.iter().map(|row| row.blocked_id).collect::<Vec<_>>(),
        }))
    }

    async fn erase_of(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
        self.end_offers(uow, person).await?;
        message::Entity::update_many()
            .col_expr(message::Column::Text, Expr::value(""))
            .col_expr(message::Column::Photos, Expr::value("[]"))
            .filter(message::Column::PersonId.eq(person))
            .exec(uow.tx())
            .await?;
        // Their blobs go at the next sweep. Evidence stays with its dispute.
        trade_photo::Entity::delete_many()
            .filter(trade_photo::Column::PersonId.eq(person))
            .filter(trade_photo::Column::OrderId.is_null())
            .exec(uow.tx())
            .await?;
        let last = "UPDATE conversation SET last_text = '' WHERE buyer_id = $1 OR seller_id = $1";
        let backend = uow.tx().get_database_backend();
        uow.tx().execute_raw(Statement::from_sql_and_values(backend, last, [person.into()])).await?;
        order::Entity::update_many()
            .col_expr(order::Column::AddressSealed, Expr::value(Option::<String>::None))
            .col_expr(order::Column::Note, Expr::value(""))
            .filter(order::Column::BuyerId.eq(person))
            .filter(
                order::Column::State
                    .is_in(State::ALL.iter().filter(|state| state.is_final()).map(|s| s.code())),
            )
            .exec(uow.tx())
            .await?;
        person_block::Entity::delete_many()
            .filter(person_block::Column::PersonId.eq(person))
            .exec(uow.tx())
            .await?;
        juror::Entity::delete_by_id(person).exec(uow.tx()).await?;
        self.forget_invoices(uow, person).await
    }

    async fn end_offers(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
        let open = offer::Entity::find()
            .filter(offer::Column::BuyerId.eq(person))
            .filter(offer::Column::State.is_in([OfferState::Open.code(), OfferState::Accepted.code()]))
            .order_by_asc(offer::Column::Id)
            .limit(500)
            .all(uow.tx())
            .await?;
        for row in open {
            self.decline_offer(uow, &Actor::person(person, []), row.id, None).await?;
        }
        Ok(())
    }
}
