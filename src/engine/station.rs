//! The state of one station: its line, its workers, and the meters that the audit and the recorder read.

use super::calls::HeldMeter;
use super::health::Health;
use super::line::Line;
use super::moments::Moments;
use super::sharing::Sharing;
use super::tally::StationTally;
use crate::model::{Discipline, OnFull, OnTimeout, Station};
use crate::random::Key;
use crate::stats::Histogram;
use crate::time::{Span, Time};

/// A station in the course of a run.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct StationState {
    pub(super) key: Key,
    pub(super) line: Line,
    /// Services that may be under way at once: one a worker, or under processor sharing as many as there are connections.
    pub(super) workers: u32,
    /// Workers.
    pub(super) servers: u32,
    /// Waiting places.
    pub(super) places: u32,
    /// Nobody is served: an outage, or a crash.
    pub(super) down: bool,
    /// Turns away whoever comes: down, or taken out by its health check.
    pub(super) closed: bool,
    /// Calls another station, or is called.
    pub(super) linked: bool,
    /// Rules of the policy look at who comes and who is served.
    pub(super) guarded: bool,
    /// A service takes the work drawn, no more and no less.
    pub(super) plain: bool,
    /// No one else has a say in it: no other station, no rule, no sharing of its workers.
    pub(super) direct: bool,
    /// And each service takes the work drawn.
    pub(super) simple: bool,
    /// What it counts on calls.
    pub(super) held: HeldMeter,
    /// Present under processor sharing.
    pub(super) sharing: Option<Box<Sharing>>,
    pub(super) health: Health,
    /// Whoever finds it full is told so.
    pub(super) refuses: bool,
    /// What that takes of a worker's time.
    pub(super) refusal_cost: Span,
    /// Refusals owed: worker time to be paid before work.
    pub(super) debt: Span,
    /// A service ended or something changed at this instant; services are yet to be started.
    pub(super) dirty: bool,
    pub(super) leaves: bool,
    /// All who wait wait so long and no longer, in the order in which they came: whoever is first is the next to lose patience,
    /// and nobody's timeout is kept elsewhere.
    pub(super) patience: Option<Span>,
    pub(super) queue: QueueMeter,
    pub(super) busy: BusyMeter,
    pub(super) tally: StationTally,
}

impl StationState {
    pub(super) fn new(station: &Station, key: Key, priorities: &[u32], capacity: f64) -> StationState {
        let sharing = station.discipline == Discipline::ProcessorSharing;
        StationState {
            key,
            line: Line::new(station.discipline, priorities),
            workers: if sharing { station.conduct.connections.unwrap_or(u32::MAX) } else { station.workers },
            servers: station.workers,
            places: station.queue.unwrap_or(u32::MAX),
            down: false,
            closed: false,
            linked: false,
            guarded: false,
            plain: station.slowdown.is_none() && capacity == 1.0,
            direct: false,
            simple: false,
            held: HeldMeter::default(),
            sharing: sharing.then(|| Box::new(Sharing::new(station.workers))),
            health: Health::default(),
            refuses: station.on_full == OnFull::Refuse,
            refusal_cost: station.refusal_cost,
            debt: Span::ZERO,
            dirty: false,
            leaves: station.on_timeout == OnTimeout::Leave,
            patience: None,
            queue: QueueMeter::default(),
            busy: BusyMeter { workers: station.workers, ..BusyMeter::default() },
            tally: StationTally::default(),
        }
    }

    /// Works out whether it is out of the ordinary; to be called when any of what that depends on has changed.
    pub(super) fn look_whether_simple(&mut self) {
        self.direct = !self.linked && !self.guarded && self.sharing.is_none();
        self.simple = self.direct && self.plain;
    }

    /// Whether whoever comes now is told at once that they are not served; where rules look at who comes, those say.
    #[inline]
    pub(super) fn turns_away(&self) -> bool {
        self.closed || (self.queue.level() >= self.places && self.refuses && !self.guarded && !self.has_idle_worker())
    }

    /// Does so; where the station is closed, nobody there has any work with it.
    #[inline]
    pub(super) fn turn_away(&mut self) {
        self.tally.requests += 1;
        self.tally.refused += 1;
        if !self.closed {
            self.owe_refusal();
        }
    }

