//! The fields, and how a document fills them.

use std::collections::BTreeSet;

use tantivy::{
    TantivyDocument,
    schema::{
        BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
    },
    tokenizer::{RAW_TOKENIZER_NAME, Token, TokenStream, Tokenizer},
};

use crate::{
    Card, Document, Value,
    after::fnv,
    text::{
        entry,
        segment::{self, Word},
    },
};

/// Grows when the fields or the tokens in them change, so that an older index is rebuilt.
const VERSION: u32 = 1;

/// Characters of a description that are kept to show; all of it is searched.
const KEPT_DESCRIPTION: usize = 400;

const TOKENIZER: &str = "tokens";
const NEXT_TOKEN: char = '\u{1f}';
const NEXT_PLACE: char = '\u{1e}';

/// What each field is for.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    /// The listing's id: what is replaced and removed by.
    pub id: Field,
    /// The seller's id.
    pub seller: Field,
    /// The title's tokens with their places: scored highest, and looked up for phrases.
    pub title: Field,
    /// Tokens of everything. How often one is in says where it comes from: title four times, brand and model three,
    /// category twice, the rest once. A word is there or not; a seller gains nothing by repeating it.
    pub all: Field,
    /// Tokens that the title, brand, model or category ends in, and so what the thing is ([`segment::heads`]).
    pub heads: Field,
    /// Single characters and pairs across words of the title, brand and category.
    pub loose: Field,
    /// How words of the title, brand and category are typed ([`entry::Entry`]). Read by range, never searched.
    pub reading: Field,
    /// The card and the description, to show.
    pub card: Field,
    pub id_high: Field,
    pub id_low: Field,
    pub version: Field,
    pub category: Field,
    pub condition: Field,
    pub district: Field,
    pub delivery: Field,
    /// `code=value`, several.
    pub attribute: Field,
    pub price: Field,
    pub published: Field,
    pub lat: Field,
    pub lon: Field,
}

/// Names of the columns that are read by name.
pub(super) mod column {
    pub const ID_HIGH: &str = "id_high";
    pub const ID_LOW: &str = "id_low";
    pub const VERSION: &str = "version";
    pub const CATEGORY: &str = "category";
    pub const CONDITION: &str = "condition";
    pub const DISTRICT: &str = "district";
    pub const DELIVERY: &str = "delivery";
    pub const ATTRIBUTE: &str = "attribute";
    pub const PRICE: &str = "price";
    pub const PUBLISHED: &str = "published";
    pub const LAT: &str = "lat";
    pub const LON: &str = "lon";
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let tokens = |option: IndexRecordOption, norms: bool| {
        let indexing = TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(norms))
    };
    let coded = TextOptions::default().set_fast(RAW_TOKENIZER_NAME);
    let number = NumericOptions::default().set_fast();
    let fields = Fields {
        id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
        seller: schema.add_bytes_field("seller", BytesOptions::default().set_indexed()),
        title: schema.add_text_field("title", tokens(IndexRecordOption::WithFreqsAndPositions, true)),
        all: schema.add_text_field("all", tokens(IndexRecordOption::WithFreqs, true)),
        heads: schema.add_text_field("heads", tokens(IndexRecordOption::Basic, false)),
        loose: schema.add_text_field("loose", tokens(IndexRecordOption::Basic, false)),
        reading: schema.add_text_field("reading", tokens(IndexRecordOption::Basic, false)),
        card: schema.add_text_field("card", TextOptions::default().set_stored()),
        id_high: schema.add_u64_field(column::ID_HIGH, number.clone()),
        id_low: schema.add_u64_field(column::ID_LOW, number.clone()),
        version: schema.add_i64_field(column::VERSION, number.clone()),
        category: schema.add_text_field(column::CATEGORY, coded.clone()),
        condition: schema.add_text_field(column::CONDITION, coded.clone()),
        district: schema.add_text_field(column::DISTRICT, coded.clone()),
        delivery: schema.add_text_field(column::DELIVERY, coded.clone()),
        attribute: schema.add_text_field(column::ATTRIBUTE, coded),
        price: schema.add_i64_field(column::PRICE, number.clone()),
        published: schema.add_i64_field(column::PUBLISHED, number.clone()),
        lat: schema.add_f64_field(column::LAT, number.clone()),
        lon: schema.add_f64_field(column::LON, number),
    };
    (schema.build(), fields)
}

/// A number that differs between programs whose indexes differ: the schema, and the data that words are cut by.
pub(crate) fn fingerprint() -> u64 {
    let data = concat!(include_str!("../../data/synonyms.toml"), include_str!("../../data/traditional.txt"));
    fnv(data.as_bytes()).wrapping_add(u64::from(VERSION))
}

pub(super) fn register(index: &tantivy::Index) {
    index.tokenizers().register(TOKENIZER, Prepared::default());
}

/// Parts a code from its value in [`Fields::attribute`].
pub(crate) fn attribute(code: &str, value: &Value) -> String {
    match value {
        Value::Code(value) => format!("{code}={value}"),
        Value::Number(value) => format!("{code}={value}"),
    }
}

/// What is stored of a document.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored {
    pub card: Card,
    pub description: String,
}

