//! What happens by itself: the index is fed, views are written, jobs run, old rows go.
//!
//! Every gateway runs all of it. Jobs are claimed one by one in the database, so two gateways never do the same; the
//! embedded index and the views in memory are each gateway's own.

use std::time::Duration;

use luhuan_accounts::SEND_CODE;
use luhuan_kernel::{Actor, Timestamp};
use luhuan_ledger::Ledger;
use luhuan_notifications::Notifications;
use luhuan_store::{
    idempotency,
    jobs::{self, Job},
    outbox,
};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, interval},
};

use crate::app::App;

/// How often views are written.
const VIEWS_EVERY: Duration = Duration::from_secs(5);

/// How often due jobs are looked for.
const JOBS_EVERY: Duration = Duration::from_secs(1);

/// Jobs done at once: a provider or a webhook that answers slowly holds up none of the others.
const JOBS_AT_ONCE: usize = 4;

/// Jobs that come again for ever, and after how many seconds.
const STANDING: &[(&str, i64)] = &[
    ("expire-listings", 60),
    ("forget-old-rows", 3600),
    ("sweep-photos", 24 * 3600),
    ("sweep-accounts", 3600),
    (luhuan_trade::CLOCKS_JOB, 5),
    ("certification-clocks", 600),
    (luhuan_trade::SWEEP_JOB, 3600),
    ("sweep-trade-photos", 24 * 3600),
    ("sweep-notifications", 3600),
    (luhuan_ledger::UPKEEP_JOB, 3600),
    (luhuan_ledger::RECONCILE_JOB, 24 * 3600),
];

/// The tasks under way.
pub struct Upkeep(JoinSet<()>, watch::Receiver<bool>);

/// Starts everything; it ends when `stop` says so.
#[must_use]
pub fn start(app: &App, stop: &watch::Receiver<bool>) -> Upkeep {
    let mut tasks = JoinSet::new();
    let search = app.search.clone();
    tasks.spawn(search.run(stop.clone()));
    tasks.spawn(app.trade.clone().run_payments(stop.clone()));
    tasks.spawn(app.trade.clone().run_live(stop.clone()));
    tasks.spawn(app.notifications.clone().run(stop.clone()));
    tasks.spawn(every(VIEWS_EVERY, stop.clone(), app.clone(), write_views));
    for _ in 0..JOBS_AT_ONCE {
        tasks.spawn(every(JOBS_EVERY, stop.clone(), app.clone(), run_jobs));
    }
    Upkeep(tasks, stop.clone())
}

impl Upkeep {
    /// Waits for the tasks to end, and writes what is still in memory.
    pub async fn finish(mut self, app: &App) {
        let all = async { while self.0.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_secs(10), all).await.is_err() {
            tracing::warn!("some upkeep did not end in time");
        }
        write_views(app.clone(), self.1).await;
    }
}

async fn every<F: Future<Output = ()> + Send>(
    period: Duration,
    mut stop: watch::Receiver<bool>,
    app: App,
    task: fn(App, watch::Receiver<bool>) -> F,
) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => task(app.clone(), stop.clone()).await,
            _ = stop.changed() => return,
        }
    }
}

async fn write_views(app: App, _: watch::Receiver<bool>) {
    if let Err(error) = app.listings.flush_views().await {
        tracing::warn!(%error, "views of the last seconds are lost");
    }
    let status = app.search.health();
    #[expect(clippy::cast_precision_loss, reason = "a gauge; exact far beyond any count we have")]
    metrics::gauge!("luhuan_index_lag_events").set(status.lag as f64);
    #[expect(clippy::cast_precision_loss, reason = "a gauge; exact far beyond any count we have")]
    metrics::gauge!("luhuan_index_documents").set(app.search.documents().await as f64);
    let started = Instant::now();
    if app.store.ping().await.is_ok() {
        metrics::histogram!("luhuan_database_ping_seconds").record(started.elapsed().as_secs_f64());
    }
}

async fn run_jobs(app: App, stop: watch::Receiver<bool>) {
    if let Err(error) = ensure_standing(&app).await {
        tracing::warn!(%error, "standing jobs could not be scheduled");
        return;
    }
    while !*stop.borrow() {
        match jobs::any_due(&app.store).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return tracing::warn!(%error, "jobs wait for the database"),
        }
        let job = match jobs::claim(&app.store).await {
            Ok(Some(job)) => job,
            Ok(None) => return,
            Err(error) => return tracing::warn!(%error, "jobs wait for the database"),
        };
        let outcome = run_job(&app, &job).await;
        let word = if outcome.is_ok() { "done" } else { "failed" };
        metrics::counter!("luhuan_jobs_total", "kind" => job.kind.clone(), "outcome" => word).increment(1);
        if let Err(error) = settle(&app, &job, outcome).await {
            tracing::warn!(%error, kind = job.kind, "a job's outcome could not be noted; it will run again");
        }
    }
}

