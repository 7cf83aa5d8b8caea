//! Every list walks along the index that the migration names for it, on both databases, however many rows there are.

use std::sync::Arc;

use luhuan_kernel::{Clock, Id, ManualClock, Person};
use luhuan_store::testing::{TestDatabase, each};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Select, Statement};

use super::{
    BrowseFilter, expire, feed, moderate,
    prices::{Likeness, comparables},
    query::{Place, browse, mine, on_offer, sold},
    watch,
};
use crate::{catalog::Catalog, model::State};

const ROWS: usize = 100_000;
const SELLER: Id<Person> = Id::from_uuid(uuid(1));

const fn uuid(n: u128) -> sea_orm::prelude::Uuid {
    sea_orm::prelude::Uuid::from_u128(n)
}

/// A city of listings over all leaves: most on offer, some sold, drafts, withdrawn, expired, some held; one seller in
/// a thousand rows, and that seller's watchlist.
async fn fill(database: &TestDatabase) {
    let db = database.store.writer();
    let backend = db.get_database_backend();
    let leaves: Vec<_> =
        Catalog::get().leaves().map(|leaf| (leaf.code.as_str(), leaf.path[0].as_str())).collect();
    let categories: Vec<_> =
        leaves.iter().enumerate().map(|(n, (leaf, root))| format!("({n}, '{leaf}', '{root}')")).collect();
    let (numbers, id, seller) = match backend {
        DbBackend::Postgres => (
            format!("SELECT n FROM generate_series(1, {ROWS}) AS n"),
            "lpad(to_hex(n * 10 + {k}), 32, '0')::uuid",
            "lpad(to_hex(1 + n % 1000), 32, '0')::uuid",
        ),
        _ => (
            format!(
                "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {ROWS}) SELECT n FROM t"
            ),
            "unhex(printf('%032x', n * 10 + {k}))",
            "unhex(printf('%032x', 1 + n % 1000))",
        ),
    };
    let id = |k: &str| id.replace("{k}", k);
    let truth = if backend == DbBackend::Postgres { "false" } else { "0" };
    let script = [
        format!("INSERT INTO item (id, person_id, category, created_at) SELECT {}, {seller}, 'x', n FROM ({numbers}) AS numbers", id("1")),
        format!(
            "INSERT INTO listing (id, item_id, person_id, seller_kind, state, held, version, title, description, category, root,
               defects, price_fen, negotiable, delivery, district, returns_note, attributes, brand, model, quantity, reason,
               statements, badges, views, watches, created_at, updated_at, published_at, expires_at)
             SELECT {}, {}, {seller}, 'private',
               CASE n % 20 WHEN 0 THEN 'sold' WHEN 1 THEN 'draft' WHEN 2 THEN 'withdrawn' WHEN 3 THEN 'expired' ELSE 'published' END,
               CASE WHEN n % 500 = 5 THEN 'x' END, 1, 'title', 'a description of some length, as they are', leaf, root,
               '[]', n, {truth}, '[]', '1101' || (1 + n % 17), '', '{{}}', 'brand' || (n % 7), 'model' || (n % 70), 1, '',
               '[]', '[]', 0, 0, n, n, n * 1000, n * 1000 + 1000000
             FROM ({numbers}) AS numbers JOIN (VALUES {}) AS categories (place, leaf, root) ON place = (n * 7919) % {}",
            id("2"), id("1"), categories.join(", "), leaves.len(),
        ),
        format!("INSERT INTO watch (person_id, listing_id, at) SELECT {seller}, {}, n FROM ({numbers}) AS numbers", id("2")),
    ];
    for statement in script {
        // SQLite names the columns of VALUES column1, column2, ...
        let statement = match backend {
            DbBackend::Sqlite => statement
                .replace(" AS categories (place, leaf, root) ON place", " AS categories ON column1")
                .replace(", leaf, root,\n               '[]'", ", column2, column3,\n               '[]'"),
            _ => statement,
        };
        db.execute_unprepared(&statement).await.unwrap();
    }
    if backend == DbBackend::Postgres {
        // As its autovacuum does; the embedded database plans without statistics, here as in service.
        db.execute_unprepared("ANALYZE").await.unwrap();
    }
}

