//! Listings, made in a line.

use serde_json::{Map, Value, json};

use crate::actor::Actor;
use crate::client::{Answer, UploadFile};
use crate::photo;
use crate::world::World;

/// A listing that exists, and who sells it.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Its id.
    pub id: String,
    /// The seller.
    pub seller: Actor,
}

impl Listing {
    /// Its address in the API.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/api/v1/listings/{}", self.id)
    }

    /// The address of one of its commands: `publish`, `withdraw`, `relist`, `photos`.
    #[must_use]
    pub fn command_path(&self, command: &str) -> String {
        format!("{}/{command}", self.path())
    }

    /// Runs one of its commands as the seller.
    pub async fn command(&self, command: &str) -> Answer {
        self.seller.post_empty(&self.command_path(command)).await
    }

    /// Adds a photo as the seller.
    pub async fn add_photo(&self, file: UploadFile) -> Answer {
        self.seller.upload(&self.command_path("photos"), "photo", file).await
    }

    /// The listing as the seller sees it now.
    ///
    /// # Panics
    /// When the gateway refuses.
    pub async fn read(&self) -> Value {
        self.seller.get(&self.path()).await.expect(200).json()
    }
}

/// A listing to be. What is not said is what makes a plain, valid one: a bookcase, offered for pick-up.
#[derive(Clone, Debug)]
pub struct ListingBuilder<'a> {
    world: &'a World,
    seller: Option<Actor>,
    fields: Map<String, Value>,
    photos: u32,
}

impl<'a> ListingBuilder<'a> {
    /// A plain one.
    #[must_use]
    pub fn new(world: &'a World) -> Self {
        Self { world, seller: None, fields: plain(), photos: 0 }
    }

    /// Sold by this person; else by a resident who signs up for it.
    #[must_use]
    pub fn by(mut self, seller: &Actor) -> Self {
        self.seller = Some(seller.clone());
        self
    }

    /// With this title.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        self.field("title", title)
    }

    /// With this description.
    #[must_use]
    pub fn description(self, description: &str) -> Self {
        self.field("description", description)
    }

    /// Under this leaf of the category tree.
    #[must_use]
    pub fn category(self, code: &str) -> Self {
        self.field("category", code)
    }

    /// In this condition: N, 99, 95, 90, 80, 70 or P.
    #[must_use]
    pub fn condition(self, code: &str) -> Self {
        self.field("condition", code)
    }

    /// With these defects, a sentence each.
    #[must_use]
    pub fn defects(self, defects: &[&str]) -> Self {
        self.field("defects", defects)
    }

    /// For this price, in fen.
    #[must_use]
    pub fn price_fen(self, fen: i64) -> Self {
        self.field("price_fen", fen)
    }

    /// In this sub-district, by its code.
    #[must_use]
    pub fn subdistrict(self, code: &str) -> Self {
        self.field("subdistrict", code)
    }

    /// With any other field of the API set to this value, or taken out by `null`.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// With one more photo.
    #[must_use]
    pub fn photo(mut self) -> Self {
        self.photos += 1;
        self
    }

    /// What `POST /api/v1/listings` is sent.
    #[must_use]
    pub fn body(&self) -> Value {
        let said = self.fields.iter().filter(|(_, value)| !value.is_null());
        Value::Object(said.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// Makes the draft, with its photos.
    ///
    /// # Panics
    /// When the gateway refuses.
    pub async fn draft(self) -> Listing {
        let body = self.body();
        let seller = match self.seller {
            Some(seller) => seller,
            None => self.world.resident().await,
        };
        let created = seller.post("/api/v1/listings", &body).await.expect(201).json();
        let id =
            created["id"].as_str().unwrap_or_else(|| panic!("a listing without an id: {created}")).to_owned();
        let listing = Listing { id, seller };
        for number in 0..self.photos {
            let file = UploadFile::jpeg(photo::jpeg(800, 600, number));
            let _ = listing.add_photo(file).await.expect(201);
        }
        listing
    }

    /// Makes it and puts it on offer.
    ///
    /// # Panics
    /// When the gateway refuses.
    pub async fn published(self) -> Listing {
        let listing = self.draft().await;
        let _ = listing.command("publish").await.expect(200);
        listing
    }
}

fn plain() -> Map<String, Value> {
    let fields = json!({
        "category": "furniture-bookshelf",
        "title": "宜家比利书架",
        "description": "搬家出，书架很结实，五层，自己拆装过一次。",
        "condition": "90",
        "defects": ["侧面有一道浅划痕"],
        "origin": "mall-new",
        "price_fen": 12_000,
        "negotiable": true,
        "delivery": ["pickup"],
        "subdistrict": "110101001",
        "returns": "none",
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
