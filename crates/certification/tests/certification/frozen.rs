//! What was handed in does not change: not by its mall, not by anybody.

use luhuan_certification::{
    AddRetrofit, AnswerChange, Edit, Error,
    energy::Carrier,
    model::{Answer, EvidenceKind, State, calendar::Month},
};

use bytes::Bytes;

use crate::support::{command, each, evidence, facts, refusal, system};

fn answer(item: &str) -> Edit {
    let answer = Answer { note: "改一改".into(), ..Answer::default() };
    Edit { answers: vec![AnswerChange { item: item.into(), answer, expected: None }], ..Edit::default() }
}

#[tokio::test]
async fn a_frozen_submission_does_not_change_whatever_its_mall_does() {
    each(async |world| {
        let id = world.submitted().await;
        let before = world.column("SELECT body AS it FROM cert_submission").await;
        let view = world.certification.view(&world.owner, id).await.unwrap();
        let (_, hash) = view.submission.clone().unwrap();

        let frozen = |error: Error| assert_eq!(refusal(error).1, "certification-frozen");
        frozen(command!(world, edit, &world.owner, id, answer("X103")).unwrap_err());
        let edit = Edit { facts: Some(facts()), ..Edit::default() };
        frozen(command!(world, edit, &world.owner, id, edit).unwrap_err());
        let file = world.certification.keep_file("a.pdf", Bytes::from_static(b"%PDF-1.7")).await.unwrap();
        frozen(
            command!(world, add_evidence, &world.owner, id, evidence("X103", EvidenceKind::Document), file)
                .unwrap_err(),
        );
        let which = view.evidence[0].id;
        frozen(command!(world, remove_evidence, &world.owner, id, which).unwrap_err());
        let again = command!(world, submit, &world.owner, id, None).unwrap_err();
        assert_eq!(refusal(again).1, "certification-state");

        // The mall's own months and retrofits go on; what was handed in does not go with them.
        command!(world, import_months, &world.owner, world.mall, b"month,electricity\n2025-12,1\n").unwrap();
        let retrofit = AddRetrofit {
            name: "更换冷机".into(),
            carrier: Carrier::Electricity,
            completed: Month::parse("2026-02").unwrap(),
            cost_fen: 100,
            note: String::new(),
        };
        command!(world, add_retrofit, &world.owner, world.mall, retrofit).unwrap();
        world.collected(9_000_000, "other").await;
        assert_eq!(world.column("SELECT body AS it FROM cert_submission").await, before);
        let after = world.certification.view(&world.owner, id).await.unwrap();
        assert_eq!(after.submission.unwrap().1, hash);
        assert_eq!((after.self_score, after.measures), (view.self_score, view.measures));
    })
    .await;
}

#[tokio::test]
async fn a_submission_that_was_tampered_with_is_not_read() {
    each(async |world| {
        let id = world.submitted().await;
        use sea_orm::ConnectionTrait;
        let tamper = "UPDATE cert_submission SET body = replace(body, '绿环广场', '黑环广场')";
        world.store().writer().execute_unprepared(tamper).await.unwrap();
        assert!(matches!(world.certification.view(&system(), id).await, Err(Error::Store(_))));
    })
    .await;
}

#[tokio::test]
async fn no_answer_slips_in_while_the_file_is_handed_in() {
    each(async |world| {
        let id = world.complete().await;
        let mut tasks = Vec::new();
        for n in 0..8 {
            let (certification, owner) = (world.certification.clone(), world.owner.clone());
            tasks.push(tokio::spawn(async move {
                let uow = certification.store().begin().await.unwrap();
                let outcome = if n == 4 {
                    certification.submit(&uow, &owner, id, None).await.map(|_| ())
                } else {
                    certification.edit(&uow, &owner, id, note(n)).await.map(|_| ())
                };
                if outcome.is_ok() {
                    uow.commit().await.unwrap();
                }
                outcome.is_ok()
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(world.state(id).await, State::Submitted);
        // Every answer that was kept is in what was handed in.
        let rows = world.column("SELECT body AS it FROM cert_answer WHERE item = 'X103'").await;
        let frozen = world.certification.view(&system(), id).await.unwrap();
        let kept: Answer = serde_json::from_str(&rows[0]).unwrap();
        assert_eq!(frozen.answers["X103"].answer, kept);
    })
    .await;
}

fn note(n: usize) -> Edit {
    let answer = Answer {
        points: Some(luhuan_certification::model::Points(500)),
        note: format!("第 {n} 次"),
        ..Answer::default()
    };
    Edit { answers: vec![AnswerChange { item: "X103".into(), answer, expected: None }], ..Edit::default() }
}
