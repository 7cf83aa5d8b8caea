//! Pictures as SVG text: the QR code of a certificate, the savings, the points. Colours come from the page through
//! `currentColor` and classes; each picture has a title and a description for those who do not see it.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::energy::Savings;

/// Characters that mean something to XML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A QR code with the quiet zone of four modules that the standard asks for, black on white whatever the page's colours.
#[must_use]
pub fn qr(text: &str, label: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, quiet) = (code.width(), 4);
    let side = width + 2 * quiet;
    let mut path = String::new();
    for (n, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", n % width + quiet, n / width + quiet);
        }
    }
    let label = escape(label);
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// Words of the savings chart, in the reader's language.
#[derive(Clone, Debug)]
pub struct SavingsWords {
    /// Title.
    pub title: String,
    /// One sentence that says what the picture shows.
    pub description: String,
    /// What the line of the model is.
    pub expected: String,
    /// What the line of the readings is.
    pub used: String,
    /// What the band is.
    pub band: String,
    /// Unit of the axis.
    pub unit: String,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 44.0;

/// The baseline model and the readings, before and after, with the band of the uncertainty after the retrofit.
#[must_use]
pub fn savings(found: &Savings, words: &SavingsWords) -> String {
    let months: Vec<_> = found.baseline.iter().chain(&found.months).collect();
    let highest = months.iter().flat_map(|month| [month.expected, month.used]).fold(0.0, f64::max);
    let scale = nice(highest);
    let split = found.baseline.len();
    #[expect(clippy::cast_precision_loss, reason = "months, at most a few hundred")]
    let x = |n: usize| {
        let step = (WIDTH - LEFT - RIGHT) / (months.len().max(2) - 1) as f64;
        LEFT + step * n as f64
    };
    let y = |value: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / scale).clamp(0.0, 1.2);
    // The band of one month: the uncertainty of the sum, spread over its months as their errors add (√m).
    #[expect(clippy::cast_precision_loss, reason = "months, at most a few hundred")]
    let half = found.uncertainty / (found.months.len().max(1) as f64).sqrt();
    let line = |pick: fn(&crate::energy::MonthSaving) -> f64| {
        months
            .iter()
            .enumerate()
            .map(|(n, month)| format!("{:.1},{:.1}", x(n), y(pick(month))))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let edge = |sign: f64| {
        let after = found.months.iter().enumerate();
        after.map(move |(n, month)| (x(split + n), y(month.expected + sign * half)))
    };
    let band: Vec<String> = edge(1.0)
        .chain(edge(-1.0).collect::<Vec<_>>().into_iter().rev())
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    let mut svg = open("savings-chart", &words.title, &words.description, HEIGHT);
    axis(&mut svg, scale, &words.unit, y);
    let _ = write!(
        svg,
        "<polygon class=\"chart-band\" fill=\"currentColor\" fill-opacity=\"0.15\" points=\"{}\"/>",
        band.join(" ")
    );
    let _ = write!(
        svg,
        "<polyline class=\"chart-expected\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"6 4\" points=\"{}\"/>",
        line(|m| m.expected)
    );
    let _ = write!(
        svg,
        "<polyline class=\"chart-used\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" points=\"{}\"/>",
        line(|m| m.used)
    );
    if split > 0 && split < months.len() {
        let at = f64::midpoint(x(split - 1), x(split));
        let _ = write!(
            svg,
            "<line class=\"chart-retrofit\" stroke=\"currentColor\" stroke-opacity=\"0.5\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"/>",
            HEIGHT - BOTTOM
        );
    }
    let every = months.len().div_ceil(8).max(1);
    for (n, month) in months.iter().enumerate().step_by(every) {
        let _ = write!(
            svg,
            "<text class=\"chart-label\" fill=\"currentColor\" font-size=\"11\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x(n),
            HEIGHT - BOTTOM + 18.0,
            month.month
        );
    }
    let legend = [("6 4", &words.expected), ("", &words.used)];
    for (n, (dash, label)) in legend.into_iter().enumerate() {
        let at = LEFT + 190.0 * if n == 0 { 0.0 } else { 1.0 };
        let _ = write!(
            svg,
            "<line stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"{dash}\" x1=\"{at}\" x2=\"{}\" y1=\"14\" y2=\"14\"/><text class=\"chart-label\" fill=\"currentColor\" font-size=\"12\" x=\"{}\" y=\"18\">{}</text>",
            at + 26.0,
            at + 32.0,
            escape(label)
        );
    }
    let at = LEFT + 380.0;
    let _ = write!(
        svg,
        "<rect fill=\"currentColor\" fill-opacity=\"0.15\" x=\"{at}\" y=\"7\" width=\"26\" height=\"14\"/><text class=\"chart-label\" fill=\"currentColor\" font-size=\"12\" x=\"{}\" y=\"18\">{}</text></svg>",
        at + 32.0,
        escape(&words.band)
    );
    svg
}

/// One bar of the points chart.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// Earned, in hundredths of a point.
    pub earned: i64,
    /// To be earned.
    pub available: i64,
    /// Needed, in percent.
    pub needs_percent: u32,
}

