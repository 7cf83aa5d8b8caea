//! Wallets: one's own and those of organisations that one runs.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderValue, StatusCode, header};
use luhuan_kernel::{
    Actor, Currency, Id, Limit, Message, Money, Organisation, Problem, Timestamp, http::PathId, random,
};
use luhuan_ledger::{
    Account, AccountKind, AccountOwner, Capture, Error, Line, NewPayment, NewPayout, Payment, PaymentState,
    Payout, PayoutWay, Provider, Purpose, csv,
    entity::{account, payout},
    model::{MoneyRules, PayoutMethod, PointsRules},
    policy,
};
use serde::Serialize;

use super::{
    Site,
    account::{Refusal, no_store},
    cards::{moment, offset, seconds},
    form::{Fields, Form, PageResult},
    mine::{after, param},
    profile::own_frame,
    visit::Visit,
};
use crate::{
    format::{self, Price, thousands},
    text::Text,
    view::{
        AccountTab, Address, Balance, Choice, Pager, PayoutRow, Points, StatementLine, TopUpPage, WalletPage,
        WalletValues,
    },
};

/// Payouts that the wallet shows.
const PAYOUTS: u32 = 10;
/// Lots of points whose end is shown.
const ENDINGS: usize = 3;

/// The addresses of this file.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/me/wallet", get(own))
        .route("/me/wallet/withdraw", post(own_withdraw))
        .route("/me/wallet/connect", post(own_connect))
        .route("/me/wallet/payouts/{id}/cancel", post(cancel_payout))
        .route("/me/wallet/top-up", post(top_up))
        .route("/me/wallet/top-ups/{id}", get(show_top_up).post(check_top_up))
        .route("/organisations/{id}/wallet", get(of_organisation))
        .route("/organisations/{id}/wallet/withdraw", post(organisation_withdraw))
        .route("/organisations/{id}/wallet/connect", post(organisation_connect))
        .route("/wallets/{id}/statement.csv", get(statement_csv))
        .route("/wallets/{id}/statement.json", get(statement_json))
}

/// Whose wallet a page is about.
#[derive(Clone, Copy)]
enum Whose {
    Own,
    Of(Id<Organisation>),
}

impl Whose {
    fn owner(self, actor: &Actor) -> Result<AccountOwner, Error> {
        match self {
            Self::Own => Ok(AccountOwner::Person(actor.person_id().ok_or(Error::Unauthenticated)?)),
            Self::Of(organisation) => Ok(AccountOwner::Organisation(organisation)),
        }
    }

    fn base(self) -> String {
        match self {
            Self::Own => "/me/wallet".to_owned(),
            Self::Of(organisation) => format!("/organisations/{organisation}/wallet"),
        }
    }

    fn back(self) -> String {
        match self {
            Self::Own => "/me".to_owned(),
            Self::Of(organisation) => format!("/organisations/{organisation}"),
        }
    }

    const fn shop(self) -> Option<Id<Organisation>> {
        match self {
            Self::Own => None,
            Self::Of(organisation) => Some(organisation),
        }
    }
}

/// `GET /me/wallet?account=&after=`.
async fn own(State(site): State<Site>, visit: Visit) -> PageResult {
    shown(&site, &visit, Whose::Own).await
}

/// `GET /organisations/{id}/wallet?account=&after=`, for those who run it.
async fn of_organisation(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Organisation>,
) -> PageResult {
    shown(&site, &visit, Whose::Of(id)).await
}

async fn shown(site: &Site, visit: &Visit, whose: Whose) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&page(site, visit, whose).await?))
}

