//! Lists of entries in blocks that are used again: nothing is allocated or given back once they have grown.

use crate::time::Time;
use prefetch_index::prefetch_index;

/// So many entries make a block of four cache lines: 12 bytes an entry and the link.
const ENTRIES: u32 = 21;
const NONE: u32 = u32::MAX;

/// A list in the order of its pushes: its last block, which links to the first, and how many entries that one has. All
/// others are full. To add an entry nothing of the block is read, so that nothing waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Chain {
    last: u32,
    len: u32,
}

impl Chain {
    pub(super) const EMPTY: Chain = Chain { last: NONE, len: ENTRIES };
}

/// Some entries of one list.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
#[repr(align(64))]
struct Block {
    times: [Time; ENTRIES as usize],
    items: [u32; ENTRIES as usize],
    next: u32,
}

const _: () = assert!(size_of::<Block>() == 256);

/// The first block of a list, taken off it: its number and how many entries it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct First {
    block: u32,
    len: u32,
}

/// All blocks of a wheel.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    free: Vec<u32>,
}

impl Blocks {
    /// Adds an entry at the end of a list. O(1).
    #[inline]
    pub(super) fn push(&mut self, chain: &mut Chain, at: Time, item: u32) {
        if chain.len == ENTRIES {
            self.grow(chain);
        }
        let last = &mut self.blocks[chain.last as usize];
        (last.times[chain.len as usize], last.items[chain.len as usize]) = (at, item);
        chain.len += 1;
    }

    /// Adds an empty block at the end of a list.
    fn grow(&mut self, chain: &mut Chain) {
        let new = self.free.pop().unwrap_or(self.blocks.len() as u32);
        if new as usize == self.blocks.len() {
            self.blocks.push(Block { times: [Time::ZERO; ENTRIES as usize], items: [0; ENTRIES as usize], next: new });
        }
        let first = self.blocks.get_mut(chain.last as usize).map_or(new, |last| std::mem::replace(&mut last.next, new));
        self.blocks[new as usize].next = first;
        *chain = Chain { last: new, len: 0 };
    }

    /// Takes the first block off a list; it is to be given back. O(1).
    #[inline]
    pub(super) fn take_first(&mut self, chain: &mut Chain) -> Option<First> {
        let block = self.blocks.get(chain.last as usize)?.next;
        if block == chain.last {
            return Some(First { block, len: std::mem::replace(chain, Chain::EMPTY).len });
        }
        let next = self.blocks[block as usize].next;
        self.blocks[chain.last as usize].next = next;
        // Blocks lie anywhere: this one is read while the one before is worked on.
        prefetch_index(&self.blocks, next as usize);
        Some(First { block, len: ENTRIES })
    }

    /// An entry of a block that was taken, in the order in which they were pushed; `None` behind the last.
    #[inline]
    pub(super) fn entry(&self, first: First, place: u32) -> Option<(Time, u32)> {
        let block = &self.blocks[first.block as usize];
        (place < first.len).then(|| (block.times[place as usize], block.items[place as usize]))
    }

    /// Gives back a block that was taken.
    pub(super) fn give_back(&mut self, first: First) {
        self.free.push(first.block);
    }

    /// The entries of a list, in order.
    pub(super) fn iter(&self, chain: Chain) -> impl Iterator<Item = (Time, u32)> + '_ {
        let mut next = self.blocks.get(chain.last as usize).map(|last| last.next);
        let blocks = std::iter::from_fn(move || {
            let block = next?;
            let is_last = block == chain.last;
            next = (!is_last).then_some(self.blocks[block as usize].next);
            Some(First { block, len: if is_last { chain.len } else { ENTRIES } })
        });
        blocks.flat_map(move |first| (0..).map_while(move |place| self.entry(first, place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_was_given_back_is_used_again() {
        let mut blocks = Blocks::default();
        for turn in 0..100 {
            let mut chain = Chain::EMPTY;
            for item in 0..3 * ENTRIES {
                blocks.push(&mut chain, Time(turn), item);
            }
            let mut items = Vec::new();
            while let Some(first) = blocks.take_first(&mut chain) {
                items.extend((0..).map_while(|place| blocks.entry(first, place)).map(|(_, item)| item));
                blocks.give_back(first);
            }
            assert_eq!(items, (0..3 * ENTRIES).collect::<Vec<_>>());
        }
        assert_eq!(blocks.blocks.len(), 3);
    }
}
