//! Accounts, transactions and postings; payments, refunds, payouts; points; what providers told; reconciliations.
//!
//! The database keeps the books itself, on SQLite and PostgreSQL alike:
//! - a posting names a transaction by a *deferred* foreign key, and the transaction's row can only be written last,
//!   when its postings are two or more and sum to zero in each currency: a commit holds balanced transactions or none;
//! - a transaction that is written takes no further posting; neither it nor a posting is ever changed or deleted;
//! - a posting moves the cached balance of its account, which no other statement may, and its `balance_after` and
//!   running number must fit what the account says;
//! - no balance falls below zero, but for the accounts that count what others owe.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, BOOKS).await?;
        crate::run(manager, BUSINESS).await?;
        let guards: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &POSTGRES_GUARDS,
            _ => &SQLITE_GUARDS,
        };
        for guard in guards {
            manager.get_connection().execute_unprepared(guard).await?;
        }
        Ok(())
    }
}

/// `code`: owner, kind and currency in one, by which an account is found and exists once. `ledger_account_of_owner`:
/// one's accounts. The key of `posting` is also the order of a statement. `ledger_transaction_by_time`: exports.
const BOOKS: &str = "
CREATE TABLE ledger_account (
    id {uuid} NOT NULL PRIMARY KEY,
    code text NOT NULL UNIQUE,
    owner text NOT NULL,
    kind text NOT NULL,
    currency text NOT NULL,
    balance bigint NOT NULL,
    entries bigint NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT ledger_account_not_negative
        CHECK (balance >= 0 OR kind IN ('clearing', 'opening', 'points-issued'))
);
CREATE INDEX ledger_account_of_owner ON ledger_account (owner, kind, currency);
CREATE TABLE ledger_transaction (
    id {uuid} NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    reference text NOT NULL,
    memo text NOT NULL,
    made_by text,
    at bigint NOT NULL,
    UNIQUE (kind, reference)
);
CREATE INDEX ledger_transaction_by_time ON ledger_transaction (at, id);
CREATE TABLE posting (
    account_id {uuid} NOT NULL REFERENCES ledger_account (id),
    number bigint NOT NULL,
    transaction_id {uuid} NOT NULL REFERENCES ledger_transaction (id) DEFERRABLE INITIALLY DEFERRED,
    amount bigint NOT NULL CHECK (amount <> 0),
    balance_after bigint NOT NULL,
    memo text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (account_id, number)
);
CREATE INDEX posting_of_transaction ON posting (transaction_id)";

