//! A grant is one commit: certificate, register entry, tree head, event and state, together or not at all.

use luhuan_certification::model::State;

use crate::support::{command, each, system};

async fn counts(world: &crate::support::World<'_>) -> [usize; 5] {
    let mut counts = [0; 5];
    let tables = [
        "SELECT number AS it FROM cert_certificate",
        "SELECT number AS it FROM cert_entry",
        "SELECT root AS it FROM cert_head",
        "SELECT name AS it FROM outbox WHERE name = 'certification.registered'",
        "SELECT act AS it FROM cert_trail WHERE act = 'certificate'",
    ];
    for (count, sql) in counts.iter_mut().zip(tables) {
        *count = world.column(sql).await.len();
    }
    counts
}

#[tokio::test]
async fn a_grant_that_is_not_committed_leaves_nothing_and_one_that_is_leaves_all() {
    each(async |world| {
        let (id, _) = world.noticed().await;
        world.days(8);
        let uow = world.unit().await;
        world.certification.grant(&uow, &world.office[0], id, None).await.unwrap();
        drop(uow);
        assert_eq!(counts(world).await, [0; 5]);
        assert_eq!(world.state(id).await, State::PublicNotice);
        // The number that was not used is not lost: the register has no gaps.
        let number = command!(world, grant, &world.office[0], id, None).unwrap();
        assert_eq!((number.as_str(), counts(world).await), ("BJ-2026-0001", [1; 5]));
        assert_eq!(world.certification.head(None).await.unwrap().size, 1);
        assert!(world.certification.view(&system(), id).await.unwrap().state.is_final());
    })
    .await;
}

#[tokio::test]
async fn a_grant_whose_entry_cannot_be_written_does_not_happen() {
    each(async |world| {
        let (id, _) = world.noticed().await;
        world.days(8);
        // Something else holds the place that the entry would take: the write fails in the middle of the grant.
        use sea_orm::ConnectionTrait;
        let blocker =
            "INSERT INTO cert_entry (seq, number, what, at, body, leaf) VALUES (0, 'x', 'x', 0, 'x', 'x')";
        world.store().writer().execute_unprepared(blocker).await.unwrap();
        assert!(command!(world, grant, &world.office[0], id, None).is_err());
        world.store().writer().execute_unprepared("DELETE FROM cert_entry").await.unwrap();
        assert_eq!(counts(world).await, [0; 5]);
        assert_eq!(world.state(id).await, State::PublicNotice);
        command!(world, grant, &world.office[0], id, None).unwrap();
        assert_eq!(counts(world).await, [1; 5]);
    })
    .await;
}

#[tokio::test]
async fn two_that_grant_at_once_grant_once() {
    each(async |world| {
        let (id, _) = world.noticed().await;
        world.days(8);
        let tasks = [0, 1].map(|n| {
            let (certification, actor) = (world.certification.clone(), world.office[n].clone());
            tokio::spawn(async move {
                let uow = certification.store().begin().await.unwrap();
                let number = certification.grant(&uow, &actor, id, None).await?;
                uow.commit().await?;
                Ok::<_, luhuan_certification::Error>(number)
            })
        });
        let mut granted = 0;
        for task in tasks {
            granted += usize::from(task.await.unwrap().is_ok());
        }
        assert_eq!((granted, counts(world).await), (1, [1; 5]));
    })
    .await;
}
