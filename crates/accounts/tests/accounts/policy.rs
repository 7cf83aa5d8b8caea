//! Who may do what, whole: every command by every kind of actor.

use std::collections::BTreeSet;

use luhuan_accounts::{Error, model::CodePurpose, policy};
use luhuan_kernel::{Actor, Clock, Id, Locale, ManualClock, OrganisationRole, Person, Role, Scope};

/// The columns of the tables below.
struct Cast {
    owner: Id<Person>,
    actors: Vec<(&'static str, Actor)>,
}

fn cast() -> Cast {
    let clock = ManualClock::at("2026-01-01T00:00:00Z");
    let clock: &dyn Clock = &clock;
    let owner: Id<Person> = Id::new(clock);
    let by_session = |person, roles: &[Role]| Actor {
        session: Some(Id::new(clock)),
        ..Actor::person(person, roles.iter().copied())
    };
    // As `authenticate_bearer` makes it: a role is in force with the staff scope alone.
    let by_token = |person, scopes: &[Scope], roles: &[Role]| Actor {
        scopes: scopes.iter().copied().collect(),
        ..Actor::person(person, roles.iter().copied().filter(|_| scopes.contains(&Scope::Staff)))
    };
    let administrator = Id::new(clock);
    let actors = vec![
        ("anonymous", Actor::anonymous(Locale::ZhCn)),
        ("owner", by_session(owner, &[])),
        ("another", by_session(Id::new(clock), &[])),
        ("token to read", by_token(owner, &[Scope::Read], &[])),
        ("token for listings", by_token(owner, &[Scope::Listings], &[])),
        ("token for the account", by_token(owner, &[Scope::Account], &[])),
        ("token for all", by_token(owner, Scope::ALL, &[])),
        ("moderator", by_session(Id::new(clock), &[Role::Moderator])),
        ("support", by_session(Id::new(clock), &[Role::Support])),
        ("administrator", by_session(administrator, &[Role::Administrator])),
        (
            "administrator's token without staff",
            by_token(administrator, &[Scope::Read, Scope::Account], &[Role::Administrator]),
        ),
        ("administrator's staff token", by_token(administrator, &[Scope::Staff], &[Role::Administrator])),
        ("system", Actor::system("test")),
    ];
    Cast { owner, actors }
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

type Policy = fn(&Actor, Id<Person>) -> char;

/// `.` permitted, `U` sign in first, `F` forbidden, `N` not there. Columns as in [`cast`]:
/// anonymous, owner, another, tokens (read, listings, account, all), moderator, support, administrator (session,
/// token without staff, staff token), system.
const COMMANDS: &[(&str, &str, Policy)] = &[
    ("sign_in", ".............", |a, _| mark(policy::sign_in(a))),
    ("request_code to sign in", ".............", |a, _| mark(policy::request_code(a, CodePurpose::SignIn))),
    ("request_code to confirm", "U..FF......FU", |a, _| mark(policy::request_code(a, CodePurpose::Confirm))),
    ("view_profile", "U...FF.....FU", |a, _| mark(policy::view_profile(a))),
    ("change_profile", "U..FF......FU", |a, _| mark(policy::change_profile(a))),
    ("prove", "U..FF......FU", |a, _| mark(policy::prove(a))),
    ("change_password", "U..FF......FU", |a, _| mark(policy::change_password(a))),
    ("change_identity", "U..FF......FU", |a, _| mark(policy::change_identity(a))),
    ("view_sessions", "U..FF......FU", |a, _| mark(policy::view_sessions(a))),
    ("end_session", "U.NFF..NNNNFU", |a, owner| mark(policy::end_session(a, owner))),
    ("view_tokens", "U..FF......FU", |a, _| mark(policy::view_tokens(a))),
    ("create_token to read", "U..FFFF...FFU", |a, _| {
        mark(policy::create_token(a, &BTreeSet::from([Scope::Read])))
    }),
    ("create_token for all", "U..FFFF...FFU", |a, _| mark(policy::create_token(a, &Scope::all()))),
    ("revoke_token", "U.NFF..NNNNFU", |a, owner| mark(policy::revoke_token(a, owner))),
    ("view_consents", "U...FF.....FU", |a, _| mark(policy::view_consents(a))),
    ("change_consents", "U..FF......FU", |a, _| mark(policy::change_consents(a))),
    ("export", "U..FF......FU", |a, _| mark(policy::export(a))),
    ("erase", "U..FF......FU", |a, _| mark(policy::erase(a))),
    ("create_organisation", "U..FF......FU", |a, _| mark(policy::create_organisation(a))),
    ("view_organisations", "U...FF.....FU", |a, _| mark(policy::view_organisations(a))),
    ("manage_roles", "UFFFFFFFF.F..", |a, _| mark(policy::manage_roles(a))),
    ("create_user", "UFFFFFFFF.F..", |a, _| mark(policy::create_user(a))),
    ("reset_password", "UFFFFFFFFFFF.", |a, _| mark(policy::reset_password(a))),
];

type OrganisationPolicy = fn(&Actor, Option<OrganisationRole>) -> Result<(), Error>;

/// The same for organisations, by the actor's role in it: none, owner, manager, dispatcher, collector, clerk.
/// Staff tokens lack the scope to read here, so they see nothing.
const IN_ORGANISATIONS: &[(&str, [&str; 6], OrganisationPolicy)] = &[
    (
        "view_organisation",
        [
            "UNNNFFNN..NF.",
            "U...FF.....F.",
            "U...FF.....F.",
            "U...FF.....F.",
            "U...FF.....F.",
            "U...FF.....F.",
        ],
        policy::view_organisation,
    ),
    (
        "change_organisation",
        [
            "UNNNFFNNFFNF.",
            "U..FFF.....F.",
            "U..FFF.....F.",
            "UFFFFFFFFFFF.",
            "UFFFFFFFFFFF.",
            "UFFFFFFFFFFF.",
        ],
        policy::change_organisation,
    ),
    (
        "manage_members",
        [
            "UNNNFFNNFFNF.",
            "U..FFF.....F.",
            "UFFFFFFFFFFF.",
            "UFFFFFFFFFFF.",
            "UFFFFFFFFFFF.",
            "UFFFFFFFFFFF.",
        ],
        policy::manage_members,
    ),
    (
        "leave_organisation",
        [
            "UNNNFFNNFFNF.",
            "U..FFF.....F.",
            "U..FFF.....F.",
            "U..FFF.....F.",
            "U..FFF.....F.",
            "U..FFF.....F.",
        ],
        policy::leave_organisation,
    ),
];

#[test]
fn every_command_is_permitted_to_whom_the_table_says_and_to_nobody_else() {
    let cast = cast();
    for (command, expected, policy) in COMMANDS {
        assert_eq!(expected.len(), cast.actors.len(), "{command}");
        for ((who, actor), expected) in cast.actors.iter().zip(expected.chars()) {
            assert_eq!(policy(actor, cast.owner), expected, "{command} by {who}");
        }
    }
}

#[test]
fn every_command_in_an_organisation_is_permitted_to_whom_the_table_says_and_to_nobody_else() {
    let roles: Vec<Option<OrganisationRole>> =
        std::iter::once(None).chain(OrganisationRole::ALL.iter().copied().map(Some)).collect();
    for (command, table, policy) in IN_ORGANISATIONS {
        assert_eq!(table.len(), roles.len());
        for (role, expected) in roles.iter().zip(table) {
            for ((who, actor), expected) in cast().actors.iter().zip(expected.chars()) {
                assert_eq!(mark(policy(actor, *role)), expected, "{command} by {who} as {role:?}");
            }
        }
    }
}

#[test]
fn no_policy_is_missing_from_the_tables() {
    let tested: BTreeSet<&str> = COMMANDS
        .iter()
        .map(|(name, ..)| name.split(' ').next().unwrap())
        .chain(IN_ORGANISATIONS.iter().map(|(name, ..)| *name))
        .collect();
    let written: BTreeSet<&str> = include_str!("../../src/policy.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub fn ").or_else(|| line.strip_prefix("pub const fn ")))
        .filter_map(|rest| rest.split('(').next())
        .collect();
    assert_eq!(tested, written);
}
