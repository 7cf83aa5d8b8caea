//! What was typed, understood without looking at any index.

use crate::{
    Query,
    text::{
        fold::{fold, squeeze},
        segment::{self, Script, Word},
        synonyms::Synonyms,
    },
};

/// Words that say nothing in a marketplace of used goods, or only that one wants to buy: they may be missing from
/// what is found, unless nothing else was typed.
const EMPTY_WORDS: [&str; 30] = [
    "二手",
    "闲置",
    "转让",
    "出售",
    "出",
    "求购",
    "想买",
    "想要",
    "买",
    "我要",
    "我想",
    "有没有",
    "哪里",
    "一个",
    "一台",
    "一辆",
    "个",
    "的",
    "了",
    "和",
    "与",
    "或",
    "及",
    "便宜",
    "便宜点",
    "used",
    "second",
    "hand",
    "for",
    "the",
];

/// One thing that was asked for: a word, or several that have a common other name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// As typed.
    pub words: Vec<Word>,
    /// Other names of it.
    pub synonyms: Vec<Vec<Word>>,
    /// Whether a hit may do without.
    pub optional: bool,
}

impl Ask {
    /// Whether it is a bare number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.words.iter().all(|word| word.text.bytes().all(|b| b.is_ascii_digit()))
    }

    /// The one word typed in Latin letters without digits, where it may be pinyin.
    #[must_use]
    pub fn letters(&self) -> Option<&str> {
        match self.words.as_slice() {
            [word] if word.script == Script::Latin && word.text.bytes().all(|b| b.is_ascii_lowercase()) => {
                Some(&word.text)
            }
            _ => None,
        }
    }
}

/// A text understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Understood {
    /// What was asked for, in the order typed.
    pub asks: Vec<Ask>,
}

impl Understood {
    /// Reads a text. Never fails: what cannot be read asks for nothing.
    #[must_use]
    pub fn of(text: &str, synonyms: &Synonyms) -> Self {
        let text: String = text.chars().take(Query::MAX_TEXT).collect();
        let words = segment::words(&text);
        let mut asks = Vec::new();
        let mut at = 0;
        while at < words.len() {
            // The longest phrase with another name wins: 苹果手机 before 手机.
            let named = (1..=4.min(words.len() - at))
                .rev()
                .map(|length| &words[at..at + length])
                .find(|span| !synonyms.of(&phrase(span)).is_empty());
            let span = named.unwrap_or(&words[at..=at]);
            let others = synonyms.of(&phrase(span)).iter().map(|other| segment::words(other));
            asks.push(Ask {
                words: span.to_vec(),
                synonyms: others.filter(|other| !other.is_empty()).collect(),
                optional: span.iter().all(|word| EMPTY_WORDS.contains(&word.text.as_str())),
            });
            at += span.len();
        }
        if asks.iter().all(|ask| ask.optional) {
            asks.iter_mut().for_each(|ask| ask.optional = false);
        }
        // A word typed twice asks once; the place of the first counts.
        let mut seen = Vec::new();
        asks.retain(|ask| {
            let key = phrase(&ask.words);
            let new = !seen.contains(&key);
            seen.push(key);
            new
        });
        Self { asks }
    }

    /// Whether words were typed at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.asks.is_empty()
    }

    /// Every word, in order.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.asks.iter().flat_map(|ask| &ask.words)
    }
}

/// The key by which a span of words is a known phrase.
fn phrase(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect()
}

/// A typed beginning, in the form that beginnings are compared in.
#[must_use]
pub fn beginning(typed: &str) -> String {
    let typed: String = typed.chars().take(Query::MAX_TEXT).collect();
    squeeze(&typed)
}

/// Whether a text has Chinese characters in it.
#[must_use]
pub fn has_han(text: &str) -> bool {
    fold(text).chars().any(crate::text::fold::is_han)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn synonyms() -> Synonyms {
        Synonyms::parse("[[group]]\nkind = \"equivalent\"\nwords = [\"自行车\", \"单车\"]").unwrap()
    }

    #[test]
    fn another_name_comes_with_the_word() {
        let understood = Understood::of("红色 自行车", &synonyms());
        assert_eq!(understood.asks.len(), 2);
        assert_eq!(understood.asks[1].synonyms[0][0].text, "单车");
    }

    #[test]
    fn used_is_no_condition_where_all_is_used() {
        let understood = Understood::of("二手自行车", &synonyms());
        assert_eq!(understood.asks.iter().map(|ask| ask.optional).collect::<Vec<_>>(), [true, false]);
        assert!(!Understood::of("二手", &synonyms()).asks[0].optional);
    }

    #[test]
    fn letters_may_be_pinyin_and_letters_with_digits_may_not() {
        assert_eq!(Understood::of("ShouJi", &synonyms()).asks[0].letters(), Some("shouji"));
        assert_eq!(Understood::of("iPhone14", &synonyms()).asks[0].letters(), None);
    }

    proptest! {
        #[test]
        fn any_text_is_understood_without_a_fall(text in ".{0,300}") {
            let understood = Understood::of(&text, &synonyms());
            prop_assert!(understood.words().count() <= Query::MAX_TEXT);
        }
    }
}
