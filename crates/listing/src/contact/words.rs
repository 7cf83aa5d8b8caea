//! `data/contact.toml`: the words that introduce an account, and those that speak against one.

use std::collections::HashSet;

use serde::Deserialize;
use thiserror::Error;

use super::ContactKind;
use crate::screening::{Folded, fold, is_gap, is_han, is_mark};

/// Why a text holds no contact words.
#[derive(Debug, Error)]
pub enum ContactWordsError {
    /// Not the TOML it must be.
    #[error("{0}")]
    Malformed(String),
    /// A word of no characters, which would stand everywhere.
    #[error("an empty word among those of {0}")]
    EmptyWord(&'static str),
}

#[derive(Deserialize)]
struct File {
    handle: Vec<RawHandle>,
    phrase: Vec<RawPhrase>,
    against: RawAgainst,
    mail: Mail,
    link: Link,
}

#[derive(Deserialize)]
struct RawHandle {
    kind: ContactKind,
    words: Vec<String>,
    explicit: Vec<String>,
}

#[derive(Deserialize)]
struct RawPhrase {
    kind: ContactKind,
    words: Vec<String>,
    exceptions: Vec<String>,
}

#[derive(Deserialize)]
struct RawAgainst {
    labels: Vec<String>,
    units: Vec<String>,
    beside: Vec<String>,
    not_handles: Vec<String>,
}

/// Domains of mail providers, and what stands for the sign before them.
#[derive(Debug, Deserialize)]
pub(super) struct Mail {
    pub domains: Vec<String>,
    pub signs: Vec<String>,
}

/// Beginnings of links by what they lead to, and endings of host names.
#[derive(Debug, Deserialize)]
pub(super) struct Link {
    pub payment: Vec<String>,
    pub wechat: Vec<String>,
    pub qq: Vec<String>,
    pub tlds: Vec<String>,
}

/// A word that introduces an account.
#[derive(Debug)]
pub(super) struct Intro {
    pub kind: ContactKind,
    pub word: Vec<char>,
    /// Whether a sign must stand between it and the account.
    pub explicit: bool,
}

/// An invitation, and the words around it that turn it into its opposite.
#[derive(Debug)]
pub(super) struct Phrase {
    pub kind: ContactKind,
    pub words: Vec<Vec<char>>,
    pub exceptions: Vec<Vec<char>>,
}

/// All of it, folded.
#[derive(Debug)]
pub(super) struct Words {
    /// The characters that any introduction or invitation begins with: elsewhere none is looked for.
    pub starts: HashSet<char>,
    /// Longest first, so that `微信号` is read before `微信`.
    pub intros: Vec<Intro>,
    pub phrases: Vec<Phrase>,
    pub labels: Vec<Vec<char>>,
    pub units: Vec<Vec<char>>,
    pub beside: Vec<String>,
    pub not_handles: Vec<String>,
    pub mail: Mail,
    pub link: Link,
}

impl Words {
    pub fn read(text: &str) -> Result<Self, ContactWordsError> {
        let file: File =
            toml::from_str(text).map_err(|error| ContactWordsError::Malformed(error.to_string()))?;
        let mut intros = Vec::new();
        for handle in file.handle {
            for (words, explicit) in [(&handle.words, false), (&handle.explicit, true)] {
                for word in folded(words, "handle")? {
                    intros.push(Intro { kind: handle.kind, word, explicit });
                }
            }
        }
        intros.sort_by_key(|intro| std::cmp::Reverse(intro.word.len()));
        let phrase = |raw: RawPhrase| {
            let words = folded(&raw.words, "phrase")?;
            Ok(Phrase { kind: raw.kind, words, exceptions: folded(&raw.exceptions, "phrase")? })
        };
        let phrases: Vec<Phrase> = file.phrase.into_iter().map(phrase).collect::<Result<_, _>>()?;
        let all = intros.iter().map(|intro| &intro.word);
        let all = all.chain(phrases.iter().flat_map(|phrase| phrase.words.iter().chain(&phrase.exceptions)));
        Ok(Self {
            starts: all.map(|word| word[0]).collect(),
            intros,
            phrases,
            labels: folded(&file.against.labels, "against")?,
            units: folded(&file.against.units, "against")?,
            beside: file.against.beside,
            not_handles: file.against.not_handles,
            mail: file.mail,
            link: file.link,
        })
    }
}

fn folded(words: &[String], list: &'static str) -> Result<Vec<Vec<char>>, ContactWordsError> {
    let chars = |word: &String| {
        let word: Vec<char> = fold(word).iter().map(|folded| folded.c).collect();
        if word.is_empty() { Err(ContactWordsError::EmptyWord(list)) } else { Ok(word) }
    };
    words.iter().map(chars).collect()
}

/// The place after a word that begins at `start`, marks and gaps beside Chinese characters looked through; `None`
/// when it does not stand there, or is part of a longer Latin word.
pub(super) fn word_end(chars: &[Folded], start: usize, word: &[char]) -> Option<usize> {
    let before = start.checked_sub(1).and_then(|index| chars.get(index));
    if word[0].is_ascii_alphanumeric() && before.is_some_and(|folded| folded.c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut at = start;
    let mut before: Option<char> = None;
    for wanted in word {
        if before.is_some_and(|before| is_han(before) || is_han(*wanted)) {
            while chars.get(at).is_some_and(|folded| is_mark(folded.c) || is_gap(folded.c)) {
                at += 1;
            }
        }
        if chars.get(at)?.c != *wanted {
            return None;
        }
        before = Some(*wanted);
        at += 1;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_words_say_what_is_wrong() {
        assert!(matches!(Words::read("handle = 1"), Err(ContactWordsError::Malformed(_))));
        let file = include_str!("../../data/contact.toml").replace("\"weixin\"", "\"\"");
        assert!(matches!(Words::read(&file), Err(ContactWordsError::EmptyWord("handle"))));
    }

    #[test]
    fn a_word_is_found_through_marks_but_not_inside_another() {
        let word: Vec<char> = "v信".chars().collect();
        assert_eq!(word_end(&fold("v.信："), 0, &word), Some(3));
        assert_eq!(word_end(&fold("tv信号"), 1, &word), None);
    }
}
