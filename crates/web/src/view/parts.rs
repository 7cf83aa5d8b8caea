//! The pieces that pages share.

pub use crate::format::Price;

/// A picture with its sizes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Photo {
    /// Its id.
    pub id: String,
    /// The address used by a browser that knows no `srcset`: the middle width.
    pub src: String,
    /// All widths, as in `<img srcset>`: `/a 320w, /b 800w`.
    pub srcset: String,
    /// Width of the largest, in pixels; with `height` it keeps the page from jumping.
    pub width: u32,
    /// Height of the largest, in pixels.
    pub height: u32,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

impl Photo {
    /// A photo from its widths, narrowest first: address and width in pixels of each.
    #[must_use]
    pub fn from_widths(id: &str, alt: &str, width: u32, height: u32, widths: &[(String, u32)]) -> Self {
        let srcset = widths
            .iter()
            .map(|(address, width)| format!("{address} {width}w"))
            .collect::<Vec<_>>()
            .join(", ");
        let src = widths.get(widths.len() / 2).map(|(address, _)| address.clone()).unwrap_or_default();
        Self { id: id.to_owned(), src, srcset, width, height, alt: alt.to_owned() }
    }
}

/// A stretch of text, marked when it is what was searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Whether to mark it.
    pub marked: bool,
}

impl Run {
    /// A text with nothing marked.
    #[must_use]
    pub fn plain(text: &str) -> Vec<Self> {
        vec![Self { text: text.to_owned(), marked: false }]
    }

    /// A text with the byte ranges `marks` marked. Ranges are merged where they overlap or touch; one that does
    /// not fall on characters is left unmarked rather than cutting one in two.
    #[must_use]
    pub fn marked(text: &str, marks: &[(usize, usize)]) -> Vec<Self> {
        let mut sorted: Vec<_> =
            marks.iter().copied().filter(|&(from, to)| from < to && text.get(from..to).is_some()).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (from, to) in sorted {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        let mut runs = Vec::new();
        let mut push = |from: usize, to: usize, marked: bool| {
            if from < to {
                runs.push(Self { text: text[from..to].to_owned(), marked });
            }
        };
        let mut at = 0;
        for (from, to) in merged {
            push(at, from, false);
            push(from, to, true);
            at = to;
        }
        push(at, text.len(), false);
        runs
    }

    /// A text in which `open` and `close` enclose what is to be marked, as search engines answer.
    #[must_use]
    pub fn from_tags(text: &str, open: &str, close: &str) -> Vec<Self> {
        let mut runs = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(open) {
            let (inside, after) = after.split_once(close).unwrap_or((after, ""));
            for (piece, marked) in [(before, false), (inside, true)] {
                if !piece.is_empty() {
                    runs.push(Self { text: piece.to_owned(), marked });
                }
            }
            rest = after;
        }
        if !rest.is_empty() {
            runs.push(Self { text: rest.to_owned(), marked: false });
        }
        runs
    }
}

/// A listing in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Where it leads: `/listings/{id}`.
    pub url: String,
    /// The title, with what was searched for marked.
    pub title: Vec<Run>,
    /// The first photo.
    pub photo: Option<Photo>,
    /// The price.
    pub price: Price,
    /// What it cost new.
    pub original_price: Option<Price>,
    /// The code of the condition: `N`, `99`, `95`, `90`, `80`, `70`, `P`.
    pub condition: String,
    /// Where it is, as coarse as it may be shown: 双井, 朝阳·双井.
    pub place: String,
    /// How far, in metres, when the reader said from where.
    pub distance: Option<u32>,
    /// When it was published, in words; empty to leave it out.
    pub when: String,
    /// A state to show on the photo (`reserved`, `sold`, `withdrawn`, `expired`); empty when it can be had.
    pub state: String,
}

impl Card {
    /// Which of the eight quiet grounds lies under a missing photo: the same for the same listing every time.
    #[must_use]
    pub fn ground(&self) -> u32 {
        self.url.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 8
    }
}

/// One entry of a select, a radio group or a set of checkboxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// A line of explanation; may be empty.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice without an explanation.
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new(), chosen }
    }
}

/// A moment: in words, and exactly for machines and on hover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// `2026-03-18T02:00:00Z`.
    pub iso: String,
    /// 12 分钟前.
    pub words: String,
}

/// The way to more of a list. Lists page by cursor, so there is a next and a way back to the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The first page, when this is not it.
    pub first: Option<String>,
    /// The next page, when there is one.
    pub next: Option<String>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field, as in the form; empty when it is about the whole form.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What is wrong with a form: shown in a summary at the top and beside each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors {
    /// All of it, in the order of the form.
    pub list: Vec<FieldError>,
}

impl Errors {
    /// No errors.
    #[must_use]
    pub const fn none() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds what is wrong with `field`, by its name in the form or in the API: there money is `price_fen` for
    /// `price`, and an attribute `attributes.storage` for `attr.storage`.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        let field = match field.strip_prefix("attributes.") {
            Some(code) => format!("attr.{code}"),
            None => field.strip_suffix("_fen").unwrap_or(field).to_owned(),
        };
        self.list.push(FieldError { field, message: message.into() });
    }

    /// Whether there is nothing wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What is wrong with `field`.
    #[must_use]
    pub fn of(&self, field: impl AsRef<str>) -> Option<&str> {
        self.list.iter().find(|error| error.field == field.as_ref()).map(|error| error.message.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(runs: &[Run]) -> String {
        runs.iter().map(|run| if run.marked { format!("[{}]", run.text) } else { run.text.clone() }).collect()
    }

    #[test]
    fn marks_merge_and_never_cut_a_character() {
        let text = "捷安特山地车";
        assert_eq!(shown(&Run::marked(text, &[(12, 18), (9, 12)])), "捷安特[山地车]");
        assert_eq!(shown(&Run::marked(text, &[(1, 4)])), text);
        assert_eq!(shown(&Run::marked(text, &[(0, 99), (3, 3)])), text);
        assert_eq!(shown(&Run::marked(text, &[(0, 9), (3, 6)])), "[捷安特]山地车");
        assert_eq!(Run::marked("", &[]), []);
    }

    #[test]
    fn tags_are_read_and_an_unclosed_one_marks_the_rest() {
        assert_eq!(shown(&Run::from_tags("a<em>b</em>c", "<em>", "</em>")), "a[b]c");
        assert_eq!(shown(&Run::from_tags("a<em>b", "<em>", "</em>")), "a[b]");
        assert_eq!(shown(&Run::from_tags("</em>a", "<em>", "</em>")), "</em>a");
    }

    #[test]
    fn a_photo_lists_its_widths_and_falls_back_to_the_middle() {
        let widths = [("/s".to_owned(), 320), ("/m".to_owned(), 800), ("/l".to_owned(), 1600)];
        let photo = Photo::from_widths("1", "", 1600, 1200, &widths);
        assert_eq!(photo.src, "/m");
        assert_eq!(photo.srcset, "/s 320w, /m 800w, /l 1600w");
        assert_eq!(Photo::from_widths("1", "", 1, 1, &[]).src, "");
    }

    #[test]
    fn errors_are_found_by_field() {
        let mut errors = Errors::none();
        errors.add("price_fen", "too low");
        errors.add("attributes.storage", "missing");
        assert_eq!(errors.of("price"), Some("too low"));
        assert_eq!(errors.of("attr.storage"), Some("missing"));
        assert_eq!(errors.of("title"), None);
    }
}
