//! Adaptive throttling in the clients.

use super::PolicyRule;
use crate::time::Span;

/// The clients' program refuses requests itself, without sending them, when too few were answered.
#[derive(Debug, Clone)]
pub struct ThrottleRule {
    /// By class: whether its clients do.
    pub classes: Vec<bool>,
    /// So many requests an answer are sent.
    pub k: f64,
    /// The time over which both are counted.
    pub window: Span,
}

impl PolicyRule for ThrottleRule {
    fn concerns(&self, _class: usize) -> bool {
        false
    }
}
