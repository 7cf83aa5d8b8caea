//! An understood text becomes a query, strict first.
//!
//! A word must be among all tokens of a document; that it is in the title too raises the score, and the words of the
//! query side by side in the title raise it most.

use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, PhraseQuery,
        Query as Tantivy, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::folder::View;
use crate::{
    Reach, SearchError,
    highlight::Needles,
    text::{
        entry::{Extent, Key},
        segment::{self, Script, Word},
        synonyms,
    },
    understand::{Ask, Understood, has_han},
};

/// What a word in the title is worth beside the same word anywhere.
const IN_TITLE: f32 = 4.0;
/// What it is worth that the word says what the thing is.
const AS_HEAD: f32 = 2.0;
/// What the query's words side by side in the title are worth.
const SIDE_BY_SIDE: f32 = 3.0;
/// What having all words is worth where some would do: more than any other score.
const ALL_OF_THEM: f32 = 1_000.0;
/// Another name of what was typed.
const SYNONYM: f32 = 0.7;
/// A Chinese word whose pinyin was typed in full, and by its initials.
const READ: f32 = 0.9;
const READ_INITIALS: f32 = 0.5;
/// A word of which the beginning was typed.
const BEGUN: f32 = 0.6;
/// A Latin word that differs by a letter.
const MISTYPED: f32 = 0.5;
/// Smaller words of a longer one, and characters side by side across words.
const IN_PIECES: f32 = 0.4;
const ACROSS: f32 = 0.3;
/// Words that one typed word may stand for.
const CANDIDATES: usize = 12;
/// Latin words this long are looked up with a typing mistake.
const MISTYPED_FROM: usize = 4;
/// Listings that say a typed Latin word, from which on it is that word and not pinyin: PS is a console, not 破损.
const WORD_OF_ITS_OWN: u64 = 3;

/// A token that must be there, or all of its parts.
#[derive(Clone, Debug, PartialEq)]
struct Unit {
    token: String,
    parts: Vec<String>,
    script: Script,
}

/// One way to take a thing that was asked for.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    weight: f32,
    units: Vec<Unit>,
    /// Tokens that must be among the loose ones.
    loose: Vec<String>,
}

impl Choice {
    fn of(words: &[Word], weight: f32) -> Self {
        Self { weight, units: words.iter().map(Unit::of).collect(), loose: Vec::new() }
    }

    fn said(text: &str, weight: f32) -> Self {
        Self::of(&segment::words(text), weight)
    }
}

impl Unit {
    fn of(word: &Word) -> Self {
        let parts = match word.script {
            Script::Han if word.len() >= 3 => segment::pairs(&word.text),
            Script::Han => Vec::new(),
            Script::Latin => word.parts.iter().map(|(part, _)| part.clone()).collect(),
        };
        Self { token: word.text.clone(), parts, script: word.script }
    }

    /// What the whole token and each part are worth. A long Chinese word is one word for all its pairs of characters; the
    /// parts of a Latin one are words themselves.
    fn worth(&self) -> (f32, f32) {
        #[expect(clippy::cast_precision_loss, reason = "a word has few parts")]
        let parts = self.parts.len() as f32;
        match self.script {
            _ if self.parts.is_empty() => (1.0, 0.0),
            Script::Han => (0.5, 0.5 / parts),
            Script::Latin => (0.5, 1.0),
        }
    }
}

/// A query for Tantivy, and what to set off in what it finds.
pub(super) struct Plan {
    pub query: Box<dyn Tantivy>,
    pub needles: Needles,
}

/// What was asked for, each with the ways to take it, for one reach.
pub(super) struct Planner<'a> {
    view: &'a View,
    asks: Vec<Ask>,
}

impl<'a> Planner<'a> {
    /// Looks up what was typed: letters that are no word but several words' pinyin in a row are parted.
    pub fn new(view: &'a View, understood: &Understood) -> Result<Self, SearchError> {
        let mut asks = Vec::new();
        for ask in &understood.asks {
            match parted(view, ask)? {
                Some(parts) => asks.extend(parts),
                None => asks.push(ask.clone()),
            }
        }
        Ok(Self { view, asks })
    }

