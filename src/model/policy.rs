//! A policy: who may enter when, and in what order.

use super::{Rule, WindowsRule};

/// A list of rules, asked in order; an empty list is open access.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// In the order of the file.
    pub rules: Vec<Rule>,
}

impl Policy {
    /// Its windows, in order.
    pub fn windows(&self) -> impl Iterator<Item = &WindowsRule> + Clone {
        self.rules.iter().filter_map(|rule| match rule {
            Rule::Windows(windows) => Some(windows),
            _ => None,
        })
    }
}
