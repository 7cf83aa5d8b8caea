//! What a listing says, and what it must say before it may be published (domain rules of goods on offer).

use std::{collections::BTreeMap, fmt, str::FromStr};

use luhuan_kernel::{FieldProblem, Message, geo};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::Catalog;

// A code is taken as a token, not as a `literal`: see the kernel's `codes`.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
        impl FromStr for $name {
            type Err = ();

            fn from_str(code: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|value| value.code() == code).ok_or(())
            }
        }
    };
}

coded! {
    /// Condition grade (成色), best first; what each promises is in `data/conditions.toml`.
    Condition {
        /// 全新: sealed, complete, unused.
        New = "N",
        /// 99新: no trace of use.
        LikeNew = "99",
        /// 95新: faint traces.
        Excellent = "95",
        /// 9成新: light wear.
        VeryGood = "90",
        /// 8成新: visible wear.
        Good = "80",
        /// 7成新: clear damage or repaired, works.
        Fair = "70",
        /// 故障/配件机: for parts.
        Parts = "P",
    }
}

coded! {
    /// How the item gets to its buyer.
    Delivery {
        /// 自提/面交.
        Pickup = "pickup",
        /// 同城送.
        Local = "local",
        /// 快递.
        Express = "express",
    }
}

coded! {
    /// Who pays for carriage, where it costs anything.
    Freight {
        /// 包邮.
        Seller = "seller",
        /// The buyer, reckoned with the order.
        BuyerPrepaid = "buyer_prepaid",
        /// 到付.
        BuyerCollect = "buyer_collect",
    }
}

coded! {
    /// What the seller promises when the buyer changes their mind.
    Returns {
        /// None beyond the law.
        None = "none",
        /// 七日无理由: a promise that binds once made (消费者权益保护法 art. 25).
        SevenDay = "7_day",
        /// As the seller writes.
        Custom = "custom",
    }
}

/// How long texts may be, in characters.
#[derive(Clone, Copy, Debug)]
pub struct TextLimits;

impl TextLimits {
    /// A title.
    pub const TITLE: usize = 60;
    /// A description.
    pub const DESCRIPTION: usize = 4000;
    /// One defect.
    pub const DEFECT: usize = 200;
    /// Defects in all.
    pub const DEFECTS: usize = 20;
    /// Brand, model, notes.
    pub const SHORT: usize = 80;
}

/// The highest price, in fen: ten million yuan.
const PRICE_MAX: i64 = 1_000_000_000;

/// What a listing says. A draft may leave gaps; [`Details::missing`] names them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// One line.
    pub title: String,
    /// The whole story.
    pub description: String,
    /// Code of a leaf of the category tree.
    pub category: String,
    /// Condition grade.
    pub condition: Option<Condition>,
    /// Flaws, one sentence each.
    pub defects: Vec<String>,
    /// How the seller came by it: a code of `data/origins.toml`.
    pub origin: Option<String>,
    /// Asking price in fen, for the whole listing.
    pub price_fen: Option<i64>,
    /// What it cost new, in fen.
    pub original_price_fen: Option<i64>,
    /// Whether offers are welcome (可小刀).
    pub negotiable: bool,
    /// Ways of handing it over.
    pub delivery: Vec<Delivery>,
    /// Who pays carriage for local delivery or express.
    pub freight: Option<Freight>,
    /// Sub-district code.
    pub subdistrict: Option<String>,
    /// Returns promise.
    pub returns: Option<Returns>,
    /// The seller's own words on returns, for [`Returns::Custom`].
    pub returns_note: String,
    /// Values of the category's attributes.
    pub attributes: BTreeMap<String, Value>,
    /// Brand.
    pub brand: String,
    /// Model.
    pub model: String,
    /// Pieces on offer together.
    pub quantity: i32,
    /// Age in months, if the seller knows.
    pub age_months: Option<i32>,
    /// Why it is sold.
    pub reason: String,
    /// Statements that a rule asks for and the seller makes: codes of `requires` in `data/prohibited.toml`.
    pub statements: Vec<String>,
}

