//! `luhuan import listings` and `luhuan export`.

use std::path::PathBuf;
use std::process::Output;

use luhuan_tests::{Store, World, environment};
use serde_json::Value;
use tempfile::TempDir;

/// A file with this text.
fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn import(world: &World, path: &std::path::Path, seller: &str) -> (Output, String, String) {
    let output =
        world.launch().output(&["import", "listings", path.to_str().unwrap(), "--seller", seller], "");
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    (output, said, complained)
}

const HEADER: &str =
    "external_id,title,category,condition,origin,price,delivery,subdistrict,returns,description\n";

fn csv() -> String {
    let row = |id: &str, title: &str, category: &str, price: &str| {
        format!(
            "{id},{title},{category},99,mall-new,{price},pickup|express,110101001,none,\"两行\n的描述\"\n"
        )
    };
    [
        HEADER.to_owned(),
        row("a-1", "胡桃木书架", "furniture-bookshelf", "120.50"),
        row("a-2", "价格写错的", "furniture-bookshelf", "便宜"),
        row("a-3", "没有这种类目", "furniture-spaceship", "80"),
        row("a-4", "樱桃木书架", "furniture-bookshelf", "80"),
        "a-5,列数不对\n".to_owned(),
    ]
    .concat()
}

#[tokio::test]
async fn good_rows_of_a_csv_are_kept_and_bad_ones_named_by_line() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let seller = world.resident().await;
        let folder = environment::folder("import-");
        let path = file(&folder, "goods.csv", &csv());
        let (output, said, complained) = import(&world, &path, &seller.login);
        assert!(!output.status.success(), "bad rows make the exit code");
        assert_eq!(said.trim(), "2 created, 0 updated, 0 unchanged, 3 bad", "{store:?}");
        let line = |start: &str| {
            complained
                .lines()
                .find(|line| line.starts_with(start))
                .unwrap_or_else(|| panic!("no {start} in\n{complained}"))
        };
        assert!(line("line 4:").contains("price: '便宜'"));
        assert!(line("line 6:").contains("category"));
        assert!(line("line 10:").contains("columns"));
        let mine = seller.get("/api/v1/me/listings").await.expect(200).json();
        assert_eq!(
            mine["counts"]["published"].as_i64().unwrap() + mine["counts"]["draft"].as_i64().unwrap(),
            2
        );
        world.search_until("樱桃木", crate::search::FINDABLE, |found| found["total"] == 1).await;
    }
}

#[tokio::test]
async fn an_import_repeated_doubles_nothing_and_a_changed_row_changes_its_listing() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let seller = world.resident().await;
        let folder = environment::folder("import-");
        let path = file(&folder, "goods.csv", &csv());
        let _ = import(&world, &path, &seller.login);
        let (_, said, _) = import(&world, &path, &seller.login);
        assert_eq!(said.trim(), "0 created, 0 updated, 2 unchanged, 3 bad", "{store:?}");
        let path = file(&folder, "goods.csv", &csv().replace("120.50", "99"));
        let (_, said, _) = import(&world, &path, &seller.login);
        assert_eq!(said.trim(), "0 created, 1 updated, 1 unchanged, 3 bad", "{store:?}");
        world
            .search_until("胡桃木", crate::search::FINDABLE, |found| {
                found["items"][0]["price_fen"] == 9_900
            })
            .await;
    }
}

#[tokio::test]
async fn json_lines_name_their_sellers() {
    let world = World::start().await;
    let (one, other) = (world.resident().await, world.resident().await);
    let folder = environment::folder("import-");
    let row = |id: &str, seller: &str| {
        let mut row = world.listing().title(&format!("书架{id}")).body();
        row["external_id"] = id.into();
        row["seller"] = seller.into();
        row.to_string()
    };
    let text = [
        row("1", &one.login),
        row("2", &other.login),
        row("3", "19900000009"),
        "{\"title\": ".to_owned(),
        String::new(),
        "[]".to_owned(),
        "{\"titel\": \"x\"}".to_owned(),
    ]
    .join("\n");
    let path = file(&folder, "goods.jsonl", &text);
    let report = folder.path().join("bad.csv");
    let arguments = ["import", "listings", path.to_str().unwrap(), "--report", report.to_str().unwrap()];
    let output = world.launch().output(&arguments, "");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        said.trim(),
        "2 created, 0 updated, 0 unchanged, 4 bad",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report = std::fs::read_to_string(report).unwrap();
    let lines: Vec<&str> = report.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(lines, ["line", "3", "4", "6", "7"], "{report}");
    assert!(report.contains("19900000009") && report.contains("titel"), "{report}");
    for seller in [&one, &other] {
        assert_eq!(seller.get("/api/v1/me/listings").await.json()["items"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_file_of_another_kind_or_none_is_refused() {
    let world = World::start().await;
    let folder = environment::folder("import-");
    for (name, text) in [("goods.xlsx", "PK"), ("goods.csv", "\u{0}\u{1}\n\"")] {
        let (output, said, complained) = import(&world, &file(&folder, name, text), "19900000009");
        assert!(
            !output.status.success() || said.starts_with("0 created, 0 updated, 0 unchanged"),
            "{name}: {said}{complained}"
        );
        assert!(!complained.contains("panicked"), "{complained}");
    }
    let (output, _, complained) = import(&world, &folder.path().join("nothing.csv"), "19900000009");
    assert!(!output.status.success() && !complained.is_empty());
}

#[tokio::test]
async fn an_export_holds_every_listing_as_the_api_shows_it() {
    let world = World::start().await;
    let listing = world.listing().photo().published().await;
    let draft = world.listing().by(&listing.seller).draft().await;
    let lines: Vec<Value> =
        world.cli(&["export"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], listing.read().await["id"]);
    assert_eq!(lines[0]["photos"], listing.read().await["photos"]);
    assert_eq!(lines[1]["id"], draft.read().await["id"]);
    let folder = environment::folder("export-");
    let path = folder.path().join("all.jsonl");
    world.cli(&["export", path.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 2);
}
