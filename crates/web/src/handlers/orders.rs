//! Orders: the lists, and one whole as its buyer, its seller or staff see it.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{Id, Limit, Locale, Problem, Timestamp, http::PathId};
use luhuan_ledger::{PaymentState, Provider};
use luhuan_listing::model::Delivery;
use luhuan_trade::{
    DisputeView, EvidenceView, Order, OrderFilter, OrderView, RefundRequestView, ReviewView, Role,
    RulingView, Trade,
    model::{
        By, DisputeReason, Event, FeeRules, JuryRules, RefundKind, RefundReason, ReviewRules,
        State as OrderState,
    },
};

use super::{
    Site,
    cards::{moment, offset, seconds},
    checkout::{delivery_label, pay_choices},
    form::{Fields, PageResult},
    mine::{after, param},
    trade::{
        PHOTOS, STREAM, cover, due, errors_of, is_seller, is_told_on_the_form, order_row, seller_url,
        trade_photo,
    },
    visit::Visit,
};
use crate::{
    format::{self, Price},
    text::Text,
    view::{
        Address, Choice, Errors, Pager, Tab,
        trade::{
            DisputeBlock, EvidenceRow, InvoiceRow, Meeting, MoneyRow, Next, OrderLine, OrderPage, OrderTab,
            OrdersPage, PayBlock, Primary, RequestRow, ReviewRow, RulingRow, StepRow, Typed,
        },
    },
};

/// The tabs of the lists, each with the states that it holds.
const TABS: [(&str, &[OrderState]); 6] = [
    ("all", &[]),
    ("unpaid", &[OrderState::Created]),
    ("to_send", &[OrderState::Paid, OrderState::HandoverReady]),
    ("to_receive", &[OrderState::Shipped, OrderState::Received]),
    (
        "trouble",
        &[
            OrderState::RefundRequested,
            OrderState::Returning,
            OrderState::ReturnShipped,
            OrderState::Disputed,
            OrderState::Jury,
            OrderState::Deciding,
            OrderState::Ruled,
            OrderState::Appealed,
        ],
    ),
    (
        "done",
        &[
            OrderState::Settled,
            OrderState::Closed,
            OrderState::Refunded,
            OrderState::Cancelled,
            OrderState::Expired,
        ],
    ),
];

/// `GET /me/orders?as=&show=`.
pub(super) async fn list(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let role = if param(&visit, "as").as_deref() == Some("seller") { Role::Seller } else { Role::Buyer };
    let shown = param(&visit, "show").unwrap_or_default();
    let (code, states) = TABS.into_iter().find(|(code, _)| *code == shown).unwrap_or(TABS[0]);
    let after = after(&visit);
    let filter = OrderFilter { role, states: states.to_vec() };
    let page = site.trade.orders(&visit.actor, &filter, after.as_ref(), Limit::of(None)).await?;
    let (text, now) = (visit.text(), site.trade.store().clock().now());
    let role = role.by().code();
    let address = |show: &str| {
        Address::new("/me/orders", [("as", role), ("show", if show == "all" { "" } else { show })])
    };
    let mut frame = visit.frame(&site);
    frame.title = text.code("orders-title", role).into_owned();
    frame.tab = Tab::Me;
    frame.noindex = true;
    Ok(visit.render(&OrdersPage {
        frame,
        role: role.to_owned(),
        tabs: TABS
            .iter()
            .map(|(tab, _)| OrderTab {
                code: (*tab).to_owned(),
                url: address(tab).to_string(),
                chosen: *tab == code,
            })
            .collect(),
        orders: page.items.iter().map(|card| order_row(text, card, now)).collect(),
        pager: Pager {
            first: after.map(|_| address(code).to_string()),
            next: page.next.map(|next| address(code).set("after", next.as_str()).to_string()),
        },
    }))
}

/// `GET /orders/{id}`.
pub(super) async fn show(State(site): State<Site>, visit: Visit, PathId(id): PathId<Order>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&page(&site, &visit, id, Typed::default(), Errors::none()).await?))
}