    /// Whether a word of Latin letters was typed that nothing has: what was found for it was guessed.
    pub fn guesses(&self) -> Result<bool, SearchError> {
        for letters in self.asks.iter().filter_map(Ask::letters) {
            if letters.len() >= MISTYPED_FROM && self.view.frequency(letters)? == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether leaving words out can find more.
    pub fn can_leave_out(&self) -> bool {
        let asked = self.asks.iter().filter(|ask| !ask.optional);
        let (numbers, words): (Vec<&Ask>, Vec<&Ask>) = asked.partition(|ask| ask.is_number());
        !words.is_empty() && numbers.len() + words.len() > 1
    }

    /// The query for a reach.
    pub fn plan(&self, reach: Reach) -> Result<Plan, SearchError> {
        let mut needles = Needles::default();
        let mut clauses: Vec<(Occur, Box<dyn Tantivy>)> = Vec::new();
        let mut bonus: Vec<(Occur, Box<dyn Tantivy>)> = Vec::new();
        let mut needed: usize = 0;
        for ask in &self.asks {
            let choices = self.choices(ask, reach)?;
            note(&choices, &mut needles);
            match choices.as_slice() {
                [only] if !ask.optional && reach != Reach::Partial => self.must(only, &mut clauses),
                _ => {
                    let must = !ask.optional && reach != Reach::Partial;
                    let way = self.any(&choices);
                    if reach == Reach::Partial && (ask.optional || ask.is_number()) {
                        // A number alone says nothing: the 14 of an iPhone is not that of a Xiaomi.
                        bonus.push((Occur::Should, way));
                    } else {
                        needed += 1;
                        clauses.push((if must { Occur::Must } else { Occur::Should }, way));
                    }
                }
            }
        }
        bonus.extend(self.phrase().map(|phrase| (Occur::Should, phrase)));
        if clauses.is_empty() {
            return Ok(Plan { query: Box::new(AllQuery), needles });
        }
        if reach == Reach::Partial {
            // Two words in three: one of two, two of three, four of six. What has them all comes first.
            let least = needed - needed.div_ceil(3).min(needed.saturating_sub(1));
            let some = BooleanQuery::with_minimum_required_clauses(clauses, least);
            clauses = vec![(Occur::Must, Box::new(some))];
            let every = self.plan(Reach::Loose)?.query;
            clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(every, ALL_OF_THEM))));
        }
        clauses.extend(bonus);
        let query = BooleanQuery::new(clauses);
        Ok(Plan { query: Box::new(query), needles })
    }

    fn choices(&self, ask: &Ask, reach: Reach) -> Result<Vec<Choice>, SearchError> {
        let mut choices = vec![Choice::of(&ask.words, 1.0)];
        choices.extend(ask.synonyms.iter().map(|words| Choice::of(words, SYNONYM)));
        match ask.letters() {
            Some(letters) => self.spelled(letters, reach, &mut choices)?,
            None => self.misspelled_parts(ask, &mut choices)?,
        }
        if reach > Reach::Exact {
            loosen(ask, &mut choices);
        }
        Ok(choices)
    }

    /// Letters may be a word, pinyin, the beginning of either, or a word with a letter wrong.
    fn spelled(&self, letters: &str, reach: Reach, choices: &mut Vec<Choice>) -> Result<(), SearchError> {
        let known = self.view.frequency(letters)?;
        let mut read = self.read(letters, Key::Full, Extent::Whole, READ)?;
        read.extend(self.read(letters, Key::Initials, Extent::Whole, READ_INITIALS)?);
        let commonest = read.iter().map(|(_, listings)| *listings).max().unwrap_or(0);
        if reach > Reach::Exact || known < WORD_OF_ITS_OWN || commonest > 10 * known {
            choices.extend(read.iter().map(|(choice, _)| choice.clone()));
        }
        let unknown = known == 0 && read.is_empty();
        if (unknown || reach > Reach::Exact) && letters.len() >= 2 {
            let begun = self.read(letters, Key::Full, Extent::Beginning, BEGUN)?;
            choices.extend(begun.into_iter().map(|(choice, _)| choice));
            let longer = self.view.longer(letters, CANDIDATES)?;
            choices.extend(longer.iter().map(|(word, _)| Choice::said(word, BEGUN)));
        }
        if (unknown || reach > Reach::Exact) && letters.len() >= MISTYPED_FROM {
            let similar = self.view.similar(letters, CANDIDATES)?;
            let known = synonyms::builtin().similar(letters);
            for word in similar.iter().map(|(word, _)| word.as_str()).chain(known) {
                choices.push(Choice::said(word, MISTYPED));
                let others = synonyms::builtin().of(word).iter();
                choices.extend(others.map(|other| Choice::said(other, MISTYPED * SYNONYM)));
            }
        }
        Ok(())
    }

    /// Chinese words by how they are read. A common one weighs more: rarity says nothing when one cannot have meant it.
    fn read(
        &self,
        key: &str,
        kind: Key,
        extent: Extent,
        weight: f32,
    ) -> Result<Vec<(Choice, u64)>, SearchError> {
        if kind == Key::Initials && !(2..=6).contains(&key.len()) {
            return Ok(Vec::new());
        }
        let entries = self.view.entries(key, kind, extent, 2 * CANDIDATES)?;
        let entries: Vec<_> =
            entries.into_iter().filter(|entry| has_han(&entry.words)).take(CANDIDATES).collect();
        let most = entries.first().map_or(1, |entry| entry.listings.max(1));
        let weighed = entries.into_iter().map(|entry| {
            #[expect(clippy::cast_precision_loss, reason = "a share of listings needs no exact count")]
            let share = (entry.listings as f32 / most as f32).max(0.05);
            (Choice::said(&entry.words, weight * share), entry.listings)
        });
        Ok(weighed.collect())
    }

    /// A typing mistake beside digits: iphnoe14.
    fn misspelled_parts(&self, ask: &Ask, choices: &mut Vec<Choice>) -> Result<(), SearchError> {
        let [word] = ask.words.as_slice() else { return Ok(()) };
        let mut parts: Vec<String> = word.parts.iter().map(|(part, _)| part.clone()).collect();
        let mut changed = false;
        for part in &mut parts {
            let letters = part.chars().count() >= MISTYPED_FROM && part.chars().all(char::is_alphabetic);
            if letters
                && self.view.frequency(part)? == 0
                && let Some((similar, _)) = self.view.similar(part, 1)?.into_iter().next()
            {
                *part = similar;
                changed = true;
            }
        }
        if changed {
            choices.push(Choice::said(&parts.join(" "), MISTYPED));
        }
        Ok(())
    }

    /// Every unit of a choice, as clauses of the whole query.
    fn must(&self, choice: &Choice, clauses: &mut Vec<(Occur, Box<dyn Tantivy>)>) {
        for unit in &choice.units {
            let (whole, part) = unit.worth();
            if unit.parts.is_empty() {
                clauses.push((Occur::Must, self.word(&unit.token, whole)));
            } else {
                if unit.script == Script::Han {
                    clauses.push((Occur::Should, self.term(self.view.fields.heads, &unit.token, AS_HEAD)));
                }
                clauses.extend(unit.parts.iter().map(|token| (Occur::Must, self.word(token, part))));
                clauses
                    .push((Occur::Should, self.term(self.view.fields.title, &unit.token, whole * IN_TITLE)));
            }
        }
        clauses.extend(
            choice.loose.iter().map(|token| (Occur::Must, self.term(self.view.fields.loose, token, 1.0))),
        );
    }

    /// A token that must be there, counts more in the title, and more still where it says what the thing is. One inside the
    /// other: were the optional ones beside each other, Tantivy would gather them into a union first.
    fn word(&self, token: &str, worth: f32) -> Box<dyn Tantivy> {
        let fields = &self.view.fields;
        let anywhere = self.term(fields.all, token, worth);
        let titled = with_bonus(anywhere, self.term(fields.title, token, worth * IN_TITLE));
        with_bonus(titled, self.term(fields.heads, token, worth * AS_HEAD))
    }

    /// Any of the choices; the best counts.
    fn any(&self, choices: &[Choice]) -> Box<dyn Tantivy> {
        let mut ways: Vec<Box<dyn Tantivy>> = choices
            .iter()
            .map(|choice| {
                let mut clauses = Vec::new();
                self.must(choice, &mut clauses);
                Box::new(BoostQuery::new(Box::new(BooleanQuery::new(clauses)), choice.weight))
                    as Box<dyn Tantivy>
            })
            .collect();
        if ways.len() == 1
            && let Some(only) = ways.pop()
        {
            return only;
        }
        Box::new(DisjunctionMaxQuery::new(ways))
    }

    /// The words as typed, side by side in the title.
    fn phrase(&self) -> Option<Box<dyn Tantivy>> {
        let words = self.asks.iter().flat_map(|ask| &ask.words);
        let terms: Vec<(usize, Term)> = words
            .flat_map(|word| {
                let whole = word.parts.is_empty().then_some((word.text.as_str(), word.place));
                let parts = word.parts.iter().map(|(part, place)| (part.as_str(), *place));
                whole.into_iter().chain(parts)
            })
            .map(|(token, place)| (place as usize, Term::from_field_text(self.view.fields.title, token)))
            .collect();
        let ascending = terms.windows(2).all(|pair| pair[0].0 < pair[1].0);
        (terms.len() >= 2 && ascending).then(|| {
            Box::new(BoostQuery::new(Box::new(PhraseQuery::new_with_offset(terms)), SIDE_BY_SIDE)) as _
        })
    }

    #[expect(clippy::unused_self, reason = "reads beside its siblings")]
    fn term(&self, field: Field, token: &str, worth: f32) -> Box<dyn Tantivy> {
        let term = TermQuery::new(Term::from_field_text(field, token), IndexRecordOption::WithFreqs);
        Box::new(BoostQuery::new(Box::new(term), worth))
    }
}

