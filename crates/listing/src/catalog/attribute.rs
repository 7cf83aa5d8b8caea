//! What a listing of a category says of itself: 存储容量, 尺码, …

use luhuan_kernel::{Locale, Message};
use serde::Serialize;
use serde_json::Value;

use super::Label;

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ChoiceOption {
    /// Stable code.
    pub code: String,
    /// Its name.
    #[serde(rename = "name")]
    pub label: Label,
}

/// What kind of value an attribute takes.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum AttributeKind {
    /// One of some options, by its code.
    Enum {
        /// The options, in order.
        options: Vec<ChoiceOption>,
    },
    /// A number in a unit.
    Number {
        /// The unit that it is stored and shown in.
        unit: Label,
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// Free text of one line.
    Text {
        /// Characters at most.
        max: usize,
    },
    /// Yes or no.
    Bool,
}

/// An attribute of a leaf.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Attribute {
    /// Stable code; the same code means the same thing in every leaf.
    pub code: String,
    /// Its name.
    #[serde(rename = "name")]
    pub label: Label,
    /// What it takes.
    #[serde(flatten)]
    pub kind: AttributeKind,
    /// Whether a listing must say it before it is published.
    pub required: bool,
    /// Whether search offers it as a facet.
    pub facet: bool,
}

impl Attribute {
    /// Its name in a language.
    #[must_use]
    pub fn name(&self, locale: Locale) -> &str {
        self.label.text(locale)
    }

    /// A stored value as people read it: `128GB`, `92 %`, `是`.
    #[must_use]
    pub fn shown(&self, value: &Value, locale: Locale) -> String {
        match (&self.kind, value) {
            (AttributeKind::Enum { options }, Value::String(code)) => {
                let known = options.iter().find(|option| option.code == *code);
                known.map_or_else(|| code.clone(), |option| option.label.text(locale).to_owned())
            }
            (AttributeKind::Number { unit, .. }, Value::Number(number)) => {
                format!("{number} {}", unit.text(locale)).trim_end().to_owned()
            }
            (AttributeKind::Bool, Value::Bool(yes)) => {
                let (zh, en) = if *yes { ("是", "Yes") } else { ("否", "No") };
                locale.pick(zh, en).to_owned()
            }
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }

    /// The stored form of a value; `None` when it says nothing.
    pub(super) fn stored(&self, value: &Value) -> Result<Option<Value>, Message> {
        let empty = match value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            _ => false,
        };
        if empty {
            return Ok(None);
        }
        match &self.kind {
            AttributeKind::Enum { options } => choice(options, value),
            AttributeKind::Number { unit, min, max } => number(value, unit, *min, *max),
            AttributeKind::Text { max } => line(value, *max),
            AttributeKind::Bool => yes_or_no(value),
        }
        .map(Some)
    }
}

const WRONG_TYPE: Message = Message::new("listing-attribute-type");

/// An option by its code, or by its name as it stands in a spreadsheet.
fn choice(options: &[ChoiceOption], value: &Value) -> Result<Value, Message> {
    let text = match value {
        Value::String(text) => text.trim().to_lowercase(),
        Value::Number(number) => number.to_string(),
        _ => return Err(WRONG_TYPE),
    };
    let named = |option: &&ChoiceOption| {
        option.code == text
            || [&option.label.zh, &option.label.en].iter().any(|name| name.to_lowercase() == text)
    };
    let known = options.iter().find(named);
    known
        .map(|option| Value::from(option.code.as_str()))
        .ok_or_else(|| Message::new("listing-attribute-option").with("value", shortened(&text)))
}

/// A number as a number, or as text with or without its unit. Kept to two decimals, whole ones as integers.
fn number(value: &Value, unit: &Label, min: f64, max: f64) -> Result<Value, Message> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let text = text.trim();
            let bare =
                [&unit.zh, &unit.en].iter().find_map(|unit| text.strip_suffix(unit.as_str())).unwrap_or(text);
            bare.trim().parse().ok()
        }
        _ => None,
    };
    let number = number.filter(|number| number.is_finite()).ok_or(WRONG_TYPE)?;
    let rounded = (number * 100.0).round() / 100.0;
    if !(min..=max).contains(&rounded) {
        let range = Message::new("listing-attribute-range").with("min", min).with("max", max);
        return Err(range.with("unit", &unit.en));
    }
    // The ranges of the data file lie far within what both forms hold exactly.
    Ok(if rounded.fract() == 0.0 { Value::from(rounded as i64) } else { Value::from(rounded) })
}

