//! Which event tells whom what: the whole of it, row by row.

use std::collections::BTreeSet;

use luhuan_kernel::{Event, Id, Organisation, Person};
use uuid::Uuid;

use super::{Args, Payload};

/// What one may switch e-mails off by.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Offers, orders, payments, one's listings and what one watches.
    Trade,
    /// Conversations.
    Messages,
    /// Sign-ins, roles, organisations, webhooks.
    Account,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 3] = [Self::Trade, Self::Messages, Self::Account];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Trade => "trade",
            Self::Messages => "messages",
            Self::Account => "account",
        }
    }

    /// The topic with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.code() == code)
    }
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Who buys.
    Buyer,
    /// Who sells.
    Seller,
    /// Of buyer and seller the one whose side did not do it (`by`); both when neither did.
    Other,
    /// Of buyer and seller the one whose side it was (`by`).
    Doer,
    /// Buyer and seller.
    Both,
    /// The person in this field.
    Field(&'static str),
    /// Everybody in the list in this field.
    Each(&'static str),
    /// The person who owns the money in this field.
    Owner(&'static str),
    /// Who pays: named, or the buyer of the order that is paid for.
    Payer,
    /// Who offers the listing.
    Lister,
    /// Who watches the listing.
    Watchers,
}

/// In which case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// A field has a value.
    Is(&'static str, &'static str),
    /// A flag is set or not.
    Flag(&'static str, bool),
    /// A listing was withdrawn, and by a moderator.
    TakenDown,
    /// `to_fen` is below `from_fen`.
    Cheaper,
}

/// What a notification is about, and where its link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// An order.
    Order,
    /// An offer; its page is the conversation's or the listing's.
    Offer,
    /// A conversation.
    Conversation,
    /// A listing.
    Listing,
    /// One's wallet.
    Wallet,
    /// One's account.
    Account,
    /// A dispute that one is to judge.
    Dispute,
    /// A webhook.
    Webhook,
}

impl About {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Order,
        Self::Offer,
        Self::Conversation,
        Self::Listing,
        Self::Wallet,
        Self::Account,
        Self::Dispute,
        Self::Webhook,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Offer => "offer",
            Self::Conversation => "conversation",
            Self::Listing => "listing",
            Self::Wallet => "wallet",
            Self::Account => "account",
            Self::Dispute => "dispute",
            Self::Webhook => "webhook",
        }
    }

    /// What has this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.code() == code)
    }

    /// The page, relative to the server's address.
    #[must_use]
    pub fn link(self, id: Uuid) -> String {
        match self {
            Self::Order => format!("/orders/{id}"),
            Self::Offer => format!("/offers/{id}"),
            Self::Conversation => format!("/conversations/{id}"),
            Self::Listing => format!("/listings/{id}"),
            Self::Wallet => "/me/wallet".to_owned(),
            Self::Account => "/me".to_owned(),
            Self::Dispute => format!("/disputes/{id}"),
            Self::Webhook => format!("/me/webhooks/{id}"),
        }
    }

    /// The id of what an event tells a person about: by the field of that name, the order that is paid for, or its
    /// subject; of what one has but one, the person's own.
    fn of(self, event: &Event, payload: &Payload<'_>, person: Id<Person>) -> Option<Uuid> {
        let named = match self {
            Self::Wallet | Self::Account => Some(person.uuid()),
            Self::Order => payload.order(),
            about => payload.id(about.code()),
        };
        named.or_else(|| Uuid::try_parse(&event.subject).ok())
    }
}

/// Whether a notification may also go by e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailing {
    /// Unless the person switched the topic off.
    Wanted,
    /// Never: many would get it, and it can wait.
    Never,
}

/// Whether several become one while unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gather {
    /// Each stands alone.
    Each,
    /// Unread ones of the same kind about the same thing are one, with a count.
    Together,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The event's name, words joined by `-`.
    pub event: &'static str,
    /// In which case.
    pub when: When,
    /// Who is told.
    pub whom: Whom,
    /// What: the key `notification-{kind}` of the translations.
    pub kind: &'static str,
    /// What it is about.
    pub about: About,
    /// What it belongs to.
    pub topic: Topic,
    /// Whether by e-mail too.
    pub mailing: Mailing,
    /// Whether several become one.
    pub gather: Gather,
}

const fn rule(event: &'static str, whom: Whom, kind: &'static str, about: About, topic: Topic) -> Rule {
    Rule {
        event,
        when: When::Always,
        whom,
        kind,
        about,
        topic,
        mailing: Mailing::Wanted,
        gather: Gather::Each,
    }
}

const fn trade(event: &'static str, whom: Whom, kind: &'static str) -> Rule {
    rule(event, whom, kind, About::Order, Topic::Trade)
}

const fn offer(event: &'static str, whom: Whom, kind: &'static str) -> Rule {
    rule(event, whom, kind, About::Offer, Topic::Trade)
}