async fn page(site: &Site, visit: &Visit, whose: Whose) -> Result<WalletPage, Problem> {
    let (text, actor, ledger) = (visit.text(), &visit.actor, &site.ledger);
    let owner = whose.owner(actor)?;
    // Staff may read anybody's accounts by the API; this page is its owner's.
    policy::pay_out(actor, &owner)?;
    let accounts = ledger.accounts_of(actor, &owner).await?;
    let stripe = ledger.providers().names().any(|name| name == Provider::Stripe);
    let mut page = WalletPage {
        frame: own_frame(site, visit, "wallet-title", &whose.base()),
        base: whose.base(),
        back: whose.back(),
        nature: if site.demo {
            "demo"
        } else if stripe {
            "stripe"
        } else {
            "local"
        },
        available: Price(balance(&accounts, AccountKind::Available)),
        held: held(site, actor, whose, &accounts).await?,
        points: points(site, visit, &owner, &accounts).await?,
        may_withdraw: balance(&accounts, AccountKind::Available) > 0,
        withdraw_bounds: bounds(text, MoneyRules::get().payout.least_fen, MoneyRules::get().payout.most_fen),
        may_top_up: stripe && whose.shop().is_none(),
        top_up_bounds: bounds(text, MoneyRules::get().top_up.least_fen, MoneyRules::get().top_up.most_fen),
        values: WalletValues { key: random::token(), ..WalletValues::default() },
        ..WalletPage::default()
    };
    if let Some(organisation) = whose.shop() {
        let view = site.accounts.organisation(actor, organisation).await?;
        page.frame.title = text.with("wallet-of", "name", view.name).into_owned();
    }
    page.connected = connected(site, actor, &owner, stripe).await?;
    page.methods = methods(text, page.connected == "ready");
    let payouts = ledger.payouts(actor, &owner, None, Limit::of(Some(PAYOUTS))).await?;
    page.payouts =
        payouts.items.iter().map(|row| payout_row(site, visit, row)).collect::<Result<_, Error>>()?;
    fill_statement(site, visit, &mut page, &accounts).await?;
    Ok(page)
}

fn balance(accounts: &[account::Model], kind: AccountKind) -> i64 {
    accounts.iter().find(|row| row.kind == kind.code()).map_or(0, |row| row.balance)
}

fn bounds(text: Text, least: i64, most: i64) -> String {
    text.with("wallet-bounds", "range", Price::range(Price(least), Price(most))).into_owned()
}

/// What is held in orders (which the ledger keeps under the order), and what is set aside.
async fn held(
    site: &Site,
    actor: &Actor,
    whose: Whose,
    accounts: &[account::Model],
) -> Result<Vec<Balance>, Problem> {
    let orders = site.trade.held_money(actor, whose.shop()).await?;
    let aside =
        [AccountKind::Deposit, AccountKind::PayingOut, AccountKind::Refunding, AccountKind::RecyclerPayable];
    let aside = aside.into_iter().map(|kind| (kind.code(), balance(accounts, kind)));
    let held = [("paid", orders.paid_fen), ("awaited", orders.awaited_fen)].into_iter().chain(aside);
    Ok(held
        .filter(|(_, fen)| *fen != 0)
        .map(|(kind, fen)| Balance { kind: kind.to_owned(), amount: Price(fen) })
        .collect())
}

async fn points(
    site: &Site,
    visit: &Visit,
    owner: &AccountOwner,
    accounts: &[account::Model],
) -> Result<Option<Points>, Problem> {
    if !accounts.iter().any(|row| row.kind == AccountKind::Points.code()) {
        return Ok(None);
    }
    let count = balance(accounts, AccountKind::Points);
    let now = seconds(site.ledger.store().clock().now());
    let lots = site.ledger.points_of(owner).await?;
    let whole = |points: i64| u64::try_from(points).unwrap_or_default();
    Ok(Some(Points {
        count: whole(count),
        worth: Price(count.saturating_mul(PointsRules::get().fen_per_point)),
        endings: lots
            .into_iter()
            .take(ENDINGS)
            .map(|(points, at)| (whole(points), format::date(visit.text(), seconds(at), now, offset())))
            .collect(),
    }))
}

async fn connected(
    site: &Site,
    actor: &Actor,
    owner: &AccountOwner,
    stripe: bool,
) -> Result<&'static str, Problem> {
    if !stripe {
        return Ok("off");
    }
    Ok(match site.ledger.connected(actor, owner).await? {
        Some(row) if row.may_receive == 1 => "ready",
        Some(row) if row.provider_ref.is_some() => "checking",
        _ => "none",
    })
}

fn methods(text: Text, connected: bool) -> Vec<Choice> {
    let bank = Choice::new(PayoutMethod::Bank.code(), text.code("payout-method", "bank"), true);
    let transfer = PayoutMethod::StripeTransfer.code();
    let transfer = connected.then(|| Choice::new(transfer, text.code("payout-method", transfer), false));
    std::iter::once(bank).chain(transfer).collect()
}

