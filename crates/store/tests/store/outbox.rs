//! What happened is told once it is sure, in commit order.

use std::time::Duration;

use luhuan_kernel::Position;
use luhuan_store::{Store, outbox};

use crate::{Happened, on_each};

/// All that is told after a place; waits for what other databases of the server keep unsettled.
async fn told(store: &Store, after: Position, expected: usize) -> Vec<(Position, String)> {
    for _ in 0..200 {
        let events = outbox::read(store, after, "test.", 100).await.unwrap();
        if events.len() >= expected {
            return events.into_iter().map(|event| (event.position, event.subject)).collect();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{expected} events were not told in time");
}

#[tokio::test]
async fn what_is_rolled_back_is_never_told() {
    on_each(async |database, _| {
        let undone = database.store.begin().await.unwrap();
        undone.emit(&Happened("undone".into())).await.unwrap();
        drop(undone);
        let done = database.store.begin().await.unwrap();
        done.emit(&Happened("done".into())).await.unwrap();
        done.commit().await.unwrap();
        let names: Vec<_> =
            told(&database.store, Position::default(), 1).await.into_iter().map(|it| it.1).collect();
        assert_eq!(names, ["done"]);
    })
    .await;
}

#[tokio::test]
async fn a_late_commit_is_not_skipped() {
    on_each(async |database, _| {
        if database.store.backend() == luhuan_store::Backend::Sqlite {
            return; // One writer: there is no late commit.
        }
        let store = &database.store;
        // The slow one takes its transaction id and sequence number first and commits last.
        let slow = store.begin().await.unwrap();
        slow.emit(&Happened("slow".into())).await.unwrap();
        let fast = store.begin().await.unwrap();
        fast.emit(&Happened("fast".into())).await.unwrap();
        fast.commit().await.unwrap();
        assert!(outbox::read(store, Position::default(), "test.", 10).await.unwrap().is_empty());
        slow.commit().await.unwrap();
        let names: Vec<_> = told(store, Position::default(), 2).await.into_iter().map(|it| it.1).collect();
        assert_eq!(names, ["slow", "fast"]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_goes_on_where_it_was() {
    on_each(async |database, clock| {
        for name in ["a", "b", "c"] {
            let uow = database.store.begin().await.unwrap();
            uow.emit(&Happened(name.into())).await.unwrap();
            uow.commit().await.unwrap();
        }
        let all = told(&database.store, Position::default(), 3).await;
        let rest = told(&database.store, all[0].0, 2).await;
        assert_eq!(rest.iter().map(|it| it.1.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(outbox::lag(&database.store, all[1].0, "test.").await.unwrap(), 1);

        clock.advance_seconds((outbox::KEEP_DAYS + 1) * 86_400);
        let uow = database.store.begin().await.unwrap();
        assert_eq!(outbox::prune(&uow).await.unwrap(), 3);
        uow.commit().await.unwrap();
    })
    .await;
}
