//! The world of a case: an engine, and listings to put in it.

use std::sync::atomic::{AtomicI64, Ordering};

use luhuan_kernel::{Id, Limit, Position, Timestamp};
use luhuan_search::{
    Attribute, Category, Change, Document, Fragment, Hit, Listing, MeiliIndex, Point, Query, Results,
    SearchIndex, TantivyIndex, Value,
};
use uuid::Uuid;

/// The instant that every case happens at.
pub const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// Writes a case once and runs it on each engine.
macro_rules! conformance {
    ($(#[$doc:meta])* async fn $name:ident($world:ident: $world_type:ty) $body:block) => {
        mod $name {
            use super::*;

            async fn case($world: $world_type) $body

            #[tokio::test]
            async fn tantivy() {
                case($crate::support::World::tantivy()).await;
            }

            #[tokio::test]
            async fn meilisearch() {
                if let Some(world) = $crate::support::World::meilisearch().await {
                    let meili = world.meili.clone();
                    case(world).await;
                    $crate::support::World::leave(meili).await;
                }
            }
        }
    };
}
pub(crate) use conformance;

/// An engine of its own for one case.
pub struct World {
    pub index: Box<dyn SearchIndex>,
    cursor: AtomicI64,
    pub meili: Option<MeiliIndex>,
    /// Keeps an embedded engine's folder until the case is over.
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub fn tantivy() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let index = Box::new(TantivyIndex::open(folder.path()).unwrap());
        Self { index, cursor: AtomicI64::new(0), _folder: Some(folder), meili: None }
    }

    /// A Meilisearch index of its own, if a server is named.
    pub async fn meilisearch() -> Option<Self> {
        static SAID: std::sync::Once = std::sync::Once::new();
        let Ok(url) = std::env::var("MEILI_URL") else {
            SAID.call_once(|| println!("MEILI_URL names no server: Meilisearch is not tried"));
            return None;
        };
        let key = std::env::var("MEILI_KEY").ok();
        let name = format!("conformance_{}", number());
        let index = MeiliIndex::new(&url, key.as_deref(), &name).unwrap();
        Some(Self {
            index: Box::new(index.clone()),
            cursor: AtomicI64::new(0),
            _folder: None,
            meili: Some(index),
        })
    }

    /// Leaves a server as it was.
    pub async fn leave(meili: Option<MeiliIndex>) {
        if let Some(index) = meili {
            index.drop_all().await.unwrap();
        }
    }

    /// Fills the engine with these and nothing else.
    pub async fn holds(&self, offers: impl IntoIterator<Item = Offer>) {
        let mut rebuild = self.index.rebuild().await.unwrap();
        rebuild.add(offers.into_iter().map(|offer| offer.0).collect()).await.unwrap();
        rebuild.finish(at(self.cursor.fetch_add(1, Ordering::SeqCst))).await.unwrap();
    }

    /// Fills the engine with listings of these titles.
    pub async fn holds_titles(&self, titles: &[&str]) {
        self.holds(titles.iter().map(|title| offer(title))).await;
    }

    /// Hands a batch over.
    pub async fn apply(&self, changes: Vec<Change>) {
        self.index.apply(changes, at(self.cursor.fetch_add(1, Ordering::SeqCst))).await.unwrap();
    }

    pub async fn search(&self, query: &Query) -> Results {
        self.index.search(query).await.unwrap()
    }

    /// Titles found by a text, best first.
    pub async fn titles(&self, text: &str) -> Vec<String> {
        titles(&self.search(&ask(text)).await)
    }

    pub async fn suggestions(&self, typed: &str) -> Vec<String> {
        self.index.suggest(typed, 10).await.unwrap().into_iter().map(|it| it.text).collect()
    }
}

pub fn titles(results: &Results) -> Vec<String> {
    results.hits.iter().map(|hit| hit.card.title.clone()).collect()
}

pub fn sorted(mut titles: Vec<String>) -> Vec<String> {
    titles.sort();
    titles
}

/// A number that no other case of this run has, nor likely another run.
fn number() -> String {
    luhuan_kernel::random::token().replace(['-', '_'], "x")
}

/// A search for a text at [`NOW`].
pub fn ask(text: &str) -> Query {
    Query { limit: Limit::of(Some(100)), ..Query::of(text, NOW) }
}

