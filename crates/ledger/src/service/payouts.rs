//! Money on its way out: by the bank ([`super::bank`]), or by a transfer to a connected account ([`super::transfers`]).

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Money, Page, Problem, Timestamp};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Ledger,
    post::Repeat,
    statement::{invalid_cursor, number},
};
use crate::{
    AccountKind, AccountOwner, Error, Payout, PayoutEvent, PayoutState, Provider, Transaction,
    TransactionKind,
    entity::payout,
    model::{MoneyRules, PayoutMethod, PayoutMove},
    policy,
};

/// The job that sees to a transfer; its key is the payout's id.
pub const PAYOUT_JOB: &str = "ledger-payout";

/// Characters of a bank destination at most.
const MAX_DESTINATION: usize = 200;

/// A payout to ask for.
#[derive(Clone, Debug)]
pub struct NewPayout {
    /// Whose money.
    pub owner: AccountOwner,
    /// How much; above zero.
    pub amount: Money,
    /// How it leaves.
    pub way: PayoutWay,
    /// By what it is known among its owner's: asked for again, it is made once.
    pub reference: String,
}

/// How a payout leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutWay {
    /// To a bank account, as the owner writes it for the operator: name, bank, number.
    Bank {
        /// The name, bank and number.
        destination: String,
    },
    /// To the owner's connected account.
    Connected,
}

impl Ledger {
    /// Asks for money to leave. It is set aside in this commit.
    ///
    /// # Errors
    /// [`Error::InsufficientFunds`]; [`Error::NotConnected`]; [`Error::Invalid`] for an amount beyond the limits or a
    /// bank account that is none.
    pub async fn request_payout(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        new: NewPayout,
    ) -> Result<payout::Model, Error> {
        policy::pay_out(actor, &new.owner)?;
        let rules = MoneyRules::get().payout;
        if !(rules.least_fen..=rules.most_fen).contains(&new.amount.minor) {
            let message = Message::new("field-payout-amount")
                .with("least", number(Money::cny(rules.least_fen)))
                .with("most", number(Money::cny(rules.most_fen)));
            return Err(Error::field("amount_fen", message));
        }
        self.pay_out(uow, new).await
    }

    pub(super) async fn pay_out(&self, uow: &UnitOfWork, new: NewPayout) -> Result<payout::Model, Error> {
        let owner = new.owner.to_string();
        let before = payout::Entity::find()
            .filter(payout::Column::Owner.eq(&owner))
            .filter(payout::Column::Reference.eq(&new.reference));
        if let Some(before) = before.one(uow.tx()).await? {
            return Ok(before);
        }
        let id = Id::new(self.store().clock());
        let (method, destination, shown) = match new.way {
            PayoutWay::Bank { destination } => {
                let text = written(&destination)?;
                (PayoutMethod::Bank, self.seal(id, text)?, masked(text))
            }
            PayoutWay::Connected => {
                let account = self.receiving_account(uow, &new.owner).await?;
                let shown = masked(&account);
                (PayoutMethod::StripeTransfer, account, shown)
            }
        };
        let row = payout::Model {
            id,
            owner,
            method: method.code().to_owned(),
            reference: new.reference,
            amount: new.amount.minor,
            currency: new.amount.currency.code().to_owned(),
            destination,
            shown,
            state: PayoutState::Requested.code().to_owned(),
            batch: None,
            provider_ref: None,
            failure: None,
            created_at: uow.now(),
            updated_at: uow.now(),
            settled_at: None,
            version: 1,
        };
        let from = (new.owner.clone(), AccountKind::Available);
        let to = (new.owner, AccountKind::PayingOut);
        let transaction = Transaction::moving(TransactionKind::Payout, row.id, new.amount, from, to);
        self.enter(uow, transaction, Repeat::Impossible).await?;
        if method == PayoutMethod::StripeTransfer {
            jobs::schedule(uow, PAYOUT_JOB, &row.id.to_string(), uow.now()).await?;
        }
        uow.emit(&PayoutEvent::of(&row)?).await?;
        Ok(row.into_active_model().reset_all().insert(uow.tx()).await?)
    }

    /// Takes a payout back before it is sent. Taking back again changes nothing.
    ///
    /// # Errors
    /// [`Error::IllegalPayoutMove`] when it is sent.
    pub async fn cancel_payout(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Payout>,
    ) -> Result<payout::Model, Error> {
        let row = self.load_payout(uow, id).await?;
        policy::pay_out(actor, &row.owner()?)?;
        if row.state()? == PayoutState::Cancelled {
            return Ok(row);
        }
        row.state()?.after(PayoutMove::Cancel)?;
        // A transfer may have been asked for already, by a process that died before it could write it down.
        if row.method()? == PayoutMethod::StripeTransfer {
            let from = row.state()?;
            return Err(crate::model::IllegalPayoutMove { from, attempted: PayoutMove::Cancel }.into());
        }
        self.move_payout(uow, row, PayoutMove::Cancel, None).await
    }

