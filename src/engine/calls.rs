//! Stations in front of stations: a worker that has done its part calls another station and is held until the answer.

use super::line::{NOBODY, Request};
use super::request::Admission;
use super::run::Run;
use super::service::Status;
use crate::model::Call;
use crate::random::{Draw, Purpose};
use crate::time::{Span, Time};

/// What a service at a linked station remembers, beside the service in the same slot.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(super) struct Link {
    /// The service that waits for this one, or [`NOBODY`].
    upstream: u32,
    /// Tells apart the services of one request: the calls that led here, hashed.
    path: u32,
    number: u32,
    class: u16,
    draw: Draw,
    /// Tries of the call before this one.
    tries: u16,
}

/// The number of workers who are held, over time.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct HeldMeter {
    pub(super) level: u32,
    changed: Time,
    /// Sum of held workers times nanoseconds.
    pub(super) area: u128,
    /// Sum over calls that ended of their nanoseconds.
    pub(super) done: u128,
    /// Calls count from here.
    counted_from: Time,
}

impl HeldMeter {
    pub(super) fn advance(&mut self, now: Time) {
        self.area += u128::from(self.level) * u128::from(now.since(self.changed).0);
        self.changed = now;
    }

    fn up(&mut self, now: Time) {
        self.advance(now);
        self.level += 1;
    }

    fn down(&mut self, now: Time, since: Time) {
        self.advance(now);
        self.level -= 1;
        self.done += self.stay(now, since);
    }

    /// The counted nanoseconds of a call from `since` to `now`.
    pub(super) fn stay(&self, now: Time, since: Time) -> u128 {
        u128::from(now.since(since.max(self.counted_from)).0)
    }

    /// Starts counting anew at `now`.
    pub(super) fn restart(&mut self, now: Time) {
        self.advance(now);
        (self.area, self.done, self.counted_from) = (0, 0, now);
    }
}

impl Link {
    /// The name of the draws of the call that it makes now.
    fn call(&self) -> (u64, u32) {
        let path = (self.path.wrapping_add(u32::from(self.tries)).wrapping_add(1)).wrapping_mul(0x9E37_79B1);
        (u64::from(self.number) | u64::from(path) << 32, path)
    }
}

impl<'m> Run<'m> {
    /// Notes for whom a service at a linked station works.
    pub(super) fn link(&mut self, slot: u32, request: &Request) {
        let path = if request.upstream == NOBODY { 0 } else { self.links[request.upstream as usize].call().1 };
        let Request { number, class, draw, upstream, .. } = *request;
        let link = Link { upstream, path, number, class, draw, tries: 0 };
        if self.links.len() <= slot as usize {
            self.links.resize(self.services.len(), link);
        }
        self.links[slot as usize] = link;
    }

    /// The service that waits for this one at a linked station, or [`NOBODY`].
    pub(super) fn upstream(&self, slot: u32) -> u32 {
        self.links.get(slot as usize).map_or(NOBODY, |link| link.upstream)
    }

    /// The work of a request that a worker sent.
    pub(super) fn work_of_call(&self, request: &Request) -> Span {
        let station = self.services[request.upstream as usize].station;
        let Some(call) = self.call_of(station) else { return Span::ZERO };
        let applicant = self.links[request.upstream as usize].call().0;
        call.service.sample(&mut self.keys[usize::from(request.class)].stream(Purpose::Call, applicant, request.draw))
    }

