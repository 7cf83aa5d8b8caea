//! Loads in up to four dimensions (kilograms, litres, pieces, and one to spare).

use std::ops::{Add, AddAssign, Sub, SubAssign};

use crate::error::ProblemError;

/// An amount in each dimension; dimensions not named are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Load([i64; Load::DIMENSIONS]);

impl Load {
    /// How many dimensions a load has at most.
    pub const DIMENSIONS: usize = 4;
    /// Nothing.
    pub const ZERO: Self = Self([0; Self::DIMENSIONS]);
    /// A capacity that nothing exceeds.
    pub const UNLIMITED: Self = Self([super::LIMIT - 1; Self::DIMENSIONS]);

    /// A load in one dimension.
    #[must_use]
    pub const fn of(amount: i64) -> Self {
        Self([amount, 0, 0, 0])
    }

    /// A load in several dimensions.
    ///
    /// # Errors
    /// [`ProblemError::TooManyDimensions`].
    pub fn new(amounts: &[i64]) -> Result<Self, ProblemError> {
        if amounts.len() > Self::DIMENSIONS {
            return Err(ProblemError::TooManyDimensions(amounts.len()));
        }
        let mut load = Self::ZERO;
        load.0[..amounts.len()].copy_from_slice(amounts);
        Ok(load)
    }

    /// The amount in each dimension.
    #[must_use]
    pub const fn amounts(&self) -> &[i64; Self::DIMENSIONS] {
        &self.0
    }

    /// Whether it fits into `capacity` in every dimension.
    #[must_use]
    pub fn fits(&self, capacity: &Self) -> bool {
        self.0.iter().zip(&capacity.0).all(|(amount, room)| amount <= room)
    }

    /// The larger of both, dimension by dimension.
    #[must_use]
    pub fn max(mut self, other: Self) -> Self {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = (*mine).max(theirs);
        }
        self
    }

    /// Whether it is nothing in every dimension.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0 == [0; Self::DIMENSIONS]
    }
}

impl AddAssign for Load {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }
}

impl SubAssign for Load {
    fn sub_assign(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine -= theirs;
        }
    }
}

impl Add for Load {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl Sub for Load {
    type Output = Self;
    fn sub(mut self, other: Self) -> Self {
        self -= other;
        self
    }
}
