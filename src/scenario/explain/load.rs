//! Offered load against capacity, before any simulation: people expected by the arrival curves, one pass of each step.

use crate::model::{Station, Study};
use crate::time::{Span, Time};

/// Rows of the table at most.
const MAX_ROWS: u64 = 49;

/// Row widths that a person reads easily, in seconds.
const WIDTHS: [u64; 14] = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 21_600, 86_400, 604_800, 2_592_000, 31_536_000];

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) from: Time,
    pub(super) people: f64,
    /// By station: worker-seconds asked for and worker-seconds there are.
    pub(super) stations: Vec<(f64, f64)>,
}

/// The rows over the clock and their width.
pub(super) fn rows(study: &Study) -> (Span, Vec<Row>) {
    let seconds = study.model.end.0.div_ceil(crate::time::NANOS_PER_SECOND);
    let width = WIDTHS.iter().copied().find(|width| seconds.div_ceil(*width) <= MAX_ROWS);
    let width = Span::from_seconds(width.unwrap_or(seconds.div_ceil(MAX_ROWS)).max(1));
    let mut rows = Vec::new();
    let mut from = Time::ZERO;
    while from < study.model.end {
        let to = (from + width).min(study.model.end);
        rows.push(row(study, from, to));
        from = to;
    }
    (width, rows)
}

/// The load between two instants.
pub(super) fn row(study: &Study, from: Time, to: Time) -> Row {
    let model = &study.model;
    let mut people = 0.0;
    let mut work = vec![0.0; model.stations.len()];
    for class in &model.classes {
        let share = |at: Time| class.arrivals.iter().map(|part| part.share * part.curve.share_before(at)).sum::<f64>();
        let come = class.population.mean() * (share(to) - share(from));
        people += come;
        for step in &class.journey {
            work[usize::from(step.station)] += come * step.service.mean_seconds();
        }
    }
    let capacity = model.stations.iter().map(|station| capacity(station, from, to));
    Row { from, people, stations: work.into_iter().zip(capacity).collect() }
}

/// Worker-seconds between two instants outside outages, at the speed of a station whose workers are all busy.
pub(super) fn capacity(station: &Station, from: Time, to: Time) -> f64 {
    let starts = std::iter::once((Time::ZERO, station.workers)).chain(station.workers_at.iter().copied());
    let ends = station.workers_at.iter().map(|(at, _)| *at).chain(std::iter::once(Time::NEVER));
    let mut total = 0.0;
    for ((start, workers), end) in starts.zip(ends) {
        let (start, end) = (start.max(from), end.min(to));
        let down: f64 = station.outages.iter().map(|outage| outage.to.min(end).since(outage.from.max(start)).seconds()).sum();
        let slow = if workers == 0 { 1.0 } else { station.slowdown.factor(workers) };
        total += (end.since(start).seconds() - down).max(0.0) * f64::from(workers) / slow;
    }
    total
}
