//! The jury (小法庭): a seat.

use askama::Template;

use super::{Due, Typed, order::EvidenceRow, order::RulingRow};
use crate::{
    format::Price,
    view::{Errors, Frame},
};

/// A case, without names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JuryRow {
    /// The dispute's id: `POST /me/jury/{id}/vote`.
    pub id: String,
    /// What was bought.
    pub title: String,
    /// The flaws that the seller had stated.
    pub flaws: Vec<String>,
    /// What it is about: a code of the reasons.
    pub reason: String,
    /// Which side opened it.
    pub opened_by: String,
    /// In their words.
    pub words: String,
    /// How much should go back to the buyer.
    pub claim: Price,
    /// What is held.
    pub held: Price,
    /// What both showed.
    pub evidence: Vec<EvidenceRow>,
    /// One's own vote; empty while there is none.
    pub vote: String,
    /// Until when votes are taken; none when they are closed.
    pub until: Option<Due>,
    /// The rulings.
    pub rulings: Vec<RulingRow>,
}

/// `GET /me/jury`. Fields to `POST /me/jury/{dispute}/vote`: `vote`, `reasons`. `/me/jury/enlist` and `/resign` have none.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "trade/jury.html")]
pub struct JuryPage {
    /// Around the page.
    pub frame: Frame,
    /// Whether one votes.
    pub is_juror: bool,
    /// Who may, in words.
    pub rule: String,
    /// The cases, those that wait for a vote first.
    pub cases: Vec<JuryRow>,
    /// The case whose form came back.
    pub at: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong.
    pub errors: Errors,
}
