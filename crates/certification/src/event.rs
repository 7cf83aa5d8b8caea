//! What certification tells the others.

use luhuan_kernel::{EventKind, Id, Organisation};
use serde::{Deserialize, Serialize};

use crate::{
    Application, Objection,
    model::{CertificateEvent, CertificateState, State},
};

/// Something happened. Statistics, notifications and the trust chain follow these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum CertificationEvent {
    /// A mall began an application.
    Begun {
        /// Which.
        application: Id<Application>,
        /// Whose.
        mall: Id<Organisation>,
    },
    /// An application moved to another state.
    Moved {
        /// Which.
        application: Id<Application>,
        /// Whose.
        mall: Id<Organisation>,
        /// From where.
        from: State,
        /// To where.
        to: State,
    },
    /// A step is due soon.
    Reminded {
        /// Which.
        application: Id<Application>,
        /// Where it stands.
        state: State,
    },
    /// A step is overdue, and on the office's list.
    Escalated {
        /// Which.
        application: Id<Application>,
        /// Where it stands.
        state: State,
    },
    /// Somebody objected.
    Objected {
        /// To which application or its certificate.
        application: Id<Application>,
        /// The case.
        objection: Id<Objection>,
    },
    /// A certificate was granted or changed. There is an entry of the register for each.
    Registered {
        /// The certificate's number.
        number: String,
        /// Its application.
        application: Id<Application>,
        /// Whose.
        mall: Id<Organisation>,
        /// What happened.
        event: CertificateEvent,
        /// Where it stands now.
        to: CertificateState,
        /// The entry of the register.
        entry: i64,
    },
}

impl EventKind for CertificationEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "certification.begun",
            Self::Moved { .. } => "certification.moved",
            Self::Reminded { .. } => "certification.reminded",
            Self::Escalated { .. } => "certification.escalated",
            Self::Objected { .. } => "certification.objected",
            Self::Registered { .. } => "certification.registered",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::Begun { application, .. }
            | Self::Moved { application, .. }
            | Self::Reminded { application, .. }
            | Self::Escalated { application, .. }
            | Self::Objected { application, .. } => application.to_string(),
            Self::Registered { number, .. } => number.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use luhuan_kernel::ManualClock;

    use super::*;

    #[test]
    fn an_event_reads_back_from_its_json() {
        let clock = ManualClock::at("2026-01-01T00:00:00Z");
        let event = CertificationEvent::Registered {
            number: "BJ-2026-0001".into(),
            application: Id::new(&clock),
            mall: Id::new(&clock),
            event: CertificateEvent::Grant,
            to: CertificateState::Active,
            entry: 7,
        };
        let json = serde_json::to_string(&event).unwrap();
        assert!(json.contains(r#""what":"registered""#) && json.contains(r#""to":"active""#));
        assert_eq!(serde_json::from_str::<CertificationEvent>(&json).unwrap(), event);
    }
}
