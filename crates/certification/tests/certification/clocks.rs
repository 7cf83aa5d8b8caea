//! Reminders, the list of what is late, and what lapses by itself.

use luhuan_certification::{FileObjection, NoteFinding, Severity, model::State};

use crate::support::{command, each, refusal, system};

#[tokio::test]
async fn a_step_is_reminded_of_before_it_is_late_and_listed_after() {
    each(async |world| {
        let id = world.submitted().await;
        assert_eq!(command!(world, tick, &system(), 100).unwrap(), luhuan_certification::Ticked::default());
        // Monday 2 March; five working days end on Monday the 9th, the reminder is due two days before.
        world.days(5);
        let ticked = command!(world, tick, &system(), 100).unwrap();
        assert_eq!((ticked.reminded, ticked.escalated), (0, 0));
        world.days(1);
        let ticked = command!(world, tick, &system(), 100).unwrap();
        assert_eq!((ticked.reminded, ticked.escalated), (1, 0));
        assert_eq!(command!(world, tick, &system(), 100).unwrap().reminded, 0, "once");
        world.days(2);
        assert_eq!(command!(world, tick, &system(), 100).unwrap().escalated, 1);
        let late = world.certification.escalations(&world.office[0]).await.unwrap();
        assert_eq!((late.len(), late[0].application, late[0].what.as_str()), (1, id, "submitted"));
        // Done late, it is off the list, and the next clock runs.
        command!(world, accept, &world.office[0], id, None).unwrap();
        assert!(world.certification.escalations(&world.office[0]).await.unwrap().is_empty());
        assert!(world.certification.escalations(&world.owner).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_rectification_that_is_not_done_in_time_ends_the_application_and_then_the_time_to_appeal_ends() {
    each(async |world| {
        let (id, panel) = world.on_site().await;
        world.see_all(id, &panel[1]).await;
        let finding =
            NoteFinding {
                id: None, item: "X602".into(), severity: Severity::Minor, words: "补标识".into()
            };
        command!(world, note_finding, &panel[1], id, finding).unwrap();
        command!(world, finish_audit, &panel[0], id, None).unwrap();
        world.days(31);
        assert_eq!(command!(world, tick, &system(), 100).unwrap().lapsed, 1);
        assert_eq!(world.state(id).await, State::Refused);
        world.days(20);
        let late = command!(world, appeal, &world.owner, id, None, "来晚了").unwrap_err();
        assert_eq!(refusal(late).1, "certification-not-yet");
        assert_eq!(command!(world, tick, &system(), 100).unwrap().lapsed, 1);
        assert_eq!(world.state(id).await, State::Closed);
    })
    .await;
}

#[tokio::test]
async fn an_objection_that_nobody_answers_is_listed() {
    each(async |world| {
        let (id, _) = world.noticed().await;
        let resident = world.person();
        let words = FileObjection {
            name: "李四".into(),
            contact: "13912345678".into(),
            words: "夜间外放音响".into(),
        };
        command!(world, object, &resident, id, words).unwrap();
        world.days(17);
        command!(world, tick, &system(), 100).unwrap();
        let late = world.certification.escalations(&world.office[0]).await.unwrap();
        assert!(late.iter().any(|one| one.what == "objection"));
        // The mall reads what is said, and not by whom.
        let view = world.certification.view(&world.owner, id).await.unwrap();
        assert_eq!((view.objections[0].words.as_str(), &view.objections[0].name), ("夜间外放音响", &None));
        let office = world.certification.view(&world.office[0], id).await.unwrap();
        assert_eq!(office.objections[0].contact.as_deref(), Some("139****5678"));
    })
    .await;
}