    fn call_of(&self, station: u16) -> Option<&'m Call> {
        self.model.stations[usize::from(station)].conduct.calls.as_ref()
    }

    /// The worker's own part is done: whether it is held now, or failed, by a call of another station.
    pub(super) fn calls_another(&mut self, slot: u32) -> bool {
        let service = self.services[slot as usize];
        // A debt of refusals calls nobody.
        let (Some(call), Some(_)) = (self.call_of(service.station), service.client) else { return false };
        let link = self.links[slot as usize];
        let key = &self.keys[usize::from(link.class)];
        if call.share < 1.0 && key.uniform(Purpose::Miss, link.call().0, link.draw) >= call.share {
            return false;
        }
        self.services[slot as usize].status = Status::Held;
        self.stations[usize::from(service.station)].held.up(self.now);
        self.call(slot, call);
        true
    }

    /// Sends the call, again and again where it is refused at once; without tries left the request fails.
    fn call(&mut self, slot: u32, call: &Call) {
        let Some((person, ticket)) = self.services[slot as usize].client else { return };
        while self.links[slot as usize].tries < call.attempts {
            let Link { number, class, draw, .. } = self.links[slot as usize];
            let request = Request { entered: self.now, person, ticket, number, class, draw, upstream: slot };
            if self.stations[usize::from(call.station)].dirty {
                // Whoever waits there goes first.
                self.start_services(Some(call.station));
            }
            self.stations[usize::from(call.station)].tally.called.requests += 1;
            let admission = self.admit(call.station, request, self.step(request.class, request.draw.step));
            if !matches!(admission, Admission::Refused) {
                return;
            }
            let tally = &mut self.stations[usize::from(call.station)].tally;
            tally.refused += 1;
            tally.called.refused += 1;
            self.links[slot as usize].tries += 1;
        }
        self.fail_service(slot);
    }

    /// The station called has answered; whoever called goes on.
    pub(super) fn answer_call(&mut self, slot: u32) {
        if self.release(slot) {
            self.end_service(slot);
        }
    }

    /// The call was cut by an outage of the station called: another try, or the request fails.
    pub(super) fn fail_call(&mut self, slot: u32) {
        let service = self.services[slot as usize];
        let Some(call) = self.call_of(service.station).filter(|_| service.status == Status::Held) else {
            self.release(slot);
            return;
        };
        self.links[slot as usize].tries += 1;
        self.call(slot, call);
    }

    /// Ends the hold on a worker; `false` where the service was cut meanwhile, whose slot is free now.
    fn release(&mut self, slot: u32) -> bool {
        let service = &mut self.services[slot as usize];
        if service.status == Status::HeldCut {
            service.status = Status::Free;
            self.free_services.push(slot);
            return false;
        }
        let (since, station) = (service.ends(), usize::from(service.station));
        self.stations[station].busy.booked -= service.left_to_do(self.now);
        service.takes = self.now.since(service.started);
        service.status = Status::UnderWay;
        self.stations[station].held.down(self.now, since);
        true
    }

    /// A held worker's client leaves, or an outage cuts its service; the call goes on and finds nobody.
    pub(super) fn cut_held(&mut self, slot: u32) {
        if self.release(slot) {
            self.services[slot as usize].status = Status::HeldCut;
        }
    }

    /// No call got through: the worker says so and is free.
    fn fail_service(&mut self, slot: u32) {
        if !self.release(slot) {
            return;
        }
        let service = self.services[slot as usize];
        self.services[slot as usize].status = Status::Free;
        self.free_services.push(slot);
        let client = self.client_in_service(&service);
        let upstream = self.upstream(slot);
        let state = &mut self.stations[usize::from(service.station)];
        state.busy.down(self.now, service.started, client.is_none());
        state.tally.failed += u64::from(client.is_some());
        state.tally.vanished += u64::from(client.is_none());
        state.tally.called.failed += u64::from(client.is_some() && upstream != NOBODY);
        self.mark_dirty(service.station);
        if upstream != NOBODY {
            self.fail_call(upstream);
        } else if let Some(person) = client {
            let recorder = self.recorder.class(self.people[person].class);
            recorder.tally.failed += 1;
            recorder.in_flight -= 1;
            self.fail(person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_are_held_are_counted_from_their_begin_or_from_the_restart() {
        let mut held = HeldMeter::default();
        held.up(Time(10));
        held.up(Time(20));
        held.down(Time(30), Time(10));
        assert_eq!((held.level, held.area, held.done), (1, 10 + 2 * 10, 20));
        held.restart(Time(40));
        assert_eq!((held.level, held.area, held.done), (1, 0, 0));
        held.down(Time(55), Time(20));
        assert_eq!((held.level, held.area, held.done), (0, 15, 15));
    }
}
