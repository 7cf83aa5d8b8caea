//! Changing what a listing says.

use http::StatusCode;
use luhuan_kernel::Clock;
use luhuan_listing::{
    Change, Error,
    contact::ContactPolicy,
    model::{Details, Move, State},
};

use crate::support::{bike, command, doubtful, each, listings, offer, refusal, refused_fields, settings};

#[tokio::test]
async fn an_edit_grows_the_version_and_is_told() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        world.clock.advance_seconds(10);
        let edited =
            world.edit(&seller, listing.id, |it| it.description = "换过链条".to_owned()).await.unwrap();
        assert_eq!((edited.version, edited.updated_at), (listing.version + 1, world.clock.now()));
        assert_eq!(world.view(listing.id).await.details.description, "换过链条");
        assert_eq!(world.told().await.last().unwrap(), "listing.edited");
    })
    .await;
}

#[tokio::test]
async fn an_edit_that_changes_nothing_changes_nothing() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        world.clock.advance_seconds(10);
        assert_eq!(world.edit(&seller, listing.id, |_| ()).await.unwrap(), listing);
        assert_eq!(world.told().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn who_read_an_older_version_is_told_so() {
    each(async |world| {
        let seller = world.person();
        let draft = world.draft(&seller, bike()).await;
        world.edit(&seller, draft.id, |it| it.negotiable = true).await.unwrap();
        let stale = Some(draft.version);
        let change = |details| Change { details, point: None };
        let outcomes = [
            command!(world, edit, &seller, draft.id, stale, change),
            command!(world, publish, &seller, draft.id, stale),
            command!(world, withdraw, &seller, draft.id, stale),
            command!(world, relist, &seller, draft.id, stale),
        ];
        for outcome in outcomes {
            assert_eq!(refusal(outcome.unwrap_err()), (StatusCode::PRECONDITION_FAILED, "stale"));
        }
        let fresh = Some(draft.version + 1);
        assert_eq!(command!(world, publish, &seller, draft.id, fresh).unwrap().state, "published");
    })
    .await;
}

#[tokio::test]
async fn a_listing_that_is_reserved_or_sold_is_not_edited() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        for attempted in [Move::Reserve, Move::Sell] {
            world.settle(listing.id, attempted).await.unwrap();
            let refused = world.edit(&seller, listing.id, |it| it.price_fen = Some(1)).await.unwrap_err();
            assert_eq!(refusal(refused), (StatusCode::CONFLICT, "listing-not-editable"));
        }
    })
    .await;
}

#[tokio::test]
async fn what_strangers_see_must_stay_complete_and_clean() {
    each(async |world| {
        let seller = world.person();
        let published = world.published(&seller, bike()).await;
        let expired = world.published(&seller, bike()).await;
        world.settle(expired.id, Move::Expire).await.unwrap();
        for id in [published.id, expired.id] {
            let refused = world.edit(&seller, id, |it| it.price_fen = None).await.unwrap_err();
            assert_eq!(refused_fields(&refused), [("price_fen", "listing-required-to-publish")]);
            let refused = world.edit(&seller, id, |it| it.title = "出真枪".to_owned()).await.unwrap_err();
            assert!(matches!(refused, Error::Prohibited(_)));
        }
        let draft = world.draft(&seller, bike()).await;
        world.edit(&seller, draft.id, |it| it.price_fen = None).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_edit_into_doubtful_words_is_held_and_one_out_of_them_is_not_let_go() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        let held = world.edit(&seller, listing.id, |it| it.title = doubtful().title).await.unwrap();
        assert_eq!(held.held.as_deref(), Some("event-tickets"));
        assert_eq!(world.told().await.last().unwrap(), "listing.held");
        let still = world.edit(&seller, listing.id, |it| it.title = bike().title).await.unwrap();
        assert_eq!(still.held.as_deref(), Some("event-tickets"));
    })
    .await;
}

#[tokio::test]
async fn a_new_price_of_words_that_a_moderator_cleared_needs_no_moderator() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, doubtful()).await;
        command!(world, clear, &world.moderator(), listing.id, "").unwrap();
        let cheaper = world.edit(&seller, listing.id, |it| it.price_fen = Some(100)).await.unwrap();
        assert_eq!(cheaper.held, None);
        let reworded = world.edit(&seller, listing.id, |it| it.title.push_str(" 急出")).await.unwrap();
        assert!(reworded.held.is_some());
    })
    .await;
}

#[tokio::test]
async fn contact_details_are_masked_in_every_text() {
    each(async |world| {
        let seller = world.person();
        let said = "微信 abc12345".to_owned();
        let details = Details {
            description: format!("电话13812345678，{said}"),
            defects: vec![format!("细节加{said}")],
            reason: said.clone(),
            returns_note: said,
            ..bike()
        };
        let view = world.view(world.draft(&seller, details).await.id).await.details;
        for text in [&view.description, &view.defects[0], &view.reason, &view.returns_note] {
            assert!(text.contains("***") && !text.contains("abc12345") && !text.contains("138"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn contact_details_are_refused_where_the_operator_says_so() {
    each(async |world| {
        let settings = luhuan_listing::Settings { contacts: ContactPolicy::Refuse, ..settings() };
        let strict = listings(world.store(), &world.database.blobs, settings);
        let details = Details { description: "电话13812345678".to_owned(), ..bike() };
        let uow = world.unit().await;
        let refused = strict.create(&uow, &world.person(), offer(details)).await.unwrap_err();
        assert_eq!(refused_fields(&refused), [("description", "listing-contact-in-text")]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_may_change_its_category_and_its_root_follows() {
    each(async |world| {
        let seller = world.person();
        let draft = world.draft(&seller, bike()).await;
        let moved =
            world.edit(&seller, draft.id, |it| it.category = "phones-earphones".to_owned()).await.unwrap();
        assert_eq!((moved.category.as_str(), moved.root.as_str()), ("phones-earphones", "phones"));
        assert_eq!(moved.state, State::Draft.code());
    })
    .await;
}