fn payout_row(site: &Site, visit: &Visit, row: &payout::Model) -> Result<PayoutRow, Error> {
    let (state, method) = (row.state()?, row.method()?);
    let bank = method == PayoutMethod::Bank;
    Ok(PayoutRow {
        id: row.id.to_string(),
        amount: Price(row.amount),
        method: method.code().to_owned(),
        destination: if bank { row.shown.clone() } else { String::new() },
        state: state.code().to_owned(),
        failure: row.failure.clone().unwrap_or_default(),
        at: moment(visit.text(), row.created_at, site.ledger.store().clock().now()),
        cancellable: bank && state == luhuan_ledger::PayoutState::Requested,
    })
}

async fn fill_statement(
    site: &Site,
    visit: &Visit,
    page: &mut WalletPage,
    accounts: &[account::Model],
) -> Result<(), Problem> {
    let asked = param(visit, "account").unwrap_or_else(|| AccountKind::Available.code().to_owned());
    let chosen = accounts.iter().find(|row| row.kind == asked).or_else(|| accounts.first());
    let Some(chosen) = chosen else { return Ok(()) };
    let address = |kind: &str| Address::new(page.base.as_str(), [("account", kind)]);
    let here = address(&chosen.kind);
    let after = after(visit);
    let lines = site.ledger.lines(&visit.actor, chosen.id, after.as_ref(), Limit::of(None)).await?;
    let now = site.ledger.store().clock().now();
    page.accounts = accounts
        .iter()
        .map(|row| AccountTab {
            url: format!("{}#statement", address(&row.kind)),
            kind: row.kind.clone(),
            chosen: row.id == chosen.id,
        })
        .collect();
    page.pager = Pager {
        first: after.map(|_| format!("{here}#statement")),
        next: lines.next.map(|next| format!("{}#statement", here.set("after", next.as_str()))),
    };
    page.lines = lines.items.iter().map(|line| statement_line(visit.text(), line, now)).collect();
    page.csv = format!("/wallets/{}/statement.csv", chosen.id);
    page.json = format!("/wallets/{}/statement.json", chosen.id);
    Ok(())
}

fn statement_line(text: Text, line: &Line, now: Timestamp) -> StatementLine {
    StatementLine {
        at: moment(text, line.at, now),
        kind: line.kind.code().to_owned(),
        memo: line.memo.clone(),
        amount: signed(line.amount),
        gain: line.amount.minor > 0,
        balance: shown_amount(line.balance),
    }
}

fn shown_amount(money: Money) -> String {
    match money.currency {
        Currency::Cny => Price(money.minor).text(),
        _ => thousands(money.minor),
    }
}

/// An amount with its sign in front, as statements write it.
fn signed(money: Money) -> String {
    let sign = if money.minor < 0 { "−" } else { "+" };
    format!("{sign}{}", shown_amount(Money { minor: money.minor.saturating_abs(), ..money }))
}

/// `POST /me/wallet/withdraw`.
async fn own_withdraw(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    withdraw(&site, &visit, Whose::Own, &fields).await
}

/// `POST /organisations/{id}/wallet/withdraw`.
async fn organisation_withdraw(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Organisation>,
    Form(fields): Form,
) -> PageResult {
    withdraw(&site, &visit, Whose::Of(id), &fields).await
}

async fn withdraw(site: &Site, visit: &Visit, whose: Whose, fields: &Fields) -> PageResult {
    let refusal = match request_payout(site, visit, whose, fields).await {
        Ok(()) => return Ok(visit.go(&whose.base(), Some("payout-requested"))),
        Err(error) => {
            let names = [("ledger-insufficient-funds", "amount"), ("payout-not-connected", "method")];
            Refusal::of(site, visit, error, &names)?
        }
    };
    let mut page = page(site, visit, whose).await?;
    fields.get("amount").clone_into(&mut page.values.amount);
    fields.get("destination").clone_into(&mut page.values.destination);
    if !fields.get("key").is_empty() {
        fields.get("key").clone_into(&mut page.values.key);
    }
    super::profile::choose(&mut page.methods, fields.get("method"));
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(visit, &page))
}

