//! Series of several replications put together: means, and the band of the queue.

use super::results::{Columns, Series};
use crate::engine::{ClassSeries, StationSeries};
use crate::stats::sample_quantile;

/// The series of one run.
#[derive(Debug)]
pub(super) struct RunSeries {
    pub(super) classes: Vec<ClassSeries>,
    pub(super) stations: Vec<StationSeries>,
    pub(super) queued_max: Vec<u32>,
}

/// Means over runs, in their order.
pub(super) fn combine(runs: &[&RunSeries]) -> Series {
    let classes = runs.first().map_or(0, |run| run.classes.len());
    let stations = runs.first().map_or(0, |run| run.stations.len());
    let classes: Vec<Columns> = (0..classes).map(|index| of_class(runs, index)).collect();
    Series { total: of_total(runs, &classes), stations: (0..stations).map(|index| of_station(runs, index)).collect(), classes }
}

fn of_class(runs: &[&RunSeries], index: usize) -> Columns {
    let counts = |column: fn(&ClassSeries) -> &Vec<u32>| mean(runs.iter().map(|run| floats(column(&run.classes[index]))));
    let levels = |column: fn(&ClassSeries) -> &Vec<f64>| mean(runs.iter().map(|run| column(&run.classes[index]).clone()));
    Columns {
        arrived: counts(|c| &c.arrived),
        requests: counts(|c| &c.requests),
        completed: counts(|c| &c.completed),
        timeouts: counts(|c| &c.timeouts),
        refused: counts(|c| &c.refused),
        failed: counts(|c| &c.failed),
        closed: counts(|c| &c.closed),
        in_orbit: levels(|c| &c.in_orbit),
        away: levels(|c| &c.away),
        backlog: levels(|c| &c.backlog),
        ..Columns::default()
    }
}

fn of_station(runs: &[&RunSeries], index: usize) -> Columns {
    let counts = |column: fn(&StationSeries) -> &Vec<u32>| mean(runs.iter().map(|run| floats(column(&run.stations[index]))));
    let queues: Vec<Vec<f64>> = runs.iter().map(|run| run.stations[index].queue_average.clone()).collect();
    Columns {
        requests: counts(|s| &s.requests),
        completed: counts(|s| &s.answered),
        timeouts: counts(|s| &s.timeouts),
        refused: counts(|s| &s.refused),
        failed: counts(|s| &s.failed),
        queue_max: counts(|s| &s.queue_max),
        queue_p05: band(&queues, 0.05),
        queue_p95: band(&queues, 0.95),
        queue_average: mean(queues.into_iter()),
        ..Columns::default()
    }
}

fn of_total(runs: &[&RunSeries], classes: &[Columns]) -> Columns {
    let all = |column: fn(&Columns) -> &Vec<f64>| sum(classes.iter().map(|class| column(class).clone()));
    let queue = |run: &&RunSeries| sum(run.stations.iter().map(|station| station.queue_average.clone()));
    let queues: Vec<Vec<f64>> = runs.iter().map(queue).collect();
    Columns {
        arrived: all(|c| &c.arrived),
        requests: all(|c| &c.requests),
        completed: all(|c| &c.completed),
        timeouts: all(|c| &c.timeouts),
        refused: all(|c| &c.refused),
        failed: all(|c| &c.failed),
        closed: all(|c| &c.closed),
        in_orbit: all(|c| &c.in_orbit),
        away: all(|c| &c.away),
        backlog: all(|c| &c.backlog),
        queue_max: mean(runs.iter().map(|run| floats(&run.queued_max))),
        queue_p05: band(&queues, 0.05),
        queue_p95: band(&queues, 0.95),
        queue_average: mean(queues.into_iter()),
    }
}

fn floats(counts: &[u32]) -> Vec<f64> {
    counts.iter().map(|n| f64::from(*n)).collect()
}

/// Element by element, in the order given.
fn sum(columns: impl Iterator<Item = Vec<f64>>) -> Vec<f64> {
    columns
        .reduce(|mut total, column| {
            total.iter_mut().zip(column).for_each(|(sum, value)| *sum += value);
            total
        })
        .unwrap_or_default()
}

fn mean(columns: impl ExactSizeIterator<Item = Vec<f64>>) -> Vec<f64> {
    let n = columns.len() as f64;
    let mut total = sum(columns);
    total.iter_mut().for_each(|value| *value /= n);
    total
}

/// The quantile over runs in every bin.
fn band(runs: &[Vec<f64>], p: f64) -> Vec<f64> {
    let bins = runs.first().map_or(0, Vec::len);
    let quantile = |bin: usize| {
        let values: Vec<f64> = runs.iter().map(|run| run[bin]).collect();
        sample_quantile(&values, p).unwrap_or(0.0)
    };
    (0..bins).map(quantile).collect()
}
