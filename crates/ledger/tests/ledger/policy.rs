//! Who may do what, whole: every command by every kind of actor.

use luhuan_kernel::{
    Actor, Id, Locale, ManualClock, Membership, Organisation, OrganisationKind, OrganisationRole, Person,
    Role, Scope,
};
use luhuan_ledger::{AccountOwner, Error, policy};

struct Cast {
    owner: Id<Person>,
    shop: Id<Organisation>,
    actors: Vec<(&'static str, Actor)>,
}

fn cast() -> Cast {
    let clock = ManualClock::at("2026-01-01T00:00:00Z");
    let (owner, shop): (Id<Person>, Id<Organisation>) = (Id::new(&clock), Id::new(&clock));
    let token =
        |scopes: &[Scope]| Actor { scopes: scopes.iter().copied().collect(), ..Actor::person(owner, []) };
    let staff = |role| Actor::person(Id::new(&clock), [role]);
    let member = |role| Actor {
        memberships: vec![Membership { organisation: shop, kind: OrganisationKind::SellerShop, role }],
        ..Actor::person(Id::new(&clock), [])
    };
    let weak = Actor { scopes: [Scope::Read, Scope::Account].into(), ..staff(Role::Administrator) };
    let actors = vec![
        ("anonymous", Actor::anonymous(Locale::ZhCn)),
        ("owner", Actor::person(owner, [])),
        ("another", Actor::person(Id::new(&clock), [])),
        ("token to read", token(&[Scope::Read])),
        ("token for listings", token(&[Scope::Listings])),
        ("token for the account", token(&[Scope::Account])),
        ("shop's owner", member(OrganisationRole::Owner)),
        ("shop's manager", member(OrganisationRole::Manager)),
        ("shop's clerk", member(OrganisationRole::Clerk)),
        ("moderator", staff(Role::Moderator)),
        ("support", staff(Role::Support)),
        ("administrator", staff(Role::Administrator)),
        ("administrator without staff scope", weak),
        ("system", Actor::system("test")),
    ];
    Cast { owner, shop, actors }
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

type Policy = fn(&Actor, &Cast) -> char;

fn own(cast: &Cast) -> AccountOwner {
    AccountOwner::Person(cast.owner)
}

fn shops(cast: &Cast) -> AccountOwner {
    AccountOwner::Organisation(cast.shop)
}

fn stranger() -> Id<Person> {
    Id::from_uuid(uuid::Uuid::nil())
}

/// `.` permitted, `U` sign in first, `F` forbidden, `N` not there. Columns as in [`cast`]: anonymous, owner, another,
/// tokens (read, listings, account), shop's owner, manager, clerk, moderator, support, administrator (session, without
/// staff scope), system.
const COMMANDS: &[(&str, &str, Policy)] = &[
    ("view_own", "U...FF.......U", |a, _| mark(policy::view_own(a))),
    ("view_account, a person's", "U.N.FFNNNN..N.", |a, c| mark(policy::view_account(a, &own(c)))),
    ("view_account, a shop's", "UNNNFF..NN..N.", |a, c| mark(policy::view_account(a, &shops(c)))),
    ("view_account, an order's", "UNNNFFNNNN..N.", |a, _| {
        mark(policy::view_account(a, &AccountOwner::Order(uuid::Uuid::nil())))
    }),
    ("view_account, the platform's", "UNNNFFNNNN..N.", |a, _| {
        mark(policy::view_account(a, &AccountOwner::Platform))
    }),
    ("view_payment as payer", "U.N.FF...N..N.", |a, c| mark(policy::view_payment(a, c.owner, &shops(c)))),
    ("view_payment as payee", "U.N.FFNNNN..N.", |a, c| mark(policy::view_payment(a, stranger(), &own(c)))),
    ("confirm_face_to_face as payer", "U.NFF....NNNNU", |a, c| {
        mark(policy::confirm_face_to_face(a, c.owner, &shops(c)))
    }),
    ("confirm_face_to_face as payee", "U.NFF.NNNNNNNU", |a, c| {
        mark(policy::confirm_face_to_face(a, stranger(), &own(c)))
    }),
    ("top_up", "U..FF........U", |a, _| mark(policy::top_up(a))),
    ("pay_out, a person's", "U.NFF.NNNNNNNU", |a, c| mark(policy::pay_out(a, &own(c)))),
    ("pay_out, a shop's", "UNNFFN..NNNNNU", |a, c| mark(policy::pay_out(a, &shops(c)))),
    ("pay_out, the platform's", "UNNFFNNNNNNNNU", |a, _| mark(policy::pay_out(a, &AccountOwner::Platform))),
    ("operate", "UFFFFFFFFFF.F.", |a, _| mark(policy::operate(a))),
];

#[test]
fn every_command_by_every_kind_of_actor() {
    let cast = cast();
    for (command, expected, policy) in COMMANDS {
        let marks: String = cast.actors.iter().map(|(_, actor)| policy(actor, &cast)).collect();
        let names: Vec<_> = cast
            .actors
            .iter()
            .zip(marks.chars().zip(expected.chars()))
            .filter(|(_, (is, should))| is != should)
            .map(|((name, _), (is, should))| format!("{name}: {is} instead of {should}"))
            .collect();
        assert_eq!(&marks, expected, "{command}: {names:?}");
    }
}
