//! Stations in front of stations.

use super::{Request, Second};
use clickday::model::Call;
use clickday::random::Purpose;
use clickday::time::Span;

impl<'m> Second<'m> {
    fn call_of(&self, service: usize) -> Option<&'m Call> {
        self.model.stations[self.services[service].station].conduct.calls.as_ref()
    }

    /// The applicant in the draws of the call that a service makes now, and the path of those whom it leads to.
    pub(super) fn call_made_by(&self, service: usize) -> (u64, u32) {
        let made_by = &self.services[service];
        let path = made_by.path.wrapping_add(u32::from(made_by.tries)).wrapping_add(1).wrapping_mul(0x9E37_79B1);
        let number = made_by.request.map_or(0, |request| request.number);
        (number | u64::from(path) << 32, path)
    }

    /// The work of the call that a service makes.
    pub(super) fn work_of_call(&self, service: usize) -> Span {
        let (Some(call), Some(request)) = (self.call_of(service), self.services[service].request) else { return Span::ZERO };
        let applicant = self.call_made_by(service).0;
        call.service.sample(&mut self.keys[request.class].stream(Purpose::Call, applicant, request.draw))
    }

    /// Whether a worker that has done its part needs another station first.
    pub(super) fn calls_another(&mut self, service: usize) -> bool {
        let (Some(call), Some(request)) = (self.call_of(service), self.services[service].request) else { return false };
        let luck = self.keys[request.class].uniform(Purpose::Miss, self.call_made_by(service).0, request.draw);
        if luck >= call.share {
            return false;
        }
        self.services[service].held = true;
        let station = self.services[service].station;
        self.stations[station].held.up(self.now);
        self.call(service);
        true
    }

    /// Sends the call, at once again where it is refused; without tries left the request fails.
    fn call(&mut self, service: usize) {
        let (Some(call), Some(request)) = (self.call_of(service), self.services[service].request) else { return };
        let called = usize::from(call.station);
        while self.services[service].tries < call.attempts {
            // Whoever waits there goes first.
            if self.stations[called].dirty {
                self.start_services(called);
            }
            self.stations[called].requests += 1;
            if self.takes_in(called, Request { entered: self.now, caller: Some(service), ..request }) {
                return;
            }
            self.stations[called].refused += 1;
            self.services[service].tries += 1;
        }
        let (client, station) = (self.client_of(service), self.services[service].station);
        self.free_worker(service, client.is_none());
        self.stations[station].failed += u64::from(client.is_some());
        self.mark(station);
        if let Some(caller) = request.caller {
            self.fail_call(caller);
        } else if let Some(person) = client {
            self.classes[request.class].tally.failed += 1;
            self.fail(person);
        }
    }

    /// The station called has answered.
    pub(super) fn answer_call(&mut self, service: usize) {
        if !self.services[service].over {
            self.let_go(service);
            self.finish(service);
        }
    }

    fn let_go(&mut self, service: usize) {
        self.services[service].held = false;
        let station = self.services[service].station;
        self.stations[station].held.down(self.now);
    }

    /// The call was refused there, or cut.
    pub(super) fn fail_call(&mut self, service: usize) {
        if !self.services[service].over {
            self.services[service].tries += 1;
            self.call(service);
        }
    }
}
