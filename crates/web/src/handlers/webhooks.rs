//! An integrator's webhooks, and what became of each delivery.

use axum::{
    Router,
    extract::{Path, State},
    routing::{get, post},
};
use http::StatusCode;
use luhuan_kernel::{Id, Limit, Message, Organisation, OrganisationRole, Problem, Timestamp, http::PathId};
use luhuan_notifications::{
    ChangeWebhook, CreateWebhook, DeliveryFilter, Error, MintedWebhook, Replay, Webhook,
    entity::{delivery, webhook},
    model::{DeliveryState, PUBLISHED, WebhookState},
};

use super::{
    Site,
    account::{Refusal, no_store},
    cards::{moment, offset, seconds},
    form::{Fields, Form, PageResult},
    mine::{after, param},
    profile::{choose, own_frame},
    visit::Visit,
};
use crate::{
    format,
    text::Text,
    view::{
        Address, Choice, DeliveryRow, DeliveryTab, Pager, WebhookPage, WebhookRow, WebhookValues,
        WebhooksPage,
    },
};

/// Hours that a replay looks back unless told.
const REPLAY_HOURS: i64 = 24;

/// The addresses of this file.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/me/webhooks", get(list).post(create))
        .route("/organisations/{id}/webhooks", get(of_organisation))
        .route("/me/webhooks/{id}", get(show).post(change))
        .route("/me/webhooks/{id}/switch", post(switch))
        .route("/me/webhooks/{id}/ping", post(ping))
        .route("/me/webhooks/{id}/secret", post(renew_secret))
        .route("/me/webhooks/{id}/delete", post(delete))
        .route("/me/webhooks/{id}/replay", post(replay_range))
        .route("/me/webhooks/{id}/deliveries/{delivery}/replay", post(replay_one))
}

fn address(id: Id<Webhook>) -> String {
    format!("/me/webhooks/{id}")
}

/// `GET /organisations/{id}/webhooks`: the list, with the organisation chosen.
async fn of_organisation(visit: Visit, PathId(id): PathId<Organisation>) -> PageResult {
    Ok(visit.go(&Address::new("/me/webhooks", [("organisation", id.to_string())]).to_string(), None))
}

/// `GET /me/webhooks?organisation=&after=`.
async fn list(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&list_page(&site, &visit).await?))
}

async fn list_page(site: &Site, visit: &Visit) -> Result<WebhooksPage, Problem> {
    let after = after(visit);
    let found = site.notifications.webhooks(&visit.actor, after.as_ref(), Limit::of(None)).await?;
    let organisations = led(site, visit).await?;
    let asked = param(visit, "organisation").unwrap_or_default();
    let owners = if organisations.is_empty() {
        Vec::new()
    } else {
        let own = Choice::new("", visit.text().get("webhook-own"), asked.is_empty());
        let others = organisations.iter().map(|(id, name)| Choice::new(id, name, *id == asked));
        std::iter::once(own).chain(others).collect()
    };
    let here = Address::new("/me/webhooks", Vec::<(String, String)>::new());
    Ok(WebhooksPage {
        frame: own_frame(site, visit, "webhooks-title", "/me/webhooks"),
        back: if asked.is_empty() { "/me".to_owned() } else { format!("/organisations/{asked}") },
        webhooks: found.items.iter().map(|row| webhook_row(row, &organisations)).collect(),
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: found.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
        owners,
        contexts: contexts(visit.text(), &["trade.*".to_owned()]),
        ..WebhooksPage::default()
    })
}

/// The organisations whose webhooks the visitor looks after: id and name.
async fn led(site: &Site, visit: &Visit) -> Result<Vec<(String, String)>, Problem> {
    let organisations = site.accounts.organisations(&visit.actor).await?;
    let lead = |role| matches!(role, Some(OrganisationRole::Owner | OrganisationRole::Manager));
    Ok(organisations.into_iter().filter(|it| lead(it.role)).map(|it| (it.id.to_string(), it.name)).collect())
}

fn webhook_row(row: &webhook::Model, organisations: &[(String, String)]) -> WebhookRow {
    let owner = row.organisation_id.map(|id| id.to_string());
    let name = owner.and_then(|id| organisations.iter().find(|(known, _)| *known == id));
    WebhookRow {
        id: row.id.to_string(),
        url: row.url.clone(),
        description: row.description.clone(),
        events: row.events().iter().map(|pattern| pattern.as_str().to_owned()).collect(),
        state: row.state().code().to_owned(),
        owner: name.map(|(_, name)| name.clone()).unwrap_or_default(),
    }
}

