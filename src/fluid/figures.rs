//! What the account gives: the figures of a run that it can state, by policy, class and station.

use super::grid::Grid;
use super::people::Group;
use super::station::{Server, StationFlow};
use super::tally::Tally;
use crate::experiment::{Columns, Counts, OperatorFigures, QueueLength};
use crate::model::Model;

/// A queue is no longer than another one that differs from it by this share.
const ROUNDING: f64 = 1e-9;

/// One policy on one grid.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// All classes together.
    pub total: Scope,
    /// By class, in the order of the file.
    pub classes: Vec<Scope>,
    /// By station, in the order of the file.
    pub stations: Vec<StationScope>,
    /// People who gave up more often than the account tells returns apart, or would have had no tries left: it lets them go on.
    pub uncounted: f64,
}

/// The figures of a class or of all of them.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Counts and shares, as of a run.
    pub counts: Counts<f64>,
    /// Mean time in queue of requests that started with their client there, in seconds.
    pub wait: f64,
    /// Present where the class has operators; no figure of time.
    pub operators: Option<OperatorFigures<f64>>,
    /// The columns of `series.csv` that the account states; the others are empty.
    pub series: Columns,
    pub(super) started: f64,
    pub(super) busy: f64,
    pub(super) on_duty: f64,
}

/// The figures of a station.
#[derive(Debug, Clone, Default)]
pub struct StationScope {
    /// Requests waiting: the average over time and the most; 95 % are not told.
    pub queue_length: QueueLength<f64>,
    /// The cell in which the queue was longest; `None` where nobody waited.
    pub cell_of_max: Option<usize>,
    /// Busy time over worker time outside outages.
    pub utilisation: f64,
    /// Services finished, orphans included.
    pub served: f64,
    /// Requests turned away at once.
    pub refused: f64,
    /// Requests that found the queue full and were told nothing.
    pub dropped: f64,
    /// Requests whose client stopped waiting.
    pub timeouts: f64,
    /// Over the clock.
    pub series: Columns,
}

/// Puts an account together, cell by cell.
#[derive(Debug)]
pub(super) struct Book<'m> {
    model: &'m Model,
    grid: Grid,
    account: Account,
}

