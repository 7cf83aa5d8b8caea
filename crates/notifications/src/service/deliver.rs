//! Posting to webhooks.
//!
//! One turn at a time holds a webhook and posts what is due, one after the other, in the order of their numbers. What
//! the receiver refuses waits for its own next try while later ones go on; when the receiver cannot be reached, asks
//! for a pause, or refuses several in a row, all wait. A turn that ends leaves a job for the next thing that falls due.
//! A turn that dies loses its hold after [`HOLD_SECONDS`], and its job comes again.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use luhuan_kernel::{Id, Secret, Timestamp, random};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use tokio::time::Instant;

use super::{DELIVER_WEBHOOKS, Notifications};
use crate::{
    Error, NotificationsEvent, Receipt, Unreached, Webhook,
    entity::{delivery, webhook},
    model::{DeliveryState, WebhookState, signature},
};

/// How long a turn may go on: then other jobs have theirs.
const TURN: Duration = Duration::from_secs(15);

/// How long a turn holds a webhook without a sign of life, in seconds: longer than one post may take.
const HOLD_SECONDS: i64 = 60;

/// After so many refusals in a row the receiver is taken to be ill, and all wait as if it could not be reached.
const PATIENCE: i32 = 5;

/// What a turn takes out to post.
struct Parcel {
    hook: webhook::Model,
    delivery: delivery::Model,
}

/// What came of a post.
enum Outcome {
    /// Taken over.
    Taken(Receipt),
    /// Answered otherwise; others may fare better.
    Refused(Receipt),
    /// Answered that all is to wait, with the seconds it asked for.
    Later(Receipt),
    /// The receiver says that it is gone for good (410).
    Gone(Receipt),
    /// No answer: all wait.
    Unreached(Unreached),
}

impl Notifications {
    /// One turn of posting; the key begins with the webhook's id.
    ///
    /// # Errors
    /// When the database is away: the job comes again.
    pub(super) async fn deliver(&self, key: &str) -> Result<(), Error> {
        let Some(id) = key.split('/').next().and_then(|id| id.parse::<Id<Webhook>>().ok()) else {
            return Ok(());
        };
        let turn = hex::encode(random::bytes::<8>());
        let started = Instant::now();
        let uow = self.store().begin().await?;
        let mut next = self.take(&uow, id, &turn, started).await?;
        uow.commit().await?;
        while let Some(parcel) = next {
            let outcome = self.post(&parcel).await?;
            // What came of it and what comes next are one commit: one a post.
            let uow = self.store().begin().await?;
            self.note(&uow, parcel, outcome).await?;
            next = self.take(&uow, id, &turn, started).await?;
            uow.commit().await?;
        }
        Ok(())
    }

    /// Holds the webhook and takes what is to be posted next; or lets go and leaves a job for what comes later.
    async fn take(
        &self,
        uow: &UnitOfWork,
        id: Id<Webhook>,
        turn: &str,
        started: Instant,
    ) -> Result<Option<Parcel>, Error> {
        let hook = load(uow, id).await?.filter(|hook| hook.state() == WebhookState::Enabled);
        let Some(hook) = hook else { return Ok(None) };
        let now = uow.now();
        if hook.busy_until > now && hook.busy_by.as_deref() != Some(turn) {
            // Another turn is at it, or died: then this finds out.
            leave_job(uow, id, hook.busy_until).await?;
            return Ok(None);
        }
        let next = next_due(uow, id).await?;
        let later = next.as_ref().and_then(|delivery| {
            let at = delivery.due_at.max(hook.paused_until);
            let over = started.elapsed() >= TURN;
            (at > now || over).then(|| at.max(Timestamp::from_micros(now.micros() + 1)))
        });
        if let Some(at) = later {
            leave_job(uow, id, at).await?;
        }
        let parcel = next.filter(|_| later.is_none());
        hold(uow, id, parcel.as_ref().map(|_| turn)).await?;
        Ok(parcel.map(|delivery| Parcel { hook, delivery }))
    }

    async fn post(&self, parcel: &Parcel) -> Result<Outcome, Error> {
        let Parcel { hook, delivery } = parcel;
        let now = self.store().clock().now();
        let secrets = self.secrets(hook, now)?;
        let secrets: Vec<&[u8]> = secrets.iter().map(|secret| secret.expose().as_bytes()).collect();
        let seconds = now.micros().div_euclid(1_000_000);
        let signed = signature::header(seconds, delivery.body.as_bytes(), &secrets);
        let headers = headers(delivery, &signed);
        Ok(match self.inner.courier.post(&hook.url, headers, delivery.body.clone()).await {
            Ok(receipt) if receipt.status.is_success() => Outcome::Taken(receipt),
            Ok(receipt) if receipt.status == StatusCode::GONE => Outcome::Gone(receipt),
            Ok(receipt) if matches!(receipt.status.as_u16(), 429 | 502 | 503 | 504) => {
                Outcome::Later(receipt)
            }
            Ok(receipt) => Outcome::Refused(receipt),
            Err(unreached) => Outcome::Unreached(unreached),
        })
    }

