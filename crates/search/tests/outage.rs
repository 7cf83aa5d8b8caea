//! A search server that is away is said to be away, soon, and nothing falls.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

use std::net::TcpListener;

use luhuan_kernel::{Position, Timestamp};
use luhuan_search::{MeiliIndex, Query, SearchError, SearchIndex, State};

/// An address where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_to_every_question() {
    let index = MeiliIndex::new(&nobody(), Some("key"), "listings").unwrap();
    let query = Query::of("台灯", Timestamp::from_micros(0));
    assert!(matches!(index.search(&query).await, Err(SearchError::Unavailable(_))));
    assert!(matches!(index.suggest("台", 5).await, Err(SearchError::Unavailable(_))));
    assert!(matches!(index.cursor().await, Err(SearchError::Unavailable(_))));
    assert!(matches!(index.apply(Vec::new(), Position::default()).await, Err(SearchError::Unavailable(_))));
    assert!(matches!(index.rebuild().await.err(), Some(SearchError::Unavailable(_))));
    assert!(matches!(index.health().await.state, State::Unavailable(_)));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    // It takes connections and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let index = MeiliIndex::new(&url, None, "listings").unwrap();
    assert!(matches!(index.cursor().await, Err(SearchError::Unavailable(_))));
}

#[test]
fn a_key_that_cannot_be_sent_is_refused() {
    assert!(MeiliIndex::new("http://127.0.0.1:7700", Some("two\nlines"), "listings").is_err());
}
