//! Services: what a worker is busy with, from its start to its end or to where it is cut.

use super::departures::{Departure, TICK};
use super::people::{People, State};
use super::run::Run;
use super::wheel::Wheel;
use crate::time::{Span, Time};
use prefetch_index::prefetch_index;

/// A service under way.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(super) struct Service {
    pub(super) started: Time,
    /// The work drawn times the slowdown; while the worker is held, until the call was made.
    pub(super) takes: Span,
    /// Services are numbered as they start.
    pub(super) order: u64,
    /// Whose request it is; `None` pays the debt of refusals.
    pub(super) client: Option<(u32, u32)>,
    pub(super) station: u16,
    pub(super) status: Status,
}

impl Service {
    pub(super) fn ends(&self) -> Time {
        self.started + self.takes
    }

    /// The person for whom it is, if they still wait for it.
    #[inline]
    pub(super) fn client_of(&self, people: &People) -> Option<u32> {
        let (slot, ticket) = self.client?;
        let person = &people[slot];
        (person.ticket == ticket && person.state == State::InService).then_some(slot)
    }

    /// Nanoseconds of work still to do; none where it should have ended. Below zero: for so long the worker has been held.
    pub(super) fn left_to_do(&self, now: Time) -> i128 {
        let ends = i128::from(self.started.0) + i128::from(self.takes.0);
        let left = ends - i128::from(now.0);
        if self.status == Status::Held { left } else { left.max(0) }
    }
}

/// What became of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum Status {
    /// The slot is free.
    Free,
    UnderWay,
    /// Its client left and freed the worker, or an outage cut it; the slot is free once its end has passed.
    Cut,
    /// Its own part is done; the worker is held until the station that it called answers.
    Held,
    /// Cut while held; the slot is free once the call has ended.
    HeldCut,
    /// Under way at a station whose workers are shared; it ends when its share of them has been enough.
    Shared,
}

impl Status {
    /// Whether a worker is busy with it.
    pub(super) fn is_under_way(self) -> bool {
        matches!(self, Status::UnderWay | Status::Held | Status::Shared)
    }
}

/// Fewer cut services than this are not worth a clean-up of the departures.
const FEW_CUT: usize = 1024;

impl Run<'_> {
    /// How long work takes as things stand: slower among many busy workers, after a restart, or with slow workers.
    pub(super) fn slowed(&self, station: u16, work: Span) -> Span {
        let (model, state) = (&self.model.stations[usize::from(station)], &self.stations[usize::from(station)]);
        let cold = state.health.cold_factor(model, self.now);
        Span::from_nanos(work.0 as f64 * model.slowdown.factor(state.busy.level) * cold / self.capacity)
    }

    /// Notes that a worker is busy for so long.
    pub(super) fn occupy(&mut self, station: u16, client: Option<(u32, u32)>, takes: Span) -> u32 {
        self.stations[usize::from(station)].busy.booked += i128::from(takes.0);
        self.begin_service(station, client, takes)
    }

    /// The same of a worker whose time is booked.
    #[inline(always)]
    pub(super) fn begin_service(&mut self, station: u16, client: Option<(u32, u32)>, takes: Span) -> u32 {
        let service = self.next_service(station, client, takes, Status::UnderWay);
        let (ends, order) = (service.ends(), service.order);
        let slot = self.keep_service(service);
        if ends < self.model.end {
            self.departures.push(Departure::new(ends, order, slot));
        }
        slot
    }

    /// A service that starts now, with its number.
    #[inline]
    pub(super) fn next_service(&mut self, station: u16, client: Option<(u32, u32)>, takes: Span, status: Status) -> Service {
        let order = self.services_started;
        self.services_started += 1;
        Service { started: self.now, takes, order, client, station, status }
    }

    /// Puts a service into a slot.
    #[inline]
    pub(super) fn keep_service(&mut self, service: Service) -> u32 {
        match self.free_services.pop() {
            Some(slot) => {
                self.services[slot as usize] = service;
                slot
            }
            None => {
                self.services.push(service);
                (self.services.len() - 1) as u32
            }
        }
    }

    /// Where there are so many services that they do not lie near: brings near those that end soon, and the clients of the next.
    /// Not where a station shares its workers, whose departures all stay in the heap.
    #[inline]
    pub(super) fn bring_services_near(&self) {
        if let Some(wheel) = self.departures.of_many().filter(|wheel| wheel.begins_group()) {
            self.bring_many_near(wheel);
        }
    }

    #[inline(never)]
    fn bring_many_near(&self, departures: &Wheel) {
        departures.soon_of_due().for_each(|slot| prefetch_index(&self.services, slot as usize));
        for (person, _) in departures.next_of_due().filter_map(|slot| self.services[slot as usize].client) {
            self.people.bring_near(person);
            self.people.bring_arrival_near(person);
        }
    }

    /// Ends a service before its time. Its slot is free when nothing in the event list names it any more.
    pub(super) fn cut_service(&mut self, slot: u32) {
        let service = &mut self.services[slot as usize];
        match service.status {
            Status::Held => return self.cut_held(slot),
            Status::Shared => return self.cut_shared(slot),
            _ => {}
        }
        self.stations[usize::from(service.station)].busy.booked -= service.left_to_do(self.now);
        service.status = Status::Cut;
        if service.ends() >= self.model.end {
            service.status = Status::Free;
            self.free_services.push(slot);
            return;
        }
        self.cut_departures += 1;
        if self.cut_departures > FEW_CUT && self.cut_departures * 2 > self.departures.len() {
            self.forget_cut_services();
        }
    }

    /// Drops the departures of services that were cut, so that long services cut short do not fill the memory.
    fn forget_cut_services(&mut self) {
        let (services, free) = (&mut self.services, &mut self.free_services);
        self.departures.retain(|slot| {
            if slot & TICK != 0 {
                return true;
            }
            let service = &mut services[slot as usize];
            let cut = service.status == Status::Cut;
            if cut {
                service.status = Status::Free;
                free.push(slot);
            }
            !cut
        });
        self.cut_departures = 0;
    }

    /// Whether a slot holds a service that the station works on.
    pub(super) fn is_under_way_at(&self, slot: u32, station: u16) -> bool {
        let service = &self.services[slot as usize];
        service.status.is_under_way() && service.station == station
    }

    /// The person for whom a service works, if they still wait for it.
    pub(super) fn client_in_service(&self, service: &Service) -> Option<u32> {
        service.client_of(&self.people)
    }
}