/// Everything, and each context, as boxes.
fn contexts(text: Text, ticked: &[String]) -> Vec<Choice> {
    let boxes = std::iter::once("*".to_owned()).chain(PUBLISHED.iter().map(|context| format!("{context}.*")));
    boxes
        .map(|pattern| {
            let code = if pattern == "*" { "all" } else { pattern.trim_end_matches(".*") };
            Choice::new(pattern.as_str(), text.code("webhook-context", code), ticked.contains(&pattern))
        })
        .collect()
}

/// The patterns of a form: the boxes, and what was written beside them.
fn patterns(fields: &Fields) -> Vec<String> {
    let written = fields.get("events").split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'));
    fields.all("event").chain(written).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn values(fields: &Fields) -> WebhookValues {
    WebhookValues {
        url: fields.get("url").to_owned(),
        description: fields.get("description").to_owned(),
        events: fields.get("events").to_owned(),
    }
}

/// `POST /me/webhooks`: the answer is the webhook's page, the only one that ever shows the secret.
async fn create(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    match make(&site, &visit, &fields).await {
        Ok(minted) => with_secret(&site, &visit, minted, StatusCode::CREATED).await,
        Err(error) => {
            let refusal = Refusal::of(&site, &visit, error, &[("notifications-too-many-webhooks", "url")])?;
            let mut page = list_page(&site, &visit).await?;
            page.values = values(&fields);
            page.contexts = contexts(visit.text(), &patterns(&fields));
            choose(&mut page.owners, fields.get("owner"));
            page.errors.clone_from(&refusal.errors);
            Ok(refusal.answer(&visit, &page))
        }
    }
}

async fn make(site: &Site, visit: &Visit, fields: &Fields) -> Result<MintedWebhook, Error> {
    let organisation = match fields.get("owner") {
        "" => None,
        id => Some(id.parse().map_err(|_| Error::NotFound)?),
    };
    let input = CreateWebhook {
        url: fields.get("url").to_owned(),
        events: patterns(fields),
        description: fields.get("description").to_owned(),
        organisation,
    };
    let uow = site.notifications.store().begin().await?;
    let minted = site.notifications.create_webhook(&uow, &visit.actor, input).await?;
    uow.commit().await?;
    Ok(minted)
}

async fn with_secret(site: &Site, visit: &Visit, minted: MintedWebhook, status: StatusCode) -> PageResult {
    let mut page = page_of(site, visit, minted.row.id).await?;
    page.secret = Some(minted.secret.expose().clone());
    Ok(no_store(visit.render_with(status, &page)))
}

/// `GET /me/webhooks/{id}?state=&after=`.
async fn show(State(site): State<Site>, visit: Visit, PathId(id): PathId<Webhook>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&page_of(&site, &visit, id).await?))
}

async fn page_of(site: &Site, visit: &Visit, id: Id<Webhook>) -> Result<WebhookPage, Problem> {
    let (text, notifications) = (visit.text(), &site.notifications);
    let row = notifications.webhook(&visit.actor, id).await?;
    let asked = param(visit, "state").unwrap_or_default();
    let state = DeliveryState::ALL.into_iter().find(|state| state.code() == asked);
    let after = after(visit);
    let filter = DeliveryFilter { state };
    let log = notifications.deliveries(&visit.actor, id, filter, after.as_ref(), Limit::of(None)).await?;
    let now = notifications.store().clock().now();
    let here = Address::new(address(id), [("state", state.map_or("", DeliveryState::code))]);
    let webhook = webhook_row(&row, &led(site, visit).await?);
    let boxes = contexts(text, &webhook.events);
    let beyond = webhook.events.iter().filter(|event| !boxes.iter().any(|choice| choice.value == **event));
    Ok(WebhookPage {
        frame: own_frame(site, visit, "webhook-title", &address(id)),
        failing_since: row.failing_since.map(|at| moment(text, at, now).words).unwrap_or_default(),
        values: WebhookValues {
            url: row.url.clone(),
            description: row.description.clone(),
            events: beyond.cloned().collect::<Vec<_>>().join(" "),
        },
        contexts: boxes.clone(),
        tabs: delivery_tabs(id, state),
        deliveries: log.items.iter().map(|row| delivery_row(text, row, now)).collect(),
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: log.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
        from: local(now.plus_seconds(-REPLAY_HOURS * 3600)),
        until: local(now.plus_seconds(60)),
        webhook,
        ..WebhookPage::default()
    })
}

