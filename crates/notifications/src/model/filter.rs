//! Which events a webhook asks for.

use serde::{Deserialize, Serialize};

use super::name_of;

/// The contexts whose events go to webhooks.
pub const PUBLISHED: [&str; 8] =
    ["accounts", "ledger", "listing", "notifications", "payment", "payout", "refund", "trade"];

/// Events of those contexts that go to no webhook: who judges a dispute stays unknown to those who are judged.
const WITHHELD: [&str; 1] = ["trade.jury-drawn"];

/// Whether an event may go to the webhooks of those who take part in it.
#[must_use]
pub fn is_published(name: &str) -> bool {
    let context = name.split_once('.').map(|(context, _)| context);
    context.is_some_and(|context| PUBLISHED.contains(&context)) && !WITHHELD.contains(&name_of(name).as_str())
}

/// A pattern: `*` for all, `trade.*` for a context, `trade.order-paid` for one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventFilter(String);

/// The text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a pattern of event names")]
pub struct FilterError;

impl EventFilter {
    /// The longest pattern.
    pub const MAX_LENGTH: usize = 80;

    /// Reads a pattern. A name that does not exist (yet) is taken, a context that does not exist is a slip.
    ///
    /// # Errors
    /// [`FilterError`].
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text == "*" {
            return Ok(Self(text.to_owned()));
        }
        let (context, what) = text.split_once('.').ok_or(FilterError)?;
        let named = !what.is_empty()
            && what.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b));
        if text.len() > Self::MAX_LENGTH || !PUBLISHED.contains(&context) || !(named || what == "*") {
            return Err(FilterError);
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether an event of this name is asked for.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        if self.0 == "*" {
            return true;
        }
        match self.0.strip_suffix('*') {
            Some(context) => name.starts_with(context),
            None => name_of(&self.0) == name_of(name),
        }
    }

    /// The pattern.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_a_name_a_context_or_all() {
        let takes = |pattern: &str, name: &str| EventFilter::parse(pattern).unwrap().takes(name);
        assert!(takes("*", "trade.order-paid") && takes("trade.*", "trade.order-paid"));
        assert!(
            takes("trade.order-paid", "trade.order-paid") && takes("trade.order-paid", "trade.order_paid")
        );
        assert!(!takes("trade.order-paid", "trade.order-shipped") && !takes("trade.*", "trader.order-paid"));
    }

    #[test]
    fn the_jurors_are_nobodys_business() {
        assert!(is_published("trade.order_paid") && is_published("payout.paid"));
        assert!(
            !is_published("trade.jury_drawn") && !is_published("test.happened") && !is_published("trade")
        );
    }

    #[test]
    fn a_slip_is_no_pattern() {
        for text in ["", "trade", "trade.", "trades.*", "trade.**", "trade.Order", "trade.a b", ".x", "*.*"] {
            assert_eq!(EventFilter::parse(text), Err(FilterError), "{text}");
        }
    }
}