/// How a step on an order comes back: on to the order, which tells what was done; or the order with what was typed and
/// what is wrong beside it. `form` is the name that its fields begin with.
pub(super) async fn answer<T>(
    site: &Site,
    visit: &Visit,
    id: Id<Order>,
    form: &str,
    fields: &Fields,
    done: (Result<T, Problem>, &str),
) -> PageResult {
    match done {
        (Ok(_), flash) => Ok(visit.go(&format!("/orders/{id}"), Some(flash))),
        (Err(problem), _) if is_told_on_the_form(&problem) => {
            refuse(site, visit, id, fields, problem.status(), errors_of(site, visit, &problem, form)).await
        }
        (Err(problem), _) => Err(problem),
    }
}

/// The order again, with what was typed and what is wrong with it.
pub(super) async fn refuse(
    site: &Site,
    visit: &Visit,
    id: Id<Order>,
    fields: &Fields,
    status: StatusCode,
    errors: Errors,
) -> Result<Response, Problem> {
    Ok(visit.render_with(status, &page(site, visit, id, Typed::from(fields), errors).await?))
}

async fn page(
    site: &Site,
    visit: &Visit,
    id: Id<Order>,
    typed: Typed,
    errors: Errors,
) -> Result<OrderPage, Problem> {
    let view = site.trade.view(&visit.actor, id).await?;
    let reader =
        Reader { text: visit.text(), locale: visit.actor.locale, now: site.trade.store().clock().now() };
    let mut page = reader.order(&view)?;
    page.pay = pay_block(site, visit, &view).await?;
    page.primary = primary(reader.text, &view, &page);
    page.typed = typed;
    page.errors = errors;
    page.frame = visit.frame(site);
    page.frame.path = format!("/orders/{id}");
    page.frame.title = reader.text.get("order-title").into_owned();
    page.frame.tab = Tab::Me;
    page.frame.noindex = true;
    Ok(page)
}

async fn pay_block(site: &Site, visit: &Visit, view: &OrderView) -> Result<PayBlock, Problem> {
    if view.state != OrderState::Created || view.role != By::Buyer {
        return Ok(PayBlock::default());
    }
    let under_way = view
        .payments
        .iter()
        .rev()
        .find(|payment| payment.provider == Provider::Stripe && !payment.state.is_final());
    let chosen = view.payments.last().map_or(Provider::Wallet, |payment| payment.provider);
    let in_person = view.row.delivery == Delivery::Pickup.code();
    Ok(PayBlock {
        methods: pay_choices(site, visit, in_person, chosen).await?,
        under_way: under_way.map(|payment| payment.state.code().to_owned()).unwrap_or_default(),
        flaws_first: view.row.flaws_confirmed_at.is_none(),
    })
}

/// The one thing to do now, named with its verb; nothing while one waits for the other.
fn primary(text: Text, view: &OrderView, page: &OrderPage) -> Option<Primary> {
    let id = view.row.id;
    let link = |key: &str, to: &str| {
        Some(Primary { label: text.get(key).into_owned(), url: to.to_owned(), posts: false })
    };
    let post = |key: &str, to: &str| {
        Some(Primary { label: text.get(key).into_owned(), url: format!("/orders/{id}/{to}"), posts: true })
    };
    let buyer = view.role == By::Buyer;
    match view.state {
        OrderState::Created if page.pay.flaws_first && buyer => {
            link("order-act-flaws", &format!("/orders/{id}/flaws"))
        }
        OrderState::Created if page.pay.under_way == PaymentState::ActionRequired.code() => {
            link("order-act-pay-on", &format!("/orders/{id}/payment"))
        }
        OrderState::Created if buyer => link("order-act-pay", "#pay"),
        OrderState::Paid if page.can("ship") => link("order-act-ship", "#ship"),
        OrderState::Paid if page.can("arrange") && page.delivery == Delivery::Pickup.code() => {
            link("order-act-arrange", "#meet")
        }
        OrderState::HandoverReady if page.can("check_in") => post("order-act-here", "check-in"),
        OrderState::HandoverReady if page.can("hand_over") || page.face_to_face => {
            link("order-act-hand-over", "#meet")
        }
        OrderState::HandoverReady if page.can("confirm") => post("order-act-confirm", "confirm"),
        OrderState::Shipped if page.can("confirm") => post("order-act-confirm", "confirm"),
        OrderState::RefundRequested if page.can_answer() => link("order-act-answer", "#refund"),
        OrderState::Returning if page.can("send_back") => link("order-act-send-back", "#refund"),
        OrderState::ReturnShipped if page.can("accept_return") => {
            post("order-act-returned", "return-received")
        }
        OrderState::Disputed if page.dispute.is_some() => link("order-act-evidence", "#dispute"),
        OrderState::Ruled if page.can("accept_ruling") => post("order-act-accept-ruling", "disputes/accept"),
        OrderState::Settled if view.may_review => link("order-act-review", "#review"),
        _ => None,
    }
}

