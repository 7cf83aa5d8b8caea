//! After the grant: change of scope, suspension, revocation and appeal, renewal, surveillance, figures.

use luhuan_certification::{
    Error, RegisterFilter, SurveillanceState, credential,
    model::{CertificateState, Pillar},
};
use luhuan_kernel::Limit;

use crate::support::{command, each, refusal, system};

async fn state(world: &crate::support::World<'_>, number: &str) -> CertificateState {
    world.certification.certificate_view(number).await.unwrap().state
}

#[tokio::test]
async fn a_large_change_of_scope_needs_a_review_and_is_signed_anew() {
    each(async |world| {
        let (_, number) = world.granted().await;
        let office = &world.office[0];
        command!(world, change_scope, office, &number, 130_000.0, "扩建西区").unwrap();
        let large = command!(world, change_scope, office, &number, 170_000.0, "扩建东区").unwrap_err();
        assert_eq!(refusal(large).1, "invalid");
        command!(world, flag_review, office, &number, "面积变化超过两成").unwrap();
        command!(world, change_scope, office, &number, 170_000.0, "扩建东区").unwrap();
        let (view, signed, _) = world.certification.certificate_file(&number).await.unwrap();
        assert_eq!((view.state, view.area_m2), (CertificateState::Active, 170_000.0));
        assert_eq!(signed["credentialSubject"]["floorArea"], 170_000);
        assert!(credential::verify(&signed, world.certification.public_key()).is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_suspended_mall_takes_its_marks_off_and_may_come_back() {
    each(async |world| {
        let (_, number) = world.granted().await;
        let office = &world.office[0];
        command!(world, suspend, office, &number, "年度报告逾期").unwrap();
        let view = world.certification.certificate_view(&number).await.unwrap();
        assert!(!view.in_force && view.marks_off_by.is_some());
        command!(world, reinstate, office, &number, "已补报").unwrap();
        let view = world.certification.certificate_view(&number).await.unwrap();
        assert!(view.in_force && view.marks_off_by.is_none());
        let refused = command!(world, reinstate, office, &number, "再来一次").unwrap_err();
        assert_eq!(refusal(refused).1, "certification-certificate-state");
        let no_reason = command!(world, revoke, office, &number, "  ").unwrap_err();
        assert!(matches!(no_reason, Error::Invalid(_)));
    })
    .await;
}

#[tokio::test]
async fn a_revoked_mall_appeals_once_and_is_barred_for_two_years() {
    each(async |world| {
        let (_, number) = world.granted().await;
        let office = &world.office[0];
        command!(world, revoke, office, &number, "提供虚假台账").unwrap();
        let barred = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap_err();
        assert_eq!(refusal(barred).1, "certification-barred");
        command!(world, appeal_revocation, &world.owner, &number, "台账由第三方出具").unwrap();
        command!(world, uphold_revocation, office, &number, "第三方否认").unwrap();
        let again = command!(world, appeal_revocation, &world.owner, &number, "再次申诉").unwrap_err();
        assert_eq!(refusal(again).1, "certification-not-yet");
        world.days(2 * 365 + 2);
        command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_appeal_against_a_revocation_comes_in_time_or_not_at_all() {
    each(async |world| {
        let (_, number) = world.granted().await;
        command!(world, revoke, &world.office[0], &number, "提供虚假台账").unwrap();
        world.days(15);
        let late = command!(world, appeal_revocation, &world.owner, &number, "来晚了").unwrap_err();
        assert_eq!(refusal(late).1, "certification-not-yet");
    })
    .await;
}

#[tokio::test]
async fn a_renewal_follows_its_certificate() {
    each(async |world| {
        let (_, first) = world.granted().await;
        world.days(900);
        let id = command!(world, create, &world.owner, world.mall, "2026-100", Some(first.as_str())).unwrap();
        world.fill(id, &crate::support::best_answers(&*world.rubric().await)).await;
        let unknown = command!(world, create, &world.owner, world.mall, "2026-100", Some("BJ-1999-0001"));
        assert!(matches!(unknown, Err(Error::UnderWay)));
        // The way to the grant again, in short.
        command!(world, submit, &world.owner, id, None).unwrap();
        command!(world, accept, &world.office[0], id, None).unwrap();
        let pool = world.certification.assessors(&world.office[0]).await.unwrap();
        assert_eq!(pool.len(), 4);
        let drawn = command!(world, assign, &world.office[0], id, None).unwrap();
        let panel: Vec<_> = drawn
            .iter()
            .map(|person| luhuan_kernel::Actor::person(*person, [luhuan_kernel::Role::Assessor]))
            .collect();
        let answers = crate::support::best_answers(&*world.rubric().await);
        for member in &panel {
            command!(world, declare, member, id, None).unwrap();
        }
        command!(world, begin_audit, &panel[0], id, None).unwrap();
        world.see_all(id, &panel[0]).await;
        command!(world, finish_audit, &panel[0], id, None).unwrap();
        for member in &panel {
            command!(world, score, member, id, &answers).unwrap();
            command!(world, seal, member, id).unwrap();
        }
        command!(world, agree, &panel[0], id, None).unwrap();
        for member in &world.office {
            command!(world, vote, member, id, luhuan_certification::Vote::For, "").unwrap();
        }
        command!(world, announce, &world.office[0], id, None).unwrap();
        world.days(8);
        let second = command!(world, grant, &world.office[0], id, None).unwrap();
        let old = world.certification.certificate_view(&first).await.unwrap();
        assert_eq!(
            (old.state, old.renewed_by.as_deref()),
            (CertificateState::Renewed, Some(second.as_str()))
        );
        assert_eq!(state(world, &second).await, CertificateState::Active);
    })
    .await;
}

#[tokio::test]
async fn a_certificate_is_watched_every_year_and_by_lot_and_expires() {
    each(async |world| {
        let (_, number) = world.granted().await;
        let office = &world.office[0];
        let drawn = command!(world, draw_re_audits, office).unwrap();
        assert_eq!(drawn, std::slice::from_ref(&number), "a fifth of one is one, rounded up");
        assert!(command!(world, draw_re_audits, office).unwrap().is_empty(), "the lot is drawn once a year");
        world.days(366);
        assert_eq!(command!(world, tick, &system(), 100).unwrap().opened, 1);
        assert_eq!(command!(world, tick, &system(), 100).unwrap().opened, 0);
        let cases = world.certification.surveillance(&world.owner, &number).await.unwrap();
        assert_eq!(cases.len(), 2);
        command!(world, report_surveillance, &world.owner, cases[0].id, "全年节电 9%").unwrap();
        command!(world, decide_surveillance, office, cases[0].id, SurveillanceState::Passed, "数据一致")
            .unwrap();
        let again = command!(world, report_surveillance, &world.owner, cases[0].id, "改一改").unwrap_err();
        assert!(matches!(again, Error::Sealed));
        world.days(2 * 365 + 40);
        assert_eq!(command!(world, tick, &system(), 100).unwrap().expired, 1);
        assert_eq!(state(world, &number).await, CertificateState::Expired);
    })
    .await;
}

#[tokio::test]
async fn the_figures_of_the_city_trace_to_its_certificates() {
    each(async |world| {
        let (_, number) = world.granted().await;
        let found = world.certification.statistics().await.unwrap();
        assert_eq!((found.pass_percent, found.districts.len()), (Some(100.0), 1));
        let district = &found.districts[0];
        assert_eq!(
            (district.district.as_str(), district.in_force, district.area_m2),
            ("110105", 1, 120_000.0)
        );
        assert_eq!((district.recovered_grams, district.diversion_percent), (600_000, Some(100.0)));
        assert!(district.kwh_per_m2.unwrap() > 90.0 && district.kwh_per_m2.unwrap() < 100.0);
        let energy = found.pillars.iter().find(|one| one.pillar == Pillar::Energy).unwrap();
        assert_eq!((energy.earned.0, energy.available.0), (4_000, 4_000));
        command!(world, suspend, &world.office[0], &number, "年度报告逾期").unwrap();
        let found = world.certification.statistics().await.unwrap();
        assert_eq!((found.districts[0].in_force, found.districts[0].struck), (0, 1));
        let in_force = RegisterFilter { state: Some(CertificateState::Active), ..RegisterFilter::default() };
        assert!(
            world.certification.register(&in_force, None, Limit::of(None)).await.unwrap().items.is_empty()
        );
        let by_name = RegisterFilter { words: Some("绿环".into()), ..RegisterFilter::default() };
        assert_eq!(
            world.certification.register(&by_name, None, Limit::of(None)).await.unwrap().items.len(),
            1
        );
        let by_sign = RegisterFilter { words: Some("%".into()), ..RegisterFilter::default() };
        assert!(
            world.certification.register(&by_sign, None, Limit::of(None)).await.unwrap().items.is_empty()
        );
    })
    .await;
}
