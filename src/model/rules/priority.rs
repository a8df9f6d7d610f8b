//! The order of classes at a station.

use super::PolicyRule;

/// Requests of some classes are served before others, first in first out within a rank.
#[derive(Debug, Clone)]
pub struct PriorityRule {
    /// Index of the station.
    pub station: u16,
    /// By class: its rank, 0 first.
    pub ranks: Vec<u32>,
    /// Whether whoever finds the queue full pushes out the last of those who rank lowest, if that is below their own.
    pub push_out: bool,
}

impl PolicyRule for PriorityRule {
    fn concerns(&self, _class: usize) -> bool {
        false
    }
}
