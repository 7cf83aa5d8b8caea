//! What one context tells the others.

use serde::{Serialize, de::DeserializeOwned};

use crate::Timestamp;

/// A kind of event that a context emits. The payload is JSON; fields are added, never renamed or removed,
/// since events of last year are read by the program of today.
pub trait EventKind: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable name, `context.what-happened`: `listing.published`.
    fn name(&self) -> &'static str;

    /// The id of the thing it happened to, as text.
    fn subject(&self) -> String;
}

/// A place in the outbox. Order by it is commit order, and nothing appears before a place already read.
///
/// On PostgreSQL sequence numbers are handed out before commit, so the transaction comes first and only finished
/// transactions are read; on SQLite, with its one writer, the transaction is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
pub struct Position {
    /// The database transaction.
    pub transaction: i64,
    /// The running number.
    pub sequence: i64,
}

/// An event as the outbox hands it to a subscriber.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its place in the outbox.
    pub position: Position,
    /// The stable name.
    pub name: String,
    /// The id of the thing it happened to.
    pub subject: String,
    /// What happened.
    pub payload: serde_json::Value,
    /// When.
    pub at: Timestamp,
}
