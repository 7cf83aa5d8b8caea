//! One's inbox.

use std::collections::HashMap;

use luhuan_kernel::{Actor, Cursor, Id, Limit, Locale, Message, Page, Person, Problem, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::Notifications;
use crate::{
    Error, ListingFacts, Notification,
    entity::notification,
    model::{About, Args, Topic, yuan},
    policy,
};

/// Which notifications.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotificationFilter {
    /// Only those that are not read.
    pub unread: Option<bool>,
    /// Only those of a topic.
    pub topic: Option<Topic>,
}

/// Which notifications are read now.
#[derive(Clone, Debug)]
pub enum MarkRead {
    /// These.
    These(Vec<Id<Notification>>),
    /// All up to an instant: what came while the page was open stays unread.
    Until(Timestamp),
    /// Those about one thing: its page was opened.
    About(About, Uuid),
}

/// A notification as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationView {
    /// Which.
    pub id: Id<Notification>,
    /// What kind; a stable code.
    pub kind: String,
    /// What it belongs to.
    pub topic: Topic,
    /// What it is about.
    pub about: Option<(About, Uuid)>,
    /// What happened, in the reader's language.
    pub text: String,
    /// What one can do now.
    pub detail: String,
    /// How many events it gathers.
    pub count: u32,
    /// When the last of them happened.
    pub at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

impl NotificationView {
    /// Its page, relative to the server's address.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        self.about.map(|(about, id)| about.link(id))
    }
}

/// Titles by listing.
pub(super) type Titles = HashMap<Uuid, ListingFacts>;

impl Notifications {
    /// The actor's notifications, newest first.
    ///
    /// # Errors
    /// 401 when nobody is signed in; 422 for a cursor that is not of this list.
    pub async fn inbox(
        &self,
        actor: &Actor,
        filter: NotificationFilter,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<NotificationView>, Problem> {
        let person = policy::view_inbox(actor).map_err(Problem::from)?;
        let query = inbox(person, filter, place(after)?, limit.probe());
        let rows = query.all(self.store().reader()).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.at, row.id));
        let titles = self.titles(&page.items).await;
        Ok(page.map(|row| self.view(actor.locale, row, &titles)))
    }

    /// How many of the actor's notifications are unread.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn unread(&self, actor: &Actor) -> Result<u64, Error> {
        let person = policy::view_inbox(actor)?;
        self.count_unread(person).await
    }

    /// The same for who has just marked some: the credential need not be one that reads.
    pub(crate) async fn unread_left(&self, actor: &Actor) -> Result<u64, Error> {
        let person = policy::mark_read(actor)?;
        self.count_unread(person).await
    }

    async fn count_unread(&self, person: Id<Person>) -> Result<u64, Error> {
        let unread = notification::Entity::find()
            .filter(notification::Column::PersonId.eq(person))
            .filter(notification::Column::ReadAt.is_null());
        Ok(unread.count(self.store().reader()).await?)
    }

    /// Marks notifications as read; how many were not. Call [`Notifications::announce`] after the commit.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn mark_read(&self, uow: &UnitOfWork, actor: &Actor, which: MarkRead) -> Result<u64, Error> {
        use notification::Column;
        let person = policy::mark_read(actor)?;
        let which = match which {
            MarkRead::These(ids) => Condition::all().add(Column::Id.is_in(ids)),
            MarkRead::Until(instant) => Condition::all().add(Column::At.lte(instant)),
            MarkRead::About(about, id) => {
                Condition::all().add(Column::SubjectKind.eq(about.code())).add(Column::SubjectId.eq(id))
            }
        };
        let read = notification::ActiveModel { read_at: Set(Some(uow.now())), ..Default::default() };
        let done = notification::Entity::update_many()
            .set(read)
            .filter(Column::PersonId.eq(person))
            .filter(Column::ReadAt.is_null())
            .filter(which)
            .exec(uow.tx())
            .await?;
        Ok(done.rows_affected)
    }

    /// The titles that some sentences speak of. When they cannot be had, the sentences do without.
    pub(super) async fn titles(&self, rows: &[notification::Model]) -> Titles {
        let mut ids: Vec<Uuid> = rows.iter().filter_map(|row| row.args().listing).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Titles::new();
        }
        self.inner.ports.facts.listings(&ids).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "notifications go without titles");
            Titles::new()
        })
    }

    /// A row in a language.
    pub(super) fn view(&self, locale: Locale, row: notification::Model, titles: &Titles) -> NotificationView {
        let (topic, about) = (row.topic(), row.about().map(|about| (about, row.subject_id)));
        let (text, detail) = self.sentences(locale, &row.kind, &row.args(), row.count, titles);
        NotificationView {
            id: row.id,
            kind: row.kind,
            topic,
            about,
            text,
            detail,
            count: u32::try_from(row.count).unwrap_or(1),
            at: row.at,
            read_at: row.read_at,
        }
    }

    fn sentences(
        &self,
        locale: Locale,
        kind: &str,
        args: &Args,
        count: i32,
        titles: &Titles,
    ) -> (String, String) {
        let texts = &self.inner.texts;
        let title = args.listing.and_then(|id| titles.get(&id)).map(|listing| listing.title.as_str());
        let title = match title.filter(|title| !title.is_empty()) {
            Some(title) => texts.with(locale, "notification-title", &[("title", title.to_owned())]),
            None => texts.get(locale, "notification-no-title"),
        };
        let fen = |fen: Option<i64>| fen.map(yuan).unwrap_or_default();
        let values = [
            ("title", title),
            ("amount", fen(args.amount_fen)),
            ("from", fen(args.from_fen)),
            ("to", fen(args.to_fen)),
            ("role", args.role.clone().unwrap_or_default()),
            ("several", if count > 1 { "yes" } else { "no" }.to_owned()),
            ("count", count.to_string()),
        ];
        let key = format!("notification-{kind}");
        (texts.with(locale, &key, &values), texts.attribute(locale, &key, "detail", &values))
    }
}

/// Where a list goes on: the instant and id of the last row seen.
pub(super) type Place = (Timestamp, Id<Notification>);

fn place(after: Option<&Cursor>) -> Result<Option<Place>, Problem> {
    let key = after.map(Cursor::key).transpose();
    key.map_err(|_| Problem::invalid_field("after", Message::new("field-cursor")))
}

pub(super) fn inbox(
    person: Id<Person>,
    filter: NotificationFilter,
    after: Option<Place>,
    rows: u64,
) -> Select<notification::Entity> {
    use notification::Column;
    let mut query = notification::Entity::find().filter(Column::PersonId.eq(person));
    match filter.unread {
        Some(true) => query = query.filter(Column::ReadAt.is_null()),
        Some(false) => query = query.filter(Column::ReadAt.is_not_null()),
        None => {}
    }
    if let Some(topic) = filter.topic {
        query = query.filter(Column::Topic.eq(topic.code()));
    }
    if let Some((at, id)) = after {
        // The first condition alone bounds the walk along the index; the second makes the order total.
        query = query
            .filter(Column::At.lte(at))
            .filter(Condition::any().add(Column::At.lt(at)).add(Column::Id.lt(id)));
    }
    query.order_by_desc(Column::At).order_by_desc(Column::Id).limit(rows)
}
