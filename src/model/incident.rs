//! A stretch of the clock in which it is counted what was answered.

use crate::time::{Span, Time};

/// Something went wrong, or may have, for a while: what was answered then is counted. It changes nothing in the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// An answer at this instant counts.
    pub from: Time,
    /// How long it may have lasted, each length once, in rising order; an answer at the very end does not count.
    pub lasts: Vec<Span>,
    /// For the label on charts; empty where the file does not say.
    pub why: String,
    /// By class and step: whether answers to this step count.
    pub steps: Vec<Vec<bool>>,
}

impl Incident {
    /// The end of the longest.
    #[must_use]
    pub fn to(&self) -> Time {
        self.from + self.lasts.last().copied().unwrap_or(Span::ZERO)
    }
}
