//! Search results.

use askama::Template;

use super::chart::Histogram;
use super::{Card, Choice, Frame, Pager};

/// How many values of a facet may be chosen at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FacetKind {
    /// Any number: checkboxes.
    #[default]
    Many,
    /// One: radio buttons, with one for all.
    One,
}

/// A facet: a way to narrow the results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetGroup {
    /// The parameter it sets: `category`, `condition`, `district`, `delivery`, `attr`.
    pub name: String,
    /// Its heading.
    pub label: String,
    /// How many values may be chosen.
    pub kind: FacetKind,
    /// Its values, the chosen ones and the most frequent first.
    pub values: Vec<Facet>,
}

impl FacetGroup {
    /// Whether one value at most may be chosen.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.kind == FacetKind::One
    }

    /// Whether nothing is chosen.
    #[must_use]
    pub fn none_chosen(&self) -> bool {
        self.values.iter().all(|value| !value.chosen)
    }

    /// The values shown at once: the first eight, and whatever is chosen.
    #[must_use]
    pub fn shown(&self) -> Vec<&Facet> {
        self.values
            .iter()
            .enumerate()
            .filter(|(at, value)| *at < 8 || value.chosen)
            .map(|pair| pair.1)
            .collect()
    }

    /// The values behind 'more'.
    #[must_use]
    pub fn more(&self) -> Vec<&Facet> {
        self.values
            .iter()
            .enumerate()
            .filter(|(at, value)| *at >= 8 && !value.chosen)
            .map(|pair| pair.1)
            .collect()
    }
}

/// A value of a facet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facet {
    /// What the form sends; for an attribute its code and the value: `storage:128gb`.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// How many listings it would leave.
    pub count: u64,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Something that narrows the results, with the way to take it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectedChip {
    /// What it is: 95新, ¥200 – 400.
    pub label: String,
    /// The results without it.
    pub without: String,
}

/// A way to sort, with its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortOption {
    /// What `sort=` carries: `relevance`, `newest`, `price_asc`, `price_desc`, `distance`.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// Whether it is in force.
    pub chosen: bool,
    /// The results sorted so.
    pub url: String,
}

/// Something to say about how these results came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchNotice {
    /// The engine is away; these come from the plain search of the database.
    Degraded,
    /// The index is being rebuilt and is complete by so many percent.
    Rebuilding(u8),
    /// The place given could not be read, so distance was left out.
    PlaceUnknown,
}

/// 'Near where?': the sub-districts to choose from, and how far around.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NearForm {
    /// The districts with their sub-districts; the value of each is its `lat,lon`, the field is `near`.
    pub places: Vec<(String, Vec<Choice>)>,
    /// How far, in metres: the field is `radius`.
    pub radii: Vec<Choice>,
}

/// `GET /search`. The filters are a form sent by GET to the same address with the names of the API:
/// `q`, `category`, `condition`, `district`, `delivery`, `attr` (as `storage:128gb`; these four may repeat),
/// `min_price` and `max_price` (in yuan as typed, unlike the API's fen), `near` (`lat,lon`), `radius` (metres), `sort`. Fields left empty arrive as empty strings.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// Around the page; `frame.query` is what was searched for.
    pub frame: Frame,
    /// The heading: the words searched for, or the category, or 'all'.
    pub heading: String,
    /// How many there are.
    pub total: u64,
    /// How long the search took, in milliseconds; none to leave it out.
    pub took_ms: Option<u64>,
    /// The results.
    pub cards: Vec<Card>,
    /// Ways to narrow.
    pub facets: Vec<FacetGroup>,
    /// What narrows already.
    pub chips: Vec<SelectedChip>,
    /// The results with nothing narrowed.
    pub clear_url: String,
    /// How prices are spread; empty to leave it out.
    pub histogram: Histogram,
    /// The lowest price asked for, in yuan as typed.
    pub min_price: String,
    /// The highest price asked for, in yuan as typed.
    pub max_price: String,
    /// What is wrong with the prices or the place; empty when nothing is.
    pub filter_error: String,
    /// Near where.
    pub near: NearForm,
    /// Ways to sort.
    pub sorts: Vec<SortOption>,
    /// What to say about the results.
    pub notices: Vec<SearchNotice>,
    /// Another spelling and where it leads.
    pub did_you_mean: Option<(String, String)>,
    /// Parameters that the filter form carries unseen (those with no field in it).
    pub hidden: Vec<(String, String)>,
    /// When nothing was found: other words and categories that would find something, with their addresses.
    pub suggestions: Vec<(String, String)>,
    /// More results.
    pub pager: Pager,
}

impl SearchPage {
    /// The sort in force.
    #[must_use]
    pub fn sort(&self) -> &str {
        self.sorts.iter().find(|sort| sort.chosen).map_or("", |sort| &sort.value)
    }

    /// How many things narrow the results.
    #[must_use]
    pub fn chosen(&self) -> usize {
        self.chips.len()
    }
}
