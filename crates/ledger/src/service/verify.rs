//! Whether the books are right: every figure that is kept is reckoned anew from the postings.

use sea_orm::{AccessMode, ConnectionTrait, FromQueryResult, IsolationLevel, Statement, TransactionTrait};
use serde::Serialize;

use super::Ledger;
use crate::Error;

/// Findings of one kind that are listed; more are counted only.
const LISTED: usize = 100;

/// What a check of the books found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Accounts looked at.
    pub accounts: i64,
    /// Transactions looked at.
    pub transactions: i64,
    /// Postings looked at.
    pub postings: i64,
    /// What is wrong, at most a hundred of each kind.
    pub findings: Vec<Finding>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static str,
    /// Where.
    pub at: String,
    /// What should be there, in minor units or rows.
    pub expected: i64,
    /// What is there.
    pub found: i64,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{} accounts, {} transactions, {} postings: {}",
            self.accounts,
            self.transactions,
            self.postings,
            if self.is_clean() { "in balance" } else { "NOT in balance" }
        )?;
        for finding in &self.findings {
            let Finding { rule, at, expected, found } = finding;
            writeln!(f, "  {rule}: {at}: expected {expected}, found {found}")?;
        }
        Ok(())
    }
}

/// A rule, and the rows that break it as `(at, expected, found)`.
struct Rule {
    name: &'static str,
    sql: &'static str,
}

/// Each asks for what breaks it, so that a clean answer is empty. Text of ids is cut out of the accounts' codes, which
/// reads the same on both databases.
const RULES: &[Rule] = &[
    Rule {
        name: "the balance of an account is the sum of its postings",
        sql: "SELECT a.code AS at, CAST(COALESCE(SUM(p.amount), 0) AS bigint) AS expected, a.balance AS found
              FROM ledger_account a LEFT JOIN posting p ON p.account_id = a.id
              GROUP BY a.id, a.code, a.balance HAVING COALESCE(SUM(p.amount), 0) <> a.balance",
    },
    Rule {
        name: "the entries of an account are numbered without a gap",
        sql: "SELECT a.code AS at, a.entries AS expected, COUNT(p.number) AS found
              FROM ledger_account a LEFT JOIN posting p ON p.account_id = a.id
              GROUP BY a.id, a.code, a.entries
              HAVING COUNT(p.number) <> a.entries OR COALESCE(MAX(p.number), 0) <> a.entries",
    },
    Rule {
        name: "each line of a statement continues the one before",
        sql: "SELECT a.code AS at, CAST(r.running AS bigint) AS expected, r.balance_after AS found
              FROM (SELECT account_id, balance_after, SUM(amount) OVER
                      (PARTITION BY account_id ORDER BY number ROWS UNBOUNDED PRECEDING) AS running FROM posting) r
              JOIN ledger_account a ON a.id = r.account_id WHERE r.running <> r.balance_after",
    },
    Rule {
        name: "a transaction balances in each currency",
        sql: "SELECT MIN(a.code) AS at, 0 AS expected, CAST(SUM(p.amount) AS bigint) AS found
              FROM posting p JOIN ledger_account a ON a.id = p.account_id
              GROUP BY p.transaction_id, a.currency HAVING SUM(p.amount) <> 0",
    },
    Rule {
        name: "a posting belongs to a transaction of two or more",
        sql: "SELECT MIN(a.code) AS at, 2 AS expected, COUNT(*) AS found
              FROM posting p JOIN ledger_account a ON a.id = p.account_id
              LEFT JOIN ledger_transaction t ON t.id = p.transaction_id
              GROUP BY p.transaction_id HAVING COUNT(*) < 2 OR COUNT(t.id) < COUNT(*)",
    },
    Rule {
        name: "all accounts of a currency sum to zero",
        sql: "SELECT currency AS at, 0 AS expected, CAST(SUM(balance) AS bigint) AS found
              FROM ledger_account GROUP BY currency HAVING SUM(balance) <> 0",
    },
    Rule {
        name: "no balance is below zero",
        sql: "SELECT code AS at, 0 AS expected, balance AS found FROM ledger_account
              WHERE balance < 0 AND kind NOT IN ('clearing', 'opening', 'points-issued')",
    },
    Rule {
        name: "a payment that succeeded through us is in the books once, and no other",
        sql: "SELECT p.purpose_kind || ' by ' || p.provider AS at,
                     CASE WHEN p.state = 'succeeded' THEN 1 ELSE 0 END AS expected, COUNT(t.id) AS found
              FROM (SELECT {payment_text} AS text, id, purpose_kind, provider, state FROM payment) p
              LEFT JOIN ledger_transaction t ON t.kind IN ('payment', 'top-up') AND t.reference = p.text
              WHERE p.provider <> 'face-to-face'
              GROUP BY p.id, p.purpose_kind, p.provider, p.state
              HAVING COUNT(t.id) <> CASE WHEN p.state = 'succeeded' THEN 1 ELSE 0 END",
    },
    Rule {
        name: "what of a payment counts as refunded is the sum of its refunds",
        sql: "SELECT p.purpose_kind || ' by ' || p.provider AS at,
                     CAST(COALESCE(SUM(r.amount), 0) AS bigint) AS expected, p.refunded AS found
              FROM payment p LEFT JOIN refund r ON r.payment_id = p.id
              GROUP BY p.id, p.purpose_kind, p.provider, p.refunded HAVING COALESCE(SUM(r.amount), 0) <> p.refunded",
    },
    Rule {
        name: "points in people's accounts are the sum of their lots",
        sql: "SELECT o.owner AS at, CAST(SUM(o.lots) AS bigint) AS expected, CAST(SUM(o.balance) AS bigint) AS found
              FROM (SELECT owner, remaining AS lots, 0 AS balance FROM points_lot
                    UNION ALL SELECT owner, 0, balance FROM ledger_account WHERE kind = 'points') o
              GROUP BY o.owner HAVING SUM(o.lots) <> SUM(o.balance)",
    },
    Rule {
        name: "what is on its way out is the sum of the open payouts",
        sql: "SELECT o.owner AS at, CAST(SUM(o.open) AS bigint) AS expected, CAST(SUM(o.balance) AS bigint) AS found
              FROM (SELECT owner, amount AS open, 0 AS balance FROM payout
                      WHERE state IN ('requested', 'sent', 'unknown')
                    UNION ALL SELECT owner, 0, balance FROM ledger_account WHERE kind = 'paying-out') o
              GROUP BY o.owner HAVING SUM(o.open) <> SUM(o.balance)",
    },
    Rule {
        name: "what is on its way back is the sum of the open and failed refunds",
        sql: "SELECT 'refunding' AS at, CAST(SUM(o.open) AS bigint) AS expected, CAST(SUM(o.balance) AS bigint) AS found
              FROM (SELECT r.amount AS open, 0 AS balance FROM refund r JOIN payment p ON p.id = r.payment_id
                      WHERE p.provider <> 'wallet' AND r.state IN ('requested', 'pending', 'unknown', 'failed')
                    UNION ALL SELECT 0, balance FROM ledger_account WHERE kind = 'refunding') o
              HAVING SUM(o.open) <> SUM(o.balance)",
    },
];

