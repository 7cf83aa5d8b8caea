//! Sessions: what a device carries.

use luhuan_accounts::Error;
use luhuan_kernel::{Id, Locale, Secret};

use crate::support::{PASSWORD, anonymous, each, home};

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_thirty_days_after_its_last_use() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        let token = world.sign_in("13800138000", PASSWORD).await.unwrap().token;
        let later = world.another_gateway();
        assert!(later.authenticate_bearer(token.expose(), Locale::En).await.unwrap().is_some());
        world.clock.advance_seconds(29 * 86_400);
        assert!(world.actor(&token).await.is_some());
        // Its use is written down beside the request.
        for _ in 0..100 {
            let actor = world.actor(&token).await.unwrap();
            if world.accounts.sessions(&actor).await.unwrap()[0].last_seen_at
                == luhuan_kernel::Clock::now(&*world.clock)
            {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        world.clock.advance_seconds(29 * 86_400);
        assert!(world.actor(&token).await.is_some(), "each use carries it 30 days further");
        world.clock.advance_seconds(31 * 86_400);
        assert!(world.actor(&token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_device_signed_out_is_out_at_once_here_and_within_five_seconds_elsewhere() {
    each(async |world| {
        let phone = world.resident("13800138000").await;
        let laptop = world.sign_in("13800138000", PASSWORD).await.unwrap();
        let elsewhere = world.another_gateway();
        assert!(world.actor(&laptop.token).await.is_some());
        assert!(elsewhere.authenticate_bearer(laptop.token.expose(), Locale::ZhCn).await.unwrap().is_some());

        let uow = world.unit().await;
        world.accounts.end_session(&uow, &phone, laptop.session).await.unwrap();
        uow.commit().await.unwrap();
        assert!(world.actor(&laptop.token).await.is_none());
        world.clock.advance_seconds(5);
        assert!(elsewhere.authenticate_bearer(laptop.token.expose(), Locale::ZhCn).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_revocation_that_is_undone_leaves_the_device_in() {
    each(async |world| {
        let phone = world.resident("13800138000").await;
        let laptop = world.sign_in("13800138000", PASSWORD).await.unwrap();
        let uow = world.unit().await;
        world.accounts.end_session(&uow, &phone, laptop.session).await.unwrap();
        drop(uow);
        assert!(world.actor(&laptop.token).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn all_other_devices_are_signed_out_together() {
    each(async |world| {
        let here = world.resident("13800138000").await;
        for _ in 0..3 {
            world.sign_in("13800138000", PASSWORD).await.unwrap();
        }
        let uow = world.unit().await;
        assert_eq!(world.accounts.end_other_sessions(&uow, &here).await.unwrap(), 3);
        uow.commit().await.unwrap();
        let left = world.accounts.sessions(&here).await.unwrap();
        assert_eq!(left.len(), 1);
        assert!(left[0].current);
        assert_eq!((left[0].device.as_str(), left[0].address.as_str()), ("Chrome · Android", "114.247.*.*"));
    })
    .await;
}

#[tokio::test]
async fn anothers_device_is_not_there() {
    each(async |world| {
        let one = world.resident("13800138000").await;
        let other = world.resident("13900139000").await;
        let uow = world.unit().await;
        let session = other.session.unwrap();
        assert!(matches!(world.accounts.end_session(&uow, &one, session).await, Err(Error::NotFound)));
        let none = Id::new(&*world.clock);
        assert!(matches!(world.accounts.end_session(&uow, &one, none).await, Err(Error::NotFound)));
        assert!(matches!(
            world.accounts.end_session(&uow, &anonymous(), session).await,
            Err(Error::Unauthenticated)
        ));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_nobody() {
    each(async |world| {
        for text in [
            "",
            "lhs_",
            "lhs_short",
            &format!("lhs_{}", "a".repeat(43)),
            &format!("lha_{}", "a".repeat(43)),
            "x\0y",
        ] {
            assert!(world.actor(&Secret::new(text.to_owned())).await.is_none(), "{text:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_hundred_and_first_device_takes_the_place_of_the_oldest() {
    each(async |world| {
        let id = world.sign_up("13800138000").await.unwrap();
        let first = world.sign_in("13800138000", PASSWORD).await.unwrap();
        for _ in 0..100 {
            world.clock.advance_seconds(1);
            let uow = world.unit().await;
            world.accounts.open_session(&uow, id, "林小满".into(), &home()).await.unwrap();
            uow.commit().await.unwrap();
        }
        assert!(world.actor(&first.token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_swept() {
    each(async |world| {
        world.resident("13800138000").await;
        world.sign_in("13800138000", "wrong password").await.unwrap_err();
        world.clock.advance_seconds(31 * 86_400);
        let uow = world.unit().await;
        assert!(world.accounts.sweep(&uow).await.unwrap() >= 2);
        assert_eq!(world.accounts.sweep(&uow).await.unwrap(), 0);
    })
    .await;
}