async fn request_payout(site: &Site, visit: &Visit, whose: Whose, fields: &Fields) -> Result<(), Error> {
    let amount = yuan(fields, "amount")?;
    let way = if fields.get("method") == PayoutMethod::StripeTransfer.code() {
        PayoutWay::Connected
    } else {
        PayoutWay::Bank { destination: fields.get("destination").to_owned() }
    };
    let reference = fields.some("key").filter(|key| key.len() <= 64).unwrap_or_else(random::token);
    let new = NewPayout { owner: whose.owner(&visit.actor)?, amount, way, reference };
    let uow = site.ledger.store().begin().await?;
    site.ledger.request_payout(&uow, &visit.actor, new).await?;
    uow.commit().await?;
    Ok(())
}

/// An amount as people write it.
fn yuan(fields: &Fields, name: &'static str) -> Result<Money, Error> {
    Money::cny_from_yuan(fields.get(name))
        .ok_or_else(|| Error::field(name, Message::new("field-amount-above-zero")))
}

/// `POST /me/wallet/payouts/{id}/cancel`; an organisation's too, since a payout knows whose it is.
async fn cancel_payout(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Payout>,
    Form(_): Form,
) -> PageResult {
    let uow = site.ledger.store().begin().await?;
    let row = site.ledger.cancel_payout(&uow, &visit.actor, id).await?;
    let whose = match row.owner()? {
        AccountOwner::Organisation(organisation) => Whose::Of(organisation),
        _ => Whose::Own,
    };
    uow.commit().await?;
    Ok(visit.go(&whose.base(), Some("payout-cancelled")))
}

/// `POST /me/wallet/connect`.
async fn own_connect(State(site): State<Site>, visit: Visit, Form(_): Form) -> PageResult {
    connect(&site, &visit, Whose::Own).await
}

/// `POST /organisations/{id}/wallet/connect`.
async fn organisation_connect(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Organisation>,
    Form(_): Form,
) -> PageResult {
    connect(&site, &visit, Whose::Of(id)).await
}

/// The answer is the page with a link on to the provider: a form may not lead to another site, and the link holds once.
async fn connect(site: &Site, visit: &Visit, whose: Whose) -> PageResult {
    let owner = whose.owner(&visit.actor)?;
    let back = format!("{}{}", visit.origin, whose.base());
    match site.ledger.connect(&visit.actor, &owner, &back).await {
        Ok((_, address)) => {
            let mut page = page(site, visit, whose).await?;
            page.onboarding = address;
            Ok(no_store(visit.render(&page)))
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.slug() == "payment-provider-unreachable" {
                let mut page = page(site, visit, whose).await?;
                page.errors.add("connect", problem.detail(&site.texts, visit.actor.locale));
                return Ok(visit.render_with(StatusCode::SERVICE_UNAVAILABLE, &page));
            }
            let refusal = Refusal::of(site, visit, problem, &[("payment-provider-refused", "connect")])?;
            let mut page = page(site, visit, whose).await?;
            page.errors.clone_from(&refusal.errors);
            Ok(refusal.answer(visit, &page))
        }
    }
}

/// `POST /me/wallet/top-up`: written down, asked for at the provider, and on to the page where a card is entered.
async fn top_up(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    match begin_top_up(&site, &visit, &fields).await {
        Ok(id) => {
            // What the provider does not answer now, the job asks again: the page says that it is not known yet.
            if let Err(error) = site.ledger.advance(id).await {
                tracing::warn!(payment = %id, %error, "a top-up waits for its provider");
            }
            Ok(visit.go(&format!("/me/wallet/top-ups/{id}"), None))
        }
        Err(error) => {
            let names =
                [("amount_fen", "top_up"), ("payment-provider-off", "top_up"), ("provider", "top_up")];
            let refusal = Refusal::of(&site, &visit, error, &names)?;
            let mut page = page(&site, &visit, Whose::Own).await?;
            fields.get("top_up").clone_into(&mut page.values.top_up);
            page.errors.clone_from(&refusal.errors);
            Ok(refusal.answer(&visit, &page))
        }
    }
}

