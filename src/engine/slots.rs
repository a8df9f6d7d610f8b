//! What became of people, by the stretch of the clock in which they intended to come.

use super::recorder::DONE_WITHIN;
use crate::model::Model;
use crate::time::{Span, Time};

/// What became of those of a class who came in one slot of the clock.
///
/// Counts only: a share done within a time speaks of all who came, where a median would speak of those who got through
/// and look better the more people are lost; and a histogram a slot would take more memory than all the rest of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SlotTally {
    /// Applicants who came.
    pub arrived: u32,
    /// Of those, who got through.
    pub completed: u32,
    /// Of those, who gave up for good.
    pub abandoned: u32,
    /// Of those, who came so long before the end, see [`DONE_WITHIN`].
    pub had_time: [u32; DONE_WITHIN.len()],
    /// Of those, how many completed within that time.
    pub done_in_time: [u32; DONE_WITHIN.len()],
    /// Nanoseconds from intent to completion, of those who completed.
    pub time: u128,
}

/// The slots of one class.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// Nanoseconds.
    width: u64,
    /// 2^64 over the width, rounded down: a division by it is a multiplication.
    inverse: u64,
    /// Those who come before have the times of [`DONE_WITHIN`] before the end.
    in_time: [Time; DONE_WITHIN.len()],
    pub(super) tallies: Vec<SlotTally>,
}

impl Slots {
    pub(super) fn new(model: &Model) -> Slots {
        let width = model.slot().0;
        let inverse = u64::try_from((1 << 64) / u128::from(width)).unwrap_or(u64::MAX);
        let in_time = DONE_WITHIN.map(|within| Time((model.end.0 + 1).saturating_sub(within.0)));
        Slots { width, inverse, in_time, tallies: vec![SlotTally::default(); model.slots()] }
    }

    /// The number of the slot in which someone came.
    #[inline]
    pub(super) fn place(&self, arrived: Time) -> usize {
        // The product may be one too small, never too large.
        let slot = ((u128::from(arrived.0) * u128::from(self.inverse)) >> 64) as u64;
        (slot + u64::from(arrived.0 - slot * self.width >= self.width)) as usize
    }

    #[inline]
    pub(super) fn arrival(&mut self, arrived: Time) {
        let place = self.place(arrived);
        let slot = &mut self.tallies[place];
        slot.arrived += 1;
        for (had_time, before) in slot.had_time.iter_mut().zip(self.in_time) {
            *had_time += u32::from(arrived < before);
        }
    }

    #[inline]
    pub(super) fn completion(&mut self, arrived: Time, taken: Span) {
        let place = self.place(arrived);
        let slot = &mut self.tallies[place];
        slot.completed += 1;
        slot.time += u128::from(taken.0);
        for ((done, within), before) in slot.done_in_time.iter_mut().zip(DONE_WITHIN).zip(self.in_time) {
            *done += u32::from((taken <= within) & (arrived < before));
        }
    }

    #[inline]
    pub(super) fn abandonment(&mut self, arrived: Time) {
        let slot = self.place(arrived);
        self.tallies[slot].abandoned += 1;
    }

    /// Forgets all counts.
    pub(super) fn forget(&mut self) {
        self.tallies.fill(SlotTally::default());
    }
}
