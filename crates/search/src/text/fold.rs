//! One form for each character.

use std::sync::OnceLock;

/// A character in the form that is compared: half width, lower case, simplified.
#[must_use]
pub fn fold_char(c: char) -> char {
    let c = match c {
        '\u{3000}' => ' ',
        // The full-width forms stand in ASCII's own order.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    if ('\u{3400}'..='\u{9fff}').contains(&c) {
        let position = u32::from(c) - FIRST_HAN;
        return simplified().get(position as usize).copied().unwrap_or(c);
    }
    // A letter whose lower case is several characters keeps the first: folding never changes the length.
    c.to_lowercase().next().unwrap_or(c)
}

/// A text in that form; the n-th character stands for the n-th of the original.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// Folded and without white space: the form in which phrases are compared.
#[must_use]
pub fn squeeze(text: &str) -> String {
    text.chars().map(fold_char).filter(|c| !c.is_whitespace()).collect()
}

/// Whether a character is written without spaces between words: Chinese, and kana as it comes.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Where the table of [`simplified`] starts.
const FIRST_HAN: u32 = 0x3400;

/// For each Chinese character of the basic plane, the simplified one: every character of every text passes here.
fn simplified() -> &'static [char] {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<char> = ('\u{3400}'..='\u{9fff}').collect();
        let lines = include_str!("../../data/traditional.txt").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let mut characters = line.chars();
            let Some(simplified) = characters.next() else { continue };
            for traditional in characters {
                let position = u32::from(traditional).checked_sub(FIRST_HAN);
                if let Some(entry) = position.and_then(|position| table.get_mut(position as usize)) {
                    *entry = simplified;
                }
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn width_case_and_script_do_not_matter() {
        assert_eq!(fold("ＩＰｈｏｎｅ　１４ 手機殼"), "iphone 14 手机壳");
    }

    proptest! {
        #[test]
        fn folding_keeps_the_length_and_is_done_once(text in ".{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(once.chars().count(), text.chars().count());
            prop_assert_eq!(fold(&once), once);
        }
    }
}
