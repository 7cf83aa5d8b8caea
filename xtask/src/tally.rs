//! Counts passed and failed tests out of what the runners print.

/// Whose output is read. Each is looked at for its own closing line only, since a failing test's captured output
/// may well hold the other's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// `cargo nextest run`.
    Nextest,
    /// `cargo test`, with or without `--doc`.
    Libtest,
}

/// How many tests passed and failed so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that ran and held.
    pub passed: u64,
    /// Tests that ran and did not hold, ran out of time, or could not be started.
    pub failed: u64,
}

impl Tally {
    /// Takes one line of a runner's output into account.
    pub fn observe(&mut self, runner: Runner, line: &str) {
        let line = without_colour(line);
        let counts = match runner {
            Runner::Nextest => nextest_summary(line.trim()),
            Runner::Libtest => libtest_result(&line),
        };
        self.add(counts.unwrap_or_default());
    }

    /// Adds what another runner counted.
    pub fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// The line that a run ends with.
    pub fn closing_line(self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }
}

/// `Summary [   1.2s] 12/13 tests run: 9 passed (1 slow, 1 flaky), 2 failed, 1 timed out, 3 skipped`
fn nextest_summary(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("Summary [")?.split_once("run:")?;
    count(&without_parentheses(counts), ',')
}

/// `test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.01s`
fn libtest_result(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    count(counts, ';')
}

fn count(counts: &str, separator: char) -> Option<Tally> {
    let mut tally = Tally::default();
    for part in counts.split(separator) {
        let Some((number, word)) = part.trim().split_once(' ') else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        match word.trim() {
            "passed" => tally.passed += number,
            "skipped" | "ignored" | "measured" | "filtered out" => {}
            // failed, timed out, exec failed: whatever a runner may call it, it is no pass.
            _ => tally.failed += number,
        }
    }
    Some(tally)
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|character| {
            match character {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// Takes out the terminal's colour sequences: ESC [ ... letter.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(runner: Runner, lines: &[&str]) -> (u64, u64) {
        let mut tally = Tally::default();
        for line in lines {
            tally.observe(runner, line);
        }
        (tally.passed, tally.failed)
    }

    #[test]
    fn nextest_counts_are_read_from_its_summary() {
        let line = "     Summary [   0.034s] 5 tests run: 3 passed (1 slow, 1 flaky), 1 failed, 1 timed out, 2 skipped";
        assert_eq!(tally(Runner::Nextest, &[line]), (3, 2));
    }

    #[test]
    fn one_test_and_an_early_end_are_read_too() {
        assert_eq!(tally(Runner::Nextest, &["Summary [ 1s] 1 test run: 1 passed, 0 skipped"]), (1, 0));
        assert_eq!(tally(Runner::Nextest, &["Summary [ 1s] 2/9 tests run: 1 passed, 1 exec failed"]), (1, 1));
    }

    #[test]
    fn colours_do_not_hide_the_counts() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.034s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m";
        assert_eq!(tally(Runner::Nextest, &[line]), (1, 0));
    }

    #[test]
    fn every_binary_of_cargo_test_adds_its_own() {
        let lines = [
            "running 5 tests",
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.10s",
        ];
        assert_eq!(tally(Runner::Libtest, &lines), (7, 1));
    }

    #[test]
    fn a_failing_tests_own_output_is_not_counted() {
        let captured = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out";
        assert_eq!(tally(Runner::Nextest, &[captured]), (0, 0));
        assert_eq!(tally(Runner::Libtest, &[captured]), (0, 0));
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(Tally { passed: 12, failed: 1 }.closing_line(), "12 passed, 1 failed");
    }
}
