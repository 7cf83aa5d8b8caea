//! People and how they sign in, their consents, organisations and who belongs to them, and what slows guessing down.

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
CREATE TABLE organisation (
    id {uuid} NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    licence_sealed text,
    licence_mac text,
    licence_check text,
    created_at bigint NOT NULL,
    closed_at bigint,
    version bigint NOT NULL
);
CREATE INDEX organisation_by_licence ON organisation (licence_mac);
CREATE TABLE person (
    id {uuid} NOT NULL PRIMARY KEY,
    name text NOT NULL,
    locale text NOT NULL,
    subdistrict text,
    seller_kind text NOT NULL,
    seller_organisation {uuid} REFERENCES organisation (id),
    password_hash text,
    real_name_sealed text,
    identity_sealed text,
    identity_mac text UNIQUE,
    created_at bigint NOT NULL,
    erased_at bigint,
    version bigint NOT NULL
);
CREATE INDEX person_by_seller_organisation ON person (seller_organisation);
CREATE TABLE login (
    value text NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    person_id {uuid} NOT NULL REFERENCES person (id),
    created_at bigint NOT NULL,
    verified_at bigint
);
CREATE INDEX login_by_person ON login (person_id);
CREATE TABLE person_role (
    person_id {uuid} NOT NULL REFERENCES person (id),
    role text NOT NULL,
    granted_by text NOT NULL,
    granted_at bigint NOT NULL,
    PRIMARY KEY (person_id, role)
);
CREATE INDEX person_role_by_role ON person_role (role);
CREATE TABLE session (
    id {uuid} NOT NULL PRIMARY KEY,
    token_hash {bytes} NOT NULL UNIQUE,
    person_id {uuid} NOT NULL REFERENCES person (id),
    device text NOT NULL,
    address text NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX session_by_person ON session (person_id);
CREATE INDEX session_by_expiry ON session (expires_at);
CREATE TABLE api_token (
    id {uuid} NOT NULL PRIMARY KEY,
    token_hash {bytes} NOT NULL UNIQUE,
    prefix text NOT NULL,
    person_id {uuid} NOT NULL REFERENCES person (id),
    name text NOT NULL,
    scopes text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    last_used_at bigint
);
CREATE INDEX api_token_by_person ON api_token (person_id);
CREATE INDEX api_token_by_expiry ON api_token (expires_at);
CREATE TABLE one_time_code (
    login text NOT NULL,
    purpose text NOT NULL,
    id {uuid} NOT NULL UNIQUE,
    code_mac text NOT NULL,
    tries_left integer NOT NULL,
    message text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (login, purpose)
);
CREATE INDEX one_time_code_by_expiry ON one_time_code (expires_at);
CREATE TABLE consent (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES person (id),
    purpose text NOT NULL,
    version text NOT NULL,
    basis text NOT NULL,
    given_at bigint NOT NULL,
    withdrawn_at bigint
);
CREATE INDEX consent_by_person ON consent (person_id, purpose);
CREATE TABLE member (
    organisation_id {uuid} NOT NULL REFERENCES organisation (id),
    person_id {uuid} NOT NULL REFERENCES person (id),
    role text NOT NULL,
    joined_at bigint NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
);
CREATE INDEX member_by_person ON member (person_id);
CREATE TABLE throttle (
    key text NOT NULL PRIMARY KEY,
    window_start bigint NOT NULL,
    count integer NOT NULL,
    locked_until bigint NOT NULL
);
CREATE INDEX throttle_by_age ON throttle (window_start)";
