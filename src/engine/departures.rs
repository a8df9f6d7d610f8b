//! The ends of services to come.

use super::heap::MinHeap;
use crate::time::Time;

/// The end of a service, in order of time, then of start: the time, the number of the start (its lower 32 bits) and the
/// service's slot, in one number that compares at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) struct Departure(u128);

impl Departure {
    #[inline]
    pub(super) fn new(at: Time, order: u64, service: u32) -> Departure {
        Departure(u128::from(at.0) << 64 | u128::from(order as u32) << 32 | u128::from(service))
    }

    #[inline]
    pub(super) fn at(self) -> Time {
        Time((self.0 >> 64) as u64)
    }

    /// The lower 32 bits of the number of the start.
    #[inline]
    pub(super) fn order(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The slot of the service.
    #[inline]
    pub(super) fn service(self) -> u32 {
        self.0 as u32
    }
}

/// Marks a departure that is none, but a look at the station of that number, whose workers are shared.
pub(super) const TICK: u32 = 1 << 31;

/// All of them.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Departures {
    heap: MinHeap<Departure>,
    /// The last one added, which goes into the heap when the next is added or one is taken: its way through the heap hangs on
    /// its time, which is drawn by then.
    fresh: Option<Departure>,
    /// Time of the first, [`Time::NEVER`] when there is none.
    next: Time,
}

impl Departures {
    pub(super) fn new() -> Departures {
        Departures { heap: MinHeap::new(), fresh: None, next: Time::NEVER }
    }

    /// Time of the next one, [`Time::NEVER`] when there is none. O(1).
    #[inline]
    pub(super) fn peek(&self) -> Time {
        self.next
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len() + usize::from(self.fresh.is_some())
    }

    /// O(log n).
    #[inline]
    pub(super) fn push(&mut self, departure: Departure) {
        if departure.at() < self.next {
            self.comes_first(departure);
        }
        if let Some(last) = self.fresh.replace(departure) {
            self.heap.push(last);
        }
    }

    /// A branch that is seldom taken, where a minimum would have the search for the next event wait for the draw of the
    /// service.
    #[cold]
    fn comes_first(&mut self, departure: Departure) {
        self.next = departure.at();
    }

    /// Takes the next one. O(log n).
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Departure> {
        let departure = match (self.fresh.take(), self.heap.peek().copied()) {
            (None, _) => self.heap.pop(),
            (Some(fresh), Some(first)) if first < fresh => {
                self.heap.replace_top(fresh);
                Some(first)
            }
            (fresh, _) => fresh,
        };
        self.look();
        departure
    }

    /// Some that may come next, the first of the heap before all.
    #[inline]
    pub(super) fn first_few(&self) -> impl Iterator<Item = Departure> {
        self.heap.iter().take(5).copied()
    }

    /// Drops some. O(n log n).
    pub(super) fn retain(&mut self, keep: impl FnMut(&Departure) -> bool) {
        self.fresh.take().into_iter().for_each(|fresh| self.heap.push(fresh));
        self.heap.retain(keep);
        self.look();
    }

    /// Once none is fresh.
    #[inline]
    fn look(&mut self) {
        self.next = self.heap.peek().map_or(Time::NEVER, |departure| departure.at());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a sorted list: additions, departures and clean-ups in any turn, with many at one instant.
        #[test]
        fn they_come_by_time_then_start(steps in prop::collection::vec((0u64..20, 0u8..8), 1..200)) {
            let (mut departures, mut reference) = (Departures::new(), Vec::new());
            for (start, (at, what)) in (0..).zip(steps) {
                match what {
                    0 => {
                        departures.retain(|departure| departure.at().0 != at);
                        reference.retain(|(time, _)| *time != at);
                    }
                    1..4 => {
                        let first = (!reference.is_empty()).then(|| reference.remove(0));
                        prop_assert_eq!(departures.pop().map(|it| (it.at().0, u64::from(it.service()))), first);
                    }
                    _ => {
                        departures.push(Departure::new(Time(at), start, start as u32));
                        reference.push((at, start));
                        reference.sort_unstable();
                    }
                }
                let next = reference.first().map_or(Time::NEVER, |(time, _)| Time(*time));
                prop_assert_eq!((departures.peek(), departures.len()), (next, reference.len()));
            }
        }
    }
}
