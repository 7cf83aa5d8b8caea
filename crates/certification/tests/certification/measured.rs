//! What a mall measures: readings, goods, waste.

use luhuan_certification::{
    Edit, Error, NoteWaste,
    energy::{Carrier, Driver, EnergyPlan, MonthRow, Period},
    model::calendar::Month,
};
use luhuan_kernel::Grams;

use crate::support::{anonymous, command, each, facts, readings, refusal, system};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

#[tokio::test]
async fn savings_come_from_the_readings_and_the_mall_s_plan() {
    each(async |world| {
        let id = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap();
        assert_eq!(
            command!(world, import_months, &world.owner, world.mall, readings().as_bytes()).unwrap(),
            24
        );
        let plan = EnergyPlan {
            carrier: Carrier::Electricity,
            baseline: Period { from: month("2024-01"), to: month("2024-12") },
            reporting: Period { from: month("2025-01"), to: month("2025-12") },
            drivers: vec![Driver::CoolingDegreeDays, Driver::HeatingDegreeDays],
        };
        let facts = luhuan_certification::model::Facts { energy: Some(plan), ..facts() };
        command!(world, edit, &world.owner, id, Edit { facts: Some(facts), ..Edit::default() }).unwrap();
        let report = world.certification.energy(&world.owner, id).await.unwrap();
        let (_, savings) = report.savings.unwrap();
        let savings = savings.unwrap();
        // 2025 used nine tenths of what 2024 did in the same weather.
        assert!((savings.saved_percent - 10.0).abs() < 0.1, "{}", savings.saved_percent);
        assert!(savings.weak.is_empty() && savings.uncertainty_percent < 10.0);
        assert!(report.quality[&Carrier::Electricity].gaps.is_empty());
        // A month taken out is a gap; typed in again it is no export any more.
        let row = MonthRow { electricity: Some(800_000.0), ..MonthRow::default() };
        command!(world, save_month, &world.owner, world.mall, month("2025-06"), &row).unwrap();
        let wrong = MonthRow { water: Some(-1.0), ..MonthRow::default() };
        assert!(matches!(
            command!(world, save_month, &world.owner, world.mall, month("2025-06"), &wrong),
            Err(Error::Invalid(_))
        ));
        let report = world.certification.energy(&world.owner, id).await.unwrap();
        assert_eq!(report.savings.unwrap().1.unwrap().gaps, [month("2025-06")]);
    })
    .await;
}

#[tokio::test]
async fn a_faulty_file_is_refused_whole_with_every_line_named() {
    each(async |world| {
        let csv = b"month,electricity\n2025-01,1\n2025-02,x\n";
        let refused = command!(world, import_months, &world.owner, world.mall, csv).unwrap_err();
        assert_eq!(refusal(refused), (http::StatusCode::UNPROCESSABLE_ENTITY, "certification-csv"));
        assert!(world.column("SELECT month AS it FROM cert_month").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn goods_are_held_against_the_label_register() {
    each(async |world| {
        let labels = "barcode,scheme,grade\n690A,energy,1\n690B,energy,4\n";
        assert_eq!(command!(world, import_labels, &world.office[0], labels.as_bytes()).unwrap(), 2);
        assert!(matches!(
            command!(world, import_labels, &world.owner, labels.as_bytes()),
            Err(Error::Forbidden)
        ));
        let mut csv = "month,barcode,amount\n".to_owned();
        for n in 1..=12 {
            csv += &format!("2025-{n:02},690A,30.00\n2025-{n:02},690B,70.00\n");
        }
        let found = command!(world, import_goods, &world.owner, world.mall, csv.as_bytes()).unwrap();
        assert_eq!((found.share_percent, found.product_share_percent), (Some(30.0), Some(50.0)));
        let id = command!(world, create, &world.owner, world.mall, "2026-100", None).unwrap();
        assert_eq!(world.certification.watched_malls().await.unwrap(), [world.mall]);
        let view = world.certification.view(&world.owner, id).await.unwrap();
        assert_eq!(view.measures.values["labelled_sales_percent"], 30.0);
    })
    .await;
}

#[tokio::test]
async fn what_pickups_collected_arrives_once_and_is_known_from_notes() {
    each(async |world| {
        world.collected(600_000, "paper").await;
        assert_eq!(command!(world, take_in_collected, &system(), world.mall, 100).unwrap(), 0);
        assert!(world.certification.watched_malls().await.unwrap().is_empty());
        let note = NoteWaste {
            reference: "联单 2026-001".into(),
            stream: "other".into(),
            month: month("2026-02"),
            weight: Grams(400_000),
        };
        command!(world, note_waste, &world.owner, world.mall, note.clone()).unwrap();
        command!(world, note_waste, &world.owner, world.mall, note).unwrap();
        let found = world.certification.waste(&world.owner, world.mall, Some(1_000.0)).await.unwrap();
        assert_eq!(
            (found.total_grams, found.verified_grams, found.diversion_percent),
            (1_000_000, 600_000, Some(60.0))
        );
        assert!(matches!(
            command!(world, take_in_collected, &world.owner, world.mall, 100),
            Err(Error::Forbidden)
        ));
        assert!(matches!(
            world.certification.waste(&anonymous(), world.mall, None).await,
            Err(Error::NotFound)
        ));
    })
    .await;
}
