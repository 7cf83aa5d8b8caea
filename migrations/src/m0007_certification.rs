//! Green malls: rubrics, applications and all that belongs to them, certificates, the public register.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, SCRIPT).await
    }
}

/// `cert_application_open`: a mall has one application under way. `_of_mall`, `_in_state`, `_recent`, `_noticed`: lists.
/// `_due`, `_remind`, `cert_objection_open`, `cert_surveillance_open`, `cert_certificate_ends`: clocks.
/// `cert_certificate_of_application`: an application leads to one certificate. `cert_surveillance_once`: a certificate is
/// watched once a year for each reason. `cert_entry`, `cert_head`, `cert_submission`, `cert_trail` are only added to.
const SCRIPT: &str = "
CREATE TABLE cert_rubric (
    version text NOT NULL,
    state text NOT NULL,
    body text NOT NULL,
    hash text NOT NULL,
    edition bigint NOT NULL,
    created_by {uuid} NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    published_at bigint,
    PRIMARY KEY (version)
);
CREATE TABLE cert_application (
    id {uuid} NOT NULL,
    mall_id {uuid} NOT NULL,
    rubric text NOT NULL,
    rubric_hash text NOT NULL,
    renews text,
    round integer NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    facts text NOT NULL,
    name text NOT NULL,
    district text,
    due_at bigint,
    remind_at bigint,
    escalated_at bigint,
    appealed boolean NOT NULL,
    passes boolean,
    score text,
    reason text NOT NULL,
    created_by {uuid} NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    submitted_at bigint,
    notice_at bigint,
    decided_at bigint,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX cert_application_open ON cert_application (mall_id) WHERE state NOT IN ('listed', 'closed', 'withdrawn');
CREATE INDEX cert_application_of_mall ON cert_application (mall_id, updated_at DESC, id DESC);
CREATE INDEX cert_application_in_state ON cert_application (state, updated_at DESC, id DESC);
CREATE INDEX cert_application_recent ON cert_application (updated_at DESC, id DESC);
CREATE INDEX cert_application_due ON cert_application (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX cert_application_remind ON cert_application (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX cert_application_noticed ON cert_application (notice_at DESC, id DESC) WHERE notice_at IS NOT NULL;
CREATE TABLE cert_answer (
    application_id {uuid} NOT NULL,
    item text NOT NULL,
    body text NOT NULL,
    version bigint NOT NULL,
    edited_by {uuid} NOT NULL,
    edited_at bigint NOT NULL,
    PRIMARY KEY (application_id, item)
);
CREATE TABLE cert_evidence (
    id {uuid} NOT NULL,
    application_id {uuid} NOT NULL,
    item text NOT NULL,
    kind text NOT NULL,
    trust text NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    period text NOT NULL,
    source text NOT NULL,
    finding_id {uuid},
    uploaded_by {uuid} NOT NULL,
    uploaded_at bigint NOT NULL,
    verified_by {uuid},
    verified_at bigint,
    removed_at bigint,
    PRIMARY KEY (id)
);
CREATE INDEX cert_evidence_of_application ON cert_evidence (application_id, item, uploaded_at);
CREATE INDEX cert_evidence_by ON cert_evidence (uploaded_by);
CREATE TABLE cert_month (
    mall_id {uuid} NOT NULL,
    month text NOT NULL,
    body text NOT NULL,
    source text NOT NULL,
    updated_by {uuid} NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (mall_id, month)
);
CREATE TABLE cert_retrofit (
    id {uuid} NOT NULL,
    mall_id {uuid} NOT NULL,
    name text NOT NULL,
    carrier text NOT NULL,
    completed text NOT NULL,
    cost_fen bigint NOT NULL,
    note text NOT NULL,
    created_by {uuid} NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX cert_retrofit_of_mall ON cert_retrofit (mall_id, completed, id);
CREATE TABLE cert_waste (
    mall_id {uuid} NOT NULL,
    source text NOT NULL,
    reference text NOT NULL,
    month text NOT NULL,
    stream text NOT NULL,
    grams bigint NOT NULL,
    noted_by {uuid},
    at bigint NOT NULL,
    PRIMARY KEY (mall_id, source, reference)
);
CREATE INDEX cert_waste_of_mall ON cert_waste (mall_id, month);
CREATE TABLE cert_waste_place (
    mall_id {uuid} NOT NULL,
    taken_until bigint NOT NULL,
    PRIMARY KEY (mall_id)
);
CREATE TABLE cert_label (
    barcode text NOT NULL,
    scheme text NOT NULL,
    grade integer NOT NULL,
    PRIMARY KEY (barcode, scheme)
);
CREATE TABLE cert_goods (
    mall_id {uuid} NOT NULL,
    body text NOT NULL,
    sha256 text NOT NULL,
    imported_by {uuid} NOT NULL,
    imported_at bigint NOT NULL,
    PRIMARY KEY (mall_id)
);
CREATE TABLE cert_submission (
    application_id {uuid} NOT NULL,
    number integer NOT NULL,
    body text NOT NULL,
    sha256 text NOT NULL,
    submitted_by {uuid} NOT NULL,
    submitted_at bigint NOT NULL,
    PRIMARY KEY (application_id, number)
);
CREATE TABLE cert_assessor (
    person_id {uuid} NOT NULL,
    employer text NOT NULL,
    field text NOT NULL,
    active boolean NOT NULL,
    joined_at bigint NOT NULL,
    PRIMARY KEY (person_id)
);
CREATE TABLE cert_tie (
    person_id {uuid} NOT NULL,
    mall_id {uuid} NOT NULL,
    reason text NOT NULL,
    ended_on text,
    noted_at bigint NOT NULL,
    PRIMARY KEY (person_id, mall_id)
);
CREATE TABLE cert_assignment (
    application_id {uuid} NOT NULL,
    round integer NOT NULL,
    person_id {uuid} NOT NULL,
    chair boolean NOT NULL,
    seed text NOT NULL,
    assigned_at bigint NOT NULL,
    declared_at bigint,
    sealed_at bigint,
    removed_at bigint,
    PRIMARY KEY (application_id, round, person_id)
);
CREATE INDEX cert_assignment_of_person ON cert_assignment (person_id, assigned_at DESC);
CREATE TABLE cert_sheet (
    application_id {uuid} NOT NULL,
    round integer NOT NULL,
    person_id {uuid} NOT NULL,
    item text NOT NULL,
    body text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (application_id, round, person_id, item)
);
CREATE TABLE cert_site_check (
    application_id {uuid} NOT NULL,
    round integer NOT NULL,
    item text NOT NULL,
    outcome text NOT NULL,
    note text NOT NULL,
    seen_by {uuid} NOT NULL,
    seen_at bigint NOT NULL,
    saved_at bigint NOT NULL,
    PRIMARY KEY (application_id, round, item)
);
CREATE TABLE cert_finding (
    id {uuid} NOT NULL,
    application_id {uuid} NOT NULL,
    round integer NOT NULL,
    item text NOT NULL,
    severity text NOT NULL,
    words text NOT NULL,
    state text NOT NULL,
    answer text NOT NULL,
    raised_by {uuid} NOT NULL,
    raised_at bigint NOT NULL,
    answered_at bigint,
    closed_by {uuid},
    closed_at bigint,
    closing text NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX cert_finding_of_application ON cert_finding (application_id, round, raised_at);
CREATE TABLE cert_consensus (
    application_id {uuid} NOT NULL,
    round integer NOT NULL,
    item text NOT NULL,
    body text NOT NULL,
    reason text NOT NULL,
    noted_by {uuid} NOT NULL,
    noted_at bigint NOT NULL,
    PRIMARY KEY (application_id, round, item)
);
CREATE TABLE cert_vote (
    application_id {uuid} NOT NULL,
    round integer NOT NULL,
    person_id {uuid} NOT NULL,
    vote text NOT NULL,
    reason text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (application_id, round, person_id)
);
CREATE TABLE cert_objection (
    id {uuid} NOT NULL,
    application_id {uuid} NOT NULL,
    round integer NOT NULL,
    person_id {uuid} NOT NULL,
    name text NOT NULL,
    contact text NOT NULL,
    words text NOT NULL,
    state text NOT NULL,
    answer text NOT NULL,
    due_at bigint NOT NULL,
    escalated_at bigint,
    filed_at bigint NOT NULL,
    answered_by {uuid},
    answered_at bigint,
    PRIMARY KEY (id)
);
CREATE INDEX cert_objection_of_application ON cert_objection (application_id, filed_at);
CREATE INDEX cert_objection_of_person ON cert_objection (person_id, filed_at);
CREATE INDEX cert_objection_open ON cert_objection (due_at) WHERE state = 'open';
CREATE TABLE cert_certificate (
    number text NOT NULL,
    application_id {uuid} NOT NULL,
    mall_id {uuid} NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    legal_person text NOT NULL,
    uscc text NOT NULL,
    district text NOT NULL,
    area_m2 double precision NOT NULL,
    rubric text NOT NULL,
    earned bigint NOT NULL,
    available bigint NOT NULL,
    publish_score boolean NOT NULL,
    pillars text NOT NULL,
    saved_kwh double precision NOT NULL,
    saved_kg_co2e double precision NOT NULL,
    kwh_per_m2 double precision,
    waste_grams bigint NOT NULL,
    recovered_grams bigint NOT NULL,
    credential text NOT NULL,
    granted_at bigint NOT NULL,
    valid_until bigint NOT NULL,
    state_reason text NOT NULL,
    state_at bigint NOT NULL,
    marks_off_by bigint,
    appealed boolean NOT NULL,
    renewed_by text,
    PRIMARY KEY (number)
);
CREATE UNIQUE INDEX cert_certificate_of_application ON cert_certificate (application_id);
CREATE INDEX cert_certificate_of_mall ON cert_certificate (mall_id, granted_at DESC);
CREATE INDEX cert_certificate_recent ON cert_certificate (granted_at DESC, number DESC);
CREATE INDEX cert_certificate_in_district ON cert_certificate (district, granted_at DESC, number DESC);
CREATE INDEX cert_certificate_ends ON cert_certificate (valid_until) WHERE state IN ('active', 'review_required', 'suspended');
CREATE TABLE cert_counter (
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (year)
);
CREATE TABLE cert_entry (
    seq bigint NOT NULL,
    number text NOT NULL,
    what text NOT NULL,
    at bigint NOT NULL,
    body text NOT NULL,
    leaf text NOT NULL,
    PRIMARY KEY (seq)
);
CREATE INDEX cert_entry_of_certificate ON cert_entry (number, seq);
CREATE TABLE cert_head (
    size bigint NOT NULL,
    root text NOT NULL,
    at bigint NOT NULL,
    signature text NOT NULL,
    PRIMARY KEY (size)
);
CREATE TABLE cert_log (
    id integer NOT NULL,
    size bigint NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE cert_surveillance (
    id {uuid} NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    state text NOT NULL,
    due_at bigint NOT NULL,
    escalated_at bigint,
    opened_at bigint NOT NULL,
    report text NOT NULL,
    reported_at bigint,
    outcome text NOT NULL,
    decided_by {uuid},
    decided_at bigint,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX cert_surveillance_once ON cert_surveillance (number, kind, year);
CREATE INDEX cert_surveillance_open ON cert_surveillance (due_at) WHERE state IN ('due', 'reported');
CREATE TABLE cert_trail (
    application_id {uuid} NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    act text NOT NULL,
    detail text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (application_id, seq)
);
CREATE INDEX cert_trail_of_actor ON cert_trail (actor)";
