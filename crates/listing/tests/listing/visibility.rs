//! What strangers see: what is not for their eyes is not there.

use http::StatusCode;
use luhuan_kernel::{Limit, OrganisationRole};
use luhuan_listing::{BrowseFilter, CreateListing, Error, model::Move};

use crate::support::{
    LEAF, ROOT, World, anonymous, bike, command, doubtful, each, member, offer, refusal, titled,
};

/// Whether a command is answered as if the listing were not there.
fn hidden<T: std::fmt::Debug>(outcome: Result<T, Error>) -> bool {
    matches!(outcome.map_err(refusal), Err((StatusCode::NOT_FOUND, "not-found")))
}

#[tokio::test]
async fn a_draft_a_withdrawn_and_a_held_listing_are_not_there_for_strangers() {
    each(async |world| {
        let seller = world.person();
        let draft = world.draft(&seller, bike()).await;
        let withdrawn = world.published(&seller, bike()).await;
        command!(world, withdraw, &seller, withdrawn.id, None).unwrap();
        let held = world.published(&seller, doubtful()).await;
        assert!(held.held.is_some());
        for id in [draft.id, withdrawn.id, held.id] {
            for stranger in [anonymous(), world.person()] {
                assert!(hidden(world.listings.view(&stranger, id).await));
            }
            let stranger = world.person();
            assert!(hidden(world.edit(&stranger, id, |it| it.title.push('x')).await));
            assert!(hidden(world.publish(&stranger, id).await));
            assert!(hidden(command!(world, withdraw, &stranger, id, None)));
            assert!(hidden(command!(world, relist, &stranger, id, None)));
            assert!(hidden(command!(world, watch, &stranger, id)));
            assert!(hidden(world.listings.may_attach_photo(&stranger, id).await));
            assert!(world.listings.cards_of(&stranger, &[id]).await.unwrap().is_empty());
            for insider in [seller.clone(), world.moderator()] {
                assert_eq!(world.listings.view(&insider, id).await.unwrap().row.id, id);
            }
        }
        assert!(world.listings.findable(&[draft.id, withdrawn.id, held.id]).await.unwrap().is_empty());
        assert!(titles(world, &BrowseFilter::default()).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_listing_that_was_sold_or_expired_stays_visible_by_its_link_and_leaves_the_lists() {
    each(async |world| {
        let listing = world.published(&world.person(), bike()).await;
        world.settle(listing.id, Move::Sell).await.unwrap();
        assert_eq!(world.listings.view(&anonymous(), listing.id).await.unwrap().row.id, listing.id);
        assert!(titles(world, &BrowseFilter::default()).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_stranger_sees_what_is_on_offer_but_may_not_change_it() {
    each(async |world| {
        let listing = world.published(&world.person(), bike()).await;
        let refused = world.edit(&world.person(), listing.id, |it| it.title.push('x')).await.unwrap_err();
        assert_eq!(refusal(refused), (StatusCode::FORBIDDEN, "forbidden"));
        let view = world.listings.view(&world.person(), listing.id).await.unwrap();
        assert_eq!(view.actions, luhuan_listing::Actions::default());
    })
    .await;
}

async fn titles(world: &World<'_>, filter: &BrowseFilter) -> Vec<String> {
    let page = world.listings.browse(filter, None, Limit::of(Some(100))).await.unwrap();
    page.items.into_iter().map(|card| card.title).collect()
}

#[tokio::test]
async fn browsing_goes_newest_first_page_by_page_without_gap_or_repetition() {
    each(async |world| {
        let seller = world.person();
        for (place, title) in
            ["一号山地车", "二号山地车", "三号山地车", "四号山地车", "五号山地车"].into_iter().enumerate()
        {
            // Two of one instant, told apart by their ids.
            world.clock.advance_seconds(if place == 3 { 0 } else { 1 });
            world.published(&seller, titled(title)).await;
        }
        let whole = titles(world, &BrowseFilter::default()).await;
        let (mut after, mut paged) = (None, Vec::new());
        loop {
            let filter = BrowseFilter::default();
            let page = world.listings.browse(&filter, after.as_ref(), Limit::of(Some(2))).await.unwrap();
            paged.extend(page.items.into_iter().map(|card| card.title));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole);
        assert_eq!((whole.len(), whole[0].as_str(), whole[4].as_str()), (5, "五号山地车", "一号山地车"));
    })
    .await;
}

#[tokio::test]
async fn browsing_narrows_by_category_district_seller_and_shop() {
    each(async |world| {
        let (seller, shop) = (world.person(), world.organisation());
        let clerk = member(&seller, shop, OrganisationRole::Clerk);
        world.published(&seller, titled("自己的车")).await;
        let input = CreateListing { organisation: Some(shop), ..offer(titled("店里的车")) };
        let sold_by_shop = command!(world, create, &clerk, input).unwrap();
        world.publish(&clerk, sold_by_shop.id).await.unwrap();
        let some = |text: &str| Some(text.to_owned());
        let person = seller.person_id();
        let cases = [
            (BrowseFilter { category: some(LEAF), ..BrowseFilter::default() }, 2),
            (BrowseFilter { category: some(ROOT), ..BrowseFilter::default() }, 2),
            (BrowseFilter { category: some("phones"), ..BrowseFilter::default() }, 0),
            (BrowseFilter { category: some("no-such"), ..BrowseFilter::default() }, 0),
            (BrowseFilter { district: some("110105"), ..BrowseFilter::default() }, 2),
            (BrowseFilter { district: some("110101"), ..BrowseFilter::default() }, 0),
            (BrowseFilter { person, ..BrowseFilter::default() }, 1),
            (BrowseFilter { organisation: Some(shop), ..BrowseFilter::default() }, 1),
            (BrowseFilter { words: vec!["店里".to_owned()], ..BrowseFilter::default() }, 1),
            // A sign of the pattern language is a sign like any other.
            (BrowseFilter { words: vec!["店_".to_owned()], ..BrowseFilter::default() }, 0),
            (BrowseFilter { words: vec!["%".to_owned()], ..BrowseFilter::default() }, 0),
            (BrowseFilter { words: vec!["\\".to_owned()], ..BrowseFilter::default() }, 0),
        ];
        for (filter, expected) in cases {
            assert_eq!(titles(world, &filter).await.len(), expected, "{filter:?}");
        }
        let (on_offer, sold) = world.listings.city_counts().await.unwrap();
        assert_eq!((on_offer, sold), (2, 0));
    })
    .await;
}

#[tokio::test]
async fn more_from_a_seller_leaves_out_this_one_and_knows_of_the_next_at_once() {
    each(async |world| {
        let seller = world.person();
        let this = world.published(&seller, titled("自己的车")).await;
        let shown = world.listings.view(&seller, this.id).await.unwrap().seller;
        let more = async || {
            let cards = world.listings.more_from(&shown, this.id, 6).await.unwrap();
            cards.into_iter().map(|card| card.title).collect::<Vec<_>>()
        };
        assert!(more().await.is_empty());
        world.published(&seller, titled("又一辆车")).await;
        assert_eq!(more().await, ["又一辆车"]);
        world.published(&world.person(), titled("别人的车")).await;
        assert_eq!(more().await, ["又一辆车"]);
    })
    .await;
}

#[tokio::test]
async fn a_shops_listing_is_its_members_to_change() {
    each(async |world| {
        let (poster, shop) = (world.person(), world.organisation());
        let input = CreateListing { organisation: Some(shop), ..offer(bike()) };
        let refused = command!(world, create, &poster, input.clone()).unwrap_err();
        assert_eq!(refusal(refused), (StatusCode::FORBIDDEN, "forbidden"));
        let clerk = member(&poster, shop, OrganisationRole::Clerk);
        let listing = command!(world, create, &clerk, input).unwrap();
        assert_eq!(listing.seller_kind, "registered_merchant");
        let manager = member(&world.person(), shop, OrganisationRole::Manager);
        world.publish(&manager, listing.id).await.unwrap();
        // Who posted it has left the shop.
        let refused = world.edit(&poster, listing.id, |it| it.title.push('x')).await.unwrap_err();
        assert_eq!(refusal(refused), (StatusCode::FORBIDDEN, "forbidden"));
    })
    .await;
}

#[tokio::test]
async fn ones_own_listings_come_by_state_with_the_number_in_each() {
    each(async |world| {
        let seller = world.person();
        world.draft(&seller, titled("草稿")).await;
        world.published(&seller, titled("在售一")).await;
        world.clock.advance_seconds(1);
        world.published(&seller, titled("在售二")).await;
        world.published(&world.person(), titled("别人的")).await;
        let state = luhuan_listing::model::State::Published;
        let mine = world.listings.mine(&seller, state, None, Limit::of(Some(1))).await.unwrap();
        assert_eq!((mine.counts.draft, mine.counts.published, mine.counts.sold), (1, 2, 0));
        assert_eq!(mine.page.items[0].title, "在售二");
        let next =
            world.listings.mine(&seller, state, mine.page.next.as_ref(), Limit::of(Some(1))).await.unwrap();
        assert_eq!((next.page.items[0].title.as_str(), next.page.next), ("在售一", None));
    })
    .await;
}
