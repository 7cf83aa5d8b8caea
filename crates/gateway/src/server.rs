//! The server: every request passes through the same steps, in this order.
//!
//! trace id and log span, metrics, security headers, a catch for panics, problems in the reader's language, a limit on
//! requests under way, a time limit, a body limit, the actor behind the credential; then the handler.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, middleware, routing::get};
use http::{HeaderName, HeaderValue, StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    app::{App, StartError},
    http::{actor, docs, health, metrics, photos, problems, trace},
};

/// Room that a photo's upload needs above the photo itself.
const MULTIPART_ROOM: usize = 64 * 1024;

/// All routes with all their steps.
///
/// # Errors
/// When a limit in the configuration is no number.
#[expect(clippy::needless_pass_by_value, reason = "the router keeps the app")]
pub fn router(app: App, recorder: PrometheusHandle) -> Result<Router, StartError> {
    let seconds: u64 = app.config.parsed("limits.request_seconds")?;
    let at_once: usize = app.config.parsed("limits.requests_at_once")?;
    let body: usize = app.config.parsed::<usize>("limits.body_kib")? * 1024;
    let photo_body = app.listings.settings().photos.bytes + MULTIPART_ROOM;
    let (api, document) = api(&app).split_for_parts();
    let pages = luhuan_web::routes(luhuan_web::Site {
        accounts: app.accounts.clone(),
        listings: app.listings.clone(),
        search: app.search.clone(),
        ledger: app.ledger.clone(),
        trade: app.trade.clone(),
        notifications: app.notifications.clone(),
        texts: Arc::clone(&app.texts),
        demo: app.demo,
        public_url: app.config.optional("public_url").map(str::to_owned),
        secret: crate::app::derive(
            &crate::app::master_secret(&app.config, app.config.text("data").as_ref())?,
            "web",
        ),
        demo_accounts: Arc::new(if app.demo { demo_accounts() } else { Vec::new() }),
        photo_body,
        operator: app.config.text("operator.name").to_owned(),
        contact: app.config.text("operator.contact").to_owned(),
        trusts_proxy: app.config.parsed("limits.trusted_proxy")?,
        payment_script: app.config.text("stripe.script").to_owned(),
    });
    let steps = ServiceBuilder::new()
        .layer(middleware::from_fn(trace::trace))
        .layer(middleware::from_fn(metrics::measure))
        .layer(security_headers())
        .layer(CompressionLayer::new().gzip(true))
        .layer(middleware::from_fn_with_state(Arc::clone(&app.texts), problems::render))
        .layer(CatchPanicLayer::custom(problems::on_panic))
        .layer(middleware::from_fn_with_state(problems::Gate::new(at_once), problems::at_once))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(seconds)))
        .layer(middleware::from_fn_with_state(app.clone(), actor::identify));
    let operations = Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready).with_state(app.clone()))
        .route("/metrics", get(metrics::show).with_state(recorder))
        .route("/photos/{id}/{file}", get(photos::photo).with_state(app.clone()));
    // Where photos are taken, the routes set a limit of their own, which counts before this one.
    let router = api
        .merge(pages)
        .merge(operations)
        .merge(docs::routes(document))
        .layer(DefaultBodyLimit::max(body))
        .layer(steps);
    Ok(router)
}

fn demo_accounts() -> Vec<luhuan_web::DemoSignIn> {
    let sign_ins = luhuan_demo::sign_ins().into_iter();
    sign_ins
        .map(|account| luhuan_web::DemoSignIn {
            role: account.role.to_owned(),
            login: account.login,
            password: account.password.to_owned(),
        })
        .collect()
}

/// The JSON API of every context, with its description.
fn api(app: &App) -> OpenApiRouter {
    OpenApiRouter::with_openapi(docs::Document::openapi())
        .merge(luhuan_accounts::api::routes().with_state(app.accounts.clone()))
        .merge(luhuan_listing::api::routes().with_state(app.listings.clone()))
        .merge(luhuan_search::api::routes().with_state(app.search.clone()))
        .merge(luhuan_ledger::api::routes().with_state(app.ledger.clone()))
        .merge(luhuan_trade::api::routes().with_state(app.trade.clone()))
        .merge(luhuan_certification::api::routes().with_state(app.certification.clone()))
        .merge(luhuan_notifications::api::routes().with_state(app.notifications.clone()))
}

/// The OpenAPI document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let router = OpenApiRouter::<()>::with_openapi(docs::Document::openapi());
    let (_, accounts) = luhuan_accounts::api::routes().split_for_parts();
    let (_, listings) = luhuan_listing::api::routes().split_for_parts();
    let (_, search) = luhuan_search::api::routes().split_for_parts();
    let (_, ledger) = luhuan_ledger::api::routes().split_for_parts();
    let (_, trade) = luhuan_trade::api::routes().split_for_parts();
    let (_, certification) = luhuan_certification::api::routes().split_for_parts();
    let (_, notifications) = luhuan_notifications::api::routes().split_for_parts();
    let (_, mut document) = router.split_for_parts();
    for part in [accounts, listings, search, ledger, trade, certification, notifications] {
        document.merge(part);
    }
    docs::finish(document)
}

type HeaderSteps = tower::layer::util::Stack<
    SetResponseHeaderLayer<HeaderValue>,
    tower::layer::util::Stack<
        SetResponseHeaderLayer<HeaderValue>,
        tower::layer::util::Stack<SetResponseHeaderLayer<HeaderValue>, tower::layer::util::Identity>,
    >,
>;

/// What every answer carries; pages add their own Content-Security-Policy, everything else gets the strictest.
fn security_headers() -> HeaderSteps {
    let set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    ServiceBuilder::new()
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::REFERRER_POLICY, "same-origin"))
        .layer(set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
        ))
        .into_inner()
}

/// Serves until told to stop, then lets requests under way end.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(
    router: Router,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
