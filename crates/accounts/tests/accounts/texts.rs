//! Every refusal has its sentences, in both languages.

use std::{collections::BTreeSet, path::Path};

use luhuan_accounts::{Error, TEXTS, model};
use luhuan_kernel::{Locale, Message, OrganisationKind, OrganisationRole, Problem, Role, Scope, text::Texts};

fn refusals() -> Vec<Problem> {
    vec![
        Error::LoginTaken.into(),
        Error::BadCredentials.into(),
        Error::BadCode.into(),
        Error::BadConfirmation.into(),
        Error::Locked(61).into(),
        Error::TooMany(60).into(),
        Error::ProofOver.into(),
        Error::ConsentMissing("identity").into(),
        Error::ConsentRequired("privacy".into()).into(),
        Error::IdentityTaken.into(),
        Error::IdentityNeeded.into(),
        Error::LicenceNeeded.into(),
        Error::AlreadyMember.into(),
        Error::LastOwner.into(),
        Error::LastAdministrator.into(),
        Error::TooManyTokens.into(),
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
    let locked: Problem = Error::Locked(61).into();
    assert_eq!(
        locked.detail(&texts, Locale::En),
        "Try again in 2 minutes. If it is you, you may also sign in with a code."
    );
}

#[test]
fn every_sentence_that_the_code_speaks_of_is_written() {
    let texts = Texts::new(&TEXTS);
    let mut spoken: BTreeSet<String> = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut spoken);
    assert!(spoken.len() > 20);
    spoken.extend(model::consents().iter().map(|purpose| format!("accounts-consent-{}", purpose.code)));
    spoken.extend(model::SellerKind::ALL.map(|kind| format!("accounts-seller-kind-{}", kind.code())));
    spoken.extend(Role::ALL.iter().map(|role| format!("accounts-role-{role}")));
    spoken.extend(Scope::ALL.iter().map(|scope| format!("accounts-scope-{scope}")));
    spoken.extend(OrganisationKind::ALL.iter().map(|kind| format!("accounts-organisation-kind-{kind}")));
    spoken.extend(OrganisationRole::ALL.iter().map(|role| format!("accounts-organisation-role-{role}")));
    let written = texts.keys(Locale::En);
    let missing: Vec<&String> = spoken.iter().filter(|key| !written.contains(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(
        Message::new("accounts-token-days").with("max", 366).render(&texts, Locale::En),
        "1 to 366 days"
    );
}

/// The keys of `Message::new("...")` in a folder. The cursor's is the kernel's.
fn collect(folder: &Path, keys: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, keys);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        keys.extend(
            source
                .split("Message::new(\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .map(str::to_owned),
        );
    }
}
