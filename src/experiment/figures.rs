//! One run's record as figures.

use super::results::{Counts, DoneWithin, OperatorFigures, Quantiles, QueueLength, ScopeFigures, StationFigures, StationWork};
use crate::engine::{ClassRecord, ClassTally, Record, StationRecord};
use crate::stats::Histogram;

/// A figure of one run; `None` where there was nothing to measure.
pub(super) type Single = Option<f64>;

const NANOS: f64 = 1e-9;

/// The figures of one class.
pub(super) fn of_class(class: &ClassRecord) -> ScopeFigures<Single> {
    scope(class.population, class.pending, &class.tally, &class.wait, &class.time_to_complete)
}

/// The figures of all classes together, and the histogram of their times to complete.
pub(super) fn of_total(record: &Record) -> (ScopeFigures<Single>, Histogram) {
    let mut tally = ClassTally::default();
    let (mut wait, mut time_to_complete) = (Histogram::default(), Histogram::default());
    for class in &record.classes {
        tally.add(&class.tally);
        wait.merge(&class.wait);
        time_to_complete.merge(&class.time_to_complete);
    }
    let population = record.classes.iter().map(|class| class.population).sum();
    let pending = record.classes.iter().map(|class| class.pending).sum();
    (scope(population, pending, &tally, &wait, &time_to_complete), time_to_complete)
}

fn scope(population: u64, pending: u64, tally: &ClassTally, wait: &Histogram, complete: &Histogram) -> ScopeFigures<Single> {
    let count = |n: u64| Some(n as f64);
    let lost = tally.timeouts + tally.refused + tally.failed;
    let done = |i: usize| ratio(tally.done_in_time[i], tally.had_time[i]);
    ScopeFigures {
        counts: Counts {
            population: count(population),
            arrived: count(tally.arrived),
            not_arrived: count(population - tally.arrived),
            completed: count(tally.completed),
            abandoned: count(tally.abandoned),
            pending: count(pending),
            sessions: count(tally.sessions),
            requests: count(tally.requests),
            answered: count(tally.answered),
            timeouts: count(tally.timeouts),
            refused: count(tally.refused),
            failed: count(tally.failed),
            closed: count(tally.closed),
            retries: count(tally.retries),
            completed_share: ratio(tally.completed, tally.arrived),
            timeout_share: ratio(tally.timeouts, tally.requests),
            lost_share: ratio(lost, lost + tally.answered),
            requests_per_completion: ratio(tally.requests, tally.completed),
        },
        done_within: DoneWithin { one_hour: done(0), four_hours: done(1), a_day: done(2) },
        wait: quantiles(wait),
        time_to_complete: quantiles(complete),
    }
}

/// The figures of a class's operators, where it has them.
pub(super) fn of_operators(class: &ClassRecord) -> Option<OperatorFigures<Single>> {
    class.operators.map(|operators| OperatorFigures {
        collected: Some(class.tally.arrived as f64),
        uploaded: Some(class.tally.completed as f64),
        backlog_max: Some(operators.backlog_max as f64),
        utilisation: ratio_wide(operators.busy, operators.available),
    })
}

/// The figures of one station.
pub(super) fn of_station(station: &StationRecord) -> StationFigures<Single> {
    let count = |n: u64| Some(n as f64);
    StationFigures {
        queue_length: QueueLength {
            time_average: station.queue.mean(),
            p95: station.queue.quantile(0.95),
            max: count(u64::from(station.queue_max)),
        },
        work: StationWork {
            utilisation: ratio_wide(station.busy, station.available),
            wasted_share: ratio_wide(station.wasted, station.busy),
            served: count(station.served),
            refused: count(station.refused),
            dropped: count(station.dropped),
            timeouts: count(station.timeouts),
        },
    }
}

fn quantiles(times: &Histogram) -> Quantiles<Single> {
    let quantile = |p| times.quantile(p).map(|nanos| nanos * NANOS);
    Quantiles {
        mean: times.mean().map(|nanos| nanos * NANOS),
        p50: quantile(0.5),
        p90: quantile(0.9),
        p95: quantile(0.95),
        p99: quantile(0.99),
        max: times.max().map(|nanos| nanos as f64 * NANOS),
    }
}

fn ratio(part: u64, whole: u64) -> Single {
    ratio_wide(u128::from(part), u128::from(whole))
}

fn ratio_wide(part: u128, whole: u128) -> Single {
    (whole > 0).then(|| part as f64 / whole as f64)
}
