//! Addresses of pages with their query, changed one parameter at a time.

/// A path and its query parameters in order. Facets, chips, sorting and paging are all the present address with
/// one thing changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    path: String,
    params: Vec<(String, String)>,
}

impl Address {
    /// The address of `path` with `params`; empty values, as an untouched form field sends them, are dropped.
    pub fn new<N: Into<String>, V: Into<String>>(
        path: impl Into<String>,
        params: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let params = params
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .filter(|(_, value): &(String, String)| !value.is_empty())
            .collect();
        Self { path: path.into(), params }
    }

    /// The parameters in order.
    #[must_use]
    pub fn params(&self) -> &[(String, String)] {
        &self.params
    }

    /// The same with `name` set to `value` alone; without it when `value` is empty.
    #[must_use]
    pub fn set(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        if !value.is_empty() {
            changed.params.push((name.to_owned(), value.to_owned()));
        }
        changed
    }

    /// The same without any `name`.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let params = self.params.iter().filter(|(held, _)| held != name).cloned().collect();
        Self { path: self.path.clone(), params }
    }

    /// The same with this one `value` of `name` taken away if it is there and added if it is not.
    #[must_use]
    pub fn toggle(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        let before = changed.params.len();
        changed.params.retain(|(n, v)| !(n == name && v == value));
        if changed.params.len() == before {
            changed.params.push((name.to_owned(), value.to_owned()));
        }
        changed
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)?;
        for (index, (name, value)) in self.params.iter().enumerate() {
            f.write_str(if index == 0 { "?" } else { "&" })?;
            encode(f, name)?;
            f.write_str("=")?;
            encode(f, value)?;
        }
        Ok(())
    }
}

/// A value ready for a query.
#[must_use]
pub fn encoded(value: &str) -> String {
    struct Encoded<'a>(&'a str);
    impl std::fmt::Display for Encoded<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            encode(f, self.0)
        }
    }
    Encoded(value).to_string()
}

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3 and the comma, which `near=lat,lon` keeps
/// legible.
fn encode(f: &mut std::fmt::Formatter<'_>, text: &str) -> std::fmt::Result {
    use std::fmt::Write;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            f.write_char(char::from(byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Address;

    fn here() -> Address {
        Address::new("/search", [("q", "山地车 26寸"), ("category", "bikes"), ("min_price", "")])
    }

    #[test]
    fn what_a_form_left_empty_is_not_carried_on() {
        assert_eq!(here().to_string(), "/search?q=%E5%B1%B1%E5%9C%B0%E8%BD%A6%2026%E5%AF%B8&category=bikes");
    }

    #[test]
    fn toggling_twice_leaves_the_address_as_it_was() {
        let with = here().toggle("condition", "95");
        assert!(with.to_string().ends_with("&condition=95"));
        assert_eq!(with.toggle("condition", "95"), here());
    }

    #[test]
    fn setting_replaces_every_value_of_the_name() {
        let twice = here().toggle("sort", "price").toggle("sort", "newest");
        assert_eq!(twice.set("sort", "distance").params().iter().filter(|(n, _)| n == "sort").count(), 1);
        assert_eq!(twice.set("sort", ""), here());
    }

    #[test]
    fn markup_and_separators_cannot_break_out() {
        let odd = Address::new("/search", [("q", "a&b=c\"<x>#")]);
        assert_eq!(odd.to_string(), "/search?q=a%26b%3Dc%22%3Cx%3E%23");
    }
}
