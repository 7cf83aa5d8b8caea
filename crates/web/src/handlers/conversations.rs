//! Talking: the list, one thread, offers in it, live by a stream and by reload.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Path, State},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::StreamExt;
use http::{StatusCode, header};
use luhuan_kernel::{Id, Limit, Problem, Timestamp, http::PathId};
use luhuan_listing::{Listing, ListingView, model::State as ListingState};
use luhuan_trade::{
    Conversation, ConversationCard, KeptTradePhoto, Live, MessageView, NewOffer, Offer, OfferView, Role,
    SendMessage, ThreadView, Trade,
    model::{By, OfferMove},
};

use super::{
    Site,
    cards::moment,
    form::{Fields, FileForm, Form, PageResult},
    mine::after,
    orders::Reader,
    steps::{run, version},
    trade::{
        PHOTOS, STREAM, cover, errors_of, fault, is_told_on_the_form, offer_card, order_row, seller_url,
        sells, trade_photo, yuan,
    },
    visit::Visit,
};
use crate::{
    format::Price,
    view::{
        Address, Buying, Choice, Errors, ListingPage, Pager, Tab,
        trade::{Bubble, ConversationRow, ConversationsPage, OrderRow, ThreadPage, Typed},
    },
};

/// Days on offer after which its seller is asked whether it should be collected instead.
const OLD_DAYS: i64 = 14;

/// Messages of one page of a thread.
const MESSAGES: u32 = 40;

fn reader(site: &Site, visit: &Visit) -> Reader {
    Reader { text: visit.text(), locale: visit.actor.locale, now: site.trade.store().clock().now() }
}

/// `GET /conversations`.
pub(super) async fn list(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let after = after(&visit);
    let page = site.trade.conversations(&visit.actor, after.as_ref(), Limit::of(None)).await?;
    let reader = reader(&site, &visit);
    let mut waiting = Vec::new();
    if after.is_none() {
        for role in [Role::Seller, Role::Buyer] {
            let offers = site.trade.my_offers(&visit.actor, role, None, Limit::of(None)).await?;
            waiting.extend(
                offers
                    .items
                    .iter()
                    .filter(|offer| waits(offer))
                    .map(|offer| offer_card(reader.text, offer, reader.now)),
            );
        }
    }
    let address = Address::new("/conversations", Vec::<(String, String)>::new());
    let mut frame = visit.frame(&site);
    frame.title = reader.text.get("conversations-title").into_owned();
    frame.tab = Tab::Messages;
    frame.noindex = true;
    Ok(visit.render(&ConversationsPage {
        frame,
        waiting,
        rows: page.items.iter().map(|card| row(reader, card)).collect(),
        pager: Pager {
            first: after.map(|_| address.to_string()),
            next: page.next.map(|next| address.set("after", next.as_str()).to_string()),
        },
        stream: STREAM.to_owned(),
    }))
}

/// Whether an offer waits for its reader: to be answered, or to be ordered by.
fn waits(offer: &OfferView) -> bool {
    offer.actions.iter().any(|may| matches!(may, OfferMove::Accept | OfferMove::Use))
}

fn row(reader: Reader, card: &ConversationCard) -> ConversationRow {
    ConversationRow {
        url: format!("/conversations/{}", card.id),
        name: card.other_name.clone(),
        title: card.card.as_ref().map(|listing| listing.title.clone()).unwrap_or_default(),
        photo: cover(card.card.as_ref()),
        last: match card.last_text.as_str() {
            "" => reader.text.get("message-photo-only").into_owned(),
            words => words.to_owned(),
        },
        unread: u32::try_from(card.unread).unwrap_or_default(),
        when: moment(reader.text, card.last_at, reader.now),
        role: card.role.code().to_owned(),
    }
}

/// `GET /conversations/{id}`: read by its reader from now on.
pub(super) async fn show(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Conversation>,
) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let page = page(&site, &visit, id, Typed::default(), Errors::none()).await?;
    Ok(visit.render(&page))
}

async fn page(
    site: &Site,
    visit: &Visit,
    id: Id<Conversation>,
    typed: Typed,
    errors: Errors,
) -> Result<ThreadPage, Problem> {
    let before = after(visit);
    let thread = site.trade.thread(&visit.actor, id, before.as_ref(), Limit::of(Some(MESSAGES))).await?;
    if thread.card.role.is_party() && before.is_none() && thread.card.unread > 0 {
        run(site, async |uow| site.trade.mark_read(uow, &visit.actor, id).await).await?;
    }
    let mut page = thread_page(reader(site, visit), id, &thread);
    page.frame = visit.frame(site);
    page.frame.unread =
        page.frame.unread.saturating_sub(u64::try_from(thread.card.unread).unwrap_or_default());
    page.frame.path = format!("/conversations/{id}");
    page.frame.title.clone_from(&page.other);
    page.frame.tab = Tab::Messages;
    page.frame.noindex = true;
    page.typed = typed;
    page.errors = errors;
    Ok(page)
}

