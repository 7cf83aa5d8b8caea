//! What the demo city sells: for every leaf of the category tree its pictures, brands and models, and the words that
//! sellers use. The data is in `data/catalogue/`, a file for each root; how to read one: the README beside them.

mod read;

use std::sync::LazyLock;

use luhuan_listing::catalog::Category;
use serde_json::Value;

pub use read::CatalogueError;

/// All leaves with what is sold there.
#[derive(Debug)]
pub struct Catalogue {
    leaves: Vec<Leaf>,
    /// Sum of the weights of the leaves up to and including each.
    cumulated: Vec<u32>,
}

/// A leaf of the category tree and what is sold there.
#[derive(Debug)]
pub struct Leaf {
    /// Its place in the tree.
    pub category: &'static Category,
    /// How often it occurs, relative to the others.
    pub weight: u32,
    /// What a thing of this kind is called in a title.
    pub noun: String,
    /// Names of its pictures (see [`crate::photos`]).
    pub pictures: Vec<String>,
    /// How it travels.
    pub size: Size,
    /// How fast it loses value, per year of age: a thing of `n` years is worth `exp(-decay * n)` of a new one.
    pub decay: f64,
    /// Whether the rules let it be sold only unused.
    pub only_new: bool,
    /// Attributes that titles mention, the telling ones first.
    pub show: Vec<String>,
    /// Values that are usual here, by attribute; an attribute without an entry is chosen from all its options.
    pub usual: Vec<(String, Choices)>,
    /// What sellers praise.
    pub words: Vec<String>,
    /// Defects of good pieces, of worn ones, and of broken ones.
    pub defects: Defects,
    /// What comes with it.
    pub kit: Vec<String>,
    /// What is sold.
    pub models: Vec<Model>,
}

/// Defects by how bad they are.
#[derive(Debug)]
pub struct Defects {
    /// Traces of use.
    pub light: Vec<String>,
    /// Visible damage, repairs.
    pub heavy: Vec<String>,
    /// Reasons why it is sold for parts.
    pub dead: Vec<String>,
}

/// How a thing travels from seller to buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    /// In a parcel.
    Small,
    /// In a big parcel, or under the arm.
    Medium,
    /// By car, from the door.
    Bulky,
}

/// A model of a brand.
#[derive(Debug)]
pub struct Model {
    /// Who makes it (of a book: who publishes it).
    pub brand: Brand,
    /// Its name.
    pub name: String,
    /// What it cost new, in yuan.
    pub price: f64,
    /// The year from which it was sold, where that matters.
    pub year: Option<i32>,
    /// Attributes that follow from the model.
    pub fixed: Vec<(String, Choices)>,
}

/// A brand, as it is written in both scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// The usual name, mostly Chinese.
    pub name: String,
    /// The name in Latin letters, where another one is usual.
    pub latin: Option<String>,
    /// Whether titles mostly leave it out, because the model says it all (iPhone).
    pub silent: bool,
}

/// Values that an attribute may take.
#[derive(Debug, Clone, PartialEq)]
pub enum Choices {
    /// One of these stored values.
    OneOf(Vec<Value>),
    /// A whole number in this range.
    Between(i64, i64),
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    read::read(&read::FILES).expect("the catalogue is part of the program, and a test reads it")
});

impl Catalogue {
    /// The catalogue of this program.
    #[must_use]
    pub fn get() -> &'static Self {
        &CATALOGUE
    }

    fn new(leaves: Vec<Leaf>) -> Self {
        let cumulated = leaves
            .iter()
            .scan(0, |sum, leaf| {
                *sum += leaf.weight;
                Some(*sum)
            })
            .collect();
        Self { leaves, cumulated }
    }

    /// All leaves, in the order of the files.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The leaf of a category code.
    #[must_use]
    pub fn leaf(&self, category: &str) -> Option<&Leaf> {
        self.leaves.iter().find(|leaf| leaf.category.code == category)
    }

    /// The sum of all weights.
    #[must_use]
    pub fn total_weight(&self) -> u32 {
        self.cumulated.last().copied().unwrap_or_default()
    }

    /// The leaf at a place in `0..total_weight()`: leaves take up as much room as they weigh.
    #[must_use]
    pub fn at(&self, place: u32) -> &Leaf {
        let index = self.cumulated.partition_point(|sum| *sum <= place);
        &self.leaves[index.min(self.leaves.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use luhuan_listing::catalog::Catalog;

    use super::*;

    #[test]
    fn every_leaf_of_the_tree_is_sold_here_once() {
        let sold: Vec<&str> =
            Catalogue::get().leaves().iter().map(|leaf| leaf.category.code.as_str()).collect();
        let distinct: HashSet<&str> = sold.iter().copied().collect();
        let tree: HashSet<&str> = Catalog::get().leaves().map(|leaf| leaf.code.as_str()).collect();
        assert_eq!(distinct, tree);
        assert_eq!(sold.len(), distinct.len());
    }

    #[test]
    fn there_is_enough_to_tell_a_hundred_thousand_listings_apart() {
        let models: usize = Catalogue::get().leaves().iter().map(|leaf| leaf.models.len()).sum();
        assert!(models > 4_000, "{models}");
        for leaf in Catalogue::get().leaves() {
            assert!(leaf.models.len() >= 8, "{} has {} models", leaf.category.code, leaf.models.len());
        }
    }

    #[test]
    fn every_picture_is_there() {
        for leaf in Catalogue::get().leaves() {
            for picture in &leaf.pictures {
                assert!(crate::photos::picture(picture).is_some(), "{}: {picture}", leaf.category.code);
            }
        }
    }

    #[test]
    fn a_place_falls_on_each_leaf_as_often_as_it_weighs() {
        let catalogue = Catalogue::get();
        let phones = (0..catalogue.total_weight())
            .filter(|place| catalogue.at(*place).category.code == "phones-smartphone")
            .count();
        assert_eq!(phones, catalogue.leaf("phones-smartphone").expect("phones").weight as usize);
    }
}
