//! A policy: who may enter when. A new kind of rule is one more arm of [`Rule`] and one file in the engine.

use super::Intervals;

/// A list of rules, combined by *and*; an empty list is open access.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// In the order of the file.
    pub rules: Vec<Rule>,
}

/// One rule of a policy.
#[derive(Debug, Clone)]
pub enum Rule {
    /// Times at which classes, or cohorts of them, may enter.
    Windows(WindowsRule),
}

/// Opening times by class.
#[derive(Debug, Clone)]
pub struct WindowsRule {
    /// What is asked at the gate.
    pub applies_to: AppliesTo,
    /// By class: its cohorts with their opening times; empty where the rule does not name the class, which is open.
    pub classes: Vec<Vec<Cohort>>,
}

/// When a windows rule is asked.
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
