//! The ends of services to come.

use super::heap::MinHeap;
use super::tournament::{MOST, NO_TIME, Tournament};
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

/// None, in the place of one.
const NONE: Departure = Departure(u128::MAX);

/// All of them.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Departures {
    held: Held,
    /// Of few the last one added, which is held when the next is added or one is taken: where it belongs hangs on its time,
    /// which is drawn by then.
    fresh: Departure,
    /// Time of the first; after all of them when there is none.
    next: Time,
}

/// Those that are not fresh.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
enum Held {
    /// At places, which are the slots of their services.
    Few(Tournament),
    /// The slots of the services, since there were many or because the clock runs for longer than a tournament can tell; and how
    /// many there are. Services start in the order of their numbers, so that those that end at one instant come out in the same
    /// order as of few.
    Many(Box<Wheel>, usize),
    /// With looks at shared workers among them, which have no slots and are not added in the order of starts.
    Mixed(MinHeap<Departure>),
}

impl Departures {
    /// None yet; whether there will be looks among them, and before when all of them are.
    pub(super) fn new(with_looks: bool, end: Time) -> Departures {
        let held = if with_looks {
            Held::Mixed(MinHeap::new())
        } else if end.0 > NO_TIME {
            in_wheel(std::iter::empty())
        } else {
            Held::Few(Tournament::new())
        };
        Departures { held, fresh: NONE, next: Time::NEVER }
    }

    /// Time of the next one; after all of them when there is none. O(1).
    #[inline]
    pub(super) fn peek(&self) -> Time {
        self.next
    }

    pub(super) fn len(&self) -> usize {
        let held = match &self.held {
            Held::Few(few) => few.len(),
            Held::Many(_, len) => *len,
            Held::Mixed(heap) => heap.len(),
        };
        held + usize::from(self.fresh != NONE)
    }

    /// How many there are, those in the wheel counted anew.
    pub(super) fn count(&self) -> usize {
        if let Held::Many(wheel, _) = &self.held { wheel.count() } else { self.len() }
    }

    /// O(1) for most, O(log n) at worst.
    #[inline]
    pub(super) fn push(&mut self, departure: Departure) {
        if departure.at() < self.next {
            self.comes_first(departure);
        }
        if !matches!(self.held, Held::Few(_)) {
            return self.hold_elsewhere(departure);
        }
        let last = std::mem::replace(&mut self.fresh, departure);
        if last.at() != Time::NEVER {
            self.hold(last);
        }
    }

    /// A branch that is seldom taken, where a minimum would have the search for the next event wait for the draw of the
    /// service.
    #[cold]
    fn comes_first(&mut self, departure: Departure) {
        self.next = departure.at();
    }

    /// Holds one that is fresh no longer.
    #[inline]
    fn hold(&mut self, departure: Departure) {
        match &mut self.held {
            Held::Few(few) if (departure.service() as usize) < few.size() => {
                few.insert(departure.at().0, departure.order(), departure.service());
            }
            _ => self.hold_elsewhere(departure),
        }
    }

    #[inline(never)]
    fn hold_elsewhere(&mut self, departure: Departure) {
        match &mut self.held {
            Held::Few(few) if few.size() < MOST => {
                few.grow();
                self.hold(departure);
            }
            Held::Few(few) => {
                let in_order = std::iter::from_fn(|| Some((Time(few.peek()), few.pop()?)));
                self.held = in_wheel(in_order);
                let fresh = std::mem::replace(&mut self.fresh, NONE);
                [departure, fresh].into_iter().filter(|it| *it != NONE).for_each(|it| self.hold_elsewhere(it));
            }
            Held::Many(wheel, len) => {
                wheel.push(departure.at(), departure.service());
                *len += 1;
            }
            Held::Mixed(heap) => heap.push(departure),
        }
    }

