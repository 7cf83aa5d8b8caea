//! Who may do what, whole: every command by every kind of actor, on a private listing and on a shop's.

use std::collections::BTreeSet;

use luhuan_kernel::{
    Actor, Clock, Id, Locale, ManualClock, Membership, OrganisationKind, OrganisationRole, Person, Role,
    Scope,
};
use luhuan_listing::{
    Error,
    model::State,
    policy::{self, Owner, Standing},
};

/// The columns of the table below, and the two listings that they act on.
struct Cast {
    private: Owner,
    shop: Owner,
    actors: Vec<(&'static str, Actor)>,
}

fn cast() -> Cast {
    let clock = ManualClock::at("2026-01-01T00:00:00Z");
    let clock: &dyn Clock = &clock;
    let (person, poster): (Id<Person>, Id<Person>) = (Id::new(clock), Id::new(clock));
    let (shop, other_shop, recycler) = (Id::new(clock), Id::new(clock), Id::new(clock));
    let somebody = |roles: &[Role]| Actor::person(Id::new(clock), roles.iter().copied());
    let works = |organisation, kind, role| Actor {
        memberships: vec![Membership { organisation, kind, role }],
        ..Actor::person(Id::new(clock), [])
    };
    let sells = |organisation, role| works(organisation, OrganisationKind::SellerShop, role);
    // As the accounts make it: a role is in force with the staff scope alone.
    let by_token = |scopes: &[Scope], roles: &[Role]| Actor {
        scopes: scopes.iter().copied().collect(),
        ..Actor::person(person, roles.iter().copied().filter(|_| scopes.contains(&Scope::Staff)))
    };
    let actors = vec![
        ("anonymous", Actor::anonymous(Locale::ZhCn)),
        ("owner", Actor::person(person, [])),
        ("another", somebody(&[])),
        ("who posted it for the shop and left", Actor::person(poster, [])),
        ("the shop's owner", sells(shop, OrganisationRole::Owner)),
        ("the shop's manager", sells(shop, OrganisationRole::Manager)),
        ("the shop's clerk", sells(shop, OrganisationRole::Clerk)),
        ("a collector, as which nobody sells", sells(shop, OrganisationRole::Collector)),
        ("another shop's owner", sells(other_shop, OrganisationRole::Owner)),
        ("a recycler's owner", works(recycler, OrganisationKind::Recycler, OrganisationRole::Owner)),
        ("moderator", somebody(&[Role::Moderator])),
        ("administrator", somebody(&[Role::Administrator])),
        ("owner's token to read", by_token(&[Scope::Read], &[])),
        ("owner's token for listings", by_token(&[Scope::Listings], &[])),
        ("owner's token for the account", by_token(&[Scope::Account], &[])),
        ("a moderator's token without staff", by_token(&[Scope::Read, Scope::Listings], &[Role::Moderator])),
        ("a moderator's staff token", by_token(&[Scope::Staff], &[Role::Moderator])),
        ("system", Actor::system("test")),
    ];
    let shop = Owner { person: poster, organisation: Some(shop) };
    Cast { private: Owner { person, organisation: None }, shop, actors }
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

type Policy = fn(&Actor, Owner) -> char;

/// `.` permitted, `U` sign in first, `F` forbidden, `N` not there; on a private listing and on a shop's. Columns as
/// in [`cast`]: anonymous, owner, another, poster, shop's owner, manager, clerk and collector, another shop, recycler,
/// moderator, administrator, tokens (read, listings, account, moderator's without staff, staff), system.
const COMMANDS: &[(&str, &str, &str, Policy)] = &[
    ("create", "U...........F.F.FU", "UFFF...FFFFFFFFFFU", |a, o| mark(policy::create(a, o.organisation))),
    ("edit", "U.FFFFFFFFFFF.F.F.", "UFFF...FFFFFFFFFF.", |a, o| mark(policy::edit(a, o))),
    ("publish", "U.FFFFFFFFFFF.F.F.", "UFFF...FFFFFFFFFF.", |a, o| mark(policy::publish(a, o))),
    ("withdraw", "U.FFFFFFFF.FF.F...", "UFFF...FFF.FFFFF..", |a, o| mark(policy::withdraw(a, o))),
    ("relist", "U.FFFFFFFFFFF.F.F.", "UFFF...FFFFFFFFFF.", |a, o| mark(policy::relist(a, o))),
    ("settle", "FFFFFFFFFFFFFFFFF.", "FFFFFFFFFFFFFFFFF.", |a, _| mark(policy::settle(a))),
    ("view a published one", "..................", "..................", |a, o| {
        view(a, o, State::Published, false)
    }),
    ("view a reserved one", "..................", "..................", |a, o| {
        view(a, o, State::Reserved, false)
    }),
    ("view a sold one", "..................", "..................", |a, o| view(a, o, State::Sold, false)),
    ("view an expired one", "..................", "..................", |a, o| {
        view(a, o, State::Expired, false)
    }),
    ("view a draft", "N.NNNNNNNN.N......", "NNNN...NNN.NNNNN..", |a, o| view(a, o, State::Draft, false)),
    ("view a withdrawn one", "N.NNNNNNNN.N......", "NNNN...NNN.NNNNN..", |a, o| {
        view(a, o, State::Withdrawn, false)
    }),
    ("view a held one", "N.NNNNNNNN.N......", "NNNN...NNN.NNNNN..", |a, o| {
        view(a, o, State::Published, true)
    }),
    ("watch", "U...........F.F.FU", "U...........F.F.FU", |a, _| mark(policy::watch(a))),
    ("view_own", "U............FF.FU", "U............FF.FU", |a, _| mark(policy::view_own(a))),
    ("moderate", "UFFFFFFFFF.FFFFF.U", "UFFFFFFFFF.FFFFF.U", |a, _| mark(policy::moderate(a))),
    ("bulk", "FFFFFFFFFFFFFFFFF.", "FFFFFFFFFFFFFFFFF.", |a, _| mark(policy::bulk(a))),
];

fn view(actor: &Actor, owner: Owner, state: State, held: bool) -> char {
    mark(policy::view(actor, owner, Standing { state, held }))
}

#[test]
fn every_command_is_permitted_to_whom_the_table_says_and_to_nobody_else() {
    let cast = cast();
    for (command, private, shop, policy) in COMMANDS {
        for (owner, expected) in [(cast.private, private), (cast.shop, shop)] {
            assert_eq!(expected.len(), cast.actors.len(), "{command}");
            let found: String = cast.actors.iter().map(|(_, actor)| policy(actor, owner)).collect();
            let differs = found.chars().zip(expected.chars()).position(|(found, expected)| found != expected);
            let whom = differs.map(|place| cast.actors[place].0);
            assert_eq!(found, **expected, "{command} by {whom:?}, shop's: {}", owner.organisation.is_some());
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
