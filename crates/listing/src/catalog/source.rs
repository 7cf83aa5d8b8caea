//! The data files, and how they become the catalogue.

use std::{collections::HashMap, str::FromStr};

use serde::{Deserialize, de::DeserializeOwned};
use thiserror::Error;

use super::{
    Attribute, AttributeKind, Catalog, Category, ChoiceOption, ConditionGrade, DeliveryMethod, FreightPayer,
    Label, Origin, SerialRule,
};
use crate::model::Condition;

/// Characters of a text attribute whose entry names no other bound.
const TEXT_MAX: usize = 60;

/// Why data files are no catalogue.
#[derive(Debug, Error)]
pub enum CatalogError {
    /// A file is not the TOML it must be.
    #[error("{file}: {reason}")]
    Malformed {
        /// The file.
        file: &'static str,
        /// What the parser says.
        reason: String,
    },
    /// A code is used twice.
    #[error("the code {0} is used twice")]
    Twice(String),
    /// A category names a parent that does not come before it.
    #[error("the parent of {0} does not come before it")]
    Parent(String),
    /// An attribute lacks what its type asks for.
    #[error("the attribute {0} lacks its options or its range")]
    Attribute(String),
    /// The condition grades are not those of the program, best first.
    #[error("the condition grades are not {expected:?}, but {found:?}")]
    Conditions {
        /// What the program knows.
        expected: Vec<&'static str>,
        /// What the file holds.
        found: Vec<String>,
    },
}

/// The texts of the data files.
pub(super) struct Sources {
    pub categories: &'static str,
    pub conditions: &'static str,
    pub delivery: &'static str,
    pub origins: &'static str,
}

pub(super) const DATA: Sources = Sources {
    categories: include_str!("../../data/categories.toml"),
    conditions: include_str!("../../data/conditions.toml"),
    delivery: include_str!("../../data/delivery.toml"),
    origins: include_str!("../../data/origins.toml"),
};

#[derive(Deserialize)]
struct CategoriesFile {
    version: u32,
    category: Vec<RawCategory>,
}

#[derive(Deserialize)]
struct RawCategory {
    code: String,
    zh: String,
    en: String,
    icon: String,
    parent: Option<String>,
    #[serde(default = "no_serial")]
    serial: SerialRule,
    #[serde(default)]
    refurbished_badge: bool,
    #[serde(default)]
    remanufactured_badge: bool,
    #[serde(default)]
    attributes: Vec<RawAttribute>,
}

const fn no_serial() -> SerialRule {
    SerialRule::None
}

