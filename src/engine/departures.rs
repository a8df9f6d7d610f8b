//! The ends of services to come.

use super::heap::MinHeap;
use super::wheel::Wheel;
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

/// More than this do not stay in the heap.
const MANY: usize = 1024;

/// All of them: few in a heap, many in a timing wheel.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Departures {
    heap: MinHeap<Departure>,
    /// The last one added, which goes into the heap when the next is added or one is taken: its way through the heap hangs on
    /// its time, which is drawn by then.
    fresh: Option<Departure>,
    /// The slots of the services, since there were many. Services start in the order of their numbers, so that those that end
    /// at one instant come out in the same order as of the heap.
    wheel: Option<Box<Wheel>>,
    in_wheel: usize,
    /// How many the heap holds before they go into the wheel.
    most: usize,
    /// Time of the first, [`Time::NEVER`] when there is none.
    next: Time,
}

impl Departures {
    /// None yet. Those that are not added in the order of their starts must all `stay` in the heap.
    pub(super) fn new(stay: bool) -> Departures {
        let most = if stay { usize::MAX } else { MANY };
        Departures { heap: MinHeap::new(), fresh: None, wheel: None, in_wheel: 0, most, next: Time::NEVER }
    }

    /// Time of the next one, [`Time::NEVER`] when there is none. O(1).
    #[inline]
    pub(super) fn peek(&self) -> Time {
        self.next
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len() + usize::from(self.fresh.is_some()) + self.in_wheel
    }

    /// How many there are, those in the wheel counted anew.
    pub(super) fn count(&self) -> usize {
        self.len() - self.in_wheel + self.wheel.as_ref().map_or(0, |wheel| wheel.count())
    }

    /// O(log n) of few, O(1) of many.
    #[inline]
    pub(super) fn push(&mut self, departure: Departure) {
        if departure.at() < self.next {
            self.comes_first(departure);
        }
        if let Some(wheel) = &mut self.wheel {
            wheel.push(departure.at(), departure.service());
            self.in_wheel += 1;
        } else if let Some(last) = self.fresh.replace(departure) {
            self.heap.push(last);
            if self.heap.len() > self.most {
                self.leave_the_heap();
            }
        }
    }

    /// A branch that is seldom taken, where a minimum would have the search for the next event wait for the draw of the
    /// service.
    #[cold]
    fn comes_first(&mut self, departure: Departure) {
        self.next = departure.at();
    }

    /// From now on in the wheel.
    #[cold]
    fn leave_the_heap(&mut self) {
        self.fresh.take().into_iter().for_each(|fresh| self.heap.push(fresh));
        let mut heap = std::mem::replace(&mut self.heap, MinHeap::new());
        let in_order = std::iter::from_fn(|| heap.pop());
        self.fill_wheel(in_order.map(|departure| (departure.at(), departure.service())));
    }

    /// Has these in the wheel and no others.
    fn fill_wheel(&mut self, in_order: impl Iterator<Item = (Time, u32)>) {
        let mut wheel = Wheel::new();
        self.in_wheel = 0;
        for (at, service) in in_order {
            wheel.push(at, service);
            self.in_wheel += 1;
        }
        self.next = wheel.peek();
        self.wheel = Some(Box::new(wheel));
    }

    /// Takes the next one. O(log n) of few, O(1) of many.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Departure> {
        if self.wheel.is_some() {
            return self.pop_of_many();
        }
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

    /// None of them is asked for its order: only looks at shared workers are, which keep all in the heap.
    #[inline(never)]
    fn pop_of_many(&mut self) -> Option<Departure> {
        let wheel = self.wheel.as_mut()?;
        let (at, service) = (wheel.peek(), wheel.pop()?);
        self.in_wheel -= 1;
        self.next = wheel.peek();
        Some(Departure::new(at, 0, service))
    }

    /// The wheel, where they are many.
    #[inline]
    pub(super) fn of_many(&self) -> Option<&Wheel> {
        self.wheel.as_deref()
    }

    /// Drops some. O(n log n) of few, O(n) of many.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        if let Some(mut wheel) = self.wheel.take() {
            let in_order = std::iter::from_fn(|| Some((wheel.peek(), wheel.pop()?)));
            return self.fill_wheel(in_order.filter(|(_, service)| keep(*service)));
        }
        self.fresh.take().into_iter().for_each(|fresh| self.heap.push(fresh));
        self.heap.retain(|departure| keep(departure.service()));
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
        /// Against a sorted list: additions, departures and clean-ups in any turn, with many at one instant, in the heap and on
        /// the way from it into the wheel.
        #[test]
        fn they_come_by_time_then_start(
            steps in prop::collection::vec((0u64..20, 0u8..8), 1..200),
            most in prop::sample::select(vec![0, 5, usize::MAX]),
        ) {
            let (mut departures, mut reference) = (Departures { most, ..Departures::new(false) }, Vec::new());
            let mut now = 0;
            for (start, (wait, what)) in (0..).zip(steps) {
                match what {
                    0 => {
                        departures.retain(|service| u64::from(service) % 20 != wait);
                        reference.retain(|(_, start)| start % 20 != wait);
                    }
                    1..4 => {
                        let first = (!reference.is_empty()).then(|| reference.remove(0));
                        now = first.map_or(now, |(at, _)| at);
                        prop_assert_eq!(departures.pop().map(|it| (it.at().0, u64::from(it.service()))), first);
                    }
                    _ => {
                        departures.push(Departure::new(Time(now + wait), start, start as u32));
                        reference.push((now + wait, start));
                        reference.sort_unstable();
                    }
                }
                let next = reference.first().map_or(Time::NEVER, |(time, _)| Time(*time));
                prop_assert_eq!((departures.peek(), departures.len()), (next, reference.len()));
                prop_assert_eq!(departures.count(), reference.len());
            }
        }
    }

    #[test]
    fn many_go_into_the_wheel_unless_they_are_to_stay() {
        for stay in [false, true] {
            let mut departures = Departures::new(stay);
            for start in 0..2 * MANY as u64 {
                departures.push(Departure::new(Time(start), start, start as u32));
                let leaves = !stay && start > MANY as u64;
                assert_eq!((departures.wheel.is_some(), departures.len()), (leaves, start as usize + 1));
            }
            assert_eq!(departures.heap.is_empty(), !stay);
        }
    }
}
