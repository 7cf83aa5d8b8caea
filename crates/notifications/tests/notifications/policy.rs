//! Who may do what, whole: every command by every kind of actor, on a person's own webhook and on an organisation's.

use std::collections::BTreeSet;

use luhuan_kernel::{
    Actor, Clock, Id, Locale, ManualClock, Membership, OrganisationKind, OrganisationRole, Role, Scope,
};
use luhuan_notifications::{
    Error,
    policy::{self, Owner},
};

struct Cast {
    private: Owner,
    shop: Owner,
    actors: Vec<(&'static str, Actor)>,
}

fn cast() -> Cast {
    let clock = ManualClock::at("2026-01-01T00:00:00Z");
    let clock: &dyn Clock = &clock;
    let (person, maker) = (Id::new(clock), Id::new(clock));
    let (shop, other_shop) = (Id::new(clock), Id::new(clock));
    let works = |organisation, role| Actor {
        memberships: vec![Membership { organisation, kind: OrganisationKind::SellerShop, role }],
        ..Actor::person(Id::new(clock), [])
    };
    let by_token =
        |actor: Actor, scopes: &[Scope]| Actor { scopes: scopes.iter().copied().collect(), ..actor };
    let actors = vec![
        ("anonymous", Actor::anonymous(Locale::ZhCn)),
        ("owner", Actor::person(person, [])),
        ("another", Actor::person(Id::new(clock), [])),
        ("who made it for the shop and left", Actor::person(maker, [])),
        ("the shop's owner", works(shop, OrganisationRole::Owner)),
        ("the shop's manager", works(shop, OrganisationRole::Manager)),
        ("the shop's clerk", works(shop, OrganisationRole::Clerk)),
        ("another shop's owner", works(other_shop, OrganisationRole::Owner)),
        ("moderator", Actor::person(Id::new(clock), [Role::Moderator])),
        ("administrator", Actor::person(Id::new(clock), [Role::Administrator])),
        ("owner's token to read", by_token(Actor::person(person, []), &[Scope::Read])),
        ("owner's token for the account", by_token(Actor::person(person, []), &[Scope::Account])),
        ("owner's token for listings", by_token(Actor::person(person, []), &[Scope::Listings])),
        ("the shop's owner's token to read", by_token(works(shop, OrganisationRole::Owner), &[Scope::Read])),
        ("system", Actor::system("test")),
    ];
    let shop = Owner { person: maker, organisation: Some(shop) };
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

/// `.` permitted, `U` sign in first, `F` forbidden, `N` not there; on a person's own and on a shop's. Columns as in
/// [`cast`]: anonymous, owner, another, maker, shop's owner, manager and clerk, another shop, moderator, administrator,
/// owner's tokens (read, account, listings), a shop's owner's token to read, system.
const COMMANDS: &[(&str, &str, &str, Policy)] = &[
    ("view_inbox", "U..........FF.U", "U..........FF.U", |a, _| mark(policy::view_inbox(a))),
    ("mark_read", "U.........F.FFU", "U.........F.FFU", |a, _| mark(policy::mark_read(a))),
    ("view_preferences", "U..........FF.U", "U..........FF.U", |a, _| mark(policy::view_preferences(a))),
    ("change_preferences", "U.........F.FFU", "U.........F.FFU", |a, _| mark(policy::change_preferences(a))),
    ("create_webhook", "U.........F.FFU", "UFFF..FFFFFFFFU", |a, o| {
        mark(policy::create_webhook(a, o.organisation))
    }),
    ("list_webhooks", "U..........FF.U", "U..........FF.U", |a, _| mark(policy::list_webhooks(a))),
    ("view_webhook", "U.NNNNNNNN.FFNU", "UNNN..NNNNNFF.U", |a, o| mark(policy::view_webhook(a, o))),
    ("change_webhook", "U.NNNNNNNNF.FFU", "UNNN..NNNNFNFFU", |a, o| mark(policy::change_webhook(a, o))),
    ("replay", "U.NNNNNNNNF.FFU", "UNNN..NNNNFNFFU", |a, o| mark(policy::replay(a, o))),
];

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
fn who_leads_an_organisation_looks_after_its_webhooks() {
    for (who, actor) in cast().actors {
        let leads = policy::led_by(&actor).next().is_some();
        let expected = actor.memberships.iter().any(|one| one.role != OrganisationRole::Clerk);
        assert_eq!(leads, expected, "{who}");
    }
}

#[test]
fn no_policy_is_missing_from_the_tests() {
    let mut tested: BTreeSet<&str> = COMMANDS.iter().map(|(name, ..)| *name).collect();
    tested.insert("led_by");
    let written: BTreeSet<&str> = include_str!("../../src/policy.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub fn ").or_else(|| line.strip_prefix("pub const fn ")))
        .filter_map(|rest| rest.split('(').next())
        .collect();
    assert_eq!(tested, written);
}
