//! What people read: translations in Fluent files, zh-CN first and en complete.

use std::{collections::BTreeSet, str::FromStr};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use serde::{Deserialize, Serialize};

/// A language that pages and problems are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Locale {
    /// Simplified Chinese, the first language.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Locale {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The first language of an `Accept-Language` header that we have, by its weights; Chinese when none.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (0.0, Self::default());
        for part in header.split(',') {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            let weight: f32 = weight.trim().parse().unwrap_or(0.0);
            if let Ok(locale) = tag.parse::<Self>()
                && weight > best.0
            {
                best = (weight, locale);
            }
        }
        best.1
    }

    /// One of two texts that data files carry side by side.
    #[must_use]
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::ZhCn => zh,
            Self::En => en,
        }
    }
}

impl FromStr for Locale {
    type Err = ();

    fn from_str(tag: &str) -> Result<Self, ()> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Ok(Self::ZhCn),
            "en" => Ok(Self::En),
            _ => Err(()),
        }
    }
}

/// One Fluent file.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Its language.
    pub locale: Locale,
    /// Its text.
    pub ftl: &'static str,
}

/// All translations of the program, read once at start.
pub struct Texts {
    bundles: [FluentBundle<FluentResource>; 2],
    keys: [BTreeSet<String>; 2],
}

impl Texts {
    /// Reads the files.
    ///
    /// # Panics
    /// When a file does not parse or says a key twice: the files are part of the program, and its tests load them.
    #[must_use]
    pub fn new(sources: &[Source]) -> Self {
        let build = |locale: Locale| {
            let language = locale.tag().parse().expect("a language tag");
            let mut bundle = FluentBundle::new_concurrent(vec![language]);
            bundle.set_use_isolating(false);
            let mut keys = BTreeSet::new();
            for source in sources.iter().filter(|source| source.locale == locale) {
                let resource = FluentResource::try_new(source.ftl.to_owned())
                    .unwrap_or_else(|(_, errors)| panic!("{} translation: {errors:?}", locale.tag()));
                // A message starts at the margin; what belongs to it is indented (Fluent syntax).
                keys.extend(source.ftl.lines().filter_map(|line| {
                    let (name, _) = line.split_once('=')?;
                    let margin = name.starts_with(|c: char| c.is_ascii_alphabetic());
                    margin.then(|| name.trim().to_owned())
                }));
                bundle
                    .add_resource(resource)
                    .unwrap_or_else(|errors| panic!("{} translation: {errors:?}", locale.tag()));
            }
            (bundle, keys)
        };
        let (zh, zh_keys) = build(Locale::ZhCn);
        let (en, en_keys) = build(Locale::En);
        Self { bundles: [zh, en], keys: [zh_keys, en_keys] }
    }

    /// The keys of a language, to compare them.
    #[must_use]
    pub fn keys(&self, locale: Locale) -> &BTreeSet<String> {
        &self.keys[locale as usize]
    }

    /// The text of a key without values.
    #[must_use]
    pub fn get(&self, locale: Locale, key: &str) -> String {
        self.format(locale, key, None, None)
    }

    /// The text of a key with values.
    #[must_use]
    pub fn with(&self, locale: Locale, key: &str, values: &[(&'static str, String)]) -> String {
        self.format(locale, key, None, Some(&arguments(values)))
    }

    /// The text of a key that counts something: plural forms follow `$count`.
    #[must_use]
    pub fn count(&self, locale: Locale, key: &str, count: u64) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("count", count);
        self.format(locale, key, None, Some(&arguments))
    }

    /// The text of an attribute of a key.
    #[must_use]
    pub fn attribute(
        &self,
        locale: Locale,
        key: &str,
        attribute: &str,
        values: &[(&'static str, String)],
    ) -> String {
        self.format(locale, key, Some(attribute), Some(&arguments(values)))
    }

    fn format(
        &self,
        locale: Locale,
        key: &str,
        attribute: Option<&str>,
        arguments: Option<&FluentArgs>,
    ) -> String {
        let bundle = &self.bundles[locale as usize];
        let Some(message) = bundle.get_message(key) else { return key.to_owned() };
        let pattern = match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        };
        let Some(pattern) = pattern else { return key.to_owned() };
        bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned()
    }
}

fn arguments(values: &[(&'static str, String)]) -> FluentArgs<'static> {
    values.iter().map(|(name, value)| (*name, FluentValue::from(value.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_follows_the_reader() {
        assert_eq!(Locale::from_accept_language("en-GB,en;q=0.9,zh;q=0.8"), Locale::En);
        assert_eq!(Locale::from_accept_language("fr, zh-CN;q=0.8, en;q=0.5"), Locale::ZhCn);
        assert_eq!(Locale::from_accept_language(""), Locale::ZhCn);
    }

    #[test]
    fn a_sentence_counts_and_names() {
        let texts = Texts::new(&[
            Source {
                locale: Locale::En,
                ftl: "items = { $count ->\n  [one] one item\n *[other] { $count } items\n }\n",
            },
            Source { locale: Locale::ZhCn, ftl: "items = { $count } 件\n" },
        ]);
        assert_eq!(texts.count(Locale::En, "items", 1), "one item");
        assert_eq!(texts.count(Locale::ZhCn, "items", 3), "3 件");
        assert_eq!(texts.get(Locale::En, "no-such-key"), "no-such-key");
    }
}
