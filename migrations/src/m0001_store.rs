//! The outbox, the memory of repeated commands, jobs and subscribers' places.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, SCRIPT).await
    }
}

const SCRIPT: &str = "
CREATE TABLE outbox (
    sequence {serial},
    tx bigint NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    payload text NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX outbox_by_commit ON outbox (tx, sequence);
CREATE INDEX outbox_by_age ON outbox (at);
CREATE TABLE idempotency_key (
    actor text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    status integer,
    version bigint,
    body {bytes},
    at bigint NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_key_by_age ON idempotency_key (at);
CREATE TABLE job (
    kind text NOT NULL,
    key text NOT NULL,
    run_at bigint NOT NULL,
    leased_until bigint NOT NULL,
    attempts integer NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX job_by_due ON job (run_at);
CREATE TABLE subscription (
    name text NOT NULL PRIMARY KEY,
    tx bigint NOT NULL,
    sequence bigint NOT NULL,
    leased_until bigint NOT NULL,
    holder text NOT NULL
)";
