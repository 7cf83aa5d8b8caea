//! Writing to people.

use luhuan_kernel::{Id, Locale};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{Notifications, preferences::preferences_of};
use crate::{
    Contact, Error, Mail, MailError, Notification, NotificationView,
    entity::notification::{self, mail},
};

/// What is to be done about a mail.
enum Decision {
    /// Send it.
    Write(Mail),
    /// It is not needed any more.
    Drop,
}

impl Notifications {
    /// Sends the e-mail of a notification, unless it was read meanwhile or is not wanted any more.
    ///
    /// # Errors
    /// When the mail server, the directory or the database is away: the job comes again.
    pub(super) async fn send_mail(&self, key: &str) -> Result<(), Error> {
        let Ok(id) = key.parse::<Id<Notification>>() else { return Ok(()) };
        let found = notification::Entity::find_by_id(id).one(self.store().reader()).await?;
        let Some(row) = found.filter(|row| row.mail == mail::DUE) else { return Ok(()) };
        let give_up = row.at.plus_seconds(Self::limits().mail.give_up_after_hours * 3600);
        let too_late = self.store().clock().now() >= give_up;
        let Some(mailer) = self.inner.ports.mailer.as_ref() else {
            return self.settle_mail(id, mail::DROPPED).await;
        };
        let Decision::Write(letter) = self.decide(row).await? else {
            return self.settle_mail(id, mail::DROPPED).await;
        };
        if too_late {
            return self.settle_mail(id, mail::FAILED).await;
        }
        match mailer.send(&letter).await {
            Ok(()) => self.settle_mail(id, mail::SENT).await,
            Err(MailError::Never(why)) => {
                tracing::warn!(%id, why, "a mail is given up");
                self.settle_mail(id, mail::FAILED).await
            }
            Err(MailError::Later(why)) => Err(Error::Port(why)),
        }
    }

    async fn decide(&self, row: notification::Model) -> Result<Decision, Error> {
        let wanted = preferences_of(self.store().reader(), row.person_id).await?.wants(row.topic());
        if !wanted || row.read_at.is_some() {
            return Ok(Decision::Drop);
        }
        let contact = self.inner.ports.directory.contact(row.person_id).await.map_err(Error::Port)?;
        let Some(Contact { email: Some(to), locale }) = contact else { return Ok(Decision::Drop) };
        let titles = self.titles(std::slice::from_ref(&row)).await;
        let view = self.view(locale, row, &titles);
        let text = self.letter(locale, &view);
        Ok(Decision::Write(Mail { id: view.id.to_string(), to, subject: view.text, text }))
    }

    /// The text of a mail: what happened, what to do, where, and how to get no more of these.
    fn letter(&self, locale: Locale, view: &NotificationView) -> String {
        let texts = &self.inner.texts;
        let mut letter = format!("{}\n\n{}\n", view.text, view.detail);
        if let Some(server) = &self.inner.settings.public_url {
            let server = server.trim_end_matches('/');
            if let Some(link) = view.link() {
                letter += &format!("\n{server}{link}\n");
            }
            let choose = format!("{server}/me/notifications");
            letter +=
                &format!("\n-- \n{}\n", texts.with(locale, "notification-mail-choose", &[("link", choose)]));
        } else {
            letter += &format!("\n-- \n{}\n", texts.get(locale, "notification-mail-footer"));
        }
        letter
    }

    async fn settle_mail(&self, id: Id<Notification>, outcome: &str) -> Result<(), Error> {
        let uow = self.store().begin().await?;
        let change = notification::ActiveModel { mail: Set(outcome.to_owned()), ..Default::default() };
        notification::Entity::update_many()
            .set(change)
            .filter(notification::Column::Id.eq(id))
            .filter(notification::Column::Mail.eq(mail::DUE))
            .exec(uow.tx())
            .await?;
        Ok(uow.commit().await?)
    }
}