async fn begin_top_up(site: &Site, visit: &Visit, fields: &Fields) -> Result<Id<Payment>, Error> {
    let payer = policy::top_up(&visit.actor)?;
    let amount = yuan(fields, "top_up")?;
    let rules = MoneyRules::get().top_up;
    if !(rules.least_fen..=rules.most_fen).contains(&amount.minor) {
        let message = Message::new("field-top-up-amount")
            .with("least", Price(rules.least_fen).plain())
            .with("most", Price(rules.most_fen).plain());
        return Err(Error::field("top_up", message));
    }
    let new = NewPayment {
        purpose: Purpose::TopUp(payer.uuid()),
        payer,
        payee: AccountOwner::Person(payer),
        amount,
        provider: Provider::Stripe,
        capture: Capture::Automatic,
        return_url: Some(format!("{}/me/wallet", visit.origin)),
    };
    let uow = site.ledger.store().begin().await?;
    let row = site.ledger.request_payment(&uow, new).await?;
    uow.commit().await?;
    Ok(row.id)
}

/// `GET /me/wallet/top-ups/{id}`, for whoever tops up.
async fn show_top_up(State(site): State<Site>, visit: Visit, PathId(id): PathId<Payment>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let row = site.ledger.payment(&visit.actor, id).await?;
    if !visit.actor.is(row.payer_id) || !matches!(row.purpose()?, Purpose::TopUp(_)) {
        return Err(Problem::not_found());
    }
    let state = row.state()?;
    let acts = state == PaymentState::ActionRequired;
    let key = site.ledger.providers().browser_key(row.provider()?).filter(|_| acts);
    let address = format!("/me/wallet/top-ups/{id}");
    let page = TopUpPage {
        frame: own_frame(&site, &visit, "top-up-title", &address),
        id: id.to_string(),
        amount: Price(row.amount),
        state: state.code().to_owned(),
        failure: row.failure.unwrap_or_default(),
        browser_key: key.unwrap_or_default().to_owned(),
        client_secret: row.client_secret.filter(|_| acts).unwrap_or_default(),
        script: site.payment_script.clone(),
        return_url: format!("{}{address}", visit.origin),
    };
    // The provider's script runs where a card is entered, and nowhere else.
    let answer =
        if page.asks() { visit.render_with_script(&page, &site.payment_script) } else { visit.render(&page) };
    Ok(no_store(answer))
}

/// `POST /me/wallet/top-ups/{id}`: asks the provider how it stands, now.
async fn check_top_up(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Payment>,
    Form(_): Form,
) -> PageResult {
    site.ledger.payment(&visit.actor, id).await?;
    if let Err(error) = site.ledger.advance(id).await {
        tracing::warn!(payment = %id, %error, "a provider was asked in vain");
    }
    Ok(visit.go(&format!("/me/wallet/top-ups/{id}"), None))
}

/// `GET /wallets/{id}/statement.csv`: the whole statement of an account, for whoever may see it.
async fn statement_csv(State(site): State<Site>, visit: Visit, PathId(id): PathId<Account>) -> PageResult {
    let (account, lines) = site.ledger.statement(&visit.actor, id, None, None).await?;
    Ok(file(csv(&lines)?, "text/csv; charset=utf-8", &account.kind, "csv"))
}

/// A statement for programs.
#[derive(Serialize)]
struct Statement<'a> {
    account: Id<Account>,
    kind: &'a str,
    currency: &'a str,
    balance: i64,
    lines: &'a [Line],
}

/// `GET /wallets/{id}/statement.json`.
async fn statement_json(State(site): State<Site>, visit: Visit, PathId(id): PathId<Account>) -> PageResult {
    let (account, lines) = site.ledger.statement(&visit.actor, id, None, None).await?;
    let statement = Statement {
        account: account.id,
        kind: &account.kind,
        currency: &account.currency,
        balance: account.balance,
        lines: &lines,
    };
    let body = serde_json::to_vec_pretty(&statement).map_err(|error| {
        tracing::error!(%error, "a statement was not written");
        Problem::internal()
    })?;
    Ok(file(body, "application/json", &account.kind, "json"))
}

/// A file that the device keeps under a name and nobody on the way does.
pub(super) fn file(body: Vec<u8>, media: &'static str, name: &str, extension: &str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    let name = format!("attachment; filename=\"luhuan-{name}.{extension}\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    no_store(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_writes_the_sign_before_the_currency() {
        assert_eq!(signed(Money::cny(-1_250)), "−¥12.50");
        assert_eq!(signed(Money::cny(100_000)), "+¥1,000");
        assert_eq!(signed(Money { minor: -120, currency: Currency::Points }), "−120");
    }
}