/// The plan of a statement, a line each step.
async fn plan<E: EntityTrait>(database: &TestDatabase, query: &Select<E>) -> String {
    let db = database.store.reader();
    let backend = db.get_database_backend();
    let explain = if backend == DbBackend::Postgres { "EXPLAIN " } else { "EXPLAIN QUERY PLAN " };
    let column = if backend == DbBackend::Postgres { "QUERY PLAN" } else { "detail" };
    let Statement { sql, values, .. } = query.build(backend);
    let statement = Statement { sql: format!("{explain}{sql}"), values, db_backend: backend };
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect::<Vec<_>>().join("\n")
}

/// Asserts that a query walks along one of some indexes and sorts nothing.
async fn walks<E: EntityTrait>(database: &TestDatabase, indexes: &[&str], query: &Select<E>) {
    let plan = plan(database, query).await;
    assert!(indexes.iter().any(|index| plan.contains(index)), "not along {indexes:?}:\n{plan}");
    // The words with which either system says that it sorts.
    assert!(!plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "sorts:\n{plan}");
}

#[tokio::test]
async fn every_list_walks_along_its_index() {
    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
    each(Arc::clone(&clock) as _, async |database| {
        // PostgreSQL chooses by its statistics, which differ from run to run; its plans are read by hand.
        if database.store.backend() != luhuan_store::Backend::Sqlite {
            return;
        }
        fill(database).await;
        let now = clock.now();
        let filter = |code: &str| BrowseFilter { category: Some(code.to_owned()), ..BrowseFilter::default() };
        let district = BrowseFilter { district: Some("11013".to_owned()), ..BrowseFilter::default() };
        let middle: Place = (luhuan_kernel::Timestamp::from_micros(50_000_000), Id::from_uuid(uuid(500_002)));
        let largest =
            Catalog::get().roots().max_by_key(|root| Catalog::get().children(&root.code).count()).unwrap();
        // Of a root or a district that many listings belong to, PostgreSQL finds a page just as soon among all.
        for after in [None, Some(middle)] {
            walks(database, &["listing_fresh"], &browse(&BrowseFilter::default(), after, 25)).await;
            walks(database, &["listing_in_category"], &browse(&filter("bikes-mountain"), after, 25)).await;
            walks(
                database,
                &["listing_in_root", "listing_fresh"],
                &browse(&filter(&largest.code), after, 25),
            )
            .await;
            walks(database, &["listing_in_district", "listing_fresh"], &browse(&district, after, 25)).await;
            walks(database, &["listing_of_person"], &mine(SELLER, State::Published, after, 25)).await;
            walks(database, &["watch_of_person"], &watch::watchlist(SELLER, after, 25)).await;
            walks(database, &["listing_waiting"], &moderate::waiting(after, 25)).await;
            walks(
                database,
                &["listing_pkey", "sqlite_autoindex_listing_1"],
                &feed::findable_after(after.map(|it| it.1), 500),
            )
            .await;
        }
        walks(database, &["listing_due"], &expire::due(now, 200)).await;
        walks(database, &["listing_sold"], &sold()).await;
        let since = luhuan_kernel::Timestamp::from_micros(1);
        let likeness = Likeness::Model("brand1", "model1");
        walks(database, &["listing_comparable"], &comparables("bikes-mountain", likeness, since)).await;
        walks(
            database,
            &["listing_comparable_in_category"],
            &comparables("bikes-mountain", Likeness::Category, since),
        )
        .await;
        // Few of one brand within one category: found by the index, then sorted.
        let branded = plan(database, &comparables("bikes-mountain", Likeness::Brand("brand1"), since)).await;
        assert!(branded.contains("listing_comparable"), "{branded}");
        let counted = plan(database, &on_offer(&BrowseFilter::default())).await;
        assert!(counted.contains("listing_"), "{counted}");
    })
    .await;
}
