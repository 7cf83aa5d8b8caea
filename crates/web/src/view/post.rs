//! Posting and editing a listing.

use askama::Template;

use super::chart::Histogram;
use super::{CategoryRoot, Choice, Errors, Frame, Photo};
use crate::format::Price;

/// `GET /listings/new` without a category: the first of two steps. Each leaf leads to
/// `/listings/new?category=CODE`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "pick_category.html")]
pub struct PickCategoryPage {
    /// Around the page.
    pub frame: Frame,
    /// The whole tree.
    pub categories: Vec<CategoryRoot>,
    /// The leaves this person posted under last, as code and name: nobody is asked twice.
    pub recent: Vec<(String, String)>,
    /// Where a leaf leads: `/listings/new`, or the edit page of the listing whose category is being changed.
    pub target: String,
}

/// What the form carries, as typed. The names of the fields are those of the API; money is in yuan as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostValues {
    /// Field `title`.
    pub title: String,
    /// Field `description`.
    pub description: String,
    /// Field `brand`.
    pub brand: String,
    /// Field `model`.
    pub model: String,
    /// Field `defects`: a sentence a line.
    pub defects: String,
    /// Field `age_months`.
    pub age_months: String,
    /// Field `reason`: why it is passed on.
    pub reason: String,
    /// Field `quantity`; 1 when empty.
    pub quantity: String,
    /// Field `returns_note`: what is promised, for `returns=custom`.
    pub returns_note: String,
    /// Field `price`, in yuan.
    pub price: String,
    /// Field `original_price`, in yuan; may be empty.
    pub original_price: String,
    /// Field `negotiable`, value `true` when ticked.
    pub negotiable: bool,
    /// Field `serial`: the maker's number or IMEI, asked for when [`PostPage::serial`] says so.
    pub serial: String,
}

/// A field that the chosen category asks for: sent as `attr.<code>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeField {
    /// Its code.
    pub code: String,
    /// Its name.
    pub label: String,
    /// Its unit; empty when it has none.
    pub unit: String,
    /// How it is asked.
    pub kind: AttributeKind,
    /// Whether it must be said.
    pub required: bool,
    /// The value as typed; for choices the options say which is chosen.
    pub value: String,
}

/// How an attribute is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AttributeKind {
    /// A line of text.
    #[default]
    Text,
    /// A number.
    Number,
    /// One of several.
    Choice(Vec<Choice>),
    /// Yes or no: sent as `true` or `false`, empty when not said.
    Flag,
}

/// The sub-districts of a district.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistrictGroup {
    /// The district's name.
    pub name: String,
    /// Its sub-districts; the value is the code.
    pub subdistricts: Vec<Choice>,
}

/// A photo already uploaded. Sent: `photo_order` (its id, repeated in the order wanted), `remove_photo` (the ids
/// ticked). New files come as `photo`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditPhoto {
    /// The photo.
    pub photo: Photo,
    /// Whether it was ticked for removal, when the form comes back with errors.
    pub remove: bool,
}

/// What comparable listings cost, while the price is being thought about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceHint {
    /// The lower quartile.
    pub low: Price,
    /// The median.
    pub middle: Price,
    /// The upper quartile.
    pub high: Price,
    /// How many were compared.
    pub count: u64,
    /// How their prices are spread; may be empty.
    pub histogram: Histogram,
}

impl PriceHint {
    /// The range in words.
    #[must_use]
    pub fn range(&self) -> String {
        Price::range(self.low, self.high)
    }
}

/// What the screening of prohibited and restricted goods or of contact details found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screening {
    /// Whether it stands in the way; else it is a warning, and the form offers to go on (field
    /// `acknowledge`, value the code of the rule).
    pub refused: bool,
    /// The rule's code, sent as `acknowledge` when the seller goes on all the same.
    pub code: String,
    /// What was found, quoted: 「加微信」.
    pub found: String,
    /// The rule, in a sentence.
    pub rule: String,
    /// Where the rule comes from: 《野生动物保护法》第三十三条.
    pub source: String,
    /// What the seller can do.
    pub way_out: String,
}

