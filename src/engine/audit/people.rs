//! Laws of applicants and their requests: everybody in the system is counted one by one.

use super::super::people::{Person, State};
use super::super::recorder::ClassRecorder;
use super::super::run::Run;
use super::super::slots::SlotTally;
use super::super::tally::{ClassTally, StationTally};
use super::{Book, gap};
use crate::model::{Timeout, TimeoutCovers};
use crate::random::Purpose;

/// A class's people in the system, counted one by one.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    inside: u64,
    in_flight: u64,
    in_orbit: u64,
    away: u64,
    backlog: u64,
    in_room: u64,
    /// Neither in backlog nor gone away: where the class has operators, each is in the hands of one.
    in_hand: u64,
    /// By the slot in which they intended to come.
    by_slot: Vec<u64>,
}

pub(super) fn heads(run: &Run<'_>) -> Vec<Head> {
    let slots = |class: &ClassRecorder| vec![0; class.slots.tallies.len()];
    let mut heads: Vec<Head> =
        run.recorder.classes.iter().map(|class| Head { by_slot: slots(class), ..Head::default() }).collect();
    for (person, arrived) in run.people.with_arrivals() {
        let class = usize::from(person.class);
        let head = &mut heads[class];
        head.inside += 1;
        head.in_flight += u64::from(person.state.has_request());
        head.in_orbit += u64::from(matches!(person.state, State::Backoff | State::BackoffToStart));
        head.away += u64::from(person.state.is_away());
        head.backlog += u64::from(person.state == State::Backlog);
        head.in_room += u64::from(person.state == State::InRoom);
        head.in_hand += u64::from(!matches!(person.state, State::Backlog | State::Away));
        head.by_slot[run.recorder.classes[class].slots.place(arrived)] += 1;
    }
    heads
}

pub(super) fn applicants(run: &Run<'_>, heads: &[Head], book: &mut Book) {
    let classes = || run.recorder.classes.iter().zip(heads);
    book.law(
        "applicants: arrived = completed + abandoned + pending",
        classes().map(|(c, head)| gap(c.tally.arrived, c.tally.completed + c.tally.abandoned + head.inside)),
    );
    let came = || run.arrivals.iter().zip(&run.came).zip(classes().zip(&run.gone_before));
    book.law(
        "applicants: population = arrived + still to come",
        came().flat_map(|((arrivals, came), ((c, _), gone))| {
            let came = u64::from(*came);
            [gap(arrivals.population(), arrivals.to_come() + came), gap(came, c.tally.arrived + gone)]
        }),
    );
    book.law(
        "applicants: in the system, in orbit, away and in backlog as counted one by one",
        classes().flat_map(|(c, head)| {
            let levels = [c.in_orbit.level, c.away.level, c.backlog.level, c.in_room.level, c.inside, c.in_flight];
            let counted = [head.in_orbit, head.away, head.backlog, head.in_room, head.inside, head.in_flight];
            levels.into_iter().zip(counted).map(|(level, counted)| gap(level, counted))
        }),
    );
    book.law(
        "arrivals by hour: arrived = completed + abandoned + still there, in every hour",
        classes().flat_map(|(c, head)| {
            let hours = c.slots.tallies.iter().zip(&head.by_slot);
            hours.map(|(hour, there)| {
                i128::from(hour.arrived) - i128::from(hour.completed) - i128::from(hour.abandoned) - i128::from(*there)
            })
        }),
    );
    book.law("arrivals by hour: all hours together are the totals", classes().flat_map(|(c, _)| hours_against_totals(c)));
    let pausing = run.people.iter().filter(|person| person.state.is_pause()).count() as u64;
    book.law("pauses: everybody who pauses is to wake once", [gap(run.wheel.count() as u64 + run.sleepers, pausing)]);
    let crews = run.crews.iter().zip(heads).filter_map(|(crew, head)| Some((crew.as_ref()?, head)));
    book.law(
        "operators: applications in hand and in backlog as counted one by one",
        crews.flat_map(|(crew, head)| [gap(u64::from(crew.at_work()), head.in_hand), gap(crew.waiting() as u64, head.backlog)]),
    );
}

