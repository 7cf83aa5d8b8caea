//! Goods that may not be traded, or only under conditions (domain rules of goods on offer).
//!
//! The classes, their words and the sentences quoted to the seller are data (`data/prohibited.toml`). A class is met
//! when one of its words still stands in the text after its exceptions are blanked out: `手枪钻` does not meet
//! `手枪`, but `手枪` beside it does. Text is compared as a reader sees it, so `枪 支`, `香.烟` and `Ｖape` are met as
//! well, while a gap between two words of a title does not make a third: `颜色白 酒店用过` is no `白酒`.

mod fold;
mod rules;

use aho_corasick::AhoCorasick;

pub(crate) use fold::{Folded, fold, is_gap, is_han, is_invisible, is_mark};
use rules::Class;
pub use rules::ScreeningError;

use crate::catalog::{Catalog, Category};

/// What becomes of a listing that meets a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It cannot be published.
    Block,
    /// It can be published only by an organisation that has shown the licence.
    Licence,
    /// It is published with a badge.
    Badge,
    /// It is published only with a statement of the seller.
    Restricted,
    /// It waits for a moderator.
    Review,
}

impl Action {
    /// The stable code, as in the data file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Licence => "licence",
            Self::Badge => "badge",
            Self::Restricted => "restricted",
            Self::Review => "review",
        }
    }
}

/// Where a class was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the title.
    Title,
    /// In the description.
    Description,
    /// In one of the defects.
    Defects,
    /// In the brand.
    Brand,
    /// In the model.
    Model,
    /// In the reason why it is sold.
    Reason,
    /// By the category itself, whatever the words.
    Category,
}

impl Place {
    /// The field's name, as in the API and in forms.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Defects => "defects",
            Self::Brand => "brand",
            Self::Model => "model",
            Self::Reason => "reason",
            Self::Category => "category",
        }
    }
}

/// What is checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The title.
    pub title: &'a str,
    /// The description.
    pub description: &'a str,
    /// The defects, one sentence each.
    pub defects: &'a [String],
    /// The brand.
    pub brand: &'a str,
    /// The model.
    pub model: &'a str,
    /// Why it is sold.
    pub reason: &'a str,
    /// Code of the category.
    pub category: &'a str,
    /// Codes of the licences that the selling organisation has shown; a private seller has none.
    pub licences: &'a [&'a str],
}

impl<'a> Subject<'a> {
    /// What the seller says in words, in the order in which findings are told.
    fn texts(&self) -> impl Iterator<Item = (Place, &'a str)> {
        let before = [(Place::Title, self.title), (Place::Description, self.description)];
        let after = [(Place::Brand, self.brand), (Place::Model, self.model), (Place::Reason, self.reason)];
        let defects = self.defects.iter().map(|defect| (Place::Defects, defect.as_str()));
        before.into_iter().chain(defects).chain(after)
    }
}

/// A class that was met, once for each place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Code of the class.
    pub class: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// What becomes of the listing.
    pub action: Action,
    /// The rule, for the seller, in Chinese.
    pub rule_zh: String,
    /// The rule, for the seller, in English.
    pub rule_en: String,
    /// Where the rule comes from.
    pub source: String,
    /// The licence that would allow it ([`Action::Licence`]).
    pub licence: Option<String>,
    /// The badge that is shown ([`Action::Badge`]).
    pub badge: Option<String>,
    /// The statement that is asked for ([`Action::Restricted`]).
    pub requires: Option<String>,
    /// Whether the trust desk opens a case.
    pub case_file: bool,
    /// The words as the seller wrote them; empty when the category itself is the reason.
    pub word: String,
    /// Where.
    pub place: Place,
}

/// The rules, ready to be asked.
#[derive(Debug)]
pub struct Screening {
    classes: Vec<Class>,
    automaton: AhoCorasick,
    /// What each pattern of the automaton is.
    patterns: Vec<Pattern>,
}

#[derive(Clone, Copy, Debug)]
struct Pattern {
    class: usize,
    exception: bool,
}

/// A class of goods and its rule, as the rules' page shows it.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// Its code, as a held listing names it.
    pub class: &'a str,
    /// Its name in Chinese.
    pub zh: &'a str,
    /// Its name in English.
    pub en: &'a str,
    /// The rule in Chinese.
    pub rule_zh: &'a str,
    /// The rule in English.
    pub rule_en: &'a str,
    /// Where the rule comes from.
    pub source: &'a str,
    /// What follows.
    pub action: Action,
    /// Code of the statement that is asked for ([`Action::Restricted`]).
    pub requires: Option<&'a str>,
}

