//! What Meilisearch is given: words cut already, and settings that make it take them as they are.
//!
//! Left to itself Meilisearch turns Chinese into pinyin before it compares, so that 景点 brings 经典, and lets no word be
//! found inside another. So it never sees Chinese to search in: each Chinese token is written in digits, six for a character, and
//! `9` behind the last. Digits are one word to it, are never taken for mistyped (`disableOnNumbers`), and the `9` keeps a
//! token from being the beginning of another. Pinyin stands in a field of its own, in letters, where digits cannot meet it.

use std::collections::{BTreeSet, HashMap};

use meilisearch_sdk::settings::{
    FacetSortValue, FacetingSettings, MinWordSizeForTypos, PaginationSetting, Settings, TypoToleranceSettings,
};
use serde_json::{Map, Value as Json, json};

use crate::{
    Card, Document, Value,
    embedded::attribute_text,
    price_position,
    text::{
        entry, reading,
        segment::{self, Script, Word},
        synonyms::Synonyms,
    },
};

/// Hits that can be paged through; Meilisearch counts up to here.
pub(super) const MOST_HITS: usize = 20_000;
/// Values of a facet that are counted.
const MOST_VALUES: usize = 500;
/// Characters of a description that are kept to show.
const KEPT_DESCRIPTION: usize = 400;

/// Where words are searched strictly, in order of what they are worth.
pub(super) const STRICT: [&str; 6] = ["heads", "title", "inner", "names", "categories", "rest"];
/// Where letters are searched too: pinyin in full and by initials.
pub(super) const SPELLED: [&str; 8] =
    ["heads", "heads_pinyin", "title", "inner", "names", "categories", "rest", "pinyin"];
/// All fields.
pub(super) const LOOSE: [&str; 9] =
    ["heads", "heads_pinyin", "title", "inner", "names", "categories", "rest", "pinyin", "loose"];

/// A token as Meilisearch is given it: Chinese in digits, letters as they are.
pub(super) fn token(text: &str) -> String {
    if text.chars().all(|c| !crate::text::fold::is_han(c)) {
        return text.to_owned();
    }
    let mut digits: String = text.chars().take(30).map(|c| format!("{:06}", u32::from(c))).collect();
    digits.push('9');
    digits
}

/// A word as it is asked for: a Latin one in its parts.
pub(super) fn asked(word: &Word) -> String {
    match word.script {
        Script::Latin if !word.parts.is_empty() => {
            word.parts.iter().map(|(part, _)| part.as_str()).collect::<Vec<_>>().join(" ")
        }
        _ => token(&word.text),
    }
}

fn main_words(text: &str) -> String {
    segment::words(text).iter().map(asked).collect::<Vec<_>>().join(" ")
}

/// The title in its smallest words, in order: how near they stand to each other and in which field is what is ranked by.
fn smallest(words: &[Word]) -> String {
    let pieces = words.iter().flat_map(|word| match word.script {
        Script::Han => {
            let pieces = segment::pieces(&word.text);
            // 包邮 is no 包: a word that does not fall into words stays whole.
            let words = pieces.iter().all(|piece| piece.chars().count() > 1);
            if words { pieces.iter().map(|piece| token(piece)).collect() } else { vec![token(&word.text)] }
        }
        Script::Latin => vec![asked(word)],
    });
    pieces.collect::<Vec<_>>().join(" ")
}

/// All that is inside words and between two, which no query of Meilisearch could ask for: it has no 'or' of its own.
fn inner(words: &[Word], out: &mut BTreeSet<String>) {
    out.extend(segment::tokens(words).into_iter().map(|it| it.text));
    for word in words.iter().filter(|word| word.script == Script::Han) {
        let chars: Vec<char> = word.text.chars().collect();
        for size in 2..chars.len() {
            out.extend(chars.windows(size).map(|part| part.iter().collect::<String>()));
        }
    }
    for pair in words.windows(2).filter(|pair| pair.iter().all(|word| word.script == Script::Han)) {
        if pair[0].place + pair[0].places() == pair[1].place && pair[0].len() + pair[1].len() <= 6 {
            out.insert(format!("{}{}", pair[0].text, pair[1].text));
        }
    }
}

