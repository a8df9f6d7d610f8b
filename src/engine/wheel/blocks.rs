//! Lists of entries in blocks that are used again: nothing is allocated or given back once they have grown.

use crate::engine::large::{LargeVec, large_vec};
use prefetch_index::prefetch_index;

/// So many entries make a block.
const ENTRIES: u32 = 32;

/// A list in the order of its pushes: the place behind its last entry. All its blocks but the last are full, and the last one
/// links to the first. To add an entry nothing of the block is read, so that nothing waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Chain(u32);

impl Chain {
    pub(super) const EMPTY: Chain = Chain(0);

    fn last(self) -> Option<u32> {
        Some(self.0.checked_sub(1)? / ENTRIES)
    }

    /// How many entries its last block has.
    fn of_last(self) -> u32 {
        self.0.wrapping_sub(1) % ENTRIES + 1
    }
}

/// The first block of a list, taken off it: its number and how many entries it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct First {
    block: u32,
    len: u32,
}

/// All blocks of several lists.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Blocks<E> {
    /// Block by block.
    entries: LargeVec<E>,
    /// By block: the one that follows.
    next: Vec<u32>,
    free: Vec<u32>,
}

impl<E: Copy> Blocks<E> {
    pub(super) fn new() -> Blocks<E> {
        Blocks { entries: large_vec(), next: Vec::new(), free: Vec::new() }
    }

    /// Adds an entry at the end of a list, if the list's last block has a place for it; says whether it has. O(1).
    #[inline]
    pub(super) fn push_within(&mut self, chain: &mut Chain, entry: E) -> bool {
        let has_place = !chain.0.is_multiple_of(ENTRIES);
        if has_place {
            self.entries[chain.0 as usize] = entry;
            chain.0 += 1;
        }
        has_place
    }

    /// Adds a block at the end of a list that has no place left, and an entry to it, which stands in what is still free too.
    pub(super) fn begin(&mut self, chain: &mut Chain, entry: E) {
        let new = self.free.pop().unwrap_or(self.next.len() as u32);
        if new as usize == self.next.len() {
            self.entries.resize(self.entries.len() + ENTRIES as usize, entry);
            self.next.push(new);
        }
        let first = chain.last().map_or(new, |last| std::mem::replace(&mut self.next[last as usize], new));
        self.next[new as usize] = first;
        self.entries[(new * ENTRIES) as usize] = entry;
        chain.0 = new * ENTRIES + 1;
    }

    /// Takes the first block off a list; it is to be given back. O(1).
    #[inline]
    pub(super) fn take_first(&mut self, chain: &mut Chain) -> Option<First> {
        let last = chain.last()?;
        let block = self.next[last as usize];
        if block == last {
            return Some(First { block, len: std::mem::replace(chain, Chain::EMPTY).of_last() });
        }
        let next = self.next[block as usize];
        self.next[last as usize] = next;
        // Blocks lie anywhere: this one is read while the one before is worked on.
        prefetch_index(&self.entries, (next * ENTRIES) as usize);
        Some(First { block, len: ENTRIES })
    }

    /// The entries of a block that was taken, in the order in which they were pushed.
    #[inline]
    pub(super) fn of(&self, first: First) -> &[E] {
        let begin = (first.block * ENTRIES) as usize;
        &self.entries[begin..begin + first.len as usize]
    }

    /// Gives back a block that was taken.
    pub(super) fn give_back(&mut self, first: First) {
        self.free.push(first.block);
    }

    /// How many entries a list has, counted block by block.
    pub(super) fn count(&self, chain: Chain) -> usize {
        let Some(last) = chain.last() else { return 0 };
        let first = self.next[last as usize];
        let full =
            std::iter::successors(Some(first), |block| Some(self.next[*block as usize])).take_while(|block| *block != last);
        full.count() * ENTRIES as usize + chain.of_last() as usize
    }

    /// How many blocks were made so far.
    #[cfg(test)]
    pub(super) fn made(&self) -> usize {
        self.next.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_was_given_back_is_used_again() {
        let mut blocks = Blocks::new();
        for turn in 0..100 {
            let mut chain = Chain::EMPTY;
            for item in 0..3 * ENTRIES {
                assert_eq!(blocks.count(chain), item as usize);
                let had_place = blocks.push_within(&mut chain, (turn, item));
                assert_eq!(had_place, item % ENTRIES != 0);
                if !had_place {
                    blocks.begin(&mut chain, (turn, item));
                }
            }
            let mut items = Vec::new();
            while let Some(first) = blocks.take_first(&mut chain) {
                items.extend_from_slice(blocks.of(first));
                blocks.give_back(first);
            }
            assert_eq!(items, (0..3 * ENTRIES).map(|item| (turn, item)).collect::<Vec<_>>());
        }
        assert_eq!(blocks.made(), 3);
    }
}