    /// The secrets that sign now: the present one, and for a time that before.
    fn secrets(&self, hook: &webhook::Model, now: Timestamp) -> Result<Vec<Secret<String>>, Error> {
        let place = webhook::Model::place(hook.id);
        let mut secrets = vec![self.inner.keys.open(&place, &hook.secret_sealed)?];
        let former =
            hook.former_sealed.as_ref().filter(|_| hook.former_until.is_some_and(|until| now < until));
        if let Some(former) = former {
            secrets.push(self.inner.keys.open(&place, former)?);
        }
        Ok(secrets)
    }

    /// Writes down what came of a post. A webhook that was taken away meanwhile has taken its log along.
    async fn note(&self, uow: &UnitOfWork, parcel: Parcel, outcome: Outcome) -> Result<(), Error> {
        let Some(hook) = load(uow, parcel.hook.id).await? else { return Ok(()) };
        let found = delivery::Entity::find_by_id(parcel.delivery.id).one(uow.tx()).await?;
        let Some(mut row) = found else { return Ok(()) };
        let taken = matches!(outcome, Outcome::Taken(_));
        let pause = write_down(&mut row, &outcome, uow.now());
        if taken {
            row.state = DeliveryState::Delivered.code().to_owned();
        } else {
            let limit = Self::limits().webhook.give_up_after_hours * 3600;
            row.due_at = uow.now().plus_seconds(jobs::backoff_seconds(row.attempts));
            if uow.now().seconds_since(row.due_since) >= limit {
                row.state = DeliveryState::Failed.code().to_owned();
            }
        }
        row.into_active_model().reset_all().update(uow.tx()).await?;
        if taken {
            self.note_success(uow, &hook).await
        } else {
            self.note_failure(uow, hook, matches!(outcome, Outcome::Gone(_)), pause).await
        }
    }

    async fn note_success(&self, uow: &UnitOfWork, hook: &webhook::Model) -> Result<(), Error> {
        if hook.failures == 0 {
            return Ok(());
        }
        let well = webhook::ActiveModel {
            failures: Set(0),
            failing_since: Set(None),
            paused_until: Set(Timestamp::from_micros(0)),
            ..Default::default()
        };
        webhook::Entity::update_many()
            .set(well)
            .filter(webhook::Column::Id.eq(hook.id))
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    /// Counts a failure; `pause` has all wait. Who takes nothing for too long, or is gone, is switched off.
    async fn note_failure(
        &self,
        uow: &UnitOfWork,
        mut hook: webhook::Model,
        gone: bool,
        pause: Pause,
    ) -> Result<(), Error> {
        let now = uow.now();
        let since = *hook.failing_since.get_or_insert(now);
        hook.failures = hook.failures.saturating_add(1);
        hook.paused_until = match pause {
            Pause::None if hook.failures < PATIENCE => hook.paused_until,
            Pause::None | Pause::Growing => now.plus_seconds(jobs::backoff_seconds(hook.failures)),
            Pause::Seconds(seconds) => now.plus_seconds(seconds),
        };
        let over = gone || now.seconds_since(since) >= Self::limits().webhook.disable_after_hours * 3600;
        if over && hook.state() == WebhookState::Enabled {
            WebhookState::Failing.code().clone_into(&mut hook.state);
            hook.version += 1;
            hold_pending(uow, hook.id).await?;
            uow.emit(&NotificationsEvent::WebhookFailing {
                webhook: hook.id,
                person: hook.person_id,
                organisation: hook.organisation_id,
            })
            .await?;
        }
        hook.into_active_model().reset_all().update(uow.tx()).await?;
        Ok(())
    }
}

/// How all deliveries of a webhook wait.
#[derive(Clone, Copy)]
enum Pause {
    /// They do not.
    None,
    /// Longer with each failure.
    Growing,
    /// As long as the receiver asked.
    Seconds(i64),
}

/// Puts an outcome into the row, and says how the others are to wait.
fn write_down(row: &mut delivery::Model, outcome: &Outcome, now: Timestamp) -> Pause {
    row.attempts = row.attempts.saturating_add(1);
    row.attempted_at = Some(now);
    match outcome {
        Outcome::Unreached(unreached) => {
            (row.status, row.excerpt) = (None, None);
            row.error = Some(unreached.what.clone());
            row.took_ms = Some(unreached.took_ms);
            Pause::Growing
        }
        Outcome::Taken(receipt)
        | Outcome::Refused(receipt)
        | Outcome::Later(receipt)
        | Outcome::Gone(receipt) => {
            row.status = Some(i32::from(receipt.status.as_u16()));
            row.excerpt = Some(receipt.excerpt.clone());
            row.error = None;
            row.took_ms = Some(receipt.took_ms);
            match outcome {
                Outcome::Later(_) => receipt.retry_after.map_or(Pause::Growing, Pause::Seconds),
                _ => Pause::None,
            }
        }
    }
}

/// The headers of a post, as docs/src/using/integrator.md describes them.
fn headers(delivery: &delivery::Model, signed: &str) -> HeaderMap {
    let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""));
    let named = HeaderName::from_static;
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (named("x-luhuan-signature"), value(signed)),
        (named("x-luhuan-event"), value(&delivery.event_name)),
        (named("x-luhuan-event-id"), value(&delivery.event_id.to_string())),
        (named("x-luhuan-delivery"), value(&delivery.id.to_string())),
        (named("x-luhuan-attempt"), HeaderValue::from(delivery.attempts.saturating_add(1))),
    ])
}

