//! Workers that follow the load.

use super::changes::Change;
use super::run::Run;
use super::snapshot::state;
use crate::model::{AutoscaleRule, Policy, Rule};
use crate::time::Time;

/// The state of one such rule.
#[derive(Debug)]
pub(super) struct Scaler<'m> {
    rule: &'m AutoscaleRule,
    /// Workers ordered and not yet there.
    ordered: u32,
    /// Never fewer.
    floor: u32,
    /// Busy worker-nanoseconds, and those of all workers, at the last look.
    busy: u128,
    available: u128,
}

state!(Scaler {
    values: ordered floor busy available;
    parts:;
    part:;
    of_model: rule;
});

impl Scaler<'_> {
    /// Whose workers follow the load.
    pub(super) fn station(&self) -> u16 {
        self.rule.station
    }
}

impl<'m> Run<'m> {
    /// Has the workers of a policy's stations follow the load.
    pub(super) fn set_up_scalers(&mut self, policy: &'m Policy) {
        for rule in &policy.rules {
            if let Rule::Autoscale(rule) = rule {
                let floor = self.stations[usize::from(rule.station)].servers;
                let scaler = self.scalers.len() as u16;
                self.scalers.push(Scaler { rule, ordered: 0, floor, busy: 0, available: 0 });
                self.schedule(Time::ZERO + rule.every, Change::Scale { scaler });
            }
        }
    }

    /// A look at how busy the workers were.
    pub(super) fn scale(&mut self, scaler: u16) {
        let now = self.now;
        let Some(scaled) = self.scalers.get_mut(usize::from(scaler)) else { return };
        let rule = scaled.rule;
        let state = &mut self.stations[usize::from(rule.station)];
        let (busy, available) = match &mut state.sharing {
            Some(sharing) => sharing.worked(now),
            None => state.busy.worked(now),
        };
        let (was_busy, was_available) = (busy - scaled.busy, available - scaled.available);
        (scaled.busy, scaled.available) = (busy, available);
        let share = if was_available == 0 { 0.0 } else { was_busy as f64 / was_available as f64 };
        let workers = state.servers;
        if share > rule.above {
            let step = rule.step.min(rule.ceiling.saturating_sub(workers + scaled.ordered));
            if step > 0 {
                scaled.ordered += step;
                self.schedule(now + rule.delay, Change::Hire { scaler, workers: step });
            }
        } else if share < rule.below {
            let left = workers.saturating_sub(rule.step).max(scaled.floor);
            if left < workers {
                self.set_workers(rule.station, left);
            }
        }
        self.schedule(now + rule.every, Change::Scale { scaler });
    }

    /// Workers that were ordered are there.
    pub(super) fn hire(&mut self, scaler: u16, workers: u32) {
        let Some(scaled) = self.scalers.get_mut(usize::from(scaler)) else { return };
        scaled.ordered -= workers;
        let station = scaled.rule.station;
        let servers = self.stations[usize::from(station)].servers;
        self.set_workers(station, servers + workers);
    }
}
