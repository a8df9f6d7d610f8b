//! What the engine runs: a [`Model`] of integers and small ids, compiled from a scenario.
//!
//! Nothing here knows files or JSON. A [`Study`] is a model together with all that a report has to name.

mod arrivals;
mod class;
mod curve;
mod policy;
mod sampler;
mod station;
mod steps;
mod study;
mod table;
mod variates;
mod windows;

pub use arrivals::Arrivals;
pub use class::{Backoff, Class, Closed, Component, Jitter, Operators, Population, Resume, Retry, Step, Timeout, TimeoutCovers};
pub use curve::{Between, Curve, CurveError, Cut};
pub use policy::{AppliesTo, Cohort, Policy, Rule, WindowsRule};
pub use sampler::{Sampler, SamplerError};
pub use station::{Discipline, OnFull, OnTimeout, Outage, Slowdown, Station};
pub use study::{Experiment, Metric, Moment, Names, Observation, Study};
pub use variates::{binomial, gamma_variate, poisson};
pub use windows::Intervals;

use crate::time::{Span, Time};

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
}

impl Model {
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
}
