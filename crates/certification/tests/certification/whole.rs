//! A whole certification: a mall, the office, three assessors, a rectification, an objection, and what comes after.

use bytes::Bytes;
use luhuan_certification::{
    CheckOutcome, FileObjection, FindingState, NoteFinding, ObjectionState, PutRight, Severity, SiteCheck,
    Vote,
    model::{Answer, CertificateState, EvidenceKind, Points, State},
    verify,
};
use luhuan_kernel::{Clock, Limit};

use crate::support::{anonymous, best_answers, command, each, evidence, refusal, system};

#[tokio::test]
async fn a_mall_is_certified_with_a_rectification_and_an_objection_and_a_stranger_verifies_it() {
    each(async |world| {
        let (id, panel) = world.on_site().await;
        let office = &world.office[0];
        // One item is not as it was said: a finding, and the mall puts it right.
        world.see_all(id, &panel[1]).await;
        let wrong = SiteCheck {
            item: "X601".into(),
            outcome: CheckOutcome::Deviates,
            note: "地下二层缺厨余桶".into(),
            seen_at: world.clock.now(),
        };
        command!(world, check_items, &panel[2], id, &[wrong]).unwrap();
        let finding = NoteFinding {
            id: None,
            item: "X601".into(),
            severity: Severity::Major,
            words: "补齐四分类容器".into(),
        };
        let finding = command!(world, note_finding, &panel[2], id, finding).unwrap();
        command!(world, finish_audit, &panel[0], id, None).unwrap();
        assert_eq!(world.state(id).await, State::Rectification);
        let early = command!(world, verify_rectification, &panel[0], id, None).unwrap_err();
        assert_eq!(refusal(early).1, "certification-not-yet");
        let photo = world
            .certification
            .keep_file("bins.jpg", Bytes::from_static(&[0xff, 0xd8, 0xff, 0xe0]))
            .await
            .unwrap();
        let mut shows = evidence("X601", EvidenceKind::Photo);
        shows.finding = Some(finding.id);
        command!(world, add_evidence, &world.owner, id, shows, photo).unwrap();
        let answered =
            command!(world, answer_finding, &world.owner, id, finding.id, "已补齐，见照片").unwrap();
        assert_eq!(answered.state, FindingState::Answered);
        command!(world, settle_finding, &panel[2], id, finding.id, PutRight::Yes, "照片已核对").unwrap();
        command!(world, verify_rectification, &panel[0], id, None).unwrap();

        // Each scores alone. One differs much on X103, and the panel owes a reason.
        let best = best_answers(&*world.rubric().await);
        for (n, member) in panel.iter().enumerate() {
            let mut sheet = best.clone();
            if n == 2 {
                let low =
                    Answer { points: Some(Points(200)), note: "制度未更新".into(), ..Answer::default() };
                sheet.insert("X103".into(), low);
            }
            command!(world, score, member, id, &sheet).unwrap();
            let others = world.certification.score_spreads(&panel[0], id).await;
            assert!(others.is_err(), "nobody sees another's scores before all are sealed");
            command!(world, seal, member, id).unwrap();
        }
        let owed = command!(world, agree, &panel[0], id, None).unwrap_err();
        assert_eq!(refusal(owed).1, "certification-not-yet");
        let agreed =
            Answer { points: Some(Points(400)), note: "多数条款有效".into(), ..Answer::default() };
        command!(world, note_consensus, &panel[0], id, "X103", &agreed, "两份制度为现行版本").unwrap();
        let card = command!(world, agree, &panel[0], id, None).unwrap();
        assert_eq!((card.earned, card.available, card.passes()), (Points(9_900), Points(10_000), true));

        // The committee needs its quorum.
        command!(world, vote, &world.office[0], id, Vote::For, "").unwrap();
        command!(world, vote, &world.office[1], id, Vote::Against, "能耗数据偏新").unwrap();
        assert_eq!(
            refusal(command!(world, announce, office, id, None).unwrap_err()).1,
            "certification-not-yet"
        );
        command!(world, vote, &world.office[2], id, Vote::For, "").unwrap();
        command!(world, announce, office, id, None).unwrap();

        // The public objects by name; without an answer and before the time there is no certificate.
        let resident = world.person();
        let words = FileObjection {
            name: "张三".into(),
            contact: "13812345678".into(),
            words: "回收量与现场不符".into(),
        };
        let objection = command!(world, object, &resident, id, words).unwrap();
        world.days(8);
        assert_eq!(refusal(command!(world, grant, office, id, None).unwrap_err()).1, "certification-not-yet");
        let answer = "已核对称重记录与批次，数量相符";
        command!(world, answer_objection, office, objection.id, ObjectionState::Dismissed, answer).unwrap();
        let number = command!(world, grant, office, id, None).unwrap();
        assert_eq!(number, "BJ-2026-0001");
        assert_eq!(world.state(id).await, State::Listed);

        // A stranger has the file and the key.
        let (view, credential, register) = world.certification.certificate_file(&number).await.unwrap();
        assert_eq!(
            (view.state, view.score),
            (CertificateState::Active, Some((Points(9_900), Points(10_000))))
        );
        let file = serde_json::json!({ "credential": credential, "register": register }).to_string();
        let key = world.certification.public_key();
        let report = verify::file(&file, key, world.clock.now()).unwrap();
        assert!(report.is_in_force());
        assert_eq!((report.number.as_str(), report.mall.as_str()), (number.as_str(), "绿环广场"));

        // Revoked, the stranger sees it: in the file and in the register.
        command!(world, revoke, office, &number, "提供虚假台账").unwrap();
        let (_, credential, register) = world.certification.certificate_file(&number).await.unwrap();
        let file = serde_json::json!({ "credential": credential, "register": register }).to_string();
        let report = verify::file(&file, key, world.clock.now()).unwrap();
        assert_eq!(report.register.as_ref().unwrap().status, "revoked");
        assert!(!report.is_in_force());
        let listed = world
            .certification
            .register(&luhuan_certification::RegisterFilter::default(), None, Limit::of(None))
            .await
            .unwrap();
        assert_eq!(
            (listed.items[0].state, listed.items[0].reason.as_str()),
            (CertificateState::Revoked, "提供虚假台账")
        );

        // Everything is in the trail, whose chain holds.
        let trail = world.certification.trail(office, id).await.unwrap();
        for act in [
            "create",
            "submit",
            "freeze",
            "accept",
            "draw",
            "declare",
            "begin_audit",
            "find",
            "answer_finding",
            "seal",
            "consensus",
            "agree",
            "vote",
            "announce",
            "object",
            "answer_objection",
            "grant",
            "certificate",
            "revoke",
        ] {
            assert!(trail.iter().any(|line| line.act == act), "{act}");
        }
        let told = world.told().await;
        assert_eq!(told.iter().filter(|name| *name == "certification.registered").count(), 2);
        assert!(world.certification.view(&anonymous(), id).await.is_err());
        assert!(world.certification.view(&system(), id).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_mall_that_fails_a_gate_is_refused_whatever_its_points_and_may_appeal_once() {
    each(async |world| {
        let mut answers = best_answers(&*world.rubric().await);
        answers.insert(
            "X101".into(),
            Answer { passed: Some(false), note: "有处罚".into(), ..Answer::default() },
        );
        let (id, panel) = world.scored(&answers).await;
        let office = &world.office[0];
        let card = command!(world, agree, &panel[0], id, None).unwrap();
        assert_eq!((card.earned, card.passes()), (Points(10_000), false));
        for member in &world.office {
            command!(world, vote, member, id, Vote::For, "").unwrap();
        }
        assert_eq!(
            refusal(command!(world, announce, office, id, None).unwrap_err()).1,
            "certification-not-yet"
        );
        command!(world, decline, office, id, None, "★ X101 未通过").unwrap();
        command!(world, appeal, &world.owner, id, None, "处罚已撤销").unwrap();
        command!(world, admit_appeal, office, id, None, "处罚决定已撤销").unwrap();
        // Nobody of the first panel is drawn again, and one is not enough.
        let short = command!(world, assign, office, id, None).unwrap_err();
        assert_eq!(refusal(short).1, "certification-pool");
        for _ in 0..2 {
            world.assessor().await;
        }
        let drawn = command!(world, assign, office, id, None).unwrap();
        assert!(drawn.iter().all(|person| !panel.iter().any(|old| old.is(*person))));
        command!(world, reject, office, id, None, "复核不通过").unwrap();
        let again = command!(world, appeal, &world.owner, id, None, "再次申诉").unwrap_err();
        assert_eq!(refusal(again).1, "certification-not-yet");
    })
    .await;
}

#[tokio::test]
async fn an_incomplete_file_is_not_handed_in_and_a_returned_one_may_be_edited_again() {
    each(async |world| {
        let id = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap();
        let missing = command!(world, submit, &world.owner, id, None).unwrap_err();
        let luhuan_certification::Error::Incomplete { items, eligibility } = missing else {
            panic!("incomplete")
        };
        assert!(items.len() > 40 && eligibility.contains(&"meters".to_owned()));
        world.fill(id, &best_answers(&*world.rubric().await)).await;
        command!(world, submit, &world.owner, id, None).unwrap();
        command!(world, give_back, &world.office[0], id, None, "缺营业执照副本").unwrap();
        let view = world.certification.view(&world.owner, id).await.unwrap();
        assert_eq!((view.state, view.reason.as_str()), (State::Draft, "缺营业执照副本"));
        command!(world, submit, &world.owner, id, None).unwrap();
        let view = world.certification.view(&world.owner, id).await.unwrap();
        assert_eq!(view.submission.unwrap().0, 2);
    })
    .await;
}