/// A query that scores more where another matches too.
fn with_bonus(query: Box<dyn Tantivy>, bonus: Box<dyn Tantivy>) -> Box<dyn Tantivy> {
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Should, bonus)]))
}

/// Letters that are no word and no reading, but a row of readings: `erjishouji` is 耳机 手机.
fn parted(view: &View, ask: &Ask) -> Result<Option<Vec<Ask>>, SearchError> {
    const LONGEST: usize = 24;
    let Some(letters) = ask.letters().filter(|letters| (4..=LONGEST).contains(&letters.len())) else {
        return Ok(None);
    };
    let known = |key: &str| -> Result<u64, SearchError> {
        let entries = view.entries(key, Key::Full, Extent::Whole, 1)?;
        Ok(entries.first().map_or(0, |entry| entry.listings))
    };
    if view.frequency(letters)? > 0
        || known(letters)? > 0
        || !view.entries(letters, Key::Full, Extent::Beginning, 1)?.is_empty()
        || !view.entries(letters, Key::Initials, Extent::Whole, 1)?.is_empty()
    {
        return Ok(None);
    }
    // The fewest pieces to each length, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; letters.len() + 1];
    best[0] = Some((0, 0));
    for end in 2..=letters.len() {
        for start in (0..end - 1).rev() {
            if let Some((pieces, _)) = best[start]
                && best[end].is_none_or(|(fewest, _)| pieces + 1 < fewest)
                && known(&letters[start..end])? > 0
            {
                best[end] = Some((pieces + 1, start));
            }
        }
    }
    let mut pieces = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        let Some((_, start)) = best[end] else { return Ok(None) };
        pieces.push(&letters[start..end]);
        end = start;
    }
    let asks = pieces.into_iter().rev().map(|piece| Ask {
        words: segment::words(piece),
        synonyms: Vec::new(),
        optional: ask.optional,
    });
    Ok(Some(asks.collect()))
}

