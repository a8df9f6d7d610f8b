//! Early refusal.

use super::PolicyRule;
use crate::time::Span;

/// Refuses requests before the queue is full.
#[derive(Debug, Clone)]
pub struct ShedRule {
    /// Index of the station.
    pub station: u16,
    /// By class: whether its requests may be refused.
    pub classes: Vec<bool>,
    /// Refuses whoever finds so many waiting.
    pub queue: Option<u32>,
    /// Refuses whoever would wait longer, as far as the station can tell.
    pub wait: Option<Span>,
    /// Refuses whoever would not be answered before they leave, and drops them from the queue.
    pub deadline: bool,
    /// Whether requests behind the journey's first step are spared.
    pub spare_begun: bool,
}

impl PolicyRule for ShedRule {
    fn concerns(&self, _class: usize) -> bool {
        false
    }

    fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
        self.queue.iter_mut().map(|queue| ("queue", queue)).collect()
    }
}
