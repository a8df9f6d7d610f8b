//! Processor sharing: all requests in service at once, each at an equal part of the workers' time, at most one worker.
//!
//! Virtual time runs as fast as one request is served, so that each ends when virtual time has moved by its work
//! (Kleinrock, *Queueing Systems*, vol. 2, 4.4). It is kept in 2^−32 ns, and what rounding down loses is kept too.

use super::departures::{Departure, TICK};
use super::heap::MinHeap;
use super::run::Run;
use super::service::Status;
use crate::time::{Span, Time};

/// Fractions of a nanosecond in virtual time.
const FRACTION: u32 = 32;

/// No look at a station is due.
const NO_LOOK: (Time, u32) = (Time::NEVER, u32::MAX);

/// The shared workers of one station.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Sharing {
    workers: u32,
    /// Requests in service.
    level: u32,
    virtual_time: u128,
    changed: Time,
    /// By the virtual time at which they end, then by start; those cut stay until then.
    jobs: MinHeap<(u128, u64, u32)>,
    /// By slot of the service: virtual time at its start, or when counting began.
    starts: Vec<u128>,
    /// The earliest look at this station: when it is due, and its place among the completions of that instant.
    tick: (Time, u32),
    /// Looks in the list of departures.
    pub(super) ticks: usize,
    /// Busy worker-nanoseconds.
    pub(super) used: u128,
    /// Worker-nanoseconds outside outages.
    pub(super) available: u128,
    /// Busy and available worker-nanoseconds before counting began.
    before: (u128, u128),
    down: bool,
    /// Served to those who went, in 2^−32 ns.
    pub(super) served: u128,
    /// What is not enough for 2^−32 ns each.
    rest: u128,
    /// Lost by rounding, in 2^−32 ns.
    lost: u128,
    /// Served to those whose client was gone.
    wasted: u128,
}

impl Sharing {
    pub(super) fn new(workers: u32) -> Sharing {
        Sharing {
            workers,
            level: 0,
            virtual_time: 0,
            changed: Time::ZERO,
            jobs: MinHeap::new(),
            starts: Vec::new(),
            tick: NO_LOOK,
            ticks: 0,
            used: 0,
            available: 0,
            before: (0, 0),
            down: false,
            served: 0,
            rest: 0,
            lost: 0,
            wasted: 0,
        }
    }

    /// Brings virtual time up to `now`.
    pub(super) fn advance(&mut self, now: Time) {
        let passed = u128::from(now.since(self.changed).0);
        self.changed = now;
        let busy = u128::from(self.level.min(self.workers));
        self.used += busy * passed;
        self.available += if self.down { busy } else { u128::from(self.workers) } * passed;
        if self.level > 0 {
            // With the rest carried on, a look in between changes nothing.
            let work = (passed << FRACTION) * busy + self.rest;
            let level = u128::from(self.level);
            self.virtual_time += work / level;
            self.rest = work % level;
        }
    }

    /// One more in service, or one fewer; the rest of the division cannot be shared out any more.
    fn set_level(&mut self, level: u32) {
        self.level = level;
        self.lost = self.lost.wrapping_add(std::mem::take(&mut self.rest));
    }

    /// The number of workers, and whether the station is down, from `now` on.
    pub(super) fn set_capacity(&mut self, now: Time, workers: u32, down: bool) {
        self.advance(now);
        (self.workers, self.down) = (workers, down);
    }

    /// Starts counting anew at `now`: what those in service got before is forgotten.
    pub(super) fn restart(&mut self, now: Time) {
        self.advance(now);
        self.before.0 += self.used;
        self.before.1 += self.available;
        (self.used, self.available, self.served, self.wasted) = (0, 0, 0, 0);
        // What is at hand was worked for before.
        self.lost = 0_u128.wrapping_sub(self.rest);
        let virtual_time = self.virtual_time;
        self.starts.iter_mut().for_each(|start| *start = (*start).max(virtual_time));
    }

    /// Busy worker-nanoseconds and those of all workers since the start of the clock.
    pub(super) fn worked(&mut self, now: Time) -> (u128, u128) {
        self.advance(now);
        (self.before.0 + self.used, self.before.1 + self.available)
    }

    /// What a service in that slot got so far, in 2^−32 ns.
    pub(super) fn got(&self, slot: u32) -> u128 {
        self.virtual_time - self.starts[slot as usize]
    }

    /// Busy worker-nanoseconds that went to those whose client was gone.
    pub(super) fn wasted(&self) -> u128 {
        self.wasted >> FRACTION
    }

    /// Books what a service got as wasted, too.
    pub(super) fn waste(&mut self, slot: u32) {
        self.wasted += self.got(slot);
    }

    /// Both sides of the law of conservation of work, in 2^−32 ns: what workers did, and what came of it.
    pub(super) fn law(&self, there: impl Iterator<Item = u32>) -> i128 {
        let done: u128 = there.map(|slot| self.got(slot)).sum();
        (self.used << FRACTION).wrapping_sub(self.served + done + self.rest).wrapping_sub(self.lost) as i128
    }

