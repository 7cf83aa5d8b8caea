//! The JSON API as a client sees it.

use axum::{Router, body::Body};
use http::{Method, Request, StatusCode, header};
use luhuan_kernel::{Actor, Money, Problem};
use luhuan_ledger::{AccountOwner, Provider, Share, api};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{World, by_wallet, command, each};

struct Answer {
    status: StatusCode,
    slug: Option<&'static str>,
    kind: String,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

struct Call<'a> {
    method: Method,
    path: &'a str,
    body: Option<Value>,
    headers: Vec<(&'static str, String)>,
}

fn get(path: &str) -> Call<'_> {
    Call { method: Method::GET, path, body: None, headers: Vec::new() }
}

fn post(path: &str, body: Value) -> Call<'_> {
    Call { method: Method::POST, path, body: Some(body), headers: Vec::new() }
}

async fn call(world: &World<'_>, actor: &Actor, call: Call<'_>) -> Answer {
    let (router, _) = api::routes().split_for_parts();
    let router: Router = router.with_state(world.ledger.clone());
    let mut request = Request::builder().method(call.method).uri(call.path).extension(actor.clone());
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    let body = match call.body {
        Some(body) => {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
    let kind = response.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
    let (status, slug) = (response.status(), response.extensions().get::<Problem>().map(Problem::slug));
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Answer { status, slug, kind: kind.unwrap_or_default(), text: String::from_utf8(bytes.to_vec()).unwrap() }
}

#[tokio::test]
async fn one_reads_ones_accounts_and_a_statement_page_by_page() {
    each(async |world| {
        let (buyer, seller) = (world.person_with(1_000).await, world.id());
        for n in 1..=4 {
            world.pay(by_wallet(world.order(), buyer, seller, n)).await.unwrap();
        }
        let actor = Actor::person(buyer, []);
        let accounts = call(world, &actor, get("/api/v1/ledger/accounts")).await;
        assert_eq!(accounts.status, StatusCode::OK);
        let account = &accounts.json()[0];
        assert_eq!(
            (account["kind"].as_str(), &account["balance"]),
            (Some("available"), &json!({ "minor": 990, "currency": "CNY" }))
        );
        let id = account["id"].as_str().unwrap();

        let (mut balances, mut path) = (Vec::new(), format!("/api/v1/ledger/accounts/{id}/entries?limit=2"));
        loop {
            let page = call(world, &actor, get(&path)).await.json();
            let lines = page["items"].as_array().unwrap();
            balances.extend(lines.iter().map(|line| line["balance"]["minor"].as_i64().unwrap()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/ledger/accounts/{id}/entries?limit=2&after={next}");
        }
        assert_eq!(balances, [990, 994, 997, 999, 1_000]);

        let stranger = Actor::person(world.id(), []);
        let hidden = call(world, &stranger, get(&format!("/api/v1/ledger/accounts/{id}/entries"))).await;
        assert_eq!((hidden.status, hidden.slug), (StatusCode::NOT_FOUND, Some("not-found")));
        let wrong = format!("/api/v1/ledger/accounts/{id}/entries?after=x");
        assert_eq!(call(world, &actor, get(&wrong)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let nobody = Actor::anonymous(luhuan_kernel::Locale::ZhCn);
        assert_eq!(
            call(world, &nobody, get("/api/v1/ledger/accounts")).await.status,
            StatusCode::UNAUTHORIZED
        );
    })
    .await;
}

#[tokio::test]
async fn a_statement_is_had_whole_as_csv_and_by_dates() {
    each(async |world| {
        let buyer = world.person_with(1_000).await;
        world.clock.advance_seconds(86_400);
        let day = luhuan_kernel::Clock::now(&*world.clock);
        world.pay(by_wallet(world.order(), buyer, world.id(), 5)).await.unwrap();
        let actor = Actor::person(buyer, []);
        let id = call(world, &actor, get("/api/v1/ledger/accounts")).await.json()[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let path = format!("/api/v1/ledger/accounts/{id}/entries");
        let by_header = Call { headers: vec![("accept", "text/csv".into())], ..get(&path) };
        let whole = call(world, &actor, by_header).await;
        assert_eq!(whole.kind, "text/csv; charset=utf-8");
        assert_eq!(whole.text.lines().count(), 3);
        assert!(whole.text.lines().nth(1).unwrap().contains(",payment,"), "{}", whole.text);
        assert!(whole.text.contains(",-0.05,9.95,"), "{}", whole.text);
        let path = format!("{path}?format=csv&until={day}");
        let earlier = call(world, &actor, get(&path)).await;
        assert_eq!(earlier.text.lines().count(), 2);
        assert!(earlier.text.contains(",grant,"));
    })
    .await;
}

#[tokio::test]
async fn face_to_face_is_confirmed_and_a_wrong_code_is_counted() {
    each(async |world| {
        let (buyer, seller) = (world.id(), world.id());
        let mut new = by_wallet(world.order(), buyer, seller, 100);
        new.provider = Provider::FaceToFace;
        let id = world.pay(new).await.unwrap().id;
        let (buyer, seller) = (Actor::person(buyer, []), Actor::person(seller, []));
        let (path, confirm) = (format!("/api/v1/payments/{id}"), format!("/api/v1/payments/{id}/confirm"));
        let code = async |actor| {
            call(world, actor, get(&path)).await.json()["your_code"].as_str().unwrap().to_owned()
        };
        let (buyers, sellers) = (code(&buyer).await, code(&seller).await);

        let wrong = call(world, &buyer, post(&confirm, json!({ "code": buyers }))).await;
        assert_eq!(
            (wrong.status, wrong.slug),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("payment-code-wrong"))
        );
        call(world, &buyer, post(&confirm, json!({ "code": sellers }))).await;
        let done = call(world, &seller, post(&confirm, json!({ "code": buyers }))).await;
        assert_eq!((done.status, done.json()["state"].as_str()), (StatusCode::OK, Some("succeeded")));
        let row = world.ledger.payment(&buyer, id).await.unwrap();
        assert_eq!(row.tries_left, 9);
        let stranger = Actor::person(world.id(), []);
        assert_eq!(call(world, &stranger, get(&path)).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_payout_is_asked_for_once_for_its_key_and_shows_its_bank_account_masked() {
    each(async |world| {
        let person = world.person_with(10_000).await;
        let actor = Actor::person(person, []);
        let body = json!({ "amount_fen": 4000, "method": "bank", "destination": "林小满 工商银行 6222020000000001234" });
        let key = || Call {
            headers: vec![("idempotency-key", "k1".into())],
            ..post("/api/v1/ledger/payouts", body.clone())
        };
        let first = call(world, &actor, key()).await;
        assert_eq!(first.status, StatusCode::CREATED);
        assert_eq!(first.json()["destination"], "****1234");
        let again = call(world, &actor, key()).await;
        assert_eq!(again.json()["id"], first.json()["id"]);
        assert_eq!(world.available(person).await, 6_000);
        let too_much = json!({ "amount_fen": 7000, "method": "bank", "destination": "林小满 1" });
        let refused = call(world, &actor, post("/api/v1/ledger/payouts", too_much)).await;
        assert_eq!((refused.status, refused.slug), (StatusCode::CONFLICT, Some("ledger-insufficient-funds")));
        let wrong = json!({ "amount_fen": 7000, "method": "stripe-transfer", "destination": "x" });
        let refused = call(world, &actor, post("/api/v1/ledger/payouts", wrong)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

        let id = first.json()["id"].as_str().unwrap().to_owned();
        let staff = world.administrator();
        let file = call(world, &staff, Call { method: Method::POST, ..get("/api/v1/ledger/payout-files") }).await;
        assert!(file.text.contains("6222020000000001234"), "{}", file.text);
        let settle = format!("/api/v1/ledger/payouts/{id}/settle");
        let by_owner = call(world, &actor, post(&settle, json!({ "outcome": "paid", "reference": "1" }))).await;
        assert_eq!(by_owner.status, StatusCode::FORBIDDEN);
        let empty = call(world, &staff, post(&settle, json!({ "outcome": "paid", "reference": " " }))).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let paid = call(world, &staff, post(&settle, json!({ "outcome": "paid", "reference": "1" }))).await;
        assert_eq!(paid.json()["state"], "paid");
        let late = call(world, &actor, post(&format!("/api/v1/ledger/payouts/{id}/cancel"), json!({}))).await;
        assert_eq!((late.status, late.slug), (StatusCode::CONFLICT, Some("payout-state")));
        let list = call(world, &actor, get("/api/v1/ledger/payouts")).await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn without_stripe_its_routes_say_so() {
    each(async |world| {
        let actor = Actor::person(world.person_with(1).await, []);
        let calls = [
            post("/api/v1/ledger/top-ups", json!({ "amount_fen": 1000 })),
            post("/api/v1/ledger/connected-account", json!({ "return_url": "https://luhuan.example/" })),
            post("/api/v1/payments/stripe/webhook", json!({ "id": "evt_1" })),
        ];
        for refused in calls {
            let path = refused.path.to_owned();
            let refused = call(world, &actor, refused).await;
            assert_eq!(
                (refused.status, refused.slug),
                (StatusCode::CONFLICT, Some("payment-provider-off")),
                "{path}"
            );
        }
        let unconnected = call(world, &actor, get("/api/v1/ledger/connected-account")).await.json();
        assert_eq!(unconnected, json!({ "connected": false, "may_receive": false }));
        let small = call(world, &actor, post("/api/v1/ledger/top-ups", json!({ "amount_fen": 99 }))).await;
        assert_eq!(small.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn points_are_read_by_their_end_and_a_clerk_does_not_see_the_shops_money() {
    each(async |world| {
        use luhuan_kernel::{Membership, OrganisationKind, OrganisationRole};
        let person = world.id();
        command!(world, earn_points, &AccountOwner::Person(person), 40, "w").unwrap();
        let actor = Actor::person(person, []);
        let points = call(world, &actor, get("/api/v1/ledger/points")).await.json();
        assert_eq!((points[0]["points"].as_i64(), points.as_array().unwrap().len()), (Some(40), 1));

        let shop = world.id();
        world.grant(&AccountOwner::Organisation(shop), 700).await;
        let member = |role| Actor {
            memberships: vec![Membership { organisation: shop, kind: OrganisationKind::SellerShop, role }],
            ..Actor::person(world.id(), [])
        };
        let path = format!("/api/v1/ledger/accounts?organisation={shop}");
        let seen = call(world, &member(OrganisationRole::Manager), get(&path)).await;
        assert_eq!(seen.json()[0]["balance"]["minor"], 700);
        let hidden = call(world, &member(OrganisationRole::Clerk), get(&path)).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_statement_of_a_seller_says_what_each_line_is() {
    each(async |world| {
        let (buyer, seller, order) = (world.person_with(100).await, world.id(), world.order());
        world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
        let shares = [
            Share::to_seller(AccountOwner::Person(seller), Money::cny(99), "sale"),
            Share::fee(Money::cny(1), "fee"),
        ];
        command!(world, release, order, "settled", &shares).unwrap();
        let actor = Actor::person(seller, []);
        let accounts = call(world, &actor, get("/api/v1/ledger/accounts")).await.json();
        let id = accounts[0]["id"].as_str().unwrap();
        let page = call(world, &actor, get(&format!("/api/v1/ledger/accounts/{id}/entries"))).await.json();
        let line = &page["items"][0];
        assert_eq!(
            (line["kind"].as_str(), line["memo"].as_str(), line["number"].as_i64()),
            (Some("release"), Some("sale"), Some(1))
        );
        assert_eq!(line["reference"], format!("{order} settled"));
    })
    .await;
}

#[test]
fn every_sentence_is_there_in_both_languages() {
    let keys = |text: &str| {
        let mut keys: Vec<String> = text
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(" =")?.0.to_owned()))
            .collect();
        keys.sort();
        keys
    };
    let [zh, en] = luhuan_ledger::TEXTS.map(|source| keys(source.ftl));
    assert_eq!(zh, en);
    for slug in [
        "ledger-insufficient-funds",
        "payment-state",
        "refund-state",
        "payout-state",
        "payment-code-wrong",
        "payment-code-locked",
        "refund-too-large",
        "payment-provider-off",
        "payout-not-connected",
        "payment-provider-refused",
        "payment-provider-unreachable",
        "payment-webhook-refused",
    ] {
        assert!(zh.contains(&format!("problem-{slug}")), "{slug}");
    }
}
