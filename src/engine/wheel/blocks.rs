//! Lists of entries in blocks that are used again: nothing is allocated or given back once they have grown.

use crate::time::Time;

/// So many entries make a block of 248 bytes: 12 bytes an entry and a little for the links.
const ENTRIES: usize = 20;
const NONE: u32 = u32::MAX;

/// A list in the order of its pushes: its last block, which links to the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain(u32);

impl Chain {
    pub(super) const EMPTY: Chain = Chain(NONE);
}

/// Some entries of one list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    times: [Time; ENTRIES],
    items: [u32; ENTRIES],
    next: u32,
    len: u32,
}

impl Block {
    /// Its times and items, in the order in which they were pushed.
    #[inline]
    pub(super) fn entries(&self) -> impl Iterator<Item = (Time, u32)> + '_ {
        self.times.iter().copied().zip(self.items.iter().copied()).take(self.len as usize)
    }
}

/// All blocks of a wheel.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    free: Vec<u32>,
}

impl Blocks {
    /// Adds an entry at the end of a list. O(1).
    #[inline]
    pub(super) fn push(&mut self, chain: &mut Chain, at: Time, item: u32) {
        let full = self.blocks.get(chain.0 as usize).is_none_or(|last| last.len as usize == ENTRIES);
        if full {
            self.grow(chain);
        }
        let last = &mut self.blocks[chain.0 as usize];
        let len = last.len as usize;
        (last.times[len], last.items[len]) = (at, item);
        last.len += 1;
    }

    /// Adds an empty block at the end of a list.
    fn grow(&mut self, chain: &mut Chain) {
        let new = self.free.pop().unwrap_or(self.blocks.len() as u32);
        let block = Block { times: [Time::ZERO; ENTRIES], items: [0; ENTRIES], next: new, len: 0 };
        match self.blocks.get_mut(new as usize) {
            Some(free) => *free = block,
            None => self.blocks.push(block),
        }
        if *chain != Chain::EMPTY {
            self.blocks[new as usize].next = self.blocks[chain.0 as usize].next;
            self.blocks[chain.0 as usize].next = new;
        }
        *chain = Chain(new);
    }

    /// Takes the first block off a list. O(1).
    #[inline]
    pub(super) fn take_first(&mut self, chain: &mut Chain) -> Option<Block> {
        let first = self.blocks.get(chain.0 as usize)?.next;
        let block = self.blocks[first as usize];
        if first == chain.0 {
            *chain = Chain::EMPTY;
        } else {
            self.blocks[chain.0 as usize].next = block.next;
        }
        self.free.push(first);
        Some(block)
    }

    /// The entries of a list, in order.
    pub(super) fn iter(&self, chain: Chain) -> impl Iterator<Item = (Time, u32)> + '_ {
        let mut next = self.blocks.get(chain.0 as usize).map(|last| last.next);
        let blocks = std::iter::from_fn(move || {
            let number = next?;
            let block = &self.blocks[number as usize];
            next = (number != chain.0).then_some(block.next);
            Some(block)
        });
        blocks.flat_map(Block::entries)
    }
}
