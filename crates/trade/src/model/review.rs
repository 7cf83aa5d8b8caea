//! What each says of the other.

use std::sync::OnceLock;

use serde::Deserialize;

use super::By;

/// The rules of `data/reviews.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRules {
    /// The version.
    pub version: i32,
    /// The day from which it holds.
    pub effective_from: String,
    /// Where it comes from.
    pub source: String,
    /// The longest text, in characters.
    pub text_most: usize,
    /// The longest reply, in characters.
    pub reply_most: usize,
    /// What can be ticked.
    pub tag: Vec<Tag>,
}

/// What can be ticked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// The stable code.
    pub code: String,
    /// Of whom it can be said: `buyer`, `seller` or `both`.
    of: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl ReviewRules {
    /// The rules.
    #[must_use]
    pub fn load() -> &'static Self {
        static RULES: OnceLock<ReviewRules> = OnceLock::new();
        RULES.get_or_init(|| {
            toml::from_str(include_str!("../../data/reviews.toml"))
                .expect("the data file is part of the program, and tested")
        })
    }

    /// The tags that one party may give the other.
    pub fn tags_of(&self, about: By) -> impl Iterator<Item = &Tag> {
        self.tag.iter().filter(move |tag| tag.of == "both" || tag.of == about.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parties_have_tags_and_no_code_is_said_twice() {
        let rules = ReviewRules::load();
        for about in [By::Buyer, By::Seller] {
            let mut codes: Vec<_> = rules.tags_of(about).map(|tag| &tag.code).collect();
            assert!(codes.len() >= 3);
            codes.sort();
            codes.dedup();
            assert_eq!(codes.len(), rules.tags_of(about).count());
        }
    }
}
