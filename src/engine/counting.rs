//! Meters brought up to the moment, and counted anew from `measure_from`.

use super::people::State;
use super::run::Run;
use super::tally::StationTally;

impl Run<'_> {
    pub(super) fn restart_counting(&mut self) {
        for (class, gone) in self.gone_before.iter_mut().enumerate() {
            *gone = u64::from(self.came[class]) - self.recorder.classes[class].inside;
        }
        self.recorder.restart(self.people.with_arrivals().map(|(person, arrived)| (person.class, arrived)));
        for station in 0..self.stations.len() {
            let in_service = self.requests_in_service(station as u16);
            let to_do = self.services_under_way(station as u16).map(|service| service.left_to_do(self.now)).sum();
            let state = &mut self.stations[station];
            state.queue.restart(self.now);
            state.busy.restart(self.now, to_do);
            state.held.restart(self.now);
            if let Some(sharing) = &mut state.sharing {
                sharing.restart(self.now);
            }
            let requests = u64::from(state.queue.level()) + in_service;
            state.tally = StationTally { requests, ..Default::default() };
        }
        self.crews.iter_mut().flatten().for_each(|crew| crew.restart(self.now));
        let people = &self.people;
        let count = |class: u16, open: fn(State) -> bool| {
            people.iter().filter(|person| person.class == class && open(person.state)).count() as u64
        };
        self.gate.restart(self.now, |class| (count(class, State::is_called_back), count(class, State::has_appointment)));
        let at_stations: u64 = self.stations.iter().map(|state| state.tally.requests).sum();
        let of_classes: u64 = self.recorder.classes.iter().map(|class| class.tally.requests).sum();
        self.carried = i128::from(at_stations) - i128::from(of_classes);
    }

    pub(super) fn bring_meters_up(&mut self) {
        let now = self.now;
        for state in &mut self.stations {
            state.queue.advance(now);
            state.busy.advance(now);
            state.held.advance(now);
            if let Some(sharing) = &mut state.sharing {
                sharing.advance(now);
            }
        }
        self.crews.iter_mut().flatten().for_each(|crew| crew.advance(now));
        self.gate.rooms.iter_mut().for_each(|room| room.meter.advance(now));
    }

    /// What workers spent until the end on orphans and refusals that they are still busy with.
    pub(super) fn book_waste_under_way(&mut self) {
        for (slot, service) in self.services.iter().enumerate() {
            if service.status.is_under_way() && self.client_in_service(service).is_none() {
                let state = &mut self.stations[usize::from(service.station)];
                state.busy.wasted += state.busy.spent(self.now, service.started);
                if let Some(sharing) = &mut state.sharing {
                    sharing.waste(slot as u32);
                }
            }
        }
    }
}
