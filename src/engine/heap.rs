//! A small 4-ary min-heap: half as deep as a binary one, its children in one cache line.

use std::hint::select_unpredictable;

/// A min-heap of small copyable entries whose order is total.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct MinHeap<T> {
    entries: Vec<T>,
}

const ARITY: usize = 4;

impl<T: Copy + Ord> MinHeap<T> {
    pub(super) fn new() -> MinHeap<T> {
        MinHeap { entries: Vec::new() }
    }

    /// How many entries it holds.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds nothing.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, in no order that matters.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter()
    }

    /// The least entry. O(1).
    #[inline]
    pub(super) fn peek(&self) -> Option<&T> {
        self.entries.first()
    }

    /// O(log n).
    #[inline]
    pub(super) fn push(&mut self, entry: T) {
        self.entries.push(entry);
        let mut hole = self.entries.len() - 1;
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.entries[parent] <= entry {
                break;
            }
            self.entries[hole] = self.entries[parent];
            hole = parent;
        }
        self.entries[hole] = entry;
    }

    /// Takes the least entry. O(log n).
    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        let last = self.entries.pop()?;
        match self.entries.first() {
            None => Some(last),
            Some(&least) => {
                self.sift_down(last);
                Some(least)
            }
        }
    }

    /// Drops entries. O(n log n).
    pub(super) fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.entries.retain(keep);
        // What is sorted is a heap.
        self.entries.sort_unstable();
    }

    /// Puts `entry` in the place of the least one: one walk down instead of a pop and a push. O(log n).
    #[inline]
    pub(super) fn replace_top(&mut self, entry: T) {
        match self.entries.as_mut_slice() {
            [] => self.entries.push(entry),
            [only] => *only = entry,
            _ => self.sift_down(entry),
        }
    }

    /// Lets `entry` sink from the root to its place.
    #[inline]
    fn sift_down(&mut self, entry: T) {
        let entries = self.entries.as_mut_slice();
        let (mut hole, mut first) = (0, 1);
        loop {
            let child = match entries.get(first..) {
                Some([a, b, c, d, ..]) => first + least([a, b, c, d]),
                // The last family lacks some.
                Some(few) if !few.is_empty() => first + least_of_few(few),
                _ => break,
            };
            if entry <= entries[child] {
                break;
            }
            entries[hole] = entries[child];
            hole = child;
            first = hole * ARITY + 1;
        }
        entries[hole] = entry;
    }
}

/// The place of the least of a family: two pairs, then their winners, and no branch to be foreseen.
#[inline]
fn least<T: Copy + Ord>([a, b, c, d]: [&T; ARITY]) -> usize {
    let (left_wins, right_wins) = (b < a, d < c);
    let left = select_unpredictable(left_wins, b, a);
    let right = select_unpredictable(right_wins, d, c);
    select_unpredictable(right < left, 2 + usize::from(right_wins), usize::from(left_wins))
}

#[cold]
fn least_of_few<T: Copy + Ord>(few: &[T]) -> usize {
    (1..few.len()).fold(0, |least, place| if few[place] < few[least] { place } else { least })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn comes_out_sorted(values in prop::collection::vec(0u32..1000, 0..300), replaced in prop::collection::vec(0u32..1000, 0..50)) {
            let mut heap = MinHeap::new();
            values.iter().for_each(|v| heap.push(*v));
            let mut want = values.clone();
            want.sort_unstable();
            for entry in replaced {
                prop_assert_eq!(heap.peek(), want.first());
                heap.replace_top(entry);
                if !want.is_empty() { want.remove(0); }
                want.push(entry);
                want.sort_unstable();
            }
            heap.retain(|entry| entry % 3 > 0);
            want.retain(|entry| entry % 3 > 0);
            prop_assert_eq!(heap.len(), want.len());
            let out: Vec<u32> = std::iter::from_fn(|| heap.pop()).collect();
            prop_assert_eq!(out, want);
        }
    }

    #[test]
    fn what_takes_the_place_of_nothing_is_all_that_is_there() {
        let mut heap = MinHeap::new();
        heap.replace_top(5);
        heap.replace_top(3);
        assert_eq!((heap.len(), heap.pop(), heap.pop()), (1, Some(3), None));
    }
}
