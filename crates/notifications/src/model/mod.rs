//! Which event tells whom what, and what a webhook is. Pure.

mod address;
mod excerpt;
mod filter;
mod limits;
mod message;
mod payload;
mod rules;
pub mod signature;
mod webhook;

pub use address::is_public;
pub use excerpt::{EXCERPT_BYTES, excerpt};
pub use filter::{EventFilter, FilterError, PUBLISHED, is_published};
pub use limits::Limits;
pub use message::{Args, yuan};
pub use payload::{Parties, Payload};
pub use rules::{
    About, Gather, Known, ListingFacts, Mailing, OrderFacts, RULES, Rule, Told, Topic, When, Whom, may_tell,
    name_of, rules_for, told,
};
pub use webhook::{DeliveryState, WebhookState};

use luhuan_kernel::Event;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The id of an event, the same whenever it is asked for: a `UUIDv7` of its instant, the rest from a hash of its place
/// and name. The outbox numbers events, but a number would tell strangers how much happens.
#[must_use]
pub fn event_id(event: &Event) -> Uuid {
    let mut digest = Sha256::new();
    digest.update(event.position.sequence.to_le_bytes());
    digest.update(event.at.micros().to_le_bytes());
    digest.update(event.name.as_bytes());
    digest.update([0]);
    digest.update(event.subject.as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&digest.finalize()[..10]);
    let millis = u64::try_from(event.at.micros() / 1000).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use luhuan_kernel::{Position, Timestamp};

    use super::*;

    #[test]
    fn an_event_keeps_its_id_and_another_has_another() {
        let event = |sequence| Event {
            position: Position { transaction: 0, sequence },
            name: "trade.order-paid".into(),
            subject: "x".into(),
            payload: serde_json::Value::Null,
            at: Timestamp::from_micros(1_767_225_600_000_000),
        };
        assert_eq!(event_id(&event(1)), event_id(&event(1)));
        assert_ne!(event_id(&event(1)), event_id(&event(2)));
        assert_eq!(event_id(&event(1)).get_version_num(), 7);
    }
}
