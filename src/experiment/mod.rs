//! Many runs on many threads: replications, intervals, comparison, observations.
//!
//! [`run`] plays every chosen policy of a study in every replication and gives [`Results`]. Policies of one
//! replication share their randomness, so their differences are paired.

mod compare;
mod figures;
mod observe;
mod openings;
mod progress;
mod replicate;
mod results;
mod series;

pub use openings::{cohort_names, opening_times};
pub use progress::Progress;
pub use replicate::{ExperimentError, Plan, run};
pub use results::{
    Audit, AuditCheck, Columns, Comparison, Counts, DoneWithin, Figure, Observed, Opening, OperatorFigures, PolicyResult,
    Quantiles, QueueLength, Results, ScopeFigures, Series, StationFigures, StationWork,
};
