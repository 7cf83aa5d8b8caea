//! Who may do what, whole: every command by every kind of actor, on a private sale and on a shop's.

use std::collections::BTreeSet;

use luhuan_kernel::{
    Actor, Clock, Id, Locale, ManualClock, Membership, OrganisationKind, OrganisationRole, Person, Role,
    Scope,
};
use luhuan_trade::{
    Error,
    model::{By, Event},
    policy::{self, Parties},
};

/// The columns of the table below, and the two sales that they act on.
struct Cast {
    private: Parties,
    shop: Parties,
    actors: Vec<(&'static str, Actor)>,
}

fn cast() -> Cast {
    let clock = ManualClock::at("2026-01-01T00:00:00Z");
    let clock: &dyn Clock = &clock;
    let (buyer, seller, poster): (Id<Person>, Id<Person>, Id<Person>) =
        (Id::new(clock), Id::new(clock), Id::new(clock));
    let (shop, other_shop, recycler) = (Id::new(clock), Id::new(clock), Id::new(clock));
    let somebody = |roles: &[Role]| Actor::person(Id::new(clock), roles.iter().copied());
    let works = |organisation, kind, role| Actor {
        memberships: vec![Membership { organisation, kind, role }],
        ..Actor::person(Id::new(clock), [])
    };
    let sells = |organisation, role| works(organisation, OrganisationKind::SellerShop, role);
    let token = |person, scopes: &[Scope]| Actor {
        scopes: scopes.iter().copied().collect(),
        ..Actor::person(person, [])
    };
    let actors = vec![
        ("anonymous", Actor::anonymous(Locale::ZhCn)),
        ("the buyer", Actor::person(buyer, [])),
        ("the private seller", Actor::person(seller, [])),
        ("another", somebody(&[])),
        ("who posted it for the shop and left", Actor::person(poster, [])),
        ("the shop's owner", sells(shop, OrganisationRole::Owner)),
        ("the shop's clerk", sells(shop, OrganisationRole::Clerk)),
        ("a collector, as which nobody sells", sells(shop, OrganisationRole::Collector)),
        ("another shop's owner", sells(other_shop, OrganisationRole::Owner)),
        ("a recycler's owner", works(recycler, OrganisationKind::Recycler, OrganisationRole::Owner)),
        ("moderator", somebody(&[Role::Moderator])),
        ("support", somebody(&[Role::Support])),
        ("administrator", somebody(&[Role::Administrator])),
        ("the buyer's token to read", token(buyer, &[Scope::Read])),
        ("the buyer's token for listings", token(buyer, &[Scope::Listings])),
        ("the buyer's token for the account", token(buyer, &[Scope::Account])),
        ("the seller's token for listings", token(seller, &[Scope::Listings])),
        ("system", Actor::system("test")),
    ];
    let private = Parties { buyer, seller, shop: None };
    let shop = Parties { buyer, seller: poster, shop: Some(shop) };
    Cast { private, shop, actors }
}

fn mark<T>(outcome: Result<T, Error>) -> char {
    match outcome {
        Ok(_) => '.',
        Err(Error::Unauthenticated) => 'U',
        Err(Error::Forbidden) => 'F',
        Err(Error::NotFound) => 'N',
        Err(other) => panic!("a policy refuses otherwise: {other}"),
    }
}

/// As [`mark`], with the side that a party acts as.
fn side(outcome: Result<By, Error>) -> char {
    match outcome {
        Ok(By::Buyer) => 'b',
        Ok(By::Seller) => 's',
        Ok(_) => 'o',
        Err(error) => mark::<()>(Err(error)),
    }
}

type Policy = fn(&Actor, Parties) -> char;

/// `.` permitted, `b` as buyer, `s` as seller, `o` as staff; `U` sign in first, `F` forbidden, `N` not there; on a private
/// sale and on a shop's. Columns as in [`cast`]: anonymous, buyer, private seller, another, poster who left, the shop's
/// owner, clerk and collector, another shop's, a recycler's, moderator, support, administrator, tokens (buyer's read,
/// listings, account; seller's listings), system.
const COMMANDS: &[(&str, &str, &str, Policy)] = &[
    ("ask", "U............F.F.U", "U............F.F.U", |a, _| mark(policy::ask(a))),
    ("converse", "UbsNNNNNNNNNNFbFsU", "UbNNNssNNNNNNFbFNU", |a, p| side(policy::converse(a, p))),
    ("read_conversation", "UbsNNNNNNNooNbFFFo", "UbNNNssNNNooNbFFNo", |a, p| {
        side(policy::read_conversation(a, p))
    }),
    ("block", "U............F.F.U", "U............F.F.U", |a, _| mark(policy::block(a))),
    ("make_offer", "U............F.F.U", "U............F.F.U", |a, _| mark(policy::make_offer(a))),
    ("answer_offer", "UbsNNNNNNNNNNFbFsU", "UbNNNssNNNNNNFbFNU", |a, p| side(policy::answer_offer(a, p))),
    ("view_own", "U.............FFFU", "U.............FFFU", |a, _| mark(policy::view_own(a))),
    ("order", "U............FF.FU", "U............FF.FU", |a, _| mark(policy::order(a))),
    ("pay", "U.FNNNNNNNNNNFF.FU", "U.NNNFFNNNNNNFF.NU", |a, p| mark(policy::pay(a, p))),
    ("step to ship", "UbsNNNNNNNNNNFbFsU", "UbNNNssNNNNNNFbFNU", |a, p| {
        side(policy::step(a, p, Event::Ship))
    }),
    ("step to confirm", "UbsNNNNNNNNNNFFbFU", "UbNNNssNNNNNNFFbNU", |a, p| {
        side(policy::step(a, p, Event::Confirm))
    }),
    ("view", "UbsNNNNNNNooNbFFFo", "UbNNNssNNNooNbFFNo", |a, p| side(policy::view(a, p))),
    ("decide", "UFFFFFFFFF..FFFFFU", "UFFFFFFFFF..FFFFFU", |a, _| mark(policy::decide(a))),
    ("moderate", "UFFFFFFFFF.FFFFFFU", "UFFFFFFFFF.FFFFFFU", |a, _| mark(policy::moderate(a))),
    ("enlist", "U............F.F.U", "U............F.F.U", |a, _| mark(policy::enlist(a))),
    ("vote", "U............F.F.U", "U............F.F.U", |a, _| mark(policy::vote(a))),
    ("review", "UbsNNNNNNNNNNFbFsU", "UbNNNssNNNNNNFbFNU", |a, p| side(policy::review(a, p))),
    ("invoice", "UbsNNNNNNNNNNFFbFU", "UbNNNssNNNNNNFFbNU", |a, p| side(policy::invoice(a, p))),
    ("record_invoice", "UFFFFFFFFFF..FFFFU", "UFFFFFFFFFF..FFFFU", |a, _| mark(policy::record_invoice(a))),
    ("run", "FFFFFFFFFFFFFFFFF.", "FFFFFFFFFFFFFFFFF.", |a, _| mark(policy::run(a))),
];

#[test]
fn every_command_is_permitted_to_whom_the_table_says_and_to_nobody_else() {
    let cast = cast();
    for (command, private, shop, policy) in COMMANDS {
        for (parties, expected) in [(cast.private, private), (cast.shop, shop)] {
            assert_eq!(expected.len(), cast.actors.len(), "{command}");
            let found: String = cast.actors.iter().map(|(_, actor)| policy(actor, parties)).collect();
            let differs = found.chars().zip(expected.chars()).position(|(found, expected)| found != expected);
            let whom = differs.map(|place| cast.actors[place].0);
            assert_eq!(found, **expected, "{command} by {whom:?}, shop's: {}", parties.shop.is_some());
        }
    }
}

#[test]
fn no_policy_is_missing_from_the_table() {
    let tested: BTreeSet<&str> = COMMANDS.iter().filter_map(|(name, ..)| name.split(' ').next()).collect();
    let written: BTreeSet<&str> = include_str!("../../src/policy.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub fn ").or_else(|| line.strip_prefix("pub const fn ")))
        .filter_map(|rest| rest.split('(').next())
        .collect();
    assert_eq!(tested, written);
}