fn delivery_tabs(id: Id<Webhook>, shown: Option<DeliveryState>) -> Vec<DeliveryTab> {
    let all = std::iter::once(None).chain(DeliveryState::ALL.into_iter().map(Some));
    all.map(|state| {
        let code = state.map_or("", DeliveryState::code);
        DeliveryTab {
            url: Address::new(address(id), [("state", code)]).to_string(),
            state: code.to_owned(),
            chosen: state == shown,
        }
    })
    .collect()
}

fn delivery_row(text: Text, row: &delivery::Model, now: Timestamp) -> DeliveryRow {
    let state = row.state();
    let answer = match (row.status, row.took_ms) {
        (Some(status), Some(took)) => format!("{status} · {took} ms"),
        (Some(status), None) => status.to_string(),
        _ => String::new(),
    };
    let minute = |at: Timestamp| format::minute(seconds(at), offset());
    let next = match (state, row.attempted_at) {
        (DeliveryState::Pending, _) => text.with("delivery-next", "at", minute(row.due_at)).into_owned(),
        (_, Some(at)) => text.with("delivery-last", "at", minute(at)).into_owned(),
        _ => String::new(),
    };
    DeliveryRow {
        id: row.id.to_string(),
        number: row.number,
        event: row.event_name.clone(),
        at: moment(text, row.event_at, now),
        state: state.code().to_owned(),
        attempts: row.attempts,
        answer,
        error: row.error.clone().unwrap_or_default(),
        excerpt: row.excerpt.clone().unwrap_or_default(),
        next,
        body: row.body.clone(),
    }
}

/// An instant as a field of local date and time holds it: `2026-03-18T09:05`.
fn local(at: Timestamp) -> String {
    format::minute(seconds(at), offset()).replace(' ', "T")
}

/// What such a field sends, in the zone of the pages.
pub(super) fn from_local(text: &str) -> Option<Timestamp> {
    let text = if text.len() == 10 { format!("{text}T00:00") } else { text.to_owned() };
    format!("{text}:00+08:00").parse().ok()
}

/// The webhook's page with what is wrong in one of its forms.
async fn refuse(
    site: &Site,
    visit: &Visit,
    id: Id<Webhook>,
    error: Error,
    fill: impl FnOnce(&mut WebhookPage),
) -> PageResult {
    let refusal = Refusal::of(site, visit, error, &[])?;
    let mut page = page_of(site, visit, id).await?;
    fill(&mut page);
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(visit, &page))
}

/// `POST /me/webhooks/{id}`.
async fn change(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Webhook>,
    Form(fields): Form,
) -> PageResult {
    let wanted = ChangeWebhook {
        url: Some(fields.get("url").to_owned()),
        events: Some(patterns(&fields)),
        description: Some(fields.get("description").to_owned()),
        state: None,
    };
    match alter(&site, &visit, id, wanted).await {
        Ok(()) => Ok(visit.go(&address(id), Some("webhook-saved"))),
        Err(error) => {
            let text = visit.text();
            refuse(&site, &visit, id, error, |page| {
                page.values = values(&fields);
                page.contexts = contexts(text, &patterns(&fields));
            })
            .await
        }
    }
}

/// `POST /me/webhooks/{id}/switch`: field `on`.
async fn switch(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Webhook>,
    Form(fields): Form,
) -> PageResult {
    let (to, told) = if fields.ticked("on") {
        (WebhookState::Enabled, "webhook-on")
    } else {
        (WebhookState::Disabled, "webhook-off")
    };
    alter(&site, &visit, id, ChangeWebhook { state: Some(to), ..ChangeWebhook::default() }).await?;
    Ok(visit.go(&address(id), Some(told)))
}

async fn alter(site: &Site, visit: &Visit, id: Id<Webhook>, wanted: ChangeWebhook) -> Result<(), Error> {
    let uow = site.notifications.store().begin().await?;
    site.notifications.change_webhook(&uow, &visit.actor, id, None, wanted).await?;
    uow.commit().await?;
    Ok(())
}

