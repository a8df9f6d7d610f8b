//! A queue of small records in a ring whose length is a power of two: a place is found by a mask, where the standard
//! library's queue, which may be of any length, compares and subtracts. Lines and timeouts pass through one at every try.

use super::large::{LargeVec, large_vec};

/// First in, first out, with a way out at the other end too.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Ring<T> {
    /// A power of two of them, or none.
    slots: LargeVec<T>,
    head: usize,
    len: usize,
}

const FIRST: usize = 16;

/// So many entries ahead of their turn records are brought near: long enough before for a read from memory, and not so long
/// that they are gone again.
pub(super) const AHEAD: usize = 8;

impl<T: Copy> Ring<T> {
    pub(super) const fn new() -> Ring<T> {
        Ring { slots: large_vec(), head: 0, len: 0 }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot of the entry so far behind the first.
    #[inline]
    fn place(&self, behind: usize) -> usize {
        self.head.wrapping_add(behind) & self.slots.len().wrapping_sub(1)
    }

    /// O(1), amortised.
    #[inline]
    pub(super) fn push_back(&mut self, entry: T) {
        if self.len == self.slots.len() {
            self.grow(entry);
        }
        let place = self.place(self.len);
        self.slots[place] = entry;
        self.len += 1;
    }

    /// Twice as many slots, the first entry in the first; `filler` stands in those that are free.
    #[cold]
    fn grow(&mut self, filler: T) {
        self.slots.rotate_left(self.head);
        self.head = 0;
        self.slots.resize((2 * self.slots.len()).max(FIRST), filler);
    }

    #[inline]
    pub(super) fn front(&self) -> Option<&T> {
        if self.len == 0 { None } else { self.slots.get(self.head) }
    }

    /// An entry that is to come first soon.
    #[inline]
    pub(super) fn soon(&self) -> Option<&T> {
        if self.len > AHEAD { self.slots.get(self.place(AHEAD)) } else { None }
    }

    /// Drops the first entry, if there is one.
    #[inline]
    pub(super) fn drop_front(&mut self) {
        if self.len > 0 {
            self.head = self.place(1);
            self.len -= 1;
        }
    }

    #[inline]
    pub(super) fn pop_front(&mut self) -> Option<T> {
        let first = *self.front()?;
        self.head = self.place(1);
        self.len -= 1;
        Some(first)
    }

    pub(super) fn pop_back(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        self.slots.get(self.place(self.len)).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len).map(|behind| &self.slots[self.place(behind)])
    }

    /// Drops some; the others stay in order. O(n).
    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        let mut kept = 0;
        for behind in 0..self.len {
            let entry = self.slots[self.place(behind)];
            if keep(&entry) {
                let place = self.place(kept);
                self.slots[place] = entry;
                kept += 1;
            }
        }
        self.len = kept;
    }

    pub(super) fn clear(&mut self) {
        self.len = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    proptest! {
        #[test]
        fn does_as_the_queue_of_the_standard_library(steps in prop::collection::vec(0u8..100, 0..2_000)) {
            let (mut ring, mut queue) = (Ring::new(), VecDeque::new());
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    0..55 => {
                        ring.push_back(number);
                        queue.push_back(number);
                    }
                    55..75 => prop_assert_eq!(ring.pop_front(), queue.pop_front()),
                    75..90 => {
                        ring.drop_front();
                        queue.pop_front();
                    }
                    90..97 => prop_assert_eq!(ring.pop_back(), queue.pop_back()),
                    97 | 98 => {
                        ring.retain(|entry| entry % 3 > 0);
                        queue.retain(|entry| entry % 3 > 0);
                    }
                    _ => {
                        ring.clear();
                        queue.clear();
                    }
                }
                prop_assert_eq!((ring.len(), ring.is_empty(), ring.front()), (queue.len(), queue.is_empty(), queue.front()));
            }
            prop_assert!(ring.iter().eq(queue.iter()));
        }
    }

    #[test]
    fn who_comes_soon_is_so_far_behind_the_first_or_nobody() {
        let mut ring = Ring::new();
        for entry in 0..2 * AHEAD {
            ring.push_back(entry);
            assert_eq!(ring.soon(), (entry >= AHEAD).then_some(&AHEAD), "of {} entries", ring.len());
        }
        ring.drop_front();
        assert_eq!(ring.soon(), Some(&(AHEAD + 1)));
    }
}