#[derive(FromQueryResult)]
struct Broken {
    at: String,
    expected: i64,
    found: i64,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

impl Ledger {
    /// Reckons everything anew and says what does not fit. From one snapshot: it may run while others post.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn verify(&self) -> Result<Report, Error> {
        let snapshot = self
            .store()
            .reader()
            .begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly))
            .await?;
        let mut report = Report {
            accounts: count(&snapshot, "ledger_account").await?,
            transactions: count(&snapshot, "ledger_transaction").await?,
            postings: count(&snapshot, "posting").await?,
            findings: Vec::new(),
        };
        for rule in RULES {
            let broken = ask(&snapshot, rule.sql).await?;
            report.findings.extend(broken.into_iter().map(|row| Finding {
                rule: rule.name,
                at: row.at,
                expected: row.expected,
                found: row.found,
            }));
        }
        snapshot.rollback().await?;
        Ok(report)
    }
}

async fn count(db: &impl ConnectionTrait, table: &'static str) -> Result<i64, Error> {
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let row =
        Count::find_by_statement(Statement::from_string(db.get_database_backend(), sql)).one(db).await?;
    Ok(row.map_or(0, |row| row.n))
}

async fn ask(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<Broken>, Error> {
    let backend = db.get_database_backend();
    // The text of a uuid: on SQLite it is a blob of 16 bytes.
    let text = match backend {
        sea_orm::DbBackend::Postgres => "id::text".to_owned(),
        _ => {
            let part = |from: u8, length: u8| format!("substr(lower(hex(id)), {from}, {length})");
            [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || ")
        }
    };
    let sql = sql.replace("{payment_text}", &text);
    let sql = format!(
        "SELECT at, CAST(expected AS bigint) AS expected, CAST(found AS bigint) AS found FROM ({sql}) broken LIMIT {LISTED}"
    );
    Ok(Broken::find_by_statement(Statement::from_string(backend, sql)).all(db).await?)
}
