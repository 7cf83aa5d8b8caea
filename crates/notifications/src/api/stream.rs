//! `/api/v1/notifications/stream`.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::stream;
use http::{HeaderValue, header};
use luhuan_kernel::{Actor, Problem, http::Refusals};

use crate::{Live, Notifications};

/// How often the count is told although nothing was heard: it keeps the connection open, and mends what was missed.
const AT_LEAST_EVERY: Duration = Duration::from_secs(25);

/// Follow how many of your notifications are unread.
///
/// Server-sent events: `event: unread` with `data: {"unread":3}`, once at the beginning, at each change, and every 25
/// seconds. A connection ends when the server stops; a browser's `EventSource` opens it again by itself.
#[utoipa::path(get, path = "/api/v1/notifications/stream", tag = "notifications",
    responses((status = 200, body = String, content_type = "text/event-stream"), Refusals), security(("bearer" = [])))]
pub(super) async fn stream(
    State(notifications): State<Notifications>,
    actor: Actor,
) -> Result<Response, Problem> {
    follow(notifications, actor)
}

/// The stream itself, for whoever has found out who asks: the API by its credential, a page by its session.
///
/// # Errors
/// 401 when nobody is signed in; 429 for one page too many.
pub fn follow(notifications: Notifications, actor: Actor) -> Result<Response, Problem> {
    let live = notifications.subscribe(&actor)?;
    let start = Follower { notifications, actor, live, first: true };
    let events = stream::unfold(start, async |mut follower| {
        let event = follower.next().await?;
        Some((Ok::<_, Infallible>(event), follower))
    });
    let mut response = Sse::new(Box::pin(events)).into_response();
    // Proxies pass each event on at once.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Follower {
    notifications: Notifications,
    actor: Actor,
    live: Live,
    first: bool,
}

impl Follower {
    /// The next event; `None` when the server is stopping or the database away: the client comes again.
    async fn next(&mut self) -> Option<Event> {
        let first = std::mem::replace(&mut self.first, false);
        if !first
            && let Ok(going_on) = tokio::time::timeout(AT_LEAST_EVERY, self.live.changed()).await
            && !going_on
        {
            return None;
        }
        let unread = self.notifications.unread(&self.actor).await.ok()?;
        Some(Event::default().event("unread").data(format!("{{\"unread\":{unread}}}")))
    }
}
