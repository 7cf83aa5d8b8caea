//! Words, and the tokens that an index keeps of them.
//!
//! A Chinese text has no spaces; jieba finds its words. A query's words and a text's words need not agree: 芹菜 is a
//! word, and in 大芹菜 jieba may see one word of three characters. So the index keeps, beside each word, what is
//! inside it: every pair of neighbouring characters, dictionary words, and the last character, which in Chinese is the
//! head (a 化妆包 is a kind of 包; 包邮 is not). What crosses the border of two words is kept apart, as *loose*
//! tokens: 二手机械键盘 is no 手机, but may be shown to one who finds nothing better.

use std::{collections::BTreeSet, sync::OnceLock};

use jieba_rs::Jieba;

use super::{
    fold::{fold_char, is_han},
    synonyms,
};

/// The longest token in characters; what is longer is cut off, for it is not language.
const LONGEST: usize = 40;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Without spaces.
    Han,
    /// Letters and digits.
    Latin,
}

/// A word of a folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, folded, units shortened (128gb is 128g).
    pub text: String,
    /// How it is written.
    pub script: Script,
    /// Where its characters stand in the text.
    pub chars: std::ops::Range<usize>,
    /// Its place, counted in Chinese characters and Latin parts, spaces not counted: neighbours follow without a gap.
    pub place: u32,
    /// A Latin word's parts where letters and digits meet (iphone, 14), with their places; empty when it has one only.
    pub parts: Vec<(String, u32)>,
}

impl Word {
    /// Places it takes up.
    #[must_use]
    pub fn places(&self) -> u32 {
        match self.script {
            Script::Han => u32::try_from(self.chars.len()).unwrap_or(u32::MAX),
            Script::Latin => u32::try_from(self.parts.len().max(1)).unwrap_or(u32::MAX),
        }
    }

    /// Its length in characters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// A word is never empty; for the habit of asking.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }
}

/// A token and its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token {
    /// Where it starts.
    pub place: u32,
    /// What it says.
    pub text: String,
}

/// Jieba with its dictionary and the words of ours, loaded once for the whole process: it is large.
pub(crate) fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(|| {
        let mut jieba = Jieba::new();
        for word in synonyms::builtin().words() {
            if word.chars().count() >= 2 && word.chars().all(is_han) {
                jieba.add_word(word, None, None);
            }
        }
        jieba
    })
}

/// The words of a text, in order. Punctuation and spaces part words and are no words.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let chars: Vec<char> = text.chars().map(fold_char).collect();
    let mut words = Vec::new();
    let (mut at, mut place) = (0, 0);
    while at < chars.len() {
        let c = chars[at];
        if is_han(c) {
            let end = run_end(&chars, at, is_han);
            cut_han(&chars, at..end, &mut place, &mut words);
            at = end;
        } else if c.is_alphanumeric() {
            let end = run_end(&chars, at, |c| c.is_alphanumeric() && !is_han(c));
            cut_latin(&chars, at..end, &mut place, &mut words);
            at = end;
        } else {
            // A comma parts a phrase; a space does not ("iPhone 14" is "iPhone14").
            place += u32::from(!c.is_whitespace());
            at += 1;
        }
    }
    words
}

/// The tokens that find a text by its words, each with its place.
#[must_use]
pub fn tokens(words: &[Word]) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(words.len() * 2);
    for (at, word) in words.iter().enumerate() {
        tokens.push(Token { place: word.place, text: word.text.clone() });
        match word.script {
            Script::Latin => {
                let parts =
                    word.parts.iter().map(|(text, place)| Token { place: *place, text: text.clone() });
                tokens.extend(parts);
            }
            Script::Han => inner_tokens(word, words.get(at + 1), &mut tokens),
        }
    }
    tokens.sort();
    tokens.dedup();
    tokens
}

