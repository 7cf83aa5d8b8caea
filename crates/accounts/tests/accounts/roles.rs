//! City-wide roles, and accounts made from the command line.

use luhuan_accounts::Error;
use luhuan_kernel::{Actor, Id, Role, Secret};

use crate::support::{PASSWORD, World, each};

async fn revoke(world: &World, actor: &Actor, whose: &Actor) -> Result<(), Error> {
    let uow = world.unit().await;
    world.accounts.revoke_role(&uow, actor, whose.person_id().unwrap(), Role::Administrator).await?;
    uow.commit().await.unwrap();
    Ok(())
}

#[tokio::test]
async fn an_administrator_grants_and_takes_back() {
    each(async |world| {
        let administrator = world.staff("13800138000", &[Role::Administrator]).await;
        let resident = world.resident("13800138001").await;
        let id = resident.person_id().unwrap();
        let uow = world.unit().await;
        world.accounts.grant_role(&uow, &administrator, id, Role::Moderator).await.unwrap();
        world.accounts.grant_role(&uow, &administrator, id, Role::Moderator).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(
            world.accounts.roles_of(id).await.unwrap().into_iter().collect::<Vec<_>>(),
            [Role::Moderator]
        );
        let uow = world.unit().await;
        world.accounts.revoke_role(&uow, &administrator, id, Role::Moderator).await.unwrap();
        uow.commit().await.unwrap();
        assert!(world.accounts.roles_of(id).await.unwrap().is_empty());
        let told = world.told().await;
        let about = |name: &str| told.iter().filter(|told| *told == name).count();
        assert_eq!((about("accounts.role-granted"), about("accounts.role-revoked")), (2, 1));

        let uow = world.unit().await;
        let none = Id::new(&*world.clock);
        assert!(matches!(
            world.accounts.grant_role(&uow, &administrator, none, Role::Support).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            world.accounts.grant_role(&uow, &resident, id, Role::Support).await,
            Err(Error::Forbidden)
        ));
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    each(async |world| {
        let one = world.staff("13800138000", &[Role::Administrator]).await;
        assert!(matches!(revoke(world, &one, &one).await, Err(Error::LastAdministrator)));
        let uow = world.unit().await;
        assert!(matches!(
            world
                .accounts
                .revoke_role(&uow, &Actor::system("test"), one.person_id().unwrap(), Role::Administrator)
                .await,
            Err(Error::LastAdministrator)
        ));
        drop(uow);
        let proof = world.proof(&one).await;
        let uow = world.unit().await;
        assert!(matches!(world.accounts.erase(&uow, &one, proof).await, Err(Error::LastAdministrator)));
    })
    .await;
}

#[tokio::test]
async fn two_administrators_who_depose_each_other_at_once_do_not_both() {
    each(async |world| {
        let one = world.staff("13800138000", &[Role::Administrator]).await;
        let two = world.staff("13800138001", &[Role::Administrator]).await;
        let (first, second) = tokio::join!(revoke(world, &one, &two), revoke(world, &two, &one));
        assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1, "{first:?} {second:?}");
    })
    .await;
}

#[tokio::test]
async fn a_reset_password_ends_what_was_open() {
    each(async |world| {
        world.sign_up("13800138000").await.unwrap();
        let open = world.sign_in("13800138000", PASSWORD).await.unwrap();
        let id = world.accounts.person_by_login("13800138000").await.unwrap().unwrap();
        let renewed = Secret::new("水落石出山高月小".to_owned());
        let hash = world.accounts.hash_password("password", &renewed, None).await.unwrap();
        let uow = world.unit().await;
        world.accounts.reset_password(&uow, &Actor::system("command line"), id, hash).await.unwrap();
        uow.commit().await.unwrap();
        assert!(world.actor(&open.token).await.is_none());
        world.sign_in("13800138000", renewed.expose()).await.unwrap();
    })
    .await;
}
