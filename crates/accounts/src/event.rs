//! What the accounts tell the others. No personal data: who wants a name asks for it while it is there.

use luhuan_kernel::{EventKind, Id, Organisation, OrganisationKind, OrganisationRole, Person, Role};
use serde::{Deserialize, Serialize};

use crate::model::SellerKind;

/// Something happened to a person or an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum AccountsEvent {
    /// Somebody has an account now.
    PersonSignedUp {
        /// Who.
        person: Id<Person>,
    },
    /// A login was shown to be the person's own.
    LoginVerified {
        /// Whose.
        person: Id<Person>,
    },
    /// Somebody signed in from a kind of device from which this person was not signed in, beside others that are.
    SignedIn {
        /// Who.
        person: Id<Person>,
    },
    /// Name, place or language changed.
    ProfileChanged {
        /// Whose.
        person: Id<Person>,
    },
    /// The person sells as another kind of seller now.
    SellerKindChanged {
        /// Who.
        person: Id<Person>,
        /// As what.
        kind: SellerKind,
    },
    /// A consent was given.
    ConsentGiven {
        /// By whom.
        person: Id<Person>,
        /// To what.
        purpose: String,
        /// In which version.
        version: String,
    },
    /// A consent was withdrawn: whoever relies on it stops now (PIPL art. 15).
    ConsentWithdrawn {
        /// By whom.
        person: Id<Person>,
        /// To what.
        purpose: String,
    },
    /// The account was erased: every context forgets the person or keeps a pseudonym (PIPL art. 47).
    PersonErased {
        /// Who.
        person: Id<Person>,
    },
    /// A city-wide role was granted.
    RoleGranted {
        /// To whom.
        person: Id<Person>,
        /// Which.
        role: Role,
    },
    /// A city-wide role was taken back.
    RoleRevoked {
        /// From whom.
        person: Id<Person>,
        /// Which.
        role: Role,
    },
    /// An organisation was founded.
    OrganisationCreated {
        /// Which.
        organisation: Id<Organisation>,
        /// What it is.
        kind: OrganisationKind,
    },
    /// Its name or licence changed.
    OrganisationChanged {
        /// Which.
        organisation: Id<Organisation>,
    },
    /// Its last member left it.
    OrganisationClosed {
        /// Which.
        organisation: Id<Organisation>,
    },
    /// Somebody joined, or has another role now.
    MemberPlaced {
        /// Where.
        organisation: Id<Organisation>,
        /// Who.
        person: Id<Person>,
        /// As what.
        role: OrganisationRole,
    },
    /// Somebody left or was taken out.
    MemberRemoved {
        /// From where.
        organisation: Id<Organisation>,
        /// Who.
        person: Id<Person>,
    },
}

impl EventKind for AccountsEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::PersonSignedUp { .. } => "accounts.person-signed-up",
            Self::LoginVerified { .. } => "accounts.login-verified",
            Self::SignedIn { .. } => "accounts.signed-in",
            Self::ProfileChanged { .. } => "accounts.profile-changed",
            Self::SellerKindChanged { .. } => "accounts.seller-kind-changed",
            Self::ConsentGiven { .. } => "accounts.consent-given",
            Self::ConsentWithdrawn { .. } => "accounts.consent-withdrawn",
            Self::PersonErased { .. } => "accounts.person-erased",
            Self::RoleGranted { .. } => "accounts.role-granted",
            Self::RoleRevoked { .. } => "accounts.role-revoked",
            Self::OrganisationCreated { .. } => "accounts.organisation-created",
            Self::OrganisationChanged { .. } => "accounts.organisation-changed",
            Self::OrganisationClosed { .. } => "accounts.organisation-closed",
            Self::MemberPlaced { .. } => "accounts.member-placed",
            Self::MemberRemoved { .. } => "accounts.member-removed",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::PersonSignedUp { person }
            | Self::LoginVerified { person }
            | Self::SignedIn { person }
            | Self::ProfileChanged { person }
            | Self::SellerKindChanged { person, .. }
            | Self::ConsentGiven { person, .. }
            | Self::ConsentWithdrawn { person, .. }
            | Self::PersonErased { person }
            | Self::RoleGranted { person, .. }
            | Self::RoleRevoked { person, .. } => person.to_string(),
            Self::OrganisationCreated { organisation, .. }
            | Self::OrganisationChanged { organisation }
            | Self::OrganisationClosed { organisation }
            | Self::MemberPlaced { organisation, .. }
            | Self::MemberRemoved { organisation, .. } => organisation.to_string(),
        }
    }
}
