//! Text as a reader sees it: one form for the many ways in which a character can be typed.
//!
//! Sellers who want to pass a word list write `Ｖ信`, `①③⑧`, `香.烟` or put an invisible mark between two letters.
//! Folding undoes the first two; [`is_mark`] and [`is_gap`] name what may stand inside a word without ending it.

use luhuan_kernel::validate::half_width;

/// A folded character and the bytes of the original text that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Folded {
    pub c: char,
    pub start: usize,
    pub end: usize,
}

/// Every character of a text in its folded form, in order; none is dropped.
pub(crate) fn fold(text: &str) -> Vec<Folded> {
    text.char_indices()
        .map(|(start, c)| Folded { c: fold_char(c), start, end: start + c.len_utf8() })
        .collect()
}

/// Half width, lower case, digits and letters out of their circles and ornaments (what NFKC does to those).
pub(crate) fn fold_char(c: char) -> char {
    let c = half_width(c);
    let code = u32::from(c);
    let letter = |offset: u32| char::from_u32(u32::from('a') + offset).unwrap_or(c);
    let digit = |value: u32| char::from_digit(value % 10, 10).unwrap_or(c);
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '①'..='⑨' => digit(code - 0x2460 + 1),
        '⑴'..='⑼' => digit(code - 0x2474 + 1),
        '⒈'..='⒐' => digit(code - 0x2488 + 1),
        '❶'..='❾' => digit(code - 0x2776 + 1),
        '➀'..='➈' => digit(code - 0x2780 + 1),
        '➊'..='➒' => digit(code - 0x278a + 1),
        '⓪' | '⓿' | '⁰' | '₀' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => digit(code - 0x2070),
        '₁'..='₉' => digit(code - 0x2080),
        'Ⓐ'..='Ⓩ' => letter(code - 0x24b6),
        'ⓐ'..='ⓩ' => letter(code - 0x24d0),
        '🄰'..='🅉' => letter(code - 0x1f130),
        '\u{1d400}'..='\u{1d6a3}' => letter((code - 0x1d400) % 26),
        '\u{1d7ce}'..='\u{1d7ff}' => digit(code - 0x1d7ce),
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// A Han character.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '〇' | '\u{20000}'..='\u{323af}')
}

/// A mark that never belongs between the characters of a Chinese word, unless to hide it: it is looked through.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(c, '.' | '·' | '•' | '*' | '_' | '~' | '^' | '`' | '\'' | '"' | '#' | '=' | '…' | '丶')
        || is_invisible(c)
}

/// Characters that take no room: zero-width marks, direction marks, variation selectors, soft hyphen.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// A gap between the words of a title, which may also hide within a word: white space but no line end, and dashes.
pub(crate) fn is_gap(c: char) -> bool {
    c != '\n' && c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        fold(text).iter().map(|folded| folded.c).collect()
    }

    #[test]
    fn one_form_for_many_ways_to_type() {
        assert_eq!(folded("ＶＸ：１３８"), "vx:138");
        assert_eq!(folded("①③⑧ ❶❸❽ ¹³⁸"), "138 138 138");
        assert_eq!(folded("ⓥⓧ Ⓥ 𝐕𝐗 𝟏𝟑𝟖"), "vx v vx 138");
        assert_eq!(folded("手机壳"), "手机壳");
    }

    #[test]
    fn places_are_bytes_of_the_original() {
        let text = "Ｖ信a";
        let places: Vec<&str> = fold(text).iter().map(|folded| &text[folded.start..folded.end]).collect();
        assert_eq!(places, ["Ｖ", "信", "a"]);
    }
}
