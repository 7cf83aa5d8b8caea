//! Trade: from "is it still there?" to money in the seller's hands, with nobody cheated.
//!
//! Two strangers talk, haggle and order; the buyer's money is held while the goods travel; what goes wrong is asked back,
//! disputed and decided; at the end each says what they think of the other. An order is a row of states moved by one
//! table ([`model::process::TABLE`]); money moves in the ledger, goods in the listings, all in one commit.
//!
//! Glossary:
//! - **conversation**: messages about a listing between one buyer and its seller; **block**, **report**: what ends it.
//! - **offer**: an amount that one side names; answered by a counter-offer, agreed, refused, or lapsed after a day.
//! - **order**: one or more things from one seller; its **process** is the table, its **clocks** are data by version.
//! - **held** money: paid and in the order's escrow; **settled**: gone to the seller, less the platform's **fee**.
//! - **handover**: in person, by a six-digit code that the buyer has and the seller types in.
//! - **flaws**: what the listing states; the buyer confirms them in a step of its own.
//! - **refund request**: the buyer asks for money, with or without the goods going back; the seller answers.
//! - **dispute**: evidence by both, then the **jury** (小法庭) or staff; a **ruling** divides what is held; one **appeal**.
//! - **review**: stars, tags and words, blind until both wrote or the time is over; never deleted.
//! - **invoice** (数电票): for the platform's fee or a shop's goods; a refund makes its red-letter counterpart.
//!
//! ```
//! use luhuan_trade::model::{By, Event, State};
//!
//! let step = State::Paid.step(Event::Ship, By::Seller)?;
//! assert!(step.effects.is_empty());
//! let refused = State::Created.step(Event::Ship, By::Seller).unwrap_err();
//! assert_eq!(refused.to_string(), "an order that is created cannot ship by seller");
//! # Ok::<(), luhuan_trade::model::IllegalStep>(())
//! ```

pub mod api;
pub mod entity;
mod error;
mod event;
mod invoicing;
pub mod model;
pub mod policy;
mod recycling;
mod service;

pub use error::Error;
pub use event::{JuryEvent, MessageEvent, OfferEvent, OrderEvent, ReviewEvent};
pub use invoicing::{FileIssuer, InvoiceIssuer, InvoiceRequest, Issued};
pub use recycling::{RecyclingItem, RecyclingOffer};
pub use service::{
    ActionView, Address, AnswerRefund, CLOCKS_JOB, Carrier, ClockView, ConversationCard, DisputeCard,
    DisputeQueue, DisputeView, EvidenceView, Figures, Handover, Heard, HeldMoney, INVOICE_JOB, InvoiceView,
    JuryCase, KeptTradePhoto, LineView, Live, MessageView, MoneyLine, NewDispute, NewInvoice, NewOffer,
    NewOrder, NewRefundRequest, NewReview, OfferView, OrderCard, OrderFilter, OrderView, PartyView,
    PaymentView, PhotoView, Quote, RefundRequestView, ReportVerdict, ReportView, ReviewView, Role,
    RulingView, SWEEP_JOB, SendMessage, Settings, Shipment, ThreadView, Trade, Unread,
};

use luhuan_kernel::{Locale, text::Source};

/// Marker of a conversation's id.
pub struct Conversation;
/// Marker of a message's id.
pub struct Message;
/// Marker of a photo in a conversation or in evidence.
pub struct TradePhoto;
/// Marker of a report's id.
pub struct Report;
/// Marker of an offer's id.
pub struct Offer;
/// Marker of an order's id.
pub struct Order;
/// Marker of a refund request's id.
pub struct RefundRequest;
/// Marker of a dispute's id.
pub struct Dispute;
/// Marker of a piece of evidence.
pub struct Evidence;
/// Marker of a ruling's id.
pub struct Ruled;
/// Marker of a review's id.
pub struct Review;
/// Marker of an invoice's id.
pub struct Invoice;

/// This context's sentences.
pub const TEXTS: [Source; 2] = [
    Source { locale: Locale::ZhCn, ftl: include_str!("../i18n/zh-CN.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../i18n/en.ftl") },
];