/// What a class counted hour by hour against what it counted as a whole.
fn hours_against_totals(class: &ClassRecorder) -> Vec<i128> {
    let (hours, tally) = (&class.slots.tallies, &class.tally);
    let sum = |count: &dyn Fn(&SlotTally) -> u32| hours.iter().map(|hour| u64::from(count(hour))).sum::<u64>();
    let mut residuals = vec![
        gap(sum(&|hour| hour.arrived), tally.arrived),
        gap(sum(&|hour| hour.completed), tally.completed),
        gap(sum(&|hour| hour.abandoned), tally.abandoned),
    ];
    let time: u128 = hours.iter().map(|hour| hour.time).sum();
    residuals.push(time.wrapping_sub(class.time_to_complete.sum()) as i128);
    residuals
}

pub(super) fn requests(run: &Run<'_>, heads: &[Head], book: &mut Book) {
    book.law(
        "requests: sent = answered + timeouts + refused + failed + closed + in flight",
        run.recorder.classes.iter().zip(heads).map(|(c, head)| {
            let t = &c.tally;
            gap(t.requests, t.answered + t.timeouts + t.refused + t.failed + t.closed + head.in_flight)
        }),
    );
    let of_classes = |count: fn(&ClassTally) -> u64| run.recorder.classes.iter().map(|c| count(&c.tally)).sum::<u64>();
    let at_stations = |count: fn(&StationTally) -> u64| run.stations.iter().map(|s| count(&s.tally)).sum::<u64>();
    let limited: u64 = run.gate.limits.iter().map(|limit| limit.tally.refused).sum();
    book.law(
        "requests: every class's outcomes are some station's",
        [
            gap(of_classes(|t| t.answered), at_stations(|t| t.answered - t.called.answered)),
            gap(of_classes(|t| t.timeouts), at_stations(|t| t.timeouts)),
            gap(of_classes(|t| t.refused), at_stations(|t| t.refused - t.called.refused) + limited),
            gap(of_classes(|t| t.failed), at_stations(|t| t.failed - t.called.failed)),
        ],
    );
    let sent = gap(of_classes(|t| t.requests), of_classes(|t| t.closed) + limited) + run.carried;
    book.law(
        "requests: what no gate answered came to a station",
        [sent - i128::from(at_stations(|t| t.requests - t.called.requests))],
    );
    let overdue = run.people.iter().filter(|person| is_overdue(run, person)).count() as u64;
    book.law("timeouts: nobody waits longer than their patience", [gap(overdue, 0)]);
}

/// Whether someone waits whose patience, drawn anew from their key, has ended.
fn is_overdue(run: &Run<'_>, person: &Person) -> bool {
    let class = usize::from(person.class);
    let step = &run.model.classes[class].journey[usize::from(person.step)];
    let Timeout::After(patience) = &step.timeout else { return false };
    let served = person.state == State::InService && step.covers == TimeoutCovers::Queue;
    if served || !person.state.has_request() {
        return false;
    }
    let mut stream = run.keys[class].stream(Purpose::Patience, u64::from(person.number), person.draw());
    person.sent + patience.sample(&mut stream) < run.now
}

#[cfg(test)]
mod tests {
    use super::super::super::begin::ready;
    use super::super::super::lab::{TRIAL, system};
    use super::*;
    use crate::time::{Span, Time};

    #[test]
    fn whoever_waits_longer_than_their_patience_is_overdue_but_not_in_a_service_that_it_does_not_cover() {
        let overdue = |covers: &str, state: State, nanos: u64| {
            let step = r#"{"name": "ask", "station": "desk", "service": "1min"}"#;
            let class = format!(r#""journey": [{step}], "timeout": "10s", "timeout_covers": "{covers}""#);
            let model = system(1, &class, "", 1);
            let mut run = ready(&model, &TRIAL);
            let slot = run.people.insert(0, 0, Time::ZERO);
            run.people[slot].state = state;
            run.now = Time::ZERO + Span(nanos);
            is_overdue(&run, &run.people[slot])
        };
        let (ends, after) = (10_000_000_000, 10_000_000_001);
        for covers in ["answer", "queue"] {
            let at = |nanos| [State::Queued, State::InService, State::Thinking].map(|state| overdue(covers, state, nanos));
            assert_eq!(at(ends), [false; 3], "{covers}");
            assert_eq!(at(after), [true, covers == "answer", false], "{covers}");
        }
    }
}
