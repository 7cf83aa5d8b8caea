//! axe-core, injected into the page that a browser shows.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use thirtyfour::WebDriver;

use crate::environment;

/// A rule that a page breaks, and where.
#[derive(Clone, Debug, Deserialize)]
pub struct Violation {
    /// The rule's name in axe-core: `label`, `color-contrast`.
    pub id: String,
    /// How much it keeps people out.
    pub impact: Option<Impact>,
    /// What to do, in a sentence.
    pub help: String,
    /// The elements.
    pub nodes: Vec<Node>,
}

/// How much a finding keeps people out, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// A nuisance.
    Minor,
    /// A hindrance.
    Moderate,
    /// Some people cannot use a part of the page.
    Serious,
    /// Some people cannot use the page.
    Critical,
}

/// An element with a finding.
#[derive(Clone, Debug, Deserialize)]
pub struct Node {
    /// The element's own markup, cut short.
    pub html: String,
    /// What is wrong with it.
    #[serde(rename = "failureSummary")]
    pub summary: Option<String>,
}

impl Violation {
    /// Whether it keeps people from using the page or a part of it.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        self.impact >= Some(Impact::Serious)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "- {} ({:?}): {}", self.id, self.impact, self.help)?;
        for node in &self.nodes {
            let summary = node.summary.as_deref().unwrap_or_default().replace('\n', " ");
            write!(formatter, "\n    {}\n      {summary}", node.html)?;
        }
        Ok(())
    }
}

/// Runs axe-core on the page that `driver` shows.
///
/// # Panics
/// When it cannot be injected, fails, or answers something else than it documents.
pub async fn check(driver: &WebDriver) -> Vec<Violation> {
    let path = environment::required(environment::AXE);
    let axe = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {path}: {error}"));
    // Through the driver, not by a script element: a strict Content-Security-Policy does not stand in its way.
    driver
        .execute(axe, Vec::new())
        .await
        .unwrap_or_else(|error| panic!("axe-core cannot be injected: {error}"));
    let found = driver
        .execute_async(
            "const done = arguments[arguments.length - 1];
             axe.run({resultTypes: ['violations']})
                .then(result => done({violations: result.violations}), error => done({error: String(error)}));",
            Vec::new(),
        )
        .await
        .unwrap_or_else(|error| panic!("axe-core did not answer: {error}"));
    read(found.json())
}

fn read(answer: &Value) -> Vec<Violation> {
    assert!(answer["error"].is_null(), "axe-core failed: {}", answer["error"]);
    serde_json::from_value(answer["violations"].clone())
        .unwrap_or_else(|error| panic!("axe-core answered something else: {error}\n{answer}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn serious_and_critical_findings_are_grave() {
        let finding =
            |impact: Value| json!({"id": "label", "impact": impact, "help": "Name it", "nodes": []});
        let answer = json!({"violations": [
            finding(json!("critical")), finding(json!("serious")), finding(json!("moderate")), finding(Value::Null),
        ]});
        let grave: Vec<bool> = read(&answer).iter().map(Violation::is_grave).collect();
        assert_eq!(grave, [true, true, false, false]);
    }

    #[test]
    #[should_panic(expected = "axe-core failed")]
    fn a_failure_is_not_taken_for_a_clean_page() {
        read(&json!({"error": "no document"}));
    }
}
