//! Everything that can be said is written, in both languages.

use std::{collections::BTreeSet, path::Path};

use luhuan_kernel::{Locale, Message, Problem, text::Texts};
use luhuan_notifications::{
    Error, TEXTS,
    model::{RULES, Topic},
};

fn texts() -> Texts {
    Texts::new(&TEXTS)
}

#[test]
fn both_languages_say_the_same() {
    assert_eq!(texts().keys(Locale::ZhCn), texts().keys(Locale::En));
}

#[test]
fn every_kind_of_notification_has_its_sentence_and_what_to_do() {
    let texts = texts();
    let values =
        ["title", "amount", "from", "to", "role", "several", "count"].map(|name| (name, "1".to_owned()));
    for rule in RULES {
        let key = format!("notification-{}", rule.kind);
        for locale in Locale::ALL {
            let said = [texts.with(locale, &key, &values), texts.attribute(locale, &key, "detail", &values)];
            for sentence in said {
                assert!(!sentence.starts_with("notification-"), "{key} in {}", locale.tag());
                assert!(
                    !sentence.contains('{') && !sentence.contains('$') && !sentence.is_empty(),
                    "{sentence}"
                );
            }
        }
    }
    for topic in Topic::ALL {
        assert!(texts.keys(Locale::En).contains(&format!("notification-topic-{}", topic.code())));
    }
    let told: BTreeSet<String> = RULES.iter().map(|rule| format!("notification-{}", rule.kind)).collect();
    let others =
        ["title", "no-title", "mail-choose", "mail-footer", "topic-trade", "topic-messages", "topic-account"];
    let written = texts.keys(Locale::En).iter().filter(|key| key.starts_with("notification-"));
    let unused: Vec<_> = written
        .filter(|key| !told.contains(*key) && !others.contains(&key.trim_start_matches("notification-")))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_refusal_has_a_title_and_says_what_to_do() {
    let texts = texts();
    for refusal in [Error::TooManyWebhooks(10), Error::WebhookOff, Error::TooManyStreams] {
        let problem = Problem::from(refusal);
        for locale in Locale::ALL {
            let (title, detail) = (problem.title(&texts, locale), problem.detail(&texts, locale));
            assert!(!title.starts_with("problem-") && !detail.starts_with("problem-"), "{}", problem.slug());
            assert!(!detail.contains('{') && !detail.contains('$'), "{detail}");
        }
    }
}

#[test]
fn every_sentence_that_the_code_speaks_of_is_written() {
    let texts = texts();
    let mut spoken = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut spoken);
    assert!(spoken.len() >= 10, "{spoken:?}");
    let missing: Vec<&String> = spoken.iter().filter(|key| !texts.keys(Locale::En).contains(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let said = Message::new("notifications-events-count").with("max", 50).render(&texts, Locale::En);
    assert_eq!(said, "Choose 1 to 50 events.");
}

/// The keys `"notifications-…"` in the sources.
fn collect(folder: &Path, keys: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, keys);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let quoted = source.split("\"notifications-").skip(1).filter_map(|rest| rest.split('"').next());
        // Slugs of problems are written as `problem-…`.
        let is_slug = |key: &str| ["too-many-webhooks", "webhook-off", "too-many-streams"].contains(&key);
        keys.extend(quoted.filter(|key| !is_slug(key)).map(|key| format!("notifications-{key}")));
    }
}
