//! API tokens.

use std::collections::BTreeSet;

use luhuan_accounts::{CreateToken, Error, MintedToken};
use luhuan_kernel::{Actor, Role, Scope};

use crate::support::{World, each, refused_field};

async fn mint(world: &World, actor: &Actor, scopes: &[Scope], days: i64) -> Result<MintedToken, Error> {
    let uow = world.unit().await;
    let input = CreateToken {
        name: "货架同步".into(),
        scopes: scopes.iter().copied().collect::<BTreeSet<_>>(),
        expires_in_days: days,
    };
    let minted = world.accounts.create_token(&uow, actor, input).await?;
    uow.commit().await.unwrap();
    Ok(minted)
}

#[tokio::test]
async fn a_token_may_what_its_scopes_say_until_its_day() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let minted = mint(world, &owner, &[Scope::Read], 90).await.unwrap();
        assert!(minted.token.expose().starts_with(&minted.view.prefix));
        let program = world.actor(&minted.token).await.unwrap();
        assert!(program.is(owner.person_id().unwrap()) && program.session.is_none());
        world.accounts.profile(&program).await.unwrap();
        let uow = world.unit().await;
        let change = luhuan_accounts::ChangeProfile::default();
        assert!(matches!(
            world.accounts.change_profile(&uow, &program, change, None).await,
            Err(Error::Forbidden)
        ));
        drop(uow);
        world.clock.advance_seconds(90 * 86_400);
        assert!(world.actor(&minted.token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_token_makes_no_further_token() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let all = mint(world, &owner, Scope::ALL, 1).await.unwrap();
        let program = world.actor(&all.token).await.unwrap();
        assert!(matches!(mint(world, &program, &[Scope::Read], 366).await, Err(Error::Forbidden)));
    })
    .await;
}

#[tokio::test]
async fn a_role_is_not_in_force_through_a_token_without_the_staff_scope() {
    each(async |world| {
        let moderator = world.staff("13800138000", &[Role::Moderator]).await;
        assert!(moderator.has(Role::Moderator));
        let plain = mint(world, &moderator, &[Scope::Read, Scope::Account], 1).await.unwrap();
        assert!(!world.actor(&plain.token).await.unwrap().has(Role::Moderator));
        let staff = mint(world, &moderator, &[Scope::Staff], 1).await.unwrap();
        assert!(world.actor(&staff.token).await.unwrap().has(Role::Moderator));
    })
    .await;
}

#[tokio::test]
async fn a_revoked_token_is_nobody_at_once_and_anothers_is_not_there() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let other = world.resident("13900139000").await;
        let minted = mint(world, &owner, &[Scope::Read], 1).await.unwrap();
        assert!(world.actor(&minted.token).await.is_some());
        let uow = world.unit().await;
        assert!(matches!(
            world.accounts.revoke_token(&uow, &other, minted.view.id).await,
            Err(Error::NotFound)
        ));
        world.accounts.revoke_token(&uow, &owner, minted.view.id).await.unwrap();
        uow.commit().await.unwrap();
        assert!(world.actor(&minted.token).await.is_none());
        assert!(world.accounts.tokens(&owner).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_token_needs_a_name_a_scope_and_an_end() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        for (scopes, days, field) in [
            (&[][..], 1, "scopes"),
            (&[Scope::Read][..], 0, "expires_in_days"),
            (&[Scope::Read][..], 367, "expires_in_days"),
        ] {
            let error = mint(world, &owner, scopes, days).await.unwrap_err();
            assert_eq!(refused_field(&error).0, field);
        }
        for _ in 0..50 {
            mint(world, &owner, &[Scope::Read], 1).await.unwrap();
        }
        assert!(matches!(mint(world, &owner, &[Scope::Read], 1).await, Err(Error::TooManyTokens)));
    })
    .await;
}