impl Fields {
    /// The document as Tantivy takes it.
    pub fn document(&self, document: &Document) -> Result<TantivyDocument, serde_json::Error> {
        let mut out = TantivyDocument::default();
        self.add_text(document, &mut out);
        self.add_columns(document, &mut out);
        let description = document.description.chars().take(KEPT_DESCRIPTION).collect();
        let stored = Stored { card: Card::from(document), description };
        out.add_text(self.card, serde_json::to_string(&stored)?);
        Ok(out)
    }

    fn add_text(&self, document: &Document, out: &mut TantivyDocument) {
        let title = segment::words(&document.title);
        let title_tokens = segment::tokens(&title);
        let names: Vec<Vec<Word>> =
            [&document.brand, &document.model].map(|name| segment::words(name)).into();
        let categories: Vec<Vec<Word>> =
            document.category.iter().flat_map(|step| &step.names).map(|name| segment::words(name)).collect();

        let mut all = String::new();
        let title_texts: BTreeSet<&str> = title_tokens.iter().map(|token| token.text.as_str()).collect();
        title_texts.iter().for_each(|token| push_times(&mut all, token, 4));
        for token in distinct(&names) {
            push_times(&mut all, &token, 3);
        }
        for token in distinct(&categories) {
            push_times(&mut all, &token, 2);
        }
        let rest = document.keywords.iter().chain(&document.place_names).chain([&document.description]);
        for token in distinct(&rest.map(|text| segment::words(text)).collect::<Vec<_>>()) {
            push_times(&mut all, &token, 1);
        }
        out.add_text(self.all, all);
        out.add_text(self.title, placed(&title_tokens));

        let mut heads = segment::heads(&title);
        names.iter().chain(&categories).for_each(|words| heads.extend(segment::heads(words)));
        out.add_text(self.heads, joined(heads));
        let mut loose = segment::loose_tokens(&title);
        names.iter().chain(&categories).for_each(|words| loose.extend(segment::loose_tokens(words)));
        out.add_text(self.loose, joined(loose));
        out.add_text(self.reading, joined(entry::of(document)));
    }

    fn add_columns(&self, document: &Document, out: &mut TantivyDocument) {
        let (high, low) = document.id.uuid().as_u64_pair();
        out.add_bytes(self.id, document.id.uuid().as_bytes());
        out.add_bytes(self.seller, document.seller.uuid().as_bytes());
        out.add_u64(self.id_high, high);
        out.add_u64(self.id_low, low);
        out.add_i64(self.version, document.version);
        let path: Vec<&str> = document.category.iter().map(|step| step.code.as_str()).collect();
        out.add_text(self.category, path.join("/"));
        out.add_text(self.condition, &document.condition);
        out.add_text(self.district, &document.district);
        document.deliveries.iter().for_each(|delivery| out.add_text(self.delivery, delivery));
        for it in &document.attributes {
            it.values.iter().for_each(|value| out.add_text(self.attribute, attribute(&it.code, value)));
        }
        out.add_i64(self.price, document.price);
        out.add_i64(self.published, document.published_at.micros());
        if let Some(point) = document.point {
            out.add_f64(self.lat, point.lat);
            out.add_f64(self.lon, point.lon);
        }
    }
}

fn distinct(texts: &[Vec<Word>]) -> BTreeSet<String> {
    texts.iter().flat_map(|words| segment::tokens(words)).map(|token| token.text).collect()
}

fn push_times(out: &mut String, token: &str, times: usize) {
    for _ in 0..times {
        out.push_str(token);
        out.push(NEXT_TOKEN);
    }
}

fn joined(tokens: impl IntoIterator<Item = String>) -> String {
    let mut out = String::new();
    tokens.into_iter().for_each(|token| push_times(&mut out, &token, 1));
    out
}

/// Tokens in order of place, written so that [`Prepared`] reads the places back.
fn placed(tokens: &[segment::Token]) -> String {
    let (mut out, mut place) = (String::new(), 0);
    for token in tokens {
        while place < token.place {
            out.push(NEXT_PLACE);
            place += 1;
        }
        push_times(&mut out, &token.text, 1);
    }
    out
}

/// Tantivy's tokenizer for text that is cut already: it only reads the tokens and their places.
#[derive(Clone, Default)]
struct Prepared {
    token: Token,
}

struct PreparedStream<'a> {
    rest: &'a str,
    place: usize,
    token: &'a mut Token,
}

impl Tokenizer for Prepared {
    type TokenStream<'a> = PreparedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PreparedStream<'a> {
        self.token.reset();
        PreparedStream { rest: text, place: 0, token: &mut self.token }
    }
}

impl TokenStream for PreparedStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(rest) = self.rest.strip_prefix(NEXT_PLACE) {
            self.rest = rest;
            self.place += 1;
        }
        let Some((token, rest)) = self.rest.split_once(NEXT_TOKEN) else { return false };
        self.rest = rest;
        self.token.text.clear();
        self.token.text.push_str(token);
        self.token.position = self.place;
        self.token.position_length = 1;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_places_survive_the_way_through_tantivy() {
        let tokens = segment::tokens(&segment::words("iPhone14 手机壳"));
        let text = placed(&tokens);
        let mut tokenizer = Prepared::default();
        let mut stream = tokenizer.token_stream(&text);
        let mut seen = Vec::new();
        while stream.advance() {
            let place = u32::try_from(stream.token().position).unwrap();
            seen.push(segment::Token { place, text: stream.token().text.clone() });
        }
        assert_eq!(seen, tokens);
    }
}