impl Screening {
    /// Every class with its rule.
    pub fn rules(&self) -> impl Iterator<Item = Rule<'_>> {
        self.classes.iter().map(|class| Rule {
            class: &class.code,
            zh: &class.zh,
            en: &class.en,
            rule_zh: &class.rule_zh,
            rule_en: &class.rule_en,
            source: &class.source,
            action: class.action,
            requires: class.requires.as_deref(),
        })
    }

    /// The rules of this program.
    ///
    /// # Panics
    /// Never: the data file is part of the program, and its tests read it.
    #[must_use]
    pub fn load() -> Self {
        Self::parse(include_str!("../data/prohibited.toml"))
            .expect("the data file is part of the program, and tested")
    }

    /// Rules from a text in the layout of `data/prohibited.toml`.
    ///
    /// # Errors
    /// [`ScreeningError`] when it is not that.
    pub fn parse(text: &str) -> Result<Self, ScreeningError> {
        let classes = rules::read(text)?;
        let mut patterns = Vec::new();
        let mut words = Vec::new();
        for (index, class) in classes.iter().enumerate() {
            for (list, exception) in [(&class.words, false), (&class.exceptions, true)] {
                for word in list {
                    let squeezed = Squeezed::of(word).text;
                    if squeezed.is_empty() {
                        return Err(ScreeningError::EmptyWord { class: class.code.clone() });
                    }
                    words.push(squeezed);
                    patterns.push(Pattern { class: index, exception });
                }
            }
        }
        let automaton =
            AhoCorasick::new(&words).map_err(|error| ScreeningError::TooManyWords(error.to_string()))?;
        Ok(Self { classes, automaton, patterns })
    }

    /// The classes that a listing meets: the gravest first, each once for each place.
    #[must_use]
    pub fn check(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let category = Catalog::get().category(subject.category);
        let met: Vec<_> = subject.texts().map(|(place, text)| (place, self.met(text))).collect();
        let mut findings: Vec<Finding> = Vec::new();
        for (index, class) in
            self.classes.iter().enumerate().filter(|(_, class)| !class.licensed(subject.licences))
        {
            if class.applies(category) {
                for (place, met) in &met {
                    let told =
                        findings.iter().any(|known| known.class == class.code && known.place == *place);
                    let here = met.iter().find(|(of, _)| *of == index && !told);
                    findings.extend(here.map(|(_, word)| class.finding(*place, word)));
                }
            }
            if class.holds(category) {
                findings.push(class.finding(Place::Category, ""));
            }
        }
        // A stable sort: within one gravity the order of the data file, then that of the texts.
        findings.sort_by_key(|finding| gravity(finding.action));
        findings
    }

    /// The classes whose words stand in a text, each with the first such word as written.
    fn met<'t>(&self, text: &'t str) -> Vec<(usize, &'t str)> {
        let squeezed = Squeezed::of(text);
        let mut blanked: Vec<(usize, usize, usize)> = Vec::new();
        let mut hits: Vec<(usize, usize, usize)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(&squeezed.text) {
            let Pattern { class, exception } = self.patterns[hit.pattern().as_usize()];
            let (first, last) = squeezed.span(hit.start(), hit.end());
            if exception {
                blanked.push((class, first, last));
            } else if squeezed.stands_alone(first, last) && squeezed.is_one_word(first, last) {
                hits.push((class, first, last));
            }
        }
        let mut met: Vec<(usize, &str)> = Vec::new();
        for (class, first, last) in hits {
            let excepted = blanked.iter().any(|(of, from, to)| *of == class && *from <= last && first <= *to);
            if !excepted && !met.iter().any(|(known, _)| *known == class) {
                met.push((class, &text[squeezed.kept[first].start..squeezed.kept[last].end]));
            }
        }
        met
    }
}

const fn gravity(action: Action) -> u8 {
    match action {
        Action::Block => 0,
        Action::Licence => 1,
        Action::Restricted => 2,
        Action::Review => 3,
        Action::Badge => 4,
    }
}

/// A folded text without what may hide inside a Chinese word, and the way back to the original.
struct Squeezed {
    text: String,
    kept: Vec<Kept>,
    /// Index into `kept` of the character that begins at a byte of `text`; other bytes hold the same as theirs.
    at_byte: Vec<u32>,
}

struct Kept {
    c: char,
    start: usize,
    end: usize,
    /// A gap (white space or a dash) was dropped before it.
    after_gap: bool,
}

