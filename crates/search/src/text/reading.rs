//! Pinyin: how Chinese words are typed in Latin letters.

use pinyin::ToPinyinMulti;

use super::fold::is_han;

/// Readings of one character that are considered: 着 has five, and the others are seldom meant.
const PER_CHARACTER: usize = 2;
/// Readings of one word that are kept: 音乐 is yinle and yinyue, and no dictionary of ours tells which.
const PER_WORD: usize = 4;
/// Readings of two words together.
const PER_PHRASE: usize = 2;

/// One way to read a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// All syllables without tones: `shouji`.
    pub full: String,
    /// First letters: `sj`.
    pub initials: String,
}

/// The ways to read a Chinese word, the commonest reading of each character first. Empty when a character has none.
#[must_use]
pub fn readings(word: &str) -> Vec<Reading> {
    let mut readings = vec![Reading { full: String::new(), initials: String::new() }];
    for c in word.chars() {
        let syllables = syllables(c);
        if syllables.is_empty() {
            return Vec::new();
        }
        let mut longer = Vec::with_capacity(PER_WORD);
        // By rank of the syllable first, so that the commonest readings survive the cut.
        for syllable in syllables {
            for reading in &readings {
                if longer.len() < PER_WORD {
                    let initial = &syllable[..1];
                    longer.push(Reading {
                        full: format!("{}{syllable}", reading.full),
                        initials: format!("{}{initial}", reading.initials),
                    });
                }
            }
        }
        readings = longer;
    }
    readings
}

/// Two words read one after the other.
#[must_use]
pub fn joined(first: &[Reading], second: &[Reading]) -> Vec<Reading> {
    let pairs = first.iter().flat_map(|a| second.iter().map(move |b| (a, b)));
    pairs
        .take(PER_PHRASE)
        .map(|(a, b)| Reading {
            full: format!("{}{}", a.full, b.full),
            initials: format!("{}{}", a.initials, b.initials),
        })
        .collect()
}

fn syllables(c: char) -> Vec<&'static str> {
    let mut plain: Vec<&'static str> = Vec::new();
    if !is_han(c) {
        return plain;
    }
    for pinyin in c.to_pinyin_multi().into_iter().flatten() {
        // ü is typed v on keyboards and u in passports; the table says ü.
        let syllable = match pinyin.plain() {
            "lü" => "lv",
            "nü" => "nv",
            other => other,
        };
        if syllable.is_ascii()
            && !syllable.is_empty()
            && !plain.contains(&syllable)
            && plain.len() < PER_CHARACTER
        {
            plain.push(syllable);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reads_in_full_and_by_initials() {
        let phone = readings("手机");
        assert_eq!((phone[0].full.as_str(), phone[0].initials.as_str()), ("shouji", "sj"));
    }

    #[test]
    fn a_character_of_two_readings_is_found_by_either() {
        for (word, reading) in
            [("音乐", "yinyue"), ("手机壳", "shoujike"), ("重庆", "chongqing"), ("空调", "kongtiao")]
        {
            assert!(readings(word).iter().any(|it| it.full == reading), "{word} {:?}", readings(word));
        }
    }

    #[test]
    fn latin_letters_have_no_reading() {
        assert!(readings("a手").is_empty());
    }
}
