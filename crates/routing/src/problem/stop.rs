//! A place to visit.

use super::{Load, Location, TimeWindow, VehicleId};

/// One visit to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Stop {
    /// The caller's own name of it; unique.
    pub key: String,
    /// Where.
    pub location: Location,
    /// Time spent there once service starts.
    pub service: i64,
    /// When service may start; any one of them will do. Empty: at any time. Sorted and merged by the builder.
    pub windows: Vec<TimeWindow>,
    /// When what is brought there is ready at the depot: a trip leaves no earlier than the latest of its stops.
    pub release: Option<i64>,
    /// Loaded at the start of the trip and handed over here.
    pub delivery: Load,
    /// Collected here and unloaded at the end of the trip (or, for the first stop of a pair, at the second).
    pub pickup: Load,
    /// Whether it must be served.
    pub serve: Serve,
    /// What a vehicle must be able to do, a bit each (two-person lift, hazardous goods, ...).
    pub skills: u64,
    /// Which vehicles may come.
    pub eligible: Eligible,
}

/// Whether a stop must be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Serve {
    /// It must, if at all possible. Where not all can be, the higher priority goes first.
    Required {
        /// 0 is ordinary; each step makes leaving it out dearer by the objective's price once more.
        priority: u8,
    },
    /// It may be left out, at this cost.
    Prize(i64),
}

/// Which vehicles may visit a stop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Eligible {
    /// Each with the skills.
    #[default]
    Any,
    /// Only these; a single one locks the stop to it.
    Only(Vec<VehicleId>),
    /// All but these.
    Not(Vec<VehicleId>),
}

impl Eligible {
    /// Whether this vehicle is among them.
    #[must_use]
    pub fn admits(&self, vehicle: VehicleId) -> bool {
        match self {
            Self::Any => true,
            Self::Only(these) => these.contains(&vehicle),
            Self::Not(these) => !these.contains(&vehicle),
        }
    }
}

impl Stop {
    /// A required stop that takes no time, has no window and no load: set what differs.
    #[must_use]
    pub fn at(key: impl Into<String>, location: Location) -> Self {
        Self {
            key: key.into(),
            location,
            service: 0,
            windows: Vec::new(),
            release: None,
            delivery: Load::ZERO,
            pickup: Load::ZERO,
            serve: Serve::Required { priority: 0 },
            skills: 0,
            eligible: Eligible::Any,
        }
    }

    /// The first window in which service can start at `time` or later, and when; `None` after the last.
    #[must_use]
    pub fn first_start(&self, time: i64) -> Option<i64> {
        if self.windows.is_empty() {
            return Some(time);
        }
        self.windows.iter().find(|window| window.end >= time).map(|window| window.start.max(time))
    }
}
