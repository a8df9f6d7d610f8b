//! A share of a sweep's cells: every n-th one.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Part `k` of `of`: the cells whose number leaves k − 1 when divided by `of`. Neighbouring cells, which take about as long
/// as each other, go to different shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 1.
    pub k: u64,
    /// How many there are.
    pub of: u64,
}

impl Shard {
    /// All cells.
    pub const WHOLE: Shard = Shard { k: 1, of: 1 };

    /// Whether a cell belongs to it.
    #[must_use]
    pub fn has(self, cell: u64) -> bool {
        cell % self.of == self.k - 1
    }

    /// How many of so many cells it has.
    #[must_use]
    pub fn size(self, cells: u64) -> u64 {
        (cells + self.of - self.k) / self.of
    }

    /// Its n-th cell, from 0.
    #[must_use]
    pub fn cell(self, n: u64) -> u64 {
        n * self.of + self.k - 1
    }

    /// What its files are called, without the ending.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("{}-of-{}", self.k, self.of)
    }

    /// Reads [`Shard::file_name`].
    #[must_use]
    pub fn of_file_name(name: &str) -> Option<Shard> {
        let (k, of) = name.split_once("-of-")?;
        Shard::checked(k.parse().ok()?, of.parse().ok()?)
    }

    fn checked(k: u64, of: u64) -> Option<Shard> {
        ((1..=of).contains(&k) && of <= 1_000_000).then_some(Shard { k, of })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.k, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(k, of)| Some((k.trim().parse().ok()?, of.trim().parse().ok()?)));
        let shard = parts.and_then(|(k, of)| Shard::checked(k, of));
        shard.ok_or_else(|| "want k/n with k from 1 to n, such as 3/10, and n at most 1000000".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_in_one_shard() {
        for cells in [0, 1, 7, 10, 100] {
            for of in [1, 2, 3, 7, 12] {
                let shards: Vec<Shard> = (1..=of).map(|k| Shard { k, of }).collect();
                assert_eq!(shards.iter().map(|shard| shard.size(cells)).sum::<u64>(), cells);
                for cell in 0..cells {
                    assert_eq!(shards.iter().filter(|shard| shard.has(cell)).count(), 1);
                }
                for shard in &shards {
                    assert!((0..shard.size(cells)).all(|n| shard.has(shard.cell(n)) && shard.cell(n) < cells));
                }
            }
        }
    }

    #[test]
    fn shards_are_written_as_a_fraction() {
        assert_eq!("3/10".parse(), Ok(Shard { k: 3, of: 10 }));
        for bad in ["", "3", "0/10", "11/10", "1/0", "a/b", "1/2/3", "-1/2", "1/9999999"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
        assert_eq!(Shard::of_file_name(&Shard { k: 3, of: 10 }.file_name()), Some(Shard { k: 3, of: 10 }));
        assert_eq!(Shard::of_file_name("10-of-3"), None);
    }
}
