//! What became of people, by the stretch of the clock in which they intended to come.

use super::tally::DONE_WITHIN;
use crate::model::Model;
use crate::time::{Span, Time};

/// What became of those of a class who came in one slot of the clock.
///
/// Counts only: a share done within a time speaks of all who came, where a median would speak of those who got through
/// and look better the more people are lost; and a histogram a slot would take more memory than all the rest of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Slots {
    /// Nanoseconds.
    width: u64,
    /// 2^64 over the width, rounded down: a division by it is a multiplication.
    inverse: u64,
    /// Those who come before have the times of [`DONE_WITHIN`] before the end.
    in_time: [Time; DONE_WITHIN.len()],
    /// The slots in which some have those times and some have not. In all others it is told at the end of the run.
    astride: [usize; DONE_WITHIN.len()],
    /// The first of them.
    first_astride: usize,
    /// The slot of the last arrival, and from when to when it is.
    present: (usize, Time, Time),
    pub(super) tallies: Vec<SlotTally>,
}

impl Slots {
    pub(super) fn new(model: &Model) -> Slots {
        let width = model.slot().0;
        let inverse = u64::try_from((1 << 64) / u128::from(width)).unwrap_or(u64::MAX);
        let in_time = DONE_WITHIN.map(|within| Time((model.end.0 + 1).saturating_sub(within.0)));
        let tallies = vec![SlotTally::default(); model.slots()];
        let astride = in_time.map(|before| if before == Time::ZERO { usize::MAX } else { (before.0 / width) as usize });
        let first_astride = astride.into_iter().min().unwrap_or(usize::MAX);
        Slots { width, inverse, in_time, astride, first_astride, present: (0, Time::ZERO, Time(width)), tallies }
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
        // People come in order: most into the slot of the one before.
        if arrived < self.present.1 || arrived >= self.present.2 {
            self.go_to(arrived);
        }
        let place = self.present.0;
        self.tallies[place].arrived += 1;
        if place >= self.first_astride {
            self.had_time(place, arrived);
        }
    }

    #[cold]
    fn go_to(&mut self, arrived: Time) {
        let place = self.place(arrived);
        let from = Time(place as u64 * self.width);
        self.present = (place, from, from + Span(self.width));
    }

    #[inline]
    pub(super) fn completion(&mut self, arrived: Time, taken: Span) {
        let place = self.place(arrived);
        let slot = &mut self.tallies[place];
        slot.completed += 1;
        slot.time += u128::from(taken.0);
        if place >= self.first_astride && self.astride.contains(&place) {
            self.done_astride(place, arrived, taken);
        } else if taken <= DONE_WITHIN[0] {
            slot.done_in_time.iter_mut().for_each(|done| *done += 1);
        } else {
            self.done_late(place, taken);
        }
    }

    #[inline(never)]
    fn done_late(&mut self, place: usize, taken: Span) {
        for (done, within) in self.tallies[place].done_in_time.iter_mut().zip(DONE_WITHIN) {
            *done += u32::from(taken <= within);
        }
    }

    #[cold]
    fn had_time(&mut self, place: usize, arrived: Time) {
        if !self.astride.contains(&place) {
            return;
        }
        for (had_time, before) in self.tallies[place].had_time.iter_mut().zip(self.in_time) {
            *had_time += u32::from(arrived < before);
        }
    }

    #[cold]
    fn done_astride(&mut self, place: usize, arrived: Time, taken: Span) {
        for ((done, within), before) in self.tallies[place].done_in_time.iter_mut().zip(DONE_WITHIN).zip(self.in_time) {
            *done += u32::from((taken <= within) & (arrived < before));
        }
    }

    /// At the end of a run: in the slots where all had the time, or none.
    pub(super) fn settle(&mut self) {
        for (place, slot) in self.tallies.iter_mut().enumerate().filter(|(place, _)| !self.astride.contains(place)) {
            let from = Time(place as u64 * self.width);
            for (i, before) in self.in_time.into_iter().enumerate() {
                slot.had_time[i] = if from < before { slot.arrived } else { 0 };
                slot.done_in_time[i] = if from < before { slot.done_in_time[i] } else { 0 };
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// In whatever order people come, each counts in the slot that a division tells.
        #[test]
        fn everybody_counts_in_their_slot(width in 1u64..1000, arrivals in prop::collection::vec(0u64..20_000, 1..200)) {
            let tallies = vec![SlotTally::default(); 20_000 / width as usize + 1];
            let inverse = ((1 << 64) / u128::from(width)).try_into().unwrap_or(u64::MAX);
            let astride = [usize::MAX; DONE_WITHIN.len()];
            let present = (0, Time::ZERO, Time(width));
            let mut slots = Slots { width, inverse, in_time: Default::default(), astride, first_astride: usize::MAX, present, tallies };
            let mut want = vec![0; slots.tallies.len()];
            for at in arrivals {
                slots.arrival(Time(at));
                want[(at / width) as usize] += 1;
            }
            prop_assert_eq!(slots.tallies.iter().map(|slot| slot.arrived).collect::<Vec<_>>(), want);
        }
    }

    /// On clocks shorter and longer than a day, against each person asked alone.
    #[test]
    fn who_had_the_time_and_used_it_is_told_to_the_nanosecond() {
        const HOUR: u64 = Span::from_seconds(3600).0;
        for end in [2 * HOUR, 30 * HOUR, 30 * HOUR + HOUR / 2].map(Time) {
            let (stations, classes, policies, incidents) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let model = Model { end, measure_from: Time::ZERO, bin: Span(HOUR), stations, classes, policies, incidents };
            let mut slots = Slots::new(&model);
            let mut want = vec![([0; 3], [0; 3]); slots.tallies.len()];
            let edges = DONE_WITHIN.into_iter().flat_map(|within| [end - within, end - within + Span(1)]);
            let moments = (0..61).map(|halves| Time(halves * HOUR / 2)).chain(edges).filter(|at| *at < end);
            let times: Vec<Span> = DONE_WITHIN.into_iter().flat_map(|within| [Span(7), within, within + Span(1)]).collect();
            for (arrived, taken) in moments.flat_map(|at| times.iter().map(move |taken| (at, *taken))) {
                slots.arrival(arrived);
                slots.completion(arrived, taken);
                let (had_time, done) = &mut want[(arrived.0 / HOUR) as usize];
                for (i, within) in DONE_WITHIN.into_iter().enumerate() {
                    let had = arrived + within <= end;
                    had_time[i] += u32::from(had);
                    done[i] += u32::from(had && taken <= within);
                }
            }
            slots.settle();
            let told: Vec<_> = slots.tallies.iter().map(|slot| (slot.had_time, slot.done_in_time)).collect();
            assert_eq!(told, want, "{end:?}");
        }
    }
}
