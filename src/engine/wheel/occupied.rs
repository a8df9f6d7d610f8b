//! Which slots of a level hold something.

use super::SLOTS;

/// One bit a slot, and one a word of such bits.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Occupied {
    bits: [u64; SLOTS / 64],
    words: u32,
}

impl Occupied {
    pub(super) fn none() -> Occupied {
        Occupied { bits: [0; SLOTS / 64], words: 0 }
    }

    #[inline]
    pub(super) fn set(&mut self, slot: usize) {
        self.bits[slot / 64] |= 1 << (slot % 64);
        self.words |= 1 << (slot / 64);
    }

    pub(super) fn clear(&mut self, slot: usize) {
        self.bits[slot / 64] &= !(1 << (slot % 64));
        self.words &= !(u32::from(self.bits[slot / 64] == 0) << (slot / 64));
    }

    /// The first slot after `slot` that holds something.
    #[inline]
    pub(super) fn next(&self, slot: usize) -> Option<usize> {
        let (word, bit) = (slot / 64, slot % 64);
        // Two shifts, for one of 64 is none.
        let here = self.bits[word] & (u64::MAX << bit << 1);
        if here != 0 {
            return Some(word * 64 + here.trailing_zeros() as usize);
        }
        let beyond = self.words & (u32::MAX << word << 1);
        (beyond != 0).then(|| {
            let word = beyond.trailing_zeros() as usize;
            word * 64 + self.bits[word].trailing_zeros() as usize
        })
    }
}
