//! Completing what is typed, and 'did you mean'.

use std::collections::HashSet;

use super::{folder::View, lexicon::Entry};
use crate::{
    SearchError, Suggestion,
    text::{
        entry::{Extent, Key},
        fold::{is_han, squeeze},
        reading,
        segment::Script,
    },
    understand::{Understood, beginning, has_han},
};

/// How many times as many listings a correction must have as what was typed.
const BETTER: u64 = 5;
/// Latin words this long are corrected, and Chinese ones from two characters on.
const CORRECTED_FROM: usize = 4;

/// Completes what is typed. See [`crate::SearchIndex::suggest`].
pub(super) fn suggest(view: &View, typed: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
    let whole = beginning(typed);
    if whole.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let mut entries = completions(view, &whole, 4 * limit)?;
    let mut kept = String::new();
    if entries.is_empty()
        && let Some((before, last)) = typed.trim().rsplit_once(char::is_whitespace)
    {
        // The last word alone, behind what was typed before it.
        kept = format!("{} ", before.trim());
        entries = completions(view, &beginning(last), 4 * limit)?;
    }
    let mut seen = HashSet::new();
    let suggestions =
        entries.into_iter().filter(|entry| seen.insert(squeeze(&entry.words))).map(|entry| Suggestion {
            text: format!("{kept}{}", entry.words),
            category: Some(entry.category).filter(|code| kept.is_empty() && !code.is_empty()),
            listings: entry.listings,
        });
    Ok(suggestions.take(limit).collect())
}

/// What begins so, by its letters or its pinyin; by initials too when they are all typed.
fn completions(view: &View, typed: &str, most: usize) -> Result<Vec<Entry>, SearchError> {
    let mut entries = view.entries(typed, Key::Full, Extent::Beginning, most)?;
    let letters = typed.len() >= 2 && typed.bytes().all(|b| b.is_ascii_lowercase());
    if letters {
        entries.extend(view.entries(typed, Key::Initials, Extent::Beginning, most)?);
    }
    // Lone characters are no suggestion, nor is what is typed already and names no category.
    entries.retain(|entry| entry.words.chars().count() > 1);
    entries.retain(|entry| squeeze(&entry.words) != typed || !entry.category.is_empty());
    entries.sort_by(|a, b| {
        let names_category = |entry: &Entry| !entry.category.is_empty();
        (b.whole, b.listings, names_category(b)).cmp(&(a.whole, a.listings, names_category(a)))
    });
    Ok(entries)
}

/// A text that would find much more, each mistyped word put right; `None` when nothing looks mistyped.
pub(super) fn did_you_mean(
    view: &View,
    understood: &Understood,
    found: u64,
) -> Result<Option<String>, SearchError> {
    if let Some(all) = homophone(view, &whole_han(understood), found)? {
        return Ok(Some(all));
    }
    let mut words = Vec::new();
    let mut changed = false;
    for word in understood.words() {
        let listings = view.frequency(&word.text)?;
        let better = match word.script {
            Script::Han if word.len() >= 2 => homophone(view, &word.text, listings)?,
            Script::Latin if word.len() >= CORRECTED_FROM => similar(view, &word.text, listings)?,
            _ => None,
        };
        changed |= better.is_some();
        words.push(better.unwrap_or_else(|| word.text.clone()));
    }
    Ok(changed.then(|| spaced(&words)))
}

/// The whole query, when it is one run of a few Chinese characters: a wrong one may have broken the words apart.
fn whole_han(understood: &Understood) -> String {
    let all: String = understood.words().map(|word| word.text.as_str()).collect();
    let short = (2..=6).contains(&all.chars().count()) && all.chars().all(is_han);
    if short { all } else { String::new() }
}

/// The commonest word that is read the same.
fn homophone(view: &View, word: &str, listings: u64) -> Result<Option<String>, SearchError> {
    let mut best: Option<Entry> = None;
    for reading in reading::readings(word) {
        if reading.full.is_empty() {
            continue;
        }
        let entries = view.entries(&reading.full, Key::Full, Extent::Whole, 4)?;
        let others =
            entries.into_iter().filter(|entry| squeeze(&entry.words) != word && has_han(&entry.words));
        best = best.into_iter().chain(others).max_by_key(|entry| entry.listings);
    }
    Ok(best.filter(|entry| entry.listings > BETTER * listings).map(|entry| entry.words))
}

/// The commonest word that differs by a letter.
fn similar(view: &View, word: &str, listings: u64) -> Result<Option<String>, SearchError> {
    let best = view.similar(word, 1)?.into_iter().next();
    Ok(best.filter(|(_, others)| *others > BETTER * listings).map(|(word, _)| word))
}

/// Words in a row, with a space where Latin letters would run together.
fn spaced(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        let joins = |c: Option<char>| c.is_some_and(|c| !is_han(c));
        if joins(out.chars().last()) && joins(word.chars().next()) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
