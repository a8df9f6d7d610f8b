//! Last in, first out, while there is a standing queue.

use super::PolicyRule;
use crate::time::Span;

/// Serves the newest first while the queue has not been empty for some time, and first in first out else.
#[derive(Debug, Clone)]
pub struct AdaptiveLifoRule {
    /// Index of the station.
    pub station: u16,
    /// For how long the queue must not have been empty.
    pub interval: Span,
}

impl PolicyRule for AdaptiveLifoRule {
    fn concerns(&self, _class: usize) -> bool {
        false
    }
}
