//! The inbox, preferences, webhook endpoints and their deliveries, and the reader's place in the outbox.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, SCRIPT).await
    }
}

/// `notification_once`: an event tells a person once. `notification_of_person`: the inbox, newest first.
/// `notification_unread`: the badge, the unread alone, and what gathers. `notification_by_place`: who heard something
/// since. `notification_by_age`: what goes.
/// `webhook_of_person`, `webhook_of_organisation`: one's own, and whose an event is.
/// `webhook_delivery_once`: an event goes to an endpoint once. `webhook_delivery_of_endpoint`: the log, newest first.
/// `webhook_delivery_in_state`: the log of one state, and what is to be posted next.
/// `webhook_delivery_by_event_time`: the range of a replay. `webhook_delivery_by_age`: what goes.
const SCRIPT: &str = "
CREATE TABLE notification_place (
    name text NOT NULL PRIMARY KEY,
    tx bigint NOT NULL,
    sequence bigint NOT NULL
);
CREATE TABLE notification (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL,
    event_id {uuid} NOT NULL,
    kind text NOT NULL,
    topic text NOT NULL,
    subject_kind text NOT NULL,
    subject_id {uuid} NOT NULL,
    args text NOT NULL,
    count integer NOT NULL,
    at bigint NOT NULL,
    tx bigint NOT NULL,
    sequence bigint NOT NULL,
    read_at bigint,
    mail text NOT NULL
);
CREATE UNIQUE INDEX notification_once ON notification (person_id, event_id);
CREATE INDEX notification_of_person ON notification (person_id, at DESC, id DESC);
CREATE INDEX notification_unread ON notification (person_id, at DESC, id DESC) WHERE read_at IS NULL;
CREATE INDEX notification_by_place ON notification (tx, sequence);
CREATE INDEX notification_by_age ON notification (at);
CREATE TABLE notification_preference (
    person_id {uuid} NOT NULL PRIMARY KEY,
    mail_trade boolean NOT NULL,
    mail_messages boolean NOT NULL,
    mail_account boolean NOT NULL,
    version bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE TABLE webhook (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL,
    organisation_id {uuid},
    url text NOT NULL,
    description text NOT NULL,
    events text NOT NULL,
    secret_sealed text NOT NULL,
    former_sealed text,
    former_until bigint,
    state text NOT NULL,
    failing_since bigint,
    failures integer NOT NULL,
    paused_until bigint NOT NULL,
    busy_by text,
    busy_until bigint NOT NULL,
    last_number bigint NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX webhook_of_person ON webhook (person_id, created_at DESC, id DESC);
CREATE INDEX webhook_of_organisation ON webhook (organisation_id, created_at DESC, id DESC) WHERE organisation_id IS NOT NULL;
CREATE TABLE webhook_delivery (
    id {uuid} NOT NULL PRIMARY KEY,
    webhook_id {uuid} NOT NULL REFERENCES webhook (id),
    number bigint NOT NULL,
    event_id {uuid} NOT NULL,
    event_name text NOT NULL,
    event_at bigint NOT NULL,
    body text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    due_at bigint NOT NULL,
    due_since bigint NOT NULL,
    attempted_at bigint,
    status integer,
    error text,
    excerpt text,
    took_ms integer,
    created_at bigint NOT NULL
);
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (webhook_id, event_id);
CREATE UNIQUE INDEX webhook_delivery_of_endpoint ON webhook_delivery (webhook_id, number DESC);
CREATE INDEX webhook_delivery_in_state ON webhook_delivery (webhook_id, state, number DESC);
CREATE INDEX webhook_delivery_by_event_time ON webhook_delivery (webhook_id, event_at);
CREATE INDEX webhook_delivery_by_age ON webhook_delivery (created_at)";
