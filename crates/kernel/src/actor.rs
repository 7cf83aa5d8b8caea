//! Who asks.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Id, Locale};

/// Marker of a natural person's account.
pub struct Person;
/// Marker of an organisation: a shop, a recycler, a mall.
pub struct Organisation;
/// Marker of a sign-in session.
pub struct Session;

/// Who is asking, as far as the gateway could prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody signed in.
    Anonymous,
    /// A person with an account.
    Person(Id<Person>),
    /// The program itself: a job, an import, the command line. Named for the log.
    System(&'static str),
}

/// The asker of a command or query. Policies decide on it and on nothing else.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// The name to greet by; empty when nobody is signed in.
    pub name: String,
    /// City-wide roles.
    pub roles: BTreeSet<Role>,
    /// Organisations this person works for, and as what.
    pub memberships: Vec<Membership>,
    /// What the credential permits; a sign-in session permits all, an API token only what it was made for.
    pub scopes: BTreeSet<Scope>,
    /// The session, when one carries the request.
    pub session: Option<Id<Session>>,
    /// The language to answer in.
    pub locale: Locale,
}

impl Actor {
    /// Nobody.
    #[must_use]
    pub fn anonymous(locale: Locale) -> Self {
        Self {
            who: Who::Anonymous,
            name: String::new(),
            roles: BTreeSet::new(),
            memberships: Vec::new(),
            scopes: BTreeSet::new(),
            session: None,
            locale,
        }
    }

    /// The program itself.
    #[must_use]
    pub fn system(name: &'static str) -> Self {
        Self { who: Who::System(name), scopes: Scope::all(), ..Self::anonymous(Locale::ZhCn) }
    }

    /// A person by a full session, for tests and for what acts on a person's behalf.
    #[must_use]
    pub fn person(id: Id<Person>, roles: impl IntoIterator<Item = Role>) -> Self {
        Self {
            who: Who::Person(id),
            roles: roles.into_iter().collect(),
            scopes: Scope::all(),
            ..Self::anonymous(Locale::ZhCn)
        }
    }

    /// The person's id, if a person asks.
    #[must_use]
    pub fn person_id(&self) -> Option<Id<Person>> {
        match self.who {
            Who::Person(id) => Some(id),
            Who::Anonymous | Who::System(_) => None,
        }
    }

    /// Whether the program itself asks.
    #[must_use]
    pub fn is_system(&self) -> bool {
        matches!(self.who, Who::System(_))
    }

    /// Whether this is that person.
    #[must_use]
    pub fn is(&self, person: Id<Person>) -> bool {
        self.person_id() == Some(person)
    }

    /// Whether the asker holds a role in force.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the credential permits a scope.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// The asker's role in an organisation.
    #[must_use]
    pub fn role_in(&self, organisation: Id<Organisation>) -> Option<OrganisationRole> {
        self.memberships.iter().find(|m| m.organisation == organisation).map(|m| m.role)
    }

    /// A short text for logs and idempotency keys: who, without personal data.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.who {
            Who::Anonymous => "anonymous".to_owned(),
            Who::Person(id) => id.to_string(),
            Who::System(name) => format!("system:{name}"),
        }
    }
}

/// One organisation that a person works for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub organisation: Id<Organisation>,
    /// What kind it is.
    pub kind: OrganisationKind,
    /// As what.
    pub role: OrganisationRole,
}

// A code is taken as a token, not as a `literal`: the derive of the API's description does not look into the group that
// a literal fragment is wrapped in, and would name the variants instead.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code, in the API and the database.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The value with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// All values as a set.
            #[must_use]
            pub fn all() -> BTreeSet<Self> {
                Self::ALL.iter().copied().collect()
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                let known = || Self::ALL.iter().map(|v| v.code()).collect::<Vec<_>>().join(", ");
                Self::from_code(code).ok_or_else(|| format!("'{code}' is not one of: {}", known()))
            }
        }
    };
}

codes! {
    /// A city-wide role. Being a resident needs none.
    Role {
        /// Runs the installation: grants roles.
        Administrator = "administrator",
        /// Decides on listings and reports.
        Moderator = "moderator",
        /// Helps users and rules on disputes.
        Support = "support",
        /// Audits malls.
        Assessor = "assessor",
        /// Decides on certificates for the city's commerce office.
        Authority = "authority",
        /// Reads the city's figures.
        Statistician = "statistician",
    }
}

codes! {
    /// What an organisation is.
    OrganisationKind {
        /// A seller's shop.
        SellerShop = "seller-shop",
        /// A filed recycler with stations and vehicles.
        Recycler = "recycler",
        /// A shopping mall.
        Mall = "mall",
        /// An operator of an old-goods market.
        Market = "market",
        /// An operator of reusable packaging.
        PackagingOperator = "packaging-operator",
    }
}

codes! {
    /// What a member may do in an organisation.
    OrganisationRole {
        /// Everything, and who belongs to it.
        Owner = "owner",
        /// The organisation's business, not its members.
        Manager = "manager",
        /// Plans the day's collection (a recycler).
        Dispatcher = "dispatcher",
        /// Collects at the door (a recycler).
        Collector = "collector",
        /// Daily work at a counter.
        Clerk = "clerk",
    }
}

codes! {
    /// What a credential permits.
    Scope {
        /// See what its owner may see.
        Read = "read",
        /// Post and change listings.
        Listings = "listings",
        /// Change the account, its organisations and its credentials.
        Account = "account",
        /// Use the owner's city-wide roles.
        Staff = "staff",
    }
}
