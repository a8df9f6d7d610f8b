//! What the engine runs: a [`Model`] of integers and small ids, compiled from a scenario.
//!
//! Nothing here knows files or JSON. A [`Study`] is a model together with all that a report has to name.

mod arrivals;
mod class;
mod conduct;
mod curve;
mod incident;
mod policy;
mod rules;
mod sampler;
mod station;
mod steps;
mod study;
mod table;
mod variates;
mod windows;

pub use arrivals::{Arrivals, ArrivalsStand};
pub use class::{Backoff, Class, Closed, Component, Jitter, Operators, Population, Resume, Retry, Step, Timeout, TimeoutCovers};
pub use conduct::{Call, ColdStart, Conduct, Crash, HealthCheck};
pub use curve::{Between, Curve, CurveError, Cut};
pub use incident::Incident;
pub use policy::{Policy, StationChange};
pub(crate) use rules::every_rule;
pub use rules::{
    AdaptiveLifoRule, AppliesTo, AutoscaleRule, Bucket, CallbackRule, CodelRule, Cohort, PolicyRule, PriorityRule, RateLimitRule,
    Reload, ReserveRule, RetryBudgetRule, RoomOrder, Rule, Several, ShedRule, SlotsRule, Tells, ThrottleRule, WaitingRoomRule,
    WindowsRule,
};
pub use sampler::{Sampler, SamplerError};
pub use station::{Discipline, OnFull, OnTimeout, Outage, Slowdown, Station};
pub use study::{Budget, Experiment, Metric, Moment, Names, Observation, Study};
pub use variates::{binomial, gamma_variate, poisson};
pub use windows::Intervals;

use crate::time::{Span, Time};
use std::borrow::Cow;

/// One system and the policies to compare in it.
#[derive(Debug, Clone)]
pub struct Model {
    /// `clock.end`: nothing happens at or after it.
    pub end: Time,
    /// Counting starts here; [`Time::ZERO`] unless `clock.measure_from` says otherwise.
    pub measure_from: Time,
    /// Width of a bin of the series; the last one may be shorter.
    pub bin: Span,
    /// In the order of the file.
    pub stations: Vec<Station>,
    /// In the order of the file.
    pub classes: Vec<Class>,
    /// In the order of the file.
    pub policies: Vec<Policy>,
    /// In the order of the file.
    pub incidents: Vec<Incident>,
}

impl Model {
    /// The system as it is under a policy, which may change its stations.
    #[must_use]
    pub fn under(&self, policy: usize) -> Cow<'_, Model> {
        let Some(policy) = self.policies.get(policy).filter(|policy| !policy.stations.is_empty()) else {
            return Cow::Borrowed(self);
        };
        let mut changed = self.clone();
        for change in &policy.stations {
            if let Some(station) = changed.stations.get_mut(change.station) {
                change.apply(station);
            }
        }
        Cow::Owned(changed)
    }

    /// Number of bins of the series, from `clock.start` to `clock.end`.
    #[must_use]
    pub fn bins(&self) -> usize {
        usize::try_from(self.end.0.div_ceil(self.bin.0)).unwrap_or(usize::MAX)
    }

    /// Start of a bin, and its end where the last one may be cut by `clock.end`.
    #[must_use]
    pub fn bin_bounds(&self, bin: usize) -> (Time, Time) {
        let from = Time(self.bin.0.saturating_mul(bin as u64));
        (from, (from + self.bin).min(self.end))
    }

    /// Width of a slot, by which people are told apart by the time of their intended arrival: an hour of the clock, or
    /// a bin where that is longer; a multiple of it where there would be too many.
    #[must_use]
    pub fn slot(&self) -> Span {
        let least = self.bin.0.max(Span::from_seconds(3600).0);
        Span(least.saturating_mul(self.end.0.div_ceil(least).div_ceil(MOST_SLOTS).max(1)))
    }

    /// Number of slots from `clock.start` to `clock.end`.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.end.0.div_ceil(self.slot().0) as usize
    }

    /// Start of a slot, and its end where the last one may be cut by `clock.end`.
    #[must_use]
    pub fn slot_bounds(&self, slot: usize) -> (Time, Time) {
        let from = Time(self.slot().0.saturating_mul(slot as u64));
        (from, (from + self.slot()).min(self.end))
    }
}

/// Clocks of so many hours have wider slots.
const MOST_SLOTS: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_hours_and_few() {
        let slots = |end: Span, bin: Span| {
            let (stations, classes, policies) = (Vec::new(), Vec::new(), Vec::new());
            let end = Time::ZERO + end;
            let model = Model { end, measure_from: Time::ZERO, bin, stations, classes, policies, incidents: Vec::new() };
            assert_eq!(model.slot_bounds(model.slots() - 1).1, model.end);
            assert!(model.slots() <= 10_000);
            (model.slot().seconds() / 3600.0, model.slots())
        };
        let hours = |hours: u64| Span::from_seconds(hours * 3600);
        assert_eq!(slots(hours(48), Span::from_seconds(60)), (1.0, 48));
        assert_eq!(slots(Span::from_seconds(90), Span::from_seconds(1)), (1.0, 1));
        assert_eq!(slots(hours(48), hours(6)), (6.0, 8));
        assert_eq!(slots(hours(10_001), hours(1)), (2.0, 5001));
        assert!(slots(Span(u64::MAX - 1), Span(1)).1 > 5000);
    }
}
