//! Payouts by the bank: an operator takes a file there, and says how it came out.

use luhuan_kernel::{Actor, Id};
use luhuan_store::UnitOfWork;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement};

use super::{
    Ledger,
    statement::{as_text, number},
};
use crate::{
    Error, Payout, PayoutState,
    entity::payout,
    model::{PayoutMethod, PayoutMove},
    policy,
};

/// Payouts of one file at most.
const FILE_ROWS: u64 = 1_000;

/// How the bank's part of a payout came out, as the operator reads it off the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankOutcome {
    /// It has left.
    Paid {
        /// The bank's own reference.
        reference: String,
    },
    /// It came back.
    Failed {
        /// Why, as told to the owner.
        reason: String,
    },
}

/// What an operator takes to the bank.
#[derive(Clone, Debug)]
pub struct PayoutFile {
    /// By what it is known.
    pub batch: String,
    /// Where each payout in it goes, and the payout.
    pub lines: Vec<(String, payout::Model)>,
}

/// A file in the list of files.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult, serde::Serialize, utoipa::ToSchema)]
pub struct FileSummary {
    /// By what it is known.
    pub batch: String,
    /// How many payouts are in it.
    pub payouts: i64,
    /// How much they are together, in fen.
    pub amount_fen: i64,
}

impl Ledger {
    /// Takes the payouts that wait for the bank into a file: from here on they are sent, and nobody takes them back.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn payout_file(&self, uow: &UnitOfWork, actor: &Actor) -> Result<PayoutFile, Error> {
        policy::operate(actor)?;
        let mut query = payout::Entity::find()
            .filter(payout::Column::Method.eq(PayoutMethod::Bank.code()))
            .filter(payout::Column::State.eq(PayoutState::Requested.code()))
            .order_by_asc(payout::Column::CreatedAt)
            .order_by_asc(payout::Column::Id)
            .limit(FILE_ROWS);
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        let batch = Id::<Payout>::new(self.store().clock()).to_string();
        let mut payouts = Vec::new();
        for mut row in query.all(uow.tx()).await? {
            row.batch = Some(batch.clone());
            payouts.push(self.move_payout(uow, row, PayoutMove::Send, None).await?);
        }
        self.opened_file(batch, payouts)
    }

    /// A file once more, for an operator who lost it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there was none.
    pub async fn payout_file_again(&self, actor: &Actor, batch: &str) -> Result<PayoutFile, Error> {
        policy::operate(actor)?;
        let query = payout::Entity::find()
            .filter(payout::Column::Method.eq(PayoutMethod::Bank.code()))
            .filter(payout::Column::Batch.eq(batch))
            .order_by_asc(payout::Column::CreatedAt)
            .order_by_asc(payout::Column::Id);
        let payouts = query.all(self.store().reader()).await?;
        if payouts.is_empty() { Err(Error::NotFound) } else { self.opened_file(batch.to_owned(), payouts) }
    }

    fn opened_file(&self, batch: String, payouts: Vec<payout::Model>) -> Result<PayoutFile, Error> {
        let lines = payouts.into_iter().map(|row| Ok((self.opened_destination(&row)?, row)));
        Ok(PayoutFile { batch, lines: lines.collect::<Result<_, Error>>()? })
    }

    pub(super) fn seal(&self, id: Id<Payout>, text: &str) -> Result<String, Error> {
        self.vault()?.seal(&place(id), text).map_err(|error| luhuan_store::Error::Corrupt(error).into())
    }

    /// Where a payout goes, as its owner wrote it; empty when that was erased.
    pub(super) fn opened_destination(&self, row: &payout::Model) -> Result<String, Error> {
        if row.method()? != PayoutMethod::Bank || row.destination.is_empty() {
            return Ok(row.destination.clone());
        }
        let opened = self.vault()?.open(&place(row.id), &row.destination);
        opened.map_err(|error| luhuan_store::Error::Corrupt(error).into())
    }

    /// The last files, newest first.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn payout_files(&self, actor: &Actor) -> Result<Vec<FileSummary>, Error> {
        policy::operate(actor)?;
        let db = self.store().reader();
        // A batch is a UUIDv7: its text sorts by time.
        let sql = "SELECT batch, COUNT(*) AS payouts, CAST(SUM(amount) AS bigint) AS amount_fen FROM payout
                   WHERE batch IS NOT NULL GROUP BY batch ORDER BY batch DESC LIMIT 100";
        let statement = Statement::from_string(db.get_database_backend(), sql);
        Ok(FileSummary::find_by_statement(statement).all(db).await?)
    }

    /// Writes down how the bank's part came out. The same again changes nothing.
    ///
    /// # Errors
    /// [`Error::IllegalPayoutMove`] when it is not sent, or came out the other way.
    pub async fn settle_payout(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Payout>,
        outcome: BankOutcome,
    ) -> Result<payout::Model, Error> {
        policy::operate(actor)?;
        let mut row = self.load_payout(uow, id).await?;
        if row.method()? != PayoutMethod::Bank {
            return Err(Error::NotFound);
        }
        let (attempted, to, failure) = match outcome {
            BankOutcome::Paid { reference } => {
                row.provider_ref = Some(reference);
                (PayoutMove::Pay, PayoutState::Paid, None)
            }
            BankOutcome::Failed { reason } => (PayoutMove::Fail, PayoutState::Failed, Some(reason)),
        };
        let state = row.state()?;
        if state == to {
            return Ok(row);
        }
        if state == PayoutState::Requested {
            return Err(crate::model::IllegalPayoutMove { from: state, attempted }.into());
        }
        self.move_payout(uow, row, attempted, failure).await
    }
}

/// The file as CSV: what the operator needs to pay at the bank, and the id by which they say how it came out.
///
/// # Errors
/// When a row cannot be written, which is never for memory.
pub fn payout_csv(file: &PayoutFile) -> Result<Vec<u8>, Error> {
    let broken = |error: &dyn std::fmt::Display| luhuan_store::Error::Corrupt(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(["id", "amount", "currency", "destination", "requested_at", "state"])
        .map_err(|error| broken(&error))?;
    for (destination, row) in &file.lines {
        let amount = number(row.money()?);
        let (id, at, to) = (row.id.to_string(), row.created_at.to_string(), as_text(destination));
        writer
            .write_record([&id, &amount, &row.currency, &to, &at, &row.state])
            .map_err(|error| broken(&error))?;
    }
    writer.into_inner().map_err(|error| broken(&error).into())
}

/// The place that a destination is sealed for: moved to another row it does not open.
fn place(id: Id<Payout>) -> String {
    format!("payout.destination.{id}")
}
