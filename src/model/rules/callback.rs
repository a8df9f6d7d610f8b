//! Contacts left at a waiting room, and calls when there is room.

use super::PolicyRule;
use crate::model::Sampler;
use crate::time::Span;

/// People whom a waiting room turns away, or who leave it, may leave a contact and are called.
#[derive(Debug, Clone)]
pub struct CallbackRule {
    /// By class: whether it is offered.
    pub classes: Vec<bool>,
    /// Share of those people who leave a contact.
    pub share: f64,
    /// Calls go out while the sessions under way and the calls out are fewer than this.
    pub below: u32,
    /// Share of calls that are answered.
    pub answer: f64,
    /// Time from the call until they come; `None`: at once.
    pub answers_after: Option<Sampler>,
    /// How long a call keeps a place free.
    pub hold: Span,
    /// Calls to one contact at most.
    pub calls: u16,
}

impl PolicyRule for CallbackRule {
    fn concerns(&self, class: usize) -> bool {
        self.classes.get(class).copied().unwrap_or(false)
    }

    fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
        vec![("below", &mut self.below)]
    }
}