/// `payment_of_purpose`: payments of an order. `payment_of_payer`: one's payments, newest first.
/// `payment_by_provider_ref`: what a webhook speaks of. `refund_of_payment`, `refund_of_order`, `payout_of_owner`:
/// lists. `refund_in_state`: what staff see to. `payout_waiting`, `payout_of_batch`: the operator's files. `provider_event_waiting`: what is still to be taken in.
/// `provider_event_with_body`: texts to empty. `…_by_settlement`: what a reconciliation compares.
/// `points_lot_open`: lots of an owner, oldest end first. `points_lot_ending`: what expires next, for the job.
const BUSINESS: &str = "
CREATE TABLE payment (
    id {uuid} NOT NULL PRIMARY KEY,
    purpose_kind text NOT NULL,
    purpose_id {uuid} NOT NULL,
    payer_id {uuid} NOT NULL,
    payee text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    provider text NOT NULL,
    capture text NOT NULL,
    state text NOT NULL,
    wanted text NOT NULL,
    return_url text,
    provider_ref text,
    client_secret text,
    failure text,
    refunded bigint NOT NULL CHECK (refunded >= 0 AND refunded <= amount),
    payer_confirmed_at bigint,
    payee_confirmed_at bigint,
    tries_left bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    settled_at bigint,
    version bigint NOT NULL
);
CREATE INDEX payment_of_purpose ON payment (purpose_kind, purpose_id, id);
CREATE INDEX payment_of_payer ON payment (payer_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX payment_by_provider_ref ON payment (provider, provider_ref) WHERE provider_ref IS NOT NULL;
CREATE INDEX payment_by_settlement ON payment (provider, settled_at) WHERE settled_at IS NOT NULL;
CREATE TABLE refund (
    id {uuid} NOT NULL PRIMARY KEY,
    payment_id {uuid} NOT NULL REFERENCES payment (id),
    purpose_kind text NOT NULL,
    purpose_id {uuid} NOT NULL,
    reference text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    attempt bigint NOT NULL,
    provider_ref text,
    failure text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    settled_at bigint,
    version bigint NOT NULL,
    UNIQUE (payment_id, reference)
);
CREATE INDEX refund_of_order ON refund (purpose_kind, purpose_id, id);
CREATE UNIQUE INDEX refund_by_provider_ref ON refund (provider_ref) WHERE provider_ref IS NOT NULL;
CREATE INDEX refund_in_state ON refund (state, created_at, id);
CREATE INDEX refund_by_settlement ON refund (settled_at) WHERE settled_at IS NOT NULL;
CREATE TABLE provider_account (
    owner text NOT NULL,
    provider text NOT NULL,
    id {uuid} NOT NULL UNIQUE,
    provider_ref text,
    may_receive bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (owner, provider)
);
CREATE UNIQUE INDEX provider_account_by_ref ON provider_account (provider, provider_ref) WHERE provider_ref IS NOT NULL;
CREATE TABLE payout (
    id {uuid} NOT NULL PRIMARY KEY,
    owner text NOT NULL,
    method text NOT NULL,
    reference text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    destination text NOT NULL,
    shown text NOT NULL,
    state text NOT NULL,
    batch text,
    provider_ref text,
    failure text,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    settled_at bigint,
    version bigint NOT NULL,
    UNIQUE (owner, reference)
);
CREATE INDEX payout_of_owner ON payout (owner, created_at DESC, id DESC);
CREATE INDEX payout_of_batch ON payout (batch, created_at, id) WHERE batch IS NOT NULL;
CREATE INDEX payout_waiting ON payout (method, state, created_at, id);
CREATE INDEX payout_by_settlement ON payout (method, settled_at) WHERE settled_at IS NOT NULL;
CREATE TABLE provider_event (
    provider text NOT NULL,
    id text NOT NULL,
    kind text NOT NULL,
    object text,
    created_at bigint NOT NULL,
    received_at bigint NOT NULL,
    processed_at bigint,
    outcome text,
    body text NOT NULL,
    PRIMARY KEY (provider, id)
);
CREATE INDEX provider_event_waiting ON provider_event (received_at) WHERE processed_at IS NULL;
CREATE INDEX provider_event_by_object ON provider_event (object, created_at);
CREATE INDEX provider_event_with_body ON provider_event (received_at) WHERE body <> '';
CREATE TABLE points_lot (
    id {uuid} NOT NULL PRIMARY KEY,
    owner text NOT NULL,
    reference text NOT NULL,
    earned bigint NOT NULL CHECK (earned > 0),
    remaining bigint NOT NULL CHECK (remaining >= 0 AND remaining <= earned),
    earned_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    noticed_at bigint,
    UNIQUE (owner, reference)
);
CREATE INDEX points_lot_open ON points_lot (owner, expires_at, id) WHERE remaining > 0;
CREATE INDEX points_lot_ending ON points_lot (expires_at, id) WHERE remaining > 0;
CREATE TABLE points_use (
    reference text NOT NULL,
    lot_id {uuid} NOT NULL REFERENCES points_lot (id),
    amount bigint NOT NULL CHECK (amount > 0),
    returned bigint NOT NULL CHECK (returned >= 0 AND returned <= amount),
    PRIMARY KEY (reference, lot_id)
);
CREATE TABLE reconciliation (
    id {uuid} NOT NULL PRIMARY KEY,
    provider text NOT NULL,
    from_at bigint NOT NULL,
    until_at bigint NOT NULL,
    at bigint NOT NULL,
    compared bigint NOT NULL,
    differences text NOT NULL
);
CREATE INDEX reconciliation_by_time ON reconciliation (provider, at DESC, id DESC)";

/// Refusals say `ledger:` first, so that the log names them at a glance.
const POSTGRES_GUARDS: [&str; 12] = [
    "CREATE FUNCTION ledger_never() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'ledger: % is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$",
    "CREATE FUNCTION ledger_posting_made() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW.transaction_id) THEN
         RAISE EXCEPTION 'ledger: the transaction is closed' USING ERRCODE = 'check_violation';
       END IF;
       UPDATE ledger_account SET balance = balance + NEW.amount, entries = entries + 1
         WHERE id = NEW.account_id AND entries + 1 = NEW.number AND balance + NEW.amount = NEW.balance_after;
       IF NOT FOUND THEN
         RAISE EXCEPTION 'ledger: the posting does not continue its account' USING ERRCODE = 'check_violation';
       END IF;
       RETURN NULL;
     END $$",
    "CREATE FUNCTION ledger_account_moves() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.owner <> OLD.owner OR NEW.kind <> OLD.kind
          OR NEW.currency <> OLD.currency OR NEW.created_at <> OLD.created_at OR NEW.entries <> OLD.entries + 1
          OR NOT EXISTS (SELECT 1 FROM posting WHERE account_id = NEW.id AND number = NEW.entries
                         AND balance_after = NEW.balance AND amount = NEW.balance - OLD.balance) THEN
         RAISE EXCEPTION 'ledger: only a posting moves an account' USING ERRCODE = 'check_violation';
       END IF;
       RETURN NEW;
     END $$",
    "CREATE FUNCTION ledger_account_opens() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.balance <> 0 OR NEW.entries <> 0 THEN
         RAISE EXCEPTION 'ledger: an account opens empty' USING ERRCODE = 'check_violation';
       END IF;
       RETURN NEW;
     END $$",
    "CREATE FUNCTION ledger_transaction_closes() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF (SELECT count(*) FROM posting WHERE transaction_id = NEW.id) < 2
          OR EXISTS (SELECT 1 FROM posting p JOIN ledger_account a ON a.id = p.account_id
                     WHERE p.transaction_id = NEW.id GROUP BY a.currency HAVING sum(p.amount) <> 0) THEN
         RAISE EXCEPTION 'ledger: the transaction does not balance' USING ERRCODE = 'check_violation';
       END IF;
       RETURN NEW;
     END $$",
    "CREATE TRIGGER posting_made AFTER INSERT ON posting
     FOR EACH ROW EXECUTE FUNCTION ledger_posting_made()",
    "CREATE TRIGGER posting_never BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
     FOR EACH STATEMENT EXECUTE FUNCTION ledger_never()",
    "CREATE TRIGGER ledger_transaction_closes BEFORE INSERT ON ledger_transaction
     FOR EACH ROW EXECUTE FUNCTION ledger_transaction_closes()",
    "CREATE TRIGGER ledger_transaction_never BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transaction
     FOR EACH STATEMENT EXECUTE FUNCTION ledger_never()",
    "CREATE TRIGGER ledger_account_opens BEFORE INSERT ON ledger_account
     FOR EACH ROW EXECUTE FUNCTION ledger_account_opens()",
    "CREATE TRIGGER ledger_account_moves BEFORE UPDATE ON ledger_account
     FOR EACH ROW EXECUTE FUNCTION ledger_account_moves()",
    "CREATE TRIGGER ledger_account_never BEFORE DELETE OR TRUNCATE ON ledger_account
     FOR EACH STATEMENT EXECUTE FUNCTION ledger_never()",
];

const SQLITE_GUARDS: [&str; 9] = [
    "CREATE TRIGGER posting_made AFTER INSERT ON posting BEGIN
       SELECT RAISE(ABORT, 'ledger: the transaction is closed')
         WHERE EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW.transaction_id);
       SELECT RAISE(ABORT, 'ledger: the posting does not continue its account')
         WHERE NOT EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.account_id
                           AND entries + 1 = NEW.number AND balance + NEW.amount = NEW.balance_after);
       UPDATE ledger_account SET balance = balance + NEW.amount, entries = entries + 1 WHERE id = NEW.account_id;
     END",
    "CREATE TRIGGER posting_kept BEFORE UPDATE ON posting
     BEGIN SELECT RAISE(ABORT, 'ledger: posting is append-only'); END",
    "CREATE TRIGGER posting_never BEFORE DELETE ON posting
     BEGIN SELECT RAISE(ABORT, 'ledger: posting is append-only'); END",
    "CREATE TRIGGER ledger_transaction_closes BEFORE INSERT ON ledger_transaction BEGIN
       SELECT RAISE(ABORT, 'ledger: the transaction does not balance')
         WHERE (SELECT count(*) FROM posting WHERE transaction_id = NEW.id) < 2
            OR EXISTS (SELECT 1 FROM posting p JOIN ledger_account a ON a.id = p.account_id
                       WHERE p.transaction_id = NEW.id GROUP BY a.currency HAVING sum(p.amount) <> 0);
     END",
    "CREATE TRIGGER ledger_transaction_kept BEFORE UPDATE ON ledger_transaction
     BEGIN SELECT RAISE(ABORT, 'ledger: ledger_transaction is append-only'); END",
    "CREATE TRIGGER ledger_transaction_never BEFORE DELETE ON ledger_transaction
     BEGIN SELECT RAISE(ABORT, 'ledger: ledger_transaction is append-only'); END",
    "CREATE TRIGGER ledger_account_opens BEFORE INSERT ON ledger_account
     WHEN NEW.balance <> 0 OR NEW.entries <> 0
     BEGIN SELECT RAISE(ABORT, 'ledger: an account opens empty'); END",
    "CREATE TRIGGER ledger_account_moves BEFORE UPDATE ON ledger_account
     WHEN NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.owner <> OLD.owner OR NEW.kind <> OLD.kind
       OR NEW.currency <> OLD.currency OR NEW.created_at <> OLD.created_at OR NEW.entries <> OLD.entries + 1
       OR NOT EXISTS (SELECT 1 FROM posting WHERE account_id = NEW.id AND number = NEW.entries
                      AND balance_after = NEW.balance AND amount = NEW.balance - OLD.balance)
     BEGIN SELECT RAISE(ABORT, 'ledger: only a posting moves an account'); END",
    "CREATE TRIGGER ledger_account_never BEFORE DELETE ON ledger_account
     BEGIN SELECT RAISE(ABORT, 'ledger: ledger_account is append-only'); END",
];
