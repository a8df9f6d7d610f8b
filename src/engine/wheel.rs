//! The ends of think, backoff and return: buckets of time that are sorted only when they come due.
//!
//! A hierarchical timing wheel (Varghese & Lauck, *Hashed and hierarchical timing wheels*, SOSP 1987) whose finest
//! slots keep exact times ([`near`]); 1,024 slots to a level, as many levels as all of `u64` needs ([`far`]). An entry is
//! copied at most once a level on its way down, and entries of a slot stay in the order in which they went in: those
//! pushed straight into a slot come after all that came down from the level above. A slot that comes due is sorted
//! ([`due`]).

mod blocks;
mod due;
mod far;
mod near;
mod occupied;

use super::heap::MinHeap;
use crate::time::Time;
use due::{Due, Entry, offset};
use far::Far;
use near::Near;

const DIGIT: u32 = 10;
const SLOTS: usize = 1 << DIGIT;
/// Logarithm of the width of a finest slot in nanoseconds: half a second, so that a turn finds many and few wait on a level
/// above first.
const FINEST: u32 = 29;
/// Levels above the finest.
const ABOVE: u32 = (u64::BITS - FINEST).div_ceil(DIGIT) - 1;

/// Items in order of time; times before the last one taken are not allowed.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Wheel {
    /// Number of the finest slot that was last due; never ahead of the last time taken, so that what is pushed later
    /// still finds its slot ahead.
    cursor: u64,
    /// What is left of that slot.
    due: Due,
    /// Time of the first of them.
    due_next: Time,
    /// What was pushed into that slot since: time, number of the push, item.
    late: MinHeap<u128>,
    late_pushes: u32,
    late_next: Time,
    near: Near,
    far: Far,
    /// The least time held.
    next: Time,
}

impl Wheel {
    /// An empty wheel.
    pub(super) fn new() -> Wheel {
        Wheel {
            cursor: 0,
            due: Due::default(),
            due_next: Time::NEVER,
            late: MinHeap::new(),
            late_pushes: 0,
            late_next: Time::NEVER,
            near: Near::new(),
            far: Far::new(),
            next: Time::NEVER,
        }
    }

    /// O(1); within the slot that is due, O(log n) of what was pushed there since.
    #[inline]
    pub(super) fn push(&mut self, at: Time, item: u32) {
        if at < self.next {
            self.comes_first(at);
        }
        let slot = at.0 >> FINEST;
        if is_near(slot, self.cursor) {
            self.near.push(at, item);
        } else {
            self.push_elsewhere(slot, at, item);
        }
    }

    /// Not into the nearest level: into the slot that is due, or far off.
    #[inline(never)]
    fn push_elsewhere(&mut self, slot: u64, at: Time, item: u32) {
        if slot <= self.cursor {
            self.late.push(u128::from(at.0) << 64 | u128::from(self.late_pushes) << 32 | u128::from(item));
            self.late_pushes += 1;
            self.late_next = self.late_next.min(at);
        } else {
            self.far.push((slot ^ self.cursor).ilog2() / DIGIT, slot, at, item);
        }
    }

    /// A branch that is seldom taken, where a minimum would have the search for the next event wait for the draw of `at`.
    #[cold]
    fn comes_first(&mut self, at: Time) {
        self.next = at;
    }

    /// Time of the next item, [`Time::NEVER`] when there is none. O(1).
    #[inline]
    pub(super) fn peek(&self) -> Time {
        self.next
    }

    /// Takes the next item.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u32> {
        // At one instant what is due comes first, for it was pushed before.
        if self.due_next > self.late_next || self.due.len() == 0 {
            return self.pop_late_or_turn();
        }
        self.take_due()
    }

    /// Takes the first of the slot that is due.
    #[inline]
    fn take_due(&mut self) -> Option<u32> {
        let first = self.due.take_first();
        self.due_next = self.due.first().map_or(Time::NEVER, |entry| self.due_time(entry));
        self.look();
        first.map(|first| first as u32)
    }

    #[inline(never)]
    fn pop_late_or_turn(&mut self) -> Option<u32> {
        if self.late_next == Time::NEVER {
            self.turn();
            if self.due_next <= self.late_next {
                return self.take_due();
            }
        }
        let late = self.late.pop();
        self.late_next = self.late.peek().map_or(Time::NEVER, |late| Time((*late >> 64) as u64));
        self.look();
        late.map(|late| late as u32)
    }

    /// Finds the least time.
    #[inline]
    fn look(&mut self) {
        self.next = self.due_next.min(self.late_next);
        if self.next == Time::NEVER {
            self.next = self.least_ahead();
        }
    }

    /// Whether it is time to look at those that come soon: once for eight of the slot that is due, for several at once, so that
    /// the searches for the pages of what they name go on side by side. Late ones in between may have it done again.
    #[inline]
    pub(super) fn begins_group(&self) -> bool {
        self.due.begins_group()
    }

    /// The next eight of the slot that is due, fewer at its end.
    pub(super) fn next_of_due(&self) -> impl Iterator<Item = u32> {
        self.due.next()
    }

    /// The eight behind them, and at the slot's begin those too.
    #[inline]
    pub(super) fn soon_of_due(&self) -> impl Iterator<Item = u32> {
        self.due.soon()
    }

    /// How many are held, counted anew.
    pub(super) fn count(&self) -> usize {
        self.due.len() + self.late.len() + self.near.count() + self.far.count()
    }

    #[inline]
    fn due_time(&self, entry: Entry) -> Time {
        Time((self.cursor << FINEST) + offset(entry))
    }

    /// The least time beyond the slot that is due.
    fn least_ahead(&self) -> Time {
        match self.near.next(self.cursor) {
            Some(slot) => Time((first_of(self.cursor, 0, slot) << FINEST) + self.near.earliest(slot)),
            None => self.far.next(self.cursor).map_or(Time::NEVER, |(level, slot)| self.far.earliest(level, slot)),
        }
    }

    /// Moves the cursor to the next finest slot that holds something and makes it due.
    #[inline(never)]
    fn turn(&mut self) {
        self.late_pushes = 0;
        loop {
            if let Some(slot) = self.near.next(self.cursor) {
                self.cursor = first_of(self.cursor, 0, slot);
                self.near.make_due(slot, &mut self.due);
                self.due_next = self.due.first().map_or(Time::NEVER, |entry| self.due_time(entry));
                return;
            }
            let Some((level, slot)) = self.far.next(self.cursor) else { return };
            self.cursor = first_of(self.cursor, level, slot);
            let mut entries = self.far.take(level, slot);
            while let Some(first) = self.far.take_first(&mut entries) {
                for place in 0.. {
                    let Some((at, item)) = self.far.entry(first, place) else { break };
                    self.push(at, item);
                }
                self.far.give_back(first);
            }
            if !self.late.is_empty() {
                return;
            }
        }
    }
}

