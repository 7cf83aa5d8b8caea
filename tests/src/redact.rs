//! Answers made fit for a snapshot: what differs from run to run is named instead of shown.

use serde_json::Value;

/// The same document with ids, instants, tokens, trace ids and fuzzed places replaced by their names.
#[must_use]
pub fn redacted(document: &Value) -> Value {
    match document {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| (name.clone(), member(name, value));
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(redacted).collect()),
        Value::String(text) => Value::String(word(text).map_or_else(|| text.clone(), str::to_owned)),
        other => other.clone(),
    }
}

fn member(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("trace_id", Value::String(_)) => Value::from("[trace]"),
        // A cursor holds an id and an instant.
        ("next", Value::String(_)) => Value::from("[cursor]"),
        ("lat" | "lon", Value::Number(_)) => Value::from("[degrees]"),
        _ => redacted(value),
    }
}

fn word(text: &str) -> Option<&'static str> {
    if is_uuid(text) {
        Some("[id]")
    } else if is_instant(text) {
        Some("[time]")
    } else if text.starts_with("lhs_") || text.starts_with("lha_") {
        Some("[token]")
    } else {
        None
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// `2026-01-01T00:00:00.5Z`.
fn is_instant(text: &str) -> bool {
    text.ends_with('Z')
        && text.split_once('T').is_some_and(|(day, _)| {
            day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_from_run_to_run_is_named_and_the_rest_is_kept() {
        let document = json!({
            "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c10", "at": "2026-01-01T00:00:00.25Z", "token": "lhs_x",
            "trace_id": "5f0c", "place": {"lat": 39.9, "lon": 116.4}, "title": "2026-01-01", "price_fen": 12_000,
            "items": [{"id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c11"}], "next": null,
        });
        let expected = json!({
            "id": "[id]", "at": "[time]", "token": "[token]", "trace_id": "[trace]",
            "place": {"lat": "[degrees]", "lon": "[degrees]"}, "title": "2026-01-01", "price_fen": 12_000,
            "items": [{"id": "[id]"}], "next": null,
        });
        assert_eq!(redacted(&document), expected);
    }
}