    /// To refuse is work too.
    #[inline]
    pub(super) fn owe_refusal(&mut self) {
        self.debt = self.debt + self.refusal_cost;
    }

    /// Whether a worker may take work now.
    #[inline]
    pub(super) fn has_idle_worker(&self) -> bool {
        self.busy.level < self.workers
    }
}

/// The number of requests waiting, over time.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct QueueMeter {
    level: u32,
    changed: Time,
    pub(super) time_at: TimeAt,
    /// Level times nanoseconds.
    moments: Moments,
    area_at_bin: u128,
    /// The area when counting began.
    area_before: u128,
    bin_max: u32,
    max: u32,
    max_at: Time,
    /// Sum over those who left of their nanoseconds in the queue.
    pub(super) stays: u128,
    /// Stays count from here.
    counted_from: Time,
}

impl QueueMeter {
    #[inline]
    pub(super) fn level(&self) -> u32 {
        self.level
    }

    /// One more.
    #[inline]
    pub(super) fn up(&mut self, now: Time) {
        self.advance(now);
        self.moments.up(now);
        self.level += 1;
        self.bin_max = self.bin_max.max(self.level);
        if self.level > self.max {
            self.max = self.level;
            self.max_at = now;
        }
    }

    /// One fewer, after it stayed since `entered`.
    #[inline]
    pub(super) fn down(&mut self, now: Time, entered: Time) {
        self.advance(now);
        self.moments.down(now);
        self.level -= 1;
        self.stays += self.stay(now, entered);
    }

    /// The counted nanoseconds of a stay from `entered` to `now`.
    #[inline]
    pub(super) fn stay(&self, now: Time, entered: Time) -> u128 {
        u128::from(now.since(entered.max(self.counted_from)).0)
    }

    /// Nanoseconds over which it was counted.
    pub(super) fn counted(&self, now: Time) -> u128 {
        u128::from(now.since(self.counted_from).0)
    }

    /// Has what is told be up to `now`.
    #[inline]
    pub(super) fn advance(&mut self, now: Time) {
        let passed = now.since(self.changed).0;
        if passed > 0 {
            self.time_at.add(self.level, passed);
            self.changed = now;
        }
    }

    /// Level-nanoseconds and maximum since the last call; begins a new bin.
    pub(super) fn end_bin(&mut self, now: Time) -> (u128, u32) {
        self.advance(now);
        let whole = self.whole_area();
        let area = whole - self.area_at_bin;
        let max = self.bin_max;
        self.area_at_bin = whole;
        self.bin_max = self.level;
        (area, max)
    }

    /// Starts counting anew at `now` with what is there.
    pub(super) fn restart(&mut self, now: Time) {
        self.advance(now);
        self.time_at = TimeAt::default();
        self.area_before = self.whole_area();
        self.stays = 0;
        self.counted_from = now;
        self.max = self.level;
        self.max_at = now;
    }

    /// Level times nanoseconds, until the last call of [`QueueMeter::advance`].
    fn whole_area(&self) -> u128 {
        self.moments.area(self.level.into(), self.changed)
    }

    /// The same since counting began.
    pub(super) fn area(&self) -> u128 {
        self.whole_area() - self.area_before
    }

    /// Largest level and the first instant at which it was reached.
    pub(super) fn max(&self) -> (u32, Time) {
        (self.max, self.max_at)
    }
}

/// Lengths of a queue below this have a counter each.
const SHORT: usize = 1 << 16;

/// Nanoseconds spent at each length of a queue.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct TimeAt {
    /// By length; none can be longer than the run, so that 64 bits hold it.
    short: Vec<u64>,
    long: Histogram,
}

impl TimeAt {
    #[inline]
    pub(super) fn add(&mut self, level: u32, nanos: u64) {
        match self.short.get_mut(level as usize) {
            Some(time) => *time += nanos,
            None => self.add_new(level, nanos),
        }
    }

    #[cold]
    fn add_new(&mut self, level: u32, nanos: u64) {
        let length = level as usize;
        if length < SHORT {
            self.short.resize((length + 1).next_power_of_two(), 0);
            self.short[length] = nanos;
        } else {
            self.long.record_n(u64::from(level), nanos);
        }
    }

