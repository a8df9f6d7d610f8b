//! Faults put into a run on purpose, to see that the audit finds them. Only tests compile this.

use super::run::Run;
use std::cell::Cell;
use std::sync::Mutex;

/// Spoils a run once it is in a state in which it can; `true` when that is done.
type Fault = for<'r, 'm> fn(&'r mut Run<'m>) -> bool;

/// What goes wrong, how, and the laws that see it.
type Case = (&'static str, Fault, &'static [&'static str]);

/// By master seed: what is to go wrong in every run with that seed.
static INJECTED: Mutex<Vec<(u64, Fault)>> = Mutex::new(Vec::new());

thread_local! {
    static ARMED: Cell<Option<Fault>> = const { Cell::new(None) };
}

/// Runs with this seed lose a departure: a worker stays busy for ever, and a client waits for ever.
pub(crate) fn lose_a_departure(seed: u64) {
    inject(seed, |run| run.departures.pop().is_some());
}

fn inject(seed: u64, fault: Fault) {
    INJECTED.lock().unwrap().push((seed, fault));
}

/// Before a run with that seed on this thread.
pub(super) fn arm(seed: u64) {
    let fault = INJECTED.lock().unwrap().iter().find(|(injected, _)| *injected == seed).map(|(_, fault)| *fault);
    ARMED.set(fault);
}

/// Before every event.
pub(super) fn strike(run: &mut Run<'_>) {
    if ARMED.get().is_some_and(|fault| fault(run)) {
        ARMED.set(None);
    }
}

mod tests {
    mod gate;
    mod system;

    use super::super::changes::Change;
    use super::super::departures::Departure;
    use super::super::people::State;
    use super::super::{Law, RunError, Trial, simulate};
    use super::*;
    use crate::time::{Span, Time};
    use gate::GATE_FAULTS;
    use system::{HOUR, at, model};

    fn play(seed: u64) -> Result<Vec<Law>, RunError> {
        let trial = Trial { policy: 0, seed, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: false };
        simulate(&model(), &trial, &mut |_| true).map(|record| record.laws)
    }

    /// Whether so little time is left that a level which is one too low does not come to fall below zero.
    fn is_late(run: &Run<'_>) -> bool {
        run.now > at(3 * HOUR - 10)
    }

    /// The slot of one who is in that state.
    fn someone(run: &Run<'_>, state: State) -> Option<u32> {
        (0..run.people.peak() as u32).find(|slot| run.people[*slot].state == state)
    }

    /// What goes wrong, how, and the laws that see it.
    const FAULTS: &[Case] = &[
        (
            "a departure is lost",
            |run| run.departures.pop().is_some(),
            &["every one under way is to end once", "busy time = work drawn"],
        ),
        (
            "a service ends a nanosecond late",
            |run| {
                let Some(departure) = run.departures.pop() else { return false };
                let service = departure.service();
                let order = run.services[service as usize].order;
                run.departures.push(Departure::new(departure.at() + Span(1), order, service));
                true
            },
            &["busy time = work drawn"],
        ),
        ("a wake is lost", |run| run.wheel.pop().is_some(), &["is to wake once"]),
        (
            "a timeout is lost",
            |run| {
                let Some(expiry) = run.expiries.pop(|_| false, |_| {}) else { return false };
                let person = run.people[expiry.person];
                let waits = person.class == 2 && person.ticket == expiry.ticket && person.state == State::Queued;
                if !waits {
                    run.expiries.push_drawn(expiry);
                }
                waits
            },
            &["nobody waits longer than their patience"],
        ),
        (
            "an arrival is lost",
            |run| {
                let is_next = run.next_class == 0 && run.next_arrival < Time::NEVER;
                if is_next {
                    run.arrivals[0].pop();
                    run.next_arrival = run.arrivals[0].peek();
                    run.choose_next_arrival();
                }
                is_next
            },
            &["population = arrived + still to come"],
        ),
        (
            "time runs backwards",
            |run| {
                let on_duty = Change::Duty { class: 1, on: true };
                let late = run.now > at(600);
                if late {
                    run.agenda.schedule(run.now - Span(1), on_duty);
                }
                late
            },
            &["time never runs backwards"],
        ),
        (
            "an applicant completes twice",
            |run| {
                let possible = is_late(run) && run.recorder.class(0).inside > 20;
                if possible {
                    run.recorder.completion(0, Time::ZERO, run.now);
                }
                possible
            },
            &["arrived = completed + abandoned + pending", "in the system, in orbit", "in every hour"],
        ),
        (
            "an applicant vanishes",
            |run| someone(run, State::Queued).map(|slot| run.people.remove(slot)).is_some(),
            &["arrived = completed + abandoned + pending", "sent = answered", "in every hour"],
        ),
        (
            "a completion is booked to another hour",
            |run| {
                let hours = &mut run.recorder.classes[0].slots.tallies;
                let done = hours[0].completed > 0;
                if done {
                    hours[0].completed -= 1;
                    hours[1].completed += 1;
                }
                done
            },
            &["in every hour"],
        ),
        (
            "a time to complete is booked a nanosecond too long",
            |run| {
                run.recorder.classes[0].slots.tallies[0].time += 1;
                true
            },
            &["all hours together are the totals"],
        ),
        (
            "one in orbit is counted as away",
            |run| {
                let late = is_late(run);
                let class = run.recorder.class(0);
                let possible = late && class.in_orbit.level > 0;
                if possible {
                    class.in_orbit.level -= 1;
                    class.away.level += 1;
                }
                possible
            },
            &["in the system, in orbit"],
        ),
        (
            "a level of the backlog is lost",
            |run| {
                let late = is_late(run);
                let backlog = &mut run.recorder.class(1).backlog;
                let possible = late && backlog.level > 0;
                backlog.level -= u64::from(possible);
                possible
            },
            &["in the system, in orbit"],
        ),
        (
            "an application falls out of the backlog",
            |run| run.crews[1].as_mut().is_some_and(|crew| crew.fresh.pop_back().is_some()),
            &["in hand and in backlog"],
        ),
        (
            "a request is counted twice in its class",
            |run| {
                run.recorder.class(0).tally.requests += 1;
                true
            },
            &["sent = answered", "came to a station"],
        ),
        (
            "a request is counted twice at its station",
            |run| {
                run.stations[0].tally.requests += 1;
                true
            },
            &["requests = served + refused", "came to a station"],
        ),
        (
            "a refused request is not counted at the station",
            |run| {
                let tally = &mut run.stations[0].tally;
                let possible = tally.refused > 0;
                tally.refused -= u64::from(possible);
                tally.requests -= u64::from(possible);
                possible
            },
            &["outcomes are some station's", "came to a station"],
        ),
        (
            "a timeout is counted as an answer",
            |run| {
                let tally = &mut run.recorder.class(0).tally;
                let possible = tally.timeouts > 0;
                tally.timeouts -= u64::from(possible);
                tally.answered += u64::from(possible);
                possible
            },
            &["outcomes are some station's"],
        ),
        (
            "the length of a queue is off by one",
            |run| {
                run.stations[0].queue.up(run.now);
                true
            },
            &["waiting and workers busy as counted", "Little's law in every queue"],
        ),
        (
            "the length of all queues together is off by one",
            |run| {
                run.recorder.queued();
                true
            },
            &["waiting and workers busy as counted"],
        ),
        (
            "a stay is booked a nanosecond too long",
            |run| {
                run.stations[0].queue.stays += 1;
                true
            },
            &["Little's law in every queue"],
        ),
        (
            "a nanosecond is booked to the wrong length",
            |run| {
                run.stations[0].queue.time_at.add(3, 1);
                true
            },
            &["the times at each length"],
        ),
        (
            "busy time is booked twice",
            |run| {
                let work = run.stations[0].busy.work;
                run.stations[0].busy.work *= 2;
                work > 0
            },
            &["Little's law in service"],
        ),
        (
            "a call is booked a nanosecond too long",
            |run| {
                run.stations[0].held.done += 1;
                true
            },
            &["Little's law in calls"],
        ),
        (
            "shared workers serve more than they work",
            |run| {
                let sharing = run.stations[3].sharing.as_mut();
                sharing.map(|sharing| sharing.served += 1).is_some()
            },
            &["shared workers"],
        ),
        (
            "a worker is busy with nothing",
            |run| {
                run.stations[1].busy.up(run.now);
                true
            },
            &["waiting and workers busy as counted", "Little's law in service", "busy time = work drawn"],
        ),
    ];

    #[test]
    fn without_a_fault_every_law_holds() {
        let laws = play(1).unwrap();
        assert!(laws.iter().all(|law| law.residual == 0), "{laws:?}");
    }

    #[test]
    fn every_fault_is_seen_by_the_laws_that_speak_of_it_and_every_law_sees_some_fault() {
        let mut unseen: Vec<&str> = play(1).unwrap().iter().map(|law| law.name).collect();
        for (number, (fault, inflict, laws)) in FAULTS.iter().chain(GATE_FAULTS).enumerate() {
            let seed = 0xFA17_0000 + number as u64;
            inject(seed, *inflict);
            let Err(RunError::Broken(found)) = play(seed) else { panic!("nobody sees that {fault}") };
            let broken: Vec<&str> = found.iter().filter(|law| law.residual != 0).map(|law| law.name).collect();
            for law in *laws {
                assert!(broken.iter().any(|name| name.contains(law)), "{fault}: `{law}` holds; broken: {broken:#?}");
            }
            unseen.retain(|law| !broken.contains(law));
        }
        assert!(unseen.is_empty(), "no fault breaks {unseen:#?}");
    }

    #[test]
    fn what_is_off_is_said_to_the_unit() {
        let seed = 0xFA17_1000;
        inject(seed, |run| {
            run.stations[0].queue.stays += 1;
            true
        });
        let error = play(seed).map(drop).unwrap_err().to_string();
        let law = "Little's law in every queue: integral of requests waiting = sum of their stays, in ns (off by -1)";
        assert!(error.ends_with(law), "{error}");
    }

    #[test]
    fn one_step_back_in_time_is_one() {
        let seed = 0xFA17_1001;
        inject(seed, |run| {
            let late = run.now > at(600);
            if late {
                run.agenda.schedule(run.now - Span(1), Change::Duty { class: 1, on: true });
            }
            late
        });
        let error = play(seed).map(drop).unwrap_err().to_string();
        assert!(error.contains("events: time never runs backwards (off by 1)"), "{error}");
    }
}