fn thread_page(reader: Reader, id: Id<Conversation>, thread: &ThreadView) -> ThreadPage {
    let (text, card) = (reader.text, &thread.card);
    let about = card.card.as_ref();
    let on_offer = about.is_some_and(|listing| listing.state == ListingState::Published && !listing.held);
    let buyer = card.role == By::Buyer;
    let live = thread.offer.as_ref().is_some_and(|offer| !offer.state.is_final());
    let here = Address::new(format!("/conversations/{id}"), Vec::<(String, String)>::new());
    ThreadPage {
        id: id.to_string(),
        other: card.other_name.clone(),
        other_url: seller_url(card.other, None),
        role: card.role.code().to_owned(),
        about: about.map(|listing| OrderRow {
            url: format!("/listings/{}", listing.id),
            title: listing.title.clone(),
            photo: cover(Some(listing)),
            price: Price(listing.price_fen.unwrap_or_default()),
            state: listing.state.code().to_owned(),
            ..OrderRow::default()
        }),
        messages: thread.messages.items.iter().rev().map(|message| bubble(reader, message)).collect(),
        earlier: thread
            .messages
            .next
            .as_ref()
            .map(|next| here.set("after", next.as_str()).to_string())
            .unwrap_or_default(),
        offer: thread.offer.as_ref().map(|offer| offer_card(text, offer, reader.now)),
        may_offer: buyer
            && on_offer
            && !live
            && !thread.blocked
            && about.is_some_and(|listing| listing.negotiable),
        checkout_url: if buyer && on_offer && !thread.blocked {
            Address::new("/checkout", [("listing", card.listing.to_string())]).to_string()
        } else {
            String::new()
        },
        order: thread.order.as_ref().map(|order| order_row(text, order, reader.now)),
        blocking: thread.blocking,
        blocked: thread.blocked,
        max_photos: PHOTOS,
        reasons: Trade::report_reasons()
            .iter()
            .map(|reason| Choice::new(*reason, text.code("report-reason", reason), false))
            .collect(),
        stream: if card.role.is_party() { STREAM.to_owned() } else { String::new() },
        ..ThreadPage::default()
    }
}

fn bubble(reader: Reader, message: &MessageView) -> Bubble {
    let alt = reader.text.get("message-photo");
    Bubble {
        id: message.id.to_string(),
        own: message.own,
        text: message.text.clone(),
        photos: message.photos.iter().map(|photo| trade_photo(photo, &alt)).collect(),
        warned: message.warned.clone().unwrap_or_default(),
        hidden: message.hidden.clone().unwrap_or_default(),
        when: moment(reader.text, message.at, reader.now),
    }
}

/// `POST /listings/{id}/ask`: the conversation about it, begun if there is none. Nothing is sent yet.
pub(super) async fn ask(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    Form(_): Form,
) -> PageResult {
    let row = run(&site, async |uow| site.trade.begin_conversation(uow, &visit.actor, id).await).await?;
    Ok(visit.go(&format!("/conversations/{}", row.id), None))
}

/// `POST /conversations/{id}/messages`: words, photos, or both.
pub(super) async fn send(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Conversation>,
    form: FileForm,
) -> PageResult {
    let FileForm { fields, photos } = form;
    let sent = async {
        site.trade.may_write(&visit.actor, id).await?;
        let mut kept: Vec<KeptTradePhoto> = Vec::new();
        for bytes in photos.into_iter().take(PHOTOS as usize) {
            match site.trade.keep_photo(bytes).await {
                Ok(photo) => kept.push(photo),
                Err(error) => {
                    forget(&site, &kept).await;
                    return Err(error.into());
                }
            }
        }
        let new = SendMessage { text: fields.get("text").to_owned(), photos: kept.clone() };
        let done = run(&site, async |uow| site.trade.send_message(uow, &visit.actor, id, new).await).await;
        if done.is_err() {
            forget(&site, &kept).await;
        }
        done.map(|_| ())
    };
    answer(&site, &visit, id, "", &fields, sent.await, None).await
}

async fn forget(site: &Site, kept: &[KeptTradePhoto]) {
    for photo in kept {
        site.trade.drop_photo(photo).await;
    }
}

