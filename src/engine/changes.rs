//! What the scenario says will happen at given times: outages, worker and duty changes.

use super::run::Run;
use crate::model::Model;
use crate::time::Time;
use std::collections::VecDeque;

/// Something that the scenario says will happen at a given time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Down { station: u16 },
    Up { station: u16 },
    Workers { station: u16, workers: u32 },
    Duty { class: u16, on: bool },
}

/// All that is written in the model to happen at a given time, in order.
pub(super) fn changes(model: &Model) -> VecDeque<(Time, Change)> {
    let mut changes = Vec::new();
    for (index, station) in model.stations.iter().enumerate() {
        let index = index as u16;
        changes
            .extend(station.workers_at.iter().map(|(at, workers)| (*at, Change::Workers { station: index, workers: *workers })));
        for outage in &station.outages {
            changes.push((outage.from, Change::Down { station: index }));
            changes.push((outage.to, Change::Up { station: index }));
        }
    }
    for (index, class) in model.classes.iter().enumerate() {
        let hours = class.operators.as_ref().and_then(|operators| operators.hours.as_ref());
        for (from, to) in hours.map_or(&[][..], |hours| hours.pieces()) {
            changes.push((*from, Change::Duty { class: index as u16, on: true }));
            changes.push((*to, Change::Duty { class: index as u16, on: false }));
        }
    }
    // Adjoining outages: up and down at one instant keep their order, since the sort is stable.
    changes.sort_by_key(|(at, _)| *at);
    changes.into()
}

impl Run<'_> {
    /// What the scenario says happens now.
    pub(super) fn change(&mut self) {
        let Some((_, change)) = self.changes.pop_front() else { return };
        match change {
            Change::Down { station } => {
                let state = &mut self.stations[usize::from(station)];
                state.down = true;
                state.busy.set_capacity(self.now, state.workers, true);
                self.go_down(station);
            }
            Change::Up { station } => {
                let state = &mut self.stations[usize::from(station)];
                state.down = false;
                state.busy.set_capacity(self.now, state.workers, false);
                self.mark_dirty(station);
            }
            Change::Workers { station, workers } => {
                let state = &mut self.stations[usize::from(station)];
                state.workers = workers;
                state.busy.set_capacity(self.now, workers, state.down);
                self.mark_dirty(station);
            }
            Change::Duty { class, on } => self.change_duty(class, on),
        }
    }
}