const fn wallet(event: &'static str, whom: Whom, kind: &'static str) -> Rule {
    rule(event, whom, kind, About::Wallet, Topic::Trade)
}

const fn listing(event: &'static str, when: When, whom: Whom, kind: &'static str) -> Rule {
    Rule { when, ..rule(event, whom, kind, About::Listing, Topic::Trade) }
}

const fn account(event: &'static str, kind: &'static str) -> Rule {
    rule(event, Whom::Field("person"), kind, About::Account, Topic::Account)
}

/// Every rule. An event without a row tells nobody.
pub const RULES: &[Rule] = &[
    offer("trade.offer-made", Whom::Seller, "offer-made"),
    offer("trade.offer-countered", Whom::Other, "offer-countered"),
    offer("trade.offer-accepted", Whom::Other, "offer-accepted"),
    offer("trade.offer-declined", Whom::Other, "offer-declined"),
    offer("trade.offer-lapsed", Whom::Buyer, "offer-lapsed"),
    Rule {
        gather: Gather::Together,
        ..rule("trade.message-sent", Whom::Field("to"), "message", About::Conversation, Topic::Messages)
    },
    trade("trade.order-created", Whom::Seller, "order-created"),
    trade("trade.order-to-pay-at-handover", Whom::Seller, "order-to-pay-at-handover"),
    trade("trade.order-paid", Whom::Seller, "order-paid"),
    trade("trade.order-expired", Whom::Both, "order-expired"),
    trade("trade.order-cancelled", Whom::Other, "order-cancelled"),
    trade("trade.order-shipped", Whom::Buyer, "order-shipped"),
    trade("trade.order-arranged", Whom::Other, "order-arranged"),
    trade("trade.order-checked-in", Whom::Other, "order-checked-in"),
    trade("trade.order-handed-over", Whom::Both, "order-handed-over"),
    trade("trade.order-received", Whom::Seller, "order-received"),
    trade("trade.order-extended", Whom::Seller, "order-extended"),
    trade("trade.order-settled", Whom::Seller, "order-settled"),
    trade("trade.order-refund-requested", Whom::Seller, "refund-requested"),
    trade("trade.order-refund-withdrawn", Whom::Seller, "refund-withdrawn"),
    trade("trade.order-refund-refused", Whom::Buyer, "refund-refused"),
    trade("trade.order-return-agreed", Whom::Buyer, "return-agreed"),
    trade("trade.order-return-lapsed", Whom::Both, "return-lapsed"),
    trade("trade.order-sent-back", Whom::Seller, "order-sent-back"),
    trade("trade.order-refunded", Whom::Buyer, "order-refunded"),
    trade("trade.order-dispute-opened", Whom::Other, "dispute-opened"),
    trade("trade.order-dispute-dropped", Whom::Other, "dispute-dropped"),
    trade("trade.order-jury-called", Whom::Both, "jury-called"),
    trade("trade.order-dispute-referred", Whom::Both, "dispute-referred"),
    trade("trade.order-dispute-resolved", Whom::Both, "dispute-resolved"),
    trade("trade.order-ruling-accepted", Whom::Other, "ruling-accepted"),
    trade("trade.order-appealed", Whom::Other, "ruling-appealed"),
    trade("trade.order-reviewed", Whom::Other, "order-reviewed"),
    trade("trade.review-replied", Whom::Other, "review-replied"),
    trade("trade.review-hidden", Whom::Doer, "review-hidden"),
    rule("trade.jury-drawn", Whom::Each("jurors"), "jury-drawn", About::Dispute, Topic::Trade),
    trade("payment.declined", Whom::Payer, "payment-declined"),
    trade("payment.failed", Whom::Payer, "payment-failed"),
    trade("payment.unknown", Whom::Payer, "payment-unknown"),
    Rule {
        when: When::Is("purpose_kind", "top-up"),
        ..wallet("payment.succeeded", Whom::Payer, "topped-up")
    },
    trade("refund.settled", Whom::Payer, "refund-settled"),
    trade("refund.failed", Whom::Payer, "refund-failed"),
    wallet("payout.paid", Whom::Owner("owner"), "payout-paid"),
    wallet("payout.failed", Whom::Owner("owner"), "payout-failed"),
    wallet("ledger.points-ending", Whom::Owner("owner"), "points-ending"),
    listing("listing.moved", When::Is("to", "expired"), Whom::Lister, "listing-expired"),
    listing("listing.moved", When::TakenDown, Whom::Lister, "listing-taken-down"),
    listing("listing.held", When::Flag("held", true), Whom::Lister, "listing-held"),
    listing("listing.held", When::Flag("held", false), Whom::Lister, "listing-cleared"),
    Rule {
        mailing: Mailing::Never,
        ..listing("listing.repriced", When::Cheaper, Whom::Watchers, "price-dropped")
    },
    account("accounts.signed-in", "signed-in"),
    account("accounts.role-granted", "role-granted"),
    account("accounts.role-revoked", "role-revoked"),
    account("accounts.member-placed", "member-placed"),
    account("accounts.member-removed", "member-removed"),
    rule(
        "notifications.webhook-failing",
        Whom::Field("person"),
        "webhook-failing",
        About::Webhook,
        Topic::Account,
    ),
];

