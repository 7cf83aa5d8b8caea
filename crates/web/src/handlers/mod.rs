//! The pages' handlers: read the request, ask the services, fill a view, render it. No rule lives here.
//!
//! | file | pages |
//! |---|---|
//! | `home` | the first page, the categories, texts, the style page |
//! | `search` | results |
//! | `listing` | one listing, its seller, watching |
//! | `post` | posting and editing |
//! | `mine` | one's own listings, the watchlist, moves |
//! | `account` | signing up and in |
//! | `profile` | profile, security, privacy |
//! | `organisation` | shops and other organisations |
//! | `conversations` | talking, offers, the live stream |
//! | `checkout`, `payment` | ordering; paying at a provider elsewhere |
//! | `orders`, `steps`, `disputes` | orders, their steps, quarrels, the jury |
//! | `trade` | what those share |
//! | `wallet` | wallets of people and organisations |
//! | `notices`, `webhooks` | what people and programs are told |
//! | `staff` | the desks of moderators, support, administrators |
//! | `visit` | who visits: language, colours, session, CSRF, the frame of every page |
//! | `form` | what forms send |
//! | `cards` | listings as cards |
//! | `statics` | static files, manifest |

mod account;
mod cards;
mod checkout;
mod conversations;
mod disputes;
mod form;
mod home;
mod listing;
mod mine;
mod notices;
mod orders;
mod organisation;
mod payment;
mod post;
mod profile;
mod reviews;
mod search;
mod staff;
mod statics;
mod steps;
mod trade;
mod visit;
mod wallet;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post as post_to},
};
use http::{Method, StatusCode, header};
use luhuan_accounts::Accounts;
use luhuan_kernel::{Problem, Secret, text::Texts};
use luhuan_ledger::Ledger;
use luhuan_listing::Listings;
use luhuan_notifications::Notifications;
use luhuan_search::Search;
use luhuan_trade::Trade;

pub use visit::{locale, session_cookie};

use crate::view::{Address, ErrorPage};

/// One of the demo's sign-ins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoSignIn {
    /// The role.
    pub role: String,
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}

/// What the pages stand on.
#[derive(Clone)]
pub struct Site {
    /// People and organisations.
    pub accounts: Accounts,
    /// Used goods.
    pub listings: Listings,
    /// Finding them.
    pub search: Search,
    /// Money and points.
    pub ledger: Ledger,
    /// Conversations, offers, orders.
    pub trade: Trade,
    /// What people and programs are told.
    pub notifications: Notifications,
    /// The sentences of problems.
    pub texts: Arc<Texts>,
    /// Whether this is a demo city.
    pub demo: bool,
    /// Address under which residents reach the site, when configured.
    pub public_url: Option<String>,
    /// Key of the CSRF tokens.
    pub secret: Secret<[u8; 32]>,
    /// The demo's sign-ins, shown on the sign-in page of a demo.
    pub demo_accounts: Arc<Vec<DemoSignIn>>,
    /// Who runs this city's instance.
    pub operator: String,
    /// Where residents write to about their data.
    pub contact: String,
    /// Bytes that one photo's upload may take.
    pub photo_body: usize,
    /// Whether X-Forwarded-Proto is believed.
    pub trusts_proxy: bool,
    /// The payment provider's script for the one page on which a card is entered.
    pub payment_script: String,
}

/// Every page.
pub fn routes(site: Site) -> Router {
    let photos = DefaultBodyLimit::max(site.photo_body * Listings::MAX_PHOTOS);
    let posting = Router::new()
        .route("/listings", post_to(post::create))
        .route("/listings/{id}", get(listing::show).post(post::update))
        .layer(photos);
    let photos_of_trade = DefaultBodyLimit::max(site.photo_body * trade::PHOTOS as usize);
    let router = Router::new()
        .route("/", get(home::home))
        .route("/categories", get(home::categories))
        .route("/privacy", get(home::privacy_notice))
        .route("/rules", get(home::rules))
        .route("/problems/{slug}", get(home::problem))
        .route("/search", get(search::results))
        .route("/listings/new", get(post::new))
        .route("/listings/{id}/edit", get(post::edit))
        .route("/listings/{id}/publish", post_to(mine::publish))
        .route("/listings/{id}/withdraw", post_to(mine::withdraw))
        .route("/listings/{id}/relist", post_to(mine::relist))
        .route("/listings/{id}/delete", post_to(mine::withdraw))
        .route("/listings/{id}/watch", post_to(listing::watch))
        .route("/listings/{id}/unwatch", post_to(listing::unwatch))
        .route("/me/listings", get(mine::listings))
        .route("/me/watchlist", get(mine::watchlist))
        .route("/sellers/{id}", get(listing::seller))
        .route("/static/{*name}", get(statics::file))
        .route("/manifest.webmanifest", get(statics::manifest))
        .route("/favicon.ico", get(statics::favicon))
        .route("/robots.txt", get(statics::robots))
        .merge(posting)
        .merge(account::routes())
        .merge(profile::routes())
        .merge(organisation::routes())
        .merge(wallet::routes())
        .merge(notices::routes())
        .merge(webhooks::routes())
        .merge(staff::routes())
        .merge(buying_and_selling(photos_of_trade));
    let router = if site.demo { router.route("/_/style", get(home::style)) } else { router };
    router
        .layer(middleware::from_fn_with_state(site.clone(), page_problems))
        .fallback(not_found)
        .with_state(site)
}

