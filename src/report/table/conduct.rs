//! Rows of what stations do beyond serving from a queue.

use super::Row;
use crate::experiment::{Figure, PolicyResult, Results, StationConduct};
use crate::report::estimates::{Unit, figure};

/// Takes one of the figures.
type Get = fn(StationConduct<Figure>) -> Figure;

/// What a station does beyond serving from a queue, where any policy has something to tell.
pub(super) fn rows(results: &Results, id: usize) -> Vec<Row> {
    let conduct = move |policy: &PolicyResult| policy.stations.get(id).map(|s| s.conduct.clone()).unwrap_or_default();
    let figures: [(&str, Unit, Get); 4] = [
        ("  held by stations that it calls", Unit::Share, |c| c.held_share),
        ("  crashes", Unit::Number, |c| c.crashes),
        ("  taken out by health checks", Unit::Number, |c| c.taken_out),
        ("  worker-hours paid", Unit::Number, |c| c.worker_hours),
    ];
    let told = figures.into_iter().filter(|(_, _, get)| results.policies.iter().any(|p| get(conduct(p)).is_some()));
    told.map(|(label, unit, get)| (label.to_owned(), Box::new(move |p: &PolicyResult| figure(get(conduct(p)), unit)) as _))
        .collect()
}
