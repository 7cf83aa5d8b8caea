//! The process drawn from its table: nothing here knows a step that the table does not have.

use std::{collections::BTreeMap, fmt::Write};

use super::process::{State, TABLE, To, Transition, When};

/// Width and height of a box, and the distance from one to the next.
const BOX: (i32, i32) = (150, 40);
const STEP: (i32, i32) = (300, 128);
const MARGIN: (i32, i32) = (40, 40);

/// A step that may begin in more states than these is written above where it leads, instead of drawn from each of them.
const ARROWS: usize = 2;

/// Words on lines stand on a ground of their own.
const WORDS: &str =
    "text-anchor=\"middle\" fill=\"#12261a\" stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\"";

/// Column and row of each state. Only the places are said here; the arrows are the table's.
const fn place(state: State) -> (i32, i32) {
    match state {
        State::Expired => (0, 0),
        State::Created => (0, 1),
        State::Cancelled => (1, 0),
        State::Paid => (1, 1),
        State::Shipped => (2, 0),
        State::HandoverReady => (2, 2),
        State::Received => (3, 1),
        State::Settled => (4, 1),
        State::Closed => (5, 1),
        State::RefundRequested => (1, 3),
        State::Returning => (2, 3),
        State::ReturnShipped => (3, 3),
        State::Refunded => (5, 3),
        State::Disputed => (1, 4),
        State::Deciding => (2, 4),
        State::Ruled => (3, 4),
        State::Jury => (2, 5),
        State::Appealed => (4, 5),
    }
}

fn centre(state: State) -> (i32, i32) {
    let (column, row) = place(state);
    (MARGIN.0 + column * STEP.0 + BOX.0 / 2, MARGIN.1 + row * STEP.1 + BOX.1 / 2)
}

/// What an arrow says: the event and by whom or when.
fn says(row: &Transition, label: &dyn Fn(&str) -> String) -> String {
    let by: Vec<String> = row.by.iter().map(|by| label(by.code())).collect();
    let clock = match row.when {
        When::AtLatest(clock) => format!(", {}", label(clock.code())),
        When::NotBefore(clock) => format!(", > {}", label(clock.code())),
        When::NothingHeld | When::Anytime => String::new(),
    };
    format!("{} ({}{clock})", label(row.event.code()), by.join("/"))
}

/// The arrows between two states, with all that they say.
fn arrows(label: &dyn Fn(&str) -> String) -> BTreeMap<(State, State), Vec<String>> {
    let mut arrows: BTreeMap<(State, State), Vec<String>> = BTreeMap::new();
    for row in TABLE.iter().filter(|row| row.from.len() <= ARROWS) {
        for from in row.from {
            if let To::State(to) = row.to {
                arrows.entry((*from, to)).or_default().push(says(row, label));
            }
        }
    }
    arrows
}

/// What is written above a state's box: the steps that lead there from many states.
fn above(state: State, label: &dyn Fn(&str) -> String) -> Vec<String> {
    let many = TABLE.iter().filter(|row| row.from.len() > ARROWS && row.to == To::State(state));
    many.flat_map(|row| {
        let from: Vec<String> = row.from.iter().map(|from| label(from.code())).collect();
        [from.join(" · "), format!("→ {}", says(row, label))]
    })
    .collect()
}

/// What is written inside a state's box: the steps that stay, and those that lead back to where a refund or dispute began.
fn inside(state: State, label: &dyn Fn(&str) -> String) -> Vec<String> {
    state
        .ways_out()
        .filter_map(|row| match row.to {
            To::Stay => Some(format!("⟳ {}", says(row, label))),
            To::Back => Some(format!("↩ {}", says(row, label))),
            To::State(_) => None,
        })
        .collect()
}

/// The process as an SVG picture. `label` gives the words of a code in the reader's language.
#[must_use]
pub fn svg(label: &dyn Fn(&str) -> String) -> String {
    let columns = State::ALL.iter().map(|state| place(*state).0).max().unwrap_or_default() + 1;
    let rows = State::ALL.iter().map(|state| place(*state).1).max().unwrap_or_default() + 1;
    let (width, height) = (MARGIN.0 * 2 + columns * STEP.0, MARGIN.1 * 2 + rows * STEP.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"10\" color=\"#4a6355\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\">\
         <path d=\"M0 0 10 5 0 10z\" fill=\"currentColor\"/></marker></defs>\n"
    );
    for ((from, to), words) in arrows(label) {
        arrow(&mut out, from, to, &words);
    }
    for state in State::ALL {
        state_box(&mut out, *state, label);
    }
    out.push_str("</svg>\n");
    out
}

