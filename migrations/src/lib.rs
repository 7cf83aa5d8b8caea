//! The schema: one file per step, named for its context, forward only.
//!
//! A step changes the schema or the data, never both; what a step takes away, no running release may still use
//! (expand, migrate, contract). Column types are the same on both databases: ids `uuid` (a blob on SQLite), instants
//! and money BIGINT, JSON as text, codes as short text. Each list query has its index, named here.

use sea_orm_migration::prelude::*;

mod m0001_store;
mod m0002_accounts;
mod m0003_listing;
mod m0004_ledger;
mod m0005_trade;
mod m0006_notification;
mod m0007_certification;

/// Runs the steps.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_store::Step),
            Box::new(m0002_accounts::Step),
            Box::new(m0003_listing::Step),
            Box::new(m0004_ledger::Step),
            Box::new(m0005_trade::Step),
            Box::new(m0006_notification::Step),
            Box::new(m0007_certification::Step),
        ]
    }
}

/// Runs the statements of a step, in the dialect of the database: `{uuid}`, `{bytes}` and `{serial}` stand for what
/// differs between the two.
pub(crate) async fn run(manager: &SchemaManager<'_>, script: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let words = match manager.get_database_backend() {
        sea_orm::DbBackend::Postgres => {
            [("{uuid}", "uuid"), ("{bytes}", "bytea"), ("{serial}", "bigserial PRIMARY KEY")]
        }
        _ => [("{uuid}", "blob"), ("{bytes}", "blob"), ("{serial}", "integer PRIMARY KEY AUTOINCREMENT")],
    };
    let script = words.iter().fold(script.to_owned(), |text, (from, to)| text.replace(from, to));
    for statement in script.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}
