//! Processor sharing: with n in service and c workers each request is served at the speed min(1, c/n).
//!
//! Virtual time is what each of those in service has got since the start, in 2^−32 ns; what division leaves over is kept.

use super::{Event, Second};
use clickday::model::Discipline;
use clickday::time::{Span, Time};
use std::cmp::Reverse;

/// A request in service together with others.
#[derive(Debug, Clone, Copy)]
struct Job {
    service: usize,
    /// Virtual time at its start, and at its end.
    starts: u128,
    ends: u128,
    /// Its place among the completions of one instant.
    order: u64,
}

/// The shared workers of a station.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    jobs: Vec<Job>,
    virtual_time: u128,
    rest: u128,
    since: Time,
    /// Wasted on those who had gone, in 2^−32 ns.
    wasted: u128,
    /// Of the event that ends the next one; others are void.
    version: u64,
}

impl Second<'_> {
    pub(super) fn is_shared(&self, station: usize) -> bool {
        self.model.stations[station].discipline == Discipline::ProcessorSharing
    }

    /// Workers that are busy.
    fn at_work(&self, station: usize) -> u64 {
        u64::from(self.stations[station].workers).min(self.stations[station].sharing.jobs.len() as u64)
    }

    /// Serves all until now.
    pub(super) fn serve_shared(&mut self, station: usize) {
        let (now, busy) = (self.now, u128::from(self.at_work(station)));
        let sharing = &mut self.stations[station].sharing;
        let passed = u128::from(now.since(sharing.since).0);
        sharing.since = now;
        let (jobs, work) = (sharing.jobs.len() as u128, (passed << 32) * busy + sharing.rest);
        if let Some(each) = work.checked_div(jobs) {
            sharing.virtual_time += each;
            sharing.rest = work - each * jobs;
        }
    }

    /// Foresees the next end, after a change.
    pub(super) fn plan_shared(&mut self, station: usize) {
        let (now, busy) = (self.now, self.at_work(station));
        if self.stations[station].busy.now != busy {
            self.stations[station].busy.set(now, busy);
        }
        let sharing = &mut self.stations[station].sharing;
        sharing.version += 1;
        let version = sharing.version;
        let Some(next) = sharing.jobs.iter().min_by_key(|job| (job.ends, job.order)) else { return };
        if busy == 0 {
            return;
        }
        let to_do = next.ends.saturating_sub(sharing.virtual_time) * sharing.jobs.len() as u128;
        let lasts = to_do.saturating_sub(sharing.rest).div_ceil(u128::from(busy) << 32);
        let at = u64::try_from(lasts).map_or(Time::NEVER, |nanos| now + Span(nanos));
        self.events.push(Reverse((at, 0, next.order, Event::Shared { station, version })));
    }

    pub(super) fn share(&mut self, station: usize, service: usize, work: Span) {
        self.serve_shared(station);
        self.scheduled += 1;
        let order = self.scheduled;
        let sharing = &mut self.stations[station].sharing;
        let starts = sharing.virtual_time;
        sharing.jobs.push(Job { service, starts, ends: starts + (u128::from(work.0) << 32), order });
        sharing.rest = 0;
        self.plan_shared(station);
    }

    /// A service is over, or cut.
    pub(super) fn stop_sharing(&mut self, station: usize, service: usize, wasted: bool) {
        self.serve_shared(station);
        if wasted {
            self.waste_shared(station, service);
        }
        let sharing = &mut self.stations[station].sharing;
        sharing.jobs.retain(|job| job.service != service);
        sharing.rest = 0;
        self.plan_shared(station);
    }

    /// What a service has got until now was for nobody.
    pub(super) fn waste_shared(&mut self, station: usize, service: usize) {
        self.serve_shared(station);
        let station = &mut self.stations[station];
        let sharing = &mut station.sharing;
        let got = sharing.jobs.iter().find(|job| job.service == service).map_or(0, |job| sharing.virtual_time - job.starts);
        sharing.wasted += got;
        station.wasted = sharing.wasted >> 32;
    }

    /// The next service ends.
    pub(super) fn end_shared(&mut self, station: usize, version: u64) {
        if self.stations[station].sharing.version != version {
            return;
        }
        self.serve_shared(station);
        let sharing = &self.stations[station].sharing;
        let next = sharing.jobs.iter().min_by_key(|job| (job.ends, job.order)).map(|job| (job.ends, job.service));
        let Some((ends, service)) = next else { return };
        assert!(ends <= sharing.virtual_time, "foreseen too early");
        self.finish(service);
    }
}
