//! Each list is read by its index: a plan that walks a whole table is a list that gets slower every day.

use sea_orm::{ConnectionTrait, Statement};

use crate::support::each;

/// What the lists ask, by their shape.
const LISTS: &[&str] = &[
    "SELECT * FROM ledger_account WHERE owner = 'x' ORDER BY kind, currency",
    "SELECT * FROM ledger_account WHERE code IN ('x', 'y')",
    "SELECT p.number FROM posting p JOIN ledger_transaction t ON t.id = p.transaction_id
     WHERE p.account_id = x'00' AND p.number < 9 ORDER BY p.number DESC LIMIT 25",
    "SELECT * FROM posting WHERE transaction_id = x'00'",
    "SELECT * FROM ledger_transaction WHERE kind = 'x' AND reference = 'y'",
    "SELECT * FROM payment WHERE purpose_kind = 'order' AND purpose_id = x'00' ORDER BY id LIMIT 100",
    "SELECT * FROM payment WHERE provider = 'stripe' AND provider_ref IN ('x')",
    "SELECT * FROM refund WHERE purpose_kind = 'order' AND purpose_id = x'00' ORDER BY id LIMIT 100",
    "SELECT * FROM refund WHERE payment_id IN (x'00') AND reference = 'x'",
    "SELECT * FROM refund WHERE provider_ref = 'x'",
    "SELECT * FROM payout WHERE owner = 'x' AND (created_at, id) < (9, x'00')
     ORDER BY created_at DESC, id DESC LIMIT 25",
    "SELECT * FROM payout WHERE method = 'bank' AND state = 'requested' ORDER BY created_at, id LIMIT 1000",
    "SELECT * FROM payout WHERE method = 'bank' AND batch = 'x' ORDER BY created_at, id",
    "SELECT * FROM points_lot WHERE owner = 'x' AND remaining > 0 ORDER BY expires_at, id LIMIT 1000",
    "SELECT * FROM points_lot WHERE remaining > 0 AND expires_at <= 9 ORDER BY expires_at, id LIMIT 200",
    "SELECT * FROM reconciliation WHERE provider = 'stripe' ORDER BY at DESC, id DESC LIMIT 100",
    "SELECT id FROM provider_event WHERE received_at < 9 AND processed_at IS NOT NULL AND body <> '' LIMIT 1000",
];

#[tokio::test]
async fn every_list_is_read_by_an_index() {
    each(async |world| {
        // On PostgreSQL plans follow statistics, and these tables are empty.
        if world.store().backend() == luhuan_store::Backend::Postgres {
            return;
        }
        let db = world.store().reader();
        for list in LISTS {
            let sql = format!("EXPLAIN QUERY PLAN {list}");
            let rows =
                db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
            let plan: Vec<String> = rows.into_iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            assert!(plan.iter().all(|step| !step.starts_with("SCAN")), "{list}: {plan:?}");
            assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE")), "{list}: {plan:?}");
        }
    })
    .await;
}