impl Squeezed {
    fn of(text: &str) -> Self {
        let folded = fold(text);
        let mut squeezed =
            Self { text: String::with_capacity(text.len()), kept: Vec::new(), at_byte: Vec::new() };
        let mut index = 0;
        while index < folded.len() {
            let skipped = folded[index..].iter().take_while(|f| is_gap(f.c) || is_mark(f.c)).count();
            if skipped == 0 {
                squeezed.push(folded[index], false);
                index += 1;
                continue;
            }
            let (before, after) = (squeezed.kept.last().map(|kept| kept.c), folded.get(index + skipped));
            let between = &folded[index..index + skipped];
            index += skipped;
            let gap = between.iter().any(|f| is_gap(f.c));
            match (before, after) {
                // Nothing hides before the first or after the last character.
                (None, _) | (_, None) => {}
                (Some(before), Some(after)) if is_han(before) || is_han(after.c) => {
                    squeezed.push(*after, gap);
                    index += 1;
                }
                // Between Latin words a gap is one space, and marks are what they are (`e-bike`, `1.5`).
                (Some(_), Some(_)) => {
                    if between.iter().all(|f| f.c.is_whitespace() || is_invisible(f.c)) {
                        if gap {
                            squeezed.push(Folded { c: ' ', ..between[0] }, false);
                        }
                    } else {
                        for mark in between {
                            squeezed.push(*mark, false);
                        }
                    }
                }
            }
        }
        squeezed
    }

    fn push(&mut self, folded: Folded, after_gap: bool) {
        let place = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        self.text.push(folded.c);
        self.at_byte.resize(self.text.len(), place);
        self.kept.push(Kept { c: folded.c, start: folded.start, end: folded.end, after_gap });
    }

    /// First and last character of a range of bytes.
    fn span(&self, start: usize, end: usize) -> (usize, usize) {
        (self.at_byte[start] as usize, self.at_byte[end - 1] as usize)
    }

    /// Whether a word that begins or ends with a Latin letter or a digit is not part of a longer one.
    fn stands_alone(&self, first: usize, last: usize) -> bool {
        let latin = |index: Option<usize>| {
            index.and_then(|index| self.kept.get(index)).is_some_and(|kept| kept.c.is_ascii_alphanumeric())
        };
        let joined = |inner: usize, outer: Option<usize>, gap_at: usize| {
            latin(Some(inner)) && latin(outer) && !self.kept.get(gap_at).is_some_and(|kept| kept.after_gap)
        };
        !joined(first, first.checked_sub(1), first) && !joined(last, Some(last + 1), last + 1)
    }

    /// Whether characters with gaps between them were written as one word: `枪 支` and `出售枪 支` are, a word
    /// put together from the end of one and the beginning of the next is not.
    fn is_one_word(&self, first: usize, last: usize) -> bool {
        let begins = |index: usize| {
            self.kept
                .get(index)
                .is_none_or(|kept| kept.after_gap || !(is_han(kept.c) || kept.c.is_ascii_alphanumeric()))
                || index > 0
                    && !(is_han(self.kept[index - 1].c) || self.kept[index - 1].c.is_ascii_alphanumeric())
        };
        let Some(first_gap) = (first + 1..=last).find(|index| self.kept[*index].after_gap) else {
            return true;
        };
        let starts_a_piece = first == 0 || begins(first);
        begins(last + 1) && (starts_a_piece || first_gap == first + 1)
    }
}

impl Class {
    /// Whether the class is checked in a category.
    fn applies(&self, category: Option<&Category>) -> bool {
        let inside = |codes: &[String]| {
            category.is_some_and(|category| codes.iter().any(|code| category.is_within(code)))
        };
        (self.within.is_empty() || inside(&self.within)) && !inside(&self.except_in)
    }

    /// Whether every listing of a category meets the class.
    fn holds(&self, category: Option<&Category>) -> bool {
        category.is_some_and(|category| self.categories.iter().any(|code| category.is_within(code)))
    }

    fn licensed(&self, licences: &[&str]) -> bool {
        self.action == Action::Licence
            && self.licence.as_deref().is_some_and(|licence| licences.contains(&licence))
    }

    fn finding(&self, place: Place, word: &str) -> Finding {
        Finding {
            class: self.code.clone(),
            name_zh: self.zh.clone(),
            name_en: self.en.clone(),
            action: self.action,
            rule_zh: self.rule_zh.clone(),
            rule_en: self.rule_en.clone(),
            source: self.source.clone(),
            licence: self.licence.clone(),
            badge: self.badge.clone(),
            requires: self.requires.clone(),
            case_file: self.case_file,
            word: word.to_owned(),
            place,
        }
    }
}

#[cfg(test)]
mod tests;
