//! Who sells: three kinds, not two.

use serde::{Deserialize, Serialize};

/// What kind of seller a person is (E-Commerce Law art. 10, 15). It decides which rights buyers have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SellerKind {
    /// 个人闲置: sells own used things, now and then.
    #[default]
    Private,
    /// 零星小额经营者: trades in petty amounts, exempt from registration; shows 依法无需登记.
    NaturalPersonTrader,
    /// 企业或个体工商户: trades under a licence, which is shown.
    RegisteredMerchant,
}

impl SellerKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Private, Self::NaturalPersonTrader, Self::RegisteredMerchant];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::NaturalPersonTrader => "natural_person_trader",
            Self::RegisteredMerchant => "registered_merchant",
        }
    }

    /// The kind with this code; what cannot be read counts as private, the kind that promises least.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.code() == code).unwrap_or_default()
    }

    /// Whether this seller is an operator (经营者), so that consumer law applies.
    #[must_use]
    pub const fn is_operator(self) -> bool {
        !matches!(self, Self::Private)
    }

    /// Whether a verified identity must be on file (E-Commerce Law art. 27).
    #[must_use]
    pub const fn needs_identity(self) -> bool {
        matches!(self, Self::NaturalPersonTrader)
    }

    /// Whether an organisation with a licence must stand behind it.
    #[must_use]
    pub const fn needs_licence(self) -> bool {
        matches!(self, Self::RegisteredMerchant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for kind in SellerKind::ALL {
            assert_eq!(SellerKind::from_code(kind.code()), kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }
}
