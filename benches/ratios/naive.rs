//! M1, M2 and M3 as one writes them first: every event in one binary heap of the standard library.

use super::draws::Xoshiro;
use super::parts::Counts;
use rand_distr::{Distribution, Exp1};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queue {
    pub(crate) rate: f64,
    pub(crate) patience: Option<f64>,
    pub(crate) tries: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Departure,
    Timeout { request: u64 },
    Arrival { tries: u8, fresh: bool },
}

#[derive(Debug, Clone, Copy)]
struct Request {
    number: u64,
    since: u64,
    tries: u8,
}

struct Run {
    queue: Queue,
    heap: BinaryHeap<Reverse<(u64, u64, Event)>>,
    scheduled: u64,
    rng: Xoshiro,
    now: u64,
}

impl Run {
    fn after(&mut self, seconds: f64, event: Event) {
        self.scheduled += 1;
        let at = self.now + (seconds * 1e9) as u64;
        self.heap.push(Reverse((at, self.scheduled, event)));
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        let draw: f64 = Exp1.sample(&mut self.rng);
        mean * draw
    }

    fn serve(&mut self) {
        let service = self.exponential(1.0);
        self.after(service, Event::Departure);
    }

    fn next_person(&mut self) {
        let gap = self.exponential(1.0 / self.queue.rate);
        self.after(gap, Event::Arrival { tries: 1, fresh: true });
    }
}

/// Plays it until everybody has gone.
pub(crate) fn play(queue: Queue, people: u64, seed: u64) -> Counts {
    let mut run = Run { queue, heap: BinaryHeap::new(), scheduled: 0, rng: Xoshiro::new(seed), now: 0 };
    let mut waiting: VecDeque<Request> = VecDeque::new();
    let (mut busy, mut came, mut changed) = (0, 0, 0);
    let (mut waited, mut area) = (0u128, 0u128);
    let mut counts = Counts::default();
    run.next_person();
    while let Some(Reverse((at, _, event))) = run.heap.pop() {
        run.now = at;
        area += (at - changed) as u128 * waiting.len() as u128;
        changed = at;
        match event {
            Event::Arrival { tries, fresh } => {
                came += u64::from(fresh);
                if fresh && came < people {
                    run.next_person();
                }
                counts.tries += 1;
                if busy < super::parts::WORKERS {
                    busy += 1;
                    run.serve();
                } else {
                    let number = counts.tries;
                    waiting.push_back(Request { number, since: at, tries });
                    if let Some(patience) = queue.patience {
                        run.after(patience, Event::Timeout { request: number });
                    }
                }
            }
            Event::Departure => {
                counts.served += 1;
                match waiting.pop_front() {
                    Some(next) => {
                        waited += u128::from(at - next.since);
                        run.serve();
                    }
                    None => busy -= 1,
                }
            }
            // Patience is constant and the line first in first out: whoever leaves is the first, or has been served.
            Event::Timeout { request } => {
                if let Some(gone) = waiting.front().copied().filter(|first| first.number == request) {
                    waiting.pop_front();
                    counts.timeouts += 1;
                    if gone.tries < queue.tries {
                        let later = run.exponential(20.0);
                        run.after(later, Event::Arrival { tries: gone.tries + 1, fresh: false });
                    }
                }
            }
        }
    }
    counts.waited = waited as f64 * 1e-9;
    counts.queue = area as f64 * 1e-9;
    counts
}
