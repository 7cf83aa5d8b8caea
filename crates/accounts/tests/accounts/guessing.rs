//! Guessing passwords is slow, whoever guesses and however many at once.

use std::time::Instant;

use luhuan_accounts::{Client, Error, Hashing, Keys, Settings, SignIn};
use luhuan_kernel::Secret;

use crate::support::{PASSWORD, each, home};

#[tokio::test]
async fn what_does_not_fit_is_not_said() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        assert!(matches!(world.sign_in("13800138000", "wrong password").await, Err(Error::BadCredentials)));
        assert!(matches!(world.sign_in("13800139999", "wrong password").await, Err(Error::BadCredentials)));
    })
    .await;
}

#[tokio::test]
async fn after_ten_wrong_passwords_the_right_one_waits_too() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        for _ in 0..10 {
            assert!(matches!(
                world.sign_in("13800138000", "wrong password").await,
                Err(Error::BadCredentials)
            ));
        }
        let Err(Error::Locked(seconds)) = world.sign_in("13800138000", PASSWORD).await else { panic!() };
        assert!((890..=901).contains(&seconds), "{seconds}");
        // Another gateway counts with us.
        let form = SignIn { login: "13800138000".into(), password: Secret::new(PASSWORD.into()) };
        assert!(matches!(world.another_gateway().sign_in(form, &home()).await, Err(Error::Locked(_))));
        world.clock.advance_seconds(901);
        world.sign_in("13800138000", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_login_that_nobody_has_is_locked_alike() {
    each(async |world| {
        for _ in 0..10 {
            assert!(matches!(
                world.sign_in("13800139999", "wrong password").await,
                Err(Error::BadCredentials)
            ));
        }
        assert!(matches!(world.sign_in("13800139999", "wrong password").await, Err(Error::Locked(_))));
    })
    .await;
}

#[tokio::test]
async fn a_right_password_clears_the_count() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        for _ in 0..3 {
            for _ in 0..9 {
                world.sign_in("13800138000", "wrong password").await.unwrap_err();
            }
            world.sign_in("13800138000", PASSWORD).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_guesses_at_once_are_counted_one_by_one() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        let guesses = (0..40).map(|_| {
            let accounts = world.accounts.clone();
            tokio::spawn(async move {
                let form =
                    SignIn { login: "13800138000".into(), password: Secret::new("wrong password".into()) };
                // No address is counted, so that nothing but the login's own row keeps the guesses apart.
                accounts.sign_in(form, &Client::default()).await.unwrap_err()
            })
        });
        let mut looked_at = 0;
        for guess in guesses.collect::<Vec<_>>() {
            match guess.await.unwrap() {
                Error::BadCredentials => looked_at += 1,
                Error::Locked(_) => {}
                other => panic!("{other}"),
            }
        }
        assert_eq!(looked_at, 10, "ten guesses are looked at, the others wait");
    })
    .await;
}

#[tokio::test]
async fn one_address_guesses_at_many_logins_so_long_and_no_longer() {
    each(async |world| {
        for number in 0..100 {
            let login = format!("138001380{number:02}");
            assert!(matches!(world.sign_in(&login, "wrong password").await, Err(Error::BadCredentials)));
        }
        assert!(matches!(world.sign_in("13800139999", "wrong password").await, Err(Error::Locked(_))));
        world.sign_up("13700137000").await.unwrap();
        let elsewhere = Client { address: "36.112.1.1".into(), ..home() };
        let form = SignIn { login: "13700137000".into(), password: Secret::new(PASSWORD.into()) };
        world.accounts.sign_in(form, &elsewhere).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_unknown_login_takes_as_long_as_a_known_one() {
    each(async |world| {
        let heavier =
            Settings { hashing: Hashing { memory_kib: 4096, passes: 2, lanes: 1 }, ..Settings::default() };
        let keys = Keys::new(&Secret::new([7; 32]));
        let accounts = luhuan_accounts::Accounts::new(
            world.store.clone(),
            std::sync::Arc::clone(&world.console) as _,
            keys,
            heavier,
        );
        let ready = accounts.prepare_sign_up(crate::support::form("13800138000"), &home()).await.unwrap();
        let uow = world.unit().await;
        accounts.sign_up(&uow, &crate::support::anonymous(), ready).await.unwrap();
        uow.commit().await.unwrap();
        let mut took = [Vec::new(), Vec::new()];
        for _ in 0..7 {
            for (login, took) in ["13800138000", "13800139999"].into_iter().zip(&mut took) {
                let form = SignIn { login: login.into(), password: Secret::new("wrong password".into()) };
                let start = Instant::now();
                assert!(matches!(accounts.sign_in(form, &home()).await, Err(Error::BadCredentials)));
                took.push(start.elapsed());
            }
        }
        let [known, unknown] = took.map(|mut took| {
            took.sort();
            took[took.len() / 2].as_secs_f64()
        });
        // Without the dummy hash the unknown login answers many times faster.
        assert!(unknown > known * 0.5 && unknown < known * 2.0, "known {known} s, unknown {unknown} s");
    })
    .await;
}

#[tokio::test]
async fn a_hash_with_older_parameters_is_renewed_at_the_next_sign_in() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        let heavier =
            Settings { hashing: Hashing { memory_kib: 64, ..Hashing::for_tests() }, ..Settings::default() };
        let keys = Keys::new(&Secret::new([7; 32]));
        let accounts = luhuan_accounts::Accounts::new(
            world.store.clone(),
            std::sync::Arc::clone(&world.console) as _,
            keys,
            heavier,
        );
        let form = || SignIn { login: "13800138000".into(), password: Secret::new(PASSWORD.into()) };
        accounts.sign_in(form(), &home()).await.unwrap();
        let row = sea_orm::ConnectionTrait::query_one_raw(
            world.store.reader(),
            sea_orm::Statement::from_string(
                sea_orm::ConnectionTrait::get_database_backend(world.store.reader()),
                "SELECT password_hash FROM person",
            ),
        );
        let hash: String = row.await.unwrap().unwrap().try_get("", "password_hash").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,"), "{hash}");
        accounts.sign_in(form(), &home()).await.unwrap();
    })
    .await;
}
