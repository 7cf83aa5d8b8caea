//! `data/prohibited.toml`: the classes of goods, their words and their rules.

use std::collections::HashSet;

use serde::Deserialize;
use thiserror::Error;

use super::Action;

/// Why a text holds no screening rules.
#[derive(Debug, Error)]
pub enum ScreeningError {
    /// Not the TOML it must be.
    #[error("{0}")]
    Malformed(String),
    /// A class code is used twice.
    #[error("the class {0} is there twice")]
    Twice(String),
    /// A class lacks what its action asks for.
    #[error("the class {class} lacks its {lacks}")]
    Incomplete {
        /// The class.
        class: String,
        /// `licence`, `badge` or `requires`.
        lacks: &'static str,
    },
    /// A word of nothing but marks.
    #[error("the class {class} has an empty word")]
    EmptyWord {
        /// The class.
        class: String,
    },
    /// More words than can be searched at once.
    #[error("{0}")]
    TooManyWords(String),
}

#[derive(Deserialize)]
struct File {
    class: Vec<Class>,
}

/// A class of goods.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    pub code: String,
    pub zh: String,
    pub en: String,
    pub action: Action,
    pub rule_zh: String,
    pub rule_en: String,
    pub source: String,
    pub licence: Option<String>,
    pub badge: Option<String>,
    pub requires: Option<String>,
    #[serde(default)]
    pub case_file: bool,
    #[serde(default)]
    pub within: Vec<String>,
    #[serde(default)]
    pub except_in: Vec<String>,
    #[serde(default)]
    pub categories: Vec<String>,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub exceptions: Vec<String>,
}

pub(super) fn read(text: &str) -> Result<Vec<Class>, ScreeningError> {
    let File { class: classes } =
        toml::from_str(text).map_err(|error| ScreeningError::Malformed(error.to_string()))?;
    let mut codes = HashSet::new();
    for class in &classes {
        if !codes.insert(&class.code) {
            return Err(ScreeningError::Twice(class.code.clone()));
        }
        let lacks = match class.action {
            Action::Licence if class.licence.is_none() => Some("licence"),
            Action::Badge if class.badge.is_none() => Some("badge"),
            Action::Restricted if class.requires.is_none() => Some("requires"),
            _ => None,
        };
        if let Some(lacks) = lacks {
            return Err(ScreeningError::Incomplete { class: class.code.clone(), lacks });
        }
    }
    Ok(classes)
}
