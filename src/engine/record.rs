//! What one run gives: plain counts, histograms and series, for an experiment to put together.

use super::incidents::IncidentTally;
use super::slots::SlotTally;
use super::tally::{ClassTally, StationTally};
use crate::stats::Histogram;
use crate::time::Time;

/// The outcome of one run of one policy.
#[derive(Debug)]
pub struct Record {
    /// By class.
    pub classes: Vec<ClassRecord>,
    /// By station.
    pub stations: Vec<StationRecord>,
    /// By bin: most requests waiting at all stations together.
    pub queued_max: Vec<u32>,
    /// What the rules of the policy did that have figures of their own, in order.
    pub rules: Vec<RuleRecord>,
    /// What was answered in the model's incidents: by incident, class and length.
    pub incidents: Vec<Vec<Vec<IncidentTally>>>,
    /// What was checked; all residuals are zero.
    pub laws: Vec<Law>,
    /// State events simulated: arrivals, ends of think, backoff and return, completions, timeouts, changes.
    pub events: u64,
    /// Most applicants in the system at once.
    pub peak_people: usize,
    /// Most services held at once, those cut short included.
    pub peak_services: usize,
}

/// What one rule did in one run.
#[derive(Debug)]
pub struct RuleRecord {
    /// What files call it.
    pub rule: &'static str,
    /// Its counts, averages and maxima by name; `None` where there was nothing to measure.
    pub figures: Vec<(&'static str, Option<f64>)>,
    /// Distributions in nanoseconds by name.
    pub times: Vec<(&'static str, Histogram)>,
}

/// A law of the model, checked at the end of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// In words.
    pub name: &'static str,
    /// The largest difference of its two sides over classes or stations.
    pub residual: i64,
}

/// One class in one run.
#[derive(Debug)]
pub struct ClassRecord {
    /// Applicants of the class in this replication; with `measure_from`, those present then or coming later.
    pub population: u64,
    /// Counts since `measure_from`.
    pub tally: ClassTally,
    /// Applicants still in the system at the end.
    pub pending: u64,
    /// Nanoseconds in queue of requests that started service with their client still there.
    pub wait: Histogram,
    /// Nanoseconds from intent to completion.
    pub time_to_complete: Histogram,
    /// By the slot of the clock in which they intended to come, see [`crate::model::Model::slot`].
    pub slots: Vec<SlotTally>,
    /// Present where the class has operators.
    pub operators: Option<OperatorRecord>,
    /// Over the clock.
    pub series: ClassSeries,
}

/// A class's operators in one run.
#[derive(Debug, Clone, Copy)]
pub struct OperatorRecord {
    /// Longest backlog.
    pub backlog_max: u64,
    /// Operator-nanoseconds with an application in hand.
    pub busy: u128,
    /// Operator-nanoseconds of working time.
    pub available: u128,
}

/// One station in one run.
#[derive(Debug)]
pub struct StationRecord {
    /// Nanoseconds by number of requests waiting.
    pub queue: Histogram,
    /// Most requests waiting.
    pub queue_max: u32,
    /// When that was first so.
    pub queue_max_at: Time,
    /// Busy worker-nanoseconds.
    pub busy: u128,
    /// Worker-nanoseconds outside outages.
    pub available: u128,
    /// The part of `busy` spent on orphans and refusals.
    pub wasted: u128,
    /// Worker-nanoseconds held by calls of another station, where it calls one.
    pub held: Option<u128>,
    /// How often it broke down by itself, where it can.
    pub crashes: Option<u64>,
    /// How often health checks took it out of service, where there are any.
    pub taken_out: Option<u64>,
    /// Worker-nanoseconds that are paid for, where workers follow the load.
    pub paid: Option<u128>,
    /// Services finished.
    pub served: u64,
    /// Requests turned away at once.
    pub refused: u64,
    /// Requests that found the queue full and were told nothing.
    pub dropped: u64,
    /// Requests whose client stopped waiting here.
    pub timeouts: u64,
    /// Over the clock.
    pub series: StationSeries,
}

/// Declares series of counts per bin that are differences of a tally's fields.
macro_rules! series {
    ($(#[$doc:meta])* $name:ident of $tally:ident { $($(#[$field_doc:meta])* $field:ident,)* }
     levels { $($(#[$level_doc:meta])* $level:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Vec<u32>,)*
            $($(#[$level_doc])* pub $level: Vec<$kind>,)*
        }

        impl $name {
            fn push_counts(&mut self, tally: &$tally, before: &$tally) {
                $(self.$field.push(u32::try_from(tally.$field - before.$field).unwrap_or(u32::MAX));)*
            }

            /// Sets every count so far to zero; levels stay.
            pub(super) fn forget_counts(&mut self) {
                $(self.$field.fill(0);)*
            }
        }
    };
}

series! {
    /// One value a bin for a class.
    ClassSeries of ClassTally {
        /// Applicants who came.
        arrived,
        /// Requests sent.
        requests,
        /// Applicants who got through.
        completed,
        /// Requests answered in time.
        answered,
        /// Requests whose client stopped waiting.
        timeouts,
        /// Requests turned away at once.
        refused,
        /// Requests cut by an outage.
        failed,
        /// Requests answered by a closed gate.
        closed,
        /// People called in from a waiting room.
        admitted,
    } levels {
        /// Average number between two tries.
        in_orbit: f64,
        /// Average number waiting to return or for a window.
        away: f64,
        /// Average number of applications in backlog.
        backlog: f64,
        /// Average number in waiting rooms.
        in_room: f64,
    }
}

series! {
    /// One value a bin for a station.
    StationSeries of StationTally {
        /// Requests that came.
        requests,
        /// Services finished with the client still there.
        answered,
        /// Requests whose client stopped waiting here.
        timeouts,
        /// Requests turned away at once.
        refused,
        /// Requests cut by an outage.
        failed,
    } levels {
        /// Average number waiting.
        queue_average: f64,
        /// Most waiting at once.
        queue_max: u32,
    }
}

impl ClassSeries {
    pub(super) fn push(&mut self, tally: &ClassTally, before: &ClassTally) {
        self.push_counts(tally, before);
    }
}

impl StationSeries {
    pub(super) fn push(&mut self, tally: &StationTally, before: &StationTally, average: f64, max: u32) {
        self.push_counts(tally, before);
        self.queue_average.push(average);
        self.queue_max.push(max);
    }
}
