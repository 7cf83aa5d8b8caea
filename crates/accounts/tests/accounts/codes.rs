//! One-time codes.

use luhuan_accounts::{Client, CodeSent, Error, SignedIn, model::CodePurpose};
use luhuan_kernel::Actor;

use crate::support::{PASSWORD, World, anonymous, each, home};

async fn ask(world: &World, login: &str) -> Result<CodeSent, Error> {
    let uow = world.unit().await;
    let sent = world.accounts.request_code(&uow, &anonymous(), login, CodePurpose::SignIn, &home()).await?;
    uow.commit().await.unwrap();
    world.do_jobs().await;
    Ok(sent)
}

async fn enter(world: &World, actor: &Actor, login: &str, code: &str) -> Result<SignedIn, Error> {
    world.accounts.sign_in_with_code(actor, login, code, &home()).await
}

#[tokio::test]
async fn a_code_signs_in_once_and_shows_that_the_login_is_ones_own() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        let sent = ask(world, "13800138000").await.unwrap();
        assert_eq!(sent.sent_to, "138****8000");
        let code = world.code_for("13800138000").unwrap();
        let signed_in = enter(world, &anonymous(), "13800138000", &code).await.unwrap();
        let actor = world.actor(&signed_in.token).await.unwrap();
        assert!(world.accounts.profile(&actor).await.unwrap().logins[0].verified_at.is_some());
        assert!(matches!(enter(world, &anonymous(), "13800138000", &code).await, Err(Error::BadCode)));
        assert!(world.told().await.contains(&"accounts.login-verified".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn of_a_login_that_nobody_has_the_answer_is_the_same_and_nothing_is_sent() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        let known = ask(world, "13800138000").await.unwrap();
        let unknown = ask(world, "13900139000").await.unwrap();
        assert_eq!(CodeSent { sent_to: unknown.sent_to.clone(), ..known }, unknown);
        assert_eq!(world.code_for("13900139000"), None);
        assert!(
            matches!(ask(world, "13900139000").await, Err(Error::TooMany(_))),
            "asking again is refused alike"
        );
        assert!(matches!(enter(world, &anonymous(), "13900139000", "123456").await, Err(Error::BadCode)));
    })
    .await;
}

#[tokio::test]
async fn five_wrong_tries_void_a_code() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        ask(world, "13800138000").await.unwrap();
        let code = world.code_for("13800138000").unwrap();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            assert!(matches!(enter(world, &anonymous(), "13800138000", wrong).await, Err(Error::BadCode)));
        }
        assert!(matches!(enter(world, &anonymous(), "13800138000", &code).await, Err(Error::BadCode)));
    })
    .await;
}

#[tokio::test]
async fn a_code_holds_ten_minutes() {
    each(async |world| {
        for (login, waited, holds) in [("13800138000", 599, true), ("13800138001", 600, false)] {
            world.sign_up(login).await.unwrap();
            ask(world, login).await.unwrap();
            let code = world.code_for(login).unwrap();
            world.clock.advance_seconds(waited);
            assert_eq!(enter(world, &anonymous(), login, &code).await.is_ok(), holds, "after {waited} s");
        }
    })
    .await;
}

#[tokio::test]
async fn another_code_is_sent_after_a_minute_and_voids_the_first() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        ask(world, "13800138000").await.unwrap();
        let first = world.code_for("13800138000").unwrap();
        assert!(matches!(ask(world, "13800138000").await, Err(Error::TooMany(1..=60))));
        world.clock.advance_seconds(60);
        ask(world, "13800138000").await.unwrap();
        let second = world.code_for("13800138000").unwrap();
        if first != second {
            assert!(matches!(enter(world, &anonymous(), "13800138000", &first).await, Err(Error::BadCode)));
        }
        enter(world, &anonymous(), "13800138000", &second).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn of_two_requests_at_once_one_code_is_sent() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        let (one, two) = tokio::join!(ask(world, "13800138000"), ask(world, "13800138000"));
        let lost = if one.is_ok() { two } else { one };
        assert!(matches!(lost, Err(Error::TooMany(_))), "{lost:?}");
        let code = world.code_for("13800138000").unwrap();
        enter(world, &anonymous(), "13800138000", &code).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn of_two_entries_of_one_code_at_once_one_signs_in() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        ask(world, "13800138000").await.unwrap();
        let code = world.code_for("13800138000").unwrap();
        let nobody = anonymous();
        let (one, two) = tokio::join!(
            enter(world, &nobody, "13800138000", &code),
            enter(world, &nobody, "13800138000", &code)
        );
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_signed_up_with_anothers_number_is_out_when_its_owner_comes() {
    each(async |world| {
        let squatter = world.resident("13800138000").await;
        ask(world, "13800138000").await.unwrap();
        let code = world.code_for("13800138000").unwrap();
        let owner = enter(world, &anonymous(), "13800138000", &code).await.unwrap();
        assert!(owner.password_dropped);
        assert!(matches!(world.sign_in("13800138000", PASSWORD).await, Err(Error::BadCredentials)));
        let sessions = world.accounts.sessions(&squatter).await.unwrap();
        assert_eq!(sessions.len(), 1, "the squatter's device is signed out");
        assert_eq!(sessions[0].id, owner.session);
    })
    .await;
}

