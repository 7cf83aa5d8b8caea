//! The statements behind the lists, without what runs them: `plans` walks each along its index.

use luhuan_kernel::{Cursor, Id, Message, Person, Problem, Timestamp};
use sea_orm::{
    ColumnTrait, Condition as Where, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, LikeExpr},
};

use super::BrowseFilter;
use crate::{Listing, catalog::Catalog, entity::listing, model::State};

/// Where a list goes on: the instant and the id of the last row seen.
pub(super) type Place = (Timestamp, Id<Listing>);

/// The place that a cursor of a time-ordered list names.
pub(super) fn place(after: Option<&Cursor>) -> Result<Option<Place>, Problem> {
    let wrong = |_| Problem::invalid_field("after", Message::new("field-cursor"));
    after.map(|cursor| cursor.key().map_err(wrong)).transpose()
}

/// Rows that come after a place when newest first. The bound on `at` alone is what an index can start from; the rest
/// decides between rows of one instant.
pub(super) fn before<C: ColumnTrait>(at: C, id: C, place: Option<Place>) -> Where {
    let Some((then, last)) = place else { return Where::all() };
    Where::all().add(at.lte(then)).add(Where::any().add(at.lt(then)).add(id.lt(last)))
}

/// Standing in a state. The state is written into the statement: an index of one state only serves a query that is
/// known to ask for it, and of a parameter nothing is known.
pub(super) fn stands(state: State) -> Expr {
    listing::Column::State.into_expr().eq(Expr::cust(format!("'{state}'")))
}

/// What strangers find: published and not held, as far as the filter lets through.
pub(super) fn on_offer(filter: &BrowseFilter) -> Select<listing::Entity> {
    let mut query =
        listing::Entity::find().filter(stands(State::Published)).filter(listing::Column::Held.is_null());
    if let Some(code) = &filter.category {
        query = query.filter(within(code));
    }
    if let Some(code) = &filter.district {
        query = query.filter(listing::Column::District.eq(code));
    }
    if let Some(person) = filter.person {
        query = query
            .filter(listing::Column::PersonId.eq(person))
            .filter(listing::Column::OrganisationId.is_null());
    }
    if let Some(shop) = filter.organisation {
        query = query.filter(listing::Column::OrganisationId.eq(shop));
    }
    for word in &filter.words {
        query = query.filter(listing::Column::Title.into_expr().like(containing(word)));
    }
    query
}

/// The pattern of a text that contains a word, whatever signs are in the word.
fn containing(word: &str) -> LikeExpr {
    let plain = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("%{plain}%")).escape('\\')
}

/// In a category or below it; of an unknown code there is nothing.
fn within(code: &str) -> Expr {
    let catalog = Catalog::get();
    match catalog.category(code) {
        Some(category) if category.is_leaf() => listing::Column::Category.eq(code),
        Some(category) if category.parent.is_none() => listing::Column::Root.eq(code),
        _ => listing::Column::Category.is_in(catalog.leaves_below(code)),
    }
}

/// What is on offer, newest first.
pub(super) fn browse(filter: &BrowseFilter, after: Option<Place>, rows: u64) -> Select<listing::Entity> {
    on_offer(filter)
        .filter(before(listing::Column::PublishedAt, listing::Column::Id, after))
        .order_by_desc(listing::Column::PublishedAt)
        .order_by_desc(listing::Column::Id)
        .limit(rows)
}

/// A person's own in one state, last changed first.
pub(super) fn mine(
    person: Id<Person>,
    state: State,
    after: Option<Place>,
    rows: u64,
) -> Select<listing::Entity> {
    listing::Entity::find()
        .filter(listing::Column::PersonId.eq(person))
        .filter(stands(state))
        .filter(before(listing::Column::UpdatedAt, listing::Column::Id, after))
        .order_by_desc(listing::Column::UpdatedAt)
        .order_by_desc(listing::Column::Id)
        .limit(rows)
}

/// All that was ever sold.
pub(super) fn sold() -> Select<listing::Entity> {
    listing::Entity::find().filter(stands(State::Sold))
}
