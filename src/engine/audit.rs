//! The books of a run: every law of the model as two sides that must be equal to the last unit, each side counted in
//! its own way.

use super::people::State;
use super::record::{ClassRecord, Law, OperatorRecord, Record, StationRecord};
use super::request::{Status, is_waiting};
use super::run::{Run, RunError};

/// Passes the laws on if every one holds.
pub(super) fn require(laws: Vec<Law>) -> Result<Vec<Law>, RunError> {
    if laws.iter().all(|law| law.residual == 0) { Ok(laws) } else { Err(RunError::Broken(laws)) }
}

/// Everybody in the system, counted one by one.
#[derive(Debug, Clone, Copy, Default)]
struct Head {
    inside: u64,
    in_flight: u64,
    in_orbit: u64,
    away: u64,
    backlog: u64,
}

fn heads(run: &Run<'_>) -> Vec<Head> {
    let mut heads = vec![Head::default(); run.model.classes.len()];
    for person in run.people.iter() {
        let head = &mut heads[usize::from(person.class)];
        head.inside += 1;
        head.in_flight += u64::from(person.state.has_request());
        head.in_orbit += u64::from(matches!(person.state, State::Backoff | State::BackoffToStart));
        head.away += u64::from(matches!(person.state, State::Away | State::AwayForWindow));
        head.backlog += u64::from(person.state == State::Backlog);
    }
    heads
}

/// Both sides of every law; the meters must be up to the moment.
pub(super) fn laws(run: &Run<'_>) -> Vec<Law> {
    let heads = heads(run);
    let classes = || run.recorder.classes.iter().zip(&heads);
    let stations = || run.stations.iter().enumerate();
    let wide = i128::from;
    let mut laws = Vec::new();
    let mut law = |name, residuals: &mut dyn Iterator<Item = i128>| {
        let worst = residuals.max_by_key(|r| r.unsigned_abs()).unwrap_or(0);
        let residual = i64::try_from(worst).unwrap_or(if worst < 0 { i64::MIN } else { i64::MAX });
        laws.push(Law { name, residual });
    };
    law(
        "applicants: arrived = completed + abandoned + pending",
        &mut classes().map(|(c, head)| wide(c.tally.arrived) - wide(c.tally.completed + c.tally.abandoned + head.inside)),
    );
    law(
        "applicants: population = arrived + still to come",
        &mut run.arrivals.iter().zip(&run.came).zip(classes().zip(&run.gone_before)).map(|((arrivals, came), ((c, _), gone))| {
            let came_in_all = wide(u64::from(*came));
            let counted = wide(c.tally.arrived + gone);
            let residual = wide(arrivals.population()) - wide(arrivals.to_come()) - came_in_all;
            if residual == 0 { came_in_all - counted } else { residual }
        }),
    );
    law(
        "applicants: in orbit, away and in backlog as counted one by one",
        &mut classes().map(|(c, head)| {
            let levels = c.in_orbit.level + c.away.level + c.backlog.level;
            wide(levels) - wide(head.in_orbit + head.away + head.backlog)
        }),
    );
    law(
        "requests: sent = answered + timeouts + refused + failed + closed + in flight",
        &mut classes().map(|(c, head)| {
            let t = &c.tally;
            wide(t.requests) - wide(t.answered + t.timeouts + t.refused + t.failed + t.closed + head.in_flight)
        }),
    );
    law("requests: every class's outcomes are some station's", &mut std::iter::once(outcomes(run)));
    law(
        "stations: requests = served + refused + dropped + cut + left + still there",
        &mut stations().map(|(index, s)| {
            let there = u64::from(s.queue.level()) + run.requests_in_service(index as u16);
            let t = &s.tally;
            wide(t.requests) - wide(t.served + t.refused + t.dropped + t.failed + t.vanished + t.left + there)
        }),
    );
    law(
        "stations: requests waiting as counted one by one",
        &mut stations().map(|(index, s)| wide(u64::from(s.queue.level())) - waiting(run, index).count() as i128),
    );
    law(
        "Little's law in every queue: integral of requests waiting = sum of their stays, in ns",
        &mut stations().map(|(index, s)| {
            let there: u128 = waiting(run, index).map(|entered| s.queue.stay(run.now, entered)).sum();
            s.queue.area().wrapping_sub(s.queue.stays + there) as i128
        }),
    );
    law(
        "Little's law in service: integral of busy workers = sum of service times, in ns",
        &mut stations().map(|(index, s)| {
            let under_way = run.services.iter().filter(|service| service.status == Status::UnderWay);
            let there = under_way.filter(|service| usize::from(service.station) == index);
            let there: u128 = there.map(|service| s.busy.spent(run.now, service.started)).sum();
            s.busy.area().wrapping_sub(s.busy.work + there) as i128
        }),
    );
    laws
}

/// When each request that waits at a station entered.
fn waiting<'r>(run: &'r Run<'_>, station: usize) -> impl Iterator<Item = crate::time::Time> + 'r {
    let state = &run.stations[station];
    let waits = move |request: &&super::line::Request| !state.leaves || is_waiting(&run.people[request.person], request.ticket);
    state.line.iter().filter(waits).map(|request| request.entered)
}

/// Outcomes counted by class minus those counted by station.
fn outcomes(run: &Run<'_>) -> i128 {
    let classes = run.recorder.classes.iter().map(|c| c.tally.answered + c.tally.timeouts + c.tally.refused + c.tally.failed);
    let stations = run.stations.iter().map(|s| s.tally.answered + s.tally.timeouts + s.tally.refused + s.tally.failed);
    i128::from(classes.sum::<u64>()) - i128::from(stations.sum::<u64>())
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
        operators: crew.map(|crew| OperatorRecord { backlog_max: class.backlog.max, busy: crew.busy, available: crew.available }),
        wait: class.wait,
        time_to_complete: class.time_to_complete,
        series,
    });
    let stations = run.stations.into_iter().zip(series).map(|(state, series)| {
        let (queue_max, queue_max_at) = state.queue.max();
        StationRecord {
            queue_max,
            queue_max_at,
            busy: state.busy.area(),
            available: state.busy.available(),
            wasted: state.busy.wasted,
            served: state.tally.served,
            refused: state.tally.refused,
            dropped: state.tally.dropped,
            timeouts: state.tally.timeouts,
            queue: state.queue.time_at,
            series,
        }
    });
    Record { classes: classes.collect(), stations: stations.collect(), queued_max, laws, events, peak_people, peak_services }
}