    /// Takes the next one. O(log n) of few, O(1) of many.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Departure> {
        let Held::Few(few) = &mut self.held else { return self.pop_elsewhere() };
        let fresh = std::mem::replace(&mut self.fresh, NONE);
        if fresh.at().0 < few.peek() {
            self.next = Time(few.peek());
            return Some(fresh);
        }
        let (at, service) = (self.next, few.pop()?);
        self.next = Time(few.peek());
        if fresh.at() != Time::NEVER {
            if fresh.at() < self.next {
                self.comes_first(fresh);
            }
            self.hold(fresh);
        }
        Some(Departure::new(at, 0, service))
    }

    /// Only looks are asked for their order.
    #[inline(never)]
    fn pop_elsewhere(&mut self) -> Option<Departure> {
        let departure = match &mut self.held {
            Held::Few(_) => None,
            Held::Many(wheel, len) => {
                let at = wheel.peek();
                wheel.pop().map(|service| {
                    *len -= 1;
                    Departure::new(at, 0, service)
                })
            }
            Held::Mixed(heap) => heap.pop(),
        };
        self.look();
        departure
    }

    /// The wheel, where they are many.
    #[inline]
    pub(super) fn of_many(&self) -> Option<&Wheel> {
        if let Held::Many(wheel, _) = &self.held { Some(wheel) } else { None }
    }

    /// Drops some. O(n log n).
    pub(super) fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        let fresh = std::mem::replace(&mut self.fresh, NONE);
        if fresh != NONE {
            self.hold(fresh);
        }
        match &mut self.held {
            Held::Few(few) => few.retain(keep),
            Held::Many(wheel, _) => {
                let in_order = std::iter::from_fn(|| Some((wheel.peek(), wheel.pop()?)));
                self.held = in_wheel(in_order.filter(|(_, service)| keep(*service)));
            }
            Held::Mixed(heap) => heap.retain(|departure| keep(departure.service())),
        }
        self.look();
    }

    /// Once none is fresh.
    fn look(&mut self) {
        self.next = match &self.held {
            Held::Few(few) => Time(few.peek()),
            Held::Many(wheel, _) => wheel.peek(),
            Held::Mixed(heap) => heap.peek().map_or(Time::NEVER, |departure| departure.at()),
        };
    }
}

fn in_wheel(in_order: impl Iterator<Item = (Time, u32)>) -> Held {
    let (mut wheel, mut len) = (Wheel::new(), 0);
    for (at, service) in in_order {
        wheel.push(at, service);
        len += 1;
    }
    Held::Many(Box::new(wheel), len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a sorted list: additions, departures and clean-ups in any turn, with many at one instant and slots taken again
        /// once they are free, of few, of many, on the way from one to the other, and with looks in any order among them.
        #[test]
        fn they_come_by_time_then_start(
            steps in prop::collection::vec((0u64..20, 0u8..8, any::<bool>()), 1..300),
            (slots, end) in prop::sample::select(vec![(5, 1 << 20), (100, 1 << 20), (MOST as u32 + 50, 1 << 20), (100, NO_TIME + 1)]),
            with_looks in any::<bool>(),
        ) {
            let (mut departures, mut reference) = (Departures::new(with_looks, Time(end)), Vec::<(u64, u64, u32)>::new());
            let (mut free, mut now): (Vec<u32>, u64) = (if slots > 100 { (0..slots).collect() } else { (0..slots).rev().collect() }, 0);
            for (start, (wait, what, looks)) in (1000..).zip(steps) {
                match what {
                    0 => {
                        departures.retain(|service| u64::from(service) % 20 != wait);
                        let dropped = reference.extract_if(.., |it| u64::from(it.2) % 20 == wait);
                        free.extend(dropped.map(|it| it.2).filter(|slot| slot & TICK == 0));
                    }
                    1..4 => {
                        let first = (!reference.is_empty()).then(|| reference.remove(0));
                        now = first.map_or(now, |it| it.0);
                        prop_assert_eq!(departures.pop().map(|it| (it.at().0, it.service())), first.map(|it| (it.0, it.2)));
                        free.extend(first.map(|it| it.2).filter(|slot| slot & TICK == 0));
                    }
                    _ => {
                        let look = (with_looks && looks).then_some((start - 900 * (wait % 2), TICK | (wait as u32 % 3)));
                        let Some((order, slot)) = look.or_else(|| free.pop().map(|slot| (start, slot))) else { continue };
                        departures.push(Departure::new(Time(now + wait), order, slot));
                        reference.push((now + wait, order, slot));
                        reference.sort_unstable();
                    }
                }
                let next = reference.first().map_or(Time(NO_TIME), |it| Time(it.0));
                prop_assert_eq!((departures.peek().min(Time(NO_TIME)), departures.len()), (next, reference.len()));
                prop_assert_eq!(departures.count(), reference.len());
            }
        }
    }

    #[test]
    fn many_go_into_the_wheel_unless_there_are_looks_and_all_do_whose_times_are_beyond_a_tournament() {
        for (with_looks, end) in [(false, NO_TIME), (true, NO_TIME), (false, NO_TIME + 1)] {
            let mut departures = Departures::new(with_looks, Time(end));
            for start in 0..2 * MOST as u64 {
                departures.push(Departure::new(Time(end - 1), start, start as u32));
                // The last one is fresh.
                let many = !with_looks && (start > MOST as u64 || end > NO_TIME);
                assert_eq!((departures.of_many().is_some(), departures.len()), (many, start as usize + 1));
                assert_eq!(matches!(departures.held, Held::Mixed(_)), with_looks);
                assert_eq!(departures.peek(), Time(end - 1));
            }
        }
    }
}
