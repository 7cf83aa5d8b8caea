//! Every refusal has its sentences, in both languages.

use std::{collections::BTreeSet, path::Path};

use luhuan_certification::{
    Error, TEXTS,
    model::{
        CertificateEvent, CertificateState, Event, EvidenceKind, MallFormat, Pillar, State, Trust,
        assessors::PoolTooSmall,
        process::{Guard, Refused},
    },
};
use luhuan_kernel::{Locale, Problem, Timestamp, text::Texts};

fn refusals() -> Vec<Problem> {
    let (state, event) = (State::Draft, Event::Grant);
    let refused = CertificateState::Revoked.after(CertificateEvent::Renew).unwrap_err();
    vec![
        Error::Conflict.into(),
        Error::StaleItems(vec!["X103".into()]).into(),
        Error::Process(Refused::State { state, event }).into(),
        Error::Process(Refused::Guard { event, guard: Guard::NoticeClear }).into(),
        Error::Certificate(refused).into(),
        Error::Frozen(state).into(),
        Error::NotNow(state).into(),
        Error::Incomplete { items: Vec::new(), eligibility: vec!["open".into()] }.into(),
        Error::UnderWay.into(),
        Error::Barred(Timestamp::from_micros(0)).into(),
        Error::Pool(PoolTooSmall { free: 1, needed: 3 }).into(),
        Error::Sealed.into(),
        Error::Rubric(Vec::new()).into(),
        Error::RubricUnreadable("line 1".into()).into(),
        Error::RubricPublished.into(),
        Error::Csv(Vec::new()).into(),
        Error::File("empty").into(),
    ]
}

#[test]
fn both_languages_say_the_same() {
    let texts = Texts::new(&TEXTS);
    assert_eq!(texts.keys(Locale::ZhCn), texts.keys(Locale::En));
}

#[test]
fn every_refusal_has_a_title_and_says_what_to_do() {
    let texts = Texts::new(&TEXTS);
    for problem in refusals() {
        for locale in Locale::ALL {
            let (title, detail) = (problem.title(&texts, locale), problem.detail(&texts, locale));
            assert!(!title.starts_with("problem-") && !detail.starts_with("problem-"), "{}", problem.slug());
            assert!(!detail.contains('{') && !detail.contains('$'), "{detail}");
        }
    }
    let refused: Problem =
        Error::Process(Refused::Guard { event: Event::Grant, guard: Guard::NoticeClear }).into();
    assert_eq!(
        refused.detail(&texts, Locale::ZhCn),
        "要发证，还需要：得分达标、公示期满、没有待答复或成立的异议。"
    );
}

#[test]
fn every_code_that_a_person_sees_has_a_name() {
    let texts = Texts::new(&TEXTS);
    let mut spoken: BTreeSet<String> = BTreeSet::new();
    spoken.extend(State::ALL.iter().map(|code| format!("certification-state-{code}")));
    spoken.extend(Event::ALL.iter().map(|code| format!("certification-event-{code}")));
    spoken.extend(Guard::ALL.iter().map(|code| format!("certification-guard-{code}")));
    spoken.extend(CertificateState::ALL.iter().map(|code| format!("certification-certificate-state-{code}")));
    spoken.extend(CertificateEvent::ALL.iter().map(|code| format!("certification-certificate-event-{code}")));
    spoken.extend(EvidenceKind::ALL.iter().map(|code| format!("certification-evidence-kind-{code}")));
    spoken.extend(Trust::ALL.iter().map(|code| format!("certification-trust-{code}")));
    spoken.extend(MallFormat::ALL.iter().map(|code| format!("certification-format-{code}")));
    spoken.extend(Pillar::ALL.iter().map(|code| format!("certification-pillar-{}", code.code())));
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut spoken);
    assert!(spoken.len() > 80);
    let missing: Vec<_> = spoken.iter().filter(|key| !texts.keys(Locale::En).contains(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Keys in quotes in the sources: `"certification-…"`; those that name a problem are the problem's.
fn collect(folder: &Path, keys: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, keys);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for key in text.split('"').skip(1).step_by(2) {
            let plain = key.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            if plain && key.starts_with("certification-") && !key.ends_with('-') {
                let problem = path.ends_with("error.rs");
                keys.insert(if problem { format!("problem-{key}") } else { key.to_owned() });
            }
        }
    }
}
