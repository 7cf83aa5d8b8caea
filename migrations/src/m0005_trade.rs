//! Conversations, offers, orders with their refunds, disputes, reviews and invoices.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, SCRIPT).await
    }
}

/// `conversation_once`: one for a listing and a buyer. `conversation_of_buyer`, `_of_seller`, `_of_shop`: one's own, newest first.
/// `conversation_stale`: what is forgotten. `message_in_conversation`: a thread. `trade_report_open`: what waits for a moderator.
/// `offer_once`: one at a time for a listing and a buyer. `offer_of_buyer`, `_of_seller`, `_of_shop`, `_on_listing`: lists. `offer_due`: lapsing.
/// `trade_order_of_buyer`, `_of_seller`, `_of_shop`: one's own, newest first. `trade_order_due`: clocks. `trade_order_in_dispute`: the queue of staff.
/// `trade_order_between`: whether two have traded. `trade_line_of_listing`: the orders of a listing.
/// `refund_request_open`: one at a time. `dispute_of_order`, `jury_seat_of_person`, `review_about_*`: figures and lists. `invoice_of_order`: an order's.
const SCRIPT: &str = "
CREATE TABLE conversation (
    id {uuid} NOT NULL PRIMARY KEY,
    listing_id {uuid} NOT NULL,
    buyer_id {uuid} NOT NULL,
    seller_id {uuid} NOT NULL,
    seller_shop {uuid},
    messages integer NOT NULL,
    buyer_unread integer NOT NULL,
    seller_unread integer NOT NULL,
    warned text,
    last_text text NOT NULL,
    created_at bigint NOT NULL,
    last_at bigint NOT NULL
);
CREATE UNIQUE INDEX conversation_once ON conversation (listing_id, buyer_id);
CREATE INDEX conversation_of_buyer ON conversation (buyer_id, last_at DESC, id DESC);
CREATE INDEX conversation_of_seller ON conversation (seller_id, last_at DESC, id DESC);
CREATE INDEX conversation_of_shop ON conversation (seller_shop, last_at DESC, id DESC) WHERE seller_shop IS NOT NULL;
CREATE INDEX conversation_stale ON conversation (last_at);
CREATE TABLE message (
    id {uuid} NOT NULL PRIMARY KEY,
    conversation_id {uuid} NOT NULL REFERENCES conversation (id),
    number integer NOT NULL,
    person_id {uuid} NOT NULL,
    by_side text NOT NULL,
    text text NOT NULL,
    photos text NOT NULL,
    warned text,
    hidden text,
    at bigint NOT NULL
);
CREATE UNIQUE INDEX message_in_conversation ON message (conversation_id, number);
CREATE INDEX message_of_person ON message (person_id);
CREATE TABLE trade_photo (
    id {uuid} NOT NULL PRIMARY KEY,
    conversation_id {uuid},
    order_id {uuid},
    person_id {uuid} NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    colour text NOT NULL,
    widths text NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX trade_photo_of_conversation ON trade_photo (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE TABLE person_block (
    person_id {uuid} NOT NULL,
    blocked_id {uuid} NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (person_id, blocked_id)
);
CREATE TABLE trade_report (
    id {uuid} NOT NULL PRIMARY KEY,
    conversation_id {uuid} NOT NULL REFERENCES conversation (id),
    message_id {uuid},
    person_id {uuid} NOT NULL,
    about_id {uuid} NOT NULL,
    reason text NOT NULL,
    words text NOT NULL,
    state text NOT NULL,
    outcome text NOT NULL,
    decided_by {uuid},
    created_at bigint NOT NULL,
    decided_at bigint
);
CREATE INDEX trade_report_open ON trade_report (created_at, id) WHERE state = 'open';
CREATE TABLE offer (
    id {uuid} NOT NULL PRIMARY KEY,
    listing_id {uuid} NOT NULL,
    buyer_id {uuid} NOT NULL,
    seller_id {uuid} NOT NULL,
    seller_shop {uuid},
    state text NOT NULL,
    amount_fen bigint NOT NULL,
    spoke text NOT NULL,
    rounds integer NOT NULL,
    clocks_version integer NOT NULL,
    order_id {uuid},
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    due_at bigint
);
CREATE UNIQUE INDEX offer_once ON offer (listing_id, buyer_id) WHERE state IN ('open', 'accepted');
CREATE INDEX offer_of_buyer ON offer (buyer_id, updated_at DESC, id DESC);
CREATE INDEX offer_of_seller ON offer (seller_id, updated_at DESC, id DESC);
CREATE INDEX offer_of_shop ON offer (seller_shop, updated_at DESC, id DESC) WHERE seller_shop IS NOT NULL;
CREATE INDEX offer_on_listing ON offer (listing_id, updated_at DESC, id DESC);
CREATE INDEX offer_due ON offer (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE trade_order (
    id {uuid} NOT NULL PRIMARY KEY,
    buyer_id {uuid} NOT NULL,
    seller_id {uuid} NOT NULL,
    seller_shop {uuid},
    seller_kind text NOT NULL,
    listing_id {uuid} NOT NULL,
    things integer NOT NULL,
    title text NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    entered_at bigint NOT NULL,
    due_at bigint,
    due_event text,
    back_state text,
    back_elapsed bigint,
    clocks_version integer NOT NULL,
    goods_fen bigint NOT NULL,
    freight_fen bigint NOT NULL,
    total_fen bigint NOT NULL,
    fee_version integer NOT NULL,
    fee_ppm integer NOT NULL,
    fee_cap_fen bigint NOT NULL,
    fee_fen bigint NOT NULL,
    held_fen bigint NOT NULL CHECK (held_fen >= 0),
    refunded_fen bigint NOT NULL CHECK (refunded_fen >= 0),
    seller_fen bigint NOT NULL CHECK (seller_fen >= 0),
    charged_fen bigint NOT NULL CHECK (charged_fen >= 0),
    offer_id {uuid},
    payment_id {uuid},
    provider text,
    delivery text NOT NULL,
    freight text,
    returnable boolean NOT NULL,
    returns text,
    flaws text NOT NULL,
    flaws_confirmed_at bigint,
    address_sealed text,
    carrier text,
    tracking text,
    extended boolean NOT NULL,
    meet_place text,
    meet_at bigint,
    code_sealed text,
    code_tries integer NOT NULL,
    buyer_here_at bigint,
    seller_here_at bigint,
    note text NOT NULL,
    steps text NOT NULL,
    created_at bigint NOT NULL,
    paid_at bigint,
    received_at bigint,
    settled_at bigint,
    ended_at bigint,
    updated_at bigint NOT NULL,
    CHECK (goods_fen + freight_fen = total_fen)
);
CREATE INDEX trade_order_of_buyer ON trade_order (buyer_id, id DESC);
CREATE INDEX trade_order_of_seller ON trade_order (seller_id, id DESC);
CREATE INDEX trade_order_of_shop ON trade_order (seller_shop, id DESC) WHERE seller_shop IS NOT NULL;
CREATE INDEX trade_order_between ON trade_order (buyer_id, seller_id);
CREATE INDEX trade_order_due ON trade_order (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX trade_order_in_dispute ON trade_order (state, entered_at, id) WHERE state IN ('disputed', 'jury', 'deciding', 'ruled', 'appealed');
CREATE TABLE trade_line (
    order_id {uuid} NOT NULL REFERENCES trade_order (id),
    listing_id {uuid} NOT NULL,
    item_id {uuid} NOT NULL,
    position integer NOT NULL,
    title text NOT NULL,
    condition text,
    category text NOT NULL,
    price_fen bigint NOT NULL,
    listing_version bigint NOT NULL,
    PRIMARY KEY (order_id, listing_id)
);
CREATE INDEX trade_line_of_listing ON trade_line (listing_id);
CREATE TABLE refund_request (
    id {uuid} NOT NULL PRIMARY KEY,
    order_id {uuid} NOT NULL REFERENCES trade_order (id),
    kind text NOT NULL,
    reason text NOT NULL,
    words text NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    state text NOT NULL,
    answer text NOT NULL,
    carrier text,
    tracking text,
    created_at bigint NOT NULL,
    answered_at bigint,
    ended_at bigint
);
CREATE UNIQUE INDEX refund_request_open ON refund_request (order_id) WHERE state IN ('open', 'agreed');
CREATE INDEX refund_request_of_order ON refund_request (order_id, id);
CREATE TABLE dispute (
    id {uuid} NOT NULL PRIMARY KEY,
    order_id {uuid} NOT NULL REFERENCES trade_order (id),
    opened_by text NOT NULL,
    person_id {uuid} NOT NULL,
    reason text NOT NULL,
    words text NOT NULL,
    claim_fen bigint NOT NULL,
    jury_buyer boolean NOT NULL,
    jury_seller boolean NOT NULL,
    seed text,
    accepted_buyer boolean NOT NULL,
    accepted_seller boolean NOT NULL,
    appealed_by text,
    appeal_words text NOT NULL,
    state text NOT NULL,
    created_at bigint NOT NULL,
    ended_at bigint
);
CREATE UNIQUE INDEX dispute_open ON dispute (order_id) WHERE state = 'open';
CREATE INDEX dispute_of_order ON dispute (order_id, id);
CREATE TABLE evidence (
    id {uuid} NOT NULL PRIMARY KEY,
    dispute_id {uuid} NOT NULL REFERENCES dispute (id),
    person_id {uuid} NOT NULL,
    by_side text NOT NULL,
    text text NOT NULL,
    photos text NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX evidence_of_dispute ON evidence (dispute_id, id);
CREATE TABLE ruling (
    id {uuid} NOT NULL PRIMARY KEY,
    dispute_id {uuid} NOT NULL REFERENCES dispute (id),
    stage text NOT NULL,
    by_side text NOT NULL,
    person_id {uuid},
    buyer_fen bigint NOT NULL CHECK (buyer_fen >= 0),
    reasons text NOT NULL,
    at bigint NOT NULL
);
CREATE UNIQUE INDEX ruling_once ON ruling (dispute_id, stage);
CREATE TABLE juror (
    person_id {uuid} NOT NULL PRIMARY KEY,
    since bigint NOT NULL,
    ended_at bigint
);
CREATE TABLE jury_seat (
    dispute_id {uuid} NOT NULL REFERENCES dispute (id),
    person_id {uuid} NOT NULL,
    vote text,
    reasons text NOT NULL,
    drawn_at bigint NOT NULL,
    voted_at bigint,
    PRIMARY KEY (dispute_id, person_id)
);
CREATE INDEX jury_seat_of_person ON jury_seat (person_id, drawn_at);
CREATE TABLE review (
    id {uuid} NOT NULL PRIMARY KEY,
    order_id {uuid} NOT NULL REFERENCES trade_order (id),
    by_side text NOT NULL,
    person_id {uuid} NOT NULL,
    about_id {uuid} NOT NULL,
    about_shop {uuid},
    stars integer NOT NULL CHECK (stars BETWEEN 1 AND 5),
    tags text NOT NULL,
    text text NOT NULL,
    reply text,
    hidden text,
    hidden_by {uuid},
    created_at bigint NOT NULL,
    shown_at bigint,
    replied_at bigint
);
CREATE UNIQUE INDEX review_once ON review (order_id, by_side);
CREATE INDEX review_about_person ON review (about_id, shown_at DESC, id DESC) WHERE shown_at IS NOT NULL;
CREATE INDEX review_about_shop ON review (about_shop, shown_at DESC, id DESC) WHERE shown_at IS NOT NULL AND about_shop IS NOT NULL;
CREATE INDEX review_of_person ON review (person_id);
CREATE TABLE invoice (
    id {uuid} NOT NULL PRIMARY KEY,
    order_id {uuid} NOT NULL REFERENCES trade_order (id),
    kind text NOT NULL,
    state text NOT NULL,
    red_of {uuid},
    seller_name text NOT NULL,
    seller_usc text,
    buyer_sealed text NOT NULL,
    lines text NOT NULL,
    gross_fen bigint NOT NULL,
    tax_fen bigint NOT NULL,
    number text,
    file text,
    failure text,
    person_id {uuid} NOT NULL,
    created_at bigint NOT NULL,
    issued_at bigint
);
CREATE INDEX invoice_of_order ON invoice (order_id, kind, id);
CREATE UNIQUE INDEX invoice_number ON invoice (number) WHERE number IS NOT NULL;
CREATE TABLE trade_place (
    name text NOT NULL PRIMARY KEY,
    tx bigint NOT NULL,
    sequence bigint NOT NULL
)";
