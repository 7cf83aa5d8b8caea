//! Where a page of hits ends.

use luhuan_kernel::{Cursor, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Query, Reach, SearchError};

/// The place of the last hit of a page, and what must stay the same on the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct After {
    /// Which search this is: the cursor of one is refused by another.
    search: u64,
    /// The hit's rank in the order asked; higher comes first.
    pub rank: i64,
    /// The hit, to part those of equal rank.
    pub id: Uuid,
    /// How strictly the first page took the words.
    pub reach: Reach,
    /// The instant that freshness was measured from.
    now: i64,
}

impl After {
    /// The cursor behind a hit.
    pub fn cursor(query: &Query, now: Timestamp, reach: Reach, rank: i64, id: Uuid) -> Cursor {
        Cursor::of(&Self { search: fingerprint(query), rank, id, reach, now: now.micros() })
    }

    /// Where this search goes on, if it is not the first page.
    ///
    /// # Errors
    /// [`SearchError::Refused`] when the cursor is not one, or is of another search.
    pub fn of(query: &Query) -> Result<Option<Self>, SearchError> {
        let Some(cursor) = &query.after else { return Ok(None) };
        let after: Self = cursor.key()?;
        if after.search != fingerprint(query) {
            return Err(SearchError::Refused("the cursor belongs to another search"));
        }
        Ok(Some(after))
    }

    /// The instant that freshness is measured from.
    pub fn now(self) -> Timestamp {
        Timestamp::from_micros(self.now)
    }
}

/// A number that differs between searches whose pages must not be mixed. What only shapes a page is left out.
fn fingerprint(query: &Query) -> u64 {
    let Query {
        text,
        category,
        min_price,
        max_price,
        districts,
        conditions,
        deliveries,
        attributes,
        seller,
        near,
        within,
        ..
    } = query;
    let asked = format!(
        "{text:?}{category:?}{min_price:?}{max_price:?}{districts:?}{conditions:?}{deliveries:?}{attributes:?}\
         {seller:?}{near:?}{within:?}{:?}",
        query.order()
    );
    fnv(asked.as_bytes())
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_refused_by_another_search() {
        let now = Timestamp::from_micros(5);
        let mut query = Query::of("手机", now);
        query.after = Some(After::cursor(&query, now, Reach::Loose, 7, Uuid::nil()));
        let after = After::of(&query).unwrap().unwrap();
        assert_eq!((after.rank, after.reach, after.now()), (7, Reach::Loose, now));
        query.max_price = Some(1);
        assert!(matches!(After::of(&query), Err(SearchError::Refused(_))));
    }
}
