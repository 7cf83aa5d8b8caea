//! Export and erasure of what certification keeps about a person.

use luhuan_accounts::PersonalData;
use luhuan_certification::FileObjection;

use crate::support::{command, each};

#[tokio::test]
async fn a_person_gets_what_is_kept_and_an_erasure_leaves_no_name() {
    each(async |world| {
        let (id, panel) = world.noticed().await;
        let resident = world.person();
        let words =
            FileObjection {
                name: "王五".into(), contact: "13712345678".into(), words: "夜间灯光".into()
            };
        command!(world, object, &resident, id, words).unwrap();
        let person = resident.person_id().unwrap();
        let export = PersonalData::export(&world.certification, person).await.unwrap();
        assert_eq!(export["objections"][0]["contact"], "13712345678");
        let assessor = panel[1].person_id().unwrap();
        let export = PersonalData::export(&world.certification, assessor).await.unwrap();
        assert_eq!(
            (export["panels"].as_array().unwrap().len(), &export["assessor"]["field"]),
            (1, &"energy".into())
        );
        for person in [person, assessor] {
            let uow = world.unit().await;
            PersonalData::erase(&world.certification, &uow, person).await.unwrap();
            uow.commit().await.unwrap();
        }
        assert_eq!(world.column("SELECT name || contact AS it FROM cert_objection").await, [""]);
        assert_eq!(world.column("SELECT words AS it FROM cert_objection").await, ["夜间灯光"]);
        let pool = world.certification.assessors(&world.office[0]).await.unwrap();
        let gone = pool.iter().find(|one| one.person == assessor).unwrap();
        assert!(!gone.active && gone.employer.is_empty());
        // What was decided stands, and its trail still holds.
        assert!(world.certification.trail(&world.office[0], id).await.is_ok());
    })
    .await;
}
