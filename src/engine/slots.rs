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
    end: Time,
    pub(super) tallies: Vec<SlotTally>,
}

impl Slots {
    pub(super) fn new(model: &Model) -> Slots {
        Slots { width: model.slot().0, end: model.end, tallies: vec![SlotTally::default(); model.slots()] }
    }

    /// The number of the slot in which someone came.
    #[inline]
    pub(super) fn place(&self, arrived: Time) -> usize {
        (arrived.0 / self.width) as usize
    }

    #[inline]
    pub(super) fn arrival(&mut self, arrived: Time) {
        let (slot, end) = (self.place(arrived), self.end);
        let slot = &mut self.tallies[slot];
        slot.arrived += 1;
        for (had_time, within) in slot.had_time.iter_mut().zip(DONE_WITHIN) {
            *had_time += u32::from(arrived + within <= end);
        }
    }

    #[inline]
    pub(super) fn completion(&mut self, arrived: Time, taken: Span) {
        let (slot, end) = (self.place(arrived), self.end);
        let slot = &mut self.tallies[slot];
        slot.completed += 1;
        slot.time += u128::from(taken.0);
        for (done, within) in slot.done_in_time.iter_mut().zip(DONE_WITHIN) {
            *done += u32::from(taken <= within && arrived + within <= end);
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
