//! A command repeated is a command done once.

use http::StatusCode;
use luhuan_kernel::Actor;
use luhuan_store::{
    Store,
    idempotency::{self, Answer, Once},
};

use crate::{Happened, on_each};

fn answer(text: &str) -> Answer {
    Answer { status: StatusCode::CREATED, version: 1, body: text.as_bytes().to_vec() }
}

/// Does a command under a key; the answer given, and whether this call did it.
async fn done(store: &Store, key: &str, request: &[u8], text: &str) -> (Answer, bool) {
    let actor = Actor::system("test");
    match idempotency::begin(store, &actor, Some(key), &[request]).await.unwrap() {
        Once::Again(answer) => (answer, false),
        Once::First(attempt) => {
            attempt.uow.emit(&Happened(text.into())).await.unwrap();
            let answer = answer(text);
            attempt.commit(&answer).await.unwrap();
            (answer, true)
        }
    }
}

#[tokio::test]
async fn a_repetition_gets_the_first_answer() {
    on_each(async |database, _| {
        let first = done(&database.store, "k", b"body", "one").await;
        let again = done(&database.store, "k", b"body", "two").await;
        assert_eq!(first, (answer("one"), true));
        assert_eq!(again, (answer("one"), false));
    })
    .await;
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    on_each(async |database, _| {
        done(&database.store, "k", b"body", "one").await;
        let actor = Actor::system("test");
        let refused = idempotency::begin(&database.store, &actor, Some("k"), &[b"other"]).await;
        let problem = refused.err().expect("a refusal");
        assert_eq!(problem.slug(), "idempotency-key-reused");
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_failed_may_be_tried_again() {
    on_each(async |database, _| {
        let actor = Actor::system("test");
        let attempt = idempotency::begin(&database.store, &actor, Some("k"), &[b"body"]).await.unwrap();
        drop(attempt);
        assert!(done(&database.store, "k", b"body", "one").await.1);
    })
    .await;
}

#[tokio::test]
async fn two_at_once_do_it_once() {
    on_each(async |database, _| {
        let tries = (0..8).map(|_| {
            let store = database.store.clone();
            tokio::spawn(async move { done(&store, "k", b"body", "one").await })
        });
        let mut firsts = 0;
        for task in tries.collect::<Vec<_>>() {
            let (answer_given, first) = task.await.unwrap();
            assert_eq!(answer_given, answer("one"));
            firsts += usize::from(first);
        }
        assert_eq!(firsts, 1);
    })
    .await;
}

#[tokio::test]
async fn keys_are_each_actors_own_and_are_forgotten_in_time() {
    on_each(async |database, clock| {
        done(&database.store, "k", b"body", "one").await;
        let other = Actor::system("other");
        let theirs = idempotency::begin(&database.store, &other, Some("k"), &[b"other"]).await.unwrap();
        assert!(matches!(theirs, Once::First(_)));
        drop(theirs);
        clock.advance_seconds((idempotency::KEEP_HOURS + 1) * 3600);
        let uow = database.store.begin().await.unwrap();
        assert_eq!(idempotency::prune(&uow).await.unwrap(), 1);
        uow.commit().await.unwrap();
        assert!(done(&database.store, "k", b"new", "two").await.1);
    })
    .await;
}
