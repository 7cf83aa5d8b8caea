//! A measurement, not a test: 50 editors at once on a file of 200 items. Run with `-- --ignored --nocapture latency`.

use std::time::{Duration, Instant};

use luhuan_certification::{
    AnswerChange, Edit, Error,
    model::{Answer, Points, Rubric, Rule},
};

use crate::support::{command, each};

/// The shipped rubric with judged items up to 200.
fn two_hundred() -> Rubric {
    let mut rubric = Rubric::shipped().remove(0);
    rubric.version = "200-items".into();
    let judged = rubric.items().find(|item| matches!(item.rule, Rule::Judgement)).unwrap().clone();
    for n in rubric.items().count()..200 {
        let mut item = judged.clone();
        item.code = format!("Z{n:03}");
        rubric.categories[0].points += item.points;
        rubric.categories[0].items.push(item);
    }
    rubric
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn fifty_editors_on_two_hundred_items() {
    each(async |world| {
        let rubric = two_hundred();
        command!(world, save_rubric, &world.office[0], &rubric.version, &rubric, None).unwrap();
        command!(world, publish_rubric, &world.office[0], "200-items").unwrap();
        let id = command!(world, create, &world.owner, world.mall, "200-items", None).unwrap();
        let items: Vec<String> =
            rubric.items().filter(|item| !item.is_gate()).map(|item| item.code.clone()).collect();
        let mut editors = Vec::new();
        for editor in 0..50 {
            let (certification, owner, items) =
                (world.certification.clone(), world.owner.clone(), items.clone());
            editors.push(tokio::spawn(async move {
                let (mut saves, mut pages) = (Vec::new(), Vec::new());
                for n in 0..10 {
                    let item = items[(editor * 10 + n) % items.len()].clone();
                    let answer = Answer {
                        points: Some(Points(50)),
                        note: format!("{editor} {n}"),
                        ..Answer::default()
                    };
                    let answers = vec![AnswerChange { item, answer, expected: None }];
                    let begun = Instant::now();
                    let uow = certification.store().begin().await.unwrap();
                    match certification.edit(&uow, &owner, id, Edit { answers, ..Edit::default() }).await {
                        Ok(_) => uow.commit().await.unwrap(),
                        Err(Error::StaleItems(_)) => {}
                        Err(other) => panic!("{other}"),
                    }
                    saves.push(begun.elapsed());
                    let begun = Instant::now();
                    certification.view(&owner, id).await.unwrap();
                    pages.push(begun.elapsed());
                }
                (saves, pages)
            }));
        }
        let (mut saves, mut pages) = (Vec::new(), Vec::new());
        for editor in editors {
            let (some, more) = editor.await.unwrap();
            saves.extend(some);
            pages.extend(more);
        }
        let at = |mut all: Vec<Duration>| {
            all.sort();
            let place = |share: usize| all[(all.len() - 1) * share / 100];
            (place(50), place(95), place(100))
        };
        println!("{:?}: save {:?}, page {:?}", world.store().backend(), at(saves), at(pages));
    })
    .await;
}
