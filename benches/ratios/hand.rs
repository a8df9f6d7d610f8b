//! M1, M2 and M3 as somebody would write them who needs one of them to be fast and nothing else.

use super::draws::Draws;
use super::parts::{Calendar, Counts, Ends, Line, NEVER, SECOND, Sums, WORKERS, moment, tag};

const PATIENCE: u64 = 5 * SECOND;
const RETRY_AFTER: f64 = 20.0;
const TRIES: u64 = 5;

/// Workers that have nothing to do, one bit each.
struct Idle(u64);

impl Idle {
    fn all() -> Idle {
        Idle((1 << WORKERS) - 1)
    }

    #[inline]
    fn take(&mut self) -> u64 {
        let worker = u64::from(self.0.trailing_zeros());
        self.0 &= self.0 - 1;
        worker
    }

    #[inline]
    fn put(&mut self, worker: u64) {
        self.0 |= 1 << worker;
    }
}

/// New people: a Poisson stream that ends with the last of them.
struct Fresh {
    gap: f64,
    left: u64,
    next: u64,
}

impl Fresh {
    fn new(rate: f64, people: u64, draws: &mut impl Draws) -> Fresh {
        let mut fresh = Fresh { gap: 1.0 / rate, left: people, next: 0 };
        fresh.draw(draws);
        fresh
    }

    #[inline]
    fn draw(&mut self, draws: &mut impl Draws) {
        self.next = if self.left == 0 { NEVER } else { self.next + draws.exponential(self.gap) };
        self.left = self.left.wrapping_sub(1);
    }
}

/// Nobody leaves.
pub(crate) fn m1<D: Draws>(people: u64, seed: u64) -> Counts {
    let mut draws = D::new(seed);
    let (mut ends, mut line, mut idle, mut sums) = (Ends::new(), Line::new(), Idle::all(), Sums::default());
    let mut fresh = Fresh::new(45.0, people, &mut draws);
    let mut served = 0;
    loop {
        let end = ends.next();
        if fresh.next < end {
            let now = fresh.next;
            fresh.draw(&mut draws);
            if idle.0 != 0 {
                ends.set(idle.take(), now + draws.exponential(1.0));
            } else {
                sums.queue_was(line.length(), now);
                line.push(now);
            }
        } else if end != NEVER {
            served += 1;
            if line.length() == 0 {
                ends.set(tag(end), NEVER);
                idle.put(tag(end));
            } else {
                let now = moment(end);
                sums.queue_was(line.length(), now);
                sums.waited(now - line.pop());
                ends.set(tag(end), now + draws.exponential(1.0));
            }
        } else {
            return sums.counts(people, served, 0);
        }
    }
}

/// Who has waited five seconds leaves for good.
pub(crate) fn m2<D: Draws>(people: u64, seed: u64) -> Counts {
    let mut draws = D::new(seed);
    let (mut ends, mut line, mut idle, mut sums) = (Ends::new(), Line::new(), Idle::all(), Sums::default());
    let mut fresh = Fresh::new(60.0, people, &mut draws);
    let (mut served, mut timeouts) = (0, 0);
    let mut expires = NEVER;
    loop {
        let end = ends.next();
        if fresh.next < end.min(expires) {
            let now = fresh.next;
            fresh.draw(&mut draws);
            if idle.0 != 0 {
                ends.set(idle.take(), now + draws.exponential(1.0));
                continue;
            }
            sums.queue_was(line.length(), now);
            line.push(now);
        } else if end <= expires {
            if end == NEVER {
                return sums.counts(people, served, timeouts);
            }
            served += 1;
            if line.length() == 0 {
                ends.set(tag(end), NEVER);
                idle.put(tag(end));
                continue;
            }
            let now = moment(end);
            sums.queue_was(line.length(), now);
            sums.waited(now - line.pop());
            ends.set(tag(end), now + draws.exponential(1.0));
        } else {
            sums.queue_was(line.length(), expires);
            line.pop();
            timeouts += 1;
        }
        expires = if line.length() == 0 { NEVER } else { line.first() + PATIENCE };
    }
}

/// Who has waited five seconds comes back after a while, five tries in all.
pub(crate) fn m3<D: Draws>(people: u64, seed: u64) -> Counts {
    let mut draws = D::new(seed);
    let (mut ends, mut line, mut idle, mut sums) = (Ends::new(), Line::new(), Idle::all(), Sums::default());
    let mut fresh = Fresh::new(60.0, people, &mut draws);
    let mut calendar = Calendar::new();
    let (mut tries, mut served, mut timeouts) = (0, 0, 0);
    let mut expires = NEVER;
    loop {
        let end = ends.next();
        let retry = calendar.next();
        let comes = fresh.next.min(retry);
        if comes < end.min(expires) {
            // The tag counts the tries.
            let person = if comes == retry {
                calendar.pop()
            } else {
                fresh.draw(&mut draws);
                comes | 1
            };
            tries += 1;
            if idle.0 != 0 {
                ends.set(idle.take(), moment(person) + draws.exponential(1.0));
                continue;
            }
            sums.queue_was(line.length(), moment(person));
            line.push(person);
        } else if end <= expires {
            if end == NEVER {
                return sums.counts(tries, served, timeouts);
            }
            served += 1;
            if line.length() == 0 {
                ends.set(tag(end), NEVER);
                idle.put(tag(end));
                continue;
            }
            let now = moment(end);
            sums.queue_was(line.length(), now);
            sums.waited(now - moment(line.pop()));
            ends.set(tag(end), now + draws.exponential(1.0));
        } else {
            let now = moment(expires);
            sums.queue_was(line.length(), now);
            let person = line.pop();
            timeouts += 1;
            if tag(person) < TRIES {
                calendar.push(now + draws.exponential(RETRY_AFTER) + tag(person) + 1);
            }
        }
        expires = if line.length() == 0 { NEVER } else { line.first() + PATIENCE };
    }
}
