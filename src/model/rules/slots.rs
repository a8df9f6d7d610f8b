//! Appointments.

use super::PolicyRule;
use crate::model::Sampler;
use crate::time::{Span, Time};

/// Appointments of equal length, each for so many.
#[derive(Debug, Clone)]
pub struct SlotsRule {
    /// By class: whether it needs an appointment.
    pub classes: Vec<bool>,
    /// Start of the first slot.
    pub from: Time,
    /// Length of a slot.
    pub every: Span,
    /// How many slots there are.
    pub count: u32,
    /// Appointments in a slot.
    pub capacity: u32,
    /// Time from the start of the slot until people come who are not late; `None`: none.
    pub delay: Option<Sampler>,
    /// Share of appointments to which nobody comes.
    pub no_show: f64,
    /// Share of the others that come after the end of their slot.
    pub late: f64,
    /// How long after.
    pub late_by: Option<Sampler>,
    /// Who is later than this is sent away; `None`: nobody is.
    pub grace: Option<Span>,
}

impl SlotsRule {
    /// When a slot begins.
    #[must_use]
    pub fn start(&self, slot: u32) -> Time {
        self.from + Span(self.every.0.saturating_mul(u64::from(slot)))
    }

    /// The first slot that begins at `at` or later.
    #[must_use]
    pub fn first_from(&self, at: Time) -> u32 {
        u32::try_from(at.since(self.from).0.div_ceil(self.every.0.max(1))).unwrap_or(u32::MAX)
    }
}

impl PolicyRule for SlotsRule {
    fn concerns(&self, class: usize) -> bool {
        self.classes.get(class).copied().unwrap_or(false)
    }

    fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
        vec![("capacity", &mut self.capacity)]
    }
}
