//! Windows: times of day at which classes, or cohorts of them, may enter.

use super::PolicyRule;
use crate::model::Intervals;

/// Opening times by class.
#[derive(Debug, Clone)]
pub struct WindowsRule {
    /// What is asked at the gate.
    pub applies_to: AppliesTo,
    /// Share of people who heed it; below 1 it is advice, and the others enter as if it were open.
    pub follow: f64,
    /// By class: its cohorts with their opening times; empty where the rule does not name the class, which is open.
    pub classes: Vec<Vec<Cohort>>,
}

/// When a rule is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppliesTo {
    /// At the start of a session; one under way may finish.
    Sessions,
    /// At every request.
    Requests,
}

/// The part of a class whose personal key lies below `below` (and not below that of the cohort before).
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// As the file calls it; empty where the class is not divided.
    pub name: String,
    /// Upper end of the personal keys, at most 1; the last cohort's is 1.
    pub below: f64,
    /// When it may enter, over the whole clock.
    pub open: Intervals,
}

impl WindowsRule {
    /// The opening times of the applicant of `class` whose personal key is `personal`; `None`: open always.
    #[must_use]
    pub fn open(&self, class: usize, personal: f64) -> Option<&Intervals> {
        self.cohort(class, personal).map(|cohort| &cohort.open)
    }

    /// The cohort of the applicant of `class` whose personal key is `personal`; `None`: the rule does not name the class.
    #[must_use]
    pub fn cohort(&self, class: usize, personal: f64) -> Option<&Cohort> {
        let cohorts = self.classes.get(class)?;
        cohorts.iter().find(|cohort| personal < cohort.below).or(cohorts.last())
    }
}

impl PolicyRule for WindowsRule {
    fn concerns(&self, class: usize) -> bool {
        self.classes.get(class).is_some_and(|cohorts| !cohorts.is_empty())
    }
}
