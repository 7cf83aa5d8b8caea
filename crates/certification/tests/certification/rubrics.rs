//! The office edits rubrics; what is published does not change, and applications keep theirs.

use luhuan_certification::{Error, model::Rubric};

use crate::support::{anonymous, command, each, refusal};

fn next() -> Rubric {
    let mut rubric = Rubric::shipped().remove(0);
    rubric.version = "2027-100".into();
    rubric.pass.total_percent = 85;
    rubric
}

#[tokio::test]
async fn a_draft_is_edited_published_and_then_stands() {
    each(async |world| {
        let office = &world.office[0];
        let mut draft = next();
        let saved = command!(world, save_rubric, office, &draft.version, &draft, None).unwrap();
        assert_eq!(saved.edition, 1);
        draft.pass.total_percent = 90;
        assert_eq!(command!(world, save_rubric, office, &draft.version, &draft, Some(1)).unwrap().edition, 2);
        assert!(matches!(
            command!(world, save_rubric, office, &draft.version, &draft, Some(1)),
            Err(Error::Stale)
        ));
        assert!(matches!(
            command!(world, save_rubric, &world.owner, &draft.version, &draft, None),
            Err(Error::Forbidden)
        ));
        // Nobody applies under a draft, and nobody else sees it.
        let early = command!(world, create, &world.owner, world.mall, "2027-100", None).unwrap_err();
        assert_eq!(refusal(early).1, "invalid");
        assert_eq!(world.certification.rubrics(&anonymous()).await.unwrap().len(), 2);
        assert_eq!(world.certification.rubrics(office).await.unwrap().len(), 3);
        let differences = world.certification.compare_rubrics(office, "2026-100", "2027-100").await.unwrap();
        assert_eq!(
            differences.iter().map(|one| one.place.as_str()).collect::<Vec<_>>(),
            ["pass.total_percent"]
        );
        assert!(world.certification.compare_rubrics(&anonymous(), "2026-100", "2027-100").await.is_err());
        command!(world, publish_rubric, office, "2027-100").unwrap();
        assert!(matches!(
            command!(world, save_rubric, office, &draft.version, &draft, None),
            Err(Error::RubricPublished)
        ));
        let id = command!(world, create, &world.owner, world.mall, "2027-100", None).unwrap();
        let view = world.certification.view(&world.owner, id).await.unwrap();
        assert_eq!(view.rubric.pass.total_percent, 90);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_rubric_and_a_shipped_one_are_not_saved() {
    each(async |world| {
        let mut wrong = next();
        wrong.categories[0].points = 99;
        let refused = command!(world, save_rubric, &world.office[0], &wrong.version, &wrong, None).unwrap_err();
        assert_eq!(refusal(refused), (http::StatusCode::UNPROCESSABLE_ENTITY, "certification-rubric"));
        let shipped = Rubric::shipped().remove(1);
        assert!(matches!(command!(world, save_rubric, &world.office[0], &shipped.version, &shipped, None), Err(Error::RubricPublished)));
        let mut later = next();
        later.effective_from = "2027-01-01".into();
        command!(world, save_rubric, &world.office[0], &later.version, &later, None).unwrap();
        command!(world, publish_rubric, &world.office[0], "2027-100").unwrap();
        let early = command!(world, create, &world.owner, world.mall, "2027-100", None).unwrap_err();
        assert!(matches!(early, Error::Invalid(ref fields) if fields[0].message.key == "certification-rubric-dates"));
    })
    .await;
}
