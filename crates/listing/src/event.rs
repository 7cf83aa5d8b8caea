//! What listings tell the others.

use luhuan_kernel::{EventKind, Id};
use serde::{Deserialize, Serialize};

use crate::{Listing, model::State};

/// Something happened to a listing. Search, statistics and watchers follow these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum ListingEvent {
    /// A listing was drafted.
    Drafted {
        /// Which.
        listing: Id<Listing>,
    },
    /// It moved to another state.
    Moved {
        /// Which.
        listing: Id<Listing>,
        /// From where.
        from: State,
        /// To where.
        to: State,
    },
    /// Its words, photos or conditions changed.
    Edited {
        /// Which.
        listing: Id<Listing>,
    },
    /// Its price changed.
    Repriced {
        /// Which.
        listing: Id<Listing>,
        /// Before, in fen.
        from_fen: i64,
        /// Now, in fen.
        to_fen: i64,
    },
    /// A moderator's hold was placed or lifted.
    Held {
        /// Which.
        listing: Id<Listing>,
        /// Whether it waits for a moderator now.
        held: bool,
    },
}

impl ListingEvent {
    /// The listing it is about.
    #[must_use]
    pub const fn listing(&self) -> Id<Listing> {
        match self {
            Self::Drafted { listing }
            | Self::Moved { listing, .. }
            | Self::Edited { listing }
            | Self::Repriced { listing, .. }
            | Self::Held { listing, .. } => *listing,
        }
    }
}

impl EventKind for ListingEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Drafted { .. } => "listing.drafted",
            Self::Moved { .. } => "listing.moved",
            Self::Edited { .. } => "listing.edited",
            Self::Repriced { .. } => "listing.repriced",
            Self::Held { .. } => "listing.held",
        }
    }

    fn subject(&self) -> String {
        self.listing().to_string()
    }
}
