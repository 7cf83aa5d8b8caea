//! How good a search is, said in a number: nDCG@10 over judged queries.
//!
//! The set (`relevance/`) is judged by what a listing is, not by the words that it uses, and knows no engine. The number is
//! the same sum for every engine, so that two can be compared and a change for the worse shows.

use std::collections::HashMap;

use luhuan_kernel::{Limit, Timestamp};
use serde::Deserialize;

use crate::{Query, SearchError, SearchIndex};

mod corpus;

pub use corpus::{corpus, id};

/// Hits of an answer that are looked at.
pub const DEPTH: usize = 10;

/// A query and how well each listing answers it.
#[derive(Clone, Debug, Deserialize)]
pub struct Judged {
    /// What is typed.
    #[serde(rename = "q")]
    pub text: String,
    /// What makes it hard, to tell where an engine is weak.
    pub kind: String,
    /// By the listing's key in the set: 3 what was meant, 2 close to it, 1 related. What is not named is 0.
    pub grades: HashMap<String, u8>,
}

/// A line of the set that is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("line {line} of the relevance set: {error}")]
pub struct SetError {
    line: usize,
    error: serde_json::Error,
}

/// Reads judgements, a JSON object a line.
///
/// # Errors
/// When a line is not one.
pub fn judgements(text: &str) -> Result<Vec<Judged>, SetError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| serde_json::from_str(line).map_err(|error| SetError { line: at + 1, error }))
        .collect()
}

/// The discounted gain of grades in the order shown: gain `2^grade - 1`, discount `1 / log2(rank + 1)`, ranks from 1.
#[must_use]
pub fn dcg(grades: impl IntoIterator<Item = u8>) -> f64 {
    let gains = grades.into_iter().take(DEPTH).zip(2_u32..);
    gains
        .map(|(grade, discount)| (f64::from(1_u32 << grade.min(31)) - 1.0) / f64::from(discount).log2())
        .sum()
}

impl Judged {
    /// The gain of an answer, as a share of the best possible. 1 when there is nothing to gain.
    #[must_use]
    pub fn ndcg<'a>(&self, answer: impl IntoIterator<Item = &'a str>) -> f64 {
        let mut best: Vec<u8> = self.grades.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let possible = dcg(best);
        if possible == 0.0 {
            return 1.0;
        }
        dcg(answer.into_iter().map(|key| self.grades.get(key).copied().unwrap_or(0))) / possible
    }
}

/// What an engine reaches on one query.
#[derive(Clone, Debug)]
pub struct Score {
    /// The query.
    pub text: String,
    /// Its kind.
    pub kind: String,
    /// nDCG@10.
    pub ndcg: f64,
    /// Keys of the hits shown.
    pub answer: Vec<String>,
}

/// What an engine reaches on a set. `key` names a hit as the judgements do.
///
/// # Errors
/// When the engine does not answer.
pub async fn measure(
    index: &dyn SearchIndex,
    judged: &[Judged],
    now: Timestamp,
    key: impl Fn(&crate::Hit) -> String,
) -> Result<Vec<Score>, SearchError> {
    let mut scores = Vec::with_capacity(judged.len());
    for judged in judged {
        let limit = Limit::of(u32::try_from(DEPTH).ok());
        let results = index.search(&Query { limit, ..Query::of(&judged.text, now) }).await?;
        let answer: Vec<String> = results.hits.iter().map(&key).collect();
        let ndcg = judged.ndcg(answer.iter().map(String::as_str));
        scores.push(Score { text: judged.text.clone(), kind: judged.kind.clone(), ndcg, answer });
    }
    Ok(scores)
}

/// The mean over all queries.
#[must_use]
pub fn mean<'a>(scores: impl IntoIterator<Item = &'a Score>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for score in scores {
        sum += score.ndcg;
        count += 1.0;
    }
    if count == 0.0 { 0.0 } else { sum / count }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged() -> Judged {
        judgements(r#"{"q":"手机","kind":"single","grades":{"a":3,"b":2,"c":1}}"#).unwrap().remove(0)
    }

    #[test]
    fn the_best_order_is_one_and_no_answer_is_nothing() {
        assert!((judged().ndcg(["a", "b", "c"]) - 1.0).abs() < 1e-9);
        assert!(judged().ndcg([]).abs() < 1e-9);
        assert!(judged().ndcg(["x", "y"]).abs() < 1e-9);
    }

    #[test]
    fn a_worse_order_is_less() {
        let (good, bad) = (judged().ndcg(["a", "b", "x"]), judged().ndcg(["b", "x", "a"]));
        assert!(good > bad && bad > 0.0);
        // By hand: (3/log2 2 + 0 + 7/log2 4) / (7/log2 2 + 3/log2 3 + 1/log2 4).
        let expected = (3.0 + 7.0 / 2.0) / (7.0 + 3.0 / 3.0_f64.log2() + 0.5);
        assert!((bad - expected).abs() < 1e-9);
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = judgements("{\"q\":\"a\",\"kind\":\"k\",\"grades\":{}}\nnonsense").unwrap_err();
        assert!(error.to_string().starts_with("line 2"));
    }
}
