//! Balances, grants and deposits.

use luhuan_kernel::{Actor, Currency, Id, Message, Money, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Ledger, Posted};
use crate::{
    AccountKind, AccountOwner, Error, LedgerEvent, Transaction, TransactionKind, entity::account,
    model::AccountKey, policy,
};

impl Ledger {
    /// What is in an account, as this unit sees it. Not locked: a posting decides by itself.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn balance(
        &self,
        uow: &UnitOfWork,
        owner: &AccountOwner,
        kind: AccountKind,
        currency: Currency,
    ) -> Result<Money, Error> {
        balance_of(uow.tx(), owner, kind, currency).await
    }

    /// What a person can spend, for a page: outside of any command.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn available(&self, owner: &AccountOwner) -> Result<Money, Error> {
        balance_of(self.store().reader(), owner, AccountKind::Available, Currency::Cny).await
    }

    /// Puts opening or demonstration funds into an account, once for each reference.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless an administrator or the program does it; [`Error::Invalid`] for an amount that is
    /// not above zero.
    pub async fn grant(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        owner: &AccountOwner,
        amount: Money,
        reference: &str,
    ) -> Result<Posted, Error> {
        policy::operate(actor)?;
        above_zero(amount)?;
        let mut transaction = Transaction::moving(
            TransactionKind::Grant,
            reference,
            amount,
            (AccountOwner::Platform, AccountKind::Opening),
            (owner.clone(), AccountKind::Available),
        );
        transaction.made_by = Some(actor.label());
        let posted = self.post(uow, transaction).await?;
        if posted.is_new() {
            uow.emit(&LedgerEvent::Granted {
                owner: owner.clone(),
                amount_fen: amount.minor,
                reference: reference.to_owned(),
            })
            .await?;
        }
        Ok(posted)
    }

    /// Sets a person's money aside as security, once for each reference.
    ///
    /// # Errors
    /// [`Error::InsufficientFunds`] when there is not enough to spend.
    pub async fn hold_deposit(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        amount: Money,
        reference: &str,
    ) -> Result<Posted, Error> {
        let owner = AccountOwner::Person(person);
        let to = (owner.clone(), AccountKind::Deposit);
        let from = (owner, AccountKind::Available);
        self.post(uow, Transaction::moving(TransactionKind::DepositHeld, reference, amount, from, to)).await
    }

    /// Gives security back, once for each reference.
    ///
    /// # Errors
    /// [`Error::InsufficientFunds`] when less is set aside.
    pub async fn return_deposit(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        amount: Money,
        reference: &str,
    ) -> Result<Posted, Error> {
        let owner = AccountOwner::Person(person);
        let from = (owner.clone(), AccountKind::Deposit);
        let to = (owner, AccountKind::Available);
        self.post(uow, Transaction::moving(TransactionKind::DepositReturned, reference, amount, from, to))
            .await
    }

    /// Hands security that is lost to whom it is due, once for each reference.
    ///
    /// # Errors
    /// [`Error::InsufficientFunds`] when less is set aside.
    pub async fn forfeit_deposit(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        amount: Money,
        to: (AccountOwner, AccountKind),
        reference: &str,
    ) -> Result<Posted, Error> {
        let from = (AccountOwner::Person(person), AccountKind::Deposit);
        self.post(uow, Transaction::moving(TransactionKind::DepositForfeited, reference, amount, from, to))
            .await
    }
}

pub(super) async fn balance_of(
    db: &impl ConnectionTrait,
    owner: &AccountOwner,
    kind: AccountKind,
    currency: Currency,
) -> Result<Money, Error> {
    let code = AccountKey { owner: owner.clone(), kind, currency }.code();
    let row = account::Entity::find().filter(account::Column::Code.eq(code)).one(db).await?;
    Ok(Money { minor: row.map_or(0, |row| row.balance), currency })
}

pub(super) fn above_zero(amount: Money) -> Result<(), Error> {
    if amount.minor > 0 {
        return Ok(());
    }
    Err(Error::field("amount_fen", Message::new("field-amount-above-zero")))
}
