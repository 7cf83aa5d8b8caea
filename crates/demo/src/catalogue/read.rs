//! Reading the catalogue's files, and refusing what the category tree does not know.

use std::collections::BTreeMap;

use luhuan_listing::catalog::{Attribute, AttributeKind, Catalog, Category};
use serde::Deserialize;
use serde_json::Value;

use super::{Brand, Catalogue, Choices, Defects, Leaf, Model, Size};

/// A catalogue file that does not say what it should.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{place}: {what}")]
pub struct CatalogueError {
    /// Root, leaf or model.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

macro_rules! files {
    ($($root:literal)+) => { [$(include_str!(concat!("../../data/catalogue/", $root, ".toml"))),+] };
}

/// The files that come with the program, a root each.
pub(super) const FILES: [&str; 19] = files!(
    "phones" "cameras" "computers" "games" "furniture" "kitchen" "appliances" "cycling" "books" "baby" "fashion"
    "jewelry" "music" "sports" "beauty" "tools" "pets" "collect" "business"
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RootFile {
    root: String,
    decay: f64,
    size: Size,
    words: Vec<String>,
    light: Vec<String>,
    heavy: Vec<String>,
    dead: Vec<String>,
    kit: Vec<String>,
    leaf: Vec<LeafFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeafFile {
    category: String,
    weight: u32,
    pictures: Vec<String>,
    noun: String,
    brands: Vec<String>,
    #[serde(default)]
    show: Vec<String>,
    #[serde(default)]
    set: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    only_new: bool,
    size: Option<Size>,
    decay: Option<f64>,
    words: Option<Vec<String>>,
    light: Option<Vec<String>>,
    heavy: Option<Vec<String>>,
    dead: Option<Vec<String>>,
    kit: Option<Vec<String>>,
}

pub(super) fn read(files: &[&str]) -> Result<Catalogue, CatalogueError> {
    let mut leaves = Vec::new();
    for file in files {
        let file: RootFile = toml::from_str(file).map_err(|wrong| error("catalogue", wrong.to_string()))?;
        for leaf in &file.leaf {
            leaves.push(read_leaf(&file, leaf)?);
        }
    }
    Ok(Catalogue::new(leaves))
}

fn error(place: &str, what: impl Into<String>) -> CatalogueError {
    CatalogueError { place: place.to_owned(), what: what.into() }
}

fn read_leaf(file: &RootFile, leaf: &LeafFile) -> Result<Leaf, CatalogueError> {
    let place = leaf.category.as_str();
    let category = Catalog::get()
        .category(place)
        .filter(|category| category.is_leaf() && category.parent.as_ref() == Some(&file.root))
        .ok_or_else(|| error(place, format!("is no leaf of {}", file.root)))?;
    if let Some(unknown) = leaf.show.iter().find(|code| category.attribute(code).is_none()) {
        return Err(error(place, format!("shows an attribute that the category has not: {unknown}")));
    }
    if leaf.weight == 0 || leaf.pictures.is_empty() {
        return Err(error(place, "needs a weight and a picture"));
    }
    let or_root = |own: &Option<Vec<String>>, root: &[String]| own.clone().unwrap_or_else(|| root.to_vec());
    Ok(Leaf {
        category,
        weight: leaf.weight,
        noun: leaf.noun.clone(),
        pictures: leaf.pictures.clone(),
        size: leaf.size.unwrap_or(file.size),
        decay: leaf.decay.unwrap_or(file.decay),
        only_new: leaf.only_new,
        show: leaf.show.clone(),
        usual: leaf
            .set
            .iter()
            .map(|(code, values)| Ok((code.clone(), usual(category, code, values)?)))
            .collect::<Result<_, CatalogueError>>()?,
        words: or_root(&leaf.words, &file.words),
        defects: Defects {
            light: or_root(&leaf.light, &file.light),
            heavy: or_root(&leaf.heavy, &file.heavy),
            dead: or_root(&leaf.dead, &file.dead),
        },
        kit: or_root(&leaf.kit, &file.kit),
        models: read_models(category, &leaf.brands)?,
    })
}

/// The usual values of an attribute: option codes, the two ends of a range, or 0 and 1 for no and yes.
fn usual(category: &Category, code: &str, values: &[Value]) -> Result<Choices, CatalogueError> {
    let attribute = known(category, code)?;
    if matches!(attribute.kind, AttributeKind::Number { .. })
        && let [Value::Number(from), Value::Number(to)] = values
        && let (Some(from), Some(to)) = (from.as_f64(), to.as_f64())
    {
        return between(category, attribute, from, to);
    }
    let values = values.iter().map(|value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    one_of(category, attribute, values)
}

fn between(
    category: &Category,
    attribute: &Attribute,
    from: f64,
    to: f64,
) -> Result<Choices, CatalogueError> {
    let AttributeKind::Number { min, max, .. } = attribute.kind else {
        return Err(error(&category.code, format!("{} is no number", attribute.code)));
    };
    // A range below one (litres, say) has too few whole numbers in it: its tenths are the choices.
    if to < 10.0 && from.fract() != 0.0 {
        let tenths = (from * 10.0).round() as i64..=(to * 10.0).round() as i64;
        return one_of(category, attribute, tenths.map(|tenth| (tenth as f64 / 10.0).to_string()));
    }
    if from < min || to > max || from > to {
        return Err(error(
            &category.code,
            format!("{}: {from} to {to} is not within {min} to {max}", attribute.code),
        ));
    }
    Ok(Choices::Between(from.ceil() as i64, to.floor() as i64))
}

fn one_of(
    category: &Category,
    attribute: &Attribute,
    values: impl Iterator<Item = String>,
) -> Result<Choices, CatalogueError> {
    let values = values.map(|text| stored(category, attribute, &text)).collect::<Result<Vec<Value>, _>>()?;
    if values.is_empty() {
        return Err(error(&category.code, format!("{} has no values", attribute.code)));
    }
    Ok(Choices::OneOf(values))
}

/// The form in which a listing stores the value, checked against the tree.
fn stored(category: &Category, attribute: &Attribute, text: &str) -> Result<Value, CatalogueError> {
    let wrong = || error(&category.code, format!("{} cannot be '{text}'", attribute.code));
    match &attribute.kind {
        AttributeKind::Enum { options } => {
            options.iter().any(|option| option.code == text).then(|| Value::from(text)).ok_or_else(wrong)
        }
        AttributeKind::Number { min, max, .. } => {
            let number: f64 = text.parse().map_err(|_| wrong())?;
            if !(*min..=*max).contains(&number) {
                return Err(wrong());
            }
            Ok(if number.fract() == 0.0 { Value::from(number as i64) } else { Value::from(number) })
        }
        AttributeKind::Text { .. } => Ok(Value::from(text)),
        AttributeKind::Bool => match text {
            "0" => Ok(Value::Bool(false)),
            "1" => Ok(Value::Bool(true)),
            _ => Err(wrong()),
        },
    }
}

fn known<'a>(category: &'a Category, code: &str) -> Result<&'a Attribute, CatalogueError> {
    category.attribute(code).ok_or_else(|| error(&category.code, format!("has no attribute {code}")))
}

/// The models of lines like `!苹果/Apple: iPhone 13@5999~2021{storage=128gb|256gb}, iPhone 12@...`.
fn read_models(category: &Category, lines: &[String]) -> Result<Vec<Model>, CatalogueError> {
    let mut models = Vec::new();
    for line in lines {
        let (brand, rest) =
            line.split_once(": ").ok_or_else(|| error(&category.code, format!("no brand in '{line}'")))?;
        let brand = read_brand(brand);
        for text in rest.split(", ") {
            models.push(read_model(category, &brand, text)?);
        }
    }
    Ok(models)
}

fn read_brand(text: &str) -> Brand {
    let silent = text.starts_with('!');
    let text = text.trim_start_matches('!');
    let (name, latin) = match text.split_once('/') {
        Some((name, latin)) => (name, Some(latin.to_owned())),
        None => (text, None),
    };
    Brand { name: name.to_owned(), latin, silent }
}

fn read_model(category: &Category, brand: &Brand, text: &str) -> Result<Model, CatalogueError> {
    let place = format!("{} {text}", category.code);
    let (head, fixed) = match text.split_once('{') {
        Some((head, fixed)) => {
            (head, fixed.strip_suffix('}').ok_or_else(|| error(&place, "a brace is not closed"))?)
        }
        None => (text, ""),
    };
    let (name, worth) = head.rsplit_once('@').ok_or_else(|| error(&place, "no price"))?;
    let (price, year) = worth.split_once('~').map_or((worth, None), |(price, year)| (price, Some(year)));
    let price: f64 = price.parse().map_err(|_| error(&place, "the price is no number"))?;
    let year =
        year.map(|year| year.parse().map_err(|_| error(&place, "the year is no number"))).transpose()?;
    if name.is_empty() || price <= 0.0 {
        return Err(error(&place, "a model needs a name and a price"));
    }
    let fixed = fixed.split(';').filter(|pair| !pair.is_empty()).map(|pair| {
        let (code, values) =
            pair.split_once('=').ok_or_else(|| error(&place, format!("'{pair}' has no value")))?;
        let values = values.split('|').map(str::to_owned);
        Ok((code.to_owned(), one_of(category, known(category, code)?, values)?))
    });
    Ok(Model {
        brand: brand.clone(),
        name: name.to_owned(),
        price,
        year,
        fixed: fixed.collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(model: &str) -> Result<Vec<Model>, CatalogueError> {
        let category = Catalog::get().category("phones-smartphone").expect("phones");
        read_models(category, &[format!("!苹果/Apple: {model}")])
    }

    #[test]
    fn a_line_names_brand_price_year_and_what_follows_from_the_model() {
        let models =
            phone("iPhone 13@5999~2021{storage=128gb|256gb;ram=4gb}, iPhone 12@6299").expect("reads");
        assert_eq!(models.len(), 2);
        assert_eq!(models[0].brand, Brand { name: "苹果".into(), latin: Some("Apple".into()), silent: true });
        assert_eq!(
            (models[0].name.as_str(), models[0].price, models[0].year),
            ("iPhone 13", 5999.0, Some(2021))
        );
        let storage = Choices::OneOf(vec![Value::from("128gb"), Value::from("256gb")]);
        assert_eq!(models[0].fixed[0], ("storage".to_owned(), storage));
        assert_eq!(models[1].year, None);
    }

    #[test]
    fn what_the_tree_does_not_know_is_refused_with_its_place() {
        for (line, what) in [
            ("iPhone 13", "no price"),
            ("iPhone 13@five", "the price is no number"),
            ("iPhone 13@5999{storage=100gb}", "storage cannot be '100gb'"),
            ("iPhone 13@5999{wheels=2}", "has no attribute wheels"),
            ("iPhone 13@5999{battery=120}", "battery cannot be '120'"),
            ("iPhone 13@5999{storage=128gb", "a brace is not closed"),
        ] {
            assert_eq!(phone(line).expect_err(line).what, what);
        }
    }

    #[test]
    fn the_files_of_the_program_are_read() {
        read(&FILES).expect("the catalogue reads");
    }
}