/// `GET /listings/new?category=` and `GET /listings/{id}/edit`: one form, sent as multipart.
///
/// Fields: `category` (hidden), `organisation`, `title`, `description`, `brand`, `model`, `attr.<code>`, `serial`,
/// `condition`, `defects` (a sentence a line), `age_months`, `reason`, `origin`, `price`, `original_price`,
/// `quantity`, `negotiable`, `delivery` (repeated), `freight`, `subdistrict`, `returns`, `returns_note`, `photo`
/// (files, up to nine), `photo_order`, `remove_photo`, `acknowledge`, `version`
/// (what `If-Match` is for the API), and `intent`: `publish` (the primary button) or `save` (keep as a draft, or
/// save the changes of a draft).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "post.html")]
pub struct PostPage {
    /// Around the page.
    pub frame: Frame,
    /// A number of its own for each form shown, sent as `once`: sent twice, it makes one listing.
    pub once: String,
    /// The listing being edited; none when it is new.
    pub editing: Option<Editing>,
    /// The code of the leaf.
    pub category: String,
    /// The names of the root and the leaf.
    pub category_path: Vec<String>,
    /// Where to choose another category.
    pub change_category_url: String,
    /// What was typed.
    pub values: PostValues,
    /// The grades, with their meanings.
    pub conditions: Vec<Choice>,
    /// Where it may come from.
    pub origins: Vec<Choice>,
    /// The ways to deliver.
    pub deliveries: Vec<Choice>,
    /// Who may pay the freight, sent as `freight`; the question is for deliveries that cost something.
    pub freights: Vec<Choice>,
    /// On whose behalf it may be sold, sent as `organisation`: the first choice, with an empty value, is oneself.
    /// Empty when one belongs to no shop.
    pub organisations: Vec<Choice>,
    /// `none`, `7_day`, `custom`: those that a seller of this kind may choose. The words stand in the texts.
    pub returns: Vec<Choice>,
    /// Where the thing is.
    pub districts: Vec<DistrictGroup>,
    /// What the category asks for.
    pub attributes: Vec<AttributeField>,
    /// What number identifies the thing: `imei`, `serial`, empty for none.
    pub serial: String,
    /// Photos already there.
    pub photos: Vec<EditPhoto>,
    /// How many photos a listing may have.
    pub max_photos: u32,
    /// What comparable ones cost.
    pub price_hint: Option<PriceHint>,
    /// What is wrong.
    pub errors: Errors,
    /// What the screening found.
    pub screenings: Vec<Screening>,
    /// Codes of the statements made already, carried along as `acknowledge`.
    pub statements: Vec<String>,
}

/// The listing being edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editing {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// Its version, sent back as `version`: a change made elsewhere in between is noticed.
    pub version: String,
}

impl PostPage {
    /// Where the form goes.
    #[must_use]
    pub fn action(&self) -> String {
        match &self.editing {
            Some(editing) => format!("/listings/{}", editing.id),
            None => "/listings".to_owned(),
        }
    }

    /// Whether sending the form puts the thing on offer for the first time.
    #[must_use]
    pub fn is_unpublished(&self) -> bool {
        self.editing.as_ref().is_none_or(|editing| editing.state == "draft")
    }

    /// Where 'back' leads.
    #[must_use]
    pub fn back_url(&self) -> String {
        match &self.editing {
            Some(editing) => format!("/listings/{}", editing.id),
            None => "/listings/new".to_owned(),
        }
    }

    /// How many more photos there is room for.
    #[must_use]
    pub fn photos_left(&self) -> u32 {
        self.max_photos.saturating_sub(u32::try_from(self.photos.len()).unwrap_or(u32::MAX))
    }
}
