//! From 'I want it' to an order: the form, the flaws in a step of their own, the order made once.

use std::collections::HashMap;

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{Id, Locale, Problem, random};
use luhuan_ledger::{AccountOwner, PaymentState, Provider};
use luhuan_listing::{
    Card as ListingCard, Listing, ListingView,
    catalog::Catalog,
    model::{Delivery, Freight, State as ListingState},
};
use luhuan_store::idempotency::{self, Answer, Once};
use luhuan_trade::{Address as Destination, NewOrder, Offer, Order, Quote, Trade, model::FeeRules};

use super::{
    Site,
    cards::of_listing,
    form::{Fields, Form, PageResult},
    trade::{cover, errors_of, fault, is_told_on_the_form, seller_url, sells},
    visit::Visit,
};
use crate::{
    format::Price,
    view::{
        Address, Errors,
        trade::{CheckoutLine, CheckoutPage, DeliveryChoice, FlawsPage, PayChoice, Typed},
    },
};

/// Further things of the seller that are offered for the same order.
const MORE: usize = 4;

/// What the form is to the memory of commands.
const FORM: &[u8] = b"checkout form";

/// `GET /checkout?listing=&listing=&offer=`.
pub(super) async fn show(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    if visit.actor.person_id().is_none() {
        return Err(Problem::unauthenticated());
    }
    let mut fields = Fields::default();
    for (name, value) in form_urlencoded::parse(visit.query.as_bytes()) {
        if matches!(&*name, "listing" | "offer") {
            fields.add(&name, value.into_owned());
        }
    }
    let basket = Basket::open(&site, &visit, &fields).await?;
    let remembered = site.trade.remembered_address(&visit.actor).await?;
    if let Some(address) = &remembered {
        fields.put("address.name", address.name.clone());
        fields.put("address.phone", address.phone.clone());
        fields.put("address.place", address.place.clone());
    }
    let page = basket.page(&fields, remembered.is_some(), Errors::none()).await?;
    Ok(visit.render(&page))
}

/// `POST /checkout`: what is wrong comes back; flaws lead to a step of their own; then the order is made.
pub(super) async fn submit(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let basket = match Basket::open(&site, &visit, &fields).await {
        Ok(basket) => basket,
        // Sent twice: what it ordered is reserved by now, for this very buyer.
        Err(problem) => return made_before(&site, &visit, &fields).await?.ok_or(problem),
    };
    let choice = match basket.read(&fields) {
        Ok(choice) if fields.some("back").is_none() => choice,
        Ok(_) => return Ok(visit.render(&basket.page(&fields, false, Errors::none()).await?)),
        Err(errors) => return basket.refuse(&fields, StatusCode::UNPROCESSABLE_ENTITY, errors).await,
    };
    let flaws = &choice.quote.flaws;
    let ticked: Vec<bool> =
        (0..flaws.len()).map(|at| fields.all("flaw").any(|it| it == at.to_string())).collect();
    if ticked.contains(&false) {
        // Pressed in the step itself, not come from the form before it.
        let missed = fields.ticked("flaws_shown");
        return Ok(basket.flaws(&fields, &choice, ticked, missed));
    }
    match basket.order_once(&fields, &choice).await? {
        Ok(id) => Ok(after_order(&visit, id, choice.provider)),
        Err(problem) if is_told_on_the_form(&problem) => {
            let errors = told(&site, &visit, &problem);
            basket.refuse(&fields, problem.status(), errors).await
        }
        Err(problem) => Err(problem),
    }
}

/// On to the order that the same form made before; nothing when it made none.
async fn made_before(site: &Site, visit: &Visit, fields: &Fields) -> Result<Option<Response>, Problem> {
    let Some(key) = form_key(fields) else { return Ok(None) };
    match idempotency::begin(site.trade.store(), &visit.actor, Some(&key), &[FORM]).await? {
        Once::Again(answer) => Ok(ordered(&answer).map(|id| visit.go(&format!("/orders/{id}"), None))),
        Once::First(_) => Ok(None),
    }
}

