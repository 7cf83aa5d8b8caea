//! Items, listings, photos, watches and prices over time.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, SCRIPT).await
    }
}

/// `listing_live_item`: one physical item is on offer once at a time.
/// `listing_fresh`, `listing_in_category`, `listing_in_root`, `listing_in_district`: browsing, newest first. `listing_of_person`, `listing_of_shop`: one's own.
/// `listing_comparable`, `listing_comparable_in_category`: price hints. `listing_sold`: how many were sold. `listing_due`: expiry. `listing_waiting`: what waits for a moderator.
const SCRIPT: &str = "
CREATE TABLE item (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL,
    category text NOT NULL,
    serial_hash text,
    serial_masked text,
    created_at bigint NOT NULL
);
CREATE INDEX item_by_serial ON item (serial_hash) WHERE serial_hash IS NOT NULL;
CREATE TABLE listing (
    id {uuid} NOT NULL PRIMARY KEY,
    item_id {uuid} NOT NULL REFERENCES item (id),
    person_id {uuid} NOT NULL,
    organisation_id {uuid},
    seller_kind text NOT NULL,
    state text NOT NULL,
    held text,
    version bigint NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    category text NOT NULL,
    root text NOT NULL,
    condition text,
    defects text NOT NULL,
    origin text,
    price_fen bigint,
    original_price_fen bigint,
    negotiable boolean NOT NULL,
    delivery text NOT NULL,
    freight text,
    district text,
    subdistrict text,
    lat double precision,
    lon double precision,
    returns text,
    returns_note text NOT NULL,
    attributes text NOT NULL,
    brand text NOT NULL,
    model text NOT NULL,
    quantity integer NOT NULL,
    age_months integer,
    reason text NOT NULL,
    statements text NOT NULL,
    badges text NOT NULL,
    external_id text,
    views bigint NOT NULL,
    watches bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    published_at bigint,
    expires_at bigint,
    closed_at bigint
);
CREATE UNIQUE INDEX listing_live_item ON listing (item_id) WHERE state IN ('draft', 'published', 'reserved');
CREATE UNIQUE INDEX listing_external ON listing (person_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX listing_fresh ON listing (published_at DESC, id DESC) WHERE state = 'published' AND held IS NULL;
CREATE INDEX listing_in_category ON listing (category, published_at DESC, id DESC) WHERE state = 'published' AND held IS NULL;
CREATE INDEX listing_in_root ON listing (root, published_at DESC, id DESC) WHERE state = 'published' AND held IS NULL;
CREATE INDEX listing_in_district ON listing (district, published_at DESC, id DESC) WHERE state = 'published' AND held IS NULL;
CREATE INDEX listing_of_person ON listing (person_id, state, updated_at DESC, id DESC);
CREATE INDEX listing_of_shop ON listing (organisation_id, state, updated_at DESC, id DESC) WHERE organisation_id IS NOT NULL;
CREATE INDEX listing_comparable ON listing (category, brand, model, published_at DESC) WHERE state IN ('published', 'sold');
CREATE INDEX listing_comparable_in_category ON listing (category, published_at DESC) WHERE state IN ('published', 'sold');
CREATE INDEX listing_sold ON listing (closed_at) WHERE state = 'sold';
CREATE INDEX listing_due ON listing (expires_at) WHERE state = 'published';
CREATE INDEX listing_waiting ON listing (updated_at, id) WHERE held IS NOT NULL;
CREATE TABLE photo (
    id {uuid} NOT NULL PRIMARY KEY,
    listing_id {uuid} NOT NULL REFERENCES listing (id),
    position integer NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    colour text NOT NULL,
    perceptual_hash bigint NOT NULL,
    widths text NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX photo_of_listing ON photo (listing_id, position);
CREATE TABLE watch (
    person_id {uuid} NOT NULL,
    listing_id {uuid} NOT NULL REFERENCES listing (id),
    at bigint NOT NULL,
    PRIMARY KEY (person_id, listing_id)
);
CREATE INDEX watch_of_person ON watch (person_id, at DESC, listing_id DESC);
CREATE INDEX watch_of_listing ON watch (listing_id);
CREATE TABLE price_point (
    listing_id {uuid} NOT NULL REFERENCES listing (id),
    at bigint NOT NULL,
    price_fen bigint NOT NULL,
    PRIMARY KEY (listing_id, at)
);
CREATE TABLE decision (
    id {uuid} NOT NULL PRIMARY KEY,
    listing_id {uuid} NOT NULL REFERENCES listing (id),
    moderator_id {uuid} NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX decision_on_listing ON decision (listing_id, at)";
