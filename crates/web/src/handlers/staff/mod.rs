//! The desk of those who work for the platform. Denied unless a role opens it: who has none is told that there is no
//! such page.
//!
//! | file | pages | who |
//! |---|---|---|
//! | `listings` | held listings, any listing by its address | moderators |
//! | `reports` | reports on conversations | moderators |
//! | `disputes` | disputes and appeals | moderators, support |
//! | `reviews` | hiding reviews | moderators |
//! | `process` | the process of an order, drawn | all of them |
//! | `ledger` | the books, comparisons, payouts, refunds | administrators |

mod disputes;
mod ledger;
mod listings;
mod process;
mod reports;
mod reviews;

use axum::{Router, extract::State, routing::get};
use luhuan_kernel::{Actor, Limit, Problem, Role, Scope};
use luhuan_ledger::PayoutState;
use luhuan_trade::DisputeQueue;

use super::{Site, form::PageResult, visit::Visit};
use crate::view::{Frame, StaffPage, StaffTab, Tab, Waiting};

/// The addresses of this folder.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/staff", get(home))
        .merge(listings::routes())
        .merge(reports::routes())
        .merge(disputes::routes())
        .merge(reviews::routes())
        .merge(process::routes())
        .merge(ledger::routes())
}

/// A desk, and who sits at it.
struct Desk {
    code: &'static str,
    url: &'static str,
    icon: &'static str,
    roles: &'static [Role],
}

const fn desk(code: &'static str, url: &'static str, icon: &'static str, roles: &'static [Role]) -> Desk {
    Desk { code, url, icon, roles }
}

const MODERATORS: &[Role] = &[Role::Moderator];
const DECIDERS: &[Role] = &[Role::Moderator, Role::Support];
const OPERATORS: &[Role] = &[Role::Administrator];
const ALL: &[Role] = &[Role::Moderator, Role::Support, Role::Administrator];

/// Every desk, in the order of the tabs.
const DESKS: &[Desk] = &[
    desk("home", "/staff", "house", ALL),
    desk("listings", "/staff/listings", "package", MODERATORS),
    desk("reports", "/staff/reports", "flag", MODERATORS),
    desk("disputes", "/staff/disputes", "scale", DECIDERS),
    desk("reviews", "/staff/reviews", "star", MODERATORS),
    desk("ledger", "/staff/ledger", "landmark", OPERATORS),
    desk("payouts", "/staff/payouts", "wallet", OPERATORS),
    desk("refunds", "/staff/refunds", "coins", OPERATORS),
    desk("process", "/staff/process", "workflow", ALL),
];

fn sits(actor: &Actor, roles: &[Role]) -> bool {
    actor.may(Scope::Staff) && roles.iter().any(|role| actor.has(*role))
}

/// Whether the visitor may be at the desk of `code`.
///
/// # Errors
/// 401 when nobody is signed in; 404 for everybody whose desk it is not.
fn enter(visit: &Visit, code: &str) -> Result<(), Problem> {
    if visit.actor.person_id().is_none() {
        return Err(Problem::unauthenticated());
    }
    let open = DESKS.iter().any(|desk| desk.code == code && sits(&visit.actor, desk.roles));
    if open { Ok(()) } else { Err(Problem::not_found()) }
}

/// The frame of a staff page and the tabs of the visitor's desks.
fn around(site: &Site, visit: &Visit, code: &'static str, path: &str) -> (Frame, Vec<StaffTab>) {
    let mut frame = visit.frame(site);
    frame.title = visit.text().code("staff-desk", code).into_owned();
    path.clone_into(&mut frame.path);
    frame.tab = Tab::Staff;
    frame.noindex = true;
    let desks = DESKS.iter().filter(|desk| sits(&visit.actor, desk.roles));
    let tabs = desks.map(|desk| StaffTab { code: desk.code, url: desk.url, chosen: desk.code == code });
    (frame, tabs.collect())
}

/// How many wait: counted up to a hundred.
struct Count {
    items: usize,
    more: bool,
}

impl Count {
    fn of<T>(page: &luhuan_kernel::Page<T>) -> Self {
        Self { items: page.items.len(), more: page.next.is_some() }
    }

    fn words(&self) -> String {
        if self.more { format!("{}+", self.items) } else { self.items.to_string() }
    }
}

/// `GET /staff`.
async fn home(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, "home")?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let (frame, tabs) = around(&site, &visit, "home", "/staff");
    let mut waiting = Vec::new();
    for desk in DESKS.iter().filter(|desk| desk.code != "home" && sits(&visit.actor, desk.roles)) {
        let count = count(&site, &visit.actor, desk.code).await?;
        waiting.push(Waiting {
            code: desk.code,
            url: desk.url,
            icon: desk.icon,
            waits: count.as_ref().is_some_and(|count| count.items > 0),
            count: count.map(|count| count.words()).unwrap_or_default(),
        });
    }
    Ok(visit.render(&StaffPage { frame, tabs, waiting }))
}

async fn count(site: &Site, actor: &Actor, desk: &str) -> Result<Option<Count>, Problem> {
    let most = Limit::of(Some(Limit::MAX.into()));
    Ok(Some(match desk {
        "listings" => Count::of(&site.listings.waiting(actor, None, most).await?),
        "reports" => Count::of(&site.trade.reports(actor, None, most).await?),
        "disputes" => Count::of(&site.trade.disputes(actor, DisputeQueue::Waiting, None, most).await?),
        "payouts" => {
            Count::of(&site.ledger.payouts_by_bank(actor, PayoutState::Requested, None, most).await?)
        }
        "refunds" => Count::of(&site.ledger.refunds_unresolved(actor, None, most).await?),
        _ => return Ok(None),
    }))
}
