//! A budget of retries.

use super::PolicyRule;

/// Clients of a class share a budget of retries, which their first tries fill.
#[derive(Debug, Clone)]
pub struct RetryBudgetRule {
    /// By class: whether it has one.
    pub classes: Vec<bool>,
    /// Retries that a first try pays for.
    pub ratio: f64,
    /// The most retries that are saved up, and what there is at the start.
    pub burst: u32,
}

impl PolicyRule for RetryBudgetRule {
    fn concerns(&self, _class: usize) -> bool {
        false
    }

    fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
        vec![("burst", &mut self.burst)]
    }
}
