//! Two grids make one account that is better than either (Richardson's extrapolation).
//!
//! Source: L. F. Richardson, *The approximate arithmetical solution by finite differences*, Philosophical Transactions A 210 (1911).

use super::figures::{Account, Scope, StationScope, derive};
use crate::experiment::{Columns, Counts, OperatorFigures};

/// The weight of the difference of two grids: it takes away an error of second order and a third of one of first order, so that it goes too
/// far in neither.
const WEIGHT: f64 = 1.0 / 3.0;

/// What a figure comes to: no less than nothing.
fn better(fine: f64, coarse: f64) -> f64 {
    (fine + WEIGHT * (fine - coarse)).max(0.0)
}

/// The account of a grid and of one with cells twice as wide, extrapolated. The largest of anything is no smooth figure; it is left as it is on
/// the finer grid.
pub(super) fn extrapolated(fine: &Account, coarse: &Account) -> Account {
    let classes = fine.classes.iter().zip(&coarse.classes);
    let stations = fine.stations.iter().zip(&coarse.stations);
    Account {
        total: scope(&fine.total, &coarse.total),
        classes: classes.map(|(fine, coarse)| scope(fine, coarse)).collect(),
        stations: stations.map(|(fine, coarse)| station(fine, coarse)).collect(),
        uncounted: better(fine.uncounted, coarse.uncounted),
    }
}

/// The account to hold the extrapolated one against: that of the finer grid, with the largest of anything as on the coarser one.
pub(super) fn plain(fine: &Account, coarse: &Account) -> Account {
    let mut plain = fine.clone();
    for (scope, coarse) in plain.classes.iter_mut().zip(&coarse.classes) {
        if let (Some(operators), Some(coarse)) = (&mut scope.operators, &coarse.operators) {
            operators.backlog_max = coarse.backlog_max;
        }
    }
    for (station, coarse) in plain.stations.iter_mut().zip(&coarse.stations) {
        station.queue_length.max = coarse.queue_length.max;
    }
    plain
}

fn scope(fine: &Scope, coarse: &Scope) -> Scope {
    let mut counts = Counts::combine(&[&fine.counts, &coarse.counts], &mut |pair| better(*pair[0], *pair[1]));
    counts.population = fine.counts.population;
    derive(&mut counts);
    let operators = fine.operators.as_ref().zip(coarse.operators.as_ref()).map(|(fine, coarse)| OperatorFigures {
        collected: counts.arrived,
        uploaded: counts.completed,
        backlog_max: fine.backlog_max,
        utilisation: better(fine.utilisation, coarse.utilisation).min(1.0),
    });
    Scope {
        wait: better(fine.wait, coarse.wait),
        operators,
        series: columns(&fine.series, &coarse.series),
        counts,
        ..fine.clone()
    }
}

fn station(fine: &StationScope, coarse: &StationScope) -> StationScope {
    let mut station = StationScope {
        utilisation: better(fine.utilisation, coarse.utilisation).min(1.0),
        served: better(fine.served, coarse.served),
        refused: better(fine.refused, coarse.refused),
        dropped: better(fine.dropped, coarse.dropped),
        timeouts: better(fine.timeouts, coarse.timeouts),
        series: columns(&fine.series, &coarse.series),
        ..fine.clone()
    };
    let average = better(fine.queue_length.time_average, coarse.queue_length.time_average);
    station.queue_length.time_average = average.min(fine.queue_length.max);
    station
}

fn columns(fine: &Columns, coarse: &Columns) -> Columns {
    let both = |of: fn(&Columns) -> &Vec<f64>| -> Vec<f64> {
        of(fine).iter().zip(of(coarse)).map(|(fine, coarse)| better(*fine, *coarse)).collect()
    };
    let mut columns = Columns {
        arrived: both(|columns| &columns.arrived),
        requests: both(|columns| &columns.requests),
        completed: both(|columns| &columns.completed),
        timeouts: both(|columns| &columns.timeouts),
        refused: both(|columns| &columns.refused),
        failed: both(|columns| &columns.failed),
        closed: both(|columns| &columns.closed),
        queue_average: both(|columns| &columns.queue_average),
        in_orbit: both(|columns| &columns.in_orbit),
        away: both(|columns| &columns.away),
        backlog: both(|columns| &columns.backlog),
        ..fine.clone()
    };
    columns.queue_average.iter_mut().zip(&fine.queue_max).for_each(|(average, most)| *average = average.min(*most));
    columns
}
