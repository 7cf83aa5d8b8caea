//! What one is told: the inbox, and what comes by e-mail.

use askama::Template;

use super::{Errors, Frame, Moment, Pager};

/// A tab of the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeTab {
    /// Where it leads.
    pub url: String,
    /// Its code: `all`, `unread`, `trade`, `messages`, `account`.
    pub code: String,
    /// How many are in it; nothing where they are not counted.
    pub count: Option<u64>,
    /// Whether it is shown.
    pub chosen: bool,
}

/// Something one was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: String,
    /// What happened.
    pub text: String,
    /// What one can do now.
    pub detail: String,
    /// Where it leads, marking it as read on the way.
    pub url: String,
    /// The code of its topic.
    pub topic: String,
    /// When.
    pub at: Moment,
    /// Whether it is unread.
    pub unread: bool,
}

impl Note {
    /// The icon of its topic.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        match self.topic.as_str() {
            "trade" => "package",
            "messages" => "message-circle",
            _ => "user",
        }
    }
}

/// `GET /me/notifications?show=&after=`. `POST /me/notifications/read` marks as read: fields `until`, or `id`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "notices.html")]
pub struct NoticesPage {
    /// Around the page.
    pub frame: Frame,
    /// Which there are.
    pub tabs: Vec<NoticeTab>,
    /// What one was told, the newest first.
    pub notes: Vec<Note>,
    /// The instant of the newest that is shown: what comes later stays unread. Empty when nothing is unread.
    pub until: String,
    /// More of them.
    pub pager: Pager,
}

/// One topic of e-mails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailTopic {
    /// Its code, the value of `topic`.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub detail: String,
    /// Whether it is wanted.
    pub wanted: bool,
}

/// `GET /me/notifications/preferences`. Fields to the same address: `topic` (repeated), `version`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "notices_settings.html")]
pub struct NoticesSettingsPage {
    /// Around the page.
    pub frame: Frame,
    /// The address e-mails go to, masked; empty when there is none.
    pub email: String,
    /// The topics.
    pub topics: Vec<MailTopic>,
    /// Counts changes: so that two open pages do not undo each other.
    pub version: String,
    /// What is wrong.
    pub errors: Errors,
}
