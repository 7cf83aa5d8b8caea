//! `/api/v1/notifications`.

use axum::extract::State;
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Problem, Timestamp,
    http::{Json, Query, Refusals},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Error, MarkRead, Notification, NotificationFilter, NotificationView, Notifications,
    model::{About, Topic},
};

/// Ids in one request at most.
const MAX_IDS: usize = 100;

/// Which notifications.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct InboxParams {
    /// Only those that are not read, or only those that are.
    unread: Option<bool>,
    /// Only those of a topic.
    topic: Option<Topic>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// What a notification is about.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectDocument {
    /// `order`, `offer`, `conversation`, `listing`, `wallet`, `account`, `dispute` or `webhook`.
    #[schema(example = "order")]
    kind: String,
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Uuid,
}

/// A notification.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12", "kind": "order-paid", "topic": "trade",
    "subject": { "kind": "order", "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c13" },
    "link": "/orders/019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c13", "text": "买家已付款：“捷安特 ATX 777 山地车”（¥760）",
    "detail": "请按约定发货，或约好时间当面交付。", "count": 1, "at": "2026-01-01T00:00:00Z", "read_at": null
}))]
pub(super) struct NotificationDocument {
    /// The notification's id.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Notification>,
    /// What kind it is: a stable code.
    kind: String,
    /// What it belongs to.
    topic: Topic,
    /// What it is about.
    subject: Option<SubjectDocument>,
    /// The page about it, relative to the server's address.
    link: Option<String>,
    /// What happened, in the reader's language.
    text: String,
    /// What can be done now.
    detail: String,
    /// How many events it gathers: unread messages of one conversation are one notification.
    count: u32,
    /// When the last of them happened.
    #[schema(value_type = String, format = "date-time")]
    at: Timestamp,
    /// When it was read.
    #[schema(value_type = Option<String>, format = "date-time")]
    read_at: Option<Timestamp>,
}

impl From<NotificationView> for NotificationDocument {
    fn from(view: NotificationView) -> Self {
        Self {
            link: view.link(),
            id: view.id,
            kind: view.kind,
            topic: view.topic,
            subject: view.about.map(|(about, id)| SubjectDocument { kind: about.code().to_owned(), id }),
            text: view.text,
            detail: view.detail,
            count: view.count,
            at: view.at,
            read_at: view.read_at,
        }
    }
}

/// A page of the inbox.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct InboxDocument {
    /// Newest first.
    items: Vec<NotificationDocument>,
    /// Pass as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    next: Option<Cursor>,
    /// How many are unread in all.
    unread: u64,
}

/// List your notifications, newest first, in the language of `Accept-Language`.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "notifications", params(InboxParams),
    responses((status = 200, body = InboxDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn list(
    State(notifications): State<Notifications>,
    actor: Actor,
    Query(params): Query<InboxParams>,
) -> Result<Json<InboxDocument>, Problem> {
    let filter = NotificationFilter { unread: params.unread, topic: params.topic };
    let page = notifications.inbox(&actor, filter, params.after.as_ref(), Limit::of(params.limit)).await?;
    let unread = notifications.unread(&actor).await?;
    Ok(Json(InboxDocument {
        items: page.items.into_iter().map(Into::into).collect(),
        next: page.next,
        unread,
    }))
}

/// Which notifications are read now: exactly one of the three.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "until": "2026-01-01T00:00:00Z" }))]
pub(super) struct ReadInput {
    /// These, at most 100.
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    ids: Option<Vec<Id<Notification>>>,
    /// All up to this instant: the `at` of the newest that was shown.
    #[schema(value_type = Option<String>, format = "date-time")]
    until: Option<Timestamp>,
    /// All about this.
    subject: Option<SubjectDocument>,
}

/// What is left.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct UnreadDocument {
    /// How many are unread now.
    unread: u64,
}

/// Mark notifications as read. Marking again changes nothing.
#[utoipa::path(post, path = "/api/v1/notifications/read", tag = "notifications", request_body = ReadInput,
    responses((status = 200, body = UnreadDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn read(
    State(notifications): State<Notifications>,
    actor: Actor,
    Json(input): Json<ReadInput>,
) -> Result<Json<UnreadDocument>, Problem> {
    let which = which(input)?;
    let uow = notifications.store().begin().await?;
    let changed = notifications.mark_read(&uow, &actor, which).await?;
    uow.commit().await?;
    if let Some(person) = actor.person_id().filter(|_| changed > 0) {
        notifications.announce(&[person]);
    }
    Ok(Json(UnreadDocument { unread: notifications.unread_left(&actor).await? }))
}

fn which(input: ReadInput) -> Result<MarkRead, Error> {
    let message = |key| luhuan_kernel::Message::new(key);
    match input {
        ReadInput { ids: Some(ids), until: None, subject: None } if ids.len() <= MAX_IDS => {
            Ok(MarkRead::These(ids))
        }
        ReadInput { ids: Some(_), until: None, subject: None } => {
            Err(Error::field("ids", message("notifications-too-many-ids").with("max", MAX_IDS)))
        }
        ReadInput { ids: None, until: Some(until), subject: None } => Ok(MarkRead::Until(until)),
        ReadInput { ids: None, until: None, subject: Some(subject) } => {
            let about = About::from_code(&subject.kind)
                .ok_or_else(|| Error::field("subject.kind", message("notifications-subject-kind")))?;
            Ok(MarkRead::About(about, subject.id))
        }
        _ => Err(Error::field("until", message("notifications-read-one"))),
    }
}
