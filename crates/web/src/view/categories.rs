//! All categories.

use askama::Template;

use super::Frame;

/// A leaf of the category tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryLeaf {
    /// Its code.
    pub code: String,
    /// Its name in the reader's language.
    pub name: String,
    /// How many listings can be had in it; none to leave the figure out.
    pub count: Option<u64>,
}

/// A root of the category tree with its leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryRoot {
    /// Its code: also the name of its picture.
    pub code: String,
    /// Its name in the reader's language.
    pub name: String,
    /// Its leaves.
    pub leaves: Vec<CategoryLeaf>,
}

impl CategoryRoot {
    /// The address of its picture.
    #[must_use]
    pub fn picture(&self) -> std::borrow::Cow<'static, str> {
        crate::assets::category_picture(&self.code)
    }
}

/// `GET /categories`: every root with its leaves, each leading to `/search?category=`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "categories.html")]
pub struct CategoriesPage {
    /// Around the page.
    pub frame: Frame,
    /// The whole tree.
    pub categories: Vec<CategoryRoot>,
}