/// In which language and when an order is read.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub(super) text: Text,
    pub(super) locale: Locale,
    pub(super) now: Timestamp,
}

impl Reader {
    fn order(self, view: &OrderView) -> Result<OrderPage, Problem> {
        let (row, text, role) = (&view.row, self.text, view.role.code());
        let seller = is_seller(view.role);
        let other = if seller { &view.buyer } else { &view.seller };
        let first = view.lines.first().map(|line| line.listing);
        let conversation = view.conversation.map(|id| format!("/conversations/{id}"));
        let begins = conversation.is_none() && view.role == By::Buyer;
        let rule = FeeRules::versions().iter().find(|rule| rule.version == row.fee_version);
        Ok(OrderPage {
            id: row.id.to_string(),
            version: row.version.to_string(),
            role: role.to_owned(),
            state: view.state.code().to_owned(),
            lines: self.lines(view),
            other: match view.role {
                By::Staff => format!("{} · {}", view.buyer.name, view.seller.name),
                _ => other.name.clone(),
            },
            other_url: seller_url(other.person, other.shop),
            conversation_url: match (conversation, first) {
                (Some(url), _) => url,
                (None, Some(listing)) if begins => format!("/listings/{listing}/ask"),
                _ => String::new(),
            },
            begins,
            next: self.next(view),
            may: view
                .actions
                .iter()
                .filter(|it| it.from.is_none())
                .map(|it| it.event.code().to_owned())
                .collect(),
            cancel_from: view
                .actions
                .iter()
                .filter(|action| action.event == Event::CancelLate)
                .find_map(|action| action.from)
                .map(|at| due(text, at, self.now)),
            money: self.money(view),
            fee_rule: match rule {
                Some(rule) if view.role != By::Buyer => self.locale.pick(&rule.zh, &rule.en).to_owned(),
                _ => String::new(),
            },
            held: Price(row.held_fen),
            steps: self.steps(view),
            flaws: view.flaws.clone(),
            return_until: view.return_until.map(|at| due(text, at, self.now).at).unwrap_or_default(),
            delivery: row.delivery.clone(),
            delivery_label: delivery_label(self.locale, &row.delivery),
            address: view.address.as_ref().map(|it| (it.name.clone(), it.phone.clone(), it.place.clone())),
            parcel: self.parcel(row.carrier.as_deref(), row.tracking.as_deref()),
            meeting: self.meeting(view),
            code: view.code.clone().unwrap_or_default(),
            face_to_face: row.is_face_to_face(),
            note: row.note.clone(),
            carriers: self.carriers(seller),
            refund_kinds: self.refund_kinds(view.state),
            refund_reasons: self.choices("refund-reason", RefundReason::ALL.iter().map(|it| it.code())),
            dispute_reasons: self.choices("dispute-reason", DisputeReason::ALL.iter().map(|it| it.code())),
            requests: view.requests.iter().map(|request| self.request(request)).collect(),
            dispute: view.dispute.as_ref().map(|dispute| self.dispute(view, dispute)),
            jury_fits: JuryRules::load().enabled && row.held_fen <= JuryRules::load().most_fen,
            reviews: view.reviews.iter().map(|review| self.review(review, view.role)).collect(),
            may_review: view.may_review,
            tags: self.tags(view.role),
            invoices: view
                .invoices
                .iter()
                .map(|invoice| InvoiceRow {
                    kind: invoice.kind.code().to_owned(),
                    state: invoice.state.code().to_owned(),
                    amount: Price(invoice.gross_fen),
                    number: invoice.number.clone().unwrap_or_default(),
                })
                .collect(),
            may_invoice: self.may_invoice(view),
            number: row.id.to_string(),
            created: format::minute(seconds(row.created_at), offset()),
            max_photos: PHOTOS,
            stream: if view.role.is_party() { STREAM.to_owned() } else { String::new() },
            ..OrderPage::default()
        })
    }

