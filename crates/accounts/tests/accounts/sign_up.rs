//! Signing up.

use luhuan_accounts::{Client, Error};
use luhuan_kernel::Secret;

use crate::support::{anonymous, each, form, home, refused_field};

#[tokio::test]
async fn a_resident_signs_up_and_in_and_is_known() {
    each(async |world| {
        let id = world.sign_up("+86 138 0013 8000").await.unwrap();
        let signed_in = world.sign_in("13800138000", crate::support::PASSWORD).await.unwrap();
        let actor = world.actor(&signed_in.token).await.unwrap();
        assert!(actor.is(id));
        assert_eq!(actor.name, "林小满");
        let profile = world.accounts.profile(&actor).await.unwrap();
        assert_eq!(profile.logins[0].masked, "138****8000");
        assert_eq!(profile.logins[0].verified_at, None);
        assert_eq!(profile.subdistrict.as_deref(), Some("110105016"));
        let consents = world.accounts.consents(&actor).await.unwrap();
        let given: Vec<_> =
            consents.iter().filter(|c| c.given.is_some()).map(|c| c.purpose.as_str()).collect();
        assert_eq!(given, ["terms", "privacy"], "what is required is recorded, and nothing else");
        assert!(world.told().await.contains(&"accounts.person-signed-up".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    each(async |world| {
        let mut wrong = form("1380013800");
        wrong.password = Secret::new("short".into());
        wrong.name = Some("林\0小满".into());
        wrong.consent = false;
        wrong.subdistrict = Some("999".into());
        let Err(Error::Invalid(fields)) = world.accounts.prepare_sign_up(wrong, &home()).await else {
            panic!()
        };
        let names: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["login", "password", "name", "subdistrict", "consent"]);
    })
    .await;
}

#[tokio::test]
async fn an_outdated_privacy_notice_is_asked_anew() {
    each(async |world| {
        let mut old = form("13800138000");
        old.privacy_version = Some("2025-01".into());
        let error = world.accounts.prepare_sign_up(old, &home()).await.unwrap_err();
        assert_eq!(refused_field(&error), ("privacy_version", "accounts-privacy-version"));
    })
    .await;
}

#[tokio::test]
async fn a_taken_login_is_told_however_it_is_typed() {
    each(async |world| {
        world.sign_up("lin@example.com").await.unwrap();
        assert!(matches!(world.sign_up("Lin@Example.com").await, Err(Error::LoginTaken)));
    })
    .await;
}

#[tokio::test]
async fn of_two_sign_ups_at_once_with_one_login_one_succeeds() {
    each(async |world| {
        for round in 0..5 {
            let login = format!("1380013800{round}");
            let (one, two) = tokio::join!(world.sign_up(&login), world.sign_up(&login));
            let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
            let id = won.unwrap();
            assert!(matches!(lost, Err(Error::LoginTaken)), "{lost:?}");
            assert_eq!(world.accounts.person_by_login(&login).await.unwrap(), Some(id));
        }
    })
    .await;
}

#[tokio::test]
async fn one_address_makes_so_many_accounts_and_no_more() {
    each(async |world| {
        for number in 0..30 {
            world.accounts.prepare_sign_up(form(&format!("138001380{number:02}")), &home()).await.unwrap();
        }
        let error = world.accounts.prepare_sign_up(form("13800139999"), &home()).await.unwrap_err();
        assert!(matches!(error, Error::TooMany(1..=3601)), "{error}");
        let elsewhere = Client { address: "36.112.1.1".into(), ..home() };
        world.accounts.prepare_sign_up(form("13800139999"), &elsewhere).await.unwrap();
        let local = Client { address: "127.0.0.1".into(), ..home() };
        for _ in 0..40 {
            world.accounts.prepare_sign_up(form("13800139999"), &local).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_sign_up_that_is_not_committed_never_was() {
    each(async |world| {
        let ready = world.accounts.prepare_sign_up(form("13800138000"), &home()).await.unwrap();
        let uow = world.unit().await;
        world.accounts.sign_up(&uow, &anonymous(), ready).await.unwrap();
        drop(uow);
        assert_eq!(world.accounts.person_by_login("13800138000").await.unwrap(), None);
        assert!(world.told().await.is_empty());
    })
    .await;
}
