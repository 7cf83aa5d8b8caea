//! What happened is told: in a person's inbox, by e-mail, and to integrators' programs.
//!
//! One reader goes through the outbox of all contexts in commit order. From each event it writes, in one commit with
//! its new place, the inbox rows of the people it concerns and the deliveries of the webhooks that asked for it.
//! E-mails and posts follow as jobs. It knows the other contexts by their events alone, read leniently: an event that
//! it does not know is passed over.
//!
//! Glossary:
//! - **notification**: a row in one person's inbox (站内信), of a *kind*, about a *subject*; its sentence is made when
//!   it is read, in the reader's language.
//! - **topic**: trade, messages or account; what one may switch e-mails off by.
//! - **rule**: which event tells whom what; see [`model::RULES`].
//! - **gathering**: several unread messages of one conversation are one notification with a count.
//! - **webhook**: an address of an integrator that is posted what happens to its owner (a person or an organisation).
//! - **delivery**: one event on its way to one webhook; numbered per webhook, in commit order.
//! - **replay**: a delivery made again, with the same event id.
//! - **signature**: HMAC-SHA256 over time and body; see [`model::signature`].
//! - **mailer**, **directory**, **facts**: what this context asks of others, as ports.
//! - **live**: a page hears at once that its badge has changed.
//!
//! ```
//! use luhuan_notifications::model::signature;
//!
//! let header = signature::header(1_767_225_600, b"{}", &[b"whsec_one"]);
//! assert!(signature::verify(b"whsec_one", &header, b"{}", 1_767_225_601, 300));
//! assert!(!signature::verify(b"whsec_two", &header, b"{}", 1_767_225_601, 300));
//! ```

pub mod api;
mod courier;
pub mod entity;
mod error;
mod event;
mod mailer;
pub mod model;
pub mod policy;
mod ports;
mod service;

pub use courier::{Courier, Reach, Receipt, Unreached};
pub use error::Error;
pub use event::NotificationsEvent;
pub use mailer::{ConsoleMailer, Mail, MailError, Mailer, SmtpMailer};
pub use ports::{Contact, Directory, Facts, ListingFacts, OrderFacts, Ports};
pub use service::{
    ChangeWebhook, CreateWebhook, DELIVER_WEBHOOKS, DeliveryFilter, FeedError, Live, MailPreferences,
    MarkRead, MintedWebhook, NotificationFilter, NotificationView, Notifications, Replay, SEND_MAIL,
    Settings,
};

use luhuan_kernel::{Locale, text::Source};

/// Marker of a notification's id.
pub struct Notification;
/// Marker of a webhook endpoint's id.
pub struct Webhook;
/// Marker of a delivery's id.
pub struct Delivery;

/// This context's sentences.
pub const TEXTS: [Source; 2] = [
    Source { locale: Locale::ZhCn, ftl: include_str!("../i18n/zh-CN.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../i18n/en.ftl") },
];
