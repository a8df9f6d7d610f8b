//! The ends of think, backoff and return: buckets of time that are sorted only when they come due.
//!
//! A hierarchical timing wheel (Varghese & Lauck, *Hashed and hierarchical timing wheels*, SOSP 1987) whose finest
//! slots keep exact times; 1,024 slots to a level, as many levels as all of `u64` needs. An entry is copied at most
//! once a level on its way down, and entries of a slot stay in the order in which they went in: those pushed straight
//! into a slot come after all that came down from the level above.

mod blocks;

use super::heap::MinHeap;
use super::ring::AHEAD;
use crate::time::Time;
use blocks::{Blocks, Chain};

const DIGIT: u32 = 10;
const SLOTS: usize = 1 << DIGIT;
/// Finest slots are at most 2^29 ns (0.5 s) wide, so that a turn finds many and few wait on a level above; 2^20 ns (1 ms) at
/// least.
const WIDEST: u32 = 29;
const NARROWEST: u32 = 20;
/// Up to so many people the widest slots serve; each doubling beyond halves them.
const FEW_PEOPLE: u64 = 1 << 21;

/// Items in order of time; times before the last one taken are not allowed.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Wheel {
    /// Logarithm of the width of a finest slot in nanoseconds.
    finest: u32,
    /// Number of the finest slot that was last due; never ahead of the last time taken, so that what is pushed later
    /// still finds its slot ahead.
    cursor: u64,
    /// What is left of that slot as it was when it came due, latest first: nanoseconds since the slot's begin and, in
    /// the lower half, the place in `items`.
    due: Vec<u64>,
    items: Vec<u32>,
    /// What was pushed into that slot since: time, number of the push, item.
    late: MinHeap<u128>,
    late_pushes: u32,
    levels: Vec<Level>,
    blocks: Blocks,
    /// The least time held.
    next: Time,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Level {
    slots: Vec<Slot>,
    /// One bit a slot that holds something, and one a word of such bits.
    occupied: [u64; SLOTS / 64],
    words: u32,
}

#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
struct Slot {
    earliest: Time,
    entries: Chain,
}

const EMPTY: Slot = Slot { earliest: Time::NEVER, entries: Chain::EMPTY };

impl Wheel {
    /// A wheel for so many people, all told.
    pub(super) fn new(people: u64) -> Wheel {
        let doublings = (people / FEW_PEOPLE).checked_ilog2().map_or(0, |log| log + 1);
        let finest = WIDEST.saturating_sub(doublings).max(NARROWEST);
        let level = || Level { slots: vec![EMPTY; SLOTS], occupied: [0; SLOTS / 64], words: 0 };
        Wheel {
            finest,
            cursor: 0,
            due: Vec::new(),
            items: Vec::new(),
            late: MinHeap::new(),
            late_pushes: 0,
            levels: (0..(u64::BITS - finest).div_ceil(DIGIT)).map(|_| level()).collect(),
            blocks: Blocks::default(),
            next: Time::NEVER,
        }
    }

