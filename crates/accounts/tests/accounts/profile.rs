//! What somebody says of themselves, and what they are asked to prove.

use luhuan_accounts::{
    AddMember, ChangeProfile, Confirmation, Error, GiveIdentity,
    model::{CodePurpose, SellerKind},
};
use luhuan_kernel::{Actor, OrganisationRole, Secret};

use crate::support::{PASSWORD, World, each, home, refused_field};

const IDENTITY: &str = "11010519491231002X";

async fn change(
    world: &World,
    actor: &Actor,
    change: ChangeProfile,
) -> Result<luhuan_accounts::Profile, Error> {
    let uow = world.unit().await;
    let profile = world.accounts.change_profile(&uow, actor, change, None).await?;
    uow.commit().await.unwrap();
    Ok(profile)
}

async fn identify(world: &World, actor: &Actor, number: &str, consent: bool) -> Result<(), Error> {
    let uow = world.unit().await;
    let input =
        GiveIdentity {
            real_name: Secret::new("林小满".into()), number: Secret::new(number.into()), consent
        };
    world.accounts.give_identity(&uow, actor, input).await?;
    uow.commit().await.unwrap();
    Ok(())
}

fn sells_as(kind: SellerKind) -> ChangeProfile {
    ChangeProfile { seller_kind: Some(kind), ..ChangeProfile::default() }
}

#[tokio::test]
async fn a_profile_changes_in_the_fields_named() {
    each(async |world| {
        let actor = world.resident("13800138000").await;
        let renamed =
            change(world, &actor, ChangeProfile { name: Some(" 小满 ".into()), ..Default::default() })
                .await
                .unwrap();
        assert_eq!((renamed.name.as_str(), renamed.version), ("小满", 2));
        assert_eq!(renamed.subdistrict.as_deref(), Some("110105016"));
        let moved = change(world, &actor, ChangeProfile { subdistrict: Some(None), ..Default::default() })
            .await
            .unwrap();
        assert_eq!(moved.subdistrict, None);
        let error =
            change(world, &actor, ChangeProfile { name: Some("\u{202e}".into()), ..Default::default() })
                .await;
        assert_eq!(refused_field(&error.unwrap_err()).0, "name");
        let uow = world.unit().await;
        let stale = world.accounts.change_profile(&uow, &actor, ChangeProfile::default(), Some(1)).await;
        assert!(matches!(stale, Err(Error::Stale)));
    })
    .await;
}

#[tokio::test]
async fn a_trader_needs_an_identity_and_loses_the_kind_with_it() {
    each(async |world| {
        let actor = world.resident("13800138000").await;
        assert!(matches!(
            change(world, &actor, sells_as(SellerKind::NaturalPersonTrader)).await,
            Err(Error::IdentityNeeded)
        ));
        assert!(matches!(
            identify(world, &actor, IDENTITY, false).await,
            Err(Error::ConsentMissing("identity"))
        ));
        identify(world, &actor, IDENTITY, true).await.unwrap();
        let profile = change(world, &actor, sells_as(SellerKind::NaturalPersonTrader)).await.unwrap();
        assert_eq!(profile.identity_number.as_deref(), Some("110****002X"));
        assert_eq!(profile.real_name.as_deref(), Some("林*"));
        assert!(world.accounts.public_profile(profile.id, None).await.unwrap().verified);

        let uow = world.unit().await;
        world.accounts.withdraw_consent(&uow, &actor, "identity").await.unwrap();
        uow.commit().await.unwrap();
        let profile = world.accounts.profile(&actor).await.unwrap();
        assert_eq!((profile.identity_number, profile.seller_kind), (None, SellerKind::Private));
    })
    .await;
}

#[tokio::test]
async fn an_identity_number_is_checked_and_stands_for_one_account() {
    each(async |world| {
        let one = world.resident("13800138000").await;
        let two = world.resident("13900139000").await;
        for (number, key) in [
            ("110105194912310021", "accounts-identity-check"),
            ("1101051949", "accounts-identity-length"),
            ("110105194913310026", "accounts-identity-date"),
            ("110105202501010010", "accounts-identity-age"),
        ] {
            let error = identify(world, &one, number, true).await.unwrap_err();
            let (field, found) = refused_field(&error);
            assert_eq!(field, "number");
            assert!(found == key || found == "accounts-identity-check", "{number}: {found}");
        }
        identify(world, &one, IDENTITY, true).await.unwrap();
        identify(world, &one, IDENTITY, true).await.unwrap();
        assert!(matches!(
            identify(world, &two, "110105 19491231 002x", true).await,
            Err(Error::IdentityTaken)
        ));
    })
    .await;
}

#[tokio::test]
async fn of_two_accounts_with_one_identity_number_at_once_one_keeps_it() {
    each(async |world| {
        let one = world.resident("13800138000").await;
        let two = world.resident("13900139000").await;
        let (first, second) =
            tokio::join!(identify(world, &one, IDENTITY, true), identify(world, &two, IDENTITY, true));
        let lost = if first.is_ok() { second } else { first };
        assert!(matches!(lost, Err(Error::IdentityTaken)), "{lost:?}");
    })
    .await;
}

