//! The finest slots, which keep exact times.

use super::blocks::{Blocks, Chain};
use super::due::{Due, Entry, entry, offset};
use super::occupied::Occupied;
use super::{FINEST, SLOTS, digit};
use crate::time::Time;

/// What waits in slots of half a second.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Near {
    slots: Vec<Slot>,
    occupied: Occupied,
    blocks: Blocks<Entry>,
}

#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
struct Slot {
    /// Offset of the earliest time.
    earliest: u32,
    entries: Chain,
}

const EMPTY: Slot = Slot { earliest: u32::MAX, entries: Chain::EMPTY };

impl Near {
    pub(super) fn new() -> Near {
        Near { slots: vec![EMPTY; SLOTS], occupied: Occupied::none(), blocks: Blocks::new() }
    }

    /// Puts an item into its slot.
    #[inline]
    pub(super) fn push(&mut self, at: Time, item: u32) {
        let place = digit(at.0 >> FINEST, 0);
        let slot = &mut self.slots[place];
        let entry = entry(at.0 & ((1 << FINEST) - 1), item);
        slot.earliest = slot.earliest.min(offset(entry) as u32);
        if !self.blocks.push_within(&mut slot.entries, entry) {
            self.begin_block(place, entry);
        }
    }

    #[inline(never)]
    fn begin_block(&mut self, place: usize, entry: Entry) {
        self.blocks.begin(&mut self.slots[place].entries, entry);
        self.occupied.set(place);
    }

    /// The next slot that holds something, of those that the cursor comes to before it enters another slot of level 1.
    #[inline]
    pub(super) fn next(&self, cursor: u64) -> Option<usize> {
        self.occupied.next(digit(cursor, 0))
    }

    /// Nanoseconds from the begin of a slot until its first item.
    pub(super) fn earliest(&self, slot: usize) -> u64 {
        self.slots[slot].earliest.into()
    }

    /// Empties a slot into what is due.
    pub(super) fn make_due(&mut self, slot: usize, due: &mut Due) {
        self.occupied.clear(slot);
        let mut entries = std::mem::replace(&mut self.slots[slot], EMPTY).entries;
        due.clear();
        while let Some(first) = self.blocks.take_first(&mut entries) {
            due.add(self.blocks.of(first));
            self.blocks.give_back(first);
        }
        due.sort(FINEST);
    }

    /// How many are held, counted block by block.
    pub(super) fn count(&self) -> usize {
        self.slots.iter().map(|slot| self.blocks.count(slot.entries)).sum()
    }
}
