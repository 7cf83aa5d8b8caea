//! Many edit one file at once.

use luhuan_certification::{
    AnswerChange, Edit, Error,
    model::{Answer, Points},
};
use luhuan_kernel::OrganisationRole;

use crate::support::{command, each, facts, member, refusal};

fn change(item: &str, note: &str, expected: Option<i64>) -> Edit {
    let answer = Answer { points: Some(Points(100)), note: note.into(), ..Answer::default() };
    Edit { answers: vec![AnswerChange { item: item.into(), answer, expected }], ..Edit::default() }
}

#[tokio::test]
async fn two_editors_of_different_items_do_not_meet_and_of_the_same_item_the_second_is_told() {
    each(async |world| {
        let id = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap();
        let clerk = member(world.mall, OrganisationRole::Clerk, &*world.clock);
        let saved = command!(world, edit, &world.owner, id, change("X103", "一", Some(0))).unwrap();
        assert_eq!(saved.items["X103"], 1);
        command!(world, edit, &clerk, id, change("X105", "二", Some(0))).unwrap();
        let stale = command!(world, edit, &clerk, id, change("X103", "三", Some(0))).unwrap_err();
        assert!(matches!(stale, Error::StaleItems(ref items) if items == &["X103"]));
        command!(world, edit, &clerk, id, change("X103", "三", Some(1))).unwrap();
        let progress = world.certification.progress(&clerk, id).await.unwrap();
        assert_eq!(
            (progress.earned, progress.available),
            (Points(0), Points(10_000)),
            "nothing is shown yet"
        );
        let view = world.certification.view(&clerk, id).await.unwrap();
        assert_eq!((view.answers["X103"].answer.note.as_str(), view.answers["X103"].version), ("三", 2));
    })
    .await;
}

#[tokio::test]
async fn fifty_editors_at_once_lose_nothing() {
    each(async |world| {
        let id = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap();
        let items: Vec<String> = world
            .rubric()
            .await
            .items()
            .filter(|item| !item.is_gate())
            .map(|item| item.code.clone())
            .collect();
        let mut tasks = Vec::new();
        for n in 0..50 {
            let (certification, owner, item) =
                (world.certification.clone(), world.owner.clone(), items[n % items.len()].clone());
            tasks.push(tokio::spawn(async move {
                let uow = certification.store().begin().await.unwrap();
                let answer = Answer { note: format!("第 {n} 人"), ..Answer::default() };
                let change = AnswerChange { item, answer, expected: None };
                let edit = Edit { answers: vec![change], ..Edit::default() };
                let saved = certification.edit(&uow, &owner, id, edit).await;
                if saved.is_ok() {
                    uow.commit().await.unwrap();
                }
                saved.map(|_| ())
            }));
        }
        let mut kept = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => kept += 1,
                // Two that answered an item first at the same moment: one was told.
                Err(Error::StaleItems(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        let versions: i64 = world
            .certification
            .view(&world.owner, id)
            .await
            .unwrap()
            .answers
            .values()
            .map(|a| a.version)
            .sum();
        assert_eq!(versions, kept);
        assert!(kept >= 26, "{kept}");
    })
    .await;
}

#[tokio::test]
async fn facts_have_the_version_of_the_application_and_faults_are_named_field_by_field() {
    each(async |world| {
        let id = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap();
        let put = |expected| Edit { facts: Some(facts()), expected, ..Edit::default() };
        command!(world, edit, &world.owner, id, put(Some(1))).unwrap();
        let stale = command!(world, edit, &world.owner, id, put(Some(1))).unwrap_err();
        assert_eq!(refusal(stale).0.as_u16(), 412);
        let mut wrong = facts();
        wrong.area_m2 = Some(-1.0);
        wrong.district = Some("999999".into());
        let answers = vec![AnswerChange {
            item: "X103".into(),
            answer: Answer { points: Some(Points(501)), ..Answer::default() },
            expected: None,
        }];
        let edit = Edit { facts: Some(wrong), expected: None, answers };
        let Error::Invalid(fields) = command!(world, edit, &world.owner, id, edit).unwrap_err() else {
            panic!("invalid")
        };
        let fields: Vec<_> = fields.iter().map(|one| (one.field.as_str(), one.message.key)).collect();
        assert_eq!(
            fields,
            [
                ("facts.district", "certification-unknown-district"),
                ("facts.area_m2", "certification-area"),
                ("answers.X103.points", "certification-points"),
            ]
        );
        let other = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap_err();
        assert_eq!(refusal(other).1, "certification-under-way");
    })
    .await;
}
