//! Organisations and who belongs to them.

use luhuan_accounts::{AddMember, ChangeOrganisation, Error, model::LicenceCheck};
use luhuan_kernel::{Actor, Id, Limit, Organisation, OrganisationRole, Role};

use crate::support::{World, each, refused_field};

const LICENCE: &str = "91110000101623741K";

async fn add(
    world: &World,
    owner: &Actor,
    shop: Id<Organisation>,
    who: &Actor,
    role: OrganisationRole,
) -> Result<(), Error> {
    let uow = world.unit().await;
    let person = who.person_id().unwrap();
    world.accounts.add_member(&uow, owner, shop, AddMember { person, role }).await?;
    uow.commit().await.unwrap();
    Ok(())
}

async fn remove(world: &World, actor: &Actor, shop: Id<Organisation>, who: &Actor) -> Result<(), Error> {
    let uow = world.unit().await;
    world.accounts.remove_member(&uow, actor, shop, who.person_id().unwrap()).await?;
    uow.commit().await.unwrap();
    Ok(())
}

#[tokio::test]
async fn a_shop_has_an_owner_and_a_masked_licence() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let shop = world.shop(&owner, Some("9111 0000 1016 2374 1k")).await;
        assert_eq!(shop.licence, Some(("911****741K".into(), LicenceCheck::Fits)));
        // Only the page on which it sells shows it whole.
        let shown = world.accounts.licence_shown(shop.id).await.unwrap();
        assert_eq!(shown.as_deref(), Some("91110000101623741K"));
        assert_eq!(shop.role, Some(OrganisationRole::Owner));
        let mine = world.accounts.organisations(&owner).await.unwrap();
        assert_eq!(mine, [shop]);
    })
    .await;
}

#[tokio::test]
async fn an_odd_licence_is_kept_with_a_warning_and_nonsense_is_refused() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let shop = world.shop(&owner, Some("91110000101623741L")).await;
        assert_eq!(shop.licence.unwrap().1, LicenceCheck::Odd);
        let uow = world.unit().await;
        let change = ChangeOrganisation { licence: Some("9111".into()), ..ChangeOrganisation::default() };
        let error =
            world.accounts.change_organisation(&uow, &owner, shop.id, change, None).await.unwrap_err();
        assert_eq!(refused_field(&error), ("licence", "accounts-licence-length"));
    })
    .await;
}