/// Whether a slot lies ahead of the cursor within the nearest level.
#[inline]
fn is_near(slot: u64, cursor: u64) -> bool {
    slot > cursor && slot ^ cursor < SLOTS as u64
}

/// The number of the first finest slot in a slot of a level that the cursor has not passed.
fn first_of(cursor: u64, level: u32, slot: usize) -> u64 {
    let below = DIGIT * level;
    let above = (cursor >> below) & !(SLOTS as u64 - 1);
    (above | slot as u64) << below
}

/// The place of a finest slot in the ring of a level.
#[inline]
fn digit(slot: u64, level: u32) -> usize {
    (slot >> (DIGIT * level)) as usize & (SLOTS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Times from nanoseconds to centuries ahead.
    fn gap() -> impl Strategy<Value = u64> {
        (0u32..60).prop_flat_map(|bits| 0u64..=(1 << bits))
    }

    proptest! {
        /// Against a stable sort: pushes and pops in turn, never before the last time taken.
        #[test]
        fn comes_out_by_time_then_insertion(steps in prop::collection::vec((gap(), any::<bool>()), 1..400)) {
            let mut wheel = Wheel::new();
            let mut reference: Vec<(Time, u32)> = Vec::new();
            let mut now = Time::ZERO;
            let check = |wheel: &mut Wheel, reference: &mut Vec<(Time, u32)>, now: &mut Time| {
                prop_assert_eq!(wheel.count(), reference.len());
                let least = reference.iter().map(|(at, _)| *at).min();
                prop_assert_eq!(wheel.peek(), least.unwrap_or(Time::NEVER));
                if let Some(least) = least {
                    let first = reference.iter().position(|(at, _)| *at == least).unwrap();
                    prop_assert_eq!(wheel.pop(), Some(reference.remove(first).1));
                    *now = least;
                }
                Ok(())
            };
            for (item, (ahead, pop)) in steps.iter().enumerate() {
                let at = Time(now.0.saturating_add(*ahead));
                wheel.push(at, item as u32);
                reference.push((at, item as u32));
                if *pop { check(&mut wheel, &mut reference, &mut now)?; }
            }
            while !reference.is_empty() { check(&mut wheel, &mut reference, &mut now)?; }
            prop_assert_eq!(wheel.pop(), None);
        }
    }

    #[test]
    fn what_is_due_what_came_late_and_what_is_ahead_all_count() {
        let mut wheel = Wheel::new();
        let width = 1 << FINEST;
        for (at, item) in [(width, 0), (width + 1, 1), (width + 2, 2), (5 * width, 3)] {
            wheel.push(Time(at), item);
        }
        assert_eq!(wheel.pop(), Some(0));
        wheel.push(Time(width + 1), 4);
        assert_eq!((wheel.due.len(), wheel.late.len(), wheel.count()), (2, 1, 4));
    }

    #[test]
    fn at_one_instant_the_order_of_pushes_holds_also_for_those_that_come_late() {
        let mut wheel = Wheel::new();
        let at = Time((1 << FINEST) + 5);
        wheel.push(Time(1 << FINEST), 9);
        wheel.push(at, 8);
        assert_eq!(wheel.pop(), Some(9));
        let late = [7, 3, 5, 1];
        late.into_iter().for_each(|item| wheel.push(at, item));
        assert_eq!(std::iter::from_fn(|| wheel.pop()).collect::<Vec<u32>>(), [8, 7, 3, 5, 1]);
    }

    #[test]
    fn a_coarse_slot_that_begins_with_something_or_nothing_is_gone_into_further() {
        for behind in [0, 5] {
            let mut wheel = Wheel::new();
            wheel.push(Time((SLOTS as u64 + behind) << FINEST), 7);
            assert_eq!((wheel.pop(), wheel.count()), (Some(7), 0));
        }
    }

    #[test]
    fn each_item_of_a_slot_is_looked_at_before_its_turn() {
        let mut wheel = Wheel::new();
        for item in 0..20 {
            wheel.push(Time((1 << FINEST) + u64::from(item)), item);
        }
        let (mut next, mut soon) = (Vec::new(), Vec::new());
        for item in 0..20 {
            assert_eq!(wheel.pop(), Some(item));
            assert!(item == 0 || (next.contains(&item) && soon.contains(&item)), "{item} was not looked at");
            if wheel.begins_group() {
                next.extend(wheel.next_of_due());
                soon.extend(wheel.soon_of_due());
            }
        }
        assert_eq!((next, soon), ((1..20).collect(), (1..20).collect()));
    }
}
