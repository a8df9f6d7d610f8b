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
    /// Time of the first, [`Time::NEVER`] when there is none.
    next: Time,
}

impl Departures {
    pub(super) fn new() -> Departures {
        Departures { heap: MinHeap::new(), next: Time::NEVER }
    }

    /// Time of the next one, [`Time::NEVER`] when there is none. O(1).
    #[inline]
    pub(super) fn peek(&self) -> Time {
        self.next
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    /// O(log n).
    #[inline]
    pub(super) fn push(&mut self, departure: Departure) {
        if departure.at() < self.next {
            self.comes_first(departure);
        }
        self.heap.push(departure);
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
        let departure = self.heap.pop();
        self.look();
        departure
    }

    /// The next one and some that may come next after it.
    #[inline]
    pub(super) fn first_few(&self) -> impl Iterator<Item = Departure> {
        self.heap.iter().take(5).copied()
    }

    /// Drops some. O(n log n).
    pub(super) fn retain(&mut self, keep: impl FnMut(&Departure) -> bool) {
        self.heap.retain(keep);
        self.look();
    }

    #[inline]
    fn look(&mut self) {
        self.next = self.heap.peek().map_or(Time::NEVER, |departure| departure.at());
    }
}