/// The tokens that find a text by any character or pair of neighbouring characters, words or not.
#[must_use]
pub fn loose_tokens(words: &[Word]) -> BTreeSet<String> {
    let mut loose = BTreeSet::new();
    let mut before: Option<(char, u32)> = None;
    for word in words.iter().filter(|word| word.script == Script::Han) {
        for (place, c) in (word.place..).zip(word.text.chars()) {
            loose.insert(c.to_string());
            if let Some((previous, at)) = before
                && at + 1 == place
            {
                loose.insert([previous, c].iter().collect());
            }
            before = Some((c, place));
        }
    }
    loose
}

/// The tokens that end a run of Chinese: in Chinese the head comes last, so 实木电视柜 is a 电视柜 and a 柜, and has to do
/// with 电视 only.
#[must_use]
pub fn heads(words: &[Word]) -> BTreeSet<String> {
    let mut heads = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let follows = words
            .get(at + 1)
            .is_some_and(|next| next.script == Script::Han && next.chars.start == word.chars.end);
        if word.script != Script::Han || follows {
            continue;
        }
        let before = at
            .checked_sub(1)
            .map(|before| &words[before])
            .filter(|before| before.chars.end == word.chars.start);
        if let Some(before) = before.filter(|before| before.script == Script::Han) {
            heads.insert(format!("{}{}", before.text, word.text));
        }
        let inner = tokens(std::slice::from_ref(word)).into_iter();
        heads.extend(inner.map(|token| token.text).filter(|text| word.text.ends_with(text)));
    }
    heads
}

