//! Whatever is typed, there is an answer.

use luhuan_search::{FacetName, Query};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::support::{World, ask, conformance, offer};

/// Pieces that searches are made of, and what breaks those who write parsers.
const PIECES: [&str; 30] = [
    "手机", "壳", "iphone", "14", "sj", "shouji", " ", "　", "\"", "'", "\\", "(", ")", "AND", "OR", "-",
    "+", "*", "~", ":", "/", "%", "\u{0}", "\u{1f}", "\u{1e}", "|", "😀", "é", "ＡＢ", "的",
];

conformance! {
    async fn any_text_is_answered(world: World) {
        world.holds([offer("小米手机 14").branded("小米", "14"), offer("iPhone14手机壳"), offer("\"引号\" | 与竖线 \\")]).await;
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for _ in 0..60 {
            let count = rng.random_range(0..8);
            let text: String = (0..count).filter_map(|_| PIECES.choose(&mut rng)).copied().collect();
            let query = Query { facets: FacetName::common(), ..ask(&text) };
            let results = world.search(&query).await;
            assert!(results.hits.len() as u64 <= results.total, "{text:?}");
            let shown = results.hits.iter().map(|hit| hit.title.iter().map(|it| it.text.as_str()).collect::<String>());
            assert!(shown.zip(&results.hits).all(|(shown, hit)| shown == hit.card.title), "{text:?}");
            world.suggestions(&text).await;
        }
    }
}

conformance! {
    async fn a_very_long_text_is_answered(world: World) {
        world.holds_titles(&["小米手机 14"]).await;
        for text in ["手机".repeat(5_000), "a".repeat(5_000), "手 ".repeat(500), "sj ".repeat(500)] {
            world.search(&ask(&text)).await;
            world.suggestions(&text).await;
        }
    }
}
