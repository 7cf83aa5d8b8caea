//! Identifiers.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Clock, random};

/// A UUIDv7 (RFC 9562 §5.7) naming a thing of kind `K`.
///
/// The first 48 bits are the millisecond of creation, so ids of one kind sort by age and index well. `K` is a
/// marker only: it keeps a seller's id from being passed where a listing's is wanted.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// A fresh id carrying the clock's time.
    #[must_use]
    pub fn new(clock: &dyn Clock) -> Self {
        let millis = <u64 as TryFrom<i64>>::try_from(clock.now().micros() / 1000).unwrap_or_default();
        let random = random::bytes::<10>();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid(), PhantomData)
    }

    /// An id that follows from a name: the same name, the same id. For data loaded twice (a demo, an import).
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// Its 16 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The bare UUID.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> hash::Hash for Id<K> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<K> FromStr for Id<K> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self::from_uuid)
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from_uuid)
    }
}

impl<K> utoipa::PartialSchema for Id<K> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::Custom("uuid".to_owned())))
            .into()
    }
}
impl<K> utoipa::ToSchema for Id<K> {}

// In the database: `uuid` on PostgreSQL, a 16-byte blob on SQLite. Both sort as the id does.
impl<K> From<Id<K>> for sea_orm::Value {
    fn from(id: Id<K>) -> Self {
        id.0.into()
    }
}
impl<K> sea_orm::TryGetable for Id<K> {
    fn try_get_by<I: sea_orm::ColIdx>(
        res: &sea_orm::QueryResult,
        index: I,
    ) -> Result<Self, sea_orm::TryGetError> {
        <Uuid as sea_orm::TryGetable>::try_get_by(res, index).map(Self::from_uuid)
    }
}
impl<K> ValueType for Id<K> {
    fn try_from(value: sea_orm::Value) -> Result<Self, ValueTypeErr> {
        <Uuid as ValueType>::try_from(value).map(Self::from_uuid)
    }
    fn type_name() -> String {
        "Id".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::Uuid
    }
    fn column_type() -> ColumnType {
        ColumnType::Uuid
    }
}
impl<K> Nullable for Id<K> {
    fn null() -> sea_orm::Value {
        <Uuid as Nullable>::null()
    }
}
impl<K> sea_orm::IntoActiveValue<Id<K>> for Id<K> {
    fn into_active_value(self) -> sea_orm::ActiveValue<Id<K>> {
        sea_orm::ActiveValue::Set(self)
    }
}
impl<K> sea_orm::TryFromU64 for Id<K> {
    fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
        Err(sea_orm::DbErr::ConvertFromU64("Id"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ManualClock;

    struct Thing;

    #[test]
    fn ids_of_later_instants_sort_later() {
        let clock = ManualClock::at("2026-01-01T00:00:00Z");
        let first: Id<Thing> = Id::new(&clock);
        clock.advance_seconds(1);
        let second: Id<Thing> = Id::new(&clock);
        assert!(first < second);
    }

    #[test]
    fn an_id_reads_back_from_its_text_and_nothing_else_does() {
        let id: Id<Thing> = Id::new(&ManualClock::at("2026-01-01T00:00:00Z"));
        assert_eq!(id.to_string().parse::<Id<Thing>>(), Ok(id));
        assert!("not-an-id".parse::<Id<Thing>>().is_err());
    }
}
