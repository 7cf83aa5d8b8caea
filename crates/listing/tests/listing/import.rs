//! Importing listings in bulk.

use luhuan_kernel::{Actor, Id, Person};
use luhuan_listing::{
    CreateListing, Error, ImportMode, ImportOutcome, Listing,
    model::{Details, Move, State},
};

use crate::support::{World, bike, command, doubtful, each, electric_bike, offer, refused_fields, titled};

type Outcomes = Vec<Result<ImportOutcome, Error>>;

fn row(external_id: &str, details: Details) -> CreateListing {
    CreateListing { external_id: Some(external_id.to_owned()), ..offer(details) }
}

async fn import(world: &World<'_>, seller: &Actor, rows: Vec<CreateListing>, mode: ImportMode) -> Outcomes {
    let seller = seller.person_id().unwrap();
    command!(world, import, &Actor::system("test"), seller, rows, mode).unwrap()
}

async fn update(world: &World<'_>, seller: &Actor, rows: Vec<CreateListing>) -> Outcomes {
    import(world, seller, rows, ImportMode::CreateOrUpdate).await
}

fn created(outcome: &Result<ImportOutcome, Error>) -> Id<Listing> {
    match outcome {
        Ok(ImportOutcome::Created(id)) => *id,
        other => panic!("not created: {other:?}"),
    }
}

async fn count(world: &World<'_>, table: &str) -> usize {
    world.column(&format!("SELECT '' AS it FROM {table}")).await.len()
}

#[tokio::test]
async fn good_rows_are_published_and_bad_ones_leave_no_trace() {
    each(async |world| {
        let rows = vec![
            row("1", bike()),
            row("2", Details { price_fen: Some(-1), ..bike() }),
            row("3", titled("出真枪")),
            row("4", Details { condition: None, ..bike() }),
            row("5", electric_bike()),
            row("6", doubtful()),
            offer(bike()),
        ];
        let outcomes = update(world, &world.person(), rows).await;
        assert_eq!(refused_fields(outcomes[1].as_ref().unwrap_err()), [("price_fen", "listing-price-range")]);
        assert!(matches!(outcomes[2], Err(Error::Prohibited(_))));
        assert_eq!(
            refused_fields(outcomes[3].as_ref().unwrap_err()),
            [("condition", "listing-required-to-publish")]
        );
        assert_eq!(
            refused_fields(outcomes[4].as_ref().unwrap_err()),
            [("statements", "listing-statement-required")]
        );
        for (place, held) in [(0, false), (5, true), (6, false)] {
            let view = world.view(created(&outcomes[place])).await;
            assert_eq!((view.state, view.row.held.is_some(), view.row.version), (State::Published, held, 1));
            assert_eq!(world.listings.price_history(view.row.id).await.unwrap().len(), 1);
        }
        assert_eq!((count(world, "listing").await, count(world, "item").await), (3, 3));
        assert_eq!(world.told().await, ["listing.moved", "listing.moved", "listing.held", "listing.moved"]);
    })
    .await;
}

