//! Bounded lists.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// One page of a list and the cursor of the next, if there is one.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Pass as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts a page out of one row more than was asked for: the extra row says that there is a next page, and
    /// the last row kept says where it starts.
    #[must_use]
    pub fn cut<K: Serialize>(mut rows: Vec<T>, limit: Limit, key: impl FnOnce(&T) -> K) -> Self {
        let more = rows.len() > limit.rows();
        rows.truncate(limit.rows());
        let next = if more { rows.last().map(|last| Cursor::of(&key(last))) } else { None };
        Self { items: rows, next }
    }

    /// The same page with each item turned into something else.
    #[must_use]
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next: self.next }
    }
}

/// Where a list goes on: the sort key of the last item seen, opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Cursor(String);

/// The text is no cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct CursorError;

impl Cursor {
    /// The longest text that is looked at.
    const MAX_LENGTH: usize = 1024;

    /// A cursor carrying a sort key.
    #[must_use]
    pub fn of<K: Serialize>(key: &K) -> Self {
        Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default()))
    }

    /// The sort key inside.
    ///
    /// # Errors
    /// When the text was not made by [`Cursor::of`] with a key of this shape.
    pub fn key<K: DeserializeOwned>(&self) -> Result<K, CursorError> {
        if self.0.len() > Self::MAX_LENGTH {
            return Err(CursorError);
        }
        let json = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| CursorError)?;
        serde_json::from_slice(&json).map_err(|_| CursorError)
    }

    /// The text as the client carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many items a page holds: 1 to 100, 24 unless asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The most that a page holds.
    pub const MAX: u16 = 100;

    /// What was asked for, brought into bounds.
    #[must_use]
    pub fn of(asked: Option<u32>) -> Self {
        let asked = asked.unwrap_or(24).clamp(1, u32::from(Self::MAX));
        Self(u16::try_from(asked).unwrap_or(Self::MAX))
    }

    /// Rows on the page.
    #[must_use]
    pub fn rows(self) -> usize {
        usize::from(self.0)
    }

    /// Rows to read: one more than the page, to know whether another follows.
    #[must_use]
    pub fn probe(self) -> u64 {
        u64::from(self.0) + 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_gives_back_its_key(a: i64, b in ".{0,40}") {
            let cursor = Cursor::of(&(a, &b));
            prop_assert_eq!(cursor.key::<(i64, String)>(), Ok((a, b)));
        }

        #[test]
        fn any_text_is_a_cursor_or_a_clean_refusal(text in ".{0,80}") {
            let cursor: Cursor = serde_json::from_value(text.into()).unwrap();
            let _: Result<(i64, String), CursorError> = cursor.key();
        }
    }

    #[test]
    fn a_page_names_the_next_only_when_there_is_one() {
        let limit = Limit::of(Some(2));
        assert!(Page::cut(vec![1, 2, 3], limit, |n| *n).next.is_some());
        assert!(Page::cut(vec![1, 2], limit, |n| *n).next.is_none());
    }
}