/// What a form that was sent twice is known by.
fn form_key(fields: &Fields) -> Option<String> {
    fields.some("once").map(|once| format!("form {once}"))
}

fn ordered(answer: &Answer) -> Option<Id<Order>> {
    std::str::from_utf8(&answer.body).ok()?.parse().ok()
}

/// Where an order that was just made leads: to what is still to be done about it.
fn after_order(visit: &Visit, id: Id<Order>, provider: Provider) -> Response {
    match provider {
        Provider::Stripe => visit.go(&format!("/orders/{id}/payment"), Some("ordered")),
        Provider::Wallet => visit.go(&format!("/orders/{id}"), Some("paid")),
        Provider::FaceToFace => visit.go(&format!("/orders/{id}"), Some("ordered")),
    }
}

/// A refusal beside the field that can mend it.
fn told(site: &Site, visit: &Visit, problem: &Problem) -> Errors {
    let wallet = matches!(problem.slug(), "ledger-insufficient-funds" | "payment-provider-off");
    if wallet {
        return fault("provider", problem.detail(&site.texts, visit.actor.locale));
    }
    errors_of(site, visit, problem, "")
}

/// What was chosen in the form.
struct Choice {
    delivery: Delivery,
    quote: Quote,
    address: Option<Destination>,
    provider: Provider,
    note: String,
}

/// The things, with what an order of them would cost by each way of getting them.
struct Basket<'a> {
    site: &'a Site,
    visit: &'a Visit,
    listings: Vec<ListingView>,
    offer: Option<Id<Offer>>,
    quotes: Vec<(Delivery, Quote)>,
}

