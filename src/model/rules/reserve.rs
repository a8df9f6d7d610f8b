//! Workers and places kept for a class.

use super::PolicyRule;

/// Keeps workers, or places of the queue, free for a class.
#[derive(Debug, Clone)]
pub struct ReserveRule {
    /// Index of the station.
    pub station: u16,
    /// By class: whether it is meant.
    pub classes: Vec<bool>,
    /// The others are served only while more than so many workers are idle.
    pub workers: u32,
    /// The others wait only while more than so many places are free.
    pub queue: u32,
}

impl PolicyRule for ReserveRule {
    fn concerns(&self, _class: usize) -> bool {
        false
    }

    fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
        vec![("workers", &mut self.workers), ("queue", &mut self.queue)]
    }
}
