//! Nobody judges a mall of their own.

use luhuan_certification::{Error, Vote, model::State};
use luhuan_kernel::{Actor, Membership, OrganisationKind, OrganisationRole};

use crate::support::{World, best_answers, command, each, refusal};

/// The same person, who meanwhile works for the mall.
fn of_the_mall(world: &World<'_>, actor: &Actor) -> Actor {
    let membership =
        Membership { organisation: world.mall, kind: OrganisationKind::Mall, role: OrganisationRole::Clerk };
    Actor { memberships: vec![membership], ..actor.clone() }
}

#[tokio::test]
async fn no_assessor_scores_a_mall_of_their_own() {
    each(async |world| {
        let (id, panel) = world.on_site().await;
        world.see_all(id, &panel[1]).await;
        command!(world, finish_audit, &panel[0], id, None).unwrap();
        let insider = of_the_mall(world, &panel[1]);
        let answers = best_answers(&*world.rubric().await);
        for outcome in [
            command!(world, score, &insider, id, &answers).err(),
            command!(world, seal, &insider, id).err(),
            command!(world, agree, &of_the_mall(world, &panel[0]), id, None).err(),
        ] {
            assert_eq!(refusal(outcome.unwrap()).1, "certification-conflict");
        }
        // Nor one of the office.
        let official = of_the_mall(world, &world.office[0]);
        let outcome = command!(world, vote, &official, id, Vote::For, "").unwrap_err();
        assert_eq!(refusal(outcome).1, "certification-conflict");
    })
    .await;
}

#[tokio::test]
async fn who_has_a_tie_is_not_drawn_and_who_declares_one_is_replaced() {
    each(async |world| {
        let mut pool = Vec::new();
        for _ in 0..4 {
            pool.push(world.assessor().await);
        }
        let (tied, old) = (pool[0].person_id().unwrap(), pool[1].person_id().unwrap());
        command!(world, note_tie, &world.office[0], tied, world.mall, "曾任顾问", Some("2024-01-01"))
            .unwrap();
        command!(world, note_tie, &world.office[0], old, world.mall, "曾任顾问", Some("2020-01-01")).unwrap();
        let id = world.submitted().await;
        command!(world, accept, &world.office[0], id, None).unwrap();
        let drawn = command!(world, assign, &world.office[0], id, None).unwrap();
        assert!(!drawn.contains(&tied) && drawn.contains(&old), "{drawn:?}");
        let place = |person| pool.iter().find(|actor| actor.is(person)).unwrap();
        // The chair finds that they have a tie, and nobody is left to take the place.
        let outcome = command!(world, declare, place(drawn[0]), id, Some("亲属在商场任职")).unwrap_err();
        assert_eq!(refusal(outcome).1, "certification-pool");
        let fifth = world.assessor().await;
        command!(world, declare, place(drawn[0]), id, Some("亲属在商场任职")).unwrap();
        let view = world.certification.view(&world.office[0], id).await.unwrap();
        assert_eq!(view.panel.len(), 3);
        assert!(view.panel[0].chair && fifth.is(view.panel[0].person), "the new one takes the chair");
        assert!(world.certification.view(place(drawn[0]), id).await.is_err(), "who left sees no more of it");
        // Undeclared, nobody opens the visit.
        let early = command!(world, begin_audit, &fifth, id, None).unwrap_err();
        assert!(matches!(early, Error::Conflict));
        command!(world, declare, &fifth, id, None).unwrap();
        let early = command!(world, begin_audit, &fifth, id, None).unwrap_err();
        assert_eq!(refusal(early).1, "certification-not-yet");
        for person in &drawn[1..] {
            command!(world, declare, place(*person), id, None).unwrap();
        }
        command!(world, begin_audit, &fifth, id, None).unwrap();
        assert_eq!(world.state(id).await, State::SiteAudit);
    })
    .await;
}

#[tokio::test]
async fn a_sealed_sheet_and_another_s_case_are_closed() {
    each(async |world| {
        let answers = best_answers(&*world.rubric().await);
        let (id, panel) = world.scored(&answers).await;
        assert!(matches!(command!(world, score, &panel[0], id, &answers), Err(Error::Sealed)));
        let stranger = world.assessor().await;
        assert!(matches!(command!(world, score, &stranger, id, &answers), Err(Error::NotFound)));
        assert!(matches!(command!(world, agree, &panel[1], id, None), Err(Error::Forbidden)));
    })
    .await;
}

#[tokio::test]
async fn a_tie_that_comes_up_late_stops_the_panel_until_the_member_is_replaced() {
    each(async |world| {
        let answers = best_answers(&*world.rubric().await);
        let (id, panel) = world.scored(&answers).await;
        let tied = panel[2].person_id().unwrap();
        command!(world, note_tie, &world.office[0], tied, world.mall, "配偶任职", None).unwrap();
        let stopped = command!(world, agree, &panel[0], id, None).unwrap_err();
        assert_eq!(refusal(stopped).1, "certification-not-yet");
        let before = world.certification.assessors(&world.office[0]).await.unwrap();
        command!(world, declare, &panel[2], id, Some("配偶在商场任职")).unwrap();
        let view = world.certification.view(&world.office[0], id).await.unwrap();
        let new = view.panel.iter().find(|one| !panel.iter().any(|old| old.is(one.person))).unwrap().person;
        assert!(before.iter().any(|one| one.person == new));
        let new = Actor::person(new, [luhuan_kernel::Role::Assessor]);
        assert!(
            matches!(command!(world, score, &new, id, &answers), Err(Error::Conflict)),
            "not before declaring"
        );
        command!(world, declare, &new, id, None).unwrap();
        command!(world, score, &new, id, &answers).unwrap();
        command!(world, seal, &new, id).unwrap();
        command!(world, agree, &panel[0], id, None).unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_of_the_office_who_works_for_the_mall_sees_what_the_mall_sees() {
    each(async |world| {
        let (id, _) = world.noticed().await;
        let resident = world.person();
        let words = luhuan_certification::FileObjection {
            name: "赵六".into(),
            contact: "13612345678".into(),
            words: "停车场积水".into(),
        };
        command!(world, object, &resident, id, words).unwrap();
        let insider = of_the_mall(world, &world.office[0]);
        let view = world.certification.view(&insider, id).await.unwrap();
        assert!(view.votes.is_empty() && view.objections[0].name.is_none() && !view.office);
        assert!(matches!(world.certification.trail(&insider, id).await, Err(Error::Conflict)));
        let official = world.certification.view(&world.office[1], id).await.unwrap();
        assert_eq!((official.votes.len(), official.objections[0].name.as_deref()), (3, Some("赵六")));
    })
    .await;
}