#[tokio::test]
async fn a_licence_is_stored_unreadable() {
    use sea_orm::{ConnectionTrait, Statement};
    each(async |world| {
        let owner = world.resident("13800138000").await;
        world.shop(&owner, Some(LICENCE)).await;
        let db = world.store.reader();
        let sql = "SELECT licence_sealed, licence_mac FROM organisation";
        let row =
            db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
        for column in ["licence_sealed", "licence_mac"] {
            let stored: String = row.try_get("", column).unwrap();
            assert!(
                !stored.contains("1016")
                    && !stored.contains(&"1016".bytes().map(|b| format!("{b:02x}")).collect::<String>())
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_refused() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let shop = world.shop(&owner, None).await;
        let rename =
            |name: &str| ChangeOrganisation { name: Some(name.into()), ..ChangeOrganisation::default() };
        let uow = world.unit().await;
        let first = world
            .accounts
            .change_organisation(&uow, &owner, shop.id, rename("双井书店"), Some(1))
            .await
            .unwrap();
        uow.commit().await.unwrap();
        assert_eq!((first.name.as_str(), first.version), ("双井书店", 2));
        let uow = world.unit().await;
        let second =
            world.accounts.change_organisation(&uow, &owner, shop.id, rename("旧书店"), Some(1)).await;
        assert!(matches!(second, Err(Error::Stale)));
    })
    .await;
}

#[tokio::test]
async fn members_do_what_their_role_permits() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let manager = world.resident("13800138001").await;
        let clerk = world.resident("13800138002").await;
        let stranger = world.resident("13800138003").await;
        let shop = world.shop(&owner, None).await.id;
        add(world, &owner, shop, &manager, OrganisationRole::Manager).await.unwrap();
        add(world, &owner, shop, &clerk, OrganisationRole::Clerk).await.unwrap();
        assert!(matches!(
            add(world, &owner, shop, &clerk, OrganisationRole::Owner).await,
            Err(Error::AlreadyMember)
        ));
        assert!(matches!(
            add(world, &manager, shop, &stranger, OrganisationRole::Clerk).await,
            Err(Error::Forbidden)
        ));
        assert!(matches!(
            add(world, &stranger, shop, &stranger, OrganisationRole::Owner).await,
            Err(Error::NotFound)
        ));

        for (actor, permitted) in [(&manager, true), (&clerk, false)] {
            let uow = world.unit().await;
            let change = ChangeOrganisation { name: Some("新名".into()), ..ChangeOrganisation::default() };
            let done = world.accounts.change_organisation(&uow, actor, shop, change, None).await;
            assert_eq!(done.is_ok(), permitted);
        }
        assert!(matches!(world.accounts.organisation(&stranger, shop).await, Err(Error::NotFound)));
        let support = world.staff("13800138009", &[Role::Support]).await;
        assert_eq!(world.accounts.organisation(&support, shop).await.unwrap().members, 3);
        remove(world, &clerk, shop, &clerk).await.unwrap();
        assert!(matches!(world.accounts.organisation(&clerk, shop).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_new_member_is_known_as_one_at_once() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        world.sign_up("13800138001").await.unwrap();
        let token = world.sign_in("13800138001", crate::support::PASSWORD).await.unwrap().token;
        let clerk = world.actor(&token).await.unwrap();
        let shop = world.shop(&owner, None).await.id;
        add(world, &owner, shop, &clerk, OrganisationRole::Clerk).await.unwrap();
        assert_eq!(world.actor(&token).await.unwrap().role_in(shop), Some(OrganisationRole::Clerk));
    })
    .await;
}

#[tokio::test]
async fn the_last_owner_stays() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let clerk = world.resident("13800138001").await;
        let shop = world.shop(&owner, None).await.id;
        add(world, &owner, shop, &clerk, OrganisationRole::Clerk).await.unwrap();
        assert!(matches!(remove(world, &owner, shop, &owner).await, Err(Error::LastOwner)));
        let uow = world.unit().await;
        let me = owner.person_id().unwrap();
        let demoted = world.accounts.change_member(&uow, &owner, shop, me, OrganisationRole::Clerk).await;
        assert!(matches!(demoted, Err(Error::LastOwner)));
    })
    .await;
}

#[tokio::test]
async fn two_owners_who_leave_at_once_do_not_both() {
    each(async |world| {
        let one = world.resident("13800138000").await;
        let two = world.resident("13800138001").await;
        for _ in 0..5 {
            let shop = world.shop(&one, None).await.id;
            add(world, &one, shop, &two, OrganisationRole::Owner).await.unwrap();
            let (first, second) =
                tokio::join!(remove(world, &one, shop, &one), remove(world, &two, shop, &two));
            assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1, "{first:?} {second:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn somebody_is_found_by_login_sixty_times_an_hour() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let clerk = world.resident("13800138001").await;
        assert_eq!(
            world.accounts.look_up(&owner, "138 0013 8001").await.unwrap(),
            clerk.person_id().unwrap()
        );
        let error = world.accounts.look_up(&owner, "13900139000").await.unwrap_err();
        assert_eq!(refused_field(&error), ("login", "accounts-login-unknown"));
        for _ in 0..58 {
            let _ = world.accounts.look_up(&owner, "13900139000").await;
        }
        assert!(matches!(world.accounts.look_up(&owner, "13800138001").await, Err(Error::TooMany(_))));
    })
    .await;
}

#[tokio::test]
async fn members_are_listed_page_by_page() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let shop = world.shop(&owner, None).await.id;
        for number in 1..=4 {
            world.clock.advance_seconds(1);
            let member = world.resident(&format!("1380013800{number}")).await;
            add(world, &owner, shop, &member, OrganisationRole::Clerk).await.unwrap();
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page =
                world.accounts.members(&owner, shop, after.as_ref(), Limit::of(Some(2))).await.unwrap();
            seen.extend(page.items.iter().map(|member| member.login.clone()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["138****8000", "138****8001", "138****8002", "138****8003", "138****8004"]);
    })
    .await;
}