/// The pages of buyer and seller.
fn buying_and_selling(photos: DefaultBodyLimit) -> Router<Site> {
    let with_photos = Router::new()
        .route("/conversations/{id}/messages", post_to(conversations::send))
        .route("/orders/{id}/disputes/evidence", post_to(disputes::evidence))
        .layer(photos);
    let talking = Router::new()
        .route("/conversations", get(conversations::list))
        .route("/conversations/stream", get(conversations::stream))
        .route("/conversations/{id}", get(conversations::show))
        .route("/conversations/{id}/block", post_to(conversations::block))
        .route("/conversations/{id}/unblock", post_to(conversations::unblock))
        .route("/conversations/{id}/report", post_to(conversations::report))
        .route("/trade-photos/{id}/{width}", get(conversations::photo))
        .route("/listings/{id}/ask", post_to(conversations::ask))
        .route("/listings/{id}/offers", post_to(conversations::make_offer))
        .route("/offers/{id}/counter", post_to(conversations::counter))
        .route("/offers/{id}/accept", post_to(conversations::accept))
        .route("/offers/{id}/decline", post_to(conversations::decline));
    let ordering = Router::new()
        .route("/checkout", get(checkout::show).post(checkout::submit))
        .route("/me/orders", get(orders::list))
        .route("/orders/{id}", get(orders::show))
        .route("/orders/{id}/flaws", get(steps::flaws))
        .route("/orders/{id}/confirm-flaws", post_to(steps::confirm_flaws))
        .route("/orders/{id}/pay", post_to(steps::pay))
        .route("/orders/{id}/payment", get(payment::show))
        .route("/orders/{id}/payment/check", post_to(payment::check))
        .route("/orders/{id}/ship", post_to(steps::ship))
        .route("/orders/{id}/arrange", post_to(steps::arrange))
        .route("/orders/{id}/check-in", post_to(steps::check_in))
        .route("/orders/{id}/hand-over", post_to(steps::hand_over))
        .route("/orders/{id}/confirm", post_to(steps::confirm))
        .route("/orders/{id}/extend", post_to(steps::extend))
        .route("/orders/{id}/cancel", post_to(steps::cancel))
        .route("/orders/{id}/refund-requests", post_to(steps::request_refund))
        .route("/orders/{id}/refund-requests/answer", post_to(steps::answer_refund))
        .route("/orders/{id}/refund-requests/withdraw", post_to(steps::withdraw_refund))
        .route("/orders/{id}/return-sent", post_to(steps::send_back))
        .route("/orders/{id}/return-received", post_to(steps::accept_return))
        .route("/orders/{id}/reviews", post_to(steps::review))
        .route("/reviews/{id}/reply", post_to(steps::reply))
        .route("/orders/{id}/invoice", post_to(steps::invoice));
    let quarrels = Router::new()
        .route("/orders/{id}/disputes", post_to(disputes::open))
        .route("/orders/{id}/disputes/jury", post_to(disputes::accept_jury))
        .route("/orders/{id}/disputes/drop", post_to(disputes::drop_it))
        .route("/orders/{id}/disputes/accept", post_to(disputes::accept_ruling))
        .route("/orders/{id}/disputes/appeal", post_to(disputes::appeal))
        .route("/me/jury", get(disputes::seat))
        .route("/me/jury/enlist", post_to(disputes::enlist))
        .route("/me/jury/resign", post_to(disputes::resign))
        .route("/me/jury/{id}/vote", post_to(disputes::vote));
    talking.merge(ordering).merge(quarrels).merge(with_photos)
}

/// What no route answers: a page says so, the API a problem.
pub async fn not_found(
    State(site): State<Site>,
    visit: Result<visit::Visit, Problem>,
    request: Request,
) -> Response {
    if request.uri().path().starts_with("/api/") {
        return Problem::not_found().into_response();
    }
    match visit {
        Ok(visit) => error_page(&site, &visit, &Problem::not_found()),
        Err(problem) => problem.into_response(),
    }
}

/// Turns a handler's problem into a page; who must sign in first is led there and back.
async fn page_problems(
    State(site): State<Site>,
    visit: Result<visit::Visit, Problem>,
    request: Request,
    next: Next,
) -> Response {
    let is_get = request.method() == Method::GET;
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let Ok(visit) = visit else { return problem.into_response() };
    if problem.status() == StatusCode::UNAUTHORIZED {
        let back = if is_get { visit.path.clone() } else { "/".to_owned() };
        return Redirect::to(&Address::new("/sign-in", [("next", back)]).to_string()).into_response();
    }
    let mut page = error_page(&site, &visit, &problem);
    if let Some(retry) = response.headers().get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, retry.clone());
    }
    page
}

fn error_page(site: &Site, visit: &visit::Visit, problem: &Problem) -> Response {
    let mut detail = problem.detail(&site.texts, visit.actor.locale);
    for field in problem.fields() {
        detail.push(' ');
        detail.push_str(&field.message.render(&site.texts, visit.actor.locale));
    }
    let status = problem.status();
    let mut frame = visit.frame(site);
    frame.noindex = true;
    let mut page = ErrorPage { frame, status: status.as_u16(), detail, way_on: None };
    page.frame.title = page.title();
    visit.render_with(status, &page)
}
