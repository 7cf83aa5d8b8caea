//! Who may do what with money: one function per command. What is not permitted here is refused.
//!
//! Paying for an order, releasing and refunding it are the order's business: those commands take no actor, are called
//! in the unit of work of the context that decided, and have no route of their own.

use luhuan_kernel::{Actor, OrganisationRole, Person, Role, Scope};

use crate::{AccountOwner, Error};

/// See one's own accounts.
///
/// # Errors
/// When nobody is signed in, or the credential does not read.
pub fn view_own(actor: &Actor) -> Result<luhuan_kernel::Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Read) { Ok(person) } else { Err(Error::Forbidden) }
}

/// See an account and its statement: its owner, whoever runs the organisation that owns it, and staff.
///
/// # Errors
/// [`Error::NotFound`] when it is not for the actor's eyes.
pub fn view_account(actor: &Actor, owner: &AccountOwner) -> Result<(), Error> {
    if oversees(actor) || actor.is_system() {
        return Ok(());
    }
    view_own(actor)?;
    if holds(actor, owner) { Ok(()) } else { Err(Error::NotFound) }
}

/// See a payment: who pays, who is paid, and staff.
///
/// # Errors
/// [`Error::NotFound`] when it is not for the actor's eyes.
pub fn view_payment(
    actor: &Actor,
    payer: luhuan_kernel::Id<Person>,
    payee: &AccountOwner,
) -> Result<(), Error> {
    if oversees(actor) || actor.is_system() {
        return Ok(());
    }
    view_own(actor)?;
    if actor.is(payer) || serves(actor, payee) { Ok(()) } else { Err(Error::NotFound) }
}

/// Confirm a face-to-face payment: who pays, or who is paid.
///
/// # Errors
/// When the actor is neither.
pub fn confirm_face_to_face(
    actor: &Actor,
    payer: luhuan_kernel::Id<Person>,
    payee: &AccountOwner,
) -> Result<(), Error> {
    writes(actor)?;
    if actor.is(payer) || serves(actor, payee) { Ok(()) } else { Err(Error::NotFound) }
}

/// Put money into one's own wallet.
///
/// # Errors
/// When the actor may not.
pub fn top_up(actor: &Actor) -> Result<luhuan_kernel::Id<Person>, Error> {
    writes(actor)
}

/// Take money out, or connect an account that it goes to: the owner, or whoever runs the organisation that owns it.
///
/// # Errors
/// When the actor may not.
pub fn pay_out(actor: &Actor, owner: &AccountOwner) -> Result<(), Error> {
    writes(actor)?;
    if holds(actor, owner) { Ok(()) } else { Err(Error::NotFound) }
}

/// Put in opening or demonstration funds, make the bank's file and say how it came out, decide on failed refunds,
/// and compare the books with a provider's: an administrator, or the program.
///
/// # Errors
/// When the actor may not.
pub fn operate(actor: &Actor) -> Result<(), Error> {
    if actor.is_system() || (actor.may(Scope::Staff) && actor.has(Role::Administrator)) {
        Ok(())
    } else if actor.person_id().is_none() {
        Err(Error::Unauthenticated)
    } else {
        Err(Error::Forbidden)
    }
}

fn writes(actor: &Actor) -> Result<luhuan_kernel::Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Account) { Ok(person) } else { Err(Error::Forbidden) }
}

/// Whether the account is the actor's to dispose of.
fn holds(actor: &Actor, owner: &AccountOwner) -> bool {
    match owner {
        AccountOwner::Person(id) => actor.is(*id),
        AccountOwner::Organisation(id) => {
            matches!(actor.role_in(*id), Some(OrganisationRole::Owner | OrganisationRole::Manager))
        }
        AccountOwner::Order(_)
        | AccountOwner::Budget(_)
        | AccountOwner::Provider(_)
        | AccountOwner::Platform => false,
    }
}

/// Whether the actor sells for the payee: at a counter a clerk takes the cash.
fn serves(actor: &Actor, payee: &AccountOwner) -> bool {
    match payee {
        AccountOwner::Organisation(id) => actor.role_in(*id).is_some(),
        other => holds(actor, other),
    }
}

fn oversees(actor: &Actor) -> bool {
    actor.may(Scope::Staff) && (actor.has(Role::Administrator) || actor.has(Role::Support))
}
