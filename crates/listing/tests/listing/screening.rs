//! Prohibited and restricted goods at publishing, through the command.

use http::StatusCode;
use luhuan_kernel::{Locale, Problem, text::Texts};
use luhuan_listing::{Error, TEXTS, model::Details, screening::Place};

use crate::support::{bike, each, electric_bike, refused_fields};

#[tokio::test]
async fn prohibited_goods_stay_a_draft_and_the_rule_is_quoted() {
    each(async |world| {
        let seller = world.person();
        let draft = world.draft(&seller, Details { title: "出真枪".to_owned(), ..bike() }).await;
        let problem = Problem::from(world.publish(&seller, draft.id).await.unwrap_err());
        assert_eq!(
            (problem.status(), problem.slug()),
            (StatusCode::UNPROCESSABLE_ENTITY, "listing-prohibited")
        );
        let rule = &problem.extension("rules").unwrap()[0];
        assert_eq!(
            (rule["class"].as_str(), rule["word"].as_str(), rule["field"].as_str()),
            (Some("weapons"), Some("真枪"), Some("title"))
        );
        assert!(rule["rule"]["zh-CN"].as_str().unwrap().contains("枪支"));
        assert_eq!(world.view(draft.id).await.row.state, "draft");
    })
    .await;
}

#[tokio::test]
async fn every_text_is_screened_and_the_field_is_named() {
    each(async |world| {
        let seller = world.person();
        let gun = || "真枪".to_owned();
        let places = [
            (Place::Description, Details { description: gun(), ..bike() }),
            (Place::Defects, Details { defects: vec!["划痕".to_owned(), gun()], ..bike() }),
            (Place::Brand, Details { brand: gun(), ..bike() }),
            (Place::Model, Details { model: gun(), ..bike() }),
            (Place::Reason, Details { reason: gun(), ..bike() }),
        ];
        for (place, details) in places {
            let draft = world.draft(&seller, details).await;
            match world.publish(&seller, draft.id).await.unwrap_err() {
                Error::Prohibited(findings) => assert_eq!(findings[0].place, place),
                other => panic!("{place:?}: {other}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_law_wants_marked_gets_its_badge() {
    each(async |world| {
        let details = Details { defects: vec!["维修过中轴".to_owned()], ..bike() };
        let listing = world.published(&world.person(), details).await;
        assert_eq!(listing.badges().unwrap(), ["used-goods"]);
    })
    .await;
}

#[tokio::test]
async fn an_electric_bike_is_published_once_its_seller_states_that_the_papers_are_complete() {
    each(async |world| {
        let seller = world.person();
        let draft = world.draft(&seller, electric_bike()).await;
        let refused = world.publish(&seller, draft.id).await.unwrap_err();
        assert_eq!(refused_fields(&refused), [("statements", "listing-statement-required")]);
        let view = world.view(draft.id).await;
        assert!(world.listings.would_publish(&view).is_err());
        let missing = world.listings.statements_missing(&view.details);
        assert_eq!(missing, ["registration-transfer"]);
        world.edit(&seller, draft.id, |it| it.statements = missing).await.unwrap();
        let published = world.publish(&seller, draft.id).await.unwrap();
        assert_eq!((published.state.as_str(), published.held), ("published", None));
        let view = world.view(draft.id).await;
        assert_eq!(view.details.statements, ["registration-transfer"]);
        assert!(world.listings.would_publish(&view).is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_licence_that_nobody_can_show_yet_refuses_everybody() {
    each(async |world| {
        let seller = world.person();
        let draft = world.draft(&seller, Details { title: "茅台一瓶".to_owned(), ..bike() }).await;
        let refused = world.publish(&seller, draft.id).await.unwrap_err();
        assert!(matches!(refused, Error::Prohibited(findings) if findings[0].licence.is_some()));
    })
    .await;
}

#[tokio::test]
async fn every_statement_that_a_rule_asks_for_has_its_sentence_in_both_languages() {
    let texts = Texts::new(&TEXTS);
    each(async |world| {
        let statements: Vec<_> = world.listings.screening_rules().filter_map(|rule| rule.requires).collect();
        assert!(!statements.is_empty());
        for statement in statements {
            for locale in [Locale::ZhCn, Locale::En] {
                let sentence =
                    texts.with(locale, "listing-statement-required", &[("statement", statement.to_owned())]);
                // The sentence for a code that nobody wrote one for quotes the code.
                assert!(!sentence.contains(statement) && sentence.chars().count() > 10, "{sentence}");
            }
        }
    })
    .await;
}
