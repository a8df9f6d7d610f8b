//! The coarser levels of the wheel.

use super::blocks::{Blocks, Chain, First};
use super::occupied::Occupied;
use super::{ABOVE, SLOTS, digit};
use crate::time::Time;

/// What waits in slots of 1,024 finest ones, of 1,024 such, and so on; each comes down one or more levels when the cursor
/// enters its slot.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Far {
    /// From level 1 on.
    levels: Vec<Level>,
    /// A time in two words, and the item.
    blocks: Blocks<[u32; 3]>,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Level {
    slots: Vec<Slot>,
    occupied: Occupied,
}

#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
struct Slot {
    earliest: Time,
    entries: Chain,
}

const EMPTY: Slot = Slot { earliest: Time::NEVER, entries: Chain::EMPTY };

impl Far {
    /// All levels, empty.
    pub(super) fn new() -> Far {
        let level = || Level { slots: vec![EMPTY; SLOTS], occupied: Occupied::none() };
        Far { levels: (0..ABOVE).map(|_| level()).collect(), blocks: Blocks::new() }
    }

    /// Puts an item into the slot of a level, where `slot` is the number of its finest slot.
    #[inline(never)]
    pub(super) fn push(&mut self, level: u32, slot: u64, at: Time, item: u32) {
        let place = digit(slot, level);
        let level = &mut self.levels[level as usize - 1];
        let slot = &mut level.slots[place];
        slot.earliest = slot.earliest.min(at);
        let entry = [at.0 as u32, (at.0 >> 32) as u32, item];
        if !self.blocks.push_within(&mut slot.entries, entry) {
            self.blocks.begin(&mut slot.entries, entry);
            level.occupied.set(place);
        }
    }

    /// The next slot that holds something, with its level: whatever a level holds comes before all of the level above.
    pub(super) fn next(&self, cursor: u64) -> Option<(u32, usize)> {
        (1..).zip(&self.levels).find_map(|(number, level)| Some((number, level.occupied.next(digit(cursor, number))?)))
    }

    /// The earliest time in a slot.
    pub(super) fn earliest(&self, level: u32, slot: usize) -> Time {
        self.levels[level as usize - 1].slots[slot].earliest
    }

    /// Empties a slot, and says what it held.
    pub(super) fn take(&mut self, level: u32, slot: usize) -> Chain {
        let level = &mut self.levels[level as usize - 1];
        level.occupied.clear(slot);
        std::mem::replace(&mut level.slots[slot], EMPTY).entries
    }

    /// The first block of what a slot held; it is to be given back.
    pub(super) fn take_first(&mut self, entries: &mut Chain) -> Option<First> {
        self.blocks.take_first(entries)
    }

    /// An entry of a block that was taken, in the order in which they were pushed; `None` behind the last.
    #[inline]
    pub(super) fn entry(&self, first: First, place: usize) -> Option<(Time, u32)> {
        let [low, high, item] = *self.blocks.of(first).get(place)?;
        Some((Time(u64::from(high) << 32 | u64::from(low)), item))
    }

    pub(super) fn give_back(&mut self, first: First) {
        self.blocks.give_back(first);
    }

    /// How many are held, counted block by block.
    pub(super) fn count(&self) -> usize {
        self.levels.iter().flat_map(|level| &level.slots).map(|slot| self.blocks.count(slot.entries)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_that_came_down_are_used_again() {
        let mut far = Far::new();
        let mut fill_and_empty = || {
            let slot = SLOTS as u64;
            (0..100).for_each(|item| far.push(1, slot, Time(slot), item));
            let mut entries = far.take(1, digit(slot, 1));
            while let Some(first) = far.take_first(&mut entries) {
                far.give_back(first);
            }
            far.blocks.made()
        };
        let once = fill_and_empty();
        assert!(once > 0);
        assert_eq!(fill_and_empty(), once);
    }
}
