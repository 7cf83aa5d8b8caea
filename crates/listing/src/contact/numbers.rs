//! Telephone numbers, by their shape: mobile, fixed with area code, service numbers.
//!
//! A text is cut into runs of digits of any kind (Arabic, circled, Chinese) with small gaps between; a run into
//! groups. A number is a row of whole groups. So the eleven digits inside an IMEI are none, and `一` before a number is
//! not its first digit.

use luhuan_kernel::validate;

use super::{ContactKind, Span, at, words::Words, words::word_end};
use crate::screening::{Folded, is_invisible};

/// A digit and where it stands.
#[derive(Clone, Copy)]
struct Digit {
    value: char,
    index: usize,
    han: bool,
}

/// Digits written without a gap, all in one script.
#[derive(Clone)]
struct Group {
    digits: String,
    first: usize,
    last: usize,
    before: Gap,
}

/// What stands before a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// The beginning of the run.
    Start,
    /// A change of script only.
    None,
    /// White space or brackets: a new number may begin.
    Loose,
    /// A dash or a dot: the number goes on.
    Tight,
}

/// Gaps of more characters than this end a run.
const LONGEST_GAP: usize = 3;

pub(super) fn find(chars: &[Folded], words: &Words) -> Vec<Span> {
    let mut spans = Vec::new();
    for run in runs(chars) {
        let mut from = 0;
        while from < run.len() {
            match number_at(chars, &run, from, words) {
                Some(to) => {
                    spans.push(Span { kind: ContactKind::Phone, first: run[from].first, last: run[to].last });
                    from = to + 1;
                }
                None => from += 1,
            }
        }
    }
    spans
}

/// The value of a digit of any kind; letters that pass for zero only right after a digit.
fn digit(chars: &[Folded], index: usize) -> Option<Digit> {
    let c = chars[index].c;
    let of = |value, han| Some(Digit { value, index, han });
    match c {
        '0'..='9' => of(c, false),
        'o' if index > 0 && matches!(chars[index - 1].c, '0'..='9' | 'o') => of('0', false),
        '零' | '〇' | '○' => of('0', true),
        '一' | '壹' | '幺' => of('1', true),
        '二' | '贰' => of('2', true),
        '三' | '叁' => of('3', true),
        '四' | '肆' => of('4', true),
        '五' | '伍' => of('5', true),
        '六' | '陆' => of('6', true),
        '七' | '柒' => of('7', true),
        '八' | '捌' => of('8', true),
        '九' | '玖' => of('9', true),
        _ => None,
    }
}

fn runs(chars: &[Folded]) -> Vec<Vec<Group>> {
    let mut runs: Vec<Vec<Group>> = Vec::new();
    let mut before: Option<Digit> = None;
    for index in 0..chars.len() {
        let Some(digit) = digit(chars, index) else { continue };
        let gap = before.map_or(Gap::Start, |before| gap(chars, before, digit));
        match (gap, runs.last_mut()) {
            (Gap::Start, _) | (_, None) => runs.push(vec![group(digit, Gap::Start)]),
            (Gap::None, Some(run)) if before.is_some_and(|before| before.han == digit.han) => {
                if let Some(last) = run.last_mut() {
                    last.digits.push(digit.value);
                    last.last = index;
                }
            }
            (gap, Some(run)) => run.push(group(digit, gap)),
        }
        before = Some(digit);
    }
    runs
}

fn group(digit: Digit, before: Gap) -> Group {
    Group { digits: digit.value.to_string(), first: digit.index, last: digit.index, before }
}

/// What stands between two digits; `Start` when it parts them.
fn gap(chars: &[Folded], before: Digit, digit: Digit) -> Gap {
    let between =
        chars[before.index + 1..digit.index].iter().map(|folded| folded.c).filter(|c| !is_invisible(*c));
    let between: Vec<char> = between.collect();
    let tight = |c: &char| matches!(c, '-' | '.' | '_' | '·' | '~' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let loose = |c: &char| matches!(c, ' ' | '\t' | '(' | ')');
    if between.is_empty() {
        Gap::None
    } else if between.len() > LONGEST_GAP || !between.iter().all(|c| tight(c) || loose(c)) {
        Gap::Start
    } else if between.iter().any(tight) {
        Gap::Tight
    } else {
        Gap::Loose
    }
}

/// The last group of a telephone number that begins with group `from`.
fn number_at(chars: &[Folded], run: &[Group], from: usize, words: &Words) -> Option<usize> {
    if run[from].before == Gap::Tight || !may_begin(chars, run[from].first, words) {
        return None;
    }
    let mut digits = String::new();
    let mut lengths: Vec<usize> = Vec::new();
    for (to, group) in run.iter().enumerate().skip(from) {
        match (lengths.last_mut(), group.before) {
            (Some(last), Gap::None) => *last += group.digits.len(),
            _ => lengths.push(group.digits.len()),
        }
        digits.push_str(&group.digits);
        if digits.len() > 16 {
            return None;
        }
        let extends = run.get(to + 1).is_some_and(|next| next.before == Gap::Tight);
        if extends && !is_extension(run, to) || !may_end(chars, group.last, words) {
            continue;
        }
        if is_mobile(&digits, &lengths) || is_fixed(&digits, &lengths) || is_service(&digits, &lengths) {
            return Some(if extends { to + 1 } else { to });
        }
    }
    None
}

/// Whether after group `to` follows an extension, and nothing more: `-801`.
fn is_extension(run: &[Group], to: usize) -> bool {
    run.get(to + 1).is_some_and(|next| next.digits.len() <= 5)
        && run.get(to + 2).is_none_or(|next| next.before != Gap::Tight)
}

fn is_mobile(digits: &str, lengths: &[usize]) -> bool {
    let (national, lengths) = match digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")) {
        Some(rest) if rest.len() == 11 => (rest, if lengths[0] <= 4 { &lengths[1..] } else { lengths }),
        _ => (digits, lengths),
    };
    validate::mobile(national).is_ok() && national.len() == 11 && is_usual_grouping(lengths)
}