fn line(value: &Value, max: usize) -> Result<Value, Message> {
    let text = match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Number(number) => number.to_string(),
        _ => return Err(WRONG_TYPE),
    };
    if text.chars().any(char::is_control) {
        return Err(WRONG_TYPE);
    }
    if text.chars().count() > max {
        return Err(Message::new("listing-text-too-long").with("max", max));
    }
    Ok(text.into())
}

fn yes_or_no(value: &Value) -> Result<Value, Message> {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "on" | "yes" | "1" | "是" | "有" => Ok(true.into()),
            "false" | "off" | "no" | "0" | "否" | "无" => Ok(false.into()),
            _ => Err(WRONG_TYPE),
        },
        _ => Err(WRONG_TYPE),
    }
}

/// The value as the message repeats it: no longer than a glance.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn attribute(kind: AttributeKind) -> Attribute {
        let label = Label { zh: "属性".into(), en: "Attribute".into() };
        Attribute { code: "a".into(), label, kind, required: false, facet: false }
    }

    fn litres() -> Attribute {
        attribute(AttributeKind::Number {
            unit: Label { zh: "升".into(), en: "L".into() },
            min: 0.1,
            max: 2000.0,
        })
    }

    #[test]
    fn a_number_is_read_with_its_unit_and_kept_to_two_decimals() {
        for (sent, stored) in [
            (json!(12), json!(12)),
            (json!(12.0), json!(12)),
            (json!("12升"), json!(12)),
            (json!("1.5 L"), json!(1.5)),
            (json!(0.123_456), json!(0.12)),
        ] {
            assert_eq!(litres().stored(&sent), Ok(Some(stored)), "{sent}");
        }
        for (sent, key) in [
            (json!("many"), "listing-attribute-type"),
            (json!("NaN"), "listing-attribute-type"),
            (json!("inf"), "listing-attribute-type"),
            (json!(true), "listing-attribute-type"),
            (json!(0), "listing-attribute-range"),
            (json!(2000.01), "listing-attribute-range"),
            (json!(1e300), "listing-attribute-range"),
        ] {
            assert_eq!(litres().stored(&sent).unwrap_err().key, key, "{sent}");
        }
    }

    #[test]
    fn a_line_of_text_is_tidied_and_bounded() {
        let text = attribute(AttributeKind::Text { max: 5 });
        assert_eq!(text.stored(&json!("  a \n b ")), Ok(Some(json!("a b"))));
        assert_eq!(text.stored(&json!("一二三四五六")).unwrap_err().key, "listing-text-too-long");
        assert_eq!(text.stored(&json!("a\u{7}b")).unwrap_err().key, "listing-attribute-type");
    }

    #[test]
    fn yes_and_no_are_read_from_forms_and_spreadsheets() {
        let flag = attribute(AttributeKind::Bool);
        assert_eq!(flag.stored(&json!("on")), Ok(Some(json!(true))));
        assert_eq!(flag.stored(&json!("否")), Ok(Some(json!(false))));
        assert_eq!(flag.stored(&json!("maybe")).unwrap_err().key, "listing-attribute-type");
    }

    #[test]
    fn a_value_is_shown_in_the_readers_language() {
        assert_eq!(litres().shown(&json!(12), Locale::ZhCn), "12 升");
        assert_eq!(litres().shown(&json!(1.5), Locale::En), "1.5 L");
        assert_eq!(attribute(AttributeKind::Bool).shown(&json!(true), Locale::ZhCn), "是");
    }

    proptest! {
        #[test]
        fn any_text_is_stored_once_and_for_all_or_refused(text in ".{0,60}") {
            let kinds = [
                AttributeKind::Bool,
                AttributeKind::Text { max: 40 },
                litres().kind,
            ];
            for kind in kinds {
                let attribute = attribute(kind);
                if let Ok(Some(stored)) = attribute.stored(&json!(text)) {
                    prop_assert_eq!(attribute.stored(&stored), Ok(Some(stored.clone())));
                }
            }
        }
    }
}
