//! The rules of trade, pure: no database, no HTTP, no clock of their own.
//!
//! - `process`: the life of an order as one table; `diagram`: the table drawn; `clocks`: how long each step may take;
//! - `parties`: buyer, seller, staff; `offer`: haggling; `fee`: what the platform asks, by version; `freight`: carriage;
//! - `division`: who gets how much of what is held; `refund`: what a buyer may ask for;
//! - `dispute` and `jury`: how a quarrel ends; `review`: what each says of the other; `invoice`: what the tax office
//!   wants to see.

// A code is taken as a token, not as a `literal`: see the kernel's `codes`.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:tt),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $(#[$meta])*
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(code: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|value| value.code() == code).ok_or(())
            }
        }
    };
}

mod clocks;
mod diagram;
mod dispute;
mod division;
mod fee;
mod freight;
mod invoice;
mod jury;
mod offer;
mod parties;
pub mod process;
mod refund;
mod review;

pub use clocks::{Clock, ClockRule, Clocks};
pub use diagram::{mermaid, svg};
pub use dispute::{DisputeReason, Ruling, Stage};
pub use division::{Division, DivisionError, divide};
pub use fee::{Fee, FeeRule, FeeRules, SellerClass};
pub use freight::{FreightRules, Tariff};
pub use invoice::{InvoiceKind, InvoiceLine, InvoiceState, TaxRules};
pub use jury::{JuryRules, Tally, Vote, draw};
pub use offer::{OfferMove, OfferState, Side};
pub use parties::By;
pub use process::{Effect, Event, IllegalStep, State, To, Transition, When};
pub use refund::{RefundKind, RefundReason, RefundState, may_return_until};
pub use review::{ReviewRules, Tag};