/// Ways that bend the words: their pieces, and their characters across the borders of words.
fn loosen(ask: &Ask, choices: &mut Vec<Choice>) {
    if ask.words.iter().any(|word| word.script == Script::Latin) {
        return;
    }
    let mut in_pieces = Choice { weight: IN_PIECES, units: Vec::new(), loose: Vec::new() };
    let mut across = Choice { weight: ACROSS, units: Vec::new(), loose: Vec::new() };
    for word in &ask.words {
        for piece in segment::pieces(&word.text) {
            if piece.chars().count() == 1 {
                in_pieces.loose.push(piece);
            } else {
                in_pieces.units.push(Unit { token: piece, parts: Vec::new(), script: Script::Han });
            }
        }
        across.loose.extend(if word.len() == 1 {
            vec![word.text.clone()]
        } else {
            segment::pairs(&word.text)
        });
    }
    if !in_pieces.units.is_empty() {
        choices.push(in_pieces);
    }
    choices.push(across);
}

fn note(choices: &[Choice], needles: &mut Needles) {
    for choice in choices {
        choice.units.iter().for_each(|unit| needles.add(&unit.token, &unit.parts));
        choice
            .loose
            .iter()
            .filter(|token| token.chars().count() > 1)
            .for_each(|token| needles.add(token, &[]));
    }
}
