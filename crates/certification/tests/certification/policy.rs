//! Who may do what, whole: every command by every kind of actor.

use std::collections::BTreeSet;

use luhuan_certification::{
    Error,
    policy::{self, Seat},
};
use luhuan_kernel::{
    Actor, Clock, Id, Locale, ManualClock, Membership, Organisation, OrganisationKind, OrganisationRole,
    Role, Scope,
};

const OUTSIDE: Seat = Seat { on_panel: false, chair: false, declared: false };
const DRAWN: Seat = Seat { on_panel: true, chair: false, declared: false };
const MEMBER: Seat = Seat { on_panel: true, chair: false, declared: true };
const CHAIR: Seat = Seat { on_panel: true, chair: true, declared: true };

/// The columns of the table below.
fn cast(mall: Id<Organisation>, clock: &dyn Clock) -> Vec<(&'static str, Actor, Seat)> {
    let somebody = |roles: &[Role]| Actor::person(Id::new(clock), roles.iter().copied());
    let works = |organisation, kind, role, roles: &[Role]| Actor {
        memberships: vec![Membership { organisation, kind, role }],
        ..somebody(roles)
    };
    let at = |role| works(mall, OrganisationKind::Mall, role, &[]);
    let token = |actor: Actor, scopes: &[Scope]| Actor {
        // As the accounts make it: a role is in force with the staff scope alone.
        roles: actor.roles.iter().copied().filter(|_| scopes.contains(&Scope::Staff)).collect(),
        scopes: scopes.iter().copied().collect(),
        ..actor
    };
    vec![
        ("anonymous", Actor::anonymous(Locale::ZhCn), OUTSIDE),
        ("somebody", somebody(&[]), OUTSIDE),
        ("the mall's owner", at(OrganisationRole::Owner), OUTSIDE),
        ("the mall's manager", at(OrganisationRole::Manager), OUTSIDE),
        ("the mall's clerk", at(OrganisationRole::Clerk), OUTSIDE),
        ("the mall's dispatcher, which is no such thing", at(OrganisationRole::Dispatcher), OUTSIDE),
        (
            "another mall's owner",
            works(Id::new(clock), OrganisationKind::Mall, OrganisationRole::Owner, &[]),
            OUTSIDE,
        ),
        (
            "a shop of the same id, which is no mall",
            works(mall, OrganisationKind::SellerShop, OrganisationRole::Owner, &[]),
            OUTSIDE,
        ),
        ("the office", somebody(&[Role::Authority]), OUTSIDE),
        (
            "the office, of the mall",
            works(mall, OrganisationKind::Mall, OrganisationRole::Clerk, &[Role::Authority]),
            OUTSIDE,
        ),
        ("an assessor of another case", somebody(&[Role::Assessor]), OUTSIDE),
        ("an assessor who was drawn", somebody(&[Role::Assessor]), DRAWN),
        ("an assessor who declared", somebody(&[Role::Assessor]), MEMBER),
        ("the chair", somebody(&[Role::Assessor]), CHAIR),
        (
            "the chair, of the mall",
            works(mall, OrganisationKind::Mall, OrganisationRole::Clerk, &[Role::Assessor]),
            CHAIR,
        ),
        ("a former assessor who was drawn", somebody(&[]), CHAIR),
        ("moderator", somebody(&[Role::Moderator]), OUTSIDE),
        ("administrator", somebody(&[Role::Administrator]), OUTSIDE),
        ("the owner's token to read", token(at(OrganisationRole::Owner), &[Scope::Read]), OUTSIDE),
        ("the owner's token for the account", token(at(OrganisationRole::Owner), &[Scope::Account]), OUTSIDE),
        (
            "the office's token without staff",
            token(somebody(&[Role::Authority]), &[Scope::Read, Scope::Account]),
            OUTSIDE,
        ),
        ("the office's staff token", token(somebody(&[Role::Authority]), &[Scope::Staff]), OUTSIDE),
        ("system", Actor::system("test"), OUTSIDE),
    ]
}

fn mark<T>(outcome: Result<T, Error>) -> char {
    match outcome {
        Ok(_) => '.',
        Err(Error::Unauthenticated) => 'U',
        Err(Error::Forbidden) => 'F',
        Err(Error::NotFound) => 'N',
        Err(Error::Conflict) => 'C',
        Err(other) => panic!("a policy refuses otherwise: {other}"),
    }
}

type Policy = fn(&Actor, Id<Organisation>, Seat) -> char;

/// `.` permitted, `U` sign in first, `F` forbidden, `N` not there, `C` a conflict of interest. Columns as in [`cast`]:
/// anonymous, somebody, the mall's owner, manager, clerk, dispatcher, another mall, no mall, office, office of the mall,
/// assessor outside, drawn, declared, chair, chair of the mall, former assessor, moderator, administrator, tokens (read,
/// account, office without staff, office with), system.
const COMMANDS: &[(&str, &str, Policy)] = &[
    ("create", "UN...FNNN.NNNN.NNNF.NNU", |a, m, _| mark(policy::create(a, m))),
    ("edit", "UN...FNNN.NNNN.NNNF.NNU", |a, m, _| mark(policy::edit(a, m))),
    ("answer_for", "UN..FFNNNFNNNNFNNNF.NNU", |a, m, _| mark(policy::answer_for(a, m))),
    ("view", "NN....NN..N....NNN.NN..", |a, m, s| mark(policy::view(a, m, s))),
    ("list", "U..................F..U", |a, _, _| mark(policy::list(a))),
    ("sits", "FFFFFFFFFF.....FFFFFFFF", |a, _, _| if policy::sits(a) { '.' } else { 'F' }),
    ("administer", "UFFFFFFF.CFFFFFFFFFFF.U", |a, m, _| mark(policy::administer(a, m))),
    ("office", "UFFFFFFF..FFFFFFFFFFF.U", |a, _, _| mark(policy::office(a))),
    ("declare", "UFFFFFFFFFN...CFFFFFFFU", |a, m, s| mark(policy::declare(a, m, s))),
    ("assess", "UFFFFFFFFFNC..CFFFFFFFU", |a, m, s| mark(policy::assess(a, m, s))),
    ("chair", "UFFFFFFFFFNCF.CFFFFFFFU", |a, m, s| mark(policy::chair(a, m, s))),
    ("object", "U.................F..FU", |a, _, _| mark(policy::object(a))),
    ("tick", "FFFFFFFFFFFFFFFFFFFFFF.", |a, _, _| mark(policy::tick(a))),
];

#[test]
fn every_command_is_permitted_to_whom_the_table_says_and_to_nobody_else() {
    let clock = ManualClock::at("2026-01-01T00:00:00Z");
    let mall = Id::new(&clock);
    let cast = cast(mall, &clock);
    for (command, expected, policy) in COMMANDS {
        assert_eq!(expected.len(), cast.len(), "{command}");
        let found: String = cast.iter().map(|(_, actor, seat)| policy(actor, mall, *seat)).collect();
        let differs = found.chars().zip(expected.chars()).position(|(found, expected)| found != expected);
        assert_eq!(found, **expected, "{command} by {:?}", differs.map(|place| cast[place].0));
    }
}

#[test]
fn no_policy_is_missing_from_the_table() {
    let tested: BTreeSet<&str> = COMMANDS.iter().map(|(name, ..)| *name).collect();
    let written: BTreeSet<&str> = include_str!("../../src/policy.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub fn "))
        .filter_map(|rest| rest.split('(').next())
        .collect();
    assert_eq!(tested, written);
}