/// `POST /me/webhooks/{id}/ping`.
async fn ping(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Webhook>,
    Form(_): Form,
) -> PageResult {
    let uow = site.notifications.store().begin().await?;
    let tried = site.notifications.ping(&uow, &visit.actor, id).await;
    match tried {
        Ok(_) => {
            uow.commit().await?;
            Ok(visit.go(&address(id), Some("webhook-pinged")))
        }
        Err(error) => {
            drop(uow);
            refuse(&site, &visit, id, error, |_| ()).await
        }
    }
}

/// `POST /me/webhooks/{id}/secret`: the answer is the page itself, the only one that ever shows the new secret.
async fn renew_secret(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Webhook>,
    Form(_): Form,
) -> PageResult {
    let uow = site.notifications.store().begin().await?;
    let minted = site.notifications.renew_secret(&uow, &visit.actor, id).await?;
    uow.commit().await?;
    with_secret(&site, &visit, minted, StatusCode::OK).await
}

/// `POST /me/webhooks/{id}/delete`.
async fn delete(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Webhook>,
    Form(_): Form,
) -> PageResult {
    let uow = site.notifications.store().begin().await?;
    site.notifications.delete_webhook(&uow, &visit.actor, id).await?;
    uow.commit().await?;
    Ok(visit.go("/me/webhooks", Some("webhook-deleted")))
}

/// `POST /me/webhooks/{id}/deliveries/{delivery}/replay`.
async fn replay_one(
    State(site): State<Site>,
    visit: Visit,
    Path((id, delivery)): Path<(String, String)>,
    Form(_): Form,
) -> PageResult {
    let unknown = |_| Problem::not_found();
    let id: Id<Webhook> = id.parse().map_err(unknown)?;
    let delivery = delivery.parse().map_err(unknown)?;
    let uow = site.notifications.store().begin().await?;
    let again = site.notifications.replay_one(&uow, &visit.actor, id, delivery).await;
    match again {
        Ok(_) => {
            uow.commit().await?;
            Ok(visit.go(&address(id), Some("webhook-replayed")))
        }
        Err(error) => {
            drop(uow);
            refuse(&site, &visit, id, error, |_| ()).await
        }
    }
}

/// `POST /me/webhooks/{id}/replay`: fields `from`, `until`, `delivered_too`.
async fn replay_range(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Webhook>,
    Form(fields): Form,
) -> PageResult {
    match replay(&site, &visit, id, &fields).await {
        Ok(0) => Ok(visit.go(&address(id), Some("webhook-nothing"))),
        Ok(_) => Ok(visit.go(&address(id), Some("webhook-replayed"))),
        Err(error) => {
            refuse(&site, &visit, id, error, |page| {
                fields.get("from").clone_into(&mut page.from);
                fields.get("until").clone_into(&mut page.until);
                page.delivered_too = fields.ticked("delivered_too");
            })
            .await
        }
    }
}

async fn replay(site: &Site, visit: &Visit, id: Id<Webhook>, fields: &Fields) -> Result<u64, Error> {
    let range = Message::new("notifications-range");
    let wrong = |field: &str| {
        Error::Invalid(vec![luhuan_kernel::FieldProblem { field: field.to_owned(), message: range.clone() }])
    };
    let range = Replay {
        from: from_local(fields.get("from")).ok_or_else(|| wrong("from"))?,
        until: from_local(fields.get("until")).ok_or_else(|| wrong("until"))?,
        delivered_too: fields.ticked("delivered_too"),
    };
    let uow = site.notifications.store().begin().await?;
    let count = site.notifications.replay_range(&uow, &visit.actor, id, range).await?;
    uow.commit().await?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_reads_back_and_a_day_is_its_midnight() {
        let at: Timestamp = "2026-03-18T01:05:00Z".parse().expect("an instant");
        assert_eq!(local(at), "2026-03-18T09:05");
        assert_eq!(from_local(&local(at)), Some(at));
        assert_eq!(
            from_local("2026-03-18").map(|at| at.to_string()).as_deref(),
            Some("2026-03-17T16:00:00Z")
        );
        assert_eq!(from_local("gestern"), None);
    }
}
