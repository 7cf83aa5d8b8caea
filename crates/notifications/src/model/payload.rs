//! Events of other contexts, read leniently.
//!
//! A field that is missing or of another shape is not there. So an event that changes is at worst passed over, and
//! never stops the reader.

use std::collections::BTreeSet;

use luhuan_kernel::{Id, Organisation, Person};
use serde_json::Value;
use uuid::Uuid;

/// Fields that name a person who takes part.
const PERSONS: [&str; 6] = ["buyer", "seller", "from", "to", "payer", "person"];

/// Fields that name an organisation that takes part.
const ORGANISATIONS: [&str; 2] = ["organisation", "shop"];

/// Fields that name the owner of money, as the ledger writes it: `person:…`, `organisation:…`.
const OWNERS: [&str; 2] = ["owner", "payee"];

/// What an event says.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a>(&'a Value);

impl<'a> Payload<'a> {
    /// The payload of an event.
    #[must_use]
    pub const fn of(value: &'a Value) -> Self {
        Self(value)
    }

    /// A field that holds an id.
    #[must_use]
    pub fn id(&self, field: &str) -> Option<Uuid> {
        self.text(field).and_then(|text| Uuid::try_parse(text).ok())
    }

    /// A field that holds a person's id.
    #[must_use]
    pub fn person(&self, field: &str) -> Option<Id<Person>> {
        self.id(field).map(Id::from_uuid)
    }

    /// A field that holds text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.0.get(field).and_then(Value::as_str)
    }

    /// A field that holds whole fen.
    #[must_use]
    pub fn fen(&self, field: &str) -> Option<i64> {
        self.0.get(field).and_then(Value::as_i64)
    }

    /// A field that holds yes or no.
    #[must_use]
    pub fn flag(&self, field: &str) -> Option<bool> {
        self.0.get(field).and_then(Value::as_bool)
    }

    /// A field that holds a list of people.
    #[must_use]
    pub fn people(&self, field: &str) -> Vec<Id<Person>> {
        let list = self.0.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).filter_map(|text| text.parse().ok()).collect()
    }

    /// The person who owns the money that a field names.
    #[must_use]
    pub fn owner(&self, field: &str) -> Option<Id<Person>> {
        self.owned(field, "person").map(Id::from_uuid)
    }

    fn owned(&self, field: &str, kind: &str) -> Option<Uuid> {
        let (found, id) = self.text(field)?.split_once(':')?;
        Uuid::try_parse(id).ok().filter(|_| found == kind)
    }

    /// The listing it is about.
    #[must_use]
    pub fn listing(&self) -> Option<Uuid> {
        self.id("listing")
    }

    /// The order it is about: named, or what was paid for.
    #[must_use]
    pub fn order(&self) -> Option<Uuid> {
        let paid_for =
            || self.text("purpose_kind").filter(|kind| *kind == "order").and(self.id("purpose_id"));
        self.id("order").or_else(paid_for)
    }
}

/// Who takes part in what happened, and may have it posted to a webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties {
    /// People.
    pub persons: BTreeSet<Id<Person>>,
    /// Organisations.
    pub organisations: BTreeSet<Id<Organisation>>,
}

impl Parties {
    /// Those whom the event itself names.
    #[must_use]
    pub fn named(payload: &Payload<'_>) -> Self {
        let owners = |kind| OWNERS.iter().filter_map(move |field| payload.owned(field, kind));
        let persons = PERSONS.iter().filter_map(|field| payload.id(field)).chain(owners("person"));
        let shops = ORGANISATIONS.iter().filter_map(|field| payload.id(field)).chain(owners("organisation"));
        Self {
            persons: persons.map(Id::from_uuid).collect(),
            organisations: shops.map(Id::from_uuid).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn parties_are_ids_and_nothing_else() {
        let buyer = "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12";
        // A listing moves "from" a state "to" another: no persons.
        let moved = json!({ "from": "published", "to": "sold", "buyer": buyer, "seller": 7, "shop": null });
        let parties = Parties::named(&Payload::of(&moved));
        assert_eq!(parties.persons, BTreeSet::from([buyer.parse().unwrap()]));
        assert!(parties.organisations.is_empty());
    }

    #[test]
    fn the_owner_of_money_takes_part() {
        let id = "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12";
        let paid = json!({ "payee": format!("organisation:{id}"), "owner": format!("order:{id}") });
        let parties = Parties::named(&Payload::of(&paid));
        assert_eq!(parties.organisations, BTreeSet::from([id.parse().unwrap()]));
        assert!(parties.persons.is_empty());
    }

    #[test]
    fn a_payment_for_an_order_is_about_the_order() {
        let id = "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12";
        let order = json!({ "purpose_kind": "order", "purpose_id": id });
        let top_up = json!({ "purpose_kind": "top-up", "purpose_id": id });
        assert_eq!(Payload::of(&order).order(), Uuid::try_parse(id).ok());
        assert_eq!(Payload::of(&top_up).order(), None);
    }

    proptest! {
        #[test]
        fn any_text_in_any_field_is_read_or_passed_over(text in ".{0,60}", number: i64) {
            let value = json!({ "buyer": text, "amount_fen": number, "listing": [text] });
            let payload = Payload::of(&value);
            prop_assert_eq!(payload.fen("amount_fen"), Some(number));
            prop_assert_eq!(payload.listing(), None);
            prop_assert_eq!(payload.person("buyer").is_some(), Uuid::try_parse(&text).is_ok());
        }
    }
}
