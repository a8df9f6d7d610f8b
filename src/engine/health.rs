//! Stations that break down under load, are slow after a restart, or are taken out of service by health checks.

use super::changes::Change;
use super::run::Run;
use crate::model::{Model, Station};
use crate::time::Time;

/// The state of a station's health.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Health {
    /// So many requests waiting make it crash.
    pub(super) crash_at: u32,
    crashing: bool,
    /// In an outage that the scenario says.
    in_outage: bool,
    crashed: bool,
    /// When it was last restarted.
    restarted: Option<Time>,
    /// Health checks in a row that failed, or that did not while it is out.
    in_row: u16,
    out: bool,
    pub(super) crashes: u64,
    pub(super) taken_out: u64,
}

impl Default for Health {
    fn default() -> Health {
        Health {
            crash_at: u32::MAX,
            crashing: false,
            in_outage: false,
            crashed: false,
            restarted: None,
            in_row: 0,
            out: false,
            crashes: 0,
            taken_out: 0,
        }
    }
}

impl Health {
    /// How much longer a service takes that starts now.
    pub(super) fn cold_factor(&self, station: &Station, now: Time) -> f64 {
        match (station.conduct.cold_start, self.restarted) {
            (Some(cold), Some(restarted)) => cold.factor(now.since(restarted)),
            _ => 1.0,
        }
    }
}

impl Run<'_> {
    /// Makes stations ready to crash and to be looked at.
    pub(super) fn set_up_health(&mut self, model: &Model) {
        for (index, station) in model.stations.iter().enumerate() {
            if let Some(crash) = &station.conduct.crash {
                self.stations[index].health.crash_at = crash.queue;
            }
            if let Some(check) = &station.conduct.health_check {
                self.schedule(Time::ZERO + check.every, Change::Check { station: index as u16 });
            }
            if let Some(call) = &station.conduct.calls {
                self.stations[index].linked = true;
                self.stations[usize::from(call.station)].linked = true;
            }
        }
    }

    /// Too many wait: the station breaks down at this instant, once its event is done.
    pub(super) fn crash_soon(&mut self, station: u16) {
        if !std::mem::replace(&mut self.stations[usize::from(station)].health.crashing, true) {
            self.schedule(self.now, Change::Crash { station });
        }
    }

    /// The station breaks down by itself.
    pub(super) fn crash(&mut self, station: u16) {
        let health = &mut self.stations[usize::from(station)].health;
        health.crashing = false;
        // An outage of the same instant was first.
        if self.stations[usize::from(station)].down {
            return;
        }
        let Some(crash) = self.model.stations[usize::from(station)].conduct.crash else { return };
        let health = &mut self.stations[usize::from(station)].health;
        health.crashed = true;
        health.crashes += 1;
        self.schedule(self.now + crash.restart, Change::Restart { station });
        self.set_down(station);
        self.go_down(station);
    }

    /// A crashed station serves again.
    pub(super) fn restart(&mut self, station: u16) {
        self.stations[usize::from(station)].health.crashed = false;
        self.set_down(station);
        self.mark_dirty(station);
    }

    /// An outage that the scenario says begins or ends.
    pub(super) fn set_outage(&mut self, station: u16, begins: bool) {
        self.stations[usize::from(station)].health.in_outage = begins;
        self.set_down(station);
    }

    /// Works out whether the station is down, and since when it is up.
    fn set_down(&mut self, station: u16) {
        let cold = self.model.stations[usize::from(station)].conduct.cold_start.is_some();
        let state = &mut self.stations[usize::from(station)];
        let down = state.health.in_outage || state.health.crashed;
        if state.down && !down && cold {
            state.health.restarted = Some(self.now);
            state.plain = false;
            state.look_whether_simple();
        }
        state.down = down;
        state.closed = down || state.health.out;
        self.set_capacity(station);
    }

    /// A health check looks at a station.
    pub(super) fn check_health(&mut self, station: u16) {
        let Some(check) = self.model.stations[usize::from(station)].conduct.health_check else { return };
        self.schedule(self.now + check.every, Change::Check { station });
        let slow = self.waiting_since(station).is_some_and(|since| self.now.since(since) > check.slower_than);
        let state = &mut self.stations[usize::from(station)];
        let failed = slow || state.down;
        let health = &mut state.health;
        // A run of looks that disagree with how the station is treated.
        health.in_row = if failed == health.out { 0 } else { health.in_row + 1 };
        if health.in_row >= if health.out { check.rise } else { check.fall } {
            health.out = !health.out;
            health.in_row = 0;
            health.taken_out += u64::from(health.out);
            state.closed = state.down || health.out;
        }
    }

    /// Since when the one waits who has waited longest.
    fn waiting_since(&self, station: u16) -> Option<Time> {
        let state = &self.stations[usize::from(station)];
        let waits = |request: &&super::line::Request| {
            !state.leaves || super::request::is_waiting(&self.people[request.person], request.ticket)
        };
        state.line.iter().filter(waits).map(|request| request.entered).min()
    }

    /// Has a change happen at that time, after those that were scheduled for it before.
    pub(super) fn schedule(&mut self, at: Time, change: Change) {
        if at < self.model.end {
            self.agenda.schedule(at, change);
        }
    }
}
