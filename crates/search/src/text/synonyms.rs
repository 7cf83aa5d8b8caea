//! Words that mean the same, from `data/synonyms.toml`.

use std::{
    collections::{BTreeSet, HashMap},
    sync::OnceLock,
};

use serde::Deserialize;

use super::fold::squeeze;

/// Which words may stand for which.
#[derive(Debug, Default)]
pub struct Synonyms {
    others: HashMap<String, Vec<String>>,
    words: BTreeSet<String>,
}

/// A data file that does not say what it should.
#[derive(Debug, thiserror::Error)]
#[error("synonyms: {0}")]
pub struct SynonymsError(String);

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    group: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    kind: Kind,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    to: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// Each of `words` finds all the others.
    Equivalent,
    /// Each of `from` also finds each of `to`, and not the other way round.
    OneWay,
}

impl Synonyms {
    /// Reads the file's text.
    ///
    /// # Errors
    /// When it is not TOML of that shape, or a group says nothing.
    pub fn parse(text: &str) -> Result<Self, SynonymsError> {
        let file: File = toml::from_str(text).map_err(|error| SynonymsError(error.to_string()))?;
        let mut synonyms = Self::default();
        for group in &file.group {
            let (from, to) = match group.kind {
                Kind::Equivalent => (&group.words, &group.words),
                Kind::OneWay => (&group.from, &group.to),
            };
            if from.is_empty() || to.is_empty() {
                return Err(SynonymsError(format!("a group of {:?} names no words", group.words)));
            }
            synonyms.add(from, to);
        }
        Ok(synonyms)
    }

    /// What else a phrase may be called, squeezed; most phrases have no other name.
    #[must_use]
    pub fn of(&self, phrase: &str) -> &[String] {
        self.others.get(phrase).map_or(&[], Vec::as_slice)
    }

    /// Latin words in it that differ from this one by a letter inserted, left out, changed or swapped with the next.
    pub fn similar<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let latin = self.words().filter(|other| other.bytes().all(|b| b.is_ascii_lowercase()));
        latin.filter(move |other| one_apart(word.as_bytes(), other.as_bytes()))
    }

    /// Every word in it, squeezed.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    fn add(&mut self, from: &[String], to: &[String]) {
        for word in from.iter().map(|word| squeeze(word)) {
            let others = self.others.entry(word.clone()).or_default();
            for other in to.iter().map(|other| squeeze(other)) {
                if other != word && !others.contains(&other) {
                    others.push(other.clone());
                }
                self.words.insert(other);
            }
            self.words.insert(word);
        }
    }
}

/// Whether two words differ by one letter.
pub(crate) fn one_apart(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    match a.len().abs_diff(b.len()) {
        0 if a.len() >= 2 && a[0] == b[1] && a[1] == b[0] => a[2..] == b[2..],
        0 => !a.is_empty() && a[1..] == b[1..],
        1 if a.len() > b.len() => a[1..] == *b,
        1 => *a == b[1..],
        _ => false,
    }
}

/// The ones that the program brings.
///
/// # Panics
/// When the built-in file does not parse; a test reads it.
#[must_use]
pub fn builtin() -> &'static Synonyms {
    static BUILTIN: OnceLock<Synonyms> = OnceLock::new();
    BUILTIN.get_or_init(|| {
        Synonyms::parse(include_str!("../../data/synonyms.toml")).expect("the built-in file parses")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [[group]]
        kind = "equivalent"
        words = ["自行车", "单车"]
        [[group]]
        kind = "one-way"
        from = ["Apple 手机"]
        to = ["iPhone"]
    "#;

    #[test]
    fn equals_find_each_other_and_one_way_finds_one_way() {
        let synonyms = Synonyms::parse(FILE).unwrap();
        assert_eq!(synonyms.of("单车"), ["自行车"]);
        assert_eq!(synonyms.of("自行车"), ["单车"]);
        assert_eq!(synonyms.of("apple手机"), ["iphone"]);
        assert!(synonyms.of("iphone").is_empty());
    }

    #[test]
    fn a_group_without_words_is_refused() {
        assert!(Synonyms::parse("[[group]]\nkind = \"one-way\"\nfrom = [\"a\"]").is_err());
    }

    #[test]
    fn a_letter_wrong_is_one_apart() {
        for wrong in ["logitec", "logittech", "logitecg", "lgoitech"] {
            assert!(one_apart(wrong.as_bytes(), b"logitech"), "{wrong}");
        }
        assert!(!one_apart(b"logitech", b"logitech") && !one_apart(b"lgiotec", b"logitech"));
    }

    #[test]
    fn the_built_in_file_is_read() {
        assert!(builtin().words().count() > 10);
    }
}