    fn lines(self, view: &OrderView) -> Vec<OrderLine> {
        let lines = view.lines.iter().map(|line| OrderLine {
            url: line.card.as_ref().map(|card| format!("/listings/{}", card.id)).unwrap_or_default(),
            title: line.title.clone(),
            photo: cover(line.card.as_ref()),
            price: Price(line.price_fen),
        });
        lines.collect()
    }

    fn next(self, view: &OrderView) -> Next {
        let text = self.text;
        let place = match (view.state, view.row.is_face_to_face()) {
            (OrderState::HandoverReady, true) => "handover_ready_cash",
            (OrderState::Settled, _) if view.role.is_party() && !view.may_review => "settled_reviewed",
            (state, _) => state.code(),
        };
        Next {
            title: text.code("order-state", view.state.code()).into_owned(),
            text: text.code("order-next", &format!("{place}-{}", view.role)).into_owned(),
            due: view.clock.map(|clock| due(text, clock.at, self.now)),
            then: view
                .clock
                .map(|clock| text.code("order-then", clock.event.code()).into_owned())
                .unwrap_or_default(),
        }
    }

    fn money(self, view: &OrderView) -> Vec<MoneyRow> {
        let row = &view.row;
        let rows = view.money.iter().map(|line| {
            let reason = match line.what {
                "goods" => self.text.n("money-goods", row.things).into_owned(),
                "freight" => {
                    self.text.code("money-freight", row.freight.as_deref().unwrap_or("none")).into_owned()
                }
                "fee" => {
                    let percent = rate(row.fee_ppm);
                    self.text.with("money-fee", "rate", percent).into_owned()
                }
                "total" if row.is_face_to_face() => self.text.get("money-total-cash").into_owned(),
                "held" => self.text.get("money-held-why").into_owned(),
                _ => String::new(),
            };
            MoneyRow { what: line.what.to_owned(), amount: Price(line.fen), reason }
        });
        rows.collect()
    }

    fn steps(self, view: &OrderView) -> Vec<StepRow> {
        let rows = view.steps.iter().rev().map(|step| StepRow {
            event: step.event.code().to_owned(),
            by: if step.by == view.role { "you" } else { step.by.code() }.to_owned(),
            words: step.words.clone(),
            when: moment(self.text, step.at, self.now),
            at: format::minute(seconds(step.at), offset()),
        });
        rows.collect()
    }

    fn parcel(self, carrier: Option<&str>, tracking: Option<&str>) -> String {
        let Some(code) = carrier else { return String::new() };
        let known = Trade::carriers().iter().find(|carrier| carrier.code == code);
        let name = known.map_or(code, |carrier| self.locale.pick(&carrier.zh, &carrier.en));
        format!("{name} {}", tracking.unwrap_or_default()).trim().to_owned()
    }

    fn meeting(self, view: &OrderView) -> Meeting {
        let row = &view.row;
        let (buyer, seller) = (row.buyer_here_at.is_some(), row.seller_here_at.is_some());
        let (here, other_here) = if is_seller(view.role) { (seller, buyer) } else { (buyer, seller) };
        Meeting {
            place: row.meet_place.clone().unwrap_or_default(),
            at: row.meet_at.map(|at| due(self.text, at, self.now).at).unwrap_or_default(),
            here,
            other_here,
        }
    }

