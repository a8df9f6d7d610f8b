//! What happens at times known beforehand: outages, worker and duty changes, looks at waiting rooms.

use super::run::Run;
use crate::model::Model;
use crate::time::Time;

/// Something that will happen at a given time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum Change {
    Down {
        station: u16,
    },
    Up {
        station: u16,
    },
    Workers {
        station: u16,
        workers: u32,
    },
    Duty {
        class: u16,
        on: bool,
    },
    /// Too many wait, and the station breaks down.
    Crash {
        station: u16,
    },
    /// It serves again after a crash.
    Restart {
        station: u16,
    },
    /// A look at how busy the workers were that follow the load.
    Scale {
        scaler: u16,
    },
    /// Workers that were ordered are there.
    Hire {
        scaler: u16,
        workers: u32,
    },
    /// A health check.
    Check {
        station: u16,
    },
    /// A waiting room is to be looked at.
    Room {
        room: u16,
    },
}

/// All that is written in the model to happen at a given time, in order.
pub(super) fn changes(model: &Model) -> Vec<(Time, Change)> {
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
    changes
}

impl Run<'_> {
    /// What the scenario says happens now.
    pub(super) fn change(&mut self) {
        let Some(change) = self.agenda.pop_change() else { return };
        match change {
            Change::Down { station } => {
                self.set_outage(station, true);
                self.go_down(station);
            }
            Change::Up { station } => {
                self.set_outage(station, false);
                self.mark_dirty(station);
            }
            Change::Workers { station, workers } => {
                self.set_workers(station, workers);
            }
            Change::Duty { class, on } => self.change_duty(class, on),
            Change::Room { room } => {
                self.gate.rooms[usize::from(room)].ticked();
                self.tend_room(usize::from(room));
            }
            Change::Crash { station } => self.crash(station),
            Change::Restart { station } => self.restart(station),
            Change::Check { station } => self.check_health(station),
            Change::Scale { scaler } => self.scale(scaler),
            Change::Hire { scaler, workers } => self.hire(scaler, workers),
        }
    }

    /// The station has so many workers from now on.
    pub(super) fn set_workers(&mut self, station: u16, workers: u32) {
        self.stations[usize::from(station)].servers = workers;
        self.set_capacity(station);
        self.mark_dirty(station);
    }

    /// Tells the meters how many workers there are and whether the station is down.
    pub(super) fn set_capacity(&mut self, station: u16) {
        let now = self.now;
        let state = &mut self.stations[usize::from(station)];
        let (servers, down) = (state.servers, state.down);
        if let Some(sharing) = &mut state.sharing {
            sharing.set_capacity(now, servers, down);
            self.look_again(station);
        } else {
            state.workers = servers;
            state.busy.set_capacity(now, servers, down);
        }
    }
}
