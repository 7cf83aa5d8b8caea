//! What happens to the embedded engine's folder happens to derived data only: it is noticed, never fatal.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use std::{fs, path::Path};

use luhuan_kernel::{Id, Position, Timestamp};
use luhuan_search::{Change, Document, Query, Reason, SearchError, SearchIndex, State, TantivyIndex};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

fn lamp(number: u128) -> Document {
    Document {
        id: Id::from_uuid(Uuid::from_u128(number)),
        version: 1,
        title: format!("台灯 {number}"),
        description: String::new(),
        brand: String::new(),
        model: String::new(),
        category: Vec::new(),
        keywords: Vec::new(),
        condition: "90".to_owned(),
        district: "110105".to_owned(),
        subdistrict: String::new(),
        place_names: Vec::new(),
        deliveries: Vec::new(),
        price: 1,
        original_price: None,
        negotiable: false,
        published_at: NOW,
        point: None,
        attributes: Vec::new(),
        seller: Id::from_uuid(Uuid::nil()),
        seller_kind: "private".to_owned(),
        photo: None,
    }
}

async fn filled(folder: &Path) -> TantivyIndex {
    let index = TantivyIndex::open(folder).unwrap();
    let mut rebuild = index.rebuild().await.unwrap();
    rebuild.add((0..50).map(lamp).collect()).await.unwrap();
    rebuild.finish(at(7)).await.unwrap();
    index
}

async fn reason(folder: &Path) -> Reason {
    let index = TantivyIndex::open(folder).unwrap();
    let State::NeedsRebuild(reason) = index.health().await.state else { panic!("it serves") };
    assert!(matches!(index.search(&Query::of("台灯", NOW)).await, Err(SearchError::NeedsRebuild(_))));
    assert!(matches!(index.apply(Vec::new(), at(1)).await, Err(SearchError::NeedsRebuild(_))));
    assert_eq!(index.cursor().await.unwrap(), None);
    // And a rebuild heals it.
    let mut rebuild = index.rebuild().await.unwrap();
    rebuild.add(vec![lamp(1)]).await.unwrap();
    rebuild.finish(at(9)).await.unwrap();
    assert_eq!(index.search(&Query::of("台灯", NOW)).await.unwrap().total, 1);
    reason
}

fn generation(folder: &Path) -> std::path::PathBuf {
    folder.join(fs::read_to_string(folder.join("current")).unwrap())
}

#[tokio::test]
async fn an_index_survives_a_restart_with_its_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(folder.path()).await;
    index.apply(vec![Change::Put(Box::new(lamp(99)))], at(8)).await.unwrap();
    drop(index);
    let index = TantivyIndex::open(folder.path()).unwrap();
    assert_eq!(index.cursor().await.unwrap(), Some(at(8)));
    assert_eq!(index.search(&Query::of("台灯", NOW)).await.unwrap().total, 51);
}

#[tokio::test]
async fn an_absent_index_asks_for_a_rebuild() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(reason(folder.path()).await, Reason::Absent);
}

#[tokio::test]
async fn a_flipped_byte_is_noticed_at_start() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()).await);
    let files = fs::read_dir(generation(folder.path())).unwrap().map(|entry| entry.unwrap().path());
    let segments = files.filter(|path| path.extension().is_none_or(|it| it != "json"));
    let largest = segments.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let mut bytes = fs::read(&largest).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0x40;
    fs::write(&largest, bytes).unwrap();
    assert!(matches!(reason(folder.path()).await, Reason::Damaged(_)));
}

#[tokio::test]
async fn a_lost_file_and_a_cut_one_are_noticed_at_start() {
    for cut in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        drop(filled(folder.path()).await);
        for entry in fs::read_dir(generation(folder.path())).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|it| it == "term") {
                if cut { fs::write(&path, b"x").unwrap() } else { fs::remove_file(&path).unwrap() }
            }
        }
        assert!(matches!(reason(folder.path()).await, Reason::Damaged(_)));
    }
}

#[tokio::test]
async fn nonsense_in_place_of_the_index_is_noticed_at_start() {
    for file in ["meta.json", "../current"] {
        let folder = tempfile::tempdir().unwrap();
        drop(filled(folder.path()).await);
        fs::write(generation(folder.path()).join(file), b"nonsense").unwrap();
        assert!(matches!(reason(folder.path()).await, Reason::Damaged(_)));
    }
}

#[tokio::test]
async fn an_index_of_another_version_asks_for_a_rebuild() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()).await);
    let meta = generation(folder.path()).join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    // The commit's payload carries the version's fingerprint.
    let other = text.replacen("fingerprint\\\":", "fingerprint\\\":1", 1);
    assert_ne!(text, other);
    fs::write(&meta, other).unwrap();
    assert!(matches!(reason(folder.path()).await, Reason::OtherVersion | Reason::Damaged(_)));
}

#[tokio::test]
async fn a_rebuild_cut_short_leaves_the_old_one_and_no_rubbish() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(folder.path()).await;
    drop(index);
    // As a kill in the midst of a rebuild leaves it.
    fs::create_dir(folder.path().join("generation-9")).unwrap();
    fs::write(folder.path().join("generation-9/meta.json"), b"{}").unwrap();
    let index = TantivyIndex::open(folder.path()).unwrap();
    assert_eq!(index.search(&Query::of("台灯", NOW)).await.unwrap().total, 50);
    let generations =
        fs::read_dir(folder.path()).unwrap().filter(|it| it.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(generations, 1);
}

const fn at(sequence: i64) -> Position {
    Position { transaction: 0, sequence }
}