#[tokio::test]
async fn a_registered_merchant_stands_on_a_licensed_shop_and_falls_with_leaving_it() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let seller = world.resident("13800138001").await;
        assert!(matches!(
            change(world, &seller, sells_as(SellerKind::RegisteredMerchant)).await,
            Err(Error::LicenceNeeded)
        ));
        let bare = world.shop(&seller, None).await.id;
        let for_shop = |shop| ChangeProfile {
            seller_organisation: Some(shop),
            ..sells_as(SellerKind::RegisteredMerchant)
        };
        assert!(matches!(change(world, &seller, for_shop(bare)).await, Err(Error::LicenceNeeded)));
        let shop = world.shop(&owner, Some("91110000101623741K")).await.id;
        assert!(
            matches!(change(world, &seller, for_shop(shop)).await, Err(Error::LicenceNeeded)),
            "not a member"
        );

        let id = seller.person_id().unwrap();
        let uow = world.unit().await;
        let input = AddMember { person: id, role: OrganisationRole::Clerk };
        world.accounts.add_member(&uow, &owner, shop, input).await.unwrap();
        uow.commit().await.unwrap();
        change(world, &seller, for_shop(shop)).await.unwrap();
        let card = world.accounts.sellers(&[id]).await.unwrap().remove(&id).unwrap();
        assert_eq!(card.seller_kind, SellerKind::RegisteredMerchant);
        assert_eq!(card.organisation.unwrap().licence.unwrap().0, "911****741K");

        let uow = world.unit().await;
        world.accounts.remove_member(&uow, &owner, shop, id).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(world.accounts.profile(&seller).await.unwrap().seller_kind, SellerKind::Private);
    })
    .await;
}

#[tokio::test]
async fn a_password_is_changed_with_a_proof_and_signs_other_devices_out() {
    each(async |world| {
        let here = world.resident("13800138000").await;
        let other = world.sign_in("13800138000", PASSWORD).await.unwrap();
        let wrong = Confirmation::Password(Secret::new("wrong password".into()));
        assert!(matches!(world.accounts.prove(&here, wrong, &home()).await, Err(Error::BadConfirmation)));
        let proof = world.proof(&here).await;
        let renewed = Secret::new("水落石出山高月小".to_owned());
        let hash = world.accounts.hash_password("password", &renewed, None).await.unwrap();
        let uow = world.unit().await;
        world.accounts.change_password(&uow, &here, proof, hash).await.unwrap();
        uow.commit().await.unwrap();
        assert!(world.actor(&other.token).await.is_none());
        assert!(matches!(world.sign_in("13800138000", PASSWORD).await, Err(Error::BadCredentials)));
        world.sign_in("13800138000", renewed.expose()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_proof_is_ones_own_and_good_for_five_minutes() {
    each(async |world| {
        let one = world.resident("13800138000").await;
        let other = world.resident("13900139000").await;
        let proof = world.proof(&one).await;
        let hash =
            world.accounts.hash_password("password", &Secret::new(PASSWORD.into()), None).await.unwrap();
        let uow = world.unit().await;
        assert!(matches!(
            world.accounts.change_password(&uow, &other, proof, hash.clone()).await,
            Err(Error::ProofOver)
        ));
        drop(uow);
        world.clock.advance_seconds(301);
        let uow = world.unit().await;
        assert!(matches!(
            world.accounts.change_password(&uow, &one, proof, hash).await,
            Err(Error::ProofOver)
        ));
    })
    .await;
}

#[tokio::test]
async fn a_code_to_ones_own_login_proves_too_and_to_anothers_is_not_sent() {
    each(async |world| {
        let one = world.resident("13800138000").await;
        world.resident("13900139000").await;
        let uow = world.unit().await;
        let ask = |login: &'static str| {
            world.accounts.request_code(&uow, &one, login, CodePurpose::Confirm, &PHONE)
        };
        assert!(matches!(ask("13900139000").await, Err(Error::NotFound)));
        ask("13800138000").await.unwrap();
        uow.commit().await.unwrap();
        world.do_jobs().await;
        let code = world.code_for("13800138000").unwrap();
        let confirmation = Confirmation::Code { login: "13800138000".into(), code };
        world.accounts.prove(&one, confirmation, &home()).await.unwrap();
        assert!(world.accounts.profile(&one).await.unwrap().logins[0].verified_at.is_some());
    })
    .await;
}

static PHONE: std::sync::LazyLock<luhuan_accounts::Client> = std::sync::LazyLock::new(home);

#[tokio::test]
async fn consents_are_given_and_withdrawn_one_by_one() {
    each(async |world| {
        let actor = world.resident("13800138000").await;
        let id = actor.person_id().unwrap();
        let give = async |purpose: &str| {
            let uow = world.unit().await;
            world.accounts.give_consent(&uow, &actor, purpose).await?;
            uow.commit().await.map_err(Error::from)
        };
        let withdraw = async |purpose: &str| {
            let uow = world.unit().await;
            world.accounts.withdraw_consent(&uow, &actor, purpose).await?;
            uow.commit().await.map_err(Error::from)
        };
        give("location").await.unwrap();
        give("location").await.unwrap();
        assert!(world.accounts.has_consented(id, "location").await.unwrap());
        assert!(!world.accounts.has_consented(id, "marketing").await.unwrap());
        withdraw("location").await.unwrap();
        withdraw("location").await.unwrap();
        assert!(!world.accounts.has_consented(id, "location").await.unwrap());
        assert!(matches!(withdraw("privacy").await, Err(Error::ConsentRequired(_))));
        assert_eq!(refused_field(&give("no-such-purpose").await.unwrap_err()).0, "purpose");
        let told = world.told().await;
        assert_eq!(told.iter().filter(|name| *name == "accounts.consent-withdrawn").count(), 1);
    })
    .await;
}
