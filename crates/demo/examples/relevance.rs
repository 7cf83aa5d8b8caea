//! Writes the corpus and the judgements of the relevance set from its rules.
//!
//!     cargo run -p luhuan-demo --example relevance -- crates/search/relevance
//!
//! Reads `queries.toml` and `handwritten.toml` in that folder; writes `corpus.jsonl` and `judgements.jsonl`. How, and
//! what the files mean: the README there. The same rules and catalogue give the same files.

use std::{collections::BTreeMap, error::Error, fmt::Write as _, fs, path::Path};

use luhuan_demo::{
    generate::{GeneratedListing, Generator},
    people,
};
use luhuan_listing::catalog::Catalog;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde_json::{Value, json};

/// The stream that the corpus is taken from.
const SEED: u64 = 20_260_101;
/// The year that it is seen in.
const YEAR: i32 = 2026;
/// How many listings are taken as they come.
const AS_THEY_COME: usize = 1_000;
/// How far the stream is searched for answers to queries that would have too few.
const SEARCHED: usize = 60_000;
/// Few answers: below so many listings of a grade, from 0 to 3.
const ENOUGH: [usize; 4] = [0, 0, 3, 7];

#[derive(Deserialize)]
struct Queries {
    query: Vec<Query>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    q: String,
    kind: String,
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    judged: BTreeMap<String, u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    grade: u8,
    #[serde(default)]
    category: Vec<String>,
    #[serde(default)]
    brand: Vec<String>,
    model_is: Option<String>,
    #[serde(default)]
    model_has: Vec<String>,
    #[serde(default)]
    attributes: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Handwritten {
    listing: Vec<HandwrittenListing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandwrittenListing {
    id: String,
    category: String,
    title: String,
    brand: String,
    model: String,
    price_yuan: i64,
    #[serde(default)]
    trap: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder with queries.toml")?;
    let folder = Path::new(&folder);
    let queries: Queries = toml::from_str(&fs::read_to_string(folder.join("queries.toml"))?)?;
    let written: Handwritten = toml::from_str(&fs::read_to_string(folder.join("handwritten.toml"))?)?;
    check(&queries.query)?;

    let generated = choose(&queries.query);
    let mut traps = Vec::new();
    let mut corpus = generated;
    let pattern = corpus.first().cloned().ok_or("the stream is empty")?;
    for listing in &written.listing {
        if listing.trap {
            traps.push(listing.id.clone());
        }
        corpus.push(by_hand(listing, &pattern));
    }
    let mut lines = String::new();
    for listing in &corpus {
        writeln!(lines, "{}", row(listing))?;
    }
    fs::write(folder.join("corpus.jsonl"), lines)?;

    let mut lines = String::new();
    for query in &queries.query {
        let grades: BTreeMap<&str, u8> = corpus
            .iter()
            .map(|listing| (listing.external_id.as_str(), grade(query, listing, &traps)))
            .filter(|(_, grade)| *grade > 0)
            .collect();
        if grades.values().all(|grade| *grade < 3) {
            return Err(format!("nothing in the corpus answers '{}'", query.q).into());
        }
        writeln!(lines, "{}", json!({ "q": query.q, "kind": query.kind, "grades": grades }))?;
    }
    fs::write(folder.join("judgements.jsonl"), lines)?;
    eprintln!("{} listings, {} queries", corpus.len(), queries.query.len());
    Ok(())
}

/// Refuses rules that name what does not exist: they would silently never fit.
fn check(queries: &[Query]) -> Result<(), String> {
    let catalog = Catalog::get();
    for query in queries {
        for rule in &query.rules {
            for code in &rule.category {
                let category = catalog.category(code).ok_or(format!("{}: no category {code}", query.q))?;
                for attribute in rule.attributes.keys() {
                    if category.is_leaf()
                        && rule.category.len() == 1
                        && category.attribute(attribute).is_none()
                    {
                        return Err(format!("{}: {code} has no attribute {attribute}", query.q));
                    }
                }
            }
        }
    }
    Ok(())
}

/// The first listings of the stream, and after them those that a query with too few answers asks for.
fn choose(queries: &[Query]) -> Vec<GeneratedListing> {
    let sellers = people::city(&mut ChaCha8Rng::seed_from_u64(SEED)).sellers();
    let stream = Generator::new(ChaCha8Rng::seed_from_u64(SEED + 1), sellers, YEAR);
    let mut answers = vec![[0_usize; 4]; queries.len()];
    let mut chosen = Vec::new();
    for (at, listing) in stream.take(SEARCHED).enumerate() {
        let grades: Vec<usize> =
            queries.iter().map(|query| usize::from(grade(query, &listing, &[]))).collect();
        let wanted = grades.iter().zip(&answers).any(|(grade, counts)| counts[*grade] < ENOUGH[*grade]);
        if at < AS_THEY_COME || wanted {
            grades.iter().zip(&mut answers).for_each(|(grade, counts)| counts[*grade] += 1);
            chosen.push(listing);
        }
    }
    chosen
}

fn grade(query: &Query, listing: &GeneratedListing, traps: &[String]) -> u8 {
    if let Some(grade) = query.judged.get(&listing.external_id) {
        return *grade;
    }
    if traps.contains(&listing.external_id) {
        return 0;
    }
    query.rules.iter().find(|rule| rule.fits(listing)).map_or(0, |rule| rule.grade)
}

impl Rule {
    fn fits(&self, listing: &GeneratedListing) -> bool {
        let within = |code: &String| {
            Catalog::get().category(&listing.category).is_some_and(|category| category.is_within(code))
        };
        let said = |(code, values): (&String, &Vec<String>)| {
            listing.attributes.get(code).is_some_and(|value| values.contains(&plain(value)))
        };
        (self.category.is_empty() || self.category.iter().any(within))
            && (self.brand.is_empty() || self.brand.contains(&listing.brand))
            && self.model_is.as_ref().is_none_or(|model| *model == listing.model)
            && (self.model_has.is_empty()
                || self.model_has.iter().any(|part| listing.model.contains(part.as_str())))
            && self.attributes.iter().all(said)
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A hand-written listing with what it does not say taken from a generated one.
fn by_hand(listing: &HandwrittenListing, pattern: &GeneratedListing) -> GeneratedListing {
    GeneratedListing {
        external_id: listing.id.clone(),
        category: listing.category.clone(),
        title: listing.title.clone(),
        description: format!("{}。自用闲置，功能正常，可面交。", listing.title),
        brand: listing.brand.clone(),
        model: listing.model.clone(),
        price_fen: listing.price_yuan * 100,
        original_price_fen: None,
        condition: "90".to_owned(),
        origin: "online-new".to_owned(),
        defects: Vec::new(),
        attributes: BTreeMap::new(),
        ..pattern.clone()
    }
}

/// A line of the corpus: the listing without what only the demo knows.
fn row(listing: &GeneratedListing) -> Value {
    let mut row = json!(listing);
    if let Some(fields) = row.as_object_mut() {
        for name in ["seller", "photo", "photos"] {
            fields.remove(name);
        }
    }
    row
}
