//! What the second engine counts: levels as lists of their changes, and tallies with all that they were.

use super::Request;
use super::sharing::Sharing;
use clickday::engine::ClassTally;
use clickday::random::Key;
use clickday::stats::Histogram;
use clickday::time::{Span, Time};

/// A number of things over time, as a list of its changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    pub(crate) now: u64,
    /// Every change, in order.
    changes: Vec<(Time, u64)>,
}

impl Level {
    pub(super) fn set(&mut self, at: Time, level: u64) {
        self.now = level;
        self.changes.push((at, level));
    }

    pub(super) fn up(&mut self, at: Time) {
        self.set(at, self.now + 1);
    }

    pub(super) fn down(&mut self, at: Time) {
        self.set(at, self.now - 1);
    }

    /// The level just before an instant.
    fn before(&self, at: Time) -> u64 {
        let changes = self.changes.partition_point(|(when, _)| *when < at);
        changes.checked_sub(1).map_or(0, |last| self.changes[last].1)
    }

    /// The changes from an instant on, before another one.
    fn within(&self, from: Time, to: Time) -> &[(Time, u64)] {
        let place = |at: Time| self.changes.partition_point(|(when, _)| *when < at);
        &self.changes[place(from)..place(to)]
    }

    /// The stretches at one level between two instants.
    pub(super) fn stretches(&self, from: Time, to: Time) -> Vec<(u64, u64)> {
        let mut stretches = Vec::new();
        let (mut level, mut since) = (self.before(from), from);
        for (at, next) in self.within(from, to) {
            if *at > since {
                stretches.push((level, at.since(since).0));
                since = *at;
            }
            level = *next;
        }
        stretches.push((level, to.since(since).0));
        stretches
    }

    /// Level times nanoseconds.
    pub(crate) fn area(&self, from: Time, to: Time) -> u128 {
        self.stretches(from, to).iter().map(|(level, nanos)| u128::from(*level) * u128::from(*nanos)).sum()
    }

    /// The same where `from` may be any instant.
    pub(crate) fn between(&self, from: Time, to: Time) -> u128 {
        if from < to { self.area(Time::ZERO, to) - self.area(Time::ZERO, from) } else { 0 }
    }

    pub(crate) fn average(&self, from: Time, to: Time) -> f64 {
        self.area(from, to) as f64 / to.since(from).0 as f64
    }

    /// The largest level from the beginning of `from` on, before `to`.
    pub(crate) fn max(&self, from: Time, to: Time) -> u64 {
        self.within(from, to).iter().map(|(_, level)| *level).fold(self.before(from), u64::max)
    }

    /// Since when it has not been zero.
    pub(super) fn not_empty_since(&self) -> Option<Time> {
        let last_empty = self.changes.iter().rposition(|(_, level)| *level == 0);
        let first = last_empty.map_or(0, |place| place + 1);
        self.changes.get(first).map(|(at, _)| *at)
    }

    /// The first instant of a level.
    pub(crate) fn first(&self, level: u64) -> Time {
        self.changes.iter().find(|(_, other)| *other == level).map_or(Time::ZERO, |(at, _)| *at)
    }

    pub(crate) fn histogram(&self, end: Time) -> Histogram {
        let mut histogram = Histogram::new();
        self.stretches(Time::ZERO, end).iter().for_each(|(level, nanos)| histogram.record_n(*level, *nanos));
        histogram
    }
}

/// What a class did, every event with its time.
#[derive(Debug, Default)]
pub(crate) struct ClassBook {
    pub(crate) population: u64,
    pub(crate) tally: ClassTally,
    pub(crate) inside: u64,
    pub(crate) wait: Histogram,
    pub(crate) time_to_complete: Histogram,
    pub(crate) in_orbit: Level,
    pub(crate) away: Level,
    pub(crate) backlog: Level,
    pub(crate) in_room: Level,
    pub(crate) at_work: Level,
    /// The tally after each change of it.
    pub(crate) history: Vec<(Time, ClassTally)>,
}

/// What a station did.
#[derive(Debug, Default)]
pub(crate) struct StationBook {
    pub(crate) served: u64,
    pub(crate) answered: u64,
    pub(crate) requests: u64,
    pub(crate) timeouts: u64,
    pub(crate) refused: u64,
    pub(crate) dropped: u64,
    pub(crate) failed: u64,
    pub(crate) wasted: u128,
    pub(crate) crashes: u64,
    pub(crate) taken_out: u64,
    /// Workers held by calls.
    pub(crate) held: Level,
    pub(crate) queue: Level,
    pub(crate) busy: Level,
    /// Workers outside outages, or those who finish.
    pub(crate) available: Level,
    /// Requests, answered, timeouts, refused, failed after each change.
    pub(crate) history: Vec<(Time, [u64; 5])>,
    pub(super) line: Vec<Request>,
    /// How often one was picked by chance, and what draws the picks.
    pub(super) picks: u64,
    pub(super) key: Option<Key>,
    pub(super) workers: u32,
    /// Requests in service, those served for nobody and debts included.
    pub(super) in_service: u64,
    pub(super) sharing: Sharing,
    /// An outage that the scenario says; a crash; either.
    pub(super) in_outage: bool,
    pub(super) crashed: bool,
    pub(super) down: bool,
    /// Is about to crash.
    pub(super) crashing: bool,
    /// Since when it is up again.
    pub(super) restarted: Option<Time>,
    /// Looks in a row that speak against how it is treated.
    pub(super) in_row: u16,
    /// Taken out of service.
    pub(super) out: bool,
    pub(super) dirty: bool,
    pub(super) debt: Span,
    /// Nanoseconds, recent services more; 0 before the first.
    pub(super) mean_service: f64,
}

impl StationBook {
    /// The most workers held at once.
    pub(crate) fn held_most(&self) -> u64 {
        self.held.max(Time::ZERO, Time::NEVER)
    }

    /// Whether it was ever up again after it was down.
    pub(crate) fn cold_starts(&self) -> u64 {
        self.restarted.is_some().into()
    }
}
