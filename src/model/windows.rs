//! Sorted, disjoint pieces of time: opening times, working hours.

use crate::time::Time;

/// Half-open pieces of time `[from, to)`, sorted and disjoint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intervals(Vec<(Time, Time)>);

impl Intervals {
    /// Sorts and joins the pieces; empty ones vanish.
    #[must_use]
    pub fn new(mut pieces: Vec<(Time, Time)>) -> Intervals {
        pieces.retain(|(from, to)| from < to);
        pieces.sort_unstable();
        let mut joined: Vec<(Time, Time)> = Vec::with_capacity(pieces.len());
        for (from, to) in pieces {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        Intervals(joined)
    }

    /// The pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[(Time, Time)] {
        &self.0
    }

    /// Whether `at` lies in one of the pieces. O(log n).
    #[must_use]
    pub fn contains(&self, at: Time) -> bool {
        self.next_open(at) == Some(at)
    }

    /// `at` itself if it lies in a piece, else the start of the next one; `None` when there is none. O(log n).
    #[must_use]
    pub fn next_open(&self, at: Time) -> Option<Time> {
        let next = self.0.partition_point(|(_, to)| *to <= at);
        self.0.get(next).map(|(from, _)| at.max(*from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_half_open_sorted_and_joined() {
        let t = Time;
        let open = Intervals::new(vec![(t(20), t(30)), (t(5), t(10)), (t(10), t(12)), (t(7), t(7))]);
        assert_eq!(open.pieces(), [(t(5), t(12)), (t(20), t(30))]);
        assert_eq!(open.next_open(t(0)), Some(t(5)));
        assert_eq!(open.next_open(t(11)), Some(t(11)));
        assert_eq!(open.next_open(t(12)), Some(t(20)));
        assert_eq!(open.next_open(t(30)), None);
        assert!(open.contains(t(5)) && !open.contains(t(12)));
    }
}
