//! What can be on offer: the category tree, and the lists that a listing chooses from.
//!
//! All of it is data (`data/*.toml`), part of the program and read once. Forms, facets, the API and validation ask
//! here, so that an attribute that is added to a leaf appears in all of them.

mod attribute;
mod source;

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use luhuan_kernel::{FieldProblem, Locale, Message};
use serde::Serialize;
use serde_json::Value;

pub use attribute::{Attribute, AttributeKind, ChoiceOption};
pub use source::CatalogError;

use crate::model::Condition;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Label {
    /// Chinese.
    #[serde(rename = "zh-CN")]
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The text in a language.
    #[must_use]
    pub fn text(&self, locale: Locale) -> &str {
        locale.pick(&self.zh, &self.en)
    }
}

/// Which number identifies a thing of a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SerialRule {
    /// Fifteen digits with a check (`luhuan_kernel::validate::imei`).
    Imei,
    /// The maker's number, as it is.
    Serial,
    /// Things of this kind bear none.
    None,
}

/// A node of the tree: a root, or a leaf that listings are posted under.
#[derive(Clone, Debug)]
pub struct Category {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub label: Label,
    /// Name of its picture in the icon set.
    pub icon: String,
    /// Code of the category above, of all but the roots.
    pub parent: Option<String>,
    /// Codes from the root down to itself.
    pub path: Vec<String>,
    /// What a listing under it says of itself; of leaves only.
    pub attributes: Vec<Attribute>,
    /// Which number identifies the thing.
    pub serial: SerialRule,
    /// Repaired or refurbished goods are marked as used goods here (废弃电器电子产品回收处理管理条例 art. 12).
    pub refurbished_badge: bool,
    /// Remanufactured or retreaded parts are marked so here (循环经济促进法 art. 40).
    pub remanufactured_badge: bool,
    leaf: bool,
}

impl Category {
    /// Its name in a language.
    #[must_use]
    pub fn name(&self, locale: Locale) -> &str {
        self.label.text(locale)
    }

    /// Whether listings are posted under it.
    #[must_use]
    pub const fn is_leaf(&self) -> bool {
        self.leaf
    }

    /// Whether it is `code` or lies below it.
    #[must_use]
    pub fn is_within(&self, code: &str) -> bool {
        self.path.iter().any(|above| above == code)
    }

    /// One of its attributes.
    #[must_use]
    pub fn attribute(&self, code: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.code == code)
    }
}

/// A condition grade and what it promises the buyer.
#[derive(Clone, Debug)]
pub struct ConditionGrade {
    /// The grade.
    pub condition: Condition,
    /// Its name.
    pub label: Label,
    /// What it promises.
    pub meaning: Label,
    /// Whether a listing of this grade must state a defect.
    pub defects_required: bool,
}

/// A way from the seller to the buyer.
#[derive(Clone, Debug)]
pub struct DeliveryMethod {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub label: Label,
    /// A line to go with it.
    pub note: Label,
    /// Codes of [`FreightPayer`] that it can be offered with.
    pub freight: Vec<String>,
    /// The one of them to begin with.
    pub default_freight: String,
    /// Whether the buyer gives an address.
    pub needs_address: bool,
}

/// Who pays the carriage.
#[derive(Clone, Debug)]
pub struct FreightPayer {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub label: Label,
}

/// How a seller came by a thing (来源说明).
#[derive(Clone, Debug)]
pub struct Origin {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub label: Label,
    /// What a buyer or a moderator may ask to see: `invoice`, `receipt`, `order`, `register`, …, or `none`.
    pub proof: String,
}

/// The whole of it.
#[derive(Debug)]
pub struct Catalog {
    version: u32,
    categories: Vec<Category>,
    by_code: HashMap<String, usize>,
    conditions: Vec<ConditionGrade>,
    delivery: Vec<DeliveryMethod>,
    payers: Vec<FreightPayer>,
    origins: Vec<Origin>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    source::read(&source::DATA).expect("the data files are part of the program, and its tests read them")
});

