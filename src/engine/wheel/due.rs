//! The slot that is due: its entries in the order of their times.

use crate::engine::ring::AHEAD;

/// A time within a slot and an item, in one word: nanoseconds since the slot's begin in the upper half.
pub(super) type Entry = u64;

#[inline]
pub(super) fn entry(offset: u64, item: u32) -> Entry {
    offset << 32 | u64::from(item)
}

#[inline]
pub(super) fn offset(entry: Entry) -> u64 {
    entry >> 32
}

/// What is left of the slot as it was when it came due. Those who pause wake all over a slot, so that a look at the first
/// bits of their offsets puts nearly all of them in their places.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Due {
    /// In order of time; those of one instant in the order in which they were put in.
    entries: Vec<Entry>,
    taken: usize,
    /// Room for sorting.
    other: Vec<Entry>,
    counts: Vec<u32>,
}

/// So few are put in order by comparing.
const FEW: usize = 12;
/// A slot is looked at in up to 2 to the power of so many stretches.
const MOST_STRETCHES: u32 = 14;
/// Where so many share a stretch, as those who come back at one instant do, the slot is sorted digit by digit. A power of two.
const CROWD: u32 = 32;
const DIGIT_BITS: u32 = 8;

impl Due {
    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.taken
    }

    #[inline]
    pub(super) fn first(&self) -> Option<Entry> {
        self.entries.get(self.taken).copied()
    }

    #[inline]
    pub(super) fn take_first(&mut self) -> Option<Entry> {
        let first = self.first()?;
        self.taken += 1;
        Some(first)
    }

    /// After the first of each eight was taken; where there are no more, a look costs more than it saves.
    #[inline]
    pub(super) fn begins_group(&self) -> bool {
        self.taken % AHEAD == 1 && self.entries.len() > AHEAD
    }

    /// The items of the next eight entries.
    pub(super) fn next(&self) -> impl Iterator<Item = u32> {
        self.items(0, AHEAD)
    }

    /// Those of the eight behind them; when the first of all was taken, of both.
    #[inline]
    pub(super) fn soon(&self) -> impl Iterator<Item = u32> {
        self.items(if self.taken == 1 { 0 } else { AHEAD }, 2 * AHEAD)
    }

    #[inline]
    fn items(&self, from: usize, to: usize) -> impl Iterator<Item = u32> {
        let place = |behind: usize| (self.taken + behind).min(self.entries.len());
        self.entries[place(from)..place(to)].iter().map(|entry| *entry as u32)
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.taken = 0;
    }

    pub(super) fn add(&mut self, entries: &[Entry]) {
        self.entries.extend_from_slice(entries);
    }

    /// Puts what was added into order; offsets have so many bits. O(n).
    pub(super) fn sort(&mut self, bits: u32) {
        if self.entries.len() <= FEW {
            return insertion_sort(&mut self.entries);
        }
        // Two to four for each, so that few share one.
        let stretches = (2 * self.entries.len()).checked_ilog2().map_or(0, |log| log + 1).min(MOST_STRETCHES);
        let shift = bits - stretches;
        if !self.count(shift, stretches) {
            self.scatter(shift, stretches);
            insertion_sort(&mut self.entries);
            return;
        }
        // The last digit first.
        for shift in (0..bits).step_by(DIGIT_BITS as usize) {
            self.count(shift, DIGIT_BITS);
            self.scatter(shift, DIGIT_BITS);
        }
    }

    /// Counts entries by so many bits of their offsets; says whether a crowd shares those bits.
    fn count(&mut self, shift: u32, bits: u32) -> bool {
        let mask = (1 << bits) - 1;
        self.counts.clear();
        self.counts.resize(1 << bits, 0);
        // Of numbers that are less than a power of two all bits together are less too.
        let mut seen = 0;
        for entry in &self.entries {
            let count = &mut self.counts[(offset(*entry) >> shift & mask) as usize];
            *count += 1;
            seen |= *count;
        }
        let mut before = 0;
        for count in &mut self.counts {
            before += std::mem::replace(count, before);
        }
        seen >= CROWD
    }

    /// Puts entries in the order of those bits, those with the same in the order in which they are.
    fn scatter(&mut self, shift: u32, bits: u32) {
        let mask = (1 << bits) - 1;
        self.other.resize(self.entries.len().max(self.other.len()), 0);
        for entry in &self.entries {
            let place = &mut self.counts[(offset(*entry) >> shift & mask) as usize];
            self.other[*place as usize] = *entry;
            *place += 1;
        }
        self.other.truncate(self.entries.len());
        std::mem::swap(&mut self.entries, &mut self.other);
    }
}

/// Keeps the order of those with the same offset.
fn insertion_sort(entries: &mut [Entry]) {
    for from in 1..entries.len() {
        let entry = entries[from];
        let mut place = from;
        while place > 0 && offset(entries[place - 1]) > offset(entry) {
            entries[place] = entries[place - 1];
            place -= 1;
        }
        entries[place] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Items by their numbers at these offsets, as they come out.
    fn sorted(offsets: &[u64], bits: u32) -> Vec<Entry> {
        let entries: Vec<Entry> = (0..).zip(offsets).map(|(item, offset)| entry(*offset, item)).collect();
        let mut due = Due::default();
        // In two parts, as from two blocks, into what was used before.
        due.add(&[entry(7, 1), entry(5, 2)]);
        due.sort(bits);
        due.clear();
        let (some, others) = entries.split_at(entries.len() / 3);
        due.add(some);
        due.add(others);
        due.sort(bits);
        assert_eq!(due.len(), entries.len());
        std::iter::from_fn(|| due.take_first()).collect()
    }

    fn by_the_standard_library(offsets: &[u64]) -> Vec<Entry> {
        let mut entries: Vec<Entry> = (0..).zip(offsets).map(|(item, offset)| entry(*offset, item)).collect();
        entries.sort_by_key(|entry| offset(*entry));
        entries
    }

    proptest! {
        /// Spread over the slot, or crowded into a part of it, with many at one instant: a stable sort.
        #[test]
        fn they_come_by_time_then_as_they_were_put_in(
            offsets in prop::collection::vec(any::<u64>(), 0..400),
            (bits, crowded) in (20u32..=29).prop_flat_map(|bits| (Just(bits), 0..bits)),
        ) {
            let offsets: Vec<u64> = offsets.iter().map(|offset| (offset & ((1 << bits) - 1)) >> crowded).collect();
            prop_assert_eq!(sorted(&offsets, bits), by_the_standard_library(&offsets));
        }
    }

    #[test]
    fn a_crowd_at_nearly_one_instant_is_sorted_too() {
        for bits in [20, 29] {
            let last = (1 << bits) - 1;
            let offsets: Vec<u64> = (0..5_000).map(|item| if item % 7 == 0 { last } else { last - item * 31 % 97 }).collect();
            assert_eq!(sorted(&offsets, bits), by_the_standard_library(&offsets));
        }
    }
}
