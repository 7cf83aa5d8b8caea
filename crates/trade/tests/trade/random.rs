//! Random commands at the service and at a simple model: they agree on what is refused, where each order stands and who has
//! how much; money is conserved and nothing is ever negative.

use std::sync::atomic::{AtomicUsize, Ordering};

use luhuan_kernel::{Actor, Id};
use luhuan_listing::{Listing, model::State as GoodsState};
use luhuan_trade::{
    AnswerRefund, Error, NewDispute, NewRefundRequest, Order,
    model::{DisputeReason, RefundKind, RefundReason, Ruling, State},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::support::{PRICE, World, bike, command, each, on_sqlite, parcel, sent};

const FUNDS: i64 = 70_000;
const BUYERS: usize = 2;
const LISTINGS: usize = 4;
const FEE: i64 = 180;

#[derive(Clone, Copy, Debug)]
enum Who {
    Buyer,
    Seller,
    Stranger,
}

#[derive(Clone, Debug)]
enum Step {
    Order { buyer: usize, listing: usize },
    Pay,
    Cancel(Who),
    Ship(Who),
    Confirm(Who),
    Ask { returning: bool, share: i64 },
    Agree,
    Refuse,
    TakeBackRequest,
    SendBack,
    AcceptReturn,
    Dispute(Who),
    TakeUp,
    Rule { staff: usize, share: i64 },
    Accept(Who),
    Appeal(Who),
    Drop(Who),
    GiveBack { share: i64 },
    Hours(i64),
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let who = || prop_oneof![4 => Just(Who::Buyer), 4 => Just(Who::Seller), 1 => Just(Who::Stranger)];
    let share = || prop_oneof![3 => Just(4_i64), 2 => 0_i64..=4, 1 => Just(5_i64)];
    let step = prop_oneof![
        4 => (0..BUYERS, 0..LISTINGS).prop_map(|(buyer, listing)| Step::Order { buyer, listing }),
        4 => Just(Step::Pay),
        1 => who().prop_map(Step::Cancel),
        4 => who().prop_map(Step::Ship),
        2 => who().prop_map(Step::Confirm),
        4 => (any::<bool>(), share()).prop_map(|(returning, share)| Step::Ask { returning, share }),
        2 => Just(Step::Agree),
        3 => Just(Step::Refuse),
        1 => Just(Step::TakeBackRequest),
        2 => Just(Step::SendBack),
        1 => Just(Step::AcceptReturn),
        4 => who().prop_map(Step::Dispute),
        3 => Just(Step::TakeUp),
        4 => (0..2_usize, share()).prop_map(|(staff, share)| Step::Rule { staff, share }),
        3 => who().prop_map(Step::Accept),
        2 => who().prop_map(Step::Appeal),
        1 => who().prop_map(Step::Drop),
        2 => share().prop_map(|share| Step::GiveBack { share }),
        4 => prop_oneof![Just(1_i64), Just(25), Just(50), Just(73), Just(169), Just(400)].prop_map(Step::Hours),
    ];
    (any::<proptest::sample::Index>().prop_map(|index| index.index(64)), step)
}

/// What the model knows of an order: hours instead of instants, plain numbers instead of rows.
#[derive(Clone, Debug)]
struct Sale {
    buyer: usize,
    seller: usize,
    listing: usize,
    state: State,
    since: i64,
    back: Option<(State, i64)>,
    held: i64,
    refunded: i64,
    earned: i64,
    charged: i64,
    request: Option<(bool, i64)>,
    asked: usize,
    refused: bool,
    dispute: Option<Quarrel>,
}

#[derive(Clone, Debug, Default)]
struct Quarrel {
    by_buyer: bool,
    accepted: [bool; 2],
    appealed: bool,
    ruling: Option<i64>,
    first_by: Option<usize>,
}

struct Model {
    now: i64,
    buyers: Vec<i64>,
    sellers: Vec<i64>,
    fees: i64,
    goods: Vec<GoodsState>,
    sales: Vec<Sale>,
}

impl Model {
    fn new() -> Self {
        Self {
            now: 0,
            buyers: vec![FUNDS; BUYERS],
            sellers: vec![0; 2],
            fees: 0,
            goods: vec![GoodsState::Published; LISTINGS],
            sales: Vec::new(),
        }
    }

    fn enter(&mut self, n: usize, state: State) {
        let now = self.now;
        let sale = &mut self.sales[n];
        match (sale.state.is_aside(), state.is_aside()) {
            (false, true) => sale.back = Some((sale.state, now - sale.since)),
            (_, false) => sale.back = None,
            (true, true) => {}
        }
        sale.state = state;
        sale.since = now;
    }

    fn go_back(&mut self, n: usize) {
        let now = self.now;
        let sale = &mut self.sales[n];
        let (state, elapsed) = sale.back.take().unwrap();
        sale.state = state;
        sale.since = now - elapsed;
    }

    fn refund(&mut self, n: usize, fen: i64) {
        let sale = &mut self.sales[n];
        sale.held -= fen;
        sale.refunded += fen;
        self.buyers[sale.buyer] += fen;
    }

    /// The fee on what stays sold, half up.
    fn fee_on(sold: i64) -> i64 {
        (FEE * sold * 2 + PRICE) / (2 * PRICE)
    }

    fn pay_out(&mut self, n: usize) {
        let sale = &mut self.sales[n];
        let fee = Self::fee_on((PRICE - sale.refunded).min(sale.held)).min(sale.held);
        let earned = sale.held - fee;
        (sale.held, sale.earned, sale.charged) = (0, sale.earned + earned, sale.charged + fee);
        self.sellers[sale.seller] += earned;
        self.fees += fee;
    }

    fn settle(&mut self, n: usize) {
        self.pay_out(n);
        self.goods[self.sales[n].listing] = GoodsState::Sold;
        self.enter(n, State::Settled);
    }

    fn free(&mut self, n: usize, to: GoodsState, state: State) {
        self.goods[self.sales[n].listing] = to;
        self.enter(n, state);
    }

    fn grant(&mut self, n: usize) {
        let sale = &mut self.sales[n];
        let (returning, fen) = sale.request.unwrap();
        let went = matches!(sale.back, Some((State::Shipped, _)));
        if returning {
            self.enter(n, State::Returning);
            return;
        }
        sale.request = None;
        let whole = fen == sale.held;
        self.refund(n, fen);
        match (whole, went) {
            (false, _) => self.go_back(n),
            (true, true) => self.free(n, GoodsState::Withdrawn, State::Refunded),
            (true, false) => self.free(n, GoodsState::Published, State::Refunded),
        }
    }

    fn accept_return(&mut self, n: usize) {
        let (_, fen) = self.sales[n].request.take().unwrap();
        self.refund(n, fen);
        self.pay_out(n);
        self.free(n, GoodsState::Published, State::Refunded);
    }

    fn execute(&mut self, n: usize) {
        let fen = self.sales[n].dispute.take().unwrap().ruling.unwrap();
        self.sales[n].request = None;
        let whole = fen >= self.sales[n].held;
        self.refund(n, fen);
        self.pay_out(n);
        if whole {
            self.free(n, GoodsState::Withdrawn, State::Refunded);
        } else {
            self.goods[self.sales[n].listing] = GoodsState::Sold;
            self.enter(n, State::Settled);
        }
    }

    /// Hours of the clock that runs, and what it does.
    fn pass(&mut self, hours: i64) {
        self.now += hours;
        for n in 0..self.sales.len() {
            let sale = &self.sales[n];
            let unshipped = matches!(sale.back, Some((State::Paid, _)));
            let due = match sale.state {
                State::Created => 24,
                State::Paid | State::Settled => 360,
                State::Shipped => 240,
                State::RefundRequested if unshipped => 48,
                State::RefundRequested => 120,
                State::Disputed => 48,
                State::Returning | State::ReturnShipped | State::Ruled => 168,
                _ => continue,
            };
            if self.now - sale.since < due {
                continue;
            }
            match sale.state {
                State::Created => self.free(n, GoodsState::Published, State::Expired),
                State::Paid => {
                    let held = sale.held;
                    self.refund(n, held);
                    self.free(n, GoodsState::Published, State::Cancelled);
                }
                State::Shipped => self.settle(n),
                State::RefundRequested => self.grant(n),
                State::Returning => {
                    self.sales[n].request = None;
                    self.go_back(n);
                }
                State::ReturnShipped => self.accept_return(n),
                State::Disputed => self.enter(n, State::Deciding),
                State::Ruled => self.execute(n),
                _ => self.enter(n, State::Closed),
            }
        }
    }

    /// Takes a step; whether it is allowed.
    fn take(&mut self, n: usize, step: &Step) -> bool {
        if let Step::Order { buyer, listing } = *step {
            if self.goods[listing] != GoodsState::Published {
                return false;
            }
            self.goods[listing] = GoodsState::Reserved;
            self.sales.push(Sale {
                buyer,
                seller: listing % 2,
                listing,
                state: State::Created,
                since: self.now,
                back: None,
                held: 0,
                refunded: 0,
                earned: 0,
                charged: 0,
                request: None,
                asked: 0,
                refused: false,
                dispute: None,
            });
            return true;
        }
        if let Step::Hours(hours) = step {
            self.pass(*hours);
            return true;
        }
        if self.sales.is_empty() {
            return false;
        }
        let sale = self.sales[n].clone();
        match step {
            Step::Pay => {
                let can = sale.state == State::Created && self.buyers[sale.buyer] >= PRICE;
                if can {
                    self.buyers[sale.buyer] -= PRICE;
                    self.sales[n].held = PRICE;
                    self.enter(n, State::Paid);
                }
                can
            }
            Step::Cancel(who) => {
                let late = sale.state == State::Paid && self.now - sale.since >= 72;
                let can = match (sale.state, who) {
                    (State::Created, Who::Buyer | Who::Seller) | (State::Paid, Who::Seller) => true,
                    (State::Paid, Who::Buyer) => late,
                    _ => false,
                };
                if can {
                    self.refund(n, sale.held);
                    self.free(n, GoodsState::Published, State::Cancelled);
                }
                can
            }
            Step::Ship(who) => {
                let can = sale.state == State::Paid && matches!(who, Who::Seller);
                if can {
                    self.enter(n, State::Shipped);
                }
                can
            }
            Step::Confirm(who) => {
                let can = sale.state == State::Shipped && matches!(who, Who::Buyer);
                if can {
                    self.settle(n);
                }
                can
            }
            Step::Ask { returning, share } => {
                let fen = sale.held * share / 4;
                let went = sale.state == State::Shipped;
                let can = matches!(sale.state, State::Paid | State::Shipped)
                    && sale.asked < 3
                    && fen > 0
                    && fen <= sale.held
                    && (went || !returning);
                if can {
                    self.sales[n].request = Some((*returning, fen));
                    self.sales[n].asked += 1;
                    self.enter(n, State::RefundRequested);
                }
                can
            }
            Step::Agree => {
                let can = sale.state == State::RefundRequested;
                if can {
                    self.grant(n);
                }
                can
            }
            Step::Refuse => {
                let can = sale.state == State::RefundRequested;
                if can {
                    self.sales[n].request = None;
                    self.sales[n].refused = true;
                    self.go_back(n);
                }
                can
            }
            Step::TakeBackRequest => {
                let can = matches!(sale.state, State::RefundRequested | State::Returning);
                if can {
                    self.sales[n].request = None;
                    self.go_back(n);
                }
                can
            }
            Step::SendBack => {
                let can = sale.state == State::Returning;
                if can {
                    self.enter(n, State::ReturnShipped);
                }
                can
            }
            Step::AcceptReturn => {
                let can = sale.state == State::ReturnShipped;
                if can {
                    self.accept_return(n);
                }
                can
            }
            Step::Dispute(who) => {
                let open = matches!(sale.state, State::Paid | State::Shipped | State::ReturnShipped);
                let talked = sale.refused || sale.state == State::ReturnShipped;
                let can = open && matches!(who, Who::Seller) || open && talked && matches!(who, Who::Buyer);
                if can {
                    let by_buyer = matches!(who, Who::Buyer);
                    self.sales[n].dispute = Some(Quarrel { by_buyer, ..Quarrel::default() });
                    self.enter(n, State::Disputed);
                }
                can
            }
            Step::TakeUp => {
                let can = sale.state == State::Disputed;
                if can {
                    self.enter(n, State::Deciding);
                }
                can
            }
            Step::Rule { staff, share } => {
                let fen = sale.held * share / 4;
                let last = sale.state == State::Appealed;
                let same = sale.dispute.as_ref().is_some_and(|dispute| dispute.first_by == Some(*staff));
                let can = (sale.state == State::Deciding || (last && !same)) && fen <= sale.held;
                if can {
                    let dispute = self.sales[n].dispute.as_mut().unwrap();
                    dispute.ruling = Some(fen);
                    dispute.first_by = dispute.first_by.or(Some(*staff));
                    self.enter(n, State::Ruled);
                    if last {
                        self.execute(n);
                    }
                }
                can
            }
            Step::Accept(who) => {
                let side = match who {
                    Who::Buyer => 0,
                    Who::Seller => 1,
                    Who::Stranger => return false,
                };
                if sale.state != State::Ruled {
                    return false;
                }
                let dispute = self.sales[n].dispute.as_mut().unwrap();
                dispute.accepted[side] = true;
                if dispute.accepted == [true, true] {
                    self.execute(n);
                }
                true
            }
            Step::Appeal(who) => {
                let side = match who {
                    Who::Buyer => 0,
                    Who::Seller => 1,
                    Who::Stranger => return false,
                };
                let open = sale.dispute.as_ref().is_some_and(|it| !it.accepted[side] && !it.appealed);
                let can = sale.state == State::Ruled && open;
                if can {
                    self.sales[n].dispute.as_mut().unwrap().appealed = true;
                    self.enter(n, State::Appealed);
                }
                can
            }
            Step::Drop(who) => {
                let by_buyer = match who {
                    Who::Buyer => true,
                    Who::Seller => false,
                    Who::Stranger => return false,
                };
                let own = sale.dispute.as_ref().is_some_and(|dispute| dispute.by_buyer == by_buyer);
                let can =
                    matches!(sale.state, State::Disputed | State::Deciding) && own && sale.request.is_none();
                if can {
                    self.sales[n].dispute = None;
                    self.go_back(n);
                }
                can
            }
            Step::GiveBack { share } => {
                let had = sale.earned + sale.charged;
                let fen = had * share / 4;
                let after = Self::fee_on((PRICE - sale.refunded - fen).max(0));
                let fee = (sale.charged - after).clamp(0, fen.max(0));
                let can = sale.state == State::Settled
                    && fen > 0
                    && fen <= had
                    && self.sellers[sale.seller] >= fen - fee;
                if can {
                    self.sellers[sale.seller] -= fen - fee;
                    self.fees -= fee;
                    let row = &mut self.sales[n];
                    row.earned -= fen - fee;
                    row.charged -= fee;
                    row.held += fen;
                    self.refund(n, fen);
                }
                can
            }
            Step::Order { .. } | Step::Hours(_) => unreachable!("taken above"),
        }
    }
}

/// The service, with the people and things of the model.
struct Stage<'a, 'b> {
    world: &'a World<'b>,
    buyers: Vec<Actor>,
    sellers: Vec<Actor>,
    staff: Vec<Actor>,
    listings: Vec<Id<Listing>>,
    orders: Vec<Id<Order>>,
}

impl<'a, 'b> Stage<'a, 'b> {
    async fn new(world: &'a World<'b>) -> Self {
        let mut buyers = Vec::new();
        for _ in 0..BUYERS {
            buyers.push(world.rich(FUNDS).await);
        }
        let sellers = vec![world.person(), world.person()];
        let mut listings = Vec::new();
        for n in 0..LISTINGS {
            listings.push(world.on_offer(&sellers[n % 2], bike()).await);
        }
        let staff = vec![world.staff(), world.staff()];
        Self { world, buyers, sellers, staff, listings, orders: Vec::new() }
    }

    async fn take(&mut self, sale: Option<&Sale>, n: usize, step: &Step) -> Result<(), Error> {
        let world = self.world;
        if let Step::Order { buyer, listing } = *step {
            let row = command!(world, order, &self.buyers[buyer], sent(self.listings[listing]))?;
            self.orders.push(row.id);
            return Ok(());
        }
        if let Step::Hours(hours) = step {
            world.hours(*hours).await;
            return Ok(());
        }
        let (Some(sale), Some(&id)) = (sale, self.orders.get(n)) else { return Err(Error::NotFound) };
        let stranger = world.person();
        let (buyer, seller) = (&self.buyers[sale.buyer], &self.sellers[sale.seller]);
        let actor = |who: &Who| match who {
            Who::Buyer => buyer.clone(),
            Who::Seller => seller.clone(),
            Who::Stranger => stranger.clone(),
        };
        let yes = AnswerRefund::Agree { words: String::new() };
        let no = AnswerRefund::Refuse { words: "不同意".into() };
        match step {
            Step::Pay => world.pay(buyer, id).await.map(drop),
            Step::Cancel(who) => command!(world, cancel, &actor(who), id, None, "").map(drop),
            Step::Ship(who) => command!(world, ship, &actor(who), id, None, &parcel()).map(drop),
            Step::Confirm(who) => command!(world, confirm, &actor(who), id, None).map(drop),
            Step::Ask { returning, share } => {
                let new = NewRefundRequest {
                    kind: if *returning { RefundKind::WithReturn } else { RefundKind::MoneyOnly },
                    reason: RefundReason::Other,
                    words: String::new(),
                    amount_fen: Some(sale.held * share / 4),
                };
                command!(world, request_refund, buyer, id, None, new).map(drop)
            }
            Step::Agree => command!(world, answer_refund, seller, id, None, &yes).map(drop),
            Step::Refuse => command!(world, answer_refund, seller, id, None, &no).map(drop),
            Step::TakeBackRequest => command!(world, withdraw_refund, buyer, id, None).map(drop),
            Step::SendBack => command!(world, send_back, buyer, id, None, &parcel()).map(drop),
            Step::AcceptReturn => command!(world, accept_return, seller, id, None).map(drop),
            Step::Dispute(who) => {
                let new = NewDispute {
                    reason: DisputeReason::Other,
                    words: "请裁决".into(),
                    claim_fen: None,
                    jury: false,
                };
                command!(world, open_dispute, &actor(who), id, None, new).map(drop)
            }
            Step::TakeUp => command!(world, take_up, &self.staff[0], id).map(drop),
            Step::Rule { staff, share } => {
                let ruling = Ruling { buyer_fen: sale.held * share / 4, reasons: "理由".into() };
                command!(world, rule, &self.staff[*staff], id, None, ruling).map(drop)
            }
            Step::Accept(who) => command!(world, accept_ruling, &actor(who), id).map(drop),
            Step::Appeal(who) => command!(world, appeal, &actor(who), id, None, "不服").map(drop),
            Step::Drop(who) => command!(world, drop_dispute, &actor(who), id, None).map(drop),
            Step::GiveBack { share } => {
                let fen = (sale.earned + sale.charged) * share / 4;
                command!(world, give_money_back, seller, id, None, fen, "").map(drop)
            }
            Step::Order { .. } | Step::Hours(_) => unreachable!("taken above"),
        }
    }

    async fn agrees_with(&self, model: &Model) {
        let world = self.world;
        let mut all = world.fees().await;
        assert_eq!(all, model.fees, "fees");
        for (actors, expected) in [(&self.buyers, &model.buyers), (&self.sellers, &model.sellers)] {
            for (actor, expected) in actors.iter().zip(expected) {
                let fen = world.wallet(actor).await;
                assert_eq!(fen, *expected, "a wallet");
                assert!(fen >= 0);
                all += fen;
            }
        }
        for (id, sale) in self.orders.iter().zip(&model.sales) {
            let row = world.row(*id).await;
            assert_eq!(row.state().unwrap(), sale.state);
            let found = (row.held_fen, row.refunded_fen, row.seller_fen, row.charged_fen);
            assert_eq!(found, (sale.held, sale.refunded, sale.earned, sale.charged), "{}", sale.state);
            assert!(row.held_fen == 0 || sale.state.may_hold_money(), "{}", sale.state);
            all += row.held_fen;
        }
        assert_eq!(all, FUNDS * BUYERS as i64, "no fen comes from nowhere or is lost");
        for (id, expected) in self.listings.iter().zip(&model.goods) {
            assert_eq!(world.goods(*id).await, *expected);
        }
    }
}

async fn play(world: &World<'_>, steps: &[(usize, Step)]) {
    let (mut model, mut stage) = (Model::new(), Stage::new(world).await);
    for (pick, step) in steps {
        let n = if model.sales.is_empty() { 0 } else { pick % model.sales.len() };
        let sale = model.sales.get(n).cloned();
        let outcome = stage.take(sale.as_ref(), n, step).await;
        let expected = model.take(n, step);
        assert_eq!(outcome.is_ok(), expected, "{step:?} on {sale:?}: {outcome:?}");
        if let Err(error) = outcome {
            let problem = luhuan_kernel::Problem::from(error);
            assert!(problem.status().is_client_error(), "{step:?}: {problem}");
        }
        if matches!(step, Step::Hours(_)) || expected {
            stage.agrees_with(&model).await;
        }
    }
}

#[test]
fn random_commands_leave_the_service_and_the_model_in_agreement() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48);
    let played = AtomicUsize::new(0);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) });
    runner
        .run(&proptest::collection::vec(step(), 10..90), |steps| {
            // Making a database on a server takes longer than playing on it: every sixth game is played there too.
            let game = async |world: &World<'_>| play(world, &steps).await;
            if played.fetch_add(1, Ordering::Relaxed).is_multiple_of(6) {
                runtime.block_on(each(game));
            } else {
                runtime.block_on(on_sqlite(game));
            }
            Ok(())
        })
        .unwrap();
}
