//! The system of record under a world: a file, or a database of its own in the run's PostgreSQL.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::environment;

/// On what a world keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// A file in the world's data folder.
    Sqlite,
    /// A fresh database in the run's PostgreSQL cluster.
    Postgres,
}

impl Store {
    /// Both: for a test that must hold on either.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// Makes an empty database in the run's PostgreSQL and answers its address. It goes with the cluster.
///
/// # Panics
/// When the server is not there, or refuses.
pub async fn fresh_postgres() -> String {
    let server = environment::required(environment::POSTGRES);
    let name = format!("luhuan_{:016x}", environment::unique_number());
    let mut connection = PgConnection::connect(&format!("{server}/postgres"))
        .await
        .unwrap_or_else(|error| panic!("cannot connect to {server}: {error}"));
    // The name is made of hexadecimal digits two lines above.
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .unwrap_or_else(|error| panic!("cannot make a database in {server}: {error}"));
    format!("{server}/{name}")
}
