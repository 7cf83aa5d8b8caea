//! Chat and payment accounts behind a word that introduces them, and invitations to go elsewhere.

use super::{
    ContactKind, Span, at,
    numbers::{digits_from, followed_by_unit},
    words::{Intro, Words, word_end},
};
use crate::screening::{Folded, is_invisible};

pub(super) fn find(chars: &[Folded], words: &Words) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut index = 0;
    while index < chars.len() {
        if let Some(span) = bare_id(chars, index).or_else(|| introduced(chars, index, words)) {
            spans.push(span);
            index = span.last + 1;
        } else {
            index += 1;
        }
    }
    spans.extend(invitations(chars, words));
    spans
}

/// An account after the word that begins at a place.
fn introduced(chars: &[Folded], start: usize, words: &Words) -> Option<Span> {
    if !words.starts.contains(&chars[start].c) {
        return None;
    }
    words.intros.iter().find_map(|intro| {
        let end = word_end(chars, start, &intro.word)?;
        let (account, explicit) = connected(chars, end);
        if intro.explicit && !explicit {
            return None;
        }
        // A Latin word that goes on is another word, unless what goes on has digits in it: `wxabc123`.
        let last = account_end(chars, account, intro, explicit, words)?;
        Some(Span { kind: intro.kind, first: account, last })
    })
}

/// Skips what stands between the word and the account; says whether a sign was among it.
fn connected(chars: &[Folded], from: usize) -> (usize, bool) {
    let mut explicit = false;
    let mut index = from;
    while index < chars.len().min(from + 8) {
        match chars[index].c {
            ':' | '=' | '号' | '码' | '是' | '为' | '加' | '叫' | '+' | '➕' | '>' | '→' | '⇒' | '↓'
            | '❤' | '♥' | '【' | '[' | '“' | '「' | '群' | '搜' | '|' => explicit = true,
            ' ' | '\t' | '\n' | '-' | '~' | '.' | ',' | '(' | '"' | '*' | '👇' | '👉' => {}
            c if is_invisible(c) => {}
            _ => break,
        }
        index += 1;
    }
    (index, explicit)
}

/// The last character of an account that begins at a place.
fn account_end(
    chars: &[Folded],
    start: usize,
    intro: &Intro,
    explicit: bool,
    words: &Words,
) -> Option<usize> {
    if let Some((digits, last)) = digits_from(chars, start, explicit)
        && !(at(chars, Some(last + 1)).is_ascii_alphabetic() || followed_by_unit(chars, last + 1, words))
    {
        let fits = match intro.kind {
            ContactKind::Qq => (5..=11).contains(&digits.len()) && !digits.starts_with('0'),
            _ => (6..=19).contains(&digits.len()),
        };
        if fits {
            return Some(last);
        }
    }
    if intro.kind == ContactKind::Qq {
        return None;
    }
    let handle: String =
        chars[start.min(chars.len())..].iter().map(|folded| folded.c).take_while(|c| in_handle(*c)).collect();
    let handle = handle.trim_end_matches(['-', '_']);
    let begins = handle.starts_with(|c: char| c.is_ascii_alphabetic());
    let telling = explicit || handle.contains(|c: char| c.is_ascii_digit() || c == '_');
    let known_word =
        words.not_handles.iter().any(|word| word == handle.trim_end_matches(|c: char| c.is_ascii_digit()));
    // WeChat: 6 to 20 characters beginning with a letter; others are no shorter in practice.
    let fits = (6..=30).contains(&handle.len()) && begins && telling && !known_word;
    fits.then(|| start + handle.len() - 1)
}

const fn in_handle(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// `wxid_…`: an account by itself.
fn bare_id(chars: &[Folded], start: usize) -> Option<Span> {
    let end = word_end(chars, start, &['w', 'x', 'i', 'd', '_'])?;
    let length = chars[end..].iter().take_while(|folded| in_handle(folded.c)).count();
    (length >= 6).then(|| Span { kind: ContactKind::WeChat, first: start, last: end + length - 1 })
}

/// Invitations whose words are not part of the opposite (`不加微信`).
fn invitations(chars: &[Folded], words: &Words) -> Vec<Span> {
    let starts: Vec<usize> =
        (0..chars.len()).filter(|index| words.starts.contains(&chars[*index].c)).collect();
    let mut spans = Vec::new();
    for phrase in &words.phrases {
        let all = |list: &[Vec<char>]| -> Vec<(usize, usize)> {
            let at = |start: &usize| {
                let start = *start;
                list.iter().filter_map(move |word| Some((start, word_end(chars, start, word)?)))
            };
            starts.iter().flat_map(at).collect()
        };
        let excepted = all(&phrase.exceptions);
        for (start, end) in all(&phrase.words) {
            if !excepted.iter().any(|(from, to)| *from < end && start < *to) {
                spans.push(Span { kind: phrase.kind, first: start, last: end - 1 });
            }
        }
    }
    spans
}
