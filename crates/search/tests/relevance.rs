//! The ranking as a whole, held to a floor: a change for the worse shows here.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use std::{collections::BTreeMap, fmt::Write};

use luhuan_kernel::{Position, Timestamp};
use luhuan_search::{
    SearchIndex, TantivyIndex,
    relevance::{self, Score, mean},
};

/// Below this the ranking has become worse; it stands at the number printed, which may grow.
const FLOOR: f64 = 0.88;

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

#[tokio::test]
async fn the_ranking_keeps_its_floor() {
    let judged = relevance::judgements(&file("judgements.jsonl")).unwrap();
    let corpus = relevance::corpus(&file("corpus.jsonl"), NOW).unwrap();
    let keys: std::collections::HashMap<_, _> =
        corpus.iter().map(|(key, it)| (it.id.uuid(), key.clone())).collect();

    let folder = tempfile::tempdir().unwrap();
    let index = TantivyIndex::open(folder.path()).unwrap();
    let mut rebuild = index.rebuild().await.unwrap();
    rebuild.add(corpus.into_iter().map(|(_, document)| document).collect()).await.unwrap();
    rebuild.finish(Position::default()).await.unwrap();

    let scores =
        relevance::measure(&index, &judged, NOW, |hit| keys[&hit.card.id.uuid()].clone()).await.unwrap();
    let all = mean(&scores);
    let mut worst: Vec<&Score> = scores.iter().collect();
    worst.sort_by(|a, b| a.ndcg.total_cmp(&b.ndcg));
    println!("nDCG@10 {all:.4} over {} queries\n{}", scores.len(), by_kind(&scores));
    worst
        .iter()
        .take(60)
        .for_each(|it| println!("{:.2} {} ({}): {:?}", it.ndcg, it.text, it.kind, it.answer));
    assert!(all >= FLOOR, "nDCG@10 is {all:.4}");
}
