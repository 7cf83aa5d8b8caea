//! Who may do what: one function per command. What is not permitted here is refused.
//!
//! Nobody judges a mall that they belong to: whoever is a member of it is refused every command of the office and of the
//! panel, whatever their roles.

use luhuan_kernel::{Actor, Id, Organisation, OrganisationKind, OrganisationRole, Person, Role, Scope};

use crate::Error;

/// An actor's place on the panel of an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// Whether they are on it.
    pub on_panel: bool,
    /// Whether they chair it.
    pub chair: bool,
    /// Whether they declared to have no conflict.
    pub declared: bool,
}

/// Begin an application for a mall: whoever works for it.
///
/// # Errors
/// When the actor may not.
pub fn create(actor: &Actor, mall: Id<Organisation>) -> Result<Id<Person>, Error> {
    works_for(actor, mall, Work::Daily)
}

/// Change what a mall says, shows and measures: whoever works for it.
///
/// # Errors
/// When the actor may not; [`Error::NotFound`] for strangers.
pub fn edit(actor: &Actor, mall: Id<Organisation>) -> Result<Id<Person>, Error> {
    works_for(actor, mall, Work::Daily)
}

/// Hand in, take back, appeal, report: its owner and managers.
///
/// # Errors
/// When the actor may not; [`Error::NotFound`] for strangers.
pub fn answer_for(actor: &Actor, mall: Id<Organisation>) -> Result<Id<Person>, Error> {
    works_for(actor, mall, Work::Binding)
}

/// Look at an application: the mall's people, the office, the panel.
///
/// # Errors
/// [`Error::NotFound`] when it is not for the actor's eyes.
pub fn view(actor: &Actor, mall: Id<Organisation>, seat: Seat) -> Result<(), Error> {
    let own = actor.may(Scope::Read) && member_of(actor, mall).is_some();
    let office = staff(actor, Role::Authority) || (seat.on_panel && staff(actor, Role::Assessor));
    if own || office || actor.is_system() { Ok(()) } else { Err(Error::NotFound) }
}

/// See lists of applications: whoever is signed in, each what is theirs.
///
/// # Errors
/// When nobody is, or the credential is for neither reading nor staff work.
pub fn list(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Read) || actor.may(Scope::Staff) { Ok(person) } else { Err(Error::Forbidden) }
}

/// Whether the actor acts as an assessor at all.
#[must_use]
pub fn sits(actor: &Actor) -> bool {
    staff(actor, Role::Assessor)
}

/// Act for the office on a mall: check its file, draw a panel, announce, grant, refuse, answer objections and appeals,
/// suspend, revoke, watch.
///
/// # Errors
/// When the actor may not; [`Error::Conflict`] when the mall is their own.
pub fn administer(actor: &Actor, mall: Id<Organisation>) -> Result<Id<Person>, Error> {
    let person = office(actor)?;
    if actor.role_in(mall).is_some() { Err(Error::Conflict) } else { Ok(person) }
}

/// Act for the office where no mall is concerned: rubrics, the pool, labels, lists.
///
/// # Errors
/// When the actor may not.
pub fn office(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if staff(actor, Role::Authority) { Ok(person) } else { Err(Error::Forbidden) }
}

/// Declare to have no conflict, or one: whoever is on the panel.
///
/// # Errors
/// When the actor may not; [`Error::NotFound`] for those not on it; [`Error::Conflict`] when the mall is their own.
pub fn declare(actor: &Actor, mall: Id<Organisation>, seat: Seat) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if !staff(actor, Role::Assessor) {
        return Err(Error::Forbidden);
    }
    if !seat.on_panel {
        return Err(Error::NotFound);
    }
    if actor.role_in(mall).is_some() { Err(Error::Conflict) } else { Ok(person) }
}

/// Read, visit, find, score: the panel's members who declared.
///
/// # Errors
/// When the actor may not; [`Error::NotFound`] for those not on it; [`Error::Conflict`] when the mall is their own, or they
/// have not declared yet.
pub fn assess(actor: &Actor, mall: Id<Organisation>, seat: Seat) -> Result<Id<Person>, Error> {
    let person = declare(actor, mall, seat)?;
    if seat.declared { Ok(person) } else { Err(Error::Conflict) }
}

/// Open and close the visit, note the consensus, sign: the panel's chair.
///
/// # Errors
/// As for [`assess`]; 403 for members who do not chair.
pub fn chair(actor: &Actor, mall: Id<Organisation>, seat: Seat) -> Result<Id<Person>, Error> {
    let person = assess(actor, mall, seat)?;
    if seat.chair { Ok(person) } else { Err(Error::Forbidden) }
}

/// Object by name: whoever is signed in.
///
/// # Errors
/// When nobody is, or the credential is for reading only.
pub fn object(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Account) { Ok(person) } else { Err(Error::Forbidden) }
}

/// Turn the clocks, take in what was collected: the program itself.
///
/// # Errors
/// When the actor may not.
pub fn tick(actor: &Actor) -> Result<(), Error> {
    if actor.is_system() { Ok(()) } else { Err(Error::Forbidden) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Daily,
    Binding,
}

fn works_for(actor: &Actor, mall: Id<Organisation>, work: Work) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    let role = member_of(actor, mall).ok_or(Error::NotFound)?;
    let enough = match role {
        OrganisationRole::Owner | OrganisationRole::Manager => true,
        OrganisationRole::Clerk => work == Work::Daily,
        OrganisationRole::Dispatcher | OrganisationRole::Collector => false,
    };
    if enough && actor.may(Scope::Account) { Ok(person) } else { Err(Error::Forbidden) }
}

fn member_of(actor: &Actor, mall: Id<Organisation>) -> Option<OrganisationRole> {
    let membership = actor.memberships.iter().find(|membership| membership.organisation == mall)?;
    (membership.kind == OrganisationKind::Mall).then_some(membership.role)
}

fn staff(actor: &Actor, role: Role) -> bool {
    actor.may(Scope::Staff) && actor.has(role)
}