/// The pairs of neighbouring characters of a word: together they stand for it where it is not a word of its own.
#[must_use]
pub fn pairs(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// Smaller words inside a Chinese word, left to right, without overlap: 手机壳 is 手机 and 壳.
#[must_use]
pub fn pieces(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let (mut at, mut pieces) = (0, Vec::new());
    while at < chars.len() {
        let longest = (2..=4).rev().find(|length| {
            at + length <= chars.len()
                && *length < chars.len()
                && jieba().has_word(&chars[at..at + length].iter().collect::<String>())
        });
        let length = longest.unwrap_or(1);
        pieces.push(chars[at..at + length].iter().collect());
        at += length;
    }
    pieces
}

fn run_end(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    chars[from..].iter().position(|c| !belongs(*c)).map_or(chars.len(), |length| from + length)
}

fn cut_han(chars: &[char], run: std::ops::Range<usize>, place: &mut u32, words: &mut Vec<Word>) {
    let text: String = chars[run.clone()].iter().collect();
    for token in jieba().cut(&text, true) {
        words.push(Word {
            text: token.word.to_owned(),
            script: Script::Han,
            chars: run.start + token.start..run.start + token.end,
            place: *place,
            parts: Vec::new(),
        });
        *place += u32::try_from(token.end - token.start).unwrap_or(1);
    }
}

fn cut_latin(chars: &[char], run: std::ops::Range<usize>, place: &mut u32, words: &mut Vec<Word>) {
    let run_chars = &chars[run.start..run.end.min(run.start + LONGEST)];
    let mut parts: Vec<(String, u32)> = Vec::new();
    for stretch in run_chars.chunk_by(|a, b| a.is_numeric() == b.is_numeric()) {
        let text: String = stretch.iter().collect();
        let after_digits = parts.last().is_some_and(|(before, _)| before.ends_with(char::is_numeric));
        parts.push((if after_digits { shortened(text) } else { text }, *place));
        *place += 1;
    }
    let text = parts.iter().map(|(part, _)| part.as_str()).collect();
    if parts.len() == 1 {
        parts.clear();
    }
    words.push(Word { text, script: Script::Latin, chars: run, place: words_place(*place, &parts), parts });
}

fn words_place(after: u32, parts: &[(String, u32)]) -> u32 {
    parts.first().map_or(after - 1, |(_, place)| *place)
}

/// One way to write a unit behind a number: 128GB and 128G are the same memory.
fn shortened(unit: String) -> String {
    match unit.as_str() {
        "gb" => "g".to_owned(),
        "tb" => "t".to_owned(),
        "mb" => "m".to_owned(),
        _ => unit,
    }
}

fn inner_tokens(word: &Word, next: Option<&Word>, tokens: &mut Vec<Token>) {
    let chars: Vec<char> = word.text.chars().collect();
    let mut push = |from: usize, to: usize| {
        let place = word.place + u32::try_from(from).unwrap_or(0);
        tokens.push(Token { place, text: chars[from..to].iter().collect() });
    };
    let length = chars.len();
    if length >= 2 {
        push(length - 1, length);
    }
    if length >= 3 {
        (0..length - 1).for_each(|from| push(from, from + 2));
        for size in 3..length {
            for from in 0..=length - size {
                if jieba().has_word(&chars[from..from + size].iter().collect::<String>()) {
                    push(from, from + size);
                }
            }
        }
    }
    // Two lone characters side by side are often a name that no dictionary knows.
    if let Some(next) = next
        && length == 1
        && next.script == Script::Han
        && next.len() == 1
        && next.place == word.place + 1
    {
        tokens.push(Token { place: word.place, text: format!("{}{}", word.text, next.text) });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn has(text: &str, token: &str) -> bool {
        tokens(&words(text)).iter().any(|it| it.text == token)
    }

    #[test]
    fn a_word_inside_a_word_is_found() {
        for (text, inside) in [
            ("待处理", "处理"),
            ("安装简单", "简单"),
            ("测试工具箱", "工具"),
            ("小化妆包", "包"),
            ("小化妆包", "化妆包"),
            ("大芹菜", "芹菜"),
            ("在建工程", "工程"),
        ] {
            assert!(has(text, inside), "{inside} in {text}: {:?}", words(text));
        }
    }

    #[test]
    fn what_crosses_the_border_of_words_is_loose_only() {
        assert!(!has("二手机械键盘", "手机"));
        assert!(loose_tokens(&words("二手机械键盘")).contains("手机"));
    }

    #[test]
    fn free_delivery_is_no_bag() {
        assert!(!has("全新包邮", "包"), "{:?}", words("全新包邮"));
        assert!(has("背包", "包"));
    }

    #[test]
    fn the_head_comes_last() {
        let heads = heads(&words("全友 实木电视柜 无破损"));
        assert!(heads.contains("电视柜") && heads.contains("柜") && !heads.contains("电视"), "{heads:?}");
    }

    #[test]
    fn letters_and_digits_part_and_stay_together() {
        assert!(
            has("iPhone14手机壳", "iphone")
                && has("iPhone14手机壳", "14")
                && has("iPhone14手机壳", "iphone14")
        );
        assert!(has("iPhone14手机壳", "手机"));
        assert_eq!(words("iPhone 14 手机")[2].place, words("iPhone14手机")[1].place);
        assert!(has("128GB", "128g"));
    }

    #[test]
    fn a_word_falls_into_pieces() {
        assert_eq!(pieces("手机壳").concat(), "手机壳");
        assert!(pieces("手机壳").contains(&"手机".to_owned()));
    }

    proptest! {
        #[test]
        fn the_words_cover_every_letter_once_and_in_order(text in "[ a-zA-Z0-9，。中文二手机械键盘苹果]{0,40}") {
            let words = words(&text);
            let covered: Vec<usize> = words.iter().flat_map(|word| word.chars.clone()).collect();
            let letters: Vec<usize> =
                text.chars().enumerate().filter(|(_, c)| c.is_alphanumeric()).map(|(at, _)| at).collect();
            prop_assert_eq!(covered, letters);
        }

        #[test]
        fn any_text_is_cut_without_a_fall(text in ".{0,200}") {
            let words = words(&text);
            let places: Vec<u32> = words.iter().map(|word| word.place).collect();
            prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
            let _ = (tokens(&words), loose_tokens(&words));
        }
    }
}
