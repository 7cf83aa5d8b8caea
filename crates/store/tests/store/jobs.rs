//! Jobs are done, once, by whoever is there.

use luhuan_kernel::ManualClock;
use luhuan_store::{Store, jobs};

use crate::on_each;

async fn schedule(store: &Store, key: &str, in_seconds: i64) {
    let uow = store.begin().await.unwrap();
    jobs::schedule(&uow, "test", key, uow.now().plus_seconds(in_seconds)).await.unwrap();
    uow.commit().await.unwrap();
}

async fn claimed(store: &Store) -> Option<String> {
    jobs::claim(store).await.unwrap().map(|job| job.key)
}

#[tokio::test]
async fn a_job_waits_for_its_time() {
    on_each(async |database, clock: &ManualClock| {
        schedule(&database.store, "later", 60).await;
        assert!(!jobs::any_due(&database.store).await.unwrap());
        assert_eq!(claimed(&database.store).await, None);
        clock.advance_seconds(61);
        assert!(jobs::any_due(&database.store).await.unwrap());
        assert_eq!(claimed(&database.store).await.as_deref(), Some("later"));
    })
    .await;
}

#[tokio::test]
async fn two_workers_never_hold_the_same_job() {
    on_each(async |database, _| {
        for n in 0..20 {
            schedule(&database.store, &format!("{n}"), 0).await;
        }
        let workers = (0..4).map(|_| {
            let store = database.store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                while let Some(key) = claimed(&store).await {
                    mine.push(key);
                }
                mine
            })
        });
        let mut all = Vec::new();
        for worker in workers.collect::<Vec<_>>() {
            all.extend(worker.await.unwrap());
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20);
    })
    .await;
}

#[tokio::test]
async fn a_dead_workers_job_is_taken_over() {
    on_each(async |database, clock| {
        schedule(&database.store, "a", 0).await;
        assert!(claimed(&database.store).await.is_some());
        assert_eq!(claimed(&database.store).await, None);
        clock.advance_seconds(jobs::LEASE_SECONDS + 1);
        let job = jobs::claim(&database.store).await.unwrap().unwrap();
        assert_eq!(job.attempts, 2);
        let uow = database.store.begin().await.unwrap();
        jobs::finish(&uow, &job).await.unwrap();
        uow.commit().await.unwrap();
        clock.advance_seconds(jobs::LEASE_SECONDS + 1);
        assert_eq!(claimed(&database.store).await, None);
    })
    .await;
}

#[test]
fn waiting_grows_and_ends_at_an_hour() {
    let waits: Vec<i64> = [1, 2, 3, 30].into_iter().map(jobs::backoff_seconds).collect();
    assert_eq!(waits, [2, 4, 8, 3600]);
}
