//! Who may do what in a trade: one function per command. What is not permitted here is refused.
//!
//! Talking and selling ask for the scope that listings ask for; whatever moves a buyer's money asks for the scope that
//! the ledger asks for.

use luhuan_kernel::{Actor, Id, Organisation, OrganisationKind, OrganisationRole, Person, Role, Scope};

use crate::{
    Error,
    model::{By, Event},
};

/// Whose a conversation, an offer or an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parties {
    /// Who buys.
    pub buyer: Id<Person>,
    /// Who posted what is sold.
    pub seller: Id<Person>,
    /// The shop it is sold for.
    pub shop: Option<Id<Organisation>>,
}

/// Begin to talk to a seller.
///
/// # Errors
/// When the actor may not.
pub fn ask(actor: &Actor) -> Result<Id<Person>, Error> {
    writes(actor)
}

/// Write in a conversation, read it as one's own, report it: one of the two.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's.
pub fn converse(actor: &Actor, parties: Parties) -> Result<By, Error> {
    let side = side(actor, parties).ok_or_else(|| hidden(actor))?;
    writes(actor)?;
    Ok(side)
}

/// Read a conversation: one of the two, or a moderator.
///
/// # Errors
/// [`Error::NotFound`] when it is not for the actor's eyes.
pub fn read_conversation(actor: &Actor, parties: Parties) -> Result<By, Error> {
    view(actor, parties)
}

/// Stop hearing from somebody.
///
/// # Errors
/// When the actor may not.
pub fn block(actor: &Actor) -> Result<Id<Person>, Error> {
    writes(actor)
}

/// Make an offer.
///
/// # Errors
/// When the actor may not.
pub fn make_offer(actor: &Actor) -> Result<Id<Person>, Error> {
    writes(actor)
}

/// Counter, accept or decline an offer: one of the two.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's.
pub fn answer_offer(actor: &Actor, parties: Parties) -> Result<By, Error> {
    converse(actor, parties)
}

/// See one's own conversations, offers and orders.
///
/// # Errors
/// When nobody is signed in, or the credential does not read.
pub fn view_own(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Read) { Ok(person) } else { Err(Error::Forbidden) }
}

/// Order something.
///
/// # Errors
/// When the actor may not.
pub fn order(actor: &Actor) -> Result<Id<Person>, Error> {
    spends(actor)
}

/// Pay for an order, or confirm its flaws: its buyer.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's; [`Error::Forbidden`] for its seller.
pub fn pay(actor: &Actor, parties: Parties) -> Result<Id<Person>, Error> {
    match side(actor, parties) {
        Some(By::Buyer) => spends(actor),
        Some(_) => Err(Error::Forbidden),
        None => Err(hidden(actor)),
    }
}

/// Take a step of an order: one of the two, as which of them; what each may is the table's business.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's.
pub fn step(actor: &Actor, parties: Parties, event: Event) -> Result<By, Error> {
    let side = side(actor, parties).ok_or_else(|| hidden(actor))?;
    // What gives money away asks for the scope of money.
    let gives = matches!(
        event,
        Event::Confirm
            | Event::GiveBack
            | Event::GrantRefund
            | Event::GrantKeep
            | Event::GrantPart
            | Event::GrantReturn
            | Event::AcceptReturn
    );
    if gives {
        spends(actor)?
    } else {
        writes(actor)?
    };
    Ok(side)
}

/// See an order: one of the two, staff, or the program.
///
/// # Errors
/// [`Error::NotFound`] when it is not for the actor's eyes.
pub fn view(actor: &Actor, parties: Parties) -> Result<By, Error> {
    if let Some(side) = side(actor, parties) {
        view_own(actor)?;
        return Ok(side);
    }
    if oversees(actor) || actor.is_system() { Ok(By::Staff) } else { Err(hidden(actor)) }
}

/// See the disputes that wait, and decide them: staff.
///
/// # Errors
/// When the actor is none.
pub fn decide(actor: &Actor) -> Result<Id<Person>, Error> {
    staff(actor, &[Role::Moderator, Role::Support])
}

/// Decide on reports and hide messages: a moderator.
///
/// # Errors
/// When the actor is none.
pub fn moderate(actor: &Actor) -> Result<Id<Person>, Error> {
    staff(actor, &[Role::Moderator])
}

/// Offer to vote on disputes, or stop it.
///
/// # Errors
/// When the actor may not.
pub fn enlist(actor: &Actor) -> Result<Id<Person>, Error> {
    writes(actor)
}

/// Vote on a dispute; whether one has a seat is looked up.
///
/// # Errors
/// When the actor may not.
pub fn vote(actor: &Actor) -> Result<Id<Person>, Error> {
    writes(actor)
}

/// Review the other, or reply to a review: one of the two.
///
/// # Errors
/// [`Error::NotFound`] when the order is not the actor's.
pub fn review(actor: &Actor, parties: Parties) -> Result<By, Error> {
    converse(actor, parties)
}

/// Ask for an invoice: the seller for the platform's fee, the buyer for a shop's goods.
///
/// # Errors
/// [`Error::NotFound`] when the order is not the actor's.
pub fn invoice(actor: &Actor, parties: Parties) -> Result<By, Error> {
    let side = side(actor, parties).ok_or_else(|| hidden(actor))?;
    spends(actor)?;
    Ok(side)
}

/// Enter the number that the tax office gave an invoice: the support.
///
/// # Errors
/// When the actor is none.
pub fn record_invoice(actor: &Actor) -> Result<Id<Person>, Error> {
    staff(actor, &[Role::Support, Role::Administrator])
}

/// Run clocks, hear of payments, sweep: the program alone.
///
/// # Errors
/// When the actor may not.
pub fn run(actor: &Actor) -> Result<(), Error> {
    if actor.is_system() { Ok(()) } else { Err(Error::Forbidden) }
}

/// As which of the two the actor may act. Whoever sells for the shop is its seller; nobody is both.
pub(crate) fn side(actor: &Actor, parties: Parties) -> Option<By> {
    if actor.is(parties.buyer) {
        return Some(By::Buyer);
    }
    sells(actor, parties).then_some(By::Seller)
}

/// Whether the actor sells what this is about.
pub(crate) fn sells(actor: &Actor, parties: Parties) -> bool {
    match parties.shop {
        Some(shop) => sells_for(actor, shop),
        None => actor.is(parties.seller),
    }
}

fn writes(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Listings) { Ok(person) } else { Err(Error::Forbidden) }
}

fn spends(actor: &Actor) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    if actor.may(Scope::Account) { Ok(person) } else { Err(Error::Forbidden) }
}

fn staff(actor: &Actor, roles: &[Role]) -> Result<Id<Person>, Error> {
    let person = actor.person_id().ok_or(Error::Unauthenticated)?;
    let may = actor.may(Scope::Staff) && roles.iter().any(|role| actor.has(*role));
    if may { Ok(person) } else { Err(Error::Forbidden) }
}

fn oversees(actor: &Actor) -> bool {
    actor.may(Scope::Staff) && (actor.has(Role::Moderator) || actor.has(Role::Support))
}

/// What a stranger is told: sign in, or that there is nothing.
fn hidden(actor: &Actor) -> Error {
    if actor.person_id().is_none() { Error::Unauthenticated } else { Error::NotFound }
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