/// Schedules the standing jobs that are not there, once a process.
async fn ensure_standing(app: &App) -> Result<(), luhuan_store::Error> {
    static DONE: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    if DONE.load(std::sync::atomic::Ordering::Relaxed) {
        return Ok(());
    }
    let uow = app.store.begin().await?;
    for (kind, _) in STANDING {
        jobs::schedule(&uow, kind, "", uow.now()).await?;
    }
    uow.commit().await?;
    DONE.store(true, std::sync::atomic::Ordering::Relaxed);
    Ok(())
}

/// Does a job; the instant, if it is to come again although it went well.
async fn run_job(app: &App, job: &Job) -> Result<Option<Timestamp>, String> {
    let system = Actor::system("upkeep");
    match job.kind.as_str() {
        "expire-listings" => expire(app, &system).await.map_err(text)?,
        "forget-old-rows" => forget_old_rows(app).await.map_err(text)?,
        "sweep-photos" => drop(app.listings.sweep_photos().await.map_err(text)?),
        "sweep-accounts" => {
            let uow = app.store.begin().await.map_err(text)?;
            app.accounts.sweep(&uow).await.map_err(text)?;
            uow.commit().await.map_err(text)?;
        }
        "sweep-notifications" => {
            let uow = app.store.begin().await.map_err(text)?;
            app.notifications.sweep(&uow).await.map_err(text)?;
            uow.commit().await.map_err(text)?;
        }
        luhuan_trade::SWEEP_JOB => {
            let uow = app.store.begin().await.map_err(text)?;
            app.trade.sweep(&uow, &system).await.map_err(text)?;
            uow.commit().await.map_err(text)?;
        }
        "sweep-trade-photos" => drop(app.trade.sweep_photos().await.map_err(text)?),
        luhuan_trade::CLOCKS_JOB => drop(app.trade.run_clocks(&system).await.map_err(text)?),
        luhuan_trade::INVOICE_JOB => app.trade.issue_invoice(&job.key).await.map_err(text)?,
        "certification-clocks" => certification_clocks(app, &system).await.map_err(text)?,
        SEND_CODE => app.accounts.send_code(&job.key).await.map_err(text)?,
        kind if Ledger::is_ours(kind) => return app.ledger.run_job(kind, &job.key).await.map_err(text),
        _ if Notifications::is_ours(job) => app.notifications.run_job(job).await.map_err(text)?,
        _ if luhuan_demo::is_ours(job) => {
            luhuan_demo::illustrate(&app.listings, &job.key).await.map_err(text)?;
        }
        other => return Err(format!("no such kind of job: {other}")),
    }
    Ok(None)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

async fn expire(app: &App, system: &Actor) -> Result<(), luhuan_listing::Error> {
    loop {
        let uow = app.store.begin().await?;
        let expired = app.listings.expire_due(&uow, system, 200).await?;
        uow.commit().await?;
        if expired < 200 {
            return Ok(());
        }
    }
}

/// Reminders, steps that time takes, and what malls had collected.
async fn certification_clocks(app: &App, system: &Actor) -> Result<(), luhuan_certification::Error> {
    /// Cases, or weighings, of one unit.
    const BATCH: u64 = 200;
    let uow = app.store.begin().await?;
    app.certification.tick(&uow, system, BATCH).await?;
    uow.commit().await?;
    for mall in app.certification.watched_malls().await? {
        loop {
            let uow = app.store.begin().await?;
            let taken = app.certification.take_in_collected(&uow, system, mall, BATCH).await?;
            uow.commit().await?;
            if taken == 0 {
                break;
            }
        }
    }
    Ok(())
}

async fn forget_old_rows(app: &App) -> Result<(), luhuan_store::Error> {
    let uow = app.store.begin().await?;
    outbox::prune(&uow).await?;
    idempotency::prune(&uow).await?;
    uow.commit().await
}

async fn settle(
    app: &App,
    job: &Job,
    outcome: Result<Option<Timestamp>, String>,
) -> Result<(), luhuan_store::Error> {
    let standing = STANDING.iter().find(|(kind, _)| *kind == job.kind);
    let uow = app.store.begin().await?;
    match (outcome, standing) {
        (Ok(None), None) => jobs::finish(&uow, job).await?,
        (Ok(Some(at)), None) => jobs::again(&uow, job, at).await?,
        (Ok(_), Some((_, seconds))) => jobs::again(&uow, job, uow.now().plus_seconds(*seconds)).await?,
        (Err(error), _) => {
            let wait = jobs::backoff_seconds(job.attempts);
            tracing::warn!(kind = job.kind, key = job.key, %error, wait, "a job failed and will be tried again");
            jobs::again(&uow, job, app.store.clock().now().plus_seconds(wait)).await?;
        }
    }
    uow.commit().await
}
