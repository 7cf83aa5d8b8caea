//! Whose money, of which kind.

use std::{fmt, str::FromStr};

use luhuan_kernel::{Currency, Id, Organisation, Person};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

use super::{Provider, codes};

/// Whose an account is. As text `person:…`, `organisation:…`, `order:…`, `budget:…`, `provider:…` or `platform`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountOwner {
    /// A natural person.
    Person(Id<Person>),
    /// A shop, recycler, mall, market or packaging operator.
    Organisation(Id<Organisation>),
    /// An order (or a lot): what is held for it.
    Order(Uuid),
    /// A named budget, such as the one that pays for discounts by points.
    Budget(String),
    /// What lies at a provider.
    Provider(Provider),
    /// The platform itself.
    Platform,
}

codes! {
    /// What an account is for.
    AccountKind {
        /// To spend or withdraw.
        Available = "available",
        /// Held for an order.
        Escrow = "escrow",
        /// Held as security.
        Deposit = "deposit",
        /// The platform's fees.
        Fees = "fees",
        /// Owed to a recycler and not paid yet.
        RecyclerPayable = "recycler-payable",
        /// On its way back to a payer through a provider.
        Refunding = "refunding",
        /// On its way out through a provider or a bank.
        PayingOut = "paying-out",
        /// What lies at a provider for us: negative while it does.
        Clearing = "clearing",
        /// Where money that was there before the books, or is granted for a demonstration, comes from: negative.
        Opening = "opening",
        /// Green points to spend.
        Points = "points",
        /// All points in people's hands, as a debt of the programme: negative.
        PointsIssued = "points-issued",
    }
}

impl AccountKind {
    /// Whether the balance may be below zero: only what counts money that is elsewhere. The database holds the same.
    #[must_use]
    pub const fn may_be_negative(self) -> bool {
        matches!(self, Self::Clearing | Self::Opening | Self::PointsIssued)
    }
}

/// By what an account is known: there is one for each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountKey {
    /// Whose.
    pub owner: AccountOwner,
    /// What for.
    pub kind: AccountKind,
    /// In which currency.
    pub currency: Currency,
}

impl AccountKey {
    /// The code that is unique in the database.
    #[must_use]
    pub fn code(&self) -> String {
        format!("{}/{}/{}", self.owner, self.kind, self.currency.code())
    }
}

impl fmt::Display for AccountOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Organisation(id) => write!(f, "organisation:{id}"),
            Self::Order(id) => write!(f, "order:{id}"),
            Self::Budget(name) => write!(f, "budget:{name}"),
            Self::Provider(provider) => write!(f, "provider:{provider}"),
            Self::Platform => f.write_str("platform"),
        }
    }
}

/// The text names no owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the owner of an account")]
pub struct NotAnOwner;

impl FromStr for AccountOwner {
    type Err = NotAnOwner;

    fn from_str(text: &str) -> Result<Self, NotAnOwner> {
        if text == "platform" {
            return Ok(Self::Platform);
        }
        let (kind, name) = text.split_once(':').ok_or(NotAnOwner)?;
        let uuid = || Uuid::try_parse(name).map_err(|_| NotAnOwner);
        Ok(match kind {
            "person" => Self::Person(Id::from_uuid(uuid()?)),
            "organisation" => Self::Organisation(Id::from_uuid(uuid()?)),
            "order" => Self::Order(uuid()?),
            "budget" if !name.is_empty() => Self::Budget(name.to_owned()),
            "provider" => Self::Provider(name.parse().map_err(|()| NotAnOwner)?),
            _ => return Err(NotAnOwner),
        })
    }
}

impl Serialize for AccountOwner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for AccountOwner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_reads_back_from_its_text_and_nothing_else_does() {
        let uuid = Uuid::from_u128(7);
        for owner in [
            AccountOwner::Person(Id::from_uuid(uuid)),
            AccountOwner::Organisation(Id::from_uuid(uuid)),
            AccountOwner::Order(uuid),
            AccountOwner::Budget("green".into()),
            AccountOwner::Provider(Provider::Stripe),
            AccountOwner::Platform,
        ] {
            assert_eq!(owner.to_string().parse(), Ok(owner));
        }
        for wrong in ["", "person", "person:7", "budget:", "bank:icbc", "provider:cash"] {
            assert_eq!(wrong.parse::<AccountOwner>(), Err(NotAnOwner), "{wrong}");
        }
    }
}