#[derive(Deserialize)]
struct RawAttribute {
    code: String,
    zh: String,
    en: String,
    r#type: RawType,
    unit: Option<String>,
    unit_en: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    facet: bool,
    #[serde(default)]
    options: Vec<RawOption>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawType {
    Enum,
    Number,
    Text,
    Bool,
}

#[derive(Deserialize)]
struct RawOption {
    code: String,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
struct ConditionsFile {
    condition: Vec<RawCondition>,
}

#[derive(Deserialize)]
struct RawCondition {
    code: String,
    rank: usize,
    zh: String,
    en: String,
    meaning_zh: String,
    meaning_en: String,
    defects_required: bool,
}

#[derive(Deserialize)]
struct DeliveryFile {
    method: Vec<RawMethod>,
    payer: Vec<RawOption>,
}

#[derive(Deserialize)]
struct RawMethod {
    code: String,
    zh: String,
    en: String,
    note_zh: String,
    note_en: String,
    freight: Vec<String>,
    default_freight: String,
    needs_address: bool,
}

#[derive(Deserialize)]
struct OriginsFile {
    origin: Vec<RawOrigin>,
}

#[derive(Deserialize)]
struct RawOrigin {
    code: String,
    zh: String,
    en: String,
    proof: String,
}

fn parse<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, CatalogError> {
    toml::from_str(text).map_err(|error| CatalogError::Malformed { file, reason: error.to_string() })
}

pub(super) fn read(sources: &Sources) -> Result<Catalog, CatalogError> {
    let CategoriesFile { version, category } = parse("categories.toml", sources.categories)?;
    let (categories, by_code) = tree(category)?;
    let delivery: DeliveryFile = parse("delivery.toml", sources.delivery)?;
    let origins: OriginsFile = parse("origins.toml", sources.origins)?;
    Ok(Catalog {
        version,
        categories,
        by_code,
        conditions: conditions(parse("conditions.toml", sources.conditions)?)?,
        delivery: delivery.method.into_iter().map(method).collect(),
        payers: delivery
            .payer
            .into_iter()
            .map(|raw| FreightPayer { code: raw.code, label: Label { zh: raw.zh, en: raw.en } })
            .collect(),
        origins: origins
            .origin
            .into_iter()
            .map(|raw| Origin { code: raw.code, label: Label { zh: raw.zh, en: raw.en }, proof: raw.proof })
            .collect(),
    })
}

fn tree(raws: Vec<RawCategory>) -> Result<(Vec<Category>, HashMap<String, usize>), CatalogError> {
    let mut categories: Vec<Category> = Vec::with_capacity(raws.len());
    let mut by_code = HashMap::with_capacity(raws.len());
    for raw in raws {
        let mut path = match &raw.parent {
            None => Vec::new(),
            Some(parent) => {
                let above: &usize =
                    by_code.get(parent).ok_or_else(|| CatalogError::Parent(raw.code.clone()))?;
                categories[*above].leaf = false;
                categories[*above].path.clone()
            }
        };
        path.push(raw.code.clone());
        if by_code.insert(raw.code.clone(), categories.len()).is_some() {
            return Err(CatalogError::Twice(raw.code));
        }
        categories.push(Category {
            code: raw.code,
            label: Label { zh: raw.zh, en: raw.en },
            icon: raw.icon,
            parent: raw.parent,
            path,
            attributes: raw.attributes.into_iter().map(attribute).collect::<Result<_, _>>()?,
            serial: raw.serial,
            refurbished_badge: raw.refurbished_badge,
            remanufactured_badge: raw.remanufactured_badge,
            leaf: true,
        });
    }
    Ok((categories, by_code))
}

fn attribute(raw: RawAttribute) -> Result<Attribute, CatalogError> {
    let kind = match (raw.r#type, raw.min, raw.max) {
        (RawType::Enum, ..) if !raw.options.is_empty() => {
            let option =
                |raw: RawOption| ChoiceOption { code: raw.code, label: Label { zh: raw.zh, en: raw.en } };
            AttributeKind::Enum { options: raw.options.into_iter().map(option).collect() }
        }
        (RawType::Number, Some(min), Some(max)) if min < max => {
            let zh = raw.unit.unwrap_or_default();
            let en = raw.unit_en.unwrap_or_else(|| zh.clone());
            AttributeKind::Number { unit: Label { zh, en }, min, max }
        }
        // A bound on text is a whole number of characters.
        (RawType::Text, _, max) => AttributeKind::Text { max: max.map_or(TEXT_MAX, |max| max as usize) },
        (RawType::Bool, ..) => AttributeKind::Bool,
        _ => return Err(CatalogError::Attribute(raw.code)),
    };
    let label = Label { zh: raw.zh, en: raw.en };
    Ok(Attribute { code: raw.code, label, kind, required: raw.required, facet: raw.facet })
}

fn conditions(mut file: ConditionsFile) -> Result<Vec<ConditionGrade>, CatalogError> {
    file.condition.sort_by_key(|raw| raw.rank);
    let expected: Vec<_> = Condition::ALL.iter().map(|condition| condition.code()).collect();
    let found: Vec<_> = file.condition.iter().map(|raw| raw.code.clone()).collect();
    if found != expected {
        return Err(CatalogError::Conditions { expected, found });
    }
    let grade = |raw: RawCondition| {
        let condition = Condition::from_str(&raw.code).ok()?;
        Some(ConditionGrade {
            condition,
            label: Label { zh: raw.zh, en: raw.en },
            meaning: Label { zh: raw.meaning_zh, en: raw.meaning_en },
            defects_required: raw.defects_required,
        })
    };
    Ok(file.condition.into_iter().filter_map(grade).collect())
}

fn method(raw: RawMethod) -> DeliveryMethod {
    DeliveryMethod {
        code: raw.code,
        label: Label { zh: raw.zh, en: raw.en },
        note: Label { zh: raw.note_zh, en: raw.note_en },
        freight: raw.freight,
        default_freight: raw.default_freight,
        needs_address: raw.needs_address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_categories(categories: &'static str) -> Result<Catalog, CatalogError> {
        read(&Sources { categories, ..DATA })
    }

    #[test]
    fn a_broken_file_says_what_is_wrong() {
        let twice = "version = 1\n[[category]]\ncode = 'a'\nzh = '甲'\nen = 'A'\nicon = 'x'\n[[category]]\ncode = 'a'\nzh = '甲'\nen = 'A'\nicon = 'x'\n";
        assert!(matches!(with_categories(twice), Err(CatalogError::Twice(code)) if code == "a"));
        let orphan = "version = 1\n[[category]]\ncode = 'a'\nparent = 'b'\nzh = '甲'\nen = 'A'\nicon = 'x'\n";
        assert!(matches!(with_categories(orphan), Err(CatalogError::Parent(code)) if code == "a"));
        let bare = "version = 1\n[[category]]\ncode = 'a'\nzh = '甲'\nen = 'A'\nicon = 'x'\nattributes = [{ code = 'n', zh = '数', en = 'N', type = 'number' }]\n";
        assert!(matches!(with_categories(bare), Err(CatalogError::Attribute(code)) if code == "n"));
        assert!(matches!(with_categories("version = 'x'"), Err(CatalogError::Malformed { .. })));
        assert!(matches!(
            read(&Sources { conditions: "condition = []", ..DATA }),
            Err(CatalogError::Conditions { .. })
        ));
    }
}
