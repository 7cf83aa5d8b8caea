//! Which stretches of a text are what was looked for.

use std::collections::BTreeSet;

use crate::{Fragment, text::fold::fold_char};

/// Characters of a description that a result shows.
const EXCERPT: usize = 70;

/// What to look for in a text: folded tokens. A Chinese token is found anywhere, a Latin one as a whole word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needles {
    /// Words and their other names, longest first.
    words: BTreeSet<String>,
    /// Parts to fall back on for each word that is not there whole.
    parts: Vec<(String, Vec<String>)>,
}

impl Needles {
    /// Adds a word; where it is not found whole, its parts are set off instead.
    pub fn add(&mut self, word: &str, parts: &[String]) {
        if self.words.insert(word.to_owned()) && !parts.is_empty() {
            self.parts.push((word.to_owned(), parts.to_vec()));
        }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The whole text in pieces, those found set off.
    #[must_use]
    pub fn mark(&self, text: &str) -> Vec<Fragment> {
        let chars: Vec<char> = text.chars().collect();
        let marked = self.marked(&chars);
        fragments(&chars, &marked)
    }

    /// The stretch of a longer text that holds the most of what was found, in pieces; empty when nothing is found.
    #[must_use]
    pub fn excerpt(&self, text: &str) -> Vec<Fragment> {
        let chars: Vec<char> = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let marked = self.marked(&chars);
        if !marked.contains(&true) {
            return Vec::new();
        }
        let from = best_window(&marked);
        let to = (from + EXCERPT).min(chars.len());
        let mut pieces = fragments(&chars[from..to], &marked[from..to]);
        if from > 0 {
            pieces.insert(0, Fragment { text: "…".to_owned(), matched: false });
        }
        if to < chars.len() {
            pieces.push(Fragment { text: "…".to_owned(), matched: false });
        }
        pieces
    }

    fn marked(&self, chars: &[char]) -> Vec<bool> {
        let folded: Vec<char> = chars.iter().copied().map(fold_char).collect();
        let mut marked = vec![false; folded.len()];
        if self.is_empty() {
            return marked;
        }
        let mut missing = Vec::new();
        for word in &self.words {
            if !mark_all(&folded, word, &mut marked) {
                missing.push(word);
            }
        }
        for (word, parts) in &self.parts {
            if missing.contains(&word) {
                parts.iter().for_each(|part| {
                    mark_all(&folded, part, &mut marked);
                });
            }
        }
        marked
    }
}

/// Marks every place where a token stands; whether there is one.
fn mark_all(folded: &[char], token: &str, marked: &mut [bool]) -> bool {
    let token: Vec<char> = token.chars().collect();
    if token.is_empty() || token.len() > folded.len() {
        return false;
    }
    let latin = |c: char| c.is_alphanumeric() && !crate::text::fold::is_han(c);
    let mut found = false;
    for at in 0..=folded.len() - token.len() {
        let end = at + token.len();
        if folded[at..end] != token[..] {
            continue;
        }
        // "phone" is not set off inside "iphone", but "iphone" is inside "iphone14".
        let same_kind = |a: char, b: char| latin(a) && latin(b) && a.is_numeric() == b.is_numeric();
        let starts = at == 0 || !same_kind(folded[at - 1], token[0]);
        let ends = end == folded.len() || !same_kind(token[token.len() - 1], folded[end]);
        if starts && ends {
            marked[at..end].iter_mut().for_each(|it| *it = true);
            found = true;
        }
    }
    found
}

fn fragments(chars: &[char], marked: &[bool]) -> Vec<Fragment> {
    let mut at = 0;
    let runs = marked.chunk_by(|a, b| a == b).map(|run| {
        let from = at;
        at += run.len();
        (from..at, run[0])
    });
    runs.map(|(range, matched)| Fragment { text: chars[range].iter().collect(), matched }).collect()
}

/// Where the window of [`EXCERPT`] characters starts that holds the most marks, with a little air before the first.
fn best_window(marked: &[bool]) -> usize {
    let width = EXCERPT.min(marked.len());
    let mut inside = marked[..width].iter().filter(|it| **it).count();
    let (mut best, mut most) = (0, inside);
    for from in 1..=marked.len() - width {
        inside += usize::from(marked[from + width - 1]);
        inside -= usize::from(marked[from - 1]);
        if inside > most {
            (best, most) = (from, inside);
        }
    }
    let first = marked[best..].iter().position(|it| *it).map_or(best, |offset| best + offset);
    first.saturating_sub(EXCERPT / 4).min(marked.len() - width)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn needles(words: &[&str]) -> Needles {
        let mut needles = Needles::default();
        words.iter().for_each(|word| needles.add(word, &[]));
        needles
    }

    fn shown(fragments: &[Fragment]) -> String {
        fragments
            .iter()
            .map(|it| if it.matched { format!("[{}]", it.text) } else { it.text.clone() })
            .collect()
    }

    #[test]
    fn what_overlaps_is_set_off_once() {
        assert_eq!(
            shown(&needles(&["手机", "机壳", "iphone"]).mark("iPhone14手机壳 全新")),
            "[iPhone]14[手机壳] 全新"
        );
    }

    #[test]
    fn a_word_that_is_not_there_whole_is_marked_in_parts() {
        let mut needles = Needles::default();
        needles.add("手机壳", &["手机".to_owned(), "机壳".to_owned()]);
        assert_eq!(shown(&needles.mark("手机保护壳")), "[手机]保护壳");
    }

    #[test]
    fn width_and_script_do_not_hide_a_match() {
        assert_eq!(shown(&needles(&["手机", "pro"]).mark("手機 ＰＲＯ")), "[手機] [ＰＲＯ]");
    }

    #[test]
    fn latin_is_set_off_as_a_whole_word() {
        assert_eq!(shown(&needles(&["phone"]).mark("iphone phone")), "iphone [phone]");
    }

    #[test]
    fn an_excerpt_shows_where_the_match_is() {
        let long = format!("{}自行车很新{}", "甲".repeat(200), "乙".repeat(200));
        let excerpt = shown(&needles(&["自行车"]).excerpt(&long));
        assert!(
            excerpt.starts_with('…') && excerpt.ends_with('…') && excerpt.contains("[自行车]"),
            "{excerpt}"
        );
        assert!(needles(&["手机"]).excerpt(&long).is_empty());
    }

    proptest! {
        #[test]
        fn the_pieces_joined_are_the_text(text in ".{0,80}", word in "[a-z手机]{1,3}") {
            let joined: String = needles(&[&word]).mark(&text).into_iter().map(|it| it.text).collect();
            prop_assert_eq!(joined, text);
        }

        #[test]
        fn an_excerpt_is_short(text in "[a手机 ]{0,300}") {
            let shown: usize = needles(&["手机"]).excerpt(&text).iter().map(|it| it.text.chars().count()).sum();
            prop_assert!(shown <= EXCERPT + 2);
        }
    }
}