impl<'a> Basket<'a> {
    async fn open(site: &'a Site, visit: &'a Visit, fields: &Fields) -> Result<Self, Problem> {
        let mut ids: Vec<Id<Listing>> = Vec::new();
        for id in fields.all("listing").take(Trade::MAX_LINES) {
            let id = id.parse().map_err(|_| Problem::not_found())?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let offer =
            fields.some("offer").map(|id| id.parse()).transpose().map_err(|_| Problem::not_found())?;
        let mut listings = Vec::with_capacity(ids.len());
        for id in &ids {
            listings.push(site.listings.view(&visit.actor, *id).await?);
        }
        let Some(first) = listings.first() else { return Err(Problem::not_found()) };
        if sells(&visit.actor, first.row.person_id, first.row.organisation_id) {
            return Err(luhuan_trade::Error::OwnGoods.into());
        }
        // An agreed offer keeps the thing for this buyer.
        let gone = listings.iter().map(|view| view.state).find(|state| *state != ListingState::Published);
        if let Some(state) = gone.filter(|_| offer.is_none()) {
            return Err(luhuan_trade::Error::Gone(state).into());
        }
        if let Some(id) = offer {
            // Only the two may know of it.
            site.trade.offer(&visit.actor, id).await?;
        }
        let mut quotes = Vec::new();
        for delivery in [Delivery::Pickup, Delivery::Local, Delivery::Express] {
            if listings.iter().all(|view| view.details.delivery.contains(&delivery)) {
                quotes.push((delivery, site.trade.quote(&ids, offer, delivery).await?));
            }
        }
        if quotes.is_empty() {
            // Of two things that cannot travel together neither goes with the other.
            let delivery = first.details.delivery.first().copied().unwrap_or(Delivery::Pickup);
            site.trade.quote(&ids, offer, delivery).await?;
            return Err(Problem::not_found());
        }
        Ok(Self { site, visit, listings, offer, quotes })
    }

    /// What the form chose, or what is wrong with it.
    fn read(&self, fields: &Fields) -> Result<Choice, Errors> {
        let text = self.visit.text();
        let mut errors = Errors::none();
        let chosen = self.quotes.iter().find(|(delivery, _)| delivery.code() == fields.get("delivery"));
        if chosen.is_none() {
            errors.add("delivery", text.get("checkout-delivery-missing"));
        }
        let provider = fields.get("provider").parse::<Provider>();
        match provider {
            Err(()) => errors.add("provider", text.get("checkout-provider-missing")),
            Ok(Provider::FaceToFace) if chosen.is_some_and(|(delivery, _)| *delivery != Delivery::Pickup) => {
                errors.add("provider", text.get("checkout-provider-pickup"));
            }
            Ok(_) => {}
        }
        let value = |name: &str| fields.get(name).to_owned();
        let address = Destination {
            name: value("address.name"),
            phone: value("address.phone"),
            place: value("address.place"),
        };
        let sent = chosen.is_some_and(|(delivery, _)| *delivery != Delivery::Pickup);
        if sent {
            for (field, held) in [
                ("address.name", &address.name),
                ("address.phone", &address.phone),
                ("address.place", &address.place),
            ] {
                if held.is_empty() {
                    errors.add(field, text.get("checkout-address-missing"));
                }
            }
        }
        match (chosen, provider, errors.is_empty()) {
            (Some((delivery, quote)), Ok(provider), true) => Ok(Choice {
                delivery: *delivery,
                quote: quote.clone(),
                address: sent.then_some(address),
                provider,
                note: value("note"),
            }),
            _ => Err(errors),
        }
    }

    /// Makes the order; the same form sent twice makes one. The inner error is the input's, or the state of things.
    async fn order_once(
        &self,
        fields: &Fields,
        choice: &Choice,
    ) -> Result<Result<Id<Order>, Problem>, Problem> {
        let (trade, actor) = (&self.site.trade, &self.visit.actor);
        let key = fields.some("once").map(|once| format!("form {once}"));
        let attempt =
            match idempotency::begin(trade.store(), actor, key.as_deref(), &[b"checkout form"]).await? {
                Once::First(attempt) => attempt,
                Once::Again(answer) => {
                    let id = std::str::from_utf8(&answer.body).ok().and_then(|id| id.parse().ok());
                    return Ok(id.ok_or_else(Problem::internal));
                }
            };
        let shown = fields.get(&format!("expected.{}", choice.delivery.code())).parse().ok();
        let new = NewOrder {
            listings: self.listings.iter().map(|view| view.row.id).collect(),
            offer: self.offer,
            delivery: choice.delivery,
            address: choice.address.clone(),
            flaws_confirmed: true,
            expected_total_fen: shown,
            note: choice.note.clone(),
            pay: Some(choice.provider),
        };
        let row = match trade.order(&attempt.uow, actor, new).await {
            Ok(row) => row,
            Err(error) => return Ok(Err(error.into())),
        };
        let body = row.id.to_string().into_bytes();
        attempt.commit(&Answer { status: StatusCode::SEE_OTHER, version: 1, body }).await?;
        if let Some(payment) = row.payment_id.filter(|_| choice.provider == Provider::Stripe) {
            begin_there(self.site, payment).await;
        }
        Ok(Ok(row.id))
    }

    async fn refuse(&self, fields: &Fields, status: StatusCode, errors: Errors) -> PageResult {
        Ok(self.visit.render_with(status, &self.page(fields, false, errors).await?))
    }

    async fn page(&self, fields: &Fields, remembered: bool, errors: Errors) -> Result<CheckoutPage, Problem> {
        let (text, locale) = (self.visit.text(), self.visit.actor.locale);
        let first = &self.listings[0];
        let now = self.site.trade.store().clock().now();
        let mut frame = self.visit.frame(self.site);
        frame.title = text.get("checkout-title").into_owned();
        frame.noindex = true;
        let asked = fields.get("delivery");
        let delivery =
            self.quotes.iter().find(|(delivery, _)| delivery.code() == asked).unwrap_or(&self.quotes[0]);
        let rule = FeeRules::at(now);
        let ids: Vec<_> = self.listings.iter().map(|view| view.row.id.to_string()).collect();
        let cards = self.cards().await?;
        Ok(CheckoutPage {
            once: fields.some("once").unwrap_or_else(random::token),
            lines: self.lines(&ids, &cards),
            offer: self.offer.map(|id| id.to_string()).unwrap_or_default(),
            seller: first.seller.name.clone(),
            seller_url: seller_url(first.row.person_id, first.row.organisation_id),
            seller_kind: first.seller.kind.clone(),
            returnable: delivery.1.returnable,
            goods: Price(delivery.1.goods_fen),
            deliveries: self.quotes.iter().map(|quote| self.delivery(quote, delivery.0)).collect(),
            methods: self.methods(fields, delivery).await?,
            fee_rule: locale.pick(&rule.zh, &rule.en).to_owned(),
            flawed: self.quotes.iter().any(|(_, quote)| !quote.flaws.is_empty()),
            more: self.more(&ids, now).await?,
            typed: Typed::from(fields),
            remembered,
            errors,
            frame,
        })
    }

    async fn cards(&self) -> Result<HashMap<Id<Listing>, ListingCard>, Problem> {
        let ids: Vec<_> = self.listings.iter().map(|view| view.row.id).collect();
        let cards = self.site.listings.cards_of(&self.visit.actor, &ids).await?;
        Ok(cards.into_iter().map(|card| (card.id, card)).collect())
    }

    fn lines(&self, ids: &[String], cards: &HashMap<Id<Listing>, ListingCard>) -> Vec<CheckoutLine> {
        let locale = self.visit.actor.locale;
        let agreed = self.offer.map(|_| self.quotes[0].1.goods_fen);
        let lines = self.listings.iter().map(|view| {
            let id = view.row.id.to_string();
            let others = ids.iter().filter(|other| **other != id).map(|other| ("listing", other.as_str()));
            let grade =
                view.details.condition.map(|grade| Catalog::get().condition(grade).label.text(locale));
            CheckoutLine {
                url: format!("/listings/{id}"),
                title: view.details.title.clone(),
                photo: cover(cards.get(&view.row.id)),
                condition: grade.unwrap_or_default().to_owned(),
                price: Price(agreed.or(view.details.price_fen).unwrap_or_default()),
                without: if ids.len() > 1 {
                    Address::new("/checkout", others).to_string()
                } else {
                    String::new()
                },
                id,
            }
        });
        lines.collect()
    }

    fn delivery(&self, (delivery, quote): &(Delivery, Quote), chosen: Delivery) -> DeliveryChoice {
        let (locale, catalog) = (self.visit.actor.locale, Catalog::get());
        let method = catalog.delivery().iter().find(|method| method.code == delivery.code());
        let freights = self.listings.iter().filter_map(|view| view.details.freight);
        let prepaid = freights.clone().any(|freight| freight == Freight::BuyerPrepaid);
        let collect = freights.clone().any(|freight| freight == Freight::BuyerCollect);
        let payer = match (prepaid, collect) {
            (true, _) => Freight::BuyerPrepaid,
            (_, true) => Freight::BuyerCollect,
            _ => Freight::Seller,
        };
        let payer =
            catalog.payers().iter().find(|it| it.code == payer.code() && *delivery != Delivery::Pickup);
        DeliveryChoice {
            value: delivery.code().to_owned(),
            label: method.map(|method| method.label.text(locale).to_owned()).unwrap_or_default(),
            note: method.map(|method| method.note.text(locale).to_owned()).unwrap_or_default(),
            payer: payer.map(|payer| payer.label.text(locale).to_owned()).unwrap_or_default(),
            chosen: *delivery == chosen,
            freight: Price(quote.freight_fen),
            total: Price(quote.total_fen),
            fee: Price(quote.fee.fee_fen),
        }
    }

    async fn methods(
        &self,
        fields: &Fields,
        (delivery, _): &(Delivery, Quote),
    ) -> Result<Vec<PayChoice>, Problem> {
        let pickup = self.quotes.iter().any(|(delivery, _)| *delivery == Delivery::Pickup);
        let asked = fields.get("provider").parse().ok();
        let usual = asked.unwrap_or(Provider::Wallet);
        let mut methods = pay_choices(self.site, self.visit, pickup, usual).await?;
        if *delivery == Delivery::Pickup && asked.is_none() && methods.iter().all(|method| !method.chosen) {
            for method in methods.iter_mut().take(1) {
                method.chosen = true;
            }
        }
        Ok(methods)
    }

    /// More of this seller's, as far as it travels with what is there; none when it is ordered by an offer.
    async fn more(
        &self,
        ids: &[String],
        now: luhuan_kernel::Timestamp,
    ) -> Result<Vec<(String, crate::view::Card)>, Problem> {
        if self.offer.is_some() || ids.len() >= Trade::MAX_LINES {
            return Ok(Vec::new());
        }
        let first = &self.listings[0];
        let found = self.site.listings.more_from(&first.seller, first.row.id, MORE + ids.len()).await?;
        let shared =
            |card: &ListingCard| self.quotes.iter().any(|(delivery, _)| card.delivery.contains(delivery));
        let fits = found.iter().filter(|card| !ids.contains(&card.id.to_string()) && shared(card));
        Ok(fits
            .take(MORE)
            .map(|card| {
                let added = card.id.to_string();
                let all = ids.iter().chain([&added]).map(|id| ("listing", id.as_str()));
                (Address::new("/checkout", all).to_string(), of_listing(self.visit.text(), card, now))
            })
            .collect())
    }

    fn flaws(&self, fields: &Fields, choice: &Choice, ticked: Vec<bool>, missed: bool) -> Response {
        let text = self.visit.text();
        let mut frame = self.visit.frame(self.site);
        frame.title = text.get("flaws-title").into_owned();
        frame.noindex = true;
        let own = |name: &str| matches!(name, "_csrf" | "flaw" | "back" | "flaws_shown");
        let hidden = fields.below("").filter(|(name, _)| !own(name));
        let page = FlawsPage {
            frame,
            action: "/checkout".to_owned(),
            hidden: hidden.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            flaws: choice.quote.flaws.clone(),
            total: Price(choice.quote.total_fen),
            may_go_back: true,
            then: if choice.provider == Provider::Wallet { "pay" } else { "order" }.to_owned(),
            errors: if missed { fault("flaw", text.get("flaws-missed")) } else { Errors::none() },
            ticked,
        };
        let status = if missed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        self.visit.render_with(status, &page)
    }
}

/// The ways to pay here, `chosen` chosen.
pub(super) async fn pay_choices(
    site: &Site,
    visit: &Visit,
    in_person: bool,
    chosen: Provider,
) -> Result<Vec<PayChoice>, Problem> {
    let text = visit.text();
    let mut choices = Vec::new();
    // The wallet first: it is what everyone has.
    let known: Vec<_> = site.ledger.providers().names().collect();
    for provider in [Provider::Wallet, Provider::Stripe, Provider::FaceToFace] {
        if !known.contains(&provider) || (provider == Provider::FaceToFace && !in_person) {
            continue;
        }
        let hint = match (provider, visit.actor.person_id()) {
            (Provider::Wallet, Some(person)) => {
                let held = site.ledger.available(&AccountOwner::Person(person)).await?;
                text.with("pay-hint-wallet", "balance", Price(held.minor).text()).into_owned()
            }
            _ => text.code("pay-hint", provider.code()).into_owned(),
        };
        choices.push(PayChoice {
            value: provider.code().to_owned(),
            label: text.code("pay", provider.code()).into_owned(),
            hint,
            chosen: provider == chosen,
        });
    }
    Ok(choices)
}

/// Lets a payment begin at its provider at once, so that the browser has what completes it. One that does not begin
/// is seen to by its job, and the page says so.
pub(super) async fn begin_there(site: &Site, payment: Id<luhuan_ledger::Payment>) -> Option<PaymentState> {
    match site.ledger.advance(payment).await {
        Ok(row) => row.state().ok(),
        Err(error) => {
            tracing::warn!(%error, %payment, "a payment waits for its job");
            None
        }
    }
}

/// The name of a way of getting things.
pub(super) fn delivery_label(locale: Locale, code: &str) -> String {
    let method = Catalog::get().delivery().iter().find(|method| method.code == code);
    method.map_or_else(|| code.to_owned(), |method| method.label.text(locale).to_owned())
}