impl Details {
    /// Trims the texts and brings attributes into their stored form, or says field by field what is wrong.
    /// What is absent is no error here: a draft may be saved half written.
    ///
    /// # Errors
    /// One entry for each wrong field.
    pub fn checked(mut self, catalog: &Catalog) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Problems::default();
        self.trim();
        self.check_texts(&mut problems);
        self.check_prices(&mut problems);
        self.check_codes(catalog, &mut problems);
        if problems.0.is_empty() { Ok(self) } else { Err(problems.0) }
    }

    fn trim(&mut self) {
        for text in
            [&mut self.title, &mut self.brand, &mut self.model, &mut self.reason, &mut self.returns_note]
        {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        self.description = self.description.trim().replace("\r\n", "\n");
        self.defects.iter_mut().for_each(|defect| *defect = defect.trim().to_owned());
        self.defects.retain(|defect| !defect.is_empty());
        self.delivery.sort_unstable();
        self.delivery.dedup();
        self.statements.sort_unstable();
        self.statements.dedup();
    }

    fn check_texts(&self, problems: &mut Problems) {
        if self.title.is_empty() {
            problems.add("title", Message::new("listing-title-required"));
        }
        let limits = [
            ("title", &self.title, TextLimits::TITLE),
            ("description", &self.description, TextLimits::DESCRIPTION),
            ("brand", &self.brand, TextLimits::SHORT),
            ("model", &self.model, TextLimits::SHORT),
            ("reason", &self.reason, TextLimits::SHORT),
            ("returns_note", &self.returns_note, TextLimits::DEFECT),
        ];
        for (field, text, limit) in limits {
            problems.check_text(field, text, limit);
        }
        for defect in &self.defects {
            problems.check_text("defects", defect, TextLimits::DEFECT);
        }
        if self.defects.len() > TextLimits::DEFECTS {
            problems.add("defects", Message::new("listing-too-many").with("max", TextLimits::DEFECTS));
        }
    }

    fn check_prices(&self, problems: &mut Problems) {
        for (field, price) in [("price_fen", self.price_fen), ("original_price_fen", self.original_price_fen)]
        {
            if price.is_some_and(|fen| !(1..=PRICE_MAX).contains(&fen)) {
                problems.add(field, Message::new("listing-price-range").with("max", PRICE_MAX / 100));
            }
        }
        if !(1..=9999).contains(&self.quantity) {
            problems.add("quantity", Message::new("listing-quantity-range").with("max", 9999));
        }
        if self.age_months.is_some_and(|months| !(0..=1200).contains(&months)) {
            problems.add("age_months", Message::new("listing-age-range"));
        }
    }

    fn check_codes(&mut self, catalog: &Catalog, problems: &mut Problems) {
        if let Some(origin) = &self.origin
            && catalog.origin(origin).is_none()
        {
            problems.add("origin", Message::new("listing-unknown-code").with("code", origin));
        }
        if let Some(code) = &self.subdistrict
            && geo::subdistrict(code).is_none()
        {
            problems.add("subdistrict", Message::new("listing-unknown-code").with("code", code));
        }
        match catalog.category(&self.category) {
            Some(category) if category.is_leaf() => {
                match catalog.validate_attributes(category, &self.attributes) {
                    Ok(stored) => self.attributes = stored,
                    Err(wrong) => problems.0.extend(wrong),
                }
            }
            Some(_) => problems.add("category", Message::new("listing-category-leaf")),
            None if self.category.is_empty() => {
                problems.add("category", Message::new("listing-category-required"));
            }
            None => {
                problems.add("category", Message::new("listing-unknown-code").with("code", &self.category));
            }
        }
    }

    /// Whether the words and the category are the same, so that what was judged of one holds for the other.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.words().eq(other.words())
    }

    fn words(&self) -> impl Iterator<Item = &String> {
        let Self { title, description, category, defects, brand, model, reason, .. } = self;
        [title, description, category, brand, model, reason].into_iter().chain(defects)
    }

    /// What is still missing before publishing, field by field; empty when complete.
    #[must_use]
    pub fn missing(&self, catalog: &Catalog) -> Vec<FieldProblem> {
        let mut problems = Problems::default();
        let required = [
            ("condition", self.condition.is_none()),
            ("origin", self.origin.is_none()),
            ("price_fen", self.price_fen.is_none()),
            ("delivery", self.delivery.is_empty()),
            ("subdistrict", self.subdistrict.is_none()),
            ("returns", self.returns.is_none()),
        ];
        for (field, absent) in required {
            if absent {
                problems.add(field, Message::new("listing-required-to-publish"));
            }
        }
        if self.returns == Some(Returns::Custom) && self.returns_note.is_empty() {
            problems.add("returns_note", Message::new("listing-returns-note-required"));
        }
        if let Some(condition) = self.condition
            && catalog.condition(condition).defects_required
            && self.defects.is_empty()
        {
            problems.add("defects", Message::new("listing-defects-required"));
        }
        if let Some(category) = catalog.category(&self.category) {
            problems.0.extend(catalog.missing_attributes(category, &self.attributes));
        }
        problems.0
    }
}

#[derive(Default)]
struct Problems(Vec<FieldProblem>);

impl Problems {
    fn add(&mut self, field: &str, message: Message) {
        self.0.push(FieldProblem { field: field.to_owned(), message });
    }

    fn check_text(&mut self, field: &str, text: &str, limit: usize) {
        if text.chars().count() > limit {
            self.add(field, Message::new("listing-text-too-long").with("max", limit));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.add(field, Message::new("listing-text-control"));
        }
    }
}
