//! A class of applicants: how many, when they come, what they do, how they bear waiting.

use super::{Curve, Intervals, Sampler};
use crate::random::NameHash;
use crate::time::Span;

/// A kind of applicant with its own behaviour.
#[derive(Debug, Clone)]
pub struct Class {
    /// Hash of the name: the class's draws depend on nothing else in the file.
    pub key: NameHash,
    /// How many people.
    pub population: Population,
    /// When they intend to come: a mixture whose shares add up to 1.
    pub arrivals: Vec<Component>,
    /// At least one step.
    pub journey: Vec<Step>,
    /// What they do after a failure.
    pub retry: Retry,
    /// What they do when a policy says closed.
    pub closed: Closed,
    /// Present where people of the trade work the applications.
    pub operators: Option<Operators>,
    /// At stations whose discipline is `priority`; 0 is served first.
    pub priority: u32,
}

/// Size of a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Population {
    /// So many, no more and no fewer.
    Fixed(u64),
    /// A Poisson number with this mean, drawn per replication.
    Poisson(f64),
}

impl Population {
    /// The expected number of people.
    #[must_use]
    pub fn mean(self) -> f64 {
        match self {
            Population::Fixed(n) => n as f64,
            Population::Poisson(mean) => mean,
        }
    }
}

/// One part of an arrival curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Its share of the population.
    pub share: f64,
    /// Density of the intended arrivals over time.
    pub curve: Curve,
}

/// One request of the journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Index of the station that serves it.
    pub station: u16,
    /// Pause before the step, not before a retry of it.
    pub think: Option<Sampler>,
    /// Work of the request, drawn per applicant, step and try.
    pub service: Sampler,
    /// When the client stops waiting.
    pub timeout: Timeout,
    /// What the timeout covers.
    pub covers: TimeoutCovers,
}

impl Step {
    /// Whether its client may stop waiting.
    #[must_use]
    pub fn may_time_out(&self) -> bool {
        matches!(self.timeout, Timeout::After(_))
    }
}

/// When the client stops waiting, counted from the sending of the request.
#[derive(Debug, Clone, PartialEq)]
pub enum Timeout {
    /// Waits for ever.
    Never,
    /// A constant, or drawn per try.
    After(Sampler),
}

/// What a timeout runs against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeoutCovers {
    /// Queue and service, until the answer.
    Answer,
    /// The queue only: once service starts, the client stays.
    Queue,
}

/// What happens after a failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Tries in all before giving up for now, at least 1.
    pub attempts: u16,
    /// What a retry repeats, and what `attempts` counts in.
    pub resume: Resume,
    /// Wait before each retry.
    pub backoff: Backoff,
    /// Wait after giving up for now, before a new session.
    pub return_after: Option<Sampler>,
    /// How often an applicant comes back after giving up for now, before abandoning.
    pub returns: u16,
}

/// Where a retry takes the journey up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// At the failed step; attempts count anew at each step.
    Step,
    /// At the first step; attempts count for the session.
    Journey,
}

/// Wait between a failure and the next try.
#[derive(Debug, Clone, PartialEq)]
pub enum Backoff {
    /// A constant or any distribution.
    Drawn(Sampler),
    /// The k-th wait is min(`max`, `first`·`factor`^(k−1)), then jittered.
    CappedExponential {
        /// The first wait.
        first: Span,
        /// Growth from one wait to the next.
        factor: f64,
        /// The longest wait.
        max: Span,
        /// How chance shortens it.
        jitter: Jitter,
    },
}

impl Backoff {
    /// The waits of a capped exponential before jitter, in nanoseconds, the first retry's first: up to the cap or the
    /// last try, whichever comes first. Later waits are like the last. Empty for a drawn backoff.
    #[must_use]
    pub fn waits(&self, attempts: u16) -> Vec<f64> {
        let Backoff::CappedExponential { first, factor, max, .. } = self else { return Vec::new() };
        let cap = max.0 as f64;
        let mut waits = vec![(first.0 as f64).min(cap)];
        let mut grown = first.0 as f64;
        while waits.len() < usize::from(attempts) && grown < cap && *factor != 1.0 {
            grown *= factor;
            waits.push(grown.min(cap));
        }
        waits
    }
}

/// How chance shortens a backoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Times a uniform draw from (½, 1).
    Equal,
    /// Times a uniform draw from (0, 1).
    Full,
}

/// What people do when a policy says closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// Share of people who know the schedule; the others send one request to learn it.
    pub aware: f64,
    /// Delay after the opening; `None`: at once.
    pub return_delay: Option<Sampler>,
}

/// The people who work a class's applications.
#[derive(Debug, Clone)]
pub struct Operators {
    /// How many.
    pub count: u32,
    /// Preparation of one application before its session.
    pub prepare: Option<Sampler>,
    /// Working hours: when an operator takes a new application. `None`: always.
    pub hours: Option<Intervals>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap() {
        let backoff = |factor, max| Backoff::CappedExponential { first: Span(5), factor, max: Span(max), jitter: Jitter::None };
        assert_eq!(backoff(2.0, 30).waits(9), [5.0, 10.0, 20.0, 30.0]);
        assert_eq!(backoff(2.0, 30).waits(2), [5.0, 10.0]);
        assert_eq!(backoff(1.0, 30).waits(9), [5.0]);
        assert_eq!(backoff(0.5, 30).waits(3), [5.0, 2.5, 1.25]);
        assert_eq!(backoff(2.0, 3).waits(9), [3.0]);
    }

    #[test]
    fn waits_end_at_the_first_that_is_the_cap() {
        let backoff =
            |first, max| Backoff::CappedExponential { first: Span(first), factor: 2.0, max: Span(max), jitter: Jitter::None };
        assert_eq!(backoff(5, 20).waits(9), [5.0, 10.0, 20.0]);
        assert_eq!(backoff(5, 5).waits(9), [5.0]);
    }

    #[test]
    fn a_client_may_time_out_where_the_step_has_a_timeout() {
        let one = Sampler::constant(Span(1));
        let step = |timeout| Step { station: 0, think: None, service: one.clone(), timeout, covers: TimeoutCovers::Answer };
        assert!(step(Timeout::After(one.clone())).may_time_out());
        assert!(!step(Timeout::Never).may_time_out());
    }
}
