//! The books of a run: every law of the model as two sides that must be equal to the last unit, each side counted in
//! its own way.

mod gate;
mod people;
mod stations;

use super::record::{ClassRecord, Law, OperatorRecord, Record, StationRecord};
use super::run::{Run, RunError};

/// Passes the laws on if every one holds.
pub(super) fn require(laws: Vec<Law>) -> Result<Vec<Law>, RunError> {
    if laws.iter().all(|law| law.residual == 0) { Ok(laws) } else { Err(RunError::Broken(laws)) }
}

/// Laws with their largest residuals so far.
#[derive(Debug, Default)]
struct Book(Vec<Law>);

impl Book {
    /// Enters a law with its residuals: one side less the other for every class, station or whatever it speaks of.
    fn law(&mut self, name: &'static str, residuals: impl IntoIterator<Item = i128>) {
        let worst = residuals.into_iter().max_by_key(|residual| residual.unsigned_abs()).unwrap_or(0);
        let residual = i64::try_from(worst).unwrap_or(if worst < 0 { i64::MIN } else { i64::MAX });
        self.0.push(Law { name, residual });
    }
}

/// Both sides of every law; the meters must be up to the moment.
pub(super) fn laws(run: &Run<'_>) -> Vec<Law> {
    let mut book = Book::default();
    let heads = people::heads(run);
    people::applicants(run, &heads, &mut book);
    people::requests(run, &heads, &mut book);
    stations::counts(run, &mut book);
    stations::times(run, &mut book);
    gate::laws(run, &mut book);
    book.law("events: time never runs backwards", [gap(run.steps_back, 0)]);
    book.0
}

/// One side less the other.
fn gap(left: u64, right: u64) -> i128 {
    i128::from(left) - i128::from(right)
}

/// Turns a run that has ended into its record.
pub(super) fn record(run: Run<'_>, laws: Vec<Law>, events: u64) -> Record {
    let (peak_people, peak_services) = (run.people.peak(), run.services.len());
    let populations: Vec<u64> = run.arrivals.iter().zip(&run.gone_before).map(|(a, gone)| a.population() - gone).collect();
    let (classes, series, queued_max) = run.recorder.into_series();
    let classes = classes.into_iter().zip(populations).zip(run.crews).map(|(((class, series), population), crew)| ClassRecord {
        population,
        tally: class.tally,
        pending: class.inside,
        operators: crew.map(|crew| OperatorRecord { backlog_max: class.backlog_max, busy: crew.busy, available: crew.available }),
        wait: class.wait,
        time_to_complete: class.time_to_complete,
        slots: class.slots.tallies,
        series,
    });
    let rules = run.gate.into_records(&run.model.policies[run.policy]);
    let (scalers, models) = (run.scalers, &run.model.stations);
    let stations = run.stations.into_iter().zip(series).zip(models).enumerate().map(|(index, ((state, series), model))| {
        let available = state.sharing.as_ref().map_or(state.busy.available(), |sharing| sharing.available);
        let scaled = scalers.iter().any(|scaler| usize::from(scaler.station()) == index);
        let (queue_max, queue_max_at) = state.queue.max();
        StationRecord {
            queue_max,
            queue_max_at,
            busy: state.sharing.as_ref().map_or(state.busy.area(), |sharing| sharing.used),
            available,
            wasted: state.sharing.as_ref().map_or(state.busy.wasted, |sharing| sharing.wasted()),
            held: model.conduct.calls.is_some().then_some(state.held.area),
            crashes: model.conduct.crash.map(|_| state.health.crashes),
            taken_out: model.conduct.health_check.map(|_| state.health.taken_out),
            paid: scaled.then_some(available),
            served: state.tally.served,
            refused: state.tally.refused,
            dropped: state.tally.dropped,
            timeouts: state.tally.timeouts,
            queue: state.queue.time_at.histogram(),
            series,
        }
    });
    Record {
        classes: classes.collect(),
        stations: stations.collect(),
        queued_max,
        rules,
        incidents: run.incidents.into_tallies(),
        laws,
        events,
        peak_people,
        peak_services,
    }
}

#[cfg(test)]
mod tests;
