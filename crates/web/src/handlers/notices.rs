//! What one is told: the inbox, its live badge, and what comes by e-mail.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use luhuan_accounts::model::LoginKind;
use luhuan_kernel::{Limit, Problem, Timestamp, http::PathId};
use luhuan_notifications::{
    MailPreferences, MarkRead, Notification, NotificationFilter, NotificationView, Notifications,
    model::Topic,
};

use super::{
    Site,
    account::Refusal,
    cards::moment,
    form::{Form, PageResult, safe_path},
    mine::{after, param},
    profile::own_frame,
    visit::Visit,
};
use crate::view::{Address, MailTopic, Note, NoticeTab, NoticesPage, NoticesSettingsPage, Pager};

/// The addresses of this file.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/me/notifications", get(inbox))
        .route("/me/notifications/read", post(mark_read))
        .route("/me/notifications/stream", get(stream))
        .route("/me/notifications/preferences", get(preferences).post(choose))
        .route("/me/notifications/{id}", get(open))
}

/// Which of the inbox is shown.
fn filter(show: &str) -> NotificationFilter {
    NotificationFilter { unread: (show == "unread").then_some(true), topic: Topic::from_code(show) }
}

/// `GET /me/notifications?show=&after=`.
async fn inbox(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let show = param(&visit, "show").unwrap_or_default();
    let after = after(&visit);
    let notifications = &site.notifications;
    let found = notifications.inbox(&visit.actor, filter(&show), after.as_ref(), Limit::of(None)).await?;
    let unread = notifications.unread(&visit.actor).await?;
    let here = Address::new("/me/notifications", [("show", show.as_str())]);
    let newest = found.items.iter().map(|view| view.at).max().filter(|_| unread > 0 && after.is_none());
    let mut frame = own_frame(&site, &visit, "notices-title", &here.to_string());
    frame.notices = unread;
    Ok(visit.render(&NoticesPage {
        frame,
        tabs: tabs(&show, unread),
        notes: found.items.into_iter().map(|view| note(notifications, &visit, view)).collect(),
        until: newest.map(|at| at.to_string()).unwrap_or_default(),
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: found.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
    }))
}

fn tabs(show: &str, unread: u64) -> Vec<NoticeTab> {
    let topics = Topic::ALL.map(Topic::code);
    let known = show == "unread" || topics.contains(&show);
    ["", "unread"]
        .into_iter()
        .chain(topics)
        .map(|code| NoticeTab {
            url: Address::new("/me/notifications", [("show", code)]).to_string(),
            code: if code.is_empty() { "all".to_owned() } else { code.to_owned() },
            count: (code == "unread").then_some(unread),
            chosen: if known { code == show } else { code.is_empty() },
        })
        .collect()
}

fn note(notifications: &Notifications, visit: &Visit, view: NotificationView) -> Note {
    let now = notifications.store().clock().now();
    let to = view.link().unwrap_or_else(|| "/me/notifications".to_owned());
    Note {
        id: view.id.to_string(),
        url: Address::new(format!("/me/notifications/{}", view.id), [("next", to)]).to_string(),
        topic: view.topic.code().to_owned(),
        at: moment(visit.text(), view.at, now),
        unread: view.read_at.is_none(),
        text: view.text,
        detail: view.detail,
    }
}

/// `GET /me/notifications/{id}?next=`: marks it as read and goes on to what it is about. A link, so that it opens in a
/// new tab like any other; all that another site could do with it is mark something as read.
async fn open(State(site): State<Site>, visit: Visit, PathId(id): PathId<Notification>) -> PageResult {
    mark(&site, &visit, MarkRead::These(vec![id])).await?;
    Ok(visit.go(&safe_path(&param(&visit, "next").unwrap_or_default()), None))
}

/// `POST /me/notifications/read`: one by its id, or all up to an instant.
async fn mark_read(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let which = match (fields.get("id").parse(), fields.get("until").parse::<Timestamp>()) {
        (Ok(id), _) => MarkRead::These(vec![id]),
        (_, Ok(until)) => MarkRead::Until(until),
        _ => return Err(Problem::malformed("neither an id nor an instant")),
    };
    mark(&site, &visit, which).await?;
    let back = if fields.get("next").is_empty() { "/me/notifications".to_owned() } else { fields.next() };
    Ok(visit.go(&back, None))
}

async fn mark(site: &Site, visit: &Visit, which: MarkRead) -> Result<(), Problem> {
    let uow = site.notifications.store().begin().await?;
    let changed = site.notifications.mark_read(&uow, &visit.actor, which).await?;
    uow.commit().await?;
    if let Some(person) = visit.actor.person_id().filter(|_| changed > 0) {
        site.notifications.announce(&[person]);
    }
    Ok(())
}

/// `GET /me/notifications/stream`: the badge, live. The API has the same for credentials; a page has its session.
async fn stream(State(site): State<Site>, visit: Visit) -> PageResult {
    luhuan_notifications::api::follow(site.notifications, visit.actor)
}

/// `GET /me/notifications/preferences`.
async fn preferences(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let wanted = site.notifications.preferences(&visit.actor).await?;
    Ok(visit.render(&settings_page(&site, &visit, wanted).await?))
}

async fn settings_page(
    site: &Site,
    visit: &Visit,
    wanted: MailPreferences,
) -> Result<NoticesSettingsPage, Problem> {
    let profile = site.accounts.profile(&visit.actor).await?;
    let email = profile.logins.iter().find(|login| login.kind == LoginKind::Email);
    let (texts, locale) = (&site.texts, visit.actor.locale);
    let topics = Topic::ALL.map(|topic| {
        let key = format!("notification-topic-{}", topic.code());
        MailTopic {
            code: topic.code().to_owned(),
            title: texts.get(locale, &key),
            detail: texts.attribute(locale, &key, "detail", &[]),
            wanted: wanted.wants(topic),
        }
    });
    Ok(NoticesSettingsPage {
        frame: own_frame(site, visit, "notices-settings", "/me/notifications/preferences"),
        email: email.map(|login| login.masked.clone()).unwrap_or_default(),
        topics: topics.to_vec(),
        version: wanted.version.to_string(),
        ..NoticesSettingsPage::default()
    })
}

/// `POST /me/notifications/preferences`: what is ticked is wanted.
async fn choose(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let wants = |topic: Topic| fields.all("topic").any(|code| code == topic.code());
    let wanted = MailPreferences {
        trade: wants(Topic::Trade),
        messages: wants(Topic::Messages),
        account: wants(Topic::Account),
        version: 0,
    };
    let expected = fields.get("version").parse().ok();
    let uow = site.notifications.store().begin().await?;
    match site.notifications.change_preferences(&uow, &visit.actor, wanted, expected).await {
        Ok(_) => {
            uow.commit().await?;
            Ok(visit.go("/me/notifications/preferences", Some("notices-saved")))
        }
        Err(error) => {
            drop(uow);
            let refusal = Refusal::of(&site, &visit, error, &[])?;
            let version = site.notifications.preferences(&visit.actor).await?.version;
            let mut page = settings_page(&site, &visit, MailPreferences { version, ..wanted }).await?;
            page.errors.clone_from(&refusal.errors);
            Ok(refusal.answer(&visit, &page))
        }
    }
}