/// Leaves a job for an instant to come. Keys by instant: never that of the job under way, which is deleted at its end.
async fn leave_job(uow: &UnitOfWork, id: Id<Webhook>, at: Timestamp) -> Result<(), Error> {
    Ok(jobs::schedule(uow, DELIVER_WEBHOOKS, &format!("{id}/{}", at.micros()), at).await?)
}

/// Holds a webhook for a turn, or lets it go.
async fn hold(uow: &UnitOfWork, id: Id<Webhook>, turn: Option<&str>) -> Result<(), Error> {
    let until = turn.map_or(Timestamp::from_micros(0), |_| uow.now().plus_seconds(HOLD_SECONDS));
    let hold = webhook::ActiveModel {
        busy_by: Set(turn.map(str::to_owned)),
        busy_until: Set(until),
        ..Default::default()
    };
    webhook::Entity::update_many().set(hold).filter(webhook::Column::Id.eq(id)).exec(uow.tx()).await?;
    Ok(())
}

/// What a webhook still has to get while it is off.
pub(super) async fn hold_pending(uow: &UnitOfWork, id: Id<Webhook>) -> Result<(), Error> {
    let held =
        delivery::ActiveModel { state: Set(DeliveryState::Held.code().to_owned()), ..Default::default() };
    delivery::Entity::update_many()
        .set(held)
        .filter(delivery::Column::WebhookId.eq(id))
        .filter(delivery::Column::State.eq(DeliveryState::Pending.code()))
        .exec(uow.tx())
        .await?;
    Ok(())
}

/// The webhook, its row locked.
pub(super) async fn load(uow: &UnitOfWork, id: Id<Webhook>) -> Result<Option<webhook::Model>, Error> {
    let mut query = webhook::Entity::find_by_id(id);
    if uow.locks_rows() {
        query = query.lock_exclusive();
    }
    Ok(query.one(uow.tx()).await?)
}

/// What is to be posted next: of what is due, the lowest number; if nothing is due, what falls due first.
async fn next_due(uow: &UnitOfWork, id: Id<Webhook>) -> Result<Option<delivery::Model>, Error> {
    if let Some(row) = due(id, uow.now()).one(uow.tx()).await? {
        return Ok(Some(row));
    }
    Ok(falling_due(id).one(uow.tx()).await?)
}

/// What is due, the lowest number first.
pub(super) fn due(id: Id<Webhook>, now: Timestamp) -> Select<delivery::Entity> {
    pending(id).filter(delivery::Column::DueAt.lte(now)).order_by_asc(delivery::Column::Number)
}

/// What falls due first.
pub(super) fn falling_due(id: Id<Webhook>) -> Select<delivery::Entity> {
    pending(id).order_by_asc(delivery::Column::DueAt)
}

fn pending(id: Id<Webhook>) -> Select<delivery::Entity> {
    delivery::Entity::find()
        .filter(delivery::Column::WebhookId.eq(id))
        .filter(delivery::Column::State.eq(DeliveryState::Pending.code()))
        .limit(1)
}
