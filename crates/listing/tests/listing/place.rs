//! Places: shown fuzzed, the true one kept nowhere.

use luhuan_kernel::geo::{self, Point};
use luhuan_listing::{Change, CreateListing};
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{World, bike, command, each, offer};

/// A home in 双井, known to seven decimals.
const HOME: Point = Point { lat: 39.893_127_1, lon: 116.461_294_7 };

fn at_home() -> CreateListing {
    CreateListing { point: Some(HOME), ..offer(bike()) }
}

#[tokio::test]
async fn a_listing_shows_a_point_near_its_place_and_not_the_place() {
    each(async |world| {
        let seller = world.person();
        for _ in 0..25 {
            let shown = command!(world, create, &seller, at_home()).unwrap().point().unwrap();
            let apart = geo::haversine_m(HOME, shown);
            assert!((0.0..700.0).contains(&apart) && shown != HOME, "{apart} m");
        }
    })
    .await;
}

#[tokio::test]
async fn the_true_place_is_in_no_row_of_any_table() {
    each(async |world| {
        let seller = world.person();
        let draft = command!(world, create, &seller, at_home()).unwrap();
        world.publish(&seller, draft.id).await.unwrap();
        let moved = |details| Change { details, point: Some(HOME) };
        command!(world, edit, &seller, draft.id, None, moved).unwrap();
        let everything = everything(world).await;
        assert!(everything.contains("捷安特") && everything.contains("39.8"));
        for digits in ["39.893127", "116.461294"] {
            assert!(!everything.contains(digits), "{digits}");
        }
    })
    .await;
}

/// Every row of every table, as text.
async fn everything(world: &World<'_>) -> String {
    let mut all = String::new();
    for table in ["item", "listing", "price_point", "outbox", "idempotency_key"] {
        let db = world.store().reader();
        let sql = match db.get_database_backend() {
            sea_orm::DbBackend::Postgres => format!("SELECT row_to_json({table})::text AS it FROM {table}"),
            backend => {
                let columns = db
                    .query_all_raw(Statement::from_string(
                        backend,
                        format!("SELECT name FROM pragma_table_info('{table}')"),
                    ))
                    .await
                    .unwrap();
                let names: Vec<String> = columns.iter().map(|row| row.try_get("", "name").unwrap()).collect();
                let texts = names.iter().map(|name| format!("CASE typeof({name}) WHEN 'blob' THEN hex({name}) ELSE coalesce(CAST({name} AS text), '') END"));
                format!("SELECT {} AS it FROM {table}", texts.collect::<Vec<_>>().join(" || ' ' || "))
            }
        };
        all.extend(world.column(&sql).await);
    }
    all
}

#[tokio::test]
async fn without_a_point_the_middle_of_the_subdistrict_stands_for_it() {
    each(async |world| {
        let shown = command!(world, create, &world.person(), offer(bike())).unwrap().point().unwrap();
        let centre = geo::subdistrict("110105016").unwrap().centre();
        assert!(geo::haversine_m(centre, shown) < 700.0);
    })
    .await;
}

#[tokio::test]
async fn an_edit_moves_the_point_only_with_the_place() {
    each(async |world| {
        let seller = world.person();
        let draft = command!(world, create, &seller, at_home()).unwrap();
        let same = world.edit(&seller, draft.id, |it| it.title.push('！')).await.unwrap();
        assert_eq!(same.point(), draft.point());
        let elsewhere =
            world.edit(&seller, draft.id, |it| it.subdistrict = Some("110101001".to_owned())).await.unwrap();
        assert_eq!(elsewhere.district.as_deref(), Some("110101"));
        let centre = geo::subdistrict("110101001").unwrap().centre();
        assert!(geo::haversine_m(centre, elsewhere.point().unwrap()) < 700.0);
    })
    .await;
}
