//! Charts as SVG made on the server: this computes where things go, the templates draw them.
//!
//! A chart always comes with a title, a description and a table beneath, for those who read instead of look.

use crate::format::Price;

/// Width of a histogram's drawing, in its own units.
pub const HISTOGRAM_WIDTH: u32 = 220;
/// Height of a histogram's drawing, in its own units.
pub const HISTOGRAM_HEIGHT: u32 = 56;
/// Width of a line chart's drawing, in its own units.
pub const LINE_WIDTH: u32 = 320;
/// Height of a line chart's drawing, in its own units.
pub const LINE_HEIGHT: u32 = 96;

/// How many of something fall in each of several neighbouring ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// The bars from left to right.
    pub bars: Vec<Bar>,
}

/// One bar of a [`Histogram`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height; at least 2, so that a range with few is still seen.
    pub height: u32,
    /// The range, in words: `¥200 – 400`.
    pub label: String,
    /// How many.
    pub count: u64,
    /// Whether the range is inside what was asked for.
    pub chosen: bool,
    /// Where choosing this range leads; may be empty.
    pub url: String,
}

impl Histogram {
    /// The bars for ranges given as label, count, whether chosen, and address. A range with none has no height.
    #[must_use]
    pub fn of(ranges: Vec<(String, u64, bool, String)>) -> Self {
        let highest = ranges.iter().map(|range| range.1).max().unwrap_or(0).max(1);
        let columns = u32::try_from(ranges.len()).unwrap_or(u32::MAX).max(1);
        let step = HISTOGRAM_WIDTH / columns;
        let bars = ranges
            .into_iter()
            .zip(0_u32..)
            .map(|((label, count, chosen, url), index)| {
                let scaled = count * u64::from(HISTOGRAM_HEIGHT) / highest;
                let height = match count {
                    0 => 0,
                    _ => u32::try_from(scaled).unwrap_or(HISTOGRAM_HEIGHT).max(2),
                };
                Bar {
                    x: index * step,
                    y: HISTOGRAM_HEIGHT - height,
                    width: step.saturating_sub(2).max(1),
                    height,
                    label,
                    count,
                    chosen,
                    url,
                }
            })
            .collect();
        Self { bars }
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bars.iter().all(|bar| bar.count == 0)
    }

    /// Where the whole drawing ends on the right: bars have whole widths, which may leave a few units over.
    #[must_use]
    pub fn right(&self) -> u32 {
        self.bars.last().map_or(HISTOGRAM_WIDTH, |bar| bar.x + bar.width)
    }
}

/// A price over time: it holds until the next change, so the line is made of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// The `d` of the line's path.
    pub path: String,
    /// The points where the price changed.
    pub dots: Vec<Dot>,
    /// The highest price, for the axis.
    pub highest: Price,
    /// The lowest price, for the axis.
    pub lowest: Price,
}

/// A change of price in [`Steps`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dot {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
}

impl Steps {
    /// The line for prices with the Unix second from which each held, oldest first, until `now`.
    #[must_use]
    pub fn of(points: &[(i64, Price)], now: i64) -> Self {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return Self::default() };
        let highest = points.iter().map(|point| point.1).max().unwrap_or_default();
        let lowest = points.iter().map(|point| point.1).min().unwrap_or_default();
        let (from, to) = (first.0, now.max(last.0));
        let across = |at: i64| 6 + scale(at - from, to - from, LINE_WIDTH - 12);
        // The cheapest is drawn low and the dearest high; equal prices run through the middle.
        let down = |price: Price| match highest.0 - lowest.0 {
            0 => LINE_HEIGHT / 2,
            range => 8 + scale(highest.0 - price.0, range, LINE_HEIGHT - 16),
        };
        let dots: Vec<_> = points.iter().map(|&(at, price)| Dot { x: across(at), y: down(price) }).collect();
        let mut path = String::new();
        for (index, dot) in dots.iter().enumerate() {
            path.push_str(&match index {
                0 => format!("M{} {}", dot.x, dot.y),
                _ => format!("H{}V{}", dot.x, dot.y),
            });
        }
        path.push_str(&format!("H{}", across(to)));
        Self { path, dots, highest, lowest }
    }

    /// Whether the price ever changed: a single price needs no chart.
    #[must_use]
    pub fn is_worth_drawing(&self) -> bool {
        self.dots.len() > 1
    }
}

/// `part` of `whole`, on a scale of `length`; all of it when `whole` is nothing.
fn scale(part: i64, whole: i64, length: u32) -> u32 {
    if whole <= 0 {
        return length;
    }
    let scaled = i128::from(part.clamp(0, whole)) * i128::from(length) / i128::from(whole);
    u32::try_from(scaled).unwrap_or(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_height_and_few_are_still_seen() {
        let counts = [1_u64, 1_000, 0];
        let histogram =
            Histogram::of(counts.iter().map(|&n| (String::new(), n, false, String::new())).collect());
        let heights: Vec<_> = histogram.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [2, HISTOGRAM_HEIGHT, 0]);
        assert!(histogram.bars.iter().all(|bar| bar.y + bar.height == HISTOGRAM_HEIGHT));
        assert!(histogram.right() <= HISTOGRAM_WIDTH);
        assert!(!histogram.is_empty());
        assert!(Histogram::of(Vec::new()).is_empty());
    }

    #[test]
    fn prices_step_down_to_the_right_edge() {
        let steps = Steps::of(&[(0, Price(300)), (50, Price(200)), (75, Price(100))], 100);
        assert_eq!(steps.path, "M6 8H160V48H237V88H314");
        assert!(steps.is_worth_drawing());
    }

    #[test]
    fn one_price_and_no_time_are_no_trouble() {
        let steps = Steps::of(&[(100, Price(300))], 100);
        assert!(!steps.is_worth_drawing());
        assert_eq!(Steps::of(&[], 5), Steps::default());
        let extreme = Steps::of(&[(i64::MIN / 2, Price(0)), (0, Price(i64::MAX))], i64::MAX / 2);
        assert_eq!(extreme.dots.len(), 2);
    }
}
