//! The states of a webhook and of a delivery.

/// Whether a webhook is posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WebhookState {
    /// What happens is posted.
    Enabled,
    /// Its owner switched it off; what happens is logged as held.
    Disabled,
    /// It took nothing for too long and was switched off; what happens is logged as held.
    Failing,
}

impl WebhookState {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Failing => "failing",
        }
    }

    /// The state with this code; what cannot be read is off.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "enabled" => Self::Enabled,
            "failing" => Self::Failing,
            _ => Self::Disabled,
        }
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// To be posted, or posted again.
    Pending,
    /// Taken over by the receiver (2xx).
    Delivered,
    /// Given up. It can be replayed.
    Failed,
    /// Logged while the webhook was off. It can be replayed.
    Held,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Failed, Self::Held];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Held => "held",
        }
    }

    /// The state with this code; what cannot be read is given up.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.code() == code).unwrap_or(Self::Failed)
    }
}
