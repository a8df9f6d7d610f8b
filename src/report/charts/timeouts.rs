//! Timeouts a minute over the clock, by policy.

use super::picture::Picture;
use super::queue::{POINTS, one_panel, rate_trace};
use crate::experiment::Results;

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let trace = |columns: &crate::experiment::Columns| rate_trace(results, &columns.timeouts, 60.0, POINTS);
    one_panel(results, title, "timeouts per minute", "lowest to highest bin around each point", trace)
}
