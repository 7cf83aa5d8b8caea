//! Completing, correcting and reading what is typed, with Meilisearch's search for facet values: it gives the values that
//! begin so, and how many listings have each.

use std::{
    collections::{BTreeSet, HashSet},
    sync::OnceLock,
};

use super::{MeiliIndex, answer, question::Way, soon};
use crate::{
    SearchError, Suggestion,
    highlight::Needles,
    text::{
        entry::{Entry, Extent, Key},
        fold::{is_han, squeeze},
        reading,
        segment::{self, Script, Word},
        synonyms,
    },
    understand::{Ask, Understood, beginning, has_han},
};

/// How many times as many listings a correction must have as what was typed.
const BETTER: u64 = 5;
/// Latin words this long are corrected.
const CORRECTED_FROM: usize = 4;

struct Known {
    entry: Entry,
    listings: u64,
}

/// Values of a facet that begin so, and how many listings have each.
async fn values(index: &MeiliIndex, facet: &str, begin: &str) -> Result<Vec<(String, u64)>, SearchError> {
    let target = index.index();
    let mut asked = target.facet_search(facet);
    asked.with_facet_query(begin);
    let answer = soon(asked.execute()).await?;
    Ok(answer.facet_hits.into_iter().map(|hit| (hit.value, hit.count as u64)).collect())
}

/// Words that are typed so, commonest first.
async fn entries(
    index: &MeiliIndex,
    typed: &str,
    key: Key,
    extent: Extent,
) -> Result<Vec<Known>, SearchError> {
    let begin = Entry::prefix(typed, key, extent);
    let found = values(index, "reading", &begin).await?;
    // What begins so to Meilisearch need not to us: it compares without marks.
    let mut known: Vec<Known> = found
        .into_iter()
        .filter(|(value, _)| value.starts_with(&begin))
        .filter_map(|(value, listings)| Some(Known { entry: Entry::parse(&value)?, listings }))
        .collect();
    known.sort_by(|a, b| b.listings.cmp(&a.listings).then_with(|| a.entry.words.cmp(&b.entry.words)));
    Ok(known)
}

/// See [`crate::SearchIndex::suggest`].
pub(super) async fn suggest(
    index: &MeiliIndex,
    typed: &str,
    limit: usize,
) -> Result<Vec<Suggestion>, SearchError> {
    let whole = beginning(typed);
    if whole.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let mut found = completions(index, &whole).await?;
    let mut kept = String::new();
    if found.is_empty()
        && let Some((before, last)) = typed.trim().rsplit_once(char::is_whitespace)
    {
        kept = format!("{} ", before.trim());
        found = completions(index, &beginning(last)).await?;
    }
    let mut seen = HashSet::new();
    let suggestions =
        found.into_iter().filter(|known| seen.insert(squeeze(&known.entry.words))).map(|known| Suggestion {
            text: format!("{kept}{}", known.entry.words),
            category: Some(known.entry.category).filter(|code| kept.is_empty() && !code.is_empty()),
            listings: known.listings,
        });
    Ok(suggestions.take(limit).collect())
}

async fn completions(index: &MeiliIndex, typed: &str) -> Result<Vec<Known>, SearchError> {
    let mut found = entries(index, typed, Key::Full, Extent::Beginning).await?;
    if typed.len() >= 2 && typed.bytes().all(|b| b.is_ascii_lowercase()) {
        found.extend(entries(index, typed, Key::Initials, Extent::Beginning).await?);
    }
    found.retain(|known| known.entry.words.chars().count() > 1);
    found.retain(|known| squeeze(&known.entry.words) != typed || !known.entry.category.is_empty());
    let order =
        |known: &Known| (known.entry.is_whole(typed), known.listings, !known.entry.category.is_empty());
    found.sort_by_key(|known| std::cmp::Reverse(order(known)));
    Ok(found)
}

/// A text that would find much more; `None` when nothing looks mistyped.
pub(super) async fn did_you_mean(
    index: &MeiliIndex,
    understood: &Understood,
    found: u64,
) -> Result<Option<String>, SearchError> {
    let all: String = understood.words().map(|word| word.text.as_str()).collect();
    if (2..=6).contains(&all.chars().count())
        && all.chars().all(is_han)
        && let Some(better) = homophone(index, &all, found).await?
    {
        return Ok(Some(better));
    }
    let mut words = Vec::new();
    let mut changed = false;
    for word in understood.words() {
        let better = match word.script {
            Script::Han if word.len() >= 2 => {
                let listings = counted(index, &word.text).await?;
                homophone(index, &word.text, listings).await?
            }
            Script::Latin => similar(index, &word.text).await?,
            Script::Han => None,
        };
        changed |= better.is_some();
        words.push(better.unwrap_or_else(|| word.text.clone()));
    }
    Ok(changed.then(|| words.join(" ")))
}

/// Listings that say a word.
async fn counted(index: &MeiliIndex, word: &str) -> Result<u64, SearchError> {
    let known = entries(index, word, Key::Full, Extent::Whole).await?;
    Ok(known.iter().map(|known| known.listings).max().unwrap_or(0))
}

async fn homophone(index: &MeiliIndex, word: &str, listings: u64) -> Result<Option<String>, SearchError> {
    let mut best: Option<Known> = None;
    for reading in reading::readings(word) {
        let known = entries(index, &reading.full, Key::Full, Extent::Whole).await?;
        let others =
            known.into_iter().filter(|it| squeeze(&it.entry.words) != word && has_han(&it.entry.words));
        best = best.into_iter().chain(others).max_by_key(|known| known.listings);
    }
    Ok(best.filter(|known| known.listings > BETTER * listings).map(|known| known.entry.words))
}

