//! desque: an event is a type with an `execute`, as in its examples of an M/M/1 and an M/M/c store.

use desque::serial::{OkEvent, Simulation};
use desque::{SimState, SimTime};
use peers::{Counts, Queue, Random, WORKERS};
use std::cmp::Ordering;
use std::collections::VecDeque;

#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Seconds(f64);

impl Eq for Seconds {}

#[allow(clippy::derive_ord_xor_partial_ord, reason = "no time is NaN, so that both orders agree")]
impl Ord for Seconds {
    fn cmp(&self, other: &Seconds) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl SimTime for Seconds {}

struct Waiting {
    number: u64,
    since: f64,
    tries: u8,
}

struct Desk {
    queue: Queue,
    random: Random,
    came: u64,
    busy: usize,
    line: VecDeque<Waiting>,
    counts: Counts,
}

impl SimState<Seconds> for Desk {}

type Run = Simulation<Desk, Seconds>;

fn after(run: &mut Run, seconds: f64, event: impl OkEvent<Desk, Seconds> + 'static) {
    let at = Seconds(run.current_time().0 + seconds);
    run.schedule(event, at).expect("nothing is scheduled for the past");
}

#[derive(Debug)]
struct Fresh;

impl Fresh {
    fn schedule(run: &mut Run) {
        let desk = run.state_mut();
        if desk.came < desk.queue.people {
            desk.came += 1;
            let gap = desk.random.seconds(1.0 / desk.queue.rate);
            after(run, gap, Fresh);
        }
    }
}

impl OkEvent<Desk, Seconds> for Fresh {
    fn execute(&mut self, run: &mut Run) {
        Try(1).execute(run);
        Fresh::schedule(run);
    }
}

#[derive(Debug)]
struct Try(u8);

impl OkEvent<Desk, Seconds> for Try {
    fn execute(&mut self, run: &mut Run) {
        let since = run.current_time().0;
        let desk = run.state_mut();
        desk.counts.tries += 1;
        if desk.busy < WORKERS {
            desk.busy += 1;
            Departure::schedule(run);
        } else {
            let number = desk.counts.tries;
            desk.line.push_back(Waiting { number, since, tries: self.0 });
            if let Some(patience) = desk.queue.patience {
                after(run, patience.as_secs_f64(), Timeout(number));
            }
        }
    }
}

#[derive(Debug)]
struct Departure;

impl Departure {
    fn schedule(run: &mut Run) {
        let service = run.state_mut().random.seconds(1.0);
        after(run, service, Departure);
    }
}

impl OkEvent<Desk, Seconds> for Departure {
    fn execute(&mut self, run: &mut Run) {
        let now = run.current_time().0;
        let desk = run.state_mut();
        desk.counts.served += 1;
        match desk.line.pop_front() {
            Some(next) => {
                desk.counts.waited += now - next.since;
                desk.counts.queue += now - next.since;
                Departure::schedule(run);
            }
            None => desk.busy -= 1,
        }
    }
}

/// Patience is constant: whoever leaves is the first in the line, or has been served.
#[derive(Debug)]
struct Timeout(u64);

impl OkEvent<Desk, Seconds> for Timeout {
    fn execute(&mut self, run: &mut Run) {
        let now = run.current_time().0;
        let desk = run.state_mut();
        if desk.line.front().is_none_or(|first| first.number != self.0) {
            return;
        }
        let Some(gone) = desk.line.pop_front() else { return };
        desk.counts.timeouts += 1;
        desk.counts.queue += now - gone.since;
        if gone.tries < desk.queue.tries {
            let later = desk.random.seconds(20.0);
            after(run, later, Try(gone.tries + 1));
        }
    }
}

fn main() {
    peers::main(|queue, random| {
        let desk = Desk { queue, random, came: 0, busy: 0, line: VecDeque::new(), counts: Counts::default() };
        let mut run = Simulation::new(desk, Seconds(0.0));
        Fresh::schedule(&mut run);
        run.run().expect("no event fails");
        run.state().counts.clone()
    });
}
