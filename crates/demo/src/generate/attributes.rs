//! Values of a category's attributes that fit the model and the condition.

use std::collections::BTreeMap;

use luhuan_listing::catalog::{Attribute, AttributeKind};
use rand::{Rng, RngExt, seq::IndexedRandom};
use serde_json::Value;

use crate::catalogue::{Choices, Leaf, Model};

/// How often sellers fill in an attribute that they need not.
const FILLED_IN: f64 = 0.85;

pub(super) fn draw(
    leaf: &Leaf,
    model: &Model,
    condition: &str,
    rng: &mut impl Rng,
) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    for attribute in &leaf.category.attributes {
        let fixed = find(&model.fixed, &attribute.code);
        // What follows from the model is known; the rest is sometimes left out.
        if fixed.is_none() && !attribute.required && !rng.random_bool(FILLED_IN) {
            continue;
        }
        let value = match fixed.or_else(|| find(&leaf.usual, &attribute.code)) {
            _ if attribute.code == "sealed" => Some(Value::Bool(condition == "N")),
            Some(choices) => choose(choices, rng),
            None => any(attribute, rng),
        };
        values.extend(value.map(|value| (attribute.code.clone(), worn(&attribute.code, value, condition))));
    }
    values
}

fn find<'a>(choices: &'a [(String, Choices)], code: &str) -> Option<&'a Choices> {
    choices.iter().find(|(name, _)| name == code).map(|(_, choices)| choices)
}

fn choose(choices: &Choices, rng: &mut impl Rng) -> Option<Value> {
    match choices {
        Choices::OneOf(values) => values.choose(rng).cloned(),
        Choices::Between(from, to) => {
            Some(Value::from(round(rng.random_range(*from..=*to)).clamp(*from, *to)))
        }
    }
}

/// A number as people state it: two figures of it count, a third above a thousand.
fn round(number: i64) -> i64 {
    let step = match number {
        ..100 => 1,
        100..1_000 => 5,
        1_000..10_000 => 50,
        _ => 500,
    };
    number / step * step
}

/// Without a usual value, any option will do; numbers and texts are better left out than invented.
fn any(attribute: &Attribute, rng: &mut impl Rng) -> Option<Value> {
    match &attribute.kind {
        AttributeKind::Enum { options } => options.choose(rng).map(|option| Value::from(option.code.clone())),
        AttributeKind::Bool => Some(Value::Bool(rng.random_bool(0.3))),
        AttributeKind::Number { .. } | AttributeKind::Text { .. } => None,
    }
}

/// A battery and a shutter are as worn as the thing.
fn worn(code: &str, value: Value, condition: &str) -> Value {
    match (code, condition, value.as_i64()) {
        ("battery", "N", _) => Value::from(100),
        ("battery", "99", Some(health)) => Value::from(health.max(92)),
        ("battery", "70" | "P", Some(health)) => Value::from(health.min(84)),
        ("shutter", "N", _) => Value::from(0),
        ("shutter", "99", Some(count)) => Value::from(count.min(5_000)),
        ("shutter", "95", Some(count)) => Value::from(count.min(25_000)),
        _ => value,
    }
}