#[tokio::test]
async fn an_import_repeated_changes_nothing() {
    each(async |world| {
        let seller = world.person();
        let rows = || vec![row("1", bike()), row("2", titled("二号")), row("3", titled("三号"))];
        let first = update(world, &seller, rows()).await;
        world.settle(created(&first[2]), Move::Sell).await.unwrap();
        let before = (world.view(created(&first[0])).await.row, world.told().await);
        world.clock.advance_seconds(3600);
        let second = update(world, &seller, rows()).await;
        for (first, second) in first.iter().zip(second) {
            assert_eq!(second.unwrap(), ImportOutcome::Unchanged(created(first)));
        }
        assert_eq!((world.view(created(&first[0])).await.row, world.told().await), before);
        assert_eq!(count(world, "listing").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_changed_row_brings_its_listing_up_to_date_unless_it_is_sold() {
    each(async |world| {
        let seller = world.person();
        let first = update(world, &seller, vec![row("1", bike()), row("2", bike())]).await;
        let (open, sold) = (created(&first[0]), created(&first[1]));
        world.settle(sold, Move::Sell).await.unwrap();
        let cheaper = || Details { price_fen: Some(100), ..bike() };
        let second = update(world, &seller, vec![row("1", cheaper()), row("2", cheaper())]).await;
        assert_eq!(*second[0].as_ref().unwrap(), ImportOutcome::Updated(open));
        assert!(matches!(second[1], Err(Error::NotEditable(State::Sold))));
        assert_eq!(world.view(open).await.details.price_fen, Some(100));
        assert_eq!(world.view(sold).await.details.price_fen, bike().price_fen);
    })
    .await;
}

#[tokio::test]
async fn the_same_id_twice_in_one_file_is_one_listing_that_says_the_last() {
    each(async |world| {
        let rows = vec![row("1", titled("先写的")), row("1", titled("后写的")), row("1", titled("后写的"))];
        let outcomes = update(world, &world.person(), rows).await;
        let id = created(&outcomes[0]);
        assert_eq!(*outcomes[1].as_ref().unwrap(), ImportOutcome::Updated(id));
        assert_eq!(*outcomes[2].as_ref().unwrap(), ImportOutcome::Unchanged(id));
        assert_eq!(world.view(id).await.details.title, "后写的");
        assert_eq!(count(world, "listing").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_good_row_stands_in_for_a_bad_one_of_the_same_id() {
    each(async |world| {
        let rows = vec![row("1", titled("")), row("1", bike())];
        let outcomes = update(world, &world.person(), rows).await;
        assert!(outcomes[0].is_err());
        assert_eq!(world.view(created(&outcomes[1])).await.details.title, bike().title);
    })
    .await;
}

#[tokio::test]
async fn create_only_leaves_known_listings_alone() {
    each(async |world| {
        let seller = world.person();
        let rows = vec![row("1", bike()), row("1", titled("同一批的第二行"))];
        let first = import(world, &seller, rows, ImportMode::CreateOnly).await;
        let id = created(&first[0]);
        assert_eq!(*first[1].as_ref().unwrap(), ImportOutcome::Unchanged(id));
        let second = import(world, &seller, vec![row("1", titled("改过的"))], ImportMode::CreateOnly).await;
        assert_eq!(*second[0].as_ref().unwrap(), ImportOutcome::Unchanged(id));
        assert_eq!(world.view(id).await.details.title, bike().title);
    })
    .await;
}

#[tokio::test]
async fn an_id_is_each_sellers_own() {
    each(async |world| {
        let mut ids = Vec::new();
        for seller in [world.person(), world.person()] {
            ids.push(created(&update(world, &seller, vec![row("1", bike())]).await[0]));
        }
        assert_ne!(ids[0], ids[1]);
    })
    .await;
}

#[tokio::test]
async fn a_full_batch_fits_into_one_statement() {
    each(async |world| {
        let rows = (0..luhuan_listing::Listings::IMPORT_BATCH).map(|n| row(&n.to_string(), bike())).collect();
        let outcomes = update(world, &world.person(), rows).await;
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(count(world, "price_point").await, luhuan_listing::Listings::IMPORT_BATCH);
    })
    .await;
}

#[tokio::test]
async fn nobody_imports_for_another_but_the_command_line() {
    each(async |world| {
        let seller: Id<Person> = world.person().person_id().unwrap();
        let rows = vec![row("1", bike())];
        let refused =
            command!(world, import, &world.moderator(), seller, rows, ImportMode::CreateOnly).unwrap_err();
        assert!(matches!(refused, Error::Forbidden));
        assert!(matches!(world.listings.export(&world.moderator(), None, 1).await, Err(Error::Forbidden)));
    })
    .await;
}

#[tokio::test]
async fn an_export_names_every_listing_once_in_the_order_of_their_ids() {
    each(async |world| {
        let seller = world.person();
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(world.draft(&seller, bike()).await.id);
        }
        ids.sort_unstable();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let views = world.listings.export(&Actor::system("test"), after, 2).await.unwrap();
            let Some(last) = views.last() else { break };
            after = Some(last.row.id);
            seen.extend(views.iter().map(|view| view.row.id));
        }
        assert_eq!(seen, ids);
    })
    .await;
}
