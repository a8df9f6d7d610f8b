//! A small 4-ary min-heap: half as deep as a binary one, its children in one cache line.

/// A min-heap of small copyable entries whose order is total.
#[derive(Debug, Clone)]
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
        if self.entries.is_empty() {
            self.entries.push(entry);
        } else {
            self.sift_down(entry);
        }
    }

    /// Lets `entry` sink from the root to its place.
    #[inline]
    fn sift_down(&mut self, entry: T) {
        let len = self.entries.len();
        let mut hole = 0;
        loop {
            let first = hole * ARITY + 1;
            if first >= len {
                break;
            }
            let mut least = first;
            for child in first + 1..(first + ARITY).min(len) {
                if self.entries[child] < self.entries[least] {
                    least = child;
                }
            }
            if entry <= self.entries[least] {
                break;
            }
            self.entries[hole] = self.entries[least];
            hole = least;
        }
        self.entries[hole] = entry;
    }
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
}
