//! Which changes count: the newest of each listing, and none that is older than its removal.

use std::collections::{HashMap, VecDeque};

use uuid::Uuid;

use crate::Change;

/// Of several changes of one listing in a batch, the newest; the order of the rest does not matter.
pub(crate) fn newest(changes: &[Change]) -> impl Iterator<Item = &Change> {
    let mut newest: HashMap<Uuid, &Change> = HashMap::with_capacity(changes.len());
    for change in changes {
        let kept = newest.entry(change.id().uuid()).or_insert(change);
        if change.version() >= kept.version() {
            *kept = change;
        }
    }
    newest.into_values()
}

/// Removals that are remembered.
const REMEMBERED: usize = 4_096;

/// The versions at which listings were removed, the latest few thousand of them.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    versions: HashMap<Uuid, i64>,
    order: VecDeque<Uuid>,
}

impl Removed {
    /// At which version a listing was removed.
    pub fn version(&self, id: Uuid) -> Option<i64> {
        self.versions.get(&id).copied()
    }

    /// It is removed.
    pub fn remember(&mut self, id: Uuid, version: i64) {
        if self.versions.insert(id, version).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.versions.remove(&oldest);
        }
    }

    /// It is back, by a newer change.
    pub fn forget(&mut self, id: Uuid) {
        self.versions.remove(&id);
        self.order.retain(|other| *other != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut removed = Removed::default();
        for number in 0..=REMEMBERED as u128 {
            removed.remember(Uuid::from_u128(number), 1);
        }
        assert_eq!(removed.version(Uuid::from_u128(0)), None);
        assert_eq!(removed.version(Uuid::from_u128(1)), Some(1));
        removed.forget(Uuid::from_u128(1));
        assert_eq!(removed.version(Uuid::from_u128(1)), None);
    }
}
