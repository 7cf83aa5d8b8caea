//! What the database holds by itself, whatever a program does to it.

use luhuan_kernel::{Actor, Id, Money, Person};
use luhuan_ledger::{AccountKind, AccountOwner, Error, Posted, Transaction, TransactionKind};
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};

use crate::support::{World, command, each};

fn moving(reference: &str, fen: i64, from: Id<Person>, to: Id<Person>) -> Transaction {
    Transaction::moving(
        TransactionKind::Correction,
        reference,
        Money::cny(fen),
        (AccountOwner::Person(from), AccountKind::Available),
        (AccountOwner::Person(to), AccountKind::Available),
    )
}

#[tokio::test]
async fn a_transaction_is_posted_once_for_its_kind_and_reference() {
    each(async |world| {
        let (rich, other) = (world.person_with(100).await, world.id());
        let first = command!(world, post, moving("r", 30, rich, other)).unwrap();
        let again = command!(world, post, moving("r", 30, rich, other)).unwrap();
        assert!(first.is_new());
        assert_eq!(again, Posted::Before(first.id()));
        assert_eq!((world.available(rich).await, world.available(other).await), (70, 30));
        let differently = command!(world, post, moving("r", 31, rich, other)).unwrap_err();
        assert!(matches!(differently, Error::ReferenceReused { .. }), "{differently}");
        command!(world, post, moving("r2", 30, rich, other)).unwrap();
        assert_eq!(world.available(rich).await, 40);
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_more_than_is_there_and_a_refused_movement_leaves_nothing() {
    each(async |world| {
        let (rich, other) = (world.person_with(100).await, world.id());
        let refused = command!(world, post, moving("r", 101, rich, other)).unwrap_err();
        let Error::InsufficientFunds { held, needed, .. } = refused else { panic!("{refused}") };
        assert_eq!((held, needed), (Money::cny(100), Money::cny(101)));
        assert_eq!((world.available(rich).await, world.available(other).await), (100, 0));
        // What comes in with the same movement may go out with it.
        let through = moving("s", 100, rich, other)
            .leg(AccountOwner::Person(other), AccountKind::Available, Money::cny(-100))
            .leg(AccountOwner::Platform, AccountKind::Fees, Money::cny(100));
        command!(world, post, through).unwrap();
        assert_eq!(world.available(other).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_grant_is_made_once_for_its_reference_and_by_an_administrator_alone() {
    each(async |world| {
        let owner = AccountOwner::Person(world.id());
        let administrator = world.administrator();
        for _ in 0..2 {
            command!(world, grant, &administrator, &owner, Money::cny(5), "opening").unwrap();
        }
        assert_eq!(world.balance(&owner, AccountKind::Available).await, 5);
        assert_eq!(world.told().await, ["ledger.granted"]);
        let somebody = Actor::person(world.id(), []);
        let refused = command!(world, grant, &somebody, &owner, Money::cny(5), "again").unwrap_err();
        assert!(matches!(refused, Error::Forbidden), "{refused}");
        let nothing = command!(world, grant, &administrator, &owner, Money::cny(0), "none").unwrap_err();
        assert!(matches!(nothing, Error::Invalid(_)), "{nothing}");
    })
    .await;
}

/// Runs statements in one transaction; the error of the first that is refused, or of the commit.
async fn attempt(world: &World<'_>, statements: &[&str]) -> Result<(), String> {
    let writer = world.store().writer();
    let transaction = writer.begin().await.unwrap();
    for sql in statements {
        let statement = Statement::from_string(writer.get_database_backend(), *sql);
        transaction.execute_raw(statement).await.map_err(|error| error.to_string())?;
    }
    transaction.commit().await.map_err(|error| error.to_string())
}

/// An id as each database writes it in SQL.
fn literal(world: &World<'_>, n: u8) -> String {
    match world.store().backend() {
        luhuan_store::Backend::Postgres => format!("'00000000-0000-0000-0000-0000000000{n:02x}'"),
        luhuan_store::Backend::Sqlite => format!("x'000000000000000000000000000000{n:02x}'"),
    }
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_delete_what_is_posted() {
    each(async |world| {
        world.person_with(100).await;
        for sql in [
            "UPDATE posting SET amount = amount + 1",
            "UPDATE posting SET memo = 'x'",
            "DELETE FROM posting",
            "UPDATE ledger_transaction SET memo = 'x'",
            "DELETE FROM ledger_transaction",
            "DELETE FROM ledger_account",
            "UPDATE ledger_account SET balance = balance + 1",
            "UPDATE ledger_account SET balance = 0, entries = 0",
            "UPDATE ledger_account SET entries = entries + 1",
            "UPDATE ledger_account SET owner = 'platform'",
        ] {
            let refused = attempt(world, &[sql]).await.expect_err(sql);
            assert!(refused.contains("ledger:"), "{sql}: {refused}");
        }
        if world.store().backend() == luhuan_store::Backend::Postgres {
            for sql in [
                "TRUNCATE posting",
                "TRUNCATE ledger_transaction, posting",
                "TRUNCATE ledger_account CASCADE",
            ] {
                assert!(attempt(world, &[sql]).await.expect_err(sql).contains("ledger:"), "{sql}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_what_does_not_balance() {
    each(async |world| {
        let [a, b, t] = [1, 2, 3].map(|n| literal(world, n));
        let open = |id: &str, code: &str, kind: &str, balance: i64| {
            format!(
                "INSERT INTO ledger_account (id, code, owner, kind, currency, balance, entries, created_at)
                 VALUES ({id}, '{code}', 'platform', '{kind}', 'CNY', {balance}, 0, 0)"
            )
        };
        let post = |account: &str, number: i64, amount: i64, after: i64| {
            format!(
                "INSERT INTO posting (account_id, number, transaction_id, amount, balance_after, memo, at)
                 VALUES ({account}, {number}, {t}, {amount}, {after}, '', 0)"
            )
        };
        let close = format!(
            "INSERT INTO ledger_transaction (id, kind, reference, memo, at) VALUES ({t}, 'correction', 'x', '', 0)"
        );
        let accounts = [open(&a, "a", "available", 0), open(&b, "b", "opening", 0)];
        attempt(world, &[accounts[0].as_str(), accounts[1].as_str()]).await.unwrap();
        let (gain, give) = (post(&a, 1, 5, 5), post(&b, 1, -5, -5));

        let cases: &[(&str, &[&str])] = &[
            ("an account opens empty", &[&open(&t, "c", "available", 7)]),
            ("a posting needs its transaction", &[&gain, &give]),
            ("a transaction needs postings", &[&close]),
            ("one leg is none", &[&gain, &close]),
            ("it must balance", &[&gain, &post(&b, 1, -4, -4), &close]),
            ("a line continues the one before", &[&post(&a, 2, 5, 5), &give, &close]),
            ("and its balance", &[&post(&a, 1, 5, 6), &give, &close]),
            ("no balance is below zero", &[&post(&a, 1, -5, -5), &post(&b, 1, 5, 5), &close]),
            ("a line moves something", &[&post(&a, 1, 0, 0), &give, &close]),
            ("what is closed takes no more", &[&gain, &give, &close, &post(&a, 2, 5, 10), &post(&b, 2, -5, -10)]),
        ];
        for (rule, statements) in cases {
            assert!(attempt(world, statements).await.is_err(), "{rule}");
            assert_eq!(world.count("SELECT COUNT(*) AS n FROM posting").await, 0, "{rule}");
        }
        attempt(world, &[&gain, &give, &close]).await.unwrap();
        assert_eq!(world.balance_of_code("a").await, 5);
    })
    .await;
}

impl World<'_> {
    async fn balance_of_code(&self, code: &str) -> i64 {
        self.count(&format!("SELECT balance AS n FROM ledger_account WHERE code = '{code}'")).await
    }
}

#[tokio::test]
async fn a_check_of_the_books_finds_one_fen() {
    each_forging(async |world| {
        let person = world.person_with(100).await;
        world.assert_in_balance().await;
        forge(world, &format!("UPDATE ledger_account SET balance = 101 WHERE owner = 'person:{person}'"))
            .await;
        let report = world.ledger.verify().await.unwrap();
        let rules: Vec<_> =
            report.findings.iter().map(|finding| (finding.rule, finding.expected, finding.found)).collect();
        assert_eq!(
            rules,
            [
                ("the balance of an account is the sum of its postings", 100, 101),
                ("all accounts of a currency sum to zero", 0, 1),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_check_of_the_books_finds_a_forged_posting() {
    each_forging(async |world| {
        let person = world.person_with(100).await;
        let account = format!("(SELECT id FROM ledger_account WHERE owner = 'person:{person}')");
        forge(world, &format!("UPDATE posting SET amount = 99 WHERE account_id = {account}")).await;
        let report = world.ledger.verify().await.unwrap();
        let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(
            rules,
            [
                "the balance of an account is the sum of its postings",
                "each line of a statement continues the one before",
                "a transaction balances in each currency",
            ]
        );
    })
    .await;
}

/// Like [`each`], without the check at the end: the test forges the books.
async fn each_forging(test: impl AsyncFn(&World<'_>)) {
    let clock = std::sync::Arc::new(luhuan_kernel::ManualClock::at("2026-01-01T00:00:00Z"));
    luhuan_store::testing::each(std::sync::Arc::clone(&clock) as _, async |database| {
        let providers = luhuan_ledger::Providers::local();
        let ledger =
            luhuan_ledger::Ledger::new(database.store.clone(), providers, crate::support::settings());
        test(&World { database, ledger, clock: std::sync::Arc::clone(&clock) }).await;
    })
    .await;
}

/// What only whoever owns the database can do: with the guards taken away.
async fn forge(world: &World<'_>, sql: &str) {
    let drops: &[&str] = match world.store().backend() {
        luhuan_store::Backend::Postgres => {
            &["DROP TRIGGER posting_never ON posting", "DROP TRIGGER ledger_account_moves ON ledger_account"]
        }
        luhuan_store::Backend::Sqlite => &["DROP TRIGGER posting_kept", "DROP TRIGGER ledger_account_moves"],
    };
    attempt(world, &[drops, &[sql]].concat()).await.unwrap();
}
