//! What every listing must pass: its words clean; and what one on offer must pass besides: complete, and within the
//! rules of the trade.

use luhuan_kernel::{FieldProblem, Message};

use super::{ListingView, Listings};
use crate::{
    Error,
    entity::listing::{self, text},
    model::Details,
    screening::{Action, Finding, Subject},
};

/// What the rules ask of a listing that may be published.
#[derive(Debug, Default)]
pub(super) struct Passed {
    /// Badges to show, each once.
    badges: Vec<String>,
    /// Class of the rule for which it waits for a moderator.
    held: Option<String>,
}

impl Passed {
    /// Sets the badges and the hold.
    pub(super) fn mark(self, row: &mut listing::Model) {
        row.badges = text(&self.badges);
        row.held = self.held;
    }
}

impl Listings {
    /// Checks the input and treats contact details as the operator set it.
    pub(super) fn clean(&self, mut details: Details) -> Result<Details, Error> {
        let mut problems = self.without_contacts(&mut details);
        for code in &details.statements {
            if !self.screening_rules().any(|rule| rule.requires == Some(code)) {
                let message = Message::new("listing-unknown-code").with("code", code);
                problems.push(FieldProblem { field: "statements".to_owned(), message });
            }
        }
        match details.checked(self.catalog()) {
            Ok(details) if problems.is_empty() => Ok(details),
            Ok(_) => Err(Error::Invalid(problems)),
            Err(more) => Err(Error::Invalid(problems.into_iter().chain(more).collect())),
        }
    }

    /// Masks contact details in all prose, or names the fields that are refused for them.
    fn without_contacts(&self, details: &mut Details) -> Vec<FieldProblem> {
        let Details { title, description, defects, reason, returns_note, .. } = details;
        let texts = [
            ("title", title),
            ("description", description),
            ("reason", reason),
            ("returns_note", returns_note),
        ];
        let texts = texts.into_iter().chain(defects.iter_mut().map(|defect| ("defects", defect)));
        let mut problems = Vec::new();
        for (field, text) in texts {
            match self.inner.contacts.apply(self.settings().contacts, text) {
                Ok(clean) => *text = clean,
                Err(found) => problems.push(FieldProblem {
                    field: field.to_owned(),
                    message: Message::new("listing-contact-in-text").with("found", found),
                }),
            }
        }
        problems
    }

    /// What publishing a listing would refuse, without publishing it.
    ///
    /// # Errors
    /// As for publishing.
    pub fn would_publish(&self, view: &ListingView) -> Result<(), Error> {
        self.screen(&view.details).map(drop)
    }

    /// Codes of the statements that publishing such a listing asks for and its seller has not made.
    #[must_use]
    pub fn statements_missing(&self, details: &Details) -> Vec<String> {
        let findings = self.findings(details);
        let missing = missing_statements(details, &findings).filter_map(|one| one.requires.clone());
        let mut codes: Vec<_> = missing.collect();
        codes.dedup();
        codes
    }

    /// Complete, nothing prohibited, and every statement made that a rule asks for.
    pub(super) fn screen(&self, details: &Details) -> Result<Passed, Error> {
        let findings = self.findings(details);
        let refused = |finding: &&Finding| matches!(finding.action, Action::Block | Action::Licence);
        let refused: Vec<Finding> = findings.iter().filter(refused).cloned().collect();
        if !refused.is_empty() {
            return Err(Error::Prohibited(refused));
        }
        let mut problems = details.missing(self.catalog());
        problems.extend(missing_statements(details, &findings).map(statement_problem));
        problems.dedup();
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let mut badges: Vec<_> = findings.iter().filter_map(|finding| finding.badge.clone()).collect();
        badges.sort_unstable();
        badges.dedup();
        let held = findings.into_iter().find(|finding| finding.action == Action::Review).map(|one| one.class);
        Ok(Passed { badges, held })
    }

    /// No seller has a licence to show yet: licence classes come with the verification of merchants, and until then
    /// what needs a licence is refused to everybody.
    fn findings(&self, details: &Details) -> Vec<Finding> {
        self.inner.screening.check(&Subject {
            title: &details.title,
            description: &details.description,
            defects: &details.defects,
            brand: &details.brand,
            model: &details.model,
            reason: &details.reason,
            category: &details.category,
            licences: &[],
        })
    }
}

fn missing_statements<'a>(details: &Details, findings: &'a [Finding]) -> impl Iterator<Item = &'a Finding> {
    findings.iter().filter(|finding| {
        finding.action == Action::Restricted
            && finding.requires.as_ref().is_some_and(|code| !details.statements.contains(code))
    })
}

/// Names the statement, so that a form can offer it and a program can send it.
fn statement_problem(finding: &Finding) -> FieldProblem {
    let code = finding.requires.as_deref().unwrap_or_default();
    FieldProblem {
        field: "statements".to_owned(),
        message: Message::new("listing-statement-required").with("statement", code),
    }
}
