//! Who may do what with a listing: one function per command. What is not permitted here is refused.

use luhuan_kernel::{Actor, Id, Organisation, OrganisationKind, OrganisationRole, Person, Role, Scope};

use crate::{Error, model::State};

/// Whose listing it is, as far as policies care.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// The person who posted it.
    pub person: Id<Person>,
    /// The shop it is sold for.
    pub organisation: Option<Id<Organisation>>,
}

/// How a listing stands, as far as policies care.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// Whether it waits for a moderator.
    pub held: bool,
}

impl Standing {
    /// Whether strangers may see it.
    #[must_use]
    pub const fn is_public(self) -> bool {
        self.state.is_public() && !self.held
    }
}

/// Post a listing, for oneself or for a shop one works for; the person who posts.
///
/// # Errors
/// When the actor may not.
pub fn create(actor: &Actor, shop: Option<Id<Organisation>>) -> Result<Id<Person>, Error> {
    writes(actor)?;
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if shop.is_none_or(|shop| sells_for(actor, shop)) { Ok(person) } else { Err(Error::Forbidden) }
}

/// Change a listing's words, price or photos.
///
/// # Errors
/// When the actor may not.
pub fn edit(actor: &Actor, owner: Owner) -> Result<(), Error> {
    owns(actor, owner)
}

/// Publish a draft.
///
/// # Errors
/// When the actor may not.
pub fn publish(actor: &Actor, owner: Owner) -> Result<(), Error> {
    owns(actor, owner)
}

/// Take a listing off: its owner, or a moderator with a reason.
///
/// # Errors
/// When the actor may not.
pub fn withdraw(actor: &Actor, owner: Owner) -> Result<(), Error> {
    if moderates(actor) { Ok(()) } else { owns(actor, owner) }
}

/// Offer a withdrawn or expired listing again.
///
/// # Errors
/// When the actor may not.
pub fn relist(actor: &Actor, owner: Owner) -> Result<(), Error> {
    owns(actor, owner)
}

/// Reserve, release or sell: only the program itself, on behalf of an order.
///
/// # Errors
/// When the actor may not.
pub fn settle(actor: &Actor) -> Result<(), Error> {
    if actor.is_system() { Ok(()) } else { Err(Error::Forbidden) }
}

/// Look at a listing. A draft, a withdrawn or a held one is not there for strangers.
///
/// # Errors
/// [`Error::NotFound`] when it is not for the actor's eyes.
pub fn view(actor: &Actor, owner: Owner, standing: Standing) -> Result<(), Error> {
    if standing.is_public() || belongs(actor, owner) || moderates(actor) || actor.is_system() {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Watch a listing.
///
/// # Errors
/// When nobody is signed in, or the credential is for reading only.
pub fn watch(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Listings) { Ok(person) } else { Err(Error::Forbidden) }
}

/// See one's own listings or watchlist.
///
/// # Errors
/// When nobody is signed in.
pub fn view_own(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Read) { Ok(person) } else { Err(Error::Forbidden) }
}

/// See what waits for a moderator, and decide on it.
///
/// # Errors
/// When the actor is no moderator.
pub fn moderate(actor: &Actor) -> Result<(), Error> {
    if moderates(actor) {
        Ok(())
    } else if actor.person_id().is_none() {
        Err(Error::Unauthenticated)
    } else {
        Err(Error::Forbidden)
    }
}

/// Import listings for a seller, or export them all: the command line only.
///
/// # Errors
/// When the actor may not.
pub fn bulk(actor: &Actor) -> Result<(), Error> {
    if actor.is_system() { Ok(()) } else { Err(Error::Forbidden) }
}

fn writes(actor: &Actor) -> Result<(), Error> {
    if actor.is_system() {
        return Ok(());
    }
    if actor.person_id().is_none() {
        return Err(Error::Unauthenticated);
    }
    if actor.may(Scope::Listings) { Ok(()) } else { Err(Error::Forbidden) }
}

fn owns(actor: &Actor, owner: Owner) -> Result<(), Error> {
    writes(actor)?;
    if actor.is_system() || belongs(actor, owner) { Ok(()) } else { Err(Error::Forbidden) }
}

fn belongs(actor: &Actor, owner: Owner) -> bool {
    match owner.organisation {
        Some(shop) => sells_for(actor, shop),
        None => actor.is(owner.person),
    }
}

fn sells_for(actor: &Actor, shop: Id<Organisation>) -> bool {
    actor.memberships.iter().any(|membership| {
        membership.organisation == shop
            && membership.kind == OrganisationKind::SellerShop
            && matches!(
                membership.role,
                OrganisationRole::Owner | OrganisationRole::Manager | OrganisationRole::Clerk
            )
    })
}

fn moderates(actor: &Actor) -> bool {
    actor.may(Scope::Staff) && actor.has(Role::Moderator)
}