/// A set of tokens. None of them comes first: Meilisearch would rank higher what a field begins with.
fn written(tokens: impl IntoIterator<Item = String>) -> String {
    std::iter::once("00".to_owned())
        .chain(tokens.into_iter().map(|text| token(&text)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The document in the shape that the settings expect.
pub(super) fn document(document: &Document) -> Json {
    let title = segment::words(&document.title);
    let names: Vec<Vec<Word>> = [&document.brand, &document.model].map(|name| segment::words(name)).into();
    let categories: Vec<Vec<Word>> =
        document.category.iter().flat_map(|step| &step.names).map(|name| segment::words(name)).collect();
    let tokens = |texts: &[Vec<Word>]| {
        let mut out = BTreeSet::new();
        texts.iter().for_each(|words| inner(words, &mut out));
        written(out)
    };
    let rest: Vec<Vec<Word>> = document
        .keywords
        .iter()
        .chain(&document.place_names)
        .chain([&document.description])
        .map(|text| segment::words(text))
        .collect();
    let mut loose = segment::loose_tokens(&title);
    names.iter().chain(&categories).for_each(|words| loose.extend(segment::loose_tokens(words)));
    let entries = entry::of(document);
    let description: String = document.description.chars().take(KEPT_DESCRIPTION).collect();
    let mut out = json!({
        "id": document.id.to_string(),
        "version": document.version,
        "heads": written(segment::heads(&title)),
        "heads_pinyin": written(spelled(&segment::heads(&title))),
        "title": smallest(&title),
        "inner": tokens(std::slice::from_ref(&title)),
        "names": tokens(&names),
        "categories": tokens(&categories),
        "rest": tokens(&rest),
        "pinyin": pinyin(&entries),
        "loose": written(loose),
        "reading": entries,
        "word": latin(&title),
        "category": document.category.iter().map(|step| &step.code).collect::<Vec<_>>(),
        "condition": document.condition,
        "district": document.district,
        "delivery": document.deliveries,
        "price": document.price,
        "price_range": price_position(document.price),
        "published": document.published_at.micros(),
        "tie": tie(document.id.uuid()),
        "seller": document.seller.to_string(),
        "attribute": attributes(document),
        "number": numbers(document),
        "card": Card::from(document),
        "description": description,
    });
    if let (Some(point), Some(fields)) = (document.point, out.as_object_mut()) {
        fields.insert("_geo".to_owned(), json!({ "lat": point.lat, "lng": point.lon }));
    }
    out
}

/// A number that parts documents of equal rank. Meilisearch keeps 53 bits of a number; 52 of the id's random ones do.
pub(super) fn tie(id: uuid::Uuid) -> i64 {
    let (_, low) = id.as_u64_pair();
    i64::try_from(low & ((1 << 52) - 1)).unwrap_or(0)
}

/// Words as they are typed in letters.
fn spelled(words: &BTreeSet<String>) -> BTreeSet<String> {
    let readings = words.iter().flat_map(|word| {
        let several = word.chars().nth(1).is_some();
        reading::readings(word).into_iter().map(move |it| (it, several))
    });
    readings
        .flat_map(|(it, several)| std::iter::once(it.full).chain(several.then_some(it.initials)))
        .collect()
}

fn pinyin(entries: &[String]) -> String {
    let keys = entries.iter().filter_map(|text| entry::Entry::parse(text)).map(|it| it.key);
    let letters = keys.map(|key| key.trim_start_matches('~').to_owned());
    let letters: BTreeSet<String> =
        letters.filter(|key| key.bytes().all(|b| b.is_ascii_lowercase())).collect();
    letters.into_iter().collect::<Vec<_>>().join(" ")
}

fn latin(words: &[Word]) -> Vec<String> {
    let mut out = BTreeSet::new();
    for word in words.iter().filter(|word| word.script == Script::Latin) {
        let parts = word.parts.iter().map(|(part, _)| part.clone());
        out.extend(parts.chain([word.text.clone()]).filter(|part| part.chars().all(char::is_alphabetic)));
    }
    out.into_iter().collect()
}

fn attributes(document: &Document) -> Vec<String> {
    let values =
        document.attributes.iter().flat_map(|it| it.values.iter().map(move |value| (&it.code, value)));
    values.map(|(code, value)| attribute_text(code, value)).collect()
}

fn numbers(document: &Document) -> Map<String, Json> {
    let mut numbers = Map::new();
    for it in &document.attributes {
        let values: Vec<f64> = it
            .values
            .iter()
            .filter_map(|value| match value {
                Value::Number(number) => Some(*number),
                Value::Code(_) => None,
            })
            .collect();
        if !values.is_empty() {
            numbers.insert(it.code.clone(), json!(values));
        }
    }
    numbers
}

/// Settings of an index.
pub(super) fn settings(synonyms: &Synonyms) -> Settings {
    Settings {
        synonyms: Some(synonym_settings(synonyms)),
        ranking_rules: Some(
            [
                "sort",
                "words",
                "typo",
                "proximity",
                "attributeRank",
                "exactness",
                "published:desc",
                "tie:desc",
            ]
            .map(str::to_owned)
            .into(),
        ),
        filterable_attributes: Some(
            [
                "category",
                "condition",
                "district",
                "delivery",
                "price",
                "price_range",
                "published",
                "tie",
                "seller",
                "attribute",
                "number",
                "reading",
                "word",
                "_geo",
            ]
            .map(Into::into)
            .into(),
        ),
        sortable_attributes: Some(["price", "published", "tie", "_geo"].map(str::to_owned).into()),
        searchable_attributes: Some(LOOSE.map(str::to_owned).into()),
        displayed_attributes: Some(
            ["id", "version", "card", "description", "price", "published", "tie"].map(str::to_owned).into(),
        ),
        pagination: Some(PaginationSetting { max_total_hits: MOST_HITS }),
        faceting: Some(FacetingSettings {
            max_values_per_facet: MOST_VALUES,
            sort_facet_values_by: Some([("*".to_owned(), FacetSortValue::Count)].into()),
        }),
        typo_tolerance: Some(TypoToleranceSettings {
            enabled: Some(true),
            min_word_size_for_typos: Some(MinWordSizeForTypos { one_typo: Some(4), two_typos: Some(255) }),
            disable_on_words: None,
            disable_on_attributes: Some(
                ["heads_pinyin", "pinyin", "loose", "reading"].map(str::to_owned).into(),
            ),
            disable_on_numbers: Some(true),
        }),
        ..Settings::new()
    }
}

fn synonym_settings(synonyms: &Synonyms) -> HashMap<String, Vec<String>> {
    let words = synonyms.words().filter(|word| !synonyms.of(word).is_empty());
    words
        .map(|word| (main_words(word), synonyms.of(word).iter().map(|other| main_words(other)).collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_chinese_token_begins_another() {
        assert_eq!(token("手机"), "0251630264269");
        assert!(!token("手机壳").starts_with(&token("手机")));
        assert_eq!(token("iphone"), "iphone");
    }

    #[test]
    fn a_word_across_two_is_prepared_for() {
        let mut out = BTreeSet::new();
        inner(&segment::words("透明手机壳"), &mut out);
        assert!(out.contains("手机壳") && out.contains("手机"), "{out:?}");
    }
}
