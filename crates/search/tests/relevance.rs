//! The ranking as a whole, held to a floor: a change for the worse shows here.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use luhuan_kernel::{Position, Timestamp};
use luhuan_search::{
    MeiliIndex, SearchIndex, TantivyIndex,
    relevance::{self, Score, mean},
};

/// Below this the ranking has become worse; it stands at the number printed, which may grow.
const FLOOR: f64 = 0.88;

/// The same for Meilisearch, which cannot weigh and does not see where words are at home.
const MEILI_FLOOR: f64 = 0.82;

const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

fn file(name: &str) -> String {
    std::fs::read_to_string(format!("{}/relevance/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn by_kind(scores: &[Score]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Score>> = BTreeMap::new();
    scores.iter().for_each(|score| kinds.entry(&score.kind).or_default().push(score));
    let mut text = String::new();
    for (kind, scores) in kinds {
        writeln!(text, "{kind:<16} {:.3} ({})", mean(scores.iter().copied()), scores.len()).unwrap();
    }
    text
}

/// What an engine reaches, printed whole, the worst queries last.
async fn reached(index: &dyn SearchIndex) -> f64 {
    let judged = relevance::judgements(&file("judgements.jsonl")).unwrap();
    let corpus = relevance::corpus(&file("corpus.jsonl"), NOW).unwrap();
    let keys: HashMap<_, _> = corpus.iter().map(|(key, it)| (it.id.uuid(), key.clone())).collect();
    let mut rebuild = index.rebuild().await.unwrap();
    rebuild.add(corpus.into_iter().map(|(_, document)| document).collect()).await.unwrap();
    rebuild.finish(Position::default()).await.unwrap();

    let scores =
        relevance::measure(index, &judged, NOW, |hit| keys[&hit.card.id.uuid()].clone()).await.unwrap();
    let all = mean(&scores);
    let mut worst: Vec<&Score> = scores.iter().collect();
    worst.sort_by(|a, b| b.ndcg.total_cmp(&a.ndcg));
    println!("{}: nDCG@10 {all:.4} over {} queries\n{}", index.name(), scores.len(), by_kind(&scores));
    worst
        .iter()
        .rev()
        .take(40)
        .rev()
        .for_each(|it| println!("{:.2} {} ({}): {:?}", it.ndcg, it.text, it.kind, it.answer));
    all
}

#[tokio::test]
async fn the_embedded_engine_keeps_its_floor() {
    let folder = tempfile::tempdir().unwrap();
    let reached = reached(&TantivyIndex::open(folder.path()).unwrap()).await;
    assert!(reached >= FLOOR, "nDCG@10 is {reached:.4}");
}

#[tokio::test]
async fn meilisearch_keeps_its_floor() {
    let Ok(url) = std::env::var("MEILI_URL") else {
        println!("MEILI_URL names no server: Meilisearch is not measured");
        return;
    };
    let index = MeiliIndex::new(&url, std::env::var("MEILI_KEY").ok().as_deref(), "relevance").unwrap();
    let reached = reached(&index).await;
    index.drop_all().await.unwrap();
    assert!(reached >= MEILI_FLOOR, "nDCG@10 is {reached:.4}");
}
