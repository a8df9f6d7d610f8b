//! Controlled delay.

use super::PolicyRule;
use crate::time::Span;

/// Drops from the queue whoever has waited too long, sooner while there is a standing queue.
#[derive(Debug, Clone)]
pub struct CodelRule {
    /// Index of the station.
    pub station: u16,
    /// The longest wait while the queue has not been empty for `interval`.
    pub target: Span,
    /// The longest wait else.
    pub interval: Span,
}

impl PolicyRule for CodelRule {
    fn concerns(&self, _class: usize) -> bool {
        false
    }
}
