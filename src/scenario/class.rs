//! Classes as a person writes them.

use super::alternatives::{Backoff, Hours, Population, Timeout};
use super::arrivals::Component;
use super::distribution::Distribution;
use super::leaf::{Attempts, Factor, OperatorCount, PeopleMean, Priority, Returns, Share, Window};
use super::read::List;
use super::record::{record, words};
use super::rules::Weekday;
use crate::model::{Jitter, Resume, TimeoutCovers};
use crate::time::Span;

record! {
    /// A kind of applicant with its own behaviour.
    pub struct Class, "a class" {
        /// How many people.
        required population: Population,
        /// When they intend to come: curves whose shares add up to 1.
        required arrivals: List<Component>,
        /// The requests of a session, in order.
        required journey: List<Step>,
        /// When the client stops waiting for an answer.
        default timeout: Timeout = "never",
        /// What the timeout covers.
        default timeout_covers: TimeoutCovers = "answer",
        /// What people do after a failure.
        default retry: Retry = {},
        /// What people do when the policy says closed; absent: everybody knows the schedule and comes back at the opening.
        optional closed: Closed,
        /// People of the trade who work the applications; absent: everybody applies for themselves.
        optional operators: OperatorCount,
        /// An operator's preparation of one application; absent: none.
        optional prepare: Distribution,
        /// Working hours of the operators; absent: always.
        optional hours: Hours,
        /// Rank at stations whose discipline is `priority`; 0 is served first.
        default priority: Priority = 0,
    }
}

record! {
    /// One request of the journey.
    pub struct Step, "a step" {
        /// What the step is called.
        required name: String,
        /// The station that serves it.
        required station: String,
        /// Pause before the step, not before a retry of it; absent: none.
        optional think: Distribution,
        /// Work of the request.
        required service: Distribution,
        /// When the client stops waiting; absent: as the class.
        optional timeout: Timeout,
        /// What the timeout covers; absent: as the class.
        optional timeout_covers: TimeoutCovers,
    }
}

record! {
    /// What people do after a failure.
    pub struct Retry, "a retry block" {
        /// Tries in all before they give up for now.
        default attempts: Attempts = 1,
        /// What a retry repeats, and what `attempts` counts in.
        default resume: Resume = "step",
        /// Wait before each retry; must be there when `attempts` is more than 1.
        optional backoff: Backoff,
        /// Wait after giving up for now, before a new session; must be there when `returns` is more than 0.
        optional return_after: Distribution,
        /// How often they come back after giving up for now, before they abandon.
        default returns: Returns = 0,
    }
}

record! {
    /// What people do when the policy says closed.
    pub struct Closed, "a closed block" {
        /// Share of people who know the schedule; the others learn it by one request.
        default aware: Share = 1,
        /// Delay after the opening; absent: none.
        optional return_delay: Distribution,
    }
}

record! {
    /// Poisson with this mean, drawn per replication.
    pub struct PoissonPopulation, "a population" {
        /// The expected number of people.
        required poisson: PeopleMean,
    }
}

record! {
    /// Waits that grow up to a limit: the k-th is min(max, first·factor^(k−1)).
    pub struct CappedExponential, "a capped exponential" {
        /// The first wait.
        required first: Span,
        /// Growth from one wait to the next.
        default factor: Factor = 2,
        /// The longest wait.
        required max: Span,
        /// How chance shortens the wait.
        default jitter: Jitter = "none",
    }
}

record! {
    /// Working hours on some days of the week; none on the others.
    pub struct HoursOnDays, "the hours" {
        /// Times of day.
        required open: List<Window>,
        /// Days of the week; absent: all.
        optional days: List<Weekday>,
    }
}

words! { Resume, "Resume", "Where a retry takes the journey up again." {
    "step" => Resume::Step, "At the failed step; attempts count anew at each step.";
    "journey" => Resume::Journey, "At the first step; attempts count for the session.";
}}

words! { TimeoutCovers, "TimeoutCovers", "What the timeout covers." {
    "answer" => TimeoutCovers::Answer, "Queue and service.";
    "queue" => TimeoutCovers::Queue, "The queue only: once service starts, the client stays.";
}}

words! { Jitter, "Jitter", "How chance shortens a backoff." {
    "none" => Jitter::None, "Not at all.";
    "equal" => Jitter::Equal, "Times a uniform draw from one half to 1.";
    "full" => Jitter::Full, "Times a uniform draw from 0 to 1.";
}}
