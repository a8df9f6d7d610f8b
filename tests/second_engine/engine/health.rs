//! Stations that are down, crash, are looked at, and whose workers follow the load.

use super::{Event, Second};
use clickday::model::{AutoscaleRule, Rule};
use clickday::time::Time;

/// Workers that follow the load of a station.
#[derive(Debug)]
pub(super) struct Scaler<'m> {
    rule: &'m AutoscaleRule,
    ordered: u32,
    /// Since the start.
    all_ordered: u64,
    looked: Time,
}

impl Second<'_> {
    pub(super) fn set_up_checks(&mut self) {
        for (station, model) in self.model.stations.iter().enumerate() {
            if let Some(check) = &model.conduct.health_check {
                self.schedule(Time::ZERO + check.every, Event::Check { station });
            }
        }
    }

    pub(super) fn set_up_scalers(&mut self) {
        for rule in &self.policy.rules {
            if let Rule::Autoscale(rule) = rule {
                self.schedule(Time::ZERO + rule.every, Event::Scale { scaler: self.scalers.len() });
                self.scalers.push(Scaler { rule, ordered: 0, all_ordered: 0, looked: Time::ZERO });
            }
        }
    }

    /// Workers who were ordered and have come, or not yet.
    pub(crate) fn workers_ordered(&self) -> u64 {
        self.scalers.iter().map(|scaler| scaler.all_ordered).sum()
    }

    pub(super) fn set_workers(&mut self, station: usize, workers: u32) {
        if self.is_shared(station) {
            self.serve_shared(station);
        }
        self.stations[station].workers = workers;
        if self.is_shared(station) {
            self.plan_shared(station);
        }
        self.mark(station);
    }

    /// Down in an outage and after a crash; up when neither holds.
    fn set_down(&mut self, station: usize) {
        let station = &mut self.stations[station];
        let was_down = std::mem::replace(&mut station.down, station.in_outage || station.crashed);
        if was_down && !station.down {
            station.restarted = Some(self.now);
        }
    }

    pub(super) fn outage(&mut self, station: usize, begins: bool) {
        self.stations[station].in_outage = begins;
        self.set_down(station);
        if begins { self.go_down(station) } else { self.mark(station) }
    }

    pub(super) fn crash_if_too_many_wait(&mut self, station: usize) {
        let crash = self.model.stations[station].conduct.crash;
        let too_many = crash.is_some_and(|crash| self.stations[station].queue.now >= u64::from(crash.queue));
        if too_many && !std::mem::replace(&mut self.stations[station].crashing, true) {
            self.schedule(self.now, Event::Crash { station });
        }
    }

    pub(super) fn crash(&mut self, station: usize) {
        self.stations[station].crashing = false;
        let Some(crash) = self.model.stations[station].conduct.crash.filter(|_| !self.stations[station].down) else { return };
        self.stations[station].crashed = true;
        self.stations[station].crashes += 1;
        self.schedule(self.now + crash.restart, Event::Restart { station });
        self.set_down(station);
        self.go_down(station);
    }

    pub(super) fn restart(&mut self, station: usize) {
        self.stations[station].crashed = false;
        self.set_down(station);
        self.mark(station);
    }

    /// A health check: looks in a row that fail take the station out, as good ones bring it back.
    pub(super) fn check(&mut self, index: usize) {
        let Some(check) = self.model.stations[index].conduct.health_check else { return };
        self.schedule(self.now + check.every, Event::Check { station: index });
        let now = self.now;
        let station = &mut self.stations[index];
        let failed = station.down || station.line.iter().any(|request| now.since(request.entered) > check.slower_than);
        if failed == station.out {
            station.in_row = 0;
            return;
        }
        station.in_row += 1;
        if station.in_row == if station.out { check.rise } else { check.fall } {
            station.out = !station.out;
            station.in_row = 0;
            station.taken_out += u64::from(station.out);
        }
    }

    /// A look at how busy the workers were since the last one.
    pub(super) fn scale(&mut self, scaler: usize) {
        let now = self.now;
        let Scaler { rule, ordered, looked, .. } = self.scalers[scaler];
        self.scalers[scaler].looked = now;
        let at = usize::from(rule.station);
        let station = &self.stations[at];
        let (busy, there) = (station.busy.between(looked, now), station.available.between(looked, now));
        let share = if there == 0 { 0.0 } else { busy as f64 / there as f64 };
        let (workers, at_first) = (station.workers, self.model.stations[at].workers);
        if share > rule.above {
            let orders = rule.step.min(rule.ceiling.saturating_sub(workers + ordered));
            if orders > 0 {
                self.scalers[scaler].ordered += orders;
                self.scalers[scaler].all_ordered += u64::from(orders);
                self.schedule(now + rule.delay, Event::Hire { scaler, workers: orders });
            }
        } else if share < rule.below {
            let left = workers.saturating_sub(rule.step).max(at_first);
            if left < workers {
                self.set_workers(at, left);
            }
        }
        self.schedule(now + rule.every, Event::Scale { scaler });
    }

    pub(super) fn hire(&mut self, scaler: usize, workers: u32) {
        self.scalers[scaler].ordered -= workers;
        let station = usize::from(self.scalers[scaler].rule.station);
        self.set_workers(station, self.stations[station].workers + workers);
    }
}