/// A title as shown, what matched in brackets.
pub fn shown(fragments: &[Fragment]) -> String {
    fragments.iter().map(|it| if it.matched { format!("[{}]", it.text) } else { it.text.clone() }).collect()
}

/// The hit of a title.
pub fn hit<'a>(results: &'a Results, title: &str) -> &'a Hit {
    results.hits.iter().find(|hit| hit.card.title == title).unwrap()
}

/// A listing on offer, to be told more of.
#[derive(Clone)]
pub struct Offer(pub Document);

/// A listing of this title; the same title makes the same id.
pub fn offer(title: &str) -> Offer {
    Offer(Document {
        id: id_of(title),
        version: 1,
        title: title.to_owned(),
        description: String::new(),
        brand: String::new(),
        model: String::new(),
        category: vec![category("other", &["其他"]), category("other-misc", &["杂物"])],
        keywords: Vec::new(),
        condition: "90".to_owned(),
        district: "110105".to_owned(),
        subdistrict: String::new(),
        place_names: Vec::new(),
        deliveries: vec!["pickup".to_owned()],
        price: 10_000,
        original_price: None,
        negotiable: false,
        published_at: NOW.plus_days(-10),
        point: None,
        attributes: Vec::new(),
        seller: Id::from_uuid(Uuid::from_u128(1)),
        seller_kind: "private".to_owned(),
        photo: None,
    })
}

pub fn id_of(title: &str) -> Id<Listing> {
    let hash = |seed: u64| {
        title.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    Id::from_uuid(Uuid::from_u64_pair(hash(0xcbf2_9ce4_8422_2325), hash(7)))
}

pub fn category(code: &str, names: &[&str]) -> Category {
    Category { code: code.to_owned(), names: names.iter().map(|&name| name.to_owned()).collect() }
}

impl Offer {
    pub fn described(mut self, description: &str) -> Self {
        self.0.description = description.to_owned();
        self
    }
    pub fn branded(mut self, brand: &str, model: &str) -> Self {
        self.0.brand = brand.to_owned();
        self.0.model = model.to_owned();
        self
    }
    pub fn filed(mut self, path: &[(&str, &str)]) -> Self {
        self.0.category = path.iter().map(|(code, name)| category(code, &[name])).collect();
        self
    }
    pub fn priced(mut self, fen: i64) -> Self {
        self.0.price = fen;
        self
    }
    pub fn graded(mut self, condition: &str) -> Self {
        self.0.condition = condition.to_owned();
        self
    }
    pub fn in_district(mut self, code: &str) -> Self {
        self.0.district = code.to_owned();
        self
    }
    pub fn placed(mut self, names: &[&str]) -> Self {
        self.0.place_names = names.iter().map(|&name| name.to_owned()).collect();
        self
    }
    pub fn delivered(mut self, ways: &[&str]) -> Self {
        self.0.deliveries = ways.iter().map(|&way| way.to_owned()).collect();
        self
    }
    pub fn at(mut self, lat: f64, lon: f64) -> Self {
        self.0.point = Some(Point { lat, lon });
        self
    }
    pub fn sold_by(mut self, seller: u128) -> Self {
        self.0.seller = Id::from_uuid(Uuid::from_u128(seller));
        self
    }
    pub fn days_old(mut self, days: i64) -> Self {
        self.0.published_at = NOW.plus_days(-days);
        self
    }
    pub fn version(mut self, version: i64) -> Self {
        self.0.version = version;
        self
    }
    pub fn titled(mut self, title: &str) -> Self {
        self.0.title = title.to_owned();
        self
    }
    pub fn with(mut self, code: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|&value| Value::Code(value.to_owned())).collect();
        self.0.attributes.push(Attribute { code: code.to_owned(), values });
        self
    }
    pub fn measuring(mut self, code: &str, value: f64) -> Self {
        self.0.attributes.push(Attribute { code: code.to_owned(), values: vec![Value::Number(value)] });
        self
    }
    pub fn put(self) -> Change {
        Change::Put(Box::new(self.0))
    }
}

/// A place in an outbox with one writer.
pub const fn at(sequence: i64) -> Position {
    Position { transaction: 0, sequence }
}
