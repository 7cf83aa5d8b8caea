use std::collections::{HashMap, HashSet};

use luhuan_listing::{
    catalog::Catalog,
    contact::Detector,
    screening::{Action, Screening, Subject},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;

fn listings(seed: u64) -> impl Iterator<Item = GeneratedListing> {
    let sellers = crate::people::city(&mut ChaCha8Rng::seed_from_u64(1)).sellers();
    Generator::new(ChaCha8Rng::seed_from_u64(seed), sellers, 2026)
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let first: Vec<GeneratedListing> = listings(7).take(50).collect();
    assert_eq!(first, listings(7).take(50).collect::<Vec<_>>());
    assert_ne!(first, listings(8).take(50).collect::<Vec<_>>());
}

#[test]
fn attributes_are_what_the_category_asks_for() {
    let catalog = Catalog::get();
    for listing in listings(1).take(5_000) {
        let category = catalog.category(&listing.category).expect("a known category");
        let stored = catalog.validate_attributes(category, &listing.attributes);
        assert_eq!(stored.as_ref(), Ok(&listing.attributes), "{}", listing.title);
        assert!(catalog.missing_attributes(category, &listing.attributes).is_empty(), "{}", listing.title);
    }
}

#[test]
fn titles_and_texts_keep_to_the_limits() {
    for listing in listings(2).take(5_000) {
        let length = listing.title.chars().count();
        assert!((4..=60).contains(&length), "{}", listing.title);
        assert!(
            !listing.title.contains("  ") && listing.title.trim() == listing.title,
            "'{}'",
            listing.title
        );
        assert!((20..1_000).contains(&listing.description.chars().count()), "{}", listing.description);
    }
}

#[test]
fn titles_are_mostly_distinct() {
    let titles: Vec<String> = listings(3).take(20_000).map(|listing| listing.title).collect();
    let distinct: HashSet<&String> = titles.iter().collect();
    assert!(distinct.len() > titles.len() * 9 / 10, "{} of {}", distinct.len(), titles.len());
}

#[test]
fn a_price_is_a_price_and_worn_things_cost_less() {
    let mut sums: HashMap<(String, String), (f64, f64)> = HashMap::new();
    for listing in listings(4).take(20_000) {
        assert!(listing.price_fen >= 100 && listing.price_fen % 100 == 0);
        assert!(listing.original_price_fen.is_none_or(|new| new > listing.price_fen), "{}", listing.title);
        if listing.category == "phones-smartphone" {
            let sum = sums.entry((listing.model, listing.condition)).or_default();
            *sum = (sum.0 + listing.price_fen as f64, sum.1 + 1.0);
        }
    }
    let mean = |model: &str, condition: &str| {
        sums.get(&(model.to_owned(), condition.to_owned())).map(|(sum, count)| sum / count)
    };
    let models: HashSet<&String> = sums.keys().map(|(model, _)| model).collect();
    let pairs: Vec<(f64, f64)> =
        models.iter().filter_map(|model| mean(model, "95").zip(mean(model, "80"))).collect();
    assert!(pairs.len() > 30);
    let (good, worn) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    assert!(good > worn * 1.2, "{good} and {worn}");
}

#[test]
fn the_two_lowest_grades_state_their_defects() {
    for listing in listings(5).take(5_000) {
        match listing.condition.as_str() {
            "70" | "P" => assert!(!listing.defects.is_empty(), "{}", listing.title),
            "N" | "99" => assert!(
                listing.defects.is_empty() && !listing.description.contains("瑕疵："),
                "{}",
                listing.title
            ),
            _ => {}
        }
    }
}

#[test]
fn nothing_on_offer_is_prohibited() {
    let screening = Screening::load();
    let mut refused = Vec::new();
    for listing in listings(6).take(20_000) {
        let hits = screening
            .check(&subject(&listing))
            .into_iter()
            .filter(|finding| matches!(finding.action, Action::Block | Action::Licence | Action::Review));
        refused.extend(hits.map(|hit| format!("{} '{}': {}", hit.class, hit.word, listing.title)));
    }
    assert!(
        refused.is_empty(),
        "{} refused, such as {:#?}",
        refused.len(),
        &refused[..refused.len().min(30)]
    );
}

#[test]
fn what_the_rules_ask_a_seller_to_state_is_stated() {
    let screening = Screening::load();
    let mut asked = 0;
    for listing in listings(12).take(10_000) {
        for finding in screening.check(&subject(&listing)) {
            if let (Action::Restricted, Some(statement)) = (finding.action, finding.requires) {
                asked += 1;
                assert!(listing.statements.contains(&statement), "{statement}: {}", listing.title);
            }
        }
    }
    assert!(asked > 0, "no e-bike among them");
}

fn subject(listing: &GeneratedListing) -> Subject<'_> {
    Subject {
        title: &listing.title,
        description: &listing.description,
        defects: &listing.defects,
        brand: &listing.brand,
        model: &listing.model,
        reason: "",
        category: &listing.category,
        licences: &[],
    }
}

#[test]
fn no_text_says_how_to_reach_anybody() {
    let detector = Detector::load();
    for listing in listings(11).take(5_000) {
        let found = [detector.find(&listing.title), detector.find(&listing.description)].concat();
        assert!(found.is_empty(), "{found:?} in {} / {}", listing.title, listing.description);
    }
}

#[test]
fn no_text_holds_a_number_that_could_be_called() {
    for listing in listings(9).take(20_000) {
        let text = format!("{} {}", listing.title, listing.description);
        let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        assert!(longest <= 6, "{text}");
        assert!(!text.contains("微信") && !text.contains("电话："), "{text}");
    }
}

#[test]
fn bulky_things_are_not_sent_by_parcel() {
    for listing in listings(10).take(2_000).filter(|listing| listing.category == "furniture-sofa") {
        assert!(!listing.delivery.contains(&"express".to_owned()), "{}", listing.title);
    }
}

#[test]
fn a_shop_keeps_to_its_line() {
    let shop = Seller { subdistrict: "110105016".into(), shop: Some("cameras".into()) };
    let of_shop = Generator::new(ChaCha8Rng::seed_from_u64(1), vec![shop], 2026);
    for listing in of_shop.take(200) {
        assert!(listing.category.starts_with("cameras-"));
        assert_eq!((listing.returns.as_str(), listing.origin.as_str()), ("7_day", "dealer"));
    }
}
