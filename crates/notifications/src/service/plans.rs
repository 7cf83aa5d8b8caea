//! Every list walks along the index that the migration names for it, however many rows there are.

use std::sync::Arc;

use luhuan_kernel::{Clock, Id, ManualClock, Person, Timestamp};
use luhuan_store::testing::TestDatabase;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Select, Statement};

use super::{
    NotificationFilter,
    deliver::{due, falling_due},
    deliveries::{DeliveryFilter, log},
    inbox::inbox,
};
use crate::{Webhook, model::DeliveryState};

async fn plan<E: EntityTrait>(database: &TestDatabase, query: Select<E>) -> String {
    let Statement { sql, values, .. } = query.build(DbBackend::Sqlite);
    let explained =
        Statement { sql: format!("EXPLAIN QUERY PLAN {sql}"), values, db_backend: DbBackend::Sqlite };
    let rows = database.store.reader().query_all_raw(explained).await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn lists_walk_along_their_index() {
    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
    let now: Timestamp = clock.now();
    let database = TestDatabase::sqlite(Arc::clone(&clock) as _).await;
    let (person, hook): (Id<Person>, Id<Webhook>) = (Id::new(&*clock), Id::new(&*clock));
    let all = NotificationFilter::default();
    let unread = NotificationFilter { unread: Some(true), topic: None };
    let after = Some((now, Id::new(&*clock)));
    let failed = DeliveryFilter { state: Some(DeliveryState::Failed) };
    let any = DeliveryFilter::default();
    for (index, sorted, plan) in [
        ("notification_of_person", true, plan(&database, inbox(person, all, after, 25)).await),
        ("notification_unread", true, plan(&database, inbox(person, unread, after, 25)).await),
        ("webhook_delivery_of_endpoint", true, plan(&database, log(hook, any, Some(7), 25)).await),
        ("webhook_delivery_in_state", true, plan(&database, log(hook, failed, Some(7), 25)).await),
        ("webhook_delivery_in_state", true, plan(&database, due(hook, now)).await),
        // Asked when nothing is due: what waits for another try is sorted, and is little.
        ("webhook_delivery_in_state", false, plan(&database, falling_due(hook)).await),
    ] {
        assert!(plan.contains(&format!("USING INDEX {index} ")), "{index}: {plan}");
        assert_eq!(!plan.contains("TEMP B-TREE"), sorted, "{index}: {plan}");
    }
}
