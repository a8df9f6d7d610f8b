//! The station's side.

use super::{Event, Request, Second, Service, State};
use clickday::model::{AppliesTo, OnFull, OnTimeout, Timeout, TimeoutCovers};
use clickday::random::Purpose;
use clickday::time::Span;

impl Second<'_> {
    pub(super) fn send(&mut self, person: usize) {
        if let Some((until, advice)) = self.shut(person, AppliesTo::Requests) {
            self.free_place(person);
            self.end_session(person);
            self.wait_for_opening(person, until, advice);
            return;
        }
        if !self.has_place(person) {
            self.classes[self.people[person].class].tally.requests += 1;
            self.classes[self.people[person].class].tally.closed += 1;
            self.end_session(person);
            self.want_session(person);
            return;
        }
        let (class, retry) = (self.people[person].class, self.people[person].attempt > 0);
        if let Some(told) = self.limited(person) {
            let tally = &mut self.classes[class].tally;
            tally.requests += 1;
            tally.refused += 1;
            tally.retries += u64::from(retry);
            self.fail_for(person, told);
            return;
        }
        if !self.program_sends(person) {
            let tally = &mut self.classes[class].tally;
            tally.requests += 1;
            tally.closed += 1;
            tally.retries += u64::from(retry);
            self.fail(person);
            return;
        }
        self.requests += 1;
        let request = self.requests;
        self.people[person].request = request;
        let step = self.class_of(person).journey[self.people[person].step].clone();
        let tally = &mut self.classes[class].tally;
        tally.requests += 1;
        tally.retries += u64::from(retry);
        let index = usize::from(step.station);
        self.stations[index].requests += 1;
        let (number, draw) = (self.people[person].number, self.draw_of(person));
        let entry = Request { person, request, entered: self.now, sent: self.now, class, number, draw, caller: None };
        if !self.takes_in(index, entry) {
            self.stations[index].refused += 1;
            self.classes[class].tally.refused += 1;
            self.fail(person);
            return;
        }
        if let Timeout::After(after) = &step.timeout {
            let runs = step.covers == TimeoutCovers::Answer || self.people[person].state != State::InService;
            if runs {
                let after = self.sample(person, after, Purpose::Patience);
                self.schedule(self.now + after, Event::Timeout { person, request });
            }
        }
    }

    /// A request is served, waits, or is dropped in silence; `false`: it is refused.
    pub(super) fn takes_in(&mut self, index: usize, entry: Request) -> bool {
        let model = &self.model.stations[index];
        if self.stations[index].down || self.stations[index].out {
            return false;
        }
        if self.idle(index) > self.workers_kept(index, entry.class) {
            self.start(index, entry, entry.caller.is_none());
            return true;
        }
        let sheds = self.sheds(index, &entry);
        let free = |places: u32| u64::from(places).saturating_sub(self.stations[index].queue.now);
        let has_place = model.queue.is_none_or(|places| free(places) > self.places_kept(index, entry.class));
        let full = model.queue.is_some_and(|places| free(places) == 0);
        if !sheds && (has_place || (full && self.pushes_out(index, entry.class))) {
            self.stations[index].line.push(entry);
            self.stations[index].queue.up(self.now);
            if entry.caller.is_none() {
                self.people[entry.person].state = State::Queued;
            }
            self.crash_if_too_many_wait(index);
            return true;
        }
        let station = &mut self.stations[index];
        if !sheds && model.on_full == OnFull::Drop {
            station.dropped += 1;
            self.people[entry.person].state = State::Dropped;
            return true;
        }
        station.debt = station.debt + model.refusal_cost;
        false
    }

    /// Services that may begin now.
    pub(super) fn idle(&self, index: usize) -> u64 {
        let connections = self.model.stations[index].conduct.connections.map_or(u64::MAX, u64::from);
        let most = if self.is_shared(index) { connections } else { u64::from(self.stations[index].workers) };
        most.saturating_sub(self.stations[index].in_service)
    }

    /// Whether a request's client is still waiting for it.
    pub(super) fn waits(&self, request: &Request) -> bool {
        let person = &self.people[request.person];
        person.request == request.request && person.state == State::Queued
    }

    /// Whether the client of a request is there, and served at the station to which it was sent.
    pub(super) fn is_served(&self, request: &Request) -> bool {
        let person = &self.people[request.person];
        person.request == request.request && person.state == State::InService
    }

    pub(super) fn client_of(&self, service: usize) -> Option<usize> {
        let request = self.services[service].request?;
        self.is_served(&request).then_some(request.person)
    }

    /// A worker takes a request, whose client still waits for it or has gone.
    pub(super) fn start(&mut self, index: usize, request: Request, has_client: bool) {
        let work = match request.caller {
            Some(caller) => self.work_of_call(caller),
            None => {
                let step = &self.model.classes[request.class].journey[usize::from(request.draw.step)];
                step.service.sample(&mut self.keys[request.class].stream(Purpose::Service, request.number, request.draw))
            }
        };
        let takes = self.slowed(index, work);
        self.learn(index, takes);
        if has_client {
            let person = &mut self.people[request.person];
            person.state = State::InService;
            person.service = self.services.len();
            self.classes[request.class].wait.record(self.now.since(request.entered).0);
        }
        self.occupy(index, Some(request), takes);
    }

    /// How long work takes that begins now.
    fn slowed(&self, index: usize, work: Span) -> Span {
        let (model, station) = (&self.model.stations[index], &self.stations[index]);
        let cold = model.conduct.cold_start.zip(station.restarted).map(|(cold, up)| cold.factor(self.now.since(up)));
        if model.slowdown.is_none() && cold.is_none() {
            return work;
        }
        let busy = station.in_service as u32 + 1;
        Span::from_nanos(work.0 as f64 * model.slowdown.factor(busy) * cold.unwrap_or(1.0))
    }

    fn occupy(&mut self, station: usize, request: Option<Request>, takes: Span) {
        let service = self.services.len();
        let path = request.and_then(|request| request.caller).map_or(0, |caller| self.call_made_by(caller).1);
        self.services.push(Service { station, started: self.now, request, over: false, held: false, tries: 0, path });
        self.stations[station].in_service += 1;
        if self.is_shared(station) {
            self.share(station, service, takes);
        } else {
            self.stations[station].busy.up(self.now);
            self.schedule(self.now + takes, Event::Completion { service });
        }
    }

    /// A worker is done with a service, or leaves it.
    pub(super) fn free_worker(&mut self, service: usize, wasted: bool) {
        let Service { station, started, held, .. } = self.services[service];
        self.services[service].over = true;
        self.stations[station].in_service -= 1;
        if held {
            self.stations[station].held.down(self.now);
        }
        if self.is_shared(station) {
            self.stop_sharing(station, service, wasted);
            return;
        }
        let spent = self.now.since(started).0;
        let station = &mut self.stations[station];
        station.busy.down(self.now);
        station.wasted += if wasted { u128::from(spent) } else { 0 };
    }

    /// The own part of a service is done: its worker calls another station, or answers.
    pub(super) fn complete(&mut self, service: usize) {
        if !self.services[service].over && !self.calls_another(service) {
            self.finish(service);
        }
    }

    /// The answer goes out.
    pub(super) fn finish(&mut self, service: usize) {
        let (client, station) = (self.client_of(service), self.services[service].station);
        self.free_worker(service, client.is_none());
        let request = self.services[service].request;
        self.stations[station].served += u64::from(request.is_some());
        self.stations[station].answered += u64::from(client.is_some());
        self.mark(station);
        if let Some(caller) = request.and_then(|request| request.caller) {
            self.answer_call(caller);
        } else if let Some(person) = client {
            let class = self.people[person].class;
            self.classes[class].tally.answered += 1;
            self.note_answer(class);
            self.answered(person);
        }
    }

    /// Services will start when all that comes before at this instant has happened.
    pub(super) fn mark(&mut self, station: usize) {
        if !std::mem::replace(&mut self.stations[station].dirty, true) {
            self.schedule(self.now, Event::Start { station });
        }
    }

    pub(super) fn start_services(&mut self, index: usize) {
        self.stations[index].dirty = false;
        loop {
            if self.stations[index].down || self.idle(index) == 0 {
                return;
            }
            if self.stations[index].debt > Span::ZERO {
                let debt = std::mem::take(&mut self.stations[index].debt);
                self.occupy(index, None, debt);
                continue;
            }
            let Some(place) = self.next_in_line(index) else { return };
            let request = self.stations[index].line[place];
            if self.is_too_late(index, &request) {
                self.drop_from_line(index, place);
                continue;
            }
            self.take_out(index, place);
            self.stations[index].queue.down(self.now);
            let has_client = self.waits(&request);
            self.start(index, request, has_client);
        }
    }

    pub(super) fn time_out(&mut self, person: usize, request: u64) {
        let who = &self.people[person];
        let waits = matches!(who.state, State::Queued | State::InService | State::Dropped);
        if who.request != request || !waits {
            return;
        }
        let step = &self.class_of(person).journey[who.step];
        if step.covers == TimeoutCovers::Queue && who.state == State::InService {
            return;
        }
        let (index, state, service) = (usize::from(step.station), who.state, who.service);
        self.classes[who.class].tally.timeouts += 1;
        self.stations[index].timeouts += 1;
        if self.model.stations[index].on_timeout == OnTimeout::Leave {
            if state == State::Queued {
                self.stations[index].line.retain(|waiting| waiting.request != request);
                self.stations[index].queue.down(self.now);
            }
            if state == State::InService {
                self.free_worker(service, false);
                if !std::mem::replace(&mut self.stations[index].dirty, true) {
                    self.schedule(self.now, Event::StartAfterTimeouts { station: index });
                }
            }
        }
        self.fail(person);
    }

    /// All in service and queued fails, in the order of starts, then of the queue.
    pub(super) fn go_down(&mut self, index: usize) {
        let mut failed = Vec::new();
        let mut callers = Vec::new();
        for service in 0..self.services.len() {
            if self.services[service].station == index && !self.services[service].over {
                let client = self.client_of(service);
                self.free_worker(service, client.is_none());
                match self.services[service].request.and_then(|request| request.caller) {
                    Some(caller) => callers.push((caller, client.is_some())),
                    None => failed.extend(client),
                }
            }
        }
        let mut line = std::mem::take(&mut self.stations[index].line);
        line.sort_by_key(|request| self.rank(index, request.class));
        for request in &line {
            match request.caller {
                Some(caller) => callers.push((caller, self.is_served(request))),
                None if self.waits(request) => failed.push(request.person),
                None => {}
            }
            self.stations[index].queue.down(self.now);
        }
        self.stations[index].debt = Span::ZERO;
        for person in failed {
            self.stations[index].failed += 1;
            self.classes[self.people[person].class].tally.failed += 1;
            self.fail(person);
        }
        for (caller, has_client) in callers {
            self.stations[index].failed += u64::from(has_client);
            self.fail_call(caller);
        }
    }
}
