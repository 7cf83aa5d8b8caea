//! Who may do what with people, credentials and organisations: one function per command. What is not permitted here
//! is refused. Commands on one's own account give back whose it is.
//!
//! [`Scope::Read`] lets a credential look, [`Scope::Account`] change; what mints further credentials wants a
//! signed-in device, so that a leaked API token cannot make itself last.

use std::collections::BTreeSet;

use luhuan_kernel::{Actor, Id, OrganisationRole, Person, Role, Scope};

use crate::{Error, model::CodePurpose};

/// Sign up or in. Anybody may: it is how one becomes somebody.
///
/// # Errors
/// Never.
pub const fn sign_in(_: &Actor) -> Result<(), Error> {
    Ok(())
}

/// Have a code sent: anybody to sign in, a person to confirm.
///
/// # Errors
/// When a code to confirm with is asked for by nobody, or by a credential for reading only.
pub fn request_code(actor: &Actor, purpose: CodePurpose) -> Result<(), Error> {
    match purpose {
        CodePurpose::SignIn => Ok(()),
        CodePurpose::Confirm => own(actor, Scope::Account).map(drop),
    }
}

/// See one's profile.
///
/// # Errors
/// When nobody is signed in, or the credential is not for reading.
pub fn view_profile(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Read)
}

/// Change one's name, place, language or seller kind.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn change_profile(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// Prove that one is there: ask for the password or a code again.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn prove(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// Set another password.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn change_password(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// Put one's identity number on file, or take it off.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn change_identity(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// See the devices that are signed in.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn view_sessions(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// Sign a device out. Another person's is not there.
///
/// # Errors
/// When it is not the actor's own.
pub fn end_session(actor: &Actor, owner: Id<Person>) -> Result<(), Error> {
    owns(actor, owner)
}

/// See one's API tokens.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn view_tokens(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// Make an API token: from a signed-in device, and for no more than that device may do.
///
/// # Errors
/// When nobody is signed in, or an API token asks.
pub fn create_token(actor: &Actor, scopes: &BTreeSet<Scope>) -> Result<Id<Person>, Error> {
    let person = own(actor, Scope::Account)?;
    if actor.session.is_some() && scopes.is_subset(&actor.scopes) {
        Ok(person)
    } else {
        Err(Error::Forbidden)
    }
}

/// Revoke an API token. Another person's is not there.
///
/// # Errors
/// When it is not the actor's own.
pub fn revoke_token(actor: &Actor, owner: Id<Person>) -> Result<(), Error> {
    owns(actor, owner)
}

/// See one's consents.
///
/// # Errors
/// When nobody is signed in, or the credential is not for reading.
pub fn view_consents(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Read)
}

/// Give or withdraw a consent.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn change_consents(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// Take out everything that is kept about oneself (PIPL art. 45).
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn export(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// Erase one's account (PIPL art. 47). Nobody erases another's.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn erase(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// Found an organisation.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn create_organisation(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Account)
}

/// See the organisations one works for.
///
/// # Errors
/// When nobody is signed in, or the credential is not for reading.
pub fn view_organisations(actor: &Actor) -> Result<Id<Person>, Error> {
    own(actor, Scope::Read)
}

/// See an organisation and its members: who belongs to it, and the staff that answers for organisations. For others
/// it is not there.
///
/// # Errors
/// When it is not for the actor's eyes.
pub fn view_organisation(actor: &Actor, role: Option<OrganisationRole>) -> Result<(), Error> {
    if actor.is_system() {
        return Ok(());
    }
    own(actor, Scope::Read)?;
    if role.is_some()
        || is_staff(actor, &[Role::Administrator, Role::Support, Role::Authority, Role::Assessor])
    {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Change an organisation's name or licence: its owners and managers.
///
/// # Errors
/// When the actor may not; for strangers it is not there.
pub fn change_organisation(actor: &Actor, role: Option<OrganisationRole>) -> Result<(), Error> {
    in_organisation(actor, role, &[OrganisationRole::Owner, OrganisationRole::Manager])
}

/// Decide who belongs to an organisation, and as what: its owners.
///
/// # Errors
/// When the actor may not; for strangers it is not there.
pub fn manage_members(actor: &Actor, role: Option<OrganisationRole>) -> Result<(), Error> {
    in_organisation(actor, role, &[OrganisationRole::Owner])
}

/// Leave an organisation: any member.
///
/// # Errors
/// When the actor is no member.
pub fn leave_organisation(actor: &Actor, role: Option<OrganisationRole>) -> Result<(), Error> {
    in_organisation(actor, role, OrganisationRole::ALL)
}

/// Grant or take back a city-wide role: administrators, and the command line.
///
/// # Errors
/// When the actor may not.
pub fn manage_roles(actor: &Actor) -> Result<(), Error> {
    administers(actor)
}

/// Make an account for somebody: administrators, and the command line.
///
/// # Errors
/// When the actor may not.
pub fn create_user(actor: &Actor) -> Result<(), Error> {
    administers(actor)
}

/// Set another's password: the command line only, since it opens an account.
///
/// # Errors
/// When the actor may not.
pub fn reset_password(actor: &Actor) -> Result<(), Error> {
    if actor.is_system() {
        return Ok(());
    }
    if actor.person_id().is_none() { Err(Error::Unauthenticated) } else { Err(Error::Forbidden) }
}

fn own(actor: &Actor, scope: Scope) -> Result<Id<Person>, Error> {
    // The program itself has no account: what is one's own is nobody's here.
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(scope) { Ok(person) } else { Err(Error::Forbidden) }
}

fn owns(actor: &Actor, owner: Id<Person>) -> Result<(), Error> {
    if own(actor, Scope::Account)? == owner { Ok(()) } else { Err(Error::NotFound) }
}

fn in_organisation(
    actor: &Actor,
    role: Option<OrganisationRole>,
    permitted: &[OrganisationRole],
) -> Result<(), Error> {
    if actor.is_system() {
        return Ok(());
    }
    view_organisation(actor, role)?;
    if !actor.may(Scope::Account) {
        return Err(Error::Forbidden);
    }
    if role.is_some_and(|role| permitted.contains(&role)) { Ok(()) } else { Err(Error::Forbidden) }
}

fn is_staff(actor: &Actor, roles: &[Role]) -> bool {
    actor.may(Scope::Staff) && roles.iter().any(|role| actor.has(*role))
}

fn administers(actor: &Actor) -> Result<(), Error> {
    if actor.is_system() {
        return Ok(());
    }
    if actor.person_id().is_none() {
        return Err(Error::Unauthenticated);
    }
    if is_staff(actor, &[Role::Administrator]) { Ok(()) } else { Err(Error::Forbidden) }
}