    /// Who sends: a buyer who sends back does not bring it as the seller would.
    fn carriers(self, seller: bool) -> Vec<Choice> {
        let carriers = Trade::carriers().iter().filter(|carrier| seller || carrier.code != "self");
        carriers
            .map(|carrier| Choice::new(&carrier.code, self.locale.pick(&carrier.zh, &carrier.en), false))
            .collect()
    }

    fn refund_kinds(self, state: OrderState) -> Vec<Choice> {
        let went = matches!(state, OrderState::Shipped | OrderState::Received);
        let kinds = RefundKind::ALL.iter().filter(|kind| went || **kind == RefundKind::MoneyOnly);
        kinds
            .map(|kind| Choice {
                hint: self.text.code("refund-kind-means", kind.code()).into_owned(),
                ..Choice::new(kind.code(), self.text.code("refund-kind", kind.code()), false)
            })
            .collect()
    }

    pub(super) fn choices(self, list: &str, codes: impl Iterator<Item = &'static str>) -> Vec<Choice> {
        codes.map(|code| Choice::new(code, self.text.code(list, code), false)).collect()
    }

    fn tags(self, role: By) -> Vec<Choice> {
        let Some(about) = role.other() else { return Vec::new() };
        let tags = ReviewRules::load().tags_of(about);
        tags.map(|tag| Choice::new(&tag.code, self.locale.pick(&tag.zh, &tag.en), false)).collect()
    }

    fn request(self, request: &RefundRequestView) -> RequestRow {
        RequestRow {
            kind: request.kind.code().to_owned(),
            reason: request.reason.code().to_owned(),
            words: request.words.clone(),
            amount: Price(request.amount_fen),
            state: request.state.code().to_owned(),
            answer: request.answer.clone(),
            parcel: self.parcel(request.carrier.as_deref(), request.tracking.as_deref()),
            when: moment(self.text, request.created_at, self.now),
        }
    }

    fn dispute(self, view: &OrderView, dispute: &DisputeView) -> DisputeBlock {
        let mine = |(buyer, seller): (bool, bool)| if is_seller(view.role) { seller } else { buyer };
        let others = |(buyer, seller): (bool, bool)| if is_seller(view.role) { buyer } else { seller };
        let open = matches!(view.state, OrderState::Disputed | OrderState::Deciding | OrderState::Appealed);
        DisputeBlock {
            opened_by: dispute.opened_by.code().to_owned(),
            reason: dispute.reason.code().to_owned(),
            words: dispute.words.clone(),
            claim: Price(dispute.claim_fen),
            jury: mine(dispute.jury),
            other_jury: others(dispute.jury),
            accepted: mine(dispute.accepted),
            other_accepted: others(dispute.accepted),
            appealed_by: dispute.appealed_by.map(|by| by.code().to_owned()).unwrap_or_default(),
            appeal_words: dispute.appeal_words.clone(),
            over: dispute.over,
            evidence: dispute.evidence.iter().map(|piece| self.evidence(piece)).collect(),
            rulings: dispute.rulings.iter().map(|ruling| self.ruling(ruling)).collect(),
            takes_evidence: open && view.role.is_party() && !dispute.over,
            may_take_jury: view.jury_possible && view.role.is_party() && !mine(dispute.jury),
        }
    }

    pub(super) fn evidence(self, piece: &EvidenceView) -> EvidenceRow {
        let alt = self.text.code("evidence-photo", piece.by.code());
        EvidenceRow {
            by: piece.by.code().to_owned(),
            text: piece.text.clone(),
            photos: piece.photos.iter().map(|photo| trade_photo(photo, &alt)).collect(),
            when: moment(self.text, piece.at, self.now),
        }
    }

    pub(super) fn ruling(self, ruling: &RulingView) -> RulingRow {
        RulingRow {
            stage: ruling.stage.code().to_owned(),
            by: ruling.by.code().to_owned(),
            buyer: Price(ruling.buyer_fen),
            reasons: ruling.reasons.clone(),
            when: moment(self.text, ruling.at, self.now),
        }
    }

