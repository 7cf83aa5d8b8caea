//! What Stripe always sends and localstripe leaves out, with the values that Stripe documents
//! (docs.stripe.com/api/payment_intents/object, /refunds/object, /errors).

use serde_json::{Value, json};

/// Completes an answer: an object, a list of objects, or an error.
pub(super) fn complete(answer: &mut Value) {
    if let Some(rows) = answer["data"].as_array_mut() {
        rows.iter_mut().for_each(object);
    } else {
        object(answer);
    }
}

fn object(value: &mut Value) {
    match value["object"].as_str() {
        Some("payment_intent") => payment_intent(value),
        Some("refund") => add(value, &[("payment_intent", Value::Null), ("reason", Value::Null)]),
        _ => {}
    }
}

fn payment_intent(intent: &mut Value) {
    let amount = intent["amount"].clone();
    let when = |status: &str| if intent["status"] == status { amount.clone() } else { json!(0) };
    let (received, capturable) = (when("succeeded"), when("requires_capture"));
    add(
        intent,
        &[
            ("amount_received", received),
            ("amount_capturable", capturable),
            ("confirmation_method", json!("automatic")),
            ("payment_method_types", json!(["card"])),
        ],
    );
    // Unless it is asked for whole, Stripe names the charge by its id.
    if let Some(id) = intent["latest_charge"]["id"].as_str().map(str::to_owned) {
        intent["latest_charge"] = json!(id);
    }
    if intent["last_payment_error"].is_object() {
        add(&mut intent["last_payment_error"], &[("type", json!("card_error"))]);
    }
}

/// Adds members that are not there.
fn add(value: &mut Value, members: &[(&str, Value)]) {
    let Some(object) = value.as_object_mut() else { return };
    for (name, member) in members {
        object.entry(*name).or_insert_with(|| member.clone());
    }
}
