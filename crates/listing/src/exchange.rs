//! Listings as rows of a file: what an import reads.
//!
//! JSON Lines carries one object a line with the fields of `POST /api/v1/listings`, and `external_id` and `seller` (a
//! login). CSV has the same names as headers; lists are separated by `|`, attributes are columns `attr.<code>`, and
//! `price` and `original_price` may stand for the fields in fen, in yuan.

use luhuan_kernel::Money;
use serde_json::{Map, Number, Value};

use crate::{api::ListingInput, service::CreateListing};

/// A row that reads.
#[derive(Clone, Debug)]
pub struct Row {
    /// Who sells it, by login; `None` leaves it to the importer.
    pub seller: Option<String>,
    /// The command.
    pub listing: CreateListing,
}

/// Why a row does not read, in words for the one who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RowError(pub String);

/// Reads a line of JSON.
///
/// # Errors
/// When it is no object of this shape.
pub fn read_json(line: &str) -> Result<Row, RowError> {
    let value: Value = serde_json::from_str(line).map_err(|error| RowError(format!("not JSON: {error}")))?;
    match value {
        Value::Object(fields) => read_fields(fields),
        _ => Err(RowError("not a JSON object".into())),
    }
}

/// Reads a CSV record under its headers.
///
/// # Errors
/// When a column is unknown or a value is not of its type.
pub fn read_csv<'a>(columns: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Row, RowError> {
    let (mut fields, mut attributes) = (Map::new(), Map::new());
    for (name, value) in columns {
        let (name, value) = (name.trim(), value.trim());
        if value.is_empty() {
            continue;
        }
        if let Some(code) = name.strip_prefix("attr.") {
            attributes.insert(code.to_owned(), scalar(value));
        } else {
            let (name, value) = cell(name, value)?;
            fields.insert(name.to_owned(), value);
        }
    }
    if !attributes.is_empty() {
        fields.insert("attributes".to_owned(), Value::Object(attributes));
    }
    read_fields(fields)
}

fn cell<'a>(name: &'a str, value: &str) -> Result<(&'a str, Value), RowError> {
    let whole = |value: &str| {
        value
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| RowError(format!("{name}: '{value}' is no whole number")))
    };
    Ok(match name {
        "price" => ("price_fen", yuan(name, value)?),
        "original_price" => ("original_price_fen", yuan(name, value)?),
        "price_fen" | "original_price_fen" | "quantity" | "age_months" => (name, whole(value)?),
        "negotiable" => (name, Value::Bool(matches!(value, "true" | "1" | "yes" | "是"))),
        "defects" | "delivery" | "statements" => {
            let parts = value.split('|').map(str::trim).filter(|part| !part.is_empty());
            (name, Value::Array(parts.map(Value::from).collect()))
        }
        _ => (name, Value::from(value)),
    })
}

/// An amount in yuan, as fen.
fn yuan(name: &str, value: &str) -> Result<Value, RowError> {
    let wrong = || RowError(format!("{name}: '{value}' is no amount in yuan with at most two decimals"));
    Money::cny_from_yuan(value).map(|money| Value::from(money.minor)).ok_or_else(wrong)
}

/// A cell of an attribute: a number or a truth value when it reads as one.
fn scalar(value: &str) -> Value {
    match value {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => value.parse::<Number>().map_or_else(|_| Value::from(value), Value::Number),
    }
}

fn read_fields(mut fields: Map<String, Value>) -> Result<Row, RowError> {
    let mut take = |name: &str| match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= 200 => Ok(Some(text.trim().to_owned())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(RowError(format!("{name}: not a text of at most 200 characters"))),
    };
    let (seller, external_id) = (take("seller")?, take("external_id")?);
    let input: ListingInput =
        serde_json::from_value(Value::Object(fields)).map_err(|error| RowError(error.to_string()))?;
    let mut listing = input.into_command().map_err(|error| RowError(error.to_string()))?;
    listing.external_id = external_id;
    Ok(Row { seller, listing })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn csv_and_json_say_the_same() {
        let columns = [
            ("title", "山地车"),
            ("category", "bikes"),
            ("price", "680.5"),
            ("delivery", "pickup|express"),
            ("attr.size", "26"),
            ("external_id", "7"),
        ];
        let csv = read_csv(columns.into_iter()).unwrap().listing;
        let json = read_json(
            r#"{"title":"山地车","category":"bikes","price_fen":68050,"delivery":["pickup","express"],"attributes":{"size":26},"external_id":7}"#,
        )
        .unwrap()
        .listing;
        assert_eq!(csv.details, json.details);
        assert_eq!((csv.external_id, csv.details.price_fen), (json.external_id, Some(68050)));
    }

    #[test]
    fn a_bad_cell_is_named() {
        let error = read_csv([("title", "x"), ("price", "cheap")].into_iter()).unwrap_err();
        assert!(error.to_string().starts_with("price: 'cheap'"), "{error}");
        assert!(read_json("{\"titel\":\"x\"}").unwrap_err().to_string().contains("titel"));
    }

    proptest! {
        #[test]
        fn any_line_reads_or_is_refused(line in ".{0,200}") {
            let _: Result<Row, RowError> = read_json(&line);
        }

        #[test]
        fn any_record_reads_or_is_refused(cells in proptest::collection::vec(("[a-z_.]{0,12}", ".{0,30}"), 0..8)) {
            let _: Result<Row, RowError> = read_csv(cells.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        }
    }
}
