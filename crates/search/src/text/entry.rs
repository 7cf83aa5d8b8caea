//! What an index remembers of words by the ways they are typed: for pinyin, for suggestions, for 'did you mean'.

use super::{
    fold::squeeze,
    reading::{self, Reading},
    segment::{self, Script, Word},
};
use crate::Document;

/// Parts the key, the words and the category of an entry.
const BORDER: char = '|';
/// Stands before initials, so that they are told from a full reading.
const INITIALS: char = '~';
/// Characters of two words that are remembered as one phrase.
const PHRASE: usize = 6;

/// Words, and a key that finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is typed: the squeezed words themselves, their pinyin, or `~` and its initials.
    pub key: String,
    /// The words, as they are shown.
    pub words: String,
    /// The category's code, when they name one, else empty.
    pub category: String,
}

/// How a key was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The words themselves, or their pinyin.
    Full,
    /// The first letters of their pinyin.
    Initials,
}

/// How much of a key was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All.
    Whole,
    /// A beginning.
    Beginning,
}

impl Entry {
    /// The text that an entry is kept as.
    #[must_use]
    pub fn text(key: &str, words: &str, category: &str) -> String {
        let mut text = String::with_capacity(key.len() + words.len() + category.len() + 2);
        text.push_str(key);
        text.push(BORDER);
        text.extend(words.chars().map(|c| if c == BORDER { '/' } else { c }));
        text.push(BORDER);
        text.push_str(category);
        text
    }

    /// Reads it back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(BORDER);
        let (key, words, category) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { key: key.to_owned(), words: words.to_owned(), category: category.to_owned() })
    }

    /// How the texts of the entries wanted begin.
    #[must_use]
    pub fn prefix(typed: &str, key: Key, extent: Extent) -> String {
        let mark = if key == Key::Initials { INITIALS.to_string() } else { String::new() };
        let border = if extent == Extent::Whole { BORDER.to_string() } else { String::new() };
        format!("{mark}{typed}{border}")
    }

    /// Whether the key is all that was typed.
    #[must_use]
    pub fn is_whole(&self, typed: &str) -> bool {
        self.key.trim_start_matches(INITIALS) == typed
    }
}

/// The texts of a document's entries, sorted, each once: words of its title, brand and category.
#[must_use]
pub fn of(document: &Document) -> Vec<String> {
    let mut entries = Vec::new();
    for step in &document.category {
        for name in &step.names {
            let words = segment::words(name);
            let readings =
                words.iter().map(|word| reading::readings(&word.text)).reduce(|a, b| reading::joined(&a, &b));
            enter(&mut entries, name, &readings.unwrap_or_default(), &step.code);
            enter_words(&mut entries, &words);
        }
    }
    if !document.brand.is_empty() {
        enter(&mut entries, &document.brand, &[], "");
        enter_words(&mut entries, &segment::words(&document.brand));
        if !document.model.is_empty() {
            enter(&mut entries, &format!("{} {}", document.brand, document.model), &[], "");
        }
    }
    enter_words(&mut entries, &segment::words(&document.title));
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// Each word, the words inside it, and each two that follow one another.
fn enter_words(entries: &mut Vec<String>, words: &[Word]) {
    let mut before: Option<(&Word, Vec<Reading>)> = None;
    for word in words {
        if word.script == Script::Latin {
            if word.parts.is_empty() && word.len() >= 2 && word.text.starts_with(char::is_alphabetic) {
                enter(entries, &word.text, &[], "");
            }
            before = None;
            continue;
        }
        let readings = reading::readings(&word.text);
        enter(entries, &word.text, &readings, "");
        for token in segment::tokens(std::slice::from_ref(word)) {
            // What is inside a word and is a word itself, or its head.
            if token.text != word.text
                && (token.text.chars().count() == 1 || segment::jieba().has_word(&token.text))
            {
                enter(entries, &token.text, &reading::readings(&token.text), "");
            }
        }
        if let Some((previous, earlier)) = &before
            && previous.place + previous.places() == word.place
            && previous.len() + word.len() <= PHRASE
        {
            let both = format!("{}{}", previous.text, word.text);
            enter(entries, &both, &reading::joined(earlier, &readings), "");
        }
        before = Some((word, readings));
    }
}

fn enter(entries: &mut Vec<String>, words: &str, readings: &[Reading], category: &str) {
    let several = words.chars().nth(1).is_some();
    if several {
        entries.push(Entry::text(&squeeze(words), words, category));
    }
    for reading in readings {
        entries.push(Entry::text(&reading.full, words, category));
    }
    // Readings differ more than their first letters do: 音乐 is yy and yl.
    for (at, reading) in readings.iter().enumerate().filter(|_| several) {
        if readings[..at].iter().all(|earlier| earlier.initials != reading.initials) {
            entries.push(Entry::text(&format!("{INITIALS}{}", reading.initials), words, category));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_entered_alone_and_with_the_next() {
        let mut entries = Vec::new();
        enter_words(&mut entries, &segment::words("苹果手机"));
        let has = |text: &str| entries.iter().any(|entry| entry == text);
        assert!(has("pingguoshouji|苹果手机|") && has("~sj|手机|") && has("手机|手机|"), "{entries:?}");
    }

    #[test]
    fn an_entry_reads_back() {
        let entry = Entry::parse(&Entry::text("shouji", "手机|座", "phones")).unwrap();
        assert_eq!(
            (entry.key.as_str(), entry.words.as_str(), entry.category.as_str()),
            ("shouji", "手机/座", "phones")
        );
        assert!(entry.is_whole("shouji") && !entry.is_whole("shou"));
    }
}
