//! The texts: both languages say the same keys, and every key that templates and code ask for exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use luhuan_web::text::{Locale, Text};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under `folder` whose name ends in `end`.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).expect("a folder of this crate").map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            found.extend(files(&entry, end));
        } else if entry.to_string_lossy().ends_with(end) {
            found.push(entry);
        }
    }
    found
}

/// The keys of a language, each with the variables that its text uses.
fn keys(locale: Locale) -> Vec<(String, BTreeSet<String>)> {
    let mut keys: Vec<(String, BTreeSet<String>)> = Vec::new();
    for file in files(&root().join("i18n").join(locale.tag()), ".ftl") {
        for line in fs::read_to_string(&file).expect("a text file").lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase())
                && let Some((key, _)) = line.split_once(" =")
            {
                keys.push((key.to_owned(), BTreeSet::new()));
            }
            let variables = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
            if let Some((_, held)) = keys.last_mut() {
                held.extend(variables.map(str::to_owned));
            }
        }
    }
    keys.sort();
    keys
}

/// The first arguments, when literal, of calls that end in one of `calls`.
fn asked(calls: &[&str]) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    let sources = [files(&root().join("templates"), ".html"), files(&root().join("src"), ".rs")].concat();
    for file in sources {
        let text = fs::read_to_string(&file).expect("a source file");
        for call in calls {
            for (at, _) in text.match_indices(call) {
                // `t.get(` is ours, `request.get(` is not.
                let whole = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let key = text[at + call.len()..].split('"').next();
                if whole && let Some(key) = key {
                    asked.insert(key.to_owned());
                }
            }
        }
    }
    asked
}

#[test]
fn both_languages_say_the_same_keys_with_the_same_values() {
    let (zh, en) = (keys(Locale::ZhCn), keys(Locale::En));
    assert!(zh.len() > 300, "only {} keys were read", zh.len());
    for (one, other) in zh.iter().zip(&en) {
        assert_eq!(one, other);
    }
    assert_eq!(zh.len(), en.len());
}

#[test]
fn every_key_that_is_asked_for_exists() {
    let asked =
        asked(&["t.get(\"", "t.n(\"", "t.with(\"", "text.get(\"", "text.n(\"", "text.with(\"", "quoted(\""]);
    assert!(asked.len() > 250, "only {} keys were found in the sources", asked.len());
    for locale in Locale::ALL {
        let missing: Vec<_> = asked.iter().filter(|key| !Text::of(locale).has(key)).collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", locale.tag());
    }
}

#[test]
fn every_list_of_codes_has_words() {
    let known: Vec<_> = keys(Locale::ZhCn).into_iter().map(|pair| pair.0).collect();
    let lists = asked(&["t.code(\"", "text.code(\""]);
    assert!(lists.len() > 10, "only {} lists were found in the sources", lists.len());
    for list in lists {
        let start = format!("{list}-");
        assert!(known.iter().any(|key| key.starts_with(&start)), "no text starts with {start}");
    }
}

#[test]
fn no_text_waits_for_someone_to_ask() {
    let mut lists = asked(&["code(\""]);
    // A key may be put together where it is asked for: `format!("flash-{code}")`.
    let built = asked(&["format!(\""]);
    lists.extend(built.iter().filter_map(|text| text.split_once("-{")).map(|(list, _)| list.to_owned()));
    let sources: String = [files(&root().join("templates"), ".html"), files(&root().join("src"), ".rs")]
        .concat()
        .iter()
        .map(|file| fs::read_to_string(file).expect("a source file"))
        .collect();
    let idle: Vec<_> = keys(Locale::ZhCn)
        .into_iter()
        .map(|pair| pair.0)
        .filter(|key| {
            // A key is named in the sources, or is the word for a code of a list.
            let coded = lists
                .iter()
                .any(|list| key.strip_prefix(list.as_str()).is_some_and(|rest| rest.starts_with('-')));
            !coded && !sources.contains(&format!("\"{key}\""))
        })
        .collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

#[test]
fn plurals_and_values_are_filled_in() {
    let (zh, en) = (Text::of(Locale::ZhCn), Text::of(Locale::En));
    assert_eq!(en.n("found", 1_u64), "1 item");
    assert_eq!(en.n("found", 12_043_u64), "12,043 items");
    assert_eq!(zh.n("found", 12_043_u64), "12,043 件");
    assert_eq!(zh.with("nothing-for", "words", "山地车"), "没有找到「山地车」");
    assert_eq!(zh.code("state", "sold"), "已卖出");
    assert_eq!(zh.code("state", "melted"), "melted");
    assert_eq!(zh.get("no-such-key"), "no-such-key");
}
