//! Requests lost a minute over the clock, by policy: those that timed out, and those turned away or cut.

use super::picture::Picture;
use super::queue::{Look, POINTS, panels, rate_trace};
use crate::experiment::{Columns, Results};

const UNIT: &str = "requests per minute";

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let look = |heading, nothing| Look { heading, unit: UNIT, nothing };
    let trace = |counts: &[f64]| rate_trace(results, counts, 60.0, POINTS);
    let timed_out = |columns: &Columns| trace(&columns.timeouts);
    let turned_away = |columns: &Columns| {
        let failed = columns.failed.iter().copied().chain(std::iter::repeat(0.0));
        trace(&columns.refused.iter().zip(failed).map(|(refused, failed)| refused + failed).collect::<Vec<_>>())
    };
    panels(
        results,
        title,
        "lowest to highest bin of each step",
        &[
            (look("timed out", "no request timed out"), &timed_out),
            (look("turned away at once, or cut by an outage", "no request was turned away"), &turned_away),
        ],
    )
}
