//! Random commands at the service and at a simple model of it: balances agree, money is conserved, nothing is negative.

use std::collections::HashMap;

use luhuan_kernel::{Actor, Id, Money, Person};
use luhuan_ledger::{AccountKind, AccountOwner, Error, NewRefund, Share};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use uuid::Uuid;

use crate::support::{World, by_wallet, command, each};

#[derive(Clone, Debug)]
enum Command {
    Grant { who: usize, fen: i64 },
    Pay { payer: usize, payee: usize, fen: i64 },
    Release { order: usize, part: i64, fee: i64 },
    Refund { order: usize, fen: i64 },
    Deposit { who: usize, fen: i64 },
    Return { who: usize, fen: i64 },
}

const PEOPLE: usize = 3;

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let who = || 0..PEOPLE;
    let command = prop_oneof![
        (who(), 1i64..5_000).prop_map(|(who, fen)| Command::Grant { who, fen }),
        (who(), who(), 1i64..3_000).prop_map(|(payer, payee, fen)| Command::Pay { payer, payee, fen }),
        (0usize..8, 1i64..3_000, 0i64..50).prop_map(|(order, part, fee)| Command::Release {
            order,
            part,
            fee
        }),
        (0usize..8, 1i64..3_000).prop_map(|(order, fen)| Command::Refund { order, fen }),
        (who(), 1i64..1_000).prop_map(|(who, fen)| Command::Deposit { who, fen }),
        (who(), 1i64..1_000).prop_map(|(who, fen)| Command::Return { who, fen }),
    ];
    proptest::collection::vec(command, 1..40)
}

/// What there should be.
#[derive(Default)]
struct Model {
    available: [i64; PEOPLE],
    deposit: [i64; PEOPLE],
    escrow: Vec<i64>,
    paid: Vec<(usize, usize, i64, i64)>,
    fees: i64,
    granted: i64,
}

impl Model {
    /// Whether the command is one that should succeed, and what it changes then.
    fn apply(&mut self, command: &Command) -> bool {
        match *command {
            Command::Grant { who, fen } => {
                self.available[who] += fen;
                self.granted += fen;
                true
            }
            Command::Pay { payer, payee, fen } => {
                let enough = self.available[payer] >= fen;
                // Numbered whether or not it succeeds, so that both sides count alike.
                self.escrow.push(if enough { fen } else { 0 });
                self.paid.push((payer, payee, if enough { fen } else { 0 }, 0));
                if enough {
                    self.available[payer] -= fen;
                }
                enough
            }
            Command::Release { order, part, fee } => {
                let Some(held) = self.escrow.get_mut(order) else { return false };
                if *held < part + fee {
                    return false;
                }
                *held -= part + fee;
                self.available[self.paid[order].1] += part;
                self.fees += fee;
                true
            }
            Command::Refund { order, fen } => {
                let Some(held) = self.escrow.get_mut(order) else { return false };
                let (payer, _, paid, refunded) = &mut self.paid[order];
                if *held < fen || *paid - *refunded < fen {
                    return false;
                }
                *held -= fen;
                *refunded += fen;
                self.available[*payer] += fen;
                true
            }
            Command::Deposit { who, fen } => {
                let enough = self.available[who] >= fen;
                if enough {
                    self.available[who] -= fen;
                    self.deposit[who] += fen;
                }
                enough
            }
            Command::Return { who, fen } => {
                let enough = self.deposit[who] >= fen;
                if enough {
                    self.deposit[who] -= fen;
                    self.available[who] += fen;
                }
                enough
            }
        }
    }
}

struct Run<'a> {
    world: &'a World<'a>,
    people: [Id<Person>; PEOPLE],
    orders: Vec<(Uuid, usize)>,
    step: HashMap<&'static str, usize>,
}

impl Run<'_> {
    fn reference(&mut self) -> String {
        let n = self.step.entry("n").or_default();
        *n += 1;
        format!("{} {n}", self.people[0])
    }

    async fn apply(&mut self, command: &Command) -> Result<(), Error> {
        let reference = self.reference();
        let world = self.world;
        match *command {
            Command::Grant { who, fen } => {
                let owner = AccountOwner::Person(self.people[who]);
                command!(world, grant, &Actor::system("test"), &owner, Money::cny(fen), &reference).map(drop)
            }
            Command::Pay { payer, payee, fen } => {
                let order = world.order();
                self.orders.push((order, payee));
                world.pay(by_wallet(order, self.people[payer], self.people[payee], fen)).await.map(drop)
            }
            Command::Release { order, part, fee } => {
                let Some((order, payee)) = self.orders.get(order).copied() else {
                    return Err(Error::NotFound);
                };
                let seller = AccountOwner::Person(self.people[payee]);
                let shares =
                    [Share::to_seller(seller, Money::cny(part), ""), Share::fee(Money::cny(fee), "")];
                command!(world, release, order, &reference, &shares).map(drop)
            }
            Command::Refund { order, fen } => {
                let Some((order, _)) = self.orders.get(order).copied() else { return Err(Error::NotFound) };
                let new = NewRefund { order, amount: Money::cny(fen), reason: "x".into(), reference };
                command!(world, refund, new).map(drop)
            }
            Command::Deposit { who, fen } => {
                command!(world, hold_deposit, self.people[who], Money::cny(fen), &reference).map(drop)
            }
            Command::Return { who, fen } => {
                command!(world, return_deposit, self.people[who], Money::cny(fen), &reference).map(drop)
            }
        }
    }

    async fn assert_agrees(&self, model: &Model, fees_before: i64) {
        let mut sum = 0;
        for (n, person) in self.people.iter().enumerate() {
            let owner = AccountOwner::Person(*person);
            let available = self.world.balance(&owner, AccountKind::Available).await;
            let deposit = self.world.balance(&owner, AccountKind::Deposit).await;
            assert_eq!((available, deposit), (model.available[n], model.deposit[n]));
            sum += available + deposit;
        }
        for ((order, _), expected) in self.orders.iter().zip(&model.escrow) {
            assert_eq!(self.world.escrow(*order).await, *expected);
            sum += expected;
        }
        let fees = self.world.balance(&AccountOwner::Platform, AccountKind::Fees).await - fees_before;
        assert_eq!(fees, model.fees);
        assert_eq!(sum + fees, model.granted, "money is conserved");
    }
}

#[tokio::test]
async fn random_commands_agree_with_a_simple_model_and_conserve_money() {
    each(async |world| {
        let mut runner = TestRunner::new_with_rng(
            Config::default(),
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        for _ in 0..24 {
            let commands = commands().new_tree(&mut runner).unwrap().current();
            let fees_before = world.balance(&AccountOwner::Platform, AccountKind::Fees).await;
            let mut model = Model::default();
            let mut run = Run {
                world,
                people: std::array::from_fn(|_| world.id()),
                orders: Vec::new(),
                step: HashMap::new(),
            };
            for command in &commands {
                let should = model.apply(command);
                let outcome = run.apply(command).await;
                assert_eq!(outcome.is_ok(), should, "{command:?}: {outcome:?} in {commands:?}");
            }
            run.assert_agrees(&model, fees_before).await;
        }
    })
    .await;
}
