//! The values of a notification's sentence.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Payload;

/// The values that a sentence may speak of. No names, texts or numbers of people are among them: what is personal is
/// asked for when the sentence is read, while it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Args {
    /// The listing whose title is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<Uuid>,
    /// An amount in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    /// An earlier price in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_fen: Option<i64>,
    /// A later price in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_fen: Option<i64>,
    /// The code of a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl Args {
    /// The longest code.
    const MAX_CODE: usize = 40;

    /// What an event gives.
    #[must_use]
    pub fn of(payload: &Payload<'_>) -> Self {
        let is_code = |text: &&str| {
            text.len() <= Self::MAX_CODE
                && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_')
        };
        Self {
            listing: payload.listing(),
            amount_fen: payload.fen("amount_fen"),
            from_fen: payload.fen("from_fen"),
            to_fen: payload.fen("to_fen"),
            role: payload.text("role").filter(is_code).map(str::to_owned),
        }
    }
}

/// Fen as people read them: ¥1280, ¥0.50.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let (sign, fen) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    match fen % 100 {
        0 => format!("{sign}¥{}", fen / 100),
        rest => format!("{sign}¥{}.{rest:02}", fen / 100),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_personal_comes_along() {
        let value = json!({
            "amount_fen": 1200, "role": "张三 13812345678", "name": "张三", "text": "加我微信",
            "listing": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12",
        });
        let args = Args::of(&Payload::of(&value));
        assert_eq!(
            serde_json::to_value(&args).unwrap(),
            json!({ "listing": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12", "amount_fen": 1200 })
        );
    }

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!([yuan(128_000), yuan(50), yuan(-101), yuan(0)], ["¥1280", "¥0.50", "-¥1.01", "¥0"]);
    }
}