    pub(super) fn review(self, review: &ReviewView, reader: By) -> ReviewRow {
        let about = review.by.other().unwrap_or(By::Seller);
        let word = |code: &String| {
            let tag = ReviewRules::load().tags_of(about).find(|tag| tag.code == *code);
            tag.map_or_else(|| code.clone(), |tag| self.locale.pick(&tag.zh, &tag.en).to_owned())
        };
        ReviewRow {
            id: review.id.to_string(),
            by: review.by.code().to_owned(),
            own: review.by == reader,
            stars: review.stars.and_then(|stars| u32::try_from(stars).ok()).unwrap_or_default(),
            tags: review.tags.iter().map(word).collect(),
            text: review.text.clone(),
            may_reply: review.shown
                && review.hidden.is_none()
                && review.reply.is_none()
                && reader.is_party()
                && review.by != reader,
            reply: review.reply.clone().unwrap_or_default(),
            hidden: review.hidden.clone().unwrap_or_default(),
            shown: review.shown,
            when: moment(self.text, review.created_at, self.now),
        }
    }

    /// A seller may have the platform's fee invoiced, a buyer a shop's goods.
    fn may_invoice(self, view: &OrderView) -> bool {
        let none = view.row.settled_at.is_some() && view.invoices.is_empty();
        none && match view.role {
            By::Seller => view.row.charged_fen > 0,
            By::Buyer => view.row.seller_shop.is_some(),
            _ => false,
        }
    }
}

/// A rate in millionths as per cent: `0.6 %`.
fn rate(ppm: i32) -> String {
    let (whole, rest) = (ppm / 10_000, ppm % 10_000);
    let rest = format!("{rest:04}");
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { format!("{whole} %") } else { format!("{whole}.{rest} %") }
}

#[cfg(test)]
mod tests {
    use luhuan_trade::model::process::TABLE;

    use super::*;

    #[test]
    fn rates_are_written_in_per_cent_without_idle_noughts() {
        assert_eq!(rate(6_000), "0.6 %");
        assert_eq!(rate(16_000), "1.6 %");
        assert_eq!(rate(20_000), "2 %");
        assert_eq!(rate(50), "0.005 %");
    }

    #[test]
    fn every_code_of_the_process_has_its_words_in_both_languages() {
        let mut keys: Vec<String> = Vec::new();
        for state in OrderState::ALL {
            keys.push(format!("order-state-{state}"));
            keys.extend(["buyer", "seller"].map(|role| format!("order-short-{state}-{role}")));
            keys.extend(["buyer", "seller", "staff"].map(|role| format!("order-next-{state}-{role}")));
        }
        keys.extend(Event::ALL.iter().map(|event| format!("order-step-{event}")));
        let by_time = TABLE.iter().filter(|row| row.by.contains(&By::Clock));
        keys.extend(by_time.map(|row| format!("order-then-{}", row.event)));
        keys.extend(By::ALL.iter().map(|by| format!("party-{by}")));
        keys.extend(RefundReason::ALL.iter().map(|reason| format!("refund-reason-{reason}")));
        keys.extend(DisputeReason::ALL.iter().map(|reason| format!("dispute-reason-{reason}")));
        keys.extend(Trade::report_reasons().iter().map(|reason| format!("report-reason-{reason}")));
        keys.extend(PaymentState::ALL.iter().map(|state| format!("payment-means-{state}")));
        for locale in Locale::ALL {
            let missing: Vec<_> = keys.iter().filter(|key| !Text::of(locale).has(key)).collect();
            assert!(missing.is_empty(), "{} lacks {missing:?}", locale.tag());
        }
    }

    #[test]
    fn every_state_stands_on_one_tab() {
        for state in OrderState::ALL {
            let tabs = TABS.iter().filter(|(_, states)| states.contains(state)).count();
            assert_eq!(tabs, 1, "{state}");
        }
    }
}