    /// Makes a move if it is one, books what it means, saves and tells. What leads nowhere is old news.
    pub(super) async fn move_payout(
        &self,
        uow: &UnitOfWork,
        mut row: payout::Model,
        attempted: PayoutMove,
        failure: Option<String>,
    ) -> Result<payout::Model, Error> {
        let from = row.state()?;
        let to = match from.after(attempted) {
            Ok(to) if to != from => to,
            _ => return Ok(row),
        };
        if let Some(transaction) = bookings(&row, to)? {
            self.post(uow, transaction).await?;
        }
        row.failure = failure;
        row.make(attempted, uow.now())?;
        uow.emit(&PayoutEvent::of(&row)?).await?;
        Ok(row.into_active_model().reset_all().update(uow.tx()).await?)
    }

    /// A payout, for whoever may see its owner's accounts.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for the actor's eyes.
    pub async fn payout(&self, actor: &Actor, id: Id<Payout>) -> Result<payout::Model, Error> {
        let row = payout::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        policy::view_account(actor, &row.owner()?)?;
        Ok(row)
    }

    /// The payouts of an owner, newest first.
    ///
    /// # Errors
    /// When the actor may not see the owner's accounts; 422 for a cursor that is not of this list.
    pub async fn payouts(
        &self,
        actor: &Actor,
        owner: &AccountOwner,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<payout::Model>, Problem> {
        policy::view_account(actor, owner)?;
        let mut query = payout::Entity::find().filter(payout::Column::Owner.eq(owner.to_string()));
        if let Some(cursor) = after {
            let (at, id): (Timestamp, Id<Payout>) = cursor.key().map_err(|_| invalid_cursor())?;
            let place = Expr::tuple([Expr::value(at), Expr::value(id)]);
            let row = Expr::tuple([Expr::col(payout::Column::CreatedAt), Expr::col(payout::Column::Id)]);
            query = query.filter(row.lt(place));
        }
        let rows = query
            .order_by_desc(payout::Column::CreatedAt)
            .order_by_desc(payout::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        Ok(Page::cut(rows, limit, |row| (row.created_at, row.id)))
    }

    pub(super) async fn load_payout(&self, uow: &UnitOfWork, id: Id<Payout>) -> Result<payout::Model, Error> {
        let mut query = payout::Entity::find_by_id(id);
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        query.one(uow.tx()).await?.ok_or(Error::NotFound)
    }
}

/// What a move of a payout means in the books.
fn bookings(row: &payout::Model, to: PayoutState) -> Result<Option<Transaction>, Error> {
    let owner = row.owner()?;
    let under_way = (owner.clone(), AccountKind::PayingOut);
    Ok(match to {
        PayoutState::Paid => {
            let paid_by = match row.method()? {
                PayoutMethod::Bank => AccountOwner::Platform,
                PayoutMethod::StripeTransfer => AccountOwner::Provider(Provider::Stripe),
            };
            let gone = (paid_by, AccountKind::Clearing);
            Some(Transaction::moving(TransactionKind::PayoutSettled, row.id, row.money()?, under_way, gone))
        }
        PayoutState::Failed | PayoutState::Cancelled => {
            let back = (owner, AccountKind::Available);
            Some(Transaction::moving(TransactionKind::PayoutReturned, row.id, row.money()?, under_way, back))
        }
        PayoutState::Requested | PayoutState::Sent | PayoutState::Unknown => None,
    })
}

/// All but the last four characters hidden.
fn masked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let tail: String = chars[chars.len().saturating_sub(4)..].iter().collect();
    if chars.len() > 8 { format!("****{tail}") } else { "****".to_owned() }
}

fn written(destination: &str) -> Result<&str, Error> {
    let text = destination.trim();
    if text.is_empty() || text.chars().count() > MAX_DESTINATION || text.contains(char::is_control) {
        let message = Message::new("field-payout-destination").with("max", MAX_DESTINATION);
        return Err(Error::field("destination", message));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_account_shows_its_last_four_characters_at_most() {
        assert_eq!(masked("林小满 工商银行 6222020000000001234"), "****1234");
        assert_eq!(masked("12345678"), "****");
        assert_eq!(masked(""), "****");
    }
}