#[tokio::test]
async fn who_is_signed_in_keeps_the_password_when_verifying() {
    each(async |world| {
        let actor = world.resident("13800138000").await;
        ask(world, "13800138000").await.unwrap();
        let code = world.code_for("13800138000").unwrap();
        let signed_in = enter(world, &actor, "13800138000", &code).await.unwrap();
        assert!(!signed_in.password_dropped);
        world.sign_in("13800138000", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_code_to_sign_in_with_confirms_nothing() {
    each(async |world| {
        let actor = world.resident("13800138000").await;
        ask(world, "13800138000").await.unwrap();
        let code = world.code_for("13800138000").unwrap();
        let confirmation = luhuan_accounts::Confirmation::Code { login: "13800138000".into(), code };
        let error = world.accounts.prove(&actor, confirmation, &home()).await.unwrap_err();
        assert!(matches!(error, Error::BadConfirmation));
    })
    .await;
}

#[tokio::test]
async fn a_code_to_confirm_with_goes_to_ones_own_login_unasked() {
    each(async |world| {
        let actor = world.resident("13800138000").await;
        let login = world.accounts.confirmation_login(&actor).await.unwrap();
        assert_eq!(login.expose(), "13800138000");
        assert!(matches!(world.accounts.confirmation_login(&anonymous()).await, Err(Error::Unauthenticated)));
        let uow = world.unit().await;
        let confirm = CodePurpose::Confirm;
        world.accounts.request_code(&uow, &actor, login.expose(), confirm, &home()).await.unwrap();
        uow.commit().await.unwrap();
        world.do_jobs().await;
        let code = world.code_for(login.expose()).unwrap();
        let confirmation = luhuan_accounts::Confirmation::Code { login: login.expose().to_owned(), code };
        world.accounts.prove(&actor, confirmation, &home()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn ten_codes_a_day_are_enough_for_one_login_and_sixty_an_hour_for_one_address() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        for _ in 0..10 {
            ask(world, "13800138000").await.unwrap();
            world.clock.advance_seconds(60);
        }
        assert!(matches!(ask(world, "13800138000").await, Err(Error::TooMany(61..))));
        for number in 0..50 {
            // Within the hour, though not within one window of the address: that began with the first.
            let _ = ask(world, &format!("139001380{number:02}")).await;
        }
        assert!(matches!(ask(world, "13900139999").await, Err(Error::TooMany(61..))));
        let elsewhere = Client { address: "36.112.1.1".into(), ..home() };
        let uow = world.unit().await;
        world
            .accounts
            .request_code(&uow, &anonymous(), "13900139999", CodePurpose::SignIn, &elsewhere)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_code_is_stored_unreadable_and_forgotten_once_sent() {
    use sea_orm::{ConnectionTrait, Statement};
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        let uow = world.unit().await;
        world
            .accounts
            .request_code(&uow, &anonymous(), "13800138000", CodePurpose::SignIn, &home())
            .await
            .unwrap();
        uow.commit().await.unwrap();
        let db = world.store.reader();
        let read = async || {
            let sql = "SELECT code_mac, message FROM one_time_code";
            let row = db
                .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
                .await
                .unwrap()
                .unwrap();
            (
                row.try_get::<String>("", "code_mac").unwrap(),
                row.try_get::<Option<String>>("", "message").unwrap(),
            )
        };
        let (_, waiting) = read().await;
        world.do_jobs().await;
        let code = world.code_for("13800138000").unwrap();
        let (mac, sent) = read().await;
        assert!(!waiting.unwrap().contains(&code) && !mac.contains(&code));
        assert_eq!(sent, None);
    })
    .await;
}