    /// O(1); within the slot that is due, O(log n) of what was pushed there since.
    #[inline]
    pub(super) fn push(&mut self, at: Time, item: u32) {
        if at < self.next {
            self.comes_first(at);
        }
        if at.0 >> self.finest <= self.cursor {
            self.late.push(u128::from(at.0) << 64 | u128::from(self.late_pushes) << 32 | u128::from(item));
            self.late_pushes += 1;
        } else {
            self.place(at, item);
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

    /// Takes the next item. `coming` is told items that are to be taken soon.
    #[inline]
    pub(super) fn pop(&mut self, coming: impl Fn(u32)) -> Option<u32> {
        if self.due.is_empty() && self.late.is_empty() {
            self.turn();
            self.due.iter().rev().take(AHEAD).for_each(|due| coming(self.items[*due as u32 as usize]));
        }
        if let Some(due) = self.due.get(self.due.len().wrapping_sub(AHEAD + 1)) {
            coming(self.items[*due as u32 as usize]);
        }
        let due = self.due.last().map_or(Time::NEVER, |due| self.due_time(*due));
        // At one instant what is due comes first, for it was pushed before.
        let item = match self.late.peek() {
            Some(late) if time_of(*late) < due => self.late.pop().map(|late| late as u32),
            _ => self.due.pop().map(|due| self.items[due as u32 as usize]),
        };
        let due = self.due.last().map_or(Time::NEVER, |due| self.due_time(*due));
        let late = self.late.peek().map_or(Time::NEVER, |late| time_of(*late));
        self.next = due.min(late);
        if self.next == Time::NEVER {
            self.next = self.least_ahead();
        }
        item
    }

    /// How many are held, counted one by one.
    pub(super) fn count(&self) -> usize {
        let ahead = self.levels.iter().flat_map(|level| &level.slots);
        self.due.len() + self.late.len() + ahead.map(|slot| self.blocks.iter(slot.entries).count()).sum::<usize>()
    }

    #[inline]
    fn due_time(&self, due: u64) -> Time {
        Time((self.cursor << self.finest) + (due >> 32))
    }

    /// Puts an item into its slot ahead of the cursor.
    #[inline]
    fn place(&mut self, at: Time, item: u32) {
        let slot = at.0 >> self.finest;
        let level = ((slot ^ self.cursor).ilog2() / DIGIT) as usize;
        let digit = digit(slot, level);
        let level = &mut self.levels[level];
        let place = &mut level.slots[digit];
        place.earliest = place.earliest.min(at);
        self.blocks.push(&mut place.entries, at, item);
        level.occupied[digit / 64] |= 1 << (digit % 64);
        level.words |= 1 << (digit / 64);
    }

    /// The next slot that holds something: whatever a level holds comes before all of the level above.
    #[inline]
    fn next_slot(&self) -> Option<(usize, usize)> {
        let mut levels = self.levels.iter().enumerate();
        levels.find_map(|(number, level)| Some((number, level.next_occupied(digit(self.cursor, number))?)))
    }

    /// The least time beyond the slot that is due.
    fn least_ahead(&self) -> Time {
        self.next_slot().map_or(Time::NEVER, |(level, slot)| self.levels[level].slots[slot].earliest)
    }

    /// Moves the cursor to the next finest slot that holds something and makes it due.
    fn turn(&mut self) {
        self.late_pushes = 0;
        while let Some((level, slot)) = self.next_slot() {
            let below = DIGIT * level as u32;
            let above = (self.cursor >> below) & !(SLOTS as u64 - 1);
            self.cursor = (above | slot as u64) << below;
            let mut entries = self.levels[level].take(slot);
            if level == 0 {
                self.make_due(entries);
                return;
            }
            while let Some(first) = self.blocks.take_first(&mut entries) {
                for place in 0.. {
                    let Some((at, item)) = self.blocks.entry(first, place) else { break };
                    self.come_down(at, item);
                }
                self.blocks.give_back(first);
            }
            if !self.late.is_empty() {
                return;
            }
        }
    }

    /// An entry of a coarse slot that the cursor entered.
    #[inline]
    fn come_down(&mut self, at: Time, item: u32) {
        if at.0 >> self.finest == self.cursor { self.push(at, item) } else { self.place(at, item) }
    }

    fn make_due(&mut self, mut entries: Chain) {
        self.items.clear();
        let begin = self.cursor << self.finest;
        while let Some(first) = self.blocks.take_first(&mut entries) {
            for (at, item) in (0..).map_while(|place| self.blocks.entry(first, place)) {
                self.due.push((at.0 - begin) << 32 | self.items.len() as u64);
                self.items.push(item);
            }
            self.blocks.give_back(first);
        }
        self.due.sort_unstable_by(|a, b| b.cmp(a));
    }
}

impl Level {
    fn take(&mut self, slot: usize) -> Chain {
        self.occupied[slot / 64] &= !(1 << (slot % 64));
        self.words &= !(u32::from(self.occupied[slot / 64] == 0) << (slot / 64));
        std::mem::replace(&mut self.slots[slot], EMPTY).entries
    }

    /// The first slot after `slot` that holds something.
    #[inline]
    fn next_occupied(&self, slot: usize) -> Option<usize> {
        let (word, bit) = (slot / 64, slot % 64);
        // Two shifts, for one of 64 is none.
        let here = self.occupied[word] & (u64::MAX << bit << 1);
        if here != 0 {
            return Some(word * 64 + here.trailing_zeros() as usize);
        }
        let beyond = self.words & (u32::MAX << word << 1);
        (beyond != 0).then(|| {
            let word = beyond.trailing_zeros() as usize;
            word * 64 + self.occupied[word].trailing_zeros() as usize
        })
    }
}

#[inline]
fn time_of(late: u128) -> Time {
    Time((late >> 64) as u64)
}

/// The place of a finest slot in the ring of a level.
#[inline]
fn digit(slot: u64, level: usize) -> usize {
    (slot >> (DIGIT * level as u32)) as usize & (SLOTS - 1)
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
        fn comes_out_by_time_then_insertion(
            steps in prop::collection::vec((gap(), any::<bool>()), 1..400),
            people in prop::sample::select(vec![0, 3_000_000, 4_000_000_000]),
        ) {
            let mut wheel = Wheel::new(people);
            let mut reference: Vec<(Time, u32)> = Vec::new();
            let mut now = Time::ZERO;
            let check = |wheel: &mut Wheel, reference: &mut Vec<(Time, u32)>, now: &mut Time| {
                prop_assert_eq!(wheel.count(), reference.len());
                let least = reference.iter().map(|(at, _)| *at).min();
                prop_assert_eq!(wheel.peek(), least.unwrap_or(Time::NEVER));
                if let Some(least) = least {
                    let first = reference.iter().position(|(at, _)| *at == least).unwrap();
                    prop_assert_eq!(wheel.pop(|_| {}), Some(reference.remove(first).1));
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
            prop_assert_eq!(wheel.pop(|_| {}), None);
        }
    }

    #[test]
    fn what_is_due_what_came_late_and_what_is_ahead_all_count() {
        let mut wheel = Wheel::new(0);
        let width = 1 << wheel.finest;
        for (at, item) in [(width, 0), (width + 1, 1), (width + 2, 2), (5 * width, 3)] {
            wheel.push(Time(at), item);
        }
        assert_eq!(wheel.pop(|_| {}), Some(0));
        wheel.push(Time(width + 1), 4);
        assert_eq!((wheel.due.len(), wheel.late.len(), wheel.count()), (2, 1, 4));
    }

    #[test]
    fn a_coarse_slot_that_begins_with_nothing_is_gone_into_further() {
        let mut wheel = Wheel::new(0);
        wheel.push(Time((SLOTS as u64 + 5) << wheel.finest), 7);
        assert_eq!((wheel.pop(|_| {}), wheel.count()), (Some(7), 0));
    }

    #[test]
    fn each_item_of_a_slot_is_told_of_once_before_its_turn() {
        let (mut wheel, told) = (Wheel::new(0), std::cell::RefCell::new(Vec::new()));
        for item in 0..20 {
            wheel.push(Time((1 << wheel.finest) + u64::from(item)), item);
        }
        while let Some(item) = wheel.pop(|coming| told.borrow_mut().push(coming)) {
            assert!(told.borrow().contains(&item), "{item} was not told of");
        }
        assert_eq!(told.into_inner(), (0..20).collect::<Vec<_>>());
    }
}
