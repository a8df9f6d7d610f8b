//! Many runs on many threads: replications, intervals, comparison, observations.
//!
//! [`run`] plays every chosen policy of a study in every replication and gives [`Results`]. Policies of one
//! replication share their randomness, so their differences are paired.

mod budget;
mod by_arrival;
mod collapse;
mod compare;
mod factors;
mod figures;
mod hysteresis;
mod incidents;
mod observe;
mod one;
mod openings;
mod outcome;
mod precision;
mod progress;
mod ranking;
mod replicate;
mod results;
mod rules;
mod run_figures;
mod runs;
mod series;
mod sure;

pub use crate::engine::{Keeper, Nobody, SNAPSHOT_FORMAT};
pub use budget::{BudgetFigures, BudgetOfClass};
pub use by_arrival::{ByArrival, FellMost, Hour, JudgedBy, LEAST_ARRIVED, WorstTreated};
pub use collapse::collapse_stretch;
pub use compare::compared_figures;
pub use hysteresis::{LoadLevel, UpAndDown};
pub use incidents::{IncidentCounts, IncidentFigures};
pub use one::{COLLAPSED, FigureKey, Scope, all_figure_names, figure_keys, figure_unit, figures_of_run};
pub use openings::{cohort_names, opening_times};
pub use outcome::{Collapse, Median, Outcome, Sequential};
pub use precision::{Precision, figure_names};
pub use progress::Progress;
pub use ranking::{Felt, WITHIN};
pub use replicate::{ExperimentError, Plan, run, run_to_precision};
pub use results::{
    Audit, AuditCheck, Columns, Comparison, Counts, DoneWithin, Figure, Observed, Opening, OperatorFigures, PolicyResult,
    Quantiles, QueueLength, Results, ScopeFigures, Series, StationConduct, StationFigures, StationWork,
};
pub use rules::RuleFigures;
