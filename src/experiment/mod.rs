//! Many runs on many threads: replications, comparison, observations.

mod results;

pub use results::{
    Audit, AuditCheck, Columns, Comparison, Counts, DoneWithin, Figure, Observed, OperatorFigures, PolicyResult, Quantiles,
    QueueLength, Results, ScopeFigures, Series, StationFigures, StationWork,
};
