//! Workers that follow the load.

use super::PolicyRule;
use crate::time::Span;

/// Orders workers when those there are busy, and sends them away when they are not.
#[derive(Debug, Clone)]
pub struct AutoscaleRule {
    /// Index of the station.
    pub station: u16,
    /// Time from one look to the next.
    pub every: Span,
    /// From the order of workers to their service.
    pub delay: Span,
    /// So many at a time.
    pub step: u32,
    /// Never more than so many, those ordered included.
    pub ceiling: u32,
    /// Orders when a larger share of them was busy since the last look.
    pub above: f64,
    /// Sends away when a smaller share was; never below the number at the start.
    pub below: f64,
}

impl PolicyRule for AutoscaleRule {
    fn concerns(&self, _class: usize) -> bool {
        false
    }

    fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
        vec![("step", &mut self.step), ("ceiling", &mut self.ceiling)]
    }
}