/// On to the thread; or the thread with what was typed and what is wrong with it.
async fn answer(
    site: &Site,
    visit: &Visit,
    id: Id<Conversation>,
    form: &str,
    fields: &Fields,
    done: Result<(), Problem>,
    flash: Option<&str>,
) -> PageResult {
    match done {
        Ok(()) => Ok(visit.go(&format!("/conversations/{id}#end"), flash)),
        Err(problem) if is_told_on_the_form(&problem) => {
            let errors = errors_of(site, visit, &problem, form);
            let page = page(site, visit, id, Typed::from(fields), errors).await?;
            Ok(visit.render_with(problem.status(), &page))
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /conversations/{id}/block`.
pub(super) async fn block(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Conversation>,
    Form(_): Form,
) -> PageResult {
    run(&site, async |uow| site.trade.block(uow, &visit.actor, id).await).await?;
    Ok(visit.go(&format!("/conversations/{id}"), Some("blocked")))
}

/// `POST /conversations/{id}/unblock`.
pub(super) async fn unblock(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Conversation>,
    Form(_): Form,
) -> PageResult {
    run(&site, async |uow| site.trade.unblock(uow, &visit.actor, id).await).await?;
    Ok(visit.go(&format!("/conversations/{id}"), Some("unblocked")))
}

/// `POST /conversations/{id}/report`.
pub(super) async fn report(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Conversation>,
    Form(fields): Form,
) -> PageResult {
    let about = fields.get("report.message").parse().ok();
    let (reason, words) = (fields.get("report.reason"), fields.get("report.words"));
    let done =
        run(&site, async |uow| site.trade.report(uow, &visit.actor, id, about, reason, words).await).await;
    answer(&site, &visit, id, "report", &fields, done.map(|_| ()), Some("reported")).await
}

/// `POST /listings/{id}/offers`: an offer, and a word with it in the conversation, so that the seller sees both.
pub(super) async fn make_offer(
    State(site): State<Site>,
    visit: Visit,
    PathId(listing): PathId<Listing>,
    Form(fields): Form,
) -> PageResult {
    let text = visit.text();
    let amount = match yuan(text, &fields, "offer.amount") {
        Ok(Some(fen)) => Ok(fen),
        Ok(None) => Err(fault("offer.amount", text.get("post-price-wrong"))),
        Err(errors) => Err(errors),
    };
    let conversation =
        run(&site, async |uow| Ok(site.trade.begin_conversation(uow, &visit.actor, listing).await?.id))
            .await?;
    let amount_fen = match amount {
        Ok(fen) => fen,
        Err(errors) => {
            let page = page(&site, &visit, conversation, Typed::from(&fields), errors).await?;
            return Ok(visit.render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let done = run(&site, async |uow| {
        site.trade.make_offer(uow, &visit.actor, NewOffer { listing, amount_fen }).await?;
        let words = text.with("offer-message", "amount", Price(amount_fen).text()).into_owned();
        let new = SendMessage { text: words, ..SendMessage::default() };
        site.trade.send_message(uow, &visit.actor, conversation, new).await?;
        Ok(())
    })
    .await;
    answer(&site, &visit, conversation, "offer", &fields, done, Some("offered")).await
}

/// `POST /offers/{id}/counter`.
pub(super) async fn counter(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Offer>,
    Form(fields): Form,
) -> PageResult {
    let text = visit.text();
    let done = match yuan(text, &fields, "counter.amount") {
        Ok(Some(fen)) => {
            run(&site, async |uow| {
                site.trade.counter_offer(uow, &visit.actor, id, version(&fields), fen).await
            })
            .await
        }
        Ok(None) | Err(_) => Err(Problem::invalid_field(
            "amount_fen",
            luhuan_kernel::Message::new("listing-price-range").with("max", 10_000_000),
        )),
    };
    after_offer(&site, &visit, &fields, id, done.map(|_| ()), "countered").await
}

/// `POST /offers/{id}/accept`.
pub(super) async fn accept(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Offer>,
    Form(fields): Form,
) -> PageResult {
    let done =
        run(&site, async |uow| site.trade.accept_offer(uow, &visit.actor, id, version(&fields)).await).await;
    after_offer(&site, &visit, &fields, id, done.map(|_| ()), "accepted").await
}

/// `POST /offers/{id}/decline`.
pub(super) async fn decline(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Offer>,
    Form(fields): Form,
) -> PageResult {
    let done =
        run(&site, async |uow| site.trade.decline_offer(uow, &visit.actor, id, version(&fields)).await).await;
    after_offer(&site, &visit, &fields, id, done.map(|_| ()), "declined").await
}

/// Back to where the offer was answered: the thread, the list of conversations, the listing.
async fn after_offer(
    site: &Site,
    visit: &Visit,
    fields: &Fields,
    id: Id<Offer>,
    done: Result<(), Problem>,
    flash: &str,
) -> PageResult {
    let next = fields.next();
    let Err(problem) = done else {
        let to = if next == "/" { "/conversations".to_owned() } else { next };
        return Ok(visit.go(&to, Some(&format!("offer-{flash}"))));
    };
    // Only on a thread is there room to say what is wrong; elsewhere a page says it, with the way back.
    let thread = next.strip_prefix("/conversations/").and_then(|id| id.parse().ok());
    match thread {
        Some(thread) => answer(site, visit, thread, "counter", fields, Err(problem), None).await,
        None => {
            tracing::debug!(offer = %id, "an answer to an offer was refused");
            Err(problem)
        }
    }
}

/// `GET /conversations/stream`: ids of what has just changed for its reader, as server-sent events; `reload` when some
/// were missed. A page that shows one of them reloads.
pub(super) async fn stream(State(site): State<Site>, visit: Visit) -> PageResult {
    let events =
        site.trade.listen(visit.actor)?.map(|live| Ok::<_, Infallible>(Event::default().data(about(&live))));
    let kept = KeepAlive::new().interval(Duration::from_secs(20));
    Ok(Sse::new(events).keep_alive(kept).into_response())
}

/// The ids that an event speaks of, by spaces; the pages need no more of it.
fn about(live: &Live) -> String {
    let ids = ["conversation", "order", "listing", "offer"]
        .into_iter()
        .filter_map(|field| live.payload.get(field).and_then(serde_json::Value::as_str));
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() { "reload".to_owned() } else { ids.join(" ") }
}

/// `GET /trade-photos/{id}/{width}`: for the two, for staff, for jurors.
pub(super) async fn photo(
    State(site): State<Site>,
    visit: Visit,
    Path((id, width)): Path<(String, String)>,
) -> PageResult {
    let (Ok(id), Ok(width)) = (id.parse(), width.parse()) else { return Err(Problem::not_found()) };
    let jpeg = site.trade.photo_bytes(&visit.actor, id, width).await?;
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=86400")];
    Ok((headers, jpeg).into_response())
}

/// What stands on a listing's page about trade: offers, and what a reader who is not its seller may do.
pub(super) async fn fill_listing(
    site: &Site,
    visit: &Visit,
    view: &ListingView,
    page: &mut ListingPage,
) -> Result<(), Problem> {
    let id = view.row.id;
    let on_offer = view.state == ListingState::Published && view.row.held.is_none();
    let own = sells(&visit.actor, view.row.person_id, view.row.organisation_id);
    if visit.actor.person_id().is_none() {
        page.buying = on_offer.then(Buying::default);
        return Ok(());
    }
    let reader = reader(site, visit);
    if view.state.is_public() {
        let offers = site.trade.live_offers(&visit.actor, id).await?;
        page.offers = offers.iter().map(|offer| offer_card(reader.text, offer, reader.now)).collect();
    }
    if own {
        if matches!(view.state, ListingState::Withdrawn | ListingState::Expired)
            || page_is_old(view, reader.now)
        {
            page.recycling = site.trade.recycling_offer(&visit.actor, id).await?.unwrap_or_default();
        }
        return Ok(());
    }
    let conversation = site.trade.conversation_about(&visit.actor, id).await?;
    let order = match conversation {
        Some(conversation) => {
            site.trade.thread(&visit.actor, conversation, None, Limit::of(Some(1))).await?.order
        }
        None => None,
    };
    let buying = Buying {
        checkout_url: if on_offer {
            Address::new("/checkout", [("listing", id.to_string())]).to_string()
        } else {
            String::new()
        },
        conversation_url: conversation.map(|id| format!("/conversations/{id}")).unwrap_or_default(),
        offer: on_offer && view.details.negotiable && page.offers.is_empty(),
        order_url: order.map(|order| format!("/orders/{}", order.id)).unwrap_or_default(),
    };
    page.buying = Some(buying).filter(|buying| on_offer || *buying != Buying::default());
    Ok(())
}

/// Whether it has been on offer for so long that its seller is asked whether nobody wants it.
fn page_is_old(view: &ListingView, now: Timestamp) -> bool {
    view.row.published_at.is_some_and(|published| published.plus_days(OLD_DAYS) < now)
}
