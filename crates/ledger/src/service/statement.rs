//! Accounts and their statements.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Money, Page, Problem, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement,
};
use serde::Serialize;

use super::Ledger;
use crate::{Account, AccountOwner, Entry, Error, TransactionKind, entity::account, policy};

/// Lines of an exported statement at most: at ten a day, twenty-seven years.
pub const MAX_LINES: usize = 100_000;

/// Lines that an export reads at once.
const BATCH: i64 = 2_000;

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Line {
    /// The running number in the account, from 1, without a gap.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// The movement that it is a leg of.
    #[schema(value_type = String, format = "uuid")]
    pub transaction: Id<Entry>,
    /// Why.
    pub kind: TransactionKind,
    /// By what the movement is known among its kind: the id of the payment, of the refund.
    pub reference: String,
    /// What it is about.
    pub memo: String,
    /// What the account gains; below zero what it gives.
    pub amount: Money,
    /// The balance with this line.
    pub balance: Money,
}

#[derive(FromQueryResult)]
struct Row {
    number: i64,
    at: Timestamp,
    transaction_id: Id<Entry>,
    kind: String,
    reference: String,
    posting_memo: String,
    memo: String,
    amount: i64,
    balance_after: i64,
}

impl Ledger {
    /// The accounts of an owner, those that were opened; by kind.
    ///
    /// # Errors
    /// When the actor may not see them.
    pub async fn accounts_of(
        &self,
        actor: &Actor,
        owner: &AccountOwner,
    ) -> Result<Vec<account::Model>, Error> {
        policy::view_account(actor, owner)?;
        Ok(account::Entity::find()
            .filter(account::Column::Owner.eq(owner.to_string()))
            .order_by_asc(account::Column::Kind)
            .order_by_asc(account::Column::Currency)
            .all(self.store().reader())
            .await?)
    }

    /// An account, for whoever may see it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for the actor's eyes.
    pub async fn account(&self, actor: &Actor, id: Id<Account>) -> Result<account::Model, Error> {
        let row = account::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        policy::view_account(actor, &row.owner()?)?;
        Ok(row)
    }

    /// Lines of an account, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes; 422 for a cursor that is not of this list.
    pub async fn lines(
        &self,
        actor: &Actor,
        id: Id<Account>,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<Line>, Problem> {
        let account = self.account(actor, id).await?;
        let before: i64 = match after {
            Some(cursor) => cursor.key().map_err(|_| invalid_cursor())?,
            None => i64::MAX,
        };
        let rows = i64::try_from(limit.probe()).unwrap_or(i64::MAX);
        let lines = lines(self.store().reader(), &account, before, rows).await?;
        Ok(Page::cut(lines, limit, |line| line.number))
    }

    /// A whole statement, newest first, of what happened from an instant (inclusive) to another (exclusive).
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes; [`Error::Invalid`] when it has more than
    /// [`MAX_LINES`].
    pub async fn statement(
        &self,
        actor: &Actor,
        id: Id<Account>,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<(account::Model, Vec<Line>), Error> {
        let account = self.account(actor, id).await?;
        let mut found = Vec::new();
        let mut before = i64::MAX;
        loop {
            let batch = lines(self.store().reader(), &account, before, BATCH).await?;
            let Some(last) = batch.last() else { break };
            before = last.number;
            let past = from.is_some_and(|from| last.at < from);
            found.extend(batch.into_iter().filter(|line| {
                from.is_none_or(|from| line.at >= from) && until.is_none_or(|until| line.at < until)
            }));
            if found.len() > MAX_LINES {
                return Err(Error::field(
                    "from",
                    Message::new("field-statement-too-long").with("max", MAX_LINES),
                ));
            }
            if past {
                break;
            }
        }
        Ok((account, found))
    }
}

async fn lines(
    db: &impl ConnectionTrait,
    account: &account::Model,
    before: i64,
    rows: i64,
) -> Result<Vec<Line>, Error> {
    let sql = "SELECT p.number, p.at, p.transaction_id, t.kind, t.reference, p.memo AS posting_memo, t.memo,
                      p.amount, p.balance_after
               FROM posting p JOIN ledger_transaction t ON t.id = p.transaction_id
               WHERE p.account_id = $1 AND p.number < $2 ORDER BY p.number DESC LIMIT $3";
    let values: [sea_orm::Value; 3] = [account.id.into(), before.into(), rows.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let currency = account.currency()?;
    let money = |minor| Money { minor, currency };
    let read = |row: Row| {
        let kind = row
            .kind
            .parse()
            .map_err(|()| luhuan_store::Error::Corrupt(format!("a transaction's kind: '{}'", row.kind)))?;
        Ok(Line {
            number: row.number,
            at: row.at,
            transaction: row.transaction_id,
            kind,
            reference: row.reference,
            memo: if row.posting_memo.is_empty() { row.memo } else { row.posting_memo },
            amount: money(row.amount),
            balance: money(row.balance_after),
        })
    };
    Row::find_by_statement(statement).all(db).await?.into_iter().map(read).collect()
}

/// A statement as CSV: amounts in yuan with two decimals (points whole), the first row names the columns. Text that a
/// spreadsheet would take for a formula is marked as text.
///
/// # Errors
/// When a row cannot be written, which is never for memory.
pub fn csv(lines: &[Line]) -> Result<Vec<u8>, Error> {
    let broken = |error: &dyn std::fmt::Display| luhuan_store::Error::Corrupt(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["number", "at", "kind", "reference", "memo", "currency", "amount", "balance", "transaction"];
    writer.write_record(head).map_err(|error| broken(&error))?;
    for line in lines {
        let row = [
            line.number.to_string(),
            line.at.to_string(),
            line.kind.to_string(),
            as_text(&line.reference),
            as_text(&line.memo),
            line.amount.currency.code().to_owned(),
            number(line.amount),
            number(line.balance),
            line.transaction.to_string(),
        ];
        writer.write_record(row).map_err(|error| broken(&error))?;
    }
    writer.into_inner().map_err(|error| broken(&error).into())
}

/// The amount alone.
pub(crate) fn number(money: Money) -> String {
    money.to_string().split(' ').next().unwrap_or_default().to_owned()
}

/// Text that no spreadsheet calculates.
pub(super) fn as_text(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

pub(super) fn invalid_cursor() -> Problem {
    Problem::invalid_field("after", Message::new("field-cursor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_reads_as_a_table_and_calculates_nothing() {
        let line = Line {
            number: 1,
            at: Timestamp::from_micros(0),
            transaction: Id::from_uuid(uuid::Uuid::nil()),
            kind: TransactionKind::Grant,
            reference: "=1+1".into(),
            memo: "开户, \"首笔\"".into(),
            amount: Money::cny(-5),
            balance: Money::cny(100_005),
        };
        let text = String::from_utf8(csv(&[line]).unwrap()).unwrap();
        assert_eq!(
            text.lines().nth(1),
            Some(
                "1,1970-01-01T00:00:00Z,grant,'=1+1,\"开户, \"\"首笔\"\"\",CNY,-0.05,1000.05,00000000-0000-0000-0000-000000000000"
            )
        );
    }
}
