//! What the engine counts. The engine pushes, and reads nothing back.

use super::moments::Moments;
use super::record::{ClassSeries, StationSeries};
use super::slots::Slots;
use super::station::StationState;
use super::tally::{ClassTally, DONE_WITHIN, StationTally};
use crate::model::Model;
use crate::stats::Histogram;
use crate::time::{Span, Time};

/// A number of applicants over time.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Level {
    pub(super) level: u64,
    /// Since the bin began.
    moments: Moments,
}

impl Level {
    #[inline]
    pub(super) fn up(&mut self, now: Time) {
        self.moments.up(now);
        self.level += 1;
    }

    #[inline]
    pub(super) fn down(&mut self, now: Time) {
        self.moments.down(now);
        self.level -= 1;
    }

    /// The average since the last call over a bin of `width`.
    fn end_bin(&mut self, now: Time, width: Span) -> f64 {
        let area = self.moments.area(self.level, now);
        self.moments = Moments::of_area(0, self.level, now);
        area as f64 / width.0 as f64
    }
}

/// One class's counters.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct ClassRecorder {
    pub(super) tally: ClassTally,
    at_bin: ClassTally,
    /// Applicants in the system.
    pub(super) inside: u64,
    /// Requests under way.
    pub(super) in_flight: u64,
    pub(super) in_orbit: Level,
    pub(super) away: Level,
    pub(super) backlog: Level,
    /// The most there were in it.
    pub(super) backlog_max: u64,
    pub(super) in_room: Level,
    /// Nanoseconds in queue.
    pub(super) wait: Histogram,
    /// Nanoseconds from intent to completion.
    pub(super) time_to_complete: Histogram,
    /// By the time of intent.
    pub(super) slots: Slots,
    series: ClassSeries,
}

/// All counters of a run.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Recorder {
    pub(super) classes: Vec<ClassRecorder>,
    stations: Vec<(StationTally, StationSeries)>,
    /// Requests waiting at all stations.
    pub(super) queued: u64,
    queued_bin_max: u64,
    queued_max: Vec<u32>,
}

impl Recorder {
    pub(super) fn new(model: &Model) -> Recorder {
        Recorder {
            classes: model.classes.iter().map(|_| ClassRecorder { slots: Slots::new(model), ..Default::default() }).collect(),
            stations: model.stations.iter().map(|_| Default::default()).collect(),
            queued: 0,
            queued_bin_max: 0,
            queued_max: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn class(&mut self, class: u16) -> &mut ClassRecorder {
        &mut self.classes[usize::from(class)]
    }

    #[inline]
    pub(super) fn arrival(&mut self, class: u16, now: Time) {
        let class = self.class(class);
        class.inside += 1;
        class.tally.arrived += 1;
        class.slots.arrival(now);
    }

    #[inline(always)]
    pub(super) fn completion(&mut self, class: u16, arrived: Time, now: Time) {
        let class = self.class(class);
        class.inside -= 1;
        class.tally.completed += 1;
        let taken = now.since(arrived);
        class.time_to_complete.record(taken.0);
        class.slots.completion(arrived, taken);
    }

    #[inline]
    pub(super) fn abandonment(&mut self, class: u16, arrived: Time) {
        let class = self.class(class);
        class.inside -= 1;
        class.tally.abandoned += 1;
        class.slots.abandonment(arrived);
    }

    #[inline]
    pub(super) fn queued(&mut self) {
        self.queued += 1;
        self.queued_bin_max = self.queued_bin_max.max(self.queued);
    }

    #[inline]
    pub(super) fn unqueued(&mut self) {
        self.queued -= 1;
    }

    /// Closes a bin of `width` that ends at `now`.
    pub(super) fn end_bin(&mut self, now: Time, width: Span, stations: &mut [StationState]) {
        for class in &mut self.classes {
            let (tally, before) = (class.tally, class.at_bin);
            class.series.push(&tally, &before);
            class.series.in_orbit.push(class.in_orbit.end_bin(now, width));
            class.series.away.push(class.away.end_bin(now, width));
            class.series.backlog.push(class.backlog.end_bin(now, width));
            class.series.in_room.push(class.in_room.end_bin(now, width));
            class.at_bin = tally;
        }
        for ((before, series), station) in self.stations.iter_mut().zip(stations) {
            let (area, max) = station.queue.end_bin(now);
            series.push(&station.tally, before, area as f64 / width.0 as f64, max);
            *before = station.tally;
        }
        self.queued_max.push(u32::try_from(self.queued_bin_max).unwrap_or(u32::MAX));
        self.queued_bin_max = self.queued;
    }

    /// Starts counting anew at `now`: who is there counts as arrived, requests under way as sent.
    pub(super) fn restart<'p>(&mut self, present: impl Iterator<Item = (u16, Time)> + 'p) {
        for class in &mut self.classes {
            class.tally = ClassTally { arrived: class.inside, requests: class.in_flight, ..ClassTally::default() };
            class.at_bin = ClassTally::default();
            class.series.forget_counts();
            class.wait = Histogram::default();
            class.time_to_complete = Histogram::default();
            class.backlog_max = class.backlog.level;
            class.slots.forget();
        }
        for (before, series) in &mut self.stations {
            *before = StationTally::default();
            series.forget_counts();
        }
        for (class, arrived) in present {
            self.class(class).slots.arrival(arrived);
        }
    }

    pub(super) fn into_series(self) -> (Vec<(ClassRecorder, ClassSeries)>, Vec<StationSeries>, Vec<u32>) {
        let classes = self.classes.into_iter().map(|mut class| {
            class.slots.settle();
            for slot in &class.slots.tallies {
                for i in 0..DONE_WITHIN.len() {
                    class.tally.had_time[i] += u64::from(slot.had_time[i]);
                    class.tally.done_in_time[i] += u64::from(slot.done_in_time[i]);
                }
            }
            let series = std::mem::take(&mut class.series);
            (class, series)
        });
        (classes.collect(), self.stations.into_iter().map(|(_, series)| series).collect(), self.queued_max)
    }
}