impl<'m> Book<'m> {
    pub(super) fn new(model: &'m Model, grid: Grid) -> Book<'m> {
        let bins = model.bins();
        let scope = || Scope { series: columns(bins), ..Scope::default() };
        let station = || StationScope { series: columns(bins), ..StationScope::default() };
        let account = Account {
            total: scope(),
            classes: model.classes.iter().map(|_| scope()).collect(),
            stations: model.stations.iter().map(|_| station()).collect(),
            uncounted: 0.0,
        };
        Book { model, grid, account }
    }

    pub(super) fn note(&mut self, cell: usize, groups: &[Group<'_>], servers: &[Server<'_>]) {
        let middle = self.grid.middle(cell);
        let bin = ((middle.0 / self.model.bin.0) as usize).min(self.model.bins().saturating_sub(1));
        let (from, to) = self.model.bin_bounds(bin);
        let part = self.grid.seconds() / to.since(from).seconds().max(1e-9);
        for group in groups {
            let tally = &group.tally;
            self.account.uncounted += tally.uncounted;
            for (class, share) in &group.members {
                add(&mut self.account.classes[*class], tally, bin, (*share, part));
            }
            let class = group.members.first().and_then(|(class, _)| self.account.classes.get_mut(*class));
            if let Some(class) = class
                && let Some((at_work, count)) = group.operators()
            {
                // A group with operators is of one class.
                let figures = class.operators.get_or_insert_with(OperatorFigures::default);
                figures.backlog_max = figures.backlog_max.max(tally.backlog);
                let hours = group.class.operators.as_ref().and_then(|operators| operators.hours.as_ref());
                class.busy += at_work;
                class.on_duty += if hours.is_none_or(|hours| hours.contains(middle)) { count } else { at_work };
            }
            add(&mut self.account.total, tally, bin, (1.0, part));
        }
        let mut all = StationFlow::default();
        for (server, station) in servers.iter().zip(&mut self.account.stations) {
            let flow = &server.flow;
            (all.queue, all.queue_max) = (all.queue + flow.queue, all.queue_max + flow.queue_max);
            add_flow(station, flow, bin, part);
            if flow.queue_max > station.queue_length.max * (1.0 + ROUNDING) {
                station.queue_length.max = flow.queue_max;
                station.cell_of_max = Some(cell);
            }
            station.queue_length.time_average += flow.queue / self.grid.cells as f64;
        }
        let series = &mut self.account.total.series;
        series.queue_average[bin] += all.queue * part;
        series.queue_max[bin] = series.queue_max[bin].max(all.queue_max);
    }

    pub(super) fn close(mut self, groups: &[Group<'_>], servers: &[Server<'_>]) -> Account {
        for server in servers {
            for (group, (started, waits)) in groups.iter().zip(server.sums.started.iter().zip(&server.sums.waits)) {
                let add = |scope: &mut Scope, share: f64| {
                    scope.started += share * started;
                    scope.wait += share * waits * self.grid.seconds();
                };
                group.members.iter().for_each(|(class, share)| add(&mut self.account.classes[*class], *share));
                add(&mut self.account.total, 1.0);
            }
        }
        for (server, station) in servers.iter().zip(&mut self.account.stations) {
            station.utilisation = share(server.sums.busy, server.sums.workers);
        }
        let mut population = 0.0;
        for (class, scope) in self.model.classes.iter().zip(&mut self.account.classes) {
            let people = class.population.mean();
            population += people;
            finish(scope, people);
        }
        finish(&mut self.account.total, population);
        self.account
    }
}

fn columns(bins: usize) -> Columns {
    let zero = || vec![0.0; bins];
    Columns {
        arrived: zero(),
        requests: zero(),
        completed: zero(),
        timeouts: zero(),
        refused: zero(),
        failed: zero(),
        closed: zero(),
        queue_average: zero(),
        queue_max: zero(),
        in_orbit: zero(),
        away: zero(),
        backlog: zero(),
        ..Columns::default()
    }
}

/// Adds a share of what a group did in a cell that is such a part of its bin.
fn add(scope: &mut Scope, tally: &Tally, bin: usize, (share, part): (f64, f64)) {
    let (counts, series) = (&mut scope.counts, &mut scope.series);
    counts.arrived += share * tally.arrived;
    counts.sessions += share * tally.sessions;
    counts.requests += share * tally.requests;
    counts.retries += share * tally.retries;
    counts.closed += share * tally.closed;
    counts.answered += share * tally.answered;
    counts.timeouts += share * tally.timeouts;
    counts.refused += share * tally.refused;
    counts.failed += share * tally.failed;
    counts.completed += share * tally.completed;
    counts.abandoned += share * tally.abandoned;
    series.arrived[bin] += share * tally.arrived;
    series.requests[bin] += share * tally.requests;
    series.completed[bin] += share * tally.completed;
    series.timeouts[bin] += share * tally.timeouts;
    series.refused[bin] += share * tally.refused;
    series.failed[bin] += share * tally.failed;
    series.closed[bin] += share * tally.closed;
    series.in_orbit[bin] += share * tally.in_orbit.max(0.0) * part;
    series.away[bin] += share * tally.away.max(0.0) * part;
    series.backlog[bin] += share * tally.backlog * part;
}

fn add_flow(station: &mut StationScope, flow: &StationFlow, bin: usize, part: f64) {
    station.served += flow.served;
    station.refused += flow.refused;
    station.dropped += flow.dropped;
    station.timeouts += flow.timeouts;
    let series = &mut station.series;
    series.requests[bin] += flow.requests;
    series.completed[bin] += flow.answered;
    series.timeouts[bin] += flow.timeouts;
    series.refused[bin] += flow.refused;
    series.failed[bin] += flow.failed;
    series.queue_average[bin] += flow.queue * part;
    series.queue_max[bin] = series.queue_max[bin].max(flow.queue_max);
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The figures that follow from others.
fn finish(scope: &mut Scope, population: f64) {
    scope.counts.population = population;
    derive(&mut scope.counts);
    scope.wait = share(scope.wait, scope.started);
    if let Some(operators) = &mut scope.operators {
        (operators.collected, operators.uploaded) = (scope.counts.arrived, scope.counts.completed);
        operators.utilisation = share(scope.busy, scope.on_duty);
    }
}

/// The counts that follow from others, and their shares.
pub(super) fn derive(counts: &mut Counts<f64>) {
    counts.not_arrived = (counts.population - counts.arrived).max(0.0);
    counts.pending = (counts.arrived - counts.completed - counts.abandoned).max(0.0);
    counts.completed_share = share(counts.completed, counts.arrived);
    counts.timeout_share = share(counts.timeouts, counts.requests);
    let lost = counts.timeouts + counts.refused + counts.failed;
    counts.lost_share = share(lost, lost + counts.answered);
    counts.requests_per_completion = share(counts.requests, counts.completed);
}
