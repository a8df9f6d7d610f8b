//! The station's side.

use super::{Event, Request, Second, Service, State};
use clickday::model::{AppliesTo, OnFull, OnTimeout, Timeout, TimeoutCovers};
use clickday::random::Purpose;
use clickday::time::Span;

impl Second<'_> {
    pub(super) fn send(&mut self, person: usize) {
        if let Some((until, advice)) = self.shut(person, AppliesTo::Requests) {
            self.end_session(person);
            self.wait_for_opening(person, until, advice);
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
        let entry =
            Request { person, request, entered: self.now, class, number: self.people[person].number, draw: self.draw_of(person) };
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
    fn takes_in(&mut self, index: usize, entry: Request) -> bool {
        let model = &self.model.stations[index];
        if self.stations[index].down {
            return false;
        }
        let idle = u64::from(self.stations[index].workers).saturating_sub(self.stations[index].busy.now);
        if idle > self.workers_kept(index, entry.class) {
            self.start(index, entry, true);
            return true;
        }
        let sheds = self.sheds(index, &entry);
        let free = |places: u32| u64::from(places).saturating_sub(self.stations[index].queue.now);
        let has_place = model.queue.is_none_or(|places| free(places) > self.places_kept(index, entry.class));
        let full = model.queue.is_some_and(|places| free(places) == 0);
        if !sheds && (has_place || (full && self.pushes_out(index, entry.class))) {
            self.stations[index].line.push(entry);
            self.stations[index].queue.up(self.now);
            self.people[entry.person].state = State::Queued;
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

    /// Whether a request's client is still waiting for it.
    pub(super) fn waits(&self, request: &Request) -> bool {
        let person = &self.people[request.person];
        person.request == request.request && person.state == State::Queued
    }

    pub(super) fn client_of(&self, service: usize) -> Option<usize> {
        let (person, request) = self.services[service].client?;
        let who = &self.people[person];
        (who.request == request && who.state == State::InService && who.service == service).then_some(person)
    }

    /// A worker takes a request, whose client still waits for it or has gone.
    pub(super) fn start(&mut self, index: usize, request: Request, has_client: bool) {
        let here = self.now;
        self.stations[index].busy.up(here);
        let step = &self.model.classes[request.class].journey[usize::from(request.draw.step)];
        let work = step.service.sample(&mut self.keys[request.class].stream(Purpose::Service, request.number, request.draw));
        let slowdown = &self.model.stations[index].slowdown;
        let busy = self.stations[index].busy.now as u32;
        let takes = if slowdown.is_none() { work } else { Span::from_nanos(work.0 as f64 * slowdown.factor(busy)) };
        self.learn(index, takes);
        if has_client {
            let person = &mut self.people[request.person];
            person.state = State::InService;
            person.service = self.services.len();
            self.classes[request.class].wait.record(here.since(request.entered).0);
        }
        self.occupy(index, Some((request.person, request.request)), takes);
    }

    pub(super) fn occupy(&mut self, station: usize, client: Option<(usize, u64)>, takes: Span) {
        let service = self.services.len();
        self.services.push(Service { station, started: self.now, client, over: false });
        self.schedule(self.now + takes, Event::Completion { service });
    }

    /// A worker is done with a service, or leaves it.
    pub(super) fn free_worker(&mut self, service: usize, wasted: bool) {
        let Service { station, started, .. } = self.services[service];
        self.services[service].over = true;
        let spent = self.now.since(started).0;
        let station = &mut self.stations[station];
        station.busy.down(self.now);
        station.wasted += if wasted { u128::from(spent) } else { 0 };
    }

    pub(super) fn complete(&mut self, service: usize) {
        if self.services[service].over {
            return;
        }
        let (client, station) = (self.client_of(service), self.services[service].station);
        self.free_worker(service, client.is_none());
        self.stations[station].served += u64::from(self.services[service].client.is_some());
        self.mark(station);
        if let Some(person) = client {
            self.stations[station].answered += 1;
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
            let station = &mut self.stations[index];
            if station.down || station.busy.now >= u64::from(station.workers) {
                return;
            }
            if station.debt > Span::ZERO {
                let debt = std::mem::take(&mut station.debt);
                station.busy.up(self.now);
                self.occupy(index, None, debt);
                continue;
            }
            let Some(place) = self.next_in_line(index) else { return };
            let request = self.stations[index].line[place];
            if self.is_too_late(index, &request) {
                self.drop_from_line(index, place);
                continue;
            }
            let station = &mut self.stations[index];
            station.line.remove(place);
            station.queue.down(self.now);
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

    pub(super) fn go_down(&mut self, index: usize) {
        self.stations[index].down = true;
        let mut failed = Vec::new();
        for service in 0..self.services.len() {
            if self.services[service].station == index && !self.services[service].over {
                let client = self.client_of(service);
                self.free_worker(service, client.is_none());
                failed.extend(client);
            }
        }
        let mut line = std::mem::take(&mut self.stations[index].line);
        line.sort_by_key(|request| self.rank(index, request.class));
        for request in &line {
            if self.waits(request) {
                failed.push(request.person);
            }
            self.stations[index].queue.down(self.now);
        }
        self.stations[index].debt = Span::ZERO;
        for person in failed {
            self.stations[index].failed += 1;
            self.classes[self.people[person].class].tally.failed += 1;
            self.fail(person);
        }
    }
}
