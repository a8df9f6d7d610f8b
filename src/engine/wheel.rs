//! The ends of think, backoff and return: buckets of time that are sorted only when they come due.
//!
//! A hierarchical timing wheel (Varghese & Lauck, *Hashed and hierarchical timing wheels*, SOSP 1987) whose finest
//! slots keep exact times: 2^24 ns wide (17 ms), 1,024 to a level, four levels, so that all of `u64` fits. An entry
//! is copied at most once a level on its way down. Equal times come out in the order in which they went in.

use super::heap::MinHeap;
use crate::time::Time;
use std::cmp::Ordering;

const FINEST: u32 = 24;
const DIGIT: u32 = 10;
const SLOTS: usize = 1 << DIGIT;
const LEVELS: usize = 4;
/// A coarse slot that grew beyond this gives its memory back when it is emptied.
const KEPT_CAPACITY: usize = 1024;

/// Items in order of time; times before the last one taken are not allowed.
#[derive(Debug)]
pub(super) struct Wheel {
    /// Number of the finest slot that was last due; never ahead of the last time taken, so that what is pushed later
    /// still finds its slot ahead.
    cursor: u64,
    /// What is left of that slot as it was when it came due, latest first.
    due: Vec<Entry>,
    /// What was pushed into that slot since.
    late: MinHeap<Entry>,
    levels: Vec<Level>,
    /// The least time held.
    next: Time,
    next_order: u32,
}

#[derive(Debug)]
struct Level {
    slots: Vec<Vec<Entry>>,
    /// The least time in each slot.
    earliest: Vec<Time>,
    occupied: [u64; SLOTS / 64],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    at: Time,
    item: u32,
    order: u32,
}

/// By time, then by insertion, whose counter may have wrapped.
impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        self.at.cmp(&other.at).then_with(|| (self.order.wrapping_sub(other.order) as i32).cmp(&0))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Wheel {
    pub(super) fn new() -> Wheel {
        let level = || Level { slots: vec![Vec::new(); SLOTS], earliest: vec![Time::NEVER; SLOTS], occupied: [0; SLOTS / 64] };
        let levels = (0..LEVELS).map(|_| level()).collect();
        Wheel { cursor: 0, due: Vec::new(), late: MinHeap::new(), levels, next: Time::NEVER, next_order: 0 }
    }

    /// O(1); within the slot that is due, O(log n) of what was pushed there since.
    #[inline]
    pub(super) fn push(&mut self, at: Time, item: u32) {
        let entry = Entry { at, item, order: self.next_order };
        self.next_order = self.next_order.wrapping_add(1);
        self.next = self.next.min(at);
        self.place(entry);
    }

    /// Time of the next item, [`Time::NEVER`] when there is none. O(1).
    #[inline]
    pub(super) fn peek(&self) -> Time {
        self.next
    }

    /// Takes the next item. When that makes a slot due, `coming` is told all its items: those soon to be taken.
    #[inline]
    pub(super) fn pop(&mut self, coming: impl FnOnce(&mut dyn Iterator<Item = u32>)) -> Option<u32> {
        if self.due.is_empty() && self.late.peek().is_none() {
            self.turn();
            coming(&mut self.due.iter().map(|entry| entry.item));
        }
        let late_first = match (self.due.last(), self.late.peek()) {
            (Some(due), Some(late)) => late < due,
            (due, _) => due.is_none(),
        };
        let entry = if late_first { self.late.pop() } else { self.due.pop() }?;
        self.next = match (self.due.last(), self.late.peek()) {
            (Some(due), Some(late)) => due.at.min(late.at),
            (Some(entry), None) | (None, Some(entry)) => entry.at,
            (None, None) => self.least_ahead(),
        };
        Some(entry.item)
    }

    /// How many are held, counted one by one.
    pub(super) fn count(&self) -> usize {
        let ahead = self.levels.iter().flat_map(|level| &level.slots);
        self.due.len() + ahead.map(Vec::len).sum::<usize>()
    }

    #[inline]
    fn place(&mut self, entry: Entry) {
        let slot = entry.at.0 >> FINEST;
        let differing = slot ^ self.cursor;
        if slot <= self.cursor {
            self.late.push(entry);
            return;
        }
        let level = (differing.ilog2() / DIGIT) as usize;
        self.levels[level].push(digit(slot, level), entry);
    }

    /// The next slot that holds something: whatever a level holds comes before all of the level above.
    fn next_slot(&self) -> Option<(usize, usize)> {
        (0..LEVELS).find_map(|level| {
            let after = digit(self.cursor, level);
            self.levels[level].next_occupied(after).map(|slot| (level, slot))
        })
    }

    /// The least time beyond the slot that is due.
    fn least_ahead(&self) -> Time {
        self.next_slot().map_or(Time::NEVER, |(level, slot)| self.levels[level].earliest[slot])
    }

    /// Moves the cursor to the next slot that holds something and makes it due.
    fn turn(&mut self) {
        while self.due.is_empty() && self.late.peek().is_none() {
            let Some((level, slot)) = self.next_slot() else { return };
            let below = DIGIT * level as u32;
            let above = (self.cursor >> below) & !(SLOTS as u64 - 1);
            self.cursor = (above | slot as u64) << below;
            let mut entries = self.levels[level].take(slot);
            if level == 0 {
                entries.sort_unstable_by(|a, b| b.cmp(a));
                std::mem::swap(&mut self.due, &mut entries);
            } else {
                entries.drain(..).for_each(|entry| self.place(entry));
            }
            if entries.capacity() <= KEPT_CAPACITY || level == 0 {
                self.levels[level].slots[slot] = entries;
            }
        }
    }
}

impl Level {
    #[inline]
    fn push(&mut self, slot: usize, entry: Entry) {
        self.slots[slot].push(entry);
        self.earliest[slot] = self.earliest[slot].min(entry.at);
        self.occupied[slot / 64] |= 1 << (slot % 64);
    }

    fn take(&mut self, slot: usize) -> Vec<Entry> {
        self.occupied[slot / 64] &= !(1 << (slot % 64));
        self.earliest[slot] = Time::NEVER;
        std::mem::take(&mut self.slots[slot])
    }

    /// The first slot after `slot` that holds something.
    fn next_occupied(&self, slot: usize) -> Option<usize> {
        let start = slot + 1;
        (start / 64..SLOTS / 64).find_map(|word| {
            let first = if word == start / 64 { start % 64 } else { 0 };
            let bits = self.occupied[word] & (u64::MAX << first);
            (bits != 0).then(|| word * 64 + bits.trailing_zeros() as usize)
        })
    }
}

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
        fn comes_out_by_time_then_insertion(steps in prop::collection::vec((gap(), any::<bool>()), 1..400)) {
            let mut wheel = Wheel::new();
            let mut reference: Vec<(Time, u32)> = Vec::new();
            let mut now = Time::ZERO;
            let check = |wheel: &mut Wheel, reference: &mut Vec<(Time, u32)>, now: &mut Time| {
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
}