fn arrow(out: &mut String, from: State, to: State, words: &[String]) {
    let (start, end) = (centre(from), centre(to));
    let (dx, dy) = (end.0 - start.0, end.1 - start.1);
    // Bent to the right of its direction, so that an arrow there and one back do not lie on each other.
    let length = isqrt(dx * dx + dy * dy).max(1);
    let bend = 26 + length / 14;
    let (mx, my) = (
        i32::midpoint(start.0, end.0) - dy * bend / length,
        i32::midpoint(start.1, end.1) + dx * bend / length,
    );
    let (from_edge, to_edge) = (edge(start, (mx, my)), edge(end, (mx, my)));
    let _ = writeln!(
        out,
        "<path d=\"M{} {}Q{mx} {my} {} {}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".55\" marker-end=\"url(#tip)\"/>",
        from_edge.0, from_edge.1, to_edge.0, to_edge.1
    );
    let (tx, ty) = ((start.0 + 2 * mx + end.0) / 4, (start.1 + 2 * my + end.1) / 4);
    for (line, words) in (0_i32..).zip(words) {
        let _ = writeln!(out, "<text x=\"{tx}\" y=\"{}\" {WORDS}>{}</text>", ty + line * 12, escaped(words));
    }
}

/// Where the line from a box's centre towards a point leaves the box.
fn edge(centre: (i32, i32), towards: (i32, i32)) -> (i32, i32) {
    let (dx, dy) = (towards.0 - centre.0, towards.1 - centre.1);
    let (half_width, half_height) = (BOX.0 / 2 + 2, BOX.1 / 2 + 2);
    if dx.abs() * half_height > dy.abs() * half_width {
        (centre.0 + half_width * dx.signum(), centre.1 + dy * half_width / dx.abs().max(1))
    } else {
        (centre.0 + dx * half_height / dy.abs().max(1), centre.1 + half_height * dy.signum())
    }
}

fn state_box(out: &mut String, state: State, label: &dyn Fn(&str) -> String) {
    let (x, y) = centre(state);
    let stroke = if state.is_final() { 2 } else { 1 };
    let fill = if state.is_aside() { "#fff4e0" } else { "#e8f5ec" };
    let _ = writeln!(
        out,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"{fill}\" stroke=\"currentColor\" stroke-width=\"{stroke}\"/>\n\
         <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-size=\"13\" font-weight=\"bold\" fill=\"#12261a\">{}</text>",
        x - BOX.0 / 2,
        y - BOX.1 / 2,
        BOX.0,
        BOX.1,
        y + 4,
        escaped(&label(state.code()))
    );
    let below = inside(state, label).into_iter().zip((0_i32..).map(|line| y + BOX.1 / 2 + 13 + line * 12));
    let above = above(state, label);
    let rows = i32::try_from(above.len()).unwrap_or_default();
    let above = above.into_iter().zip((0_i32..).map(|line| y - BOX.1 / 2 - 6 - (rows - 1 - line) * 12));
    for (words, at) in below.chain(above) {
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{at}\" {WORDS}>{}</text>", escaped(&words));
    }
}

fn isqrt(value: i32) -> i32 {
    value.max(0).isqrt()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The process as a Mermaid state diagram.
#[must_use]
pub fn mermaid() -> String {
    let label = |word: &str| word.to_owned();
    let mut out = String::from("stateDiagram-v2\n    [*] --> created\n");
    for ((from, to), words) in arrows(&label) {
        for words in words {
            let _ = writeln!(out, "    {from} --> {to}: {words}");
        }
    }
    for row in TABLE.iter().filter(|row| row.from.len() > ARROWS) {
        for from in row.from {
            if let To::State(to) = row.to {
                let _ = writeln!(out, "    {from} --> {to}: {}", says(row, &label));
            }
        }
    }
    for state in State::ALL {
        for words in inside(*state, &label) {
            let _ = writeln!(out, "    {state}: {words}");
        }
        if state.is_final() {
            let _ = writeln!(out, "    {state} --> [*]");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_shows_every_state_and_every_step() {
        let picture = svg(&str::to_owned);
        let book = mermaid();
        for state in State::ALL {
            assert!(picture.contains(&format!(">{state}</text>")), "{state}");
        }
        for row in TABLE {
            let words = says(row, &str::to_owned);
            assert!(picture.contains(&escaped(&words)), "{words}");
            assert!(book.contains(&words), "{words}");
        }
    }

    #[test]
    fn no_two_states_lie_on_each_other() {
        let mut places: Vec<_> = State::ALL.iter().map(|state| place(*state)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), State::ALL.len());
    }
}