/// Points by category: a bar each, with the mark that it must reach.
#[must_use]
pub fn points(bars: &[Bar], title: &str, description: &str) -> String {
    const ROW: f64 = 34.0;
    const NAMES: f64 = 200.0;
    const FIGURES: f64 = 110.0;
    #[expect(clippy::cast_precision_loss, reason = "categories, at most a few hundred")]
    let height = ROW * bars.len() as f64 + 8.0;
    let room = WIDTH - NAMES - FIGURES;
    let mut svg = open("points-chart", title, description, height);
    for (n, bar) in bars.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "categories and points, far below 2^52")]
        let (top, share) = (
            ROW * n as f64 + 8.0,
            if bar.available > 0 { bar.earned as f64 / bar.available as f64 } else { 0.0 },
        );
        let (middle, mark) = (top + 15.0, NAMES + room * f64::from(bar.needs_percent) / 100.0);
        let _ = write!(
            svg,
            "<text class=\"chart-label\" fill=\"currentColor\" font-size=\"13\" x=\"0\" y=\"{middle:.1}\">{}</text>",
            escape(&bar.label)
        );
        let _ = write!(
            svg,
            "<rect class=\"chart-room\" fill=\"currentColor\" fill-opacity=\"0.12\" x=\"{NAMES}\" y=\"{top:.1}\" width=\"{room:.1}\" height=\"20\" rx=\"3\"/>"
        );
        let _ = write!(
            svg,
            "<rect class=\"chart-earned\" fill=\"currentColor\" fill-opacity=\"0.7\" x=\"{NAMES}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"20\" rx=\"3\"/>",
            room * share.clamp(0.0, 1.0)
        );
        let _ = write!(
            svg,
            "<line class=\"chart-mark\" stroke=\"currentColor\" stroke-width=\"2\" x1=\"{mark:.1}\" x2=\"{mark:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
            top - 3.0,
            top + 23.0
        );
        let (earned, available) = (crate::model::Points(bar.earned), crate::model::Points(bar.available));
        let _ = write!(
            svg,
            "<text class=\"chart-label\" fill=\"currentColor\" font-size=\"13\" text-anchor=\"end\" x=\"{WIDTH}\" y=\"{middle:.1}\">{earned} / {available}</text>"
        );
    }
    svg.push_str("</svg>");
    svg
}

fn open(class: &str, title: &str, description: &str, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" role=\"img\" aria-labelledby=\"{class}-title {class}-desc\" viewBox=\"0 0 {WIDTH} {height}\"><title id=\"{class}-title\">{}</title><desc id=\"{class}-desc\">{}</desc>",
        escape(title),
        escape(description)
    )
}

fn axis(svg: &mut String, scale: f64, unit: &str, y: impl Fn(f64) -> f64) {
    for n in 0..=4 {
        let value = scale * f64::from(n) / 4.0;
        let at = y(value);
        let _ = write!(
            svg,
            "<line class=\"chart-grid\" stroke=\"currentColor\" stroke-opacity=\"0.15\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text class=\"chart-label\" fill=\"currentColor\" font-size=\"11\" text-anchor=\"end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0,
            figure(value)
        );
    }
    let _ = write!(
        svg,
        "<text class=\"chart-label\" fill=\"currentColor\" font-size=\"11\" x=\"0\" y=\"18\">{}</text>",
        escape(unit)
    );
}

/// A round number not below a value: 1, 2, 2.5 or 5 times a power of ten.
fn nice(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|round| *round >= value)
        .unwrap_or(value)
}

fn figure(value: f64) -> String {
    if value >= 1e6 {
        format!("{:.2} M", value / 1e6)
    } else if value >= 1e4 {
        format!("{:.0} k", value / 1e3)
    } else {
        format!("{value:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_on_round_numbers() {
        assert_eq!([nice(921_000.0), nice(1.0), nice(0.0), nice(230.0)], [1_000_000.0, 1.0, 1.0, 250.0]);
    }

    #[test]
    fn a_label_cannot_break_out_of_the_picture() {
        let bar = Bar { label: "<script>\"&".into(), earned: 500, available: 1000, needs_percent: 60 };
        let svg = points(&[bar], "t", "d");
        assert!(svg.contains("&lt;script&gt;&quot;&amp;") && !svg.contains("<script"));
        assert!(svg.contains("5.00 / 10.00") && svg.matches("<rect").count() == 2);
    }

    #[test]
    fn a_code_has_its_quiet_zone_and_its_size() {
        let svg = qr("https://luhuan.example/certificates/BJ-2026-0001", "QR").unwrap();
        assert!(
            svg.contains("viewBox=\"0 0 41 41\""),
            "version 4 has 33 modules, and four on each side: {}",
            &svg[..160]
        );
    }
}