/// The commonest Latin word that differs by a letter, when the word itself is in no title or next to none.
pub(super) async fn similar(index: &MeiliIndex, word: &str) -> Result<Option<String>, SearchError> {
    if word.len() < CORRECTED_FROM || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Ok(None);
    }
    let found = values(index, "word", word).await?;
    let own = found.iter().find(|(value, _)| value == word).map_or(0, |(_, listings)| *listings);
    let near = found.into_iter().filter(|(value, _)| synonyms::one_apart(value.as_bytes(), word.as_bytes()));
    let best = near.max_by_key(|(_, listings)| *listings);
    Ok(best.filter(|(_, listings)| *listings > BETTER * own).map(|(value, _)| value))
}

/// Letters that are no word, but two words' pinyin in a row: parted where that finds the most.
pub(super) async fn parted(
    index: &MeiliIndex,
    understood: &Understood,
) -> Result<Option<Understood>, SearchError> {
    for (at, ask) in understood.asks.iter().enumerate() {
        let Some(syllables) = ask.letters().and_then(syllables).filter(|it| (2..=10).contains(&it.len()))
        else {
            continue;
        };
        let halves =
            (1..syllables.len()).map(|border| [syllables[..border].concat(), syllables[border..].concat()]);
        let halves: Vec<[String; 2]> = halves.collect();
        let texts: Vec<String> = halves.iter().map(|halves| halves.join(" ")).collect();
        let counts = answer::counts(index, &texts).await?;
        let best =
            halves.into_iter().zip(counts).filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count);
        if let Some((halves, _)) = best {
            let parts = halves.iter().map(|half| Ask {
                words: segment::words(half),
                synonyms: Vec::new(),
                optional: ask.optional,
            });
            let mut asks = understood.asks.clone();
            asks.splice(at..=at, parts);
            return Ok(Some(Understood { asks }));
        }
    }
    Ok(None)
}

/// Letters as pinyin syllables, the longest first.
fn syllables(letters: &str) -> Option<Vec<String>> {
    const LONGEST: usize = 6;
    if letters.is_empty() {
        return Some(Vec::new());
    }
    (1..=LONGEST.min(letters.len())).rev().find_map(|length| {
        let (first, rest) = letters.split_at_checked(length)?;
        if !all_syllables().contains(first) {
            return None;
        }
        let mut parts = vec![first.to_owned()];
        parts.extend(syllables(rest)?);
        Some(parts)
    })
}

/// Every syllable that a Chinese character is read as.
fn all_syllables() -> &'static BTreeSet<String> {
    static ALL: OnceLock<BTreeSet<String>> = OnceLock::new();
    ALL.get_or_init(|| {
        let characters = ('\u{4e00}'..='\u{9fa5}').map(String::from);
        characters.flat_map(|c| reading::readings(&c)).map(|reading| reading.full).collect()
    })
}

/// What to set off in what was found: the words and their other names, and in the looser ways their pieces.
pub(super) fn needles(understood: &Understood, way: Way) -> Needles {
    let mut needles = Needles::default();
    for words in understood.asks.iter().flat_map(|ask| std::iter::once(&ask.words).chain(&ask.synonyms)) {
        for word in words {
            let mut parts: Vec<String> = word.parts.iter().map(|(part, _)| part.clone()).collect();
            if word.script == Script::Han && !matches!(way, Way::Words | Way::Spelled) {
                parts.extend(segment::pieces(&word.text));
                parts.extend(segment::pairs(&word.text));
            } else if word.script == Script::Han && word.len() > 2 {
                parts.extend(segment::pairs(&word.text));
            }
            needles.add(&word.text, &parts);
        }
    }
    needles
}

/// Words of a title that letters may have meant: read so, begun so, or with a letter wrong.
pub(super) fn add_read(understood: &Understood, title: &str, needles: &mut Needles) {
    let letters: Vec<&str> = understood.asks.iter().filter_map(Ask::letters).collect();
    if letters.is_empty() {
        return;
    }
    let words = segment::words(title);
    for (at, word) in words.iter().enumerate() {
        if word.script == Script::Latin {
            let whole = word.parts.is_empty().then_some(&word.text);
            let parts = word.parts.iter().map(|(part, _)| part).chain(whole);
            let near = parts.filter(|part| {
                letters.iter().any(|typed| {
                    part.starts_with(typed)
                        || typed.len() >= CORRECTED_FROM
                            && synonyms::one_apart(part.as_bytes(), typed.as_bytes())
                })
            });
            near.for_each(|part| needles.add(part, &[]));
            continue;
        }
        let inner = segment::tokens(std::slice::from_ref(word)).into_iter().map(|token| token.text);
        let joined = words.get(at + 1).map(|next: &Word| format!("{}{}", word.text, next.text));
        for text in inner.chain(joined) {
            let several = text.chars().count() > 1;
            let read = reading::readings(&text).into_iter().any(|it| {
                letters.iter().any(|typed| it.full == *typed || several && it.initials == *typed)
                    || text == word.text && letters.iter().any(|typed| it.full.starts_with(typed))
            });
            if read {
                needles.add(&text, &[]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_part_into_syllables() {
        assert_eq!(syllables("zixingchehongse").unwrap(), ["zi", "xing", "che", "hong", "se"]);
        assert_eq!(syllables("iphone"), None);
    }
}
