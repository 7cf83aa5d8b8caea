//! Who may do what with notifications and webhooks: one function per command. What is not permitted here is refused.

use luhuan_kernel::{Actor, Id, Organisation, OrganisationRole, Person, Scope};

use crate::Error;

/// Whose a webhook is, as far as policies care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The person who made it, and whose it is when it is no organisation's.
    pub person: Id<Person>,
    /// The organisation whose it is.
    pub organisation: Option<Id<Organisation>>,
}

/// See one's inbox, and follow its badge.
///
/// # Errors
/// When nobody is signed in, or the credential does not read.
pub fn view_inbox(actor: &Actor) -> Result<Id<Person>, Error> {
    reads(actor)
}

/// Mark one's notifications as read.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn mark_read(actor: &Actor) -> Result<Id<Person>, Error> {
    writes(actor)
}

/// See which e-mails one gets.
///
/// # Errors
/// When nobody is signed in, or the credential does not read.
pub fn view_preferences(actor: &Actor) -> Result<Id<Person>, Error> {
    reads(actor)
}

/// Choose which e-mails one gets.
///
/// # Errors
/// When nobody is signed in, or the credential may not change the account.
pub fn change_preferences(actor: &Actor) -> Result<Id<Person>, Error> {
    writes(actor)
}

/// Make a webhook, one's own or for an organisation that one leads.
///
/// # Errors
/// When the actor may not.
pub fn create_webhook(actor: &Actor, organisation: Option<Id<Organisation>>) -> Result<Id<Person>, Error> {
    let person = writes(actor)?;
    if organisation.is_none_or(|organisation| leads(actor, organisation)) {
        Ok(person)
    } else {
        Err(Error::Forbidden)
    }
}

/// List one's webhooks and those of the organisations that one leads.
///
/// # Errors
/// When nobody is signed in, or the credential does not read.
pub fn list_webhooks(actor: &Actor) -> Result<Id<Person>, Error> {
    reads(actor)
}

/// See a webhook and its deliveries.
///
/// # Errors
/// [`Error::NotFound`] when it is another's.
pub fn view_webhook(actor: &Actor, owner: Owner) -> Result<(), Error> {
    reads(actor)?;
    owns(actor, owner)
}

/// Change a webhook, renew its secret, try it, or take it away.
///
/// # Errors
/// [`Error::NotFound`] when it is another's.
pub fn change_webhook(actor: &Actor, owner: Owner) -> Result<(), Error> {
    writes(actor)?;
    owns(actor, owner)
}

/// Have deliveries made again.
///
/// # Errors
/// [`Error::NotFound`] when it is another's.
pub fn replay(actor: &Actor, owner: Owner) -> Result<(), Error> {
    writes(actor)?;
    owns(actor, owner)
}

/// The organisations whose webhooks the actor looks after.
pub fn led_by(actor: &Actor) -> impl Iterator<Item = Id<Organisation>> {
    actor.memberships.iter().filter(|one| is_lead(one.role)).map(|one| one.organisation)
}

fn reads(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Read) { Ok(person) } else { Err(Error::Forbidden) }
}

fn writes(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Account) { Ok(person) } else { Err(Error::Forbidden) }
}

fn owns(actor: &Actor, owner: Owner) -> Result<(), Error> {
    let own = match owner.organisation {
        Some(organisation) => leads(actor, organisation),
        None => actor.is(owner.person),
    };
    if own { Ok(()) } else { Err(Error::NotFound) }
}

fn leads(actor: &Actor, organisation: Id<Organisation>) -> bool {
    actor.role_in(organisation).is_some_and(is_lead)
}

const fn is_lead(role: OrganisationRole) -> bool {
    matches!(role, OrganisationRole::Owner | OrganisationRole::Manager)
}