    /// The same as one histogram.
    pub(super) fn histogram(&self) -> Histogram {
        let mut all = self.long.clone();
        self.short.iter().enumerate().for_each(|(length, nanos)| all.record_n(length as u64, *nanos));
        all
    }
}

/// The number of busy workers, over time, and what they were busy with.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct BusyMeter {
    pub(super) level: u32,
    /// Workers there are; none in an outage.
    workers: u32,
    /// Up to when the areas tell.
    until: Time,
    /// Busy workers times nanoseconds.
    busy: Moments,
    /// Sum of workers times nanoseconds, until the number last changed.
    staffed: u128,
    staffed_until: Time,
    /// The same of busy workers beyond those there are: a worker that finishes after the number was lowered counts.
    beyond: Moments,
    /// Sum over services that ended of their nanoseconds.
    pub(super) work: u128,
    /// The part of `work` spent on orphans and refusals.
    pub(super) wasted: u128,
    /// What the services begun were to take in nanoseconds, less what was cut off them: noted without a look at the clock.
    pub(super) booked: i128,
    /// Busy and available worker-nanoseconds before counting began.
    before: (u128, u128),
    /// Services count from here.
    counted_from: Time,
}

impl BusyMeter {
    #[inline]
    pub(super) fn up(&mut self, now: Time) {
        self.busy.up(now);
        self.level += 1;
        if self.level > self.workers {
            self.beyond.up(now);
        }
    }

    /// One fewer, after a service since `started`, which was wasted or not.
    #[inline]
    pub(super) fn down(&mut self, now: Time, started: Time, wasted: bool) {
        self.busy.down(now);
        if self.level > self.workers {
            self.beyond.down(now);
        }
        self.level -= 1;
        let spent = self.spent(now, started);
        self.work += spent;
        if wasted {
            self.wasted += spent;
        }
    }

    /// The counted nanoseconds of a service from `started` to `now`.
    #[inline]
    pub(super) fn spent(&self, now: Time, started: Time) -> u128 {
        u128::from(now.since(started.max(self.counted_from)).0)
    }

    /// The number of workers, and whether the station is down, from `now` on.
    pub(super) fn set_capacity(&mut self, now: Time, workers: u32, down: bool) {
        self.advance(now);
        self.bring_staffed_up(now);
        let beyond = self.beyond.area(self.level_beyond(), now);
        self.workers = if down { 0 } else { workers };
        self.beyond = Moments::of_area(beyond, self.level_beyond(), now);
    }

    fn level_beyond(&self) -> u64 {
        self.level.saturating_sub(self.workers).into()
    }

    fn bring_staffed_up(&mut self, now: Time) {
        self.staffed += u128::from(self.workers) * u128::from(now.since(self.staffed_until).0);
        self.staffed_until = now;
    }

    /// Has the areas tell up to `now`.
    pub(super) fn advance(&mut self, now: Time) {
        self.until = now;
    }

    /// Starts counting anew at `now`, with so much to do on the services under way.
    pub(super) fn restart(&mut self, now: Time, to_do: i128) {
        self.before = self.worked(now);
        (self.staffed, self.work, self.wasted) = (0, 0, 0);
        self.busy = Moments::of_area(0, self.level.into(), now);
        self.beyond = Moments::of_area(0, self.level_beyond(), now);
        self.booked = to_do;
        self.counted_from = now;
    }

    /// Sum of busy workers times nanoseconds, until the last call of [`BusyMeter::advance`].
    pub(super) fn area(&self) -> u128 {
        self.busy.area(self.level.into(), self.until)
    }

    /// The same of workers outside outages.
    pub(super) fn available(&self) -> u128 {
        let staffed = self.staffed + u128::from(self.workers) * u128::from(self.until.since(self.staffed_until).0);
        staffed + self.beyond.area(self.level_beyond(), self.until)
    }

    /// Busy worker-nanoseconds and those of all workers since the start of the clock.
    pub(super) fn worked(&mut self, now: Time) -> (u128, u128) {
        self.advance(now);
        self.bring_staffed_up(now);
        (self.before.0 + self.area(), self.before.1 + self.available())
    }
}

#[cfg(test)]
mod tests;
