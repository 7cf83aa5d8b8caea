//! The text form of routes that the literature uses: `Route #1: 3 7 2` and `Cost 822.9`.

use std::fmt;

use crate::error::ReadError;

/// Routes as lists of location numbers, and the cost as written.
///
/// Numbers count locations from 0, depots first, as in VRPLIB solutions: a depot's number inside a route is a reload.
/// Where vehicles differ, route `k` is the `k`-th vehicle's, and unused vehicles have empty routes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// Location numbers of each route.
    pub routes: Vec<Vec<u32>>,
    /// The cost, in the decimals of the source.
    pub cost: Option<String>,
}

impl Solution {
    /// Reads the text form. Lines of other kinds are passed over.
    ///
    /// # Errors
    /// [`ReadError::Line`] for a call that is no number; [`ReadError::Content`] when there is no route.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        let mut solution = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if let Some(rest) = strip_word(line, "route")
                && let Some((_, calls)) = rest.split_once(':')
            {
                let calls = calls.split_whitespace().map(|call| {
                    call.parse().map_err(|_| ReadError::Line {
                        line: number + 1,
                        what: format!("{call:?} is no location number"),
                    })
                });
                solution.routes.push(calls.collect::<Result<_, _>>()?);
            } else if let Some(rest) = strip_word(line, "cost") {
                solution.cost = Some(rest.trim_start_matches(':').trim().to_owned());
            }
        }
        if solution.routes.is_empty() {
            return Err(ReadError::Content("there is no route in it".into()));
        }
        Ok(solution)
    }
}

/// The rest of a line that begins with this word, in whatever case.
fn strip_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let head = line.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &line[word.len()..])
}

impl fmt::Display for Solution {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, route) in self.routes.iter().enumerate() {
            write!(out, "Route #{}:", number + 1)?;
            for call in route {
                write!(out, " {call}")?;
            }
            writeln!(out)?;
        }
        match &self.cost {
            Some(cost) => writeln!(out, "Cost {cost}"),
            None => Ok(()),
        }
    }
}
