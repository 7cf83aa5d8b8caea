//! The process of an order, drawn from the table that the program runs.

use axum::{Router, extract::State, routing::get};
use luhuan_trade::model::{Clock, Clocks, To, Transition, When, process::TABLE, svg};

use super::{
    super::{Site, form::PageResult, visit::Visit},
    around, enter,
};
use crate::{
    text::Text,
    view::{ProcessPage, ProcessRow},
};

const DESK: &str = "process";

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/staff/process", get(show))
}

/// `GET /staff/process`.
async fn show(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, DESK)?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let (frame, tabs) = around(&site, &visit, DESK, "/staff/process");
    let clocks = Clocks::at(site.trade.store().clock().now());
    Ok(visit.render(&of_table(frame, tabs, clocks)))
}

/// The page, in the words of its frame.
fn of_table(frame: crate::view::Frame, tabs: Vec<crate::view::StaffTab>, clocks: &Clocks) -> ProcessPage {
    let text = frame.t;
    ProcessPage {
        frame,
        tabs,
        picture: svg(&|code| word(text, code)),
        rows: TABLE.iter().map(|row| in_words(text, clocks, row)).collect(),
        version: clocks.version.to_string(),
    }
}

/// The word of a code of the table, whichever of its lists it stands in.
fn word(text: Text, code: &str) -> String {
    text.code("process", code).into_owned()
}

fn in_words(text: Text, clocks: &Clocks, row: &Transition) -> ProcessRow {
    ProcessRow {
        from: row.from.iter().map(|state| word(text, state.code())).collect(),
        event: word(text, row.event.code()),
        by: row.by.iter().map(|by| word(text, by.code())).collect(),
        to: match row.to {
            To::State(state) => word(text, state.code()),
            To::Back => text.get("process-to-back").into_owned(),
            To::Stay => text.get("process-to-stay").into_owned(),
        },
        effects: row.effects.iter().map(|effect| text.code("effect", effect.code()).into_owned()).collect(),
        when: match row.when {
            When::Anytime => String::new(),
            When::NothingHeld => text.get("process-nothing-held").into_owned(),
            When::NotBefore(clock) => {
                text.with("process-not-before", "time", long(text, clocks, clock)).into_owned()
            }
            When::AtLatest(clock) => {
                text.with("process-at-latest", "time", long(text, clocks, clock)).into_owned()
            }
        },
    }
}

/// How long a clock runs, in hours or in whole days.
fn long(text: Text, clocks: &Clocks, clock: Clock) -> String {
    match clocks.seconds(clock) / 3600 {
        0 => text.get("process-at-once").into_owned(),
        hours if hours >= 72 && hours % 24 == 0 => text.n("process-days", hours / 24).into_owned(),
        hours => text.n("process-hours", hours).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use luhuan_kernel::Locale;
    use luhuan_trade::model::{By, Effect, Event, State as OrderState};

    use super::*;

    #[test]
    fn every_code_of_the_table_has_its_word_in_both_languages() {
        for locale in Locale::ALL {
            let text = Text::of(locale);
            let codes = OrderState::ALL.iter().map(|state| state.code());
            let codes = codes.chain(Event::ALL.iter().map(|event| event.code()));
            let codes = codes.chain(By::ALL.iter().map(|by| by.code()));
            let clocks = TABLE.iter().filter_map(Transition::clock).map(Clock::code);
            for code in codes.chain(clocks) {
                assert!(text.has(&format!("process-{code}")), "{}: process-{code}", locale.tag());
            }
            for effect in Effect::ALL {
                assert!(text.has(&format!("effect-{effect}")), "{}: effect-{effect}", locale.tag());
            }
        }
    }

    #[test]
    fn the_page_shows_every_row_of_the_table() {
        let page = of_table(crate::view::Frame::default(), Vec::new(), Clocks::of_version(1));
        assert_eq!(page.rows.len(), TABLE.len());
        assert!(page.picture.starts_with("<svg") && !page.picture.contains("handover_ready"));
    }
}
