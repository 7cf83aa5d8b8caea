//! How two versions of a rubric differ, for the editor and for malls that come back.

use serde::Serialize;

use super::rubric::{Category, Item, Rubric};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::Difference)]
pub struct Difference {
    /// Where: `pass.total_percent`, `category.2`, `item.X203.points`.
    pub place: String,
    /// Before; absent when it is new.
    pub before: Option<String>,
    /// After; absent when it is gone.
    pub after: Option<String>,
}

/// Everything in which `after` differs from `before`, in the order of the new version, then what is gone.
#[must_use]
pub fn compare(before: &Rubric, after: &Rubric) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut field = |place: &str, b: String, a: String| {
        if a != b {
            all.push(Difference { place: place.to_owned(), before: Some(b), after: Some(a) });
        }
    };
    field("name.zh", before.name.zh.clone(), after.name.zh.clone());
    field("name.en", before.name.en.clone(), after.name.en.clone());
    field("pass.total_percent", before.pass.total_percent.to_string(), after.pass.total_percent.to_string());
    field(
        "pass.category_percent",
        before.pass.category_percent.to_string(),
        after.pass.category_percent.to_string(),
    );
    field("pass.refuse_without", before.pass.refuse_without.join(", "), after.pass.refuse_without.join(", "));
    field("trust_share", plain(&before.trust_share), plain(&after.trust_share));
    field(
        "eligibility.features",
        before.eligibility.features.to_string(),
        after.eligibility.features.to_string(),
    );
    field(
        "eligibility.area_m2",
        before.eligibility.area_m2.to_string(),
        after.eligibility.area_m2.to_string(),
    );
    field(
        "eligibility.meter_months",
        before.eligibility.meter_months.to_string(),
        after.eligibility.meter_months.to_string(),
    );
    all.extend(pairs("category", &before.categories, &after.categories, |c| &c.code, category_fields));
    let (old, new): (Vec<_>, Vec<_>) = (before.items().cloned().collect(), after.items().cloned().collect());
    all.extend(pairs("item", &old, &new, |item| &item.code, item_fields));
    all
}

fn category_fields(category: &Category) -> Vec<(&'static str, String)> {
    vec![
        ("name", category.name.zh.clone()),
        ("points", category.points.to_string()),
        ("pass_percent", category.pass_percent.map_or_else(String::new, |percent| percent.to_string())),
        ("pillar", category.pillar.code().to_owned()),
    ]
}

fn item_fields(item: &Item) -> Vec<(&'static str, String)> {
    vec![
        ("name", item.name.zh.clone()),
        ("name_en", item.name.en.clone()),
        ("points", item.points.to_string()),
        ("rule", plain(&item.rule)),
        ("evidence", plain(&item.evidence)),
        ("trust", item.trust.to_string()),
        ("site", item.site.to_string()),
        ("not_applicable", item.not_applicable.to_string()),
    ]
}

fn pairs<T>(
    kind: &str,
    before: &[T],
    after: &[T],
    code: impl Fn(&T) -> &String,
    fields: impl Fn(&T) -> Vec<(&'static str, String)>,
) -> Vec<Difference> {
    let mut all = Vec::new();
    for new in after {
        let place = format!("{kind}.{}", code(new));
        let Some(old) = before.iter().find(|old| code(old) == code(new)) else {
            let after = fields(new).swap_remove(0).1;
            all.push(Difference { place, before: None, after: Some(after) });
            continue;
        };
        for ((name, was), (_, is)) in fields(old).into_iter().zip(fields(new)) {
            if was != is {
                all.push(Difference { place: format!("{place}.{name}"), before: Some(was), after: Some(is) });
            }
        }
    }
    for old in before.iter().filter(|old| !after.iter().any(|new| code(new) == code(old))) {
        let before = fields(old).swap_remove(0).1;
        all.push(Difference { place: format!("{kind}.{}", code(old)), before: Some(before), after: None });
    }
    all
}

fn plain<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data serialises")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_does_not_differ_from_itself() {
        for rubric in Rubric::shipped() {
            assert_eq!(compare(&rubric, &rubric), []);
        }
    }

    #[test]
    fn what_is_new_gone_and_changed_is_named() {
        let before = Rubric::shipped().remove(0);
        let mut after = before.clone();
        after.pass.total_percent = 85;
        after.categories[2].items[1].points = 5;
        let gone = after.categories[5].items.pop().unwrap();
        let mut new = gone.clone();
        new.code = "X606".into();
        after.categories[5].items.push(new);
        let found: Vec<_> = compare(&before, &after)
            .into_iter()
            .map(|d| (d.place, d.before.is_some(), d.after.is_some()))
            .collect();
        assert_eq!(
            found,
            [
                ("pass.total_percent".to_owned(), true, true),
                ("item.X302.points".to_owned(), true, true),
                ("item.X606".to_owned(), false, true),
                ("item.X605".to_owned(), true, false),
            ]
        );
    }
}
