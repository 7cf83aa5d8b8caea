//! Every refusal has its words, in both languages. The sources are read as they are, so that a slug which nobody
//! translated is found before a reader meets it as a key.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository").join("crates")
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|ending| ending == extension) {
            found.push(path);
        }
    }
}

/// The program's own sources, tests and examples left out.
fn sources() -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(crates()).unwrap() {
        files(&entry.unwrap().path().join("src"), "rs", &mut found);
    }
    assert!(found.len() > 100, "{}", found.len());
    found.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The first string literal within each call of `function`, whose name ends with the opening parenthesis.
fn literals(source: &str, function: &str) -> Vec<String> {
    let calls = source.split(function).skip(1);
    let literal = |call: &str| {
        let arguments = call.split([')', ';', '{']).next()?;
        let (_, rest) = arguments.split_once('"')?;
        let (text, _) = rest.split_once('"')?;
        Some(text.to_owned())
    };
    calls.filter_map(literal).collect()
}

/// The messages of a language, each with whether it has a `.detail`, from every crate whose sentences the gateway
/// renders. The pages' own stand apart.
fn messages(language: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(crates()).unwrap() {
        let path = entry.unwrap().path().join("i18n").join(format!("{language}.ftl"));
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for line in text.lines() {
            if line.trim_start().starts_with(".detail") {
                if let Some((_, has_detail)) = found.last_mut() {
                    *has_detail = true;
                }
            } else if let Some((name, _)) = line.split_once('=')
                && name.starts_with(|first: char| first.is_ascii_alphabetic())
            {
                found.push((name.trim().to_owned(), false));
            }
        }
    }
    found
}

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

#[test]
fn every_problem_has_a_title_and_a_detail_in_both_languages() {
    let mut slugs: BTreeSet<String> =
        ["not-found", "unauthenticated", "forbidden", "invalid", "malformed", "stale", "internal"]
            .map(str::to_owned)
            .into();
    for source in sources() {
        for function in ["Problem::new(", "Self::new(StatusCode::", "conflict(", "wait("] {
            slugs.extend(literals(&source, function).into_iter().filter(|text| is_code(text)));
        }
    }
    assert!(
        slugs.len() > 30 && slugs.contains("login-taken") && slugs.contains("listing-state"),
        "{slugs:?}"
    );
    for language in LANGUAGES {
        let messages = messages(language);
        for slug in &slugs {
            let key = format!("problem-{slug}");
            assert!(messages.contains(&(key.clone(), true)), "{language} has no {key} with a .detail");
        }
    }
}

#[test]
fn every_sentence_about_a_field_is_there_in_both_languages() {
    let mut keys = BTreeSet::new();
    for source in sources() {
        keys.extend(literals(&source, "Message::new(").into_iter().filter(|text| is_code(text)));
    }
    assert!(keys.len() > 40, "{keys:?}");
    for language in LANGUAGES {
        let known: BTreeSet<String> = messages(language).into_iter().map(|(name, _)| name).collect();
        let missing: Vec<_> =
            keys.iter().filter(|key| !known.contains(*key) && !is_of_a_unit_test(key)).collect();
        assert!(missing.is_empty(), "{language} has no {missing:?}");
    }
}

#[test]
fn both_languages_say_the_same_things() {
    let [chinese, english] =
        LANGUAGES.map(|language| messages(language).into_iter().collect::<BTreeSet<_>>());
    let difference: Vec<_> = chinese.symmetric_difference(&english).collect();
    assert!(difference.is_empty(), "{difference:?}");
    assert!(!chinese.is_empty());
}

/// `listing-state`, and not a sentence.
fn is_code(text: &str) -> bool {
    text.len() > 2
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Keys that unit tests beside the code make up.
fn is_of_a_unit_test(key: &str) -> bool {
    key.starts_with("test-") || key.starts_with("example")
}