/// Ways in which people part the eleven digits; measures and prices that happen to add up to eleven are parted
/// in others.
fn is_usual_grouping(lengths: &[usize]) -> bool {
    const USUAL: &[&[usize]] = &[
        &[3, 4, 4],
        &[3, 3, 5],
        &[3, 8],
        &[7, 4],
        &[4, 4, 3],
        &[4, 3, 4],
        &[5, 6],
        &[6, 5],
        &[3, 4, 2, 2],
        &[3, 2, 2, 2, 2],
        &[3, 2, 3, 3],
        &[2, 3, 3, 3],
    ];
    lengths.len() == 1 || USUAL.contains(&lengths) || lengths.iter().all(|length| *length <= 2)
}

/// With area code: `010-65123456`, `(010) 6512 3456`, or in one piece for 010 and 02x.
fn is_fixed(digits: &str, lengths: &[usize]) -> bool {
    let parted = match lengths {
        [area, rest @ ..] => matches!(area, 3 | 4) && !rest.is_empty() && rest.len() <= 2,
        [] => false,
    };
    let whole = lengths.len() == 1 && matches!(digits.as_bytes(), [b'0', b'1' | b'2', ..]);
    digits.starts_with('0') && (parted || whole) && validate::landline(digits).is_ok()
}

/// `400-810-1234` and the like, parted as they are advertised.
fn is_service(digits: &str, lengths: &[usize]) -> bool {
    digits.len() == 10
        && (digits.starts_with("400") || digits.starts_with("800"))
        && matches!(lengths, [3, 3, 4] | [3, 4, 3])
}

/// Whether a telephone number may begin here: not inside a model number, not after a currency sign, not after a
/// label that announces another number.
fn may_begin(chars: &[Folded], first: usize, words: &Words) -> bool {
    let before = at(chars, first.checked_sub(1));
    if matches!(before, '¥' | '$' | '€' | '£' | '*' | '/' | '×') {
        return false;
    }
    if before.is_ascii_alphabetic() {
        let letters = chars[..first].iter().rev().take_while(|folded| folded.c.is_ascii_alphabetic()).count();
        let word: String = chars[first - letters..first].iter().map(|folded| folded.c).collect();
        return words.beside.contains(&word);
    }
    !is_labelled(chars, first, words)
}

/// Whether a label such as `ISBN` or `序列号` stands before, with nothing but signs between.
fn is_labelled(chars: &[Folded], first: usize, words: &Words) -> bool {
    let sign = |c: char| matches!(c, ' ' | ':' | '=' | '#' | '号' | '为' | '是' | '-');
    let end = chars[..first].iter().rposition(|folded| !sign(folded.c)).map_or(0, |last| last + 1);
    // The label itself may end in 号, which is taken for a sign above: both ends are tried.
    (end..=first).any(|end| {
        words.labels.iter().any(|label| {
            end.checked_sub(label.len()).is_some_and(|start| word_end(chars, start, label) == Some(end))
        })
    })
}

/// Whether a telephone number may end here: no letters that make it a model number, no unit.
fn may_end(chars: &[Folded], last: usize, words: &Words) -> bool {
    let after = at(chars, Some(last + 1));
    if after.is_ascii_alphabetic() {
        let word: String =
            chars[last + 1..].iter().map(|folded| folded.c).take_while(char::is_ascii_alphabetic).collect();
        return words.beside.contains(&word);
    }
    !matches!(after, '*' | '/' | '×' | '%') && !followed_by_unit(chars, last + 1, words)
}

/// Whether a unit follows, right away or after a space: `20123 公里`.
pub(super) fn followed_by_unit(chars: &[Folded], next: usize, words: &Words) -> bool {
    let next = if at(chars, Some(next)) == ' ' { next + 1 } else { next };
    words.units.iter().any(|unit| {
        word_end(chars, next, unit).is_some_and(|end| {
            !(unit.last().is_some_and(char::is_ascii_alphabetic)
                && at(chars, Some(end)).is_ascii_alphabetic())
        })
    })
}

/// The digits from a place on, as far as they go with at most one space or dash between two; with their last place.
pub(super) fn digits_from(chars: &[Folded], start: usize, gaps: bool) -> Option<(String, usize)> {
    let mut digits = String::new();
    let mut last = start;
    let mut index = start;
    while index < chars.len() {
        if let Some(digit) = digit(chars, index) {
            digits.push(digit.value);
            last = index;
        } else if !(gaps && matches!(chars[index].c, ' ' | '-') && index == last + 1 && !digits.is_empty()) {
            break;
        }
        index += 1;
    }
    (!digits.is_empty()).then_some((digits, last))
}
