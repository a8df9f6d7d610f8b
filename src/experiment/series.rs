//! Series of several replications put together: means, and the band of the queue.

use super::results::{Columns, Series};
use crate::engine::{ClassSeries, StationSeries};
use crate::stats::sample_quantile;

/// The series of one run.
#[derive(Debug, Default)]
pub(super) struct RunSeries {
    pub(super) classes: Vec<ClassSeries>,
    pub(super) stations: Vec<StationSeries>,
    pub(super) queued_max: Vec<u32>,
}

/// The series of runs added up in their order.
#[derive(Debug, Default)]
pub(super) struct SeriesSums {
    runs: usize,
    classes: Vec<Columns>,
    stations: Vec<Columns>,
    queued_max: Vec<f64>,
    /// By station and run: `queue_average`, of which quantiles are wanted.
    queues: Vec<Vec<Vec<f64>>>,
}

impl SeriesSums {
    /// Adds the next run.
    pub(super) fn add(&mut self, run: RunSeries) {
        self.runs += 1;
        self.classes.resize_with(run.classes.len(), Columns::default);
        self.stations.resize_with(run.stations.len(), Columns::default);
        self.queues.resize_with(run.stations.len(), Vec::new);
        self.classes.iter_mut().zip(&run.classes).for_each(|(sums, class)| add_class(sums, class));
        for ((sums, queues), station) in self.stations.iter_mut().zip(&mut self.queues).zip(run.stations) {
            add_station(sums, &station);
            queues.push(station.queue_average);
        }
        add(&mut self.queued_max, floats(&run.queued_max));
    }

    /// Means over runs, and the band of the queue.
    pub(super) fn means(&self) -> Series {
        let classes: Vec<Columns> = self.classes.iter().map(|sums| of_class(sums, self.runs)).collect();
        let stations = self.stations.iter().zip(&self.queues).map(|(sums, queues)| of_station(sums, queues)).collect();
        Series { total: self.of_total(&classes), classes, stations }
    }

    fn of_total(&self, classes: &[Columns]) -> Columns {
        let all = |column: fn(&Columns) -> &Vec<f64>| sum(classes.iter().map(|class| column(class).clone()));
        let queue = |run: usize| sum(self.queues.iter().map(|queues| queues[run].clone()));
        let queues: Vec<Vec<f64>> = (0..self.runs).map(queue).collect();
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
            in_room: all(|c| &c.in_room),
            admitted: all(|c| &c.admitted),
            queue_max: mean(&self.queued_max, self.runs),
            queue_p05: band(&queues, 0.05),
            queue_p95: band(&queues, 0.95),
            queue_average: mean(&sum(queues.into_iter()), self.runs),
        }
    }
}

fn add_class(sums: &mut Columns, run: &ClassSeries) {
    add(&mut sums.arrived, floats(&run.arrived));
    add(&mut sums.requests, floats(&run.requests));
    add(&mut sums.completed, floats(&run.completed));
    add(&mut sums.timeouts, floats(&run.timeouts));
    add(&mut sums.refused, floats(&run.refused));
    add(&mut sums.failed, floats(&run.failed));
    add(&mut sums.closed, floats(&run.closed));
    add(&mut sums.in_orbit, run.in_orbit.iter().copied());
    add(&mut sums.away, run.away.iter().copied());
    add(&mut sums.backlog, run.backlog.iter().copied());
    add(&mut sums.in_room, run.in_room.iter().copied());
    add(&mut sums.admitted, floats(&run.admitted));
}

fn add_station(sums: &mut Columns, run: &StationSeries) {
    add(&mut sums.requests, floats(&run.requests));
    add(&mut sums.completed, floats(&run.answered));
    add(&mut sums.timeouts, floats(&run.timeouts));
    add(&mut sums.refused, floats(&run.refused));
    add(&mut sums.failed, floats(&run.failed));
    add(&mut sums.queue_max, floats(&run.queue_max));
}

fn of_class(sums: &Columns, runs: usize) -> Columns {
    let mean = |column: &Vec<f64>| mean(column, runs);
    Columns {
        arrived: mean(&sums.arrived),
        requests: mean(&sums.requests),
        completed: mean(&sums.completed),
        timeouts: mean(&sums.timeouts),
        refused: mean(&sums.refused),
        failed: mean(&sums.failed),
        closed: mean(&sums.closed),
        in_orbit: mean(&sums.in_orbit),
        away: mean(&sums.away),
        backlog: mean(&sums.backlog),
        in_room: mean(&sums.in_room),
        admitted: mean(&sums.admitted),
        ..Columns::default()
    }
}

fn of_station(sums: &Columns, queues: &[Vec<f64>]) -> Columns {
    let mean = |column: &Vec<f64>| mean(column, queues.len());
    Columns {
        requests: mean(&sums.requests),
        completed: mean(&sums.completed),
        timeouts: mean(&sums.timeouts),
        refused: mean(&sums.refused),
        failed: mean(&sums.failed),
        queue_max: mean(&sums.queue_max),
        queue_p05: band(queues, 0.05),
        queue_p95: band(queues, 0.95),
        queue_average: mean(&sum(queues.iter().cloned())),
        ..Columns::default()
    }
}

fn floats(counts: &[u32]) -> impl ExactSizeIterator<Item = f64> {
    counts.iter().map(|n| f64::from(*n))
}

/// Element by element.
fn add(sums: &mut Vec<f64>, values: impl ExactSizeIterator<Item = f64>) {
    if sums.is_empty() {
        sums.resize(values.len(), 0.0);
    }
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
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

fn mean(sums: &[f64], runs: usize) -> Vec<f64> {
    sums.iter().map(|sum| sum / runs as f64).collect()
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