    fn begin(&mut self, now: Time, slot: u32, order: u64, work: Span) {
        self.advance(now);
        self.set_level(self.level + 1);
        if self.starts.len() <= slot as usize {
            self.starts.resize(slot as usize + 1, 0);
        }
        self.starts[slot as usize] = self.virtual_time;
        self.jobs.push((self.virtual_time + (u128::from(work.0) << FRACTION), order, slot));
    }

    fn end(&mut self, now: Time, slot: u32, wasted: bool) {
        self.advance(now);
        self.set_level(self.level - 1);
        self.served += self.got(slot);
        if wasted {
            self.waste(slot);
        }
    }

    /// When the next service will end if nothing changes, rounded up, and the number of its start; [`NO_LOOK`] where nothing
    /// moves. Completions of one instant happen in the order of starts, at all stations.
    fn next_end(&self) -> (Time, u32) {
        let Some((end, order, _)) = self.jobs.peek() else { return NO_LOOK };
        let busy = u128::from(self.level.min(self.workers));
        if busy == 0 {
            return NO_LOOK;
        }
        let work = (end.saturating_sub(self.virtual_time) * u128::from(self.level)).saturating_sub(self.rest);
        let wait = work.div_ceil(busy << FRACTION);
        u64::try_from(wait).map_or(NO_LOOK, |wait| (self.changed + Span(wait), *order as u32))
    }
}

impl Run<'_> {
    /// A request is served together with the others.
    pub(super) fn share(&mut self, station: u16, client: Option<(u32, u32)>, takes: Span) -> u32 {
        let service = self.next_service(station, client, takes, Status::Shared);
        let order = service.order;
        let slot = self.keep_service(service);
        if let Some(sharing) = &mut self.stations[usize::from(station)].sharing {
            sharing.begin(self.now, slot, order, takes);
        }
        self.look_again(station);
        slot
    }

    /// Sees to it that somebody looks at the station no later than its next service ends. What is found too early looks
    /// again.
    pub(super) fn look_again(&mut self, station: u16) {
        let Some(sharing) = &mut self.stations[usize::from(station)].sharing else { return };
        let next = sharing.next_end();
        if next < sharing.tick && next.0 < self.model.end {
            sharing.tick = next;
            sharing.ticks += 1;
            self.departures.push(Departure::new(next.0, u64::from(next.1), TICK | u32::from(station)));
        }
    }

    /// A look: at most one service ends, if its turn has come.
    pub(super) fn tick(&mut self, station: u16, turn: u32) {
        let now = self.now;
        let Some(sharing) = &mut self.stations[usize::from(station)].sharing else { return };
        sharing.ticks -= 1;
        if sharing.tick == (now, turn) {
            sharing.tick = NO_LOOK;
        }
        sharing.advance(now);
        let is_due = |(end, order, _): &(u128, u64, u32)| *end <= sharing.virtual_time && *order as u32 == turn;
        let due = sharing.jobs.peek().copied().filter(is_due);
        if let Some((_, order, slot)) = due {
            sharing.jobs.pop();
            let service = self.services[slot as usize];
            if service.status == Status::Cut && service.order == order {
                self.services[slot as usize].status = Status::Free;
                self.free_services.push(slot);
            } else {
                let wasted = self.client_in_service(&service).is_none();
                if let Some(sharing) = &mut self.stations[usize::from(station)].sharing {
                    sharing.end(now, slot, wasted);
                }
                self.end_service(slot);
            }
        }
        self.look_again(station);
    }

    /// The client of a shared service leaves, or an outage cuts it. The slot is free when its end would have come.
    pub(super) fn cut_shared(&mut self, slot: u32) {
        let service = self.services[slot as usize];
        let wasted = self.client_in_service(&service).is_none();
        self.services[slot as usize].status = Status::Cut;
        if let Some(sharing) = &mut self.stations[usize::from(service.station)].sharing {
            sharing.end(self.now, slot, wasted);
        }
        self.look_again(service.station);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_anew_the_work_done_is_forgotten_and_the_work_to_do_is_not() {
        let mut sharing = Sharing::new(2);
        sharing.begin(Time(0), 0, 0, Span(100));
        sharing.restart(Time(10));
        sharing.advance(Time(40));
        assert_eq!((sharing.used, sharing.available, sharing.got(0) >> FRACTION), (30, 60, 30));
        assert_eq!((sharing.worked(Time(40)), sharing.next_end()), ((40, 80), (Time(100), 0)));
        assert_eq!(sharing.law([0].into_iter()), 0);
    }

    #[test]
    fn what_is_served_beyond_the_work_done_is_off_by_so_much() {
        let mut sharing = Sharing::new(1);
        sharing.begin(Time(0), 0, 0, Span(100));
        sharing.end(Time(60), 0, false);
        assert_eq!(sharing.law([].into_iter()), 0);
        sharing.served += 5;
        assert_eq!(sharing.law([].into_iter()), -5);
    }
}
