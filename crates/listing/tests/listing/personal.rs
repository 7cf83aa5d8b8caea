//! Export and erasure of what listings keep about a person.

use luhuan_accounts::PersonalData;
use luhuan_kernel::OrganisationRole;
use luhuan_listing::{
    CreateListing,
    model::{Move, State},
};

use crate::support::{World, bike, command, each, member, offer, png, titled};

async fn erase(world: &World<'_>, who: &luhuan_kernel::Actor) {
    let uow = world.unit().await;
    PersonalData::erase(&world.listings, &uow, who.person_id().unwrap()).await.unwrap();
    uow.commit().await.unwrap();
}

#[tokio::test]
async fn a_person_gets_everything_of_theirs_and_nothing_of_others() {
    each(async |world| {
        let (me, other) = (world.person(), world.person());
        world.draft(&me, titled("我的草稿")).await;
        world.published(&me, titled("我的在售")).await;
        let theirs = world.published(&other, titled("别人的车")).await;
        command!(world, watch, &me, theirs.id).unwrap();
        let export = PersonalData::export(&world.listings, me.person_id().unwrap()).await.unwrap();
        let titles: Vec<_> =
            export["listings"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
        assert_eq!(titles.len(), 2);
        assert!(titles.contains(&"我的草稿") && titles.contains(&"我的在售"));
        assert_eq!(export["watches"][0]["listing"], theirs.id.to_string());
    })
    .await;
}

#[tokio::test]
async fn erasure_withdraws_what_is_on_offer_and_empties_what_nobody_saw() {
    each(async |world| {
        let (me, other) = (world.person(), world.person());
        let mut input = offer(titled("没人看过的草稿"));
        input.serial = Some("SN-12345678".to_owned());
        let draft = command!(world, create, &me, input).unwrap();
        let kept = world.listings.keep_photo(png([9, 9, 9])).await.unwrap();
        command!(world, attach_photo, &me, draft.id, &kept).unwrap();
        let on_offer = world.published(&me, bike()).await;
        let sold = world.published(&me, bike()).await;
        world.settle(sold.id, Move::Sell).await.unwrap();
        let theirs = world.published(&other, bike()).await;
        command!(world, watch, &me, theirs.id).unwrap();
        erase(world, &me).await;
        let emptied = world.view(draft.id).await;
        assert_eq!((emptied.state, emptied.details.title.as_str()), (State::Withdrawn, ""));
        assert!(emptied.photos.is_empty() && emptied.serial.is_none() && emptied.row.lat.is_none());
        assert!(world.listings.price_history(draft.id).await.unwrap().is_empty());
        assert_eq!(
            (world.state(on_offer.id).await, world.state(sold.id).await),
            (State::Withdrawn, State::Sold)
        );
        assert_eq!(world.view(sold.id).await.details.title, bike().title);
        assert_eq!(world.listings.watch_count(&me).await.unwrap(), 0);
        let theirs = world.view(theirs.id).await;
        assert_eq!((theirs.state, theirs.row.watches), (State::Published, 0));
    })
    .await;
}

#[tokio::test]
async fn what_was_posted_for_a_shop_stays_the_shops() {
    each(async |world| {
        let (me, shop) = (world.person(), world.organisation());
        let clerk = member(&me, shop, OrganisationRole::Clerk);
        let input = CreateListing { organisation: Some(shop), ..offer(bike()) };
        let listing = command!(world, create, &clerk, input).unwrap();
        world.publish(&clerk, listing.id).await.unwrap();
        erase(world, &me).await;
        assert_eq!(world.state(listing.id).await, State::Published);
    })
    .await;
}
