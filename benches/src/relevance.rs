//! How good the answers are: nDCG@10 over the judged queries (`crates/search/relevance/README.md`).

use std::{collections::HashMap, io};

use luhuan_kernel::{Position, Timestamp};
use luhuan_search::{
    MeiliIndex, SearchIndex, TantivyIndex,
    relevance::{corpus, judgements, mean, measure},
};

const CORPUS: &str = include_str!("../../crates/search/relevance/corpus.jsonl");
const JUDGEMENTS: &str = include_str!("../../crates/search/relevance/judgements.jsonl");

/// The instant at which everything is searched: freshness must not change the number from day to day.
const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// Measures the embedded index, and Meilisearch where `MEILI_URL` names a server; prints a line for each.
pub fn run() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        print(&TantivyIndex::open(folder.path()).map_err(io::Error::other)?).await?;
        let Ok(url) = std::env::var("MEILI_URL") else {
            println!("meilisearch  not measured: MEILI_URL names no server");
            return Ok(());
        };
        let key = std::env::var("MEILI_KEY").ok();
        print(&MeiliIndex::new(&url, key.as_deref(), "luhuan-bench").map_err(io::Error::other)?).await
    })
}

async fn print(index: &dyn SearchIndex) -> io::Result<()> {
    let judged = judgements(JUDGEMENTS).map_err(io::Error::other)?;
    let goods = corpus(CORPUS, NOW).map_err(io::Error::other)?;
    let keys: HashMap<_, _> = goods.iter().map(|(key, document)| (document.id.uuid(), key.clone())).collect();
    let mut fresh = index.rebuild().await.map_err(io::Error::other)?;
    fresh.add(goods.into_iter().map(|(_, document)| document).collect()).await.map_err(io::Error::other)?;
    fresh.finish(Position::default()).await.map_err(io::Error::other)?;
    let key = |hit: &luhuan_search::Hit| keys.get(&hit.card.id.uuid()).cloned().unwrap_or_default();
    let scores = measure(index, &judged, NOW, key).await.map_err(io::Error::other)?;
    println!("{:<12} nDCG@10 {:.4} over {} queries", index.name(), mean(&scores), scores.len());
    let mut kinds: Vec<&str> = scores.iter().map(|score| score.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let of_kind: Vec<_> = scores.iter().filter(|score| score.kind == kind).collect();
        println!("  {kind:<16} {:.3} ({})", mean(of_kind.iter().copied()), of_kind.len());
    }
    Ok(())
}