/// An event's name with its words joined by `-`, as the rules write it.
#[must_use]
pub fn name_of(name: &str) -> String {
    name.replace('_', "-")
}

/// What is known of a listing, beyond what an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingFacts {
    /// Who offers it.
    pub seller: Id<Person>,
    /// The shop it is sold for.
    pub organisation: Option<Id<Organisation>>,
    /// Its title, as strangers see it.
    pub title: String,
    /// Whether it is off because a moderator took it down.
    pub taken_down: bool,
}

/// What is known of an order, beyond what an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFacts {
    /// Who buys.
    pub buyer: Id<Person>,
    /// Who sells.
    pub seller: Id<Person>,
    /// The shop that sells.
    pub organisation: Option<Id<Organisation>>,
}

/// What is known about one event.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Of its listing.
    pub listing: Option<&'a ListingFacts>,
    /// Of its order.
    pub order: Option<&'a OrderFacts>,
    /// Who watches its listing.
    pub watchers: &'a [Id<Person>],
}

/// A notification to be written.
#[derive(Clone, Debug)]
pub struct Told {
    /// Whom.
    pub person: Id<Person>,
    /// By which rule.
    pub rule: &'static Rule,
    /// About which thing.
    pub subject: Uuid,
    /// The values of its sentence.
    pub args: Args,
}

/// The rules that an event falls under.
pub fn rules_for(event: &Event) -> impl Iterator<Item = &'static Rule> {
    let name = name_of(&event.name);
    RULES.iter().filter(move |rule| rule.event == name)
}

/// Whether an event may tell anybody anything, before more is known than it says.
#[must_use]
pub fn may_tell(event: &Event) -> bool {
    rules_for(event).any(|rule| rule.when.may_hold(&Payload::of(&event.payload)))
}

/// What an event tells whom. Nobody hears of what they did themselves.
#[must_use]
pub fn told(event: &Event, known: Known<'_>) -> Vec<Told> {
    let payload = Payload::of(&event.payload);
    rules_for(event)
        .filter(|rule| rule.when.holds(&payload, known))
        .flat_map(|rule| rule.whom.of(&payload, known).into_iter().map(move |person| (rule, person)))
        .filter_map(|(rule, person)| {
            let subject = rule.about.of(event, &payload, person)?;
            Some(Told { person, rule, subject, args: Args::of(&payload) })
        })
        .collect()
}

impl When {
    /// Whether it may come true, for all that the event itself says: only then is anybody asked for more.
    pub(crate) fn may_hold(self, payload: &Payload<'_>) -> bool {
        match self {
            Self::TakenDown => payload.text("to") == Some("withdrawn"),
            _ => self.holds(payload, Known::default()),
        }
    }

    fn holds(self, payload: &Payload<'_>, known: Known<'_>) -> bool {
        match self {
            Self::Always => true,
            Self::Is(field, value) => payload.text(field).is_some_and(|text| name_of(text) == value),
            Self::Flag(field, value) => payload.flag(field) == Some(value),
            Self::TakenDown => {
                self.may_hold(payload) && known.listing.is_some_and(|listing| listing.taken_down)
            }
            Self::Cheaper => match (payload.fen("from_fen"), payload.fen("to_fen")) {
                (Some(from), Some(to)) => to < from,
                _ => false,
            },
        }
    }
}

impl Whom {
    fn of(self, payload: &Payload<'_>, known: Known<'_>) -> BTreeSet<Id<Person>> {
        let buyer = payload.person("buyer").or(known.order.map(|order| order.buyer));
        let seller = payload
            .person("seller")
            .or(known.order.map(|order| order.seller))
            .or(known.listing.map(|listing| listing.seller));
        let sides = [("buyer", buyer), ("seller", seller)];
        let did_it = |side: &str| payload.text("by") == Some(side);
        let of_sides = |wanted: &dyn Fn(&str) -> bool| {
            sides.iter().filter(|(side, _)| wanted(side)).filter_map(|(_, person)| *person).collect()
        };
        match self {
            Self::Buyer => buyer.into_iter().collect(),
            Self::Seller => seller.into_iter().collect(),
            Self::Both => of_sides(&|_| true),
            Self::Other => of_sides(&|side| !did_it(side)),
            Self::Doer => of_sides(&did_it),
            Self::Each(field) => payload.people(field).into_iter().collect(),
            Self::Owner(field) => payload.owner(field).into_iter().collect(),
            Self::Field(field) => payload.person(field).into_iter().collect(),
            Self::Payer => payload.person("payer").or(buyer).into_iter().collect(),
            Self::Lister => known.listing.map(|listing| listing.seller).into_iter().collect(),
            Self::Watchers => known.watchers.iter().copied().collect(),
        }
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