impl Catalog {
    /// The catalogue of this program.
    #[must_use]
    pub fn get() -> &'static Self {
        &CATALOG
    }

    /// Version of the category file.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// A category by its code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.by_code.get(code).map(|index| &self.categories[*index])
    }

    /// All categories: each root, followed by what lies below it, in the order of the file.
    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        self.categories.iter()
    }

    /// The categories at the top, in order.
    pub fn roots(&self) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(|category| category.parent.is_none())
    }

    /// The categories directly below one, in order.
    pub fn children(&self, code: &str) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(move |category| category.parent.as_deref() == Some(code))
    }

    /// The categories that listings are posted under, in order.
    pub fn leaves(&self) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(|category| category.leaf)
    }

    /// Codes of the leaves below a category; of a leaf its own; none of an unknown code.
    pub fn leaves_below<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> {
        self.leaves().filter(move |leaf| leaf.is_within(code)).map(|leaf| leaf.code.as_str())
    }

    /// The condition grades, best first.
    #[must_use]
    pub fn conditions(&self) -> &[ConditionGrade] {
        &self.conditions
    }

    /// One grade.
    #[must_use]
    pub fn condition(&self, condition: Condition) -> &ConditionGrade {
        // Reading the file checks that it holds every grade in the order of the enum.
        &self.conditions[condition as usize]
    }

    /// The ways of delivery.
    #[must_use]
    pub fn delivery(&self) -> &[DeliveryMethod] {
        &self.delivery
    }

    /// Who may pay the carriage.
    #[must_use]
    pub fn payers(&self) -> &[FreightPayer] {
        &self.payers
    }

    /// The origins.
    #[must_use]
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// An origin by its code.
    #[must_use]
    pub fn origin(&self, code: &str) -> Option<&Origin> {
        self.origins.iter().find(|origin| origin.code == code)
    }

    /// Brings the values of a category's attributes into their stored form: option codes, numbers within their
    /// range, tidy text, booleans. Forms send text for everything, and importers the words instead of the codes;
    /// both are understood. What is empty or null is left out; what is absent is not missed here
    /// (see [`Self::missing_attributes`]), as a draft may be saved half written.
    ///
    /// # Errors
    /// One entry, named `attributes.{code}`, for each value that does not fit.
    pub fn validate_attributes(
        &self,
        category: &Category,
        values: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Vec<FieldProblem>> {
        let mut stored = BTreeMap::new();
        let mut problems = Vec::new();
        for (code, value) in values {
            let outcome = match category.attribute(code) {
                Some(attribute) => attribute.stored(value),
                None => Err(Message::new("listing-attribute-unknown").with("attribute", code)),
            };
            match outcome {
                Ok(Some(value)) => {
                    stored.insert(code.clone(), value);
                }
                Ok(None) => {}
                Err(message) => problems.push(FieldProblem { field: format!("attributes.{code}"), message }),
            }
        }
        if problems.is_empty() { Ok(stored) } else { Err(problems) }
    }

    /// The required attributes that have no value, one entry each: what stands between a draft and publishing.
    #[must_use]
    pub fn missing_attributes(
        &self,
        category: &Category,
        values: &BTreeMap<String, Value>,
    ) -> Vec<FieldProblem> {
        let missing = category
            .attributes
            .iter()
            .filter(|attribute| attribute.required && !values.contains_key(&attribute.code));
        missing
            .map(|attribute| FieldProblem {
                field: format!("attributes.{}", attribute.code),
                message: Message::new("listing-attribute-required"),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    fn values(pairs: &[(&str, Value)]) -> BTreeMap<String, Value> {
        pairs.iter().map(|(code, value)| ((*code).to_owned(), value.clone())).collect()
    }

    fn smartphone() -> &'static Category {
        Catalog::get().category("phones-smartphone").unwrap()
    }

    #[test]
    fn the_tree_is_as_broad_as_a_city_needs() {
        let catalog = Catalog::get();
        assert!(catalog.roots().count() >= 12 && catalog.leaves().count() >= 120);
        assert_eq!(catalog.categories().count(), catalog.by_code.len());
        for category in catalog.categories() {
            assert_eq!(
                category.is_leaf(),
                catalog.children(&category.code).next().is_none(),
                "{}",
                category.code
            );
            assert_eq!(category.path.last(), Some(&category.code));
            assert_eq!(category.path.len() > 1, category.parent.is_some());
        }
    }

    #[test]
    fn every_name_is_there_in_both_languages() {
        let han = |text: &str| text.chars().any(crate::screening::is_han);
        let catalog = Catalog::get();
        let options = |kind: &AttributeKind| match kind {
            AttributeKind::Enum { options } => options.iter().map(|option| option.label.clone()).collect(),
            _ => Vec::new(),
        };
        let names = catalog.categories().flat_map(|category| {
            let attributes = category
                .attributes
                .iter()
                .flat_map(|a| options(&a.kind).into_iter().chain([a.label.clone()]));
            attributes.chain([category.label.clone()]).collect::<Vec<_>>()
        });
        let lists =
            catalog.conditions().iter().flat_map(|grade| [grade.label.clone(), grade.meaning.clone()]);
        let lists = lists.chain(catalog.origins().iter().map(|origin| origin.label.clone()));
        for label in names.chain(lists).chain(catalog.delivery().iter().map(|method| method.label.clone())) {
            assert!(!label.zh.is_empty() && !label.en.is_empty() && !han(&label.en), "{label:?}");
        }
    }

    #[test]
    fn attributes_and_options_have_codes_of_their_own() {
        for leaf in Catalog::get().leaves() {
            let codes: HashSet<_> = leaf.attributes.iter().map(|attribute| &attribute.code).collect();
            assert_eq!(codes.len(), leaf.attributes.len(), "{}", leaf.code);
            for attribute in &leaf.attributes {
                if let AttributeKind::Enum { options } = &attribute.kind {
                    let codes: HashSet<_> = options.iter().map(|option| &option.code).collect();
                    assert!(
                        codes.len() == options.len() && codes.len() > 1,
                        "{}.{}",
                        leaf.code,
                        attribute.code
                    );
                }
            }
        }
    }

    #[test]
    fn leaves_are_found_below_their_root() {
        let catalog = Catalog::get();
        let below: Vec<_> = catalog.leaves_below("phones").collect();
        assert!(below.contains(&"phones-smartphone") && below.len() == catalog.children("phones").count());
        assert_eq!(catalog.leaves_below("phones-smartphone").collect::<Vec<_>>(), ["phones-smartphone"]);
        assert_eq!(catalog.leaves_below("no-such").count(), 0);
    }

    #[test]
    fn every_grade_has_its_meaning_and_a_broken_thing_its_defects() {
        for condition in Condition::ALL {
            assert_eq!(Catalog::get().condition(*condition).condition, *condition);
        }
        assert!(Catalog::get().condition(Condition::Parts).defects_required);
        assert!(!Catalog::get().condition(Condition::New).defects_required);
    }

    #[test]
    fn values_come_into_their_stored_form_however_they_are_sent() {
        let sent = values(&[
            ("storage", json!(" 128GB ")),
            ("colour", json!("黑色")),
            ("battery", json!("92%")),
            ("ram", json!("")),
            ("network", Value::Null),
        ]);
        let stored = Catalog::get().validate_attributes(smartphone(), &sent).unwrap();
        assert_eq!(
            stored,
            values(&[("storage", json!("128gb")), ("colour", json!("black")), ("battery", json!(92))])
        );
        assert_eq!(Catalog::get().validate_attributes(smartphone(), &stored).unwrap(), stored);
    }

    #[test]
    fn each_wrong_value_is_named_with_its_reason() {
        let sent = values(&[
            ("storage", json!("128")),
            ("battery", json!(120)),
            ("colour", json!(["black"])),
            ("taste", json!("sweet")),
        ]);
        let problems = Catalog::get().validate_attributes(smartphone(), &sent).unwrap_err();
        let seen: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.message.key)).collect();
        assert_eq!(
            seen,
            [
                ("attributes.battery", "listing-attribute-range"),
                ("attributes.colour", "listing-attribute-type"),
                ("attributes.storage", "listing-attribute-option"),
                ("attributes.taste", "listing-attribute-unknown"),
            ]
        );
    }

    #[test]
    fn a_required_value_is_missed_only_before_publishing() {
        let none = BTreeMap::new();
        assert_eq!(Catalog::get().validate_attributes(smartphone(), &none), Ok(none.clone()));
        let missing = Catalog::get().missing_attributes(smartphone(), &none);
        assert!(missing.iter().any(|problem| problem.field == "attributes.storage"));
        let said = values(&[("storage", json!("128gb"))]);
        assert!(Catalog::get().missing_attributes(smartphone(), &said).is_empty());
    }
}
