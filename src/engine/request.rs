//! The server's side: a request is admitted, waits, is served, times out, or is cut.

use super::departures::{Departure, TICK};
use super::expiries::Expiry;
use super::guard::Next;
use super::line::{NOBODY, Request};
use super::people::{People, State};
use super::run::Run;
use crate::model::{OnFull, Timeout, TimeoutCovers};
use crate::random::Purpose;
use crate::time::{Span, Time};

/// A service under way.
#[derive(Debug, Clone, Copy)]
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

    /// Nanoseconds of work still to do; none where it should have ended. Below zero: for so long the worker has been held.
    pub(super) fn left_to_do(&self, now: Time) -> i128 {
        let ends = i128::from(self.started.0) + i128::from(self.takes.0);
        let left = ends - i128::from(now.0);
        if self.status == Status::Held { left } else { left.max(0) }
    }
}

/// What became of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The client sends the request of its step.
    pub(super) fn send(&mut self, slot: u32) {
        let person = &self.people[slot];
        let (class, number, step) = (person.class, person.number, usize::from(person.step));
        if self.gate.asks_requests(class) && !self.ask_request(slot) {
            return;
        }
        if !self.manners.is_empty() && !self.lets_send(class, number, self.people[slot].draw()) {
            self.throttled(slot);
            return;
        }
        let ticket = self.next_ticket;
        self.next_ticket = ticket.wrapping_add(1);
        let person = &mut self.people[slot];
        person.ticket = ticket;
        person.sent = self.now;
        let request = Request { entered: self.now, person: slot, ticket, number, class, draw: person.draw(), upstream: NOBODY };
        let recorder = self.recorder.class(class);
        recorder.tally.requests += 1;
        recorder.tally.retries += u64::from(person.attempt > 0);
        recorder.in_flight += 1;
        let station = self.model.classes[usize::from(class)].journey[step].station;
        self.stations[usize::from(station)].tally.requests += 1;
        if self.admit(station, request) {
            self.set_timeout(slot, step);
        } else {
            recorder_refusal(self, class, station);
            self.fail(slot);
        }
    }

    /// Serves the request, lets it wait, or drops it in silence; `false`: refused.
    pub(super) fn admit(&mut self, station: u16, request: Request) -> bool {
        let model = &self.model.stations[usize::from(station)];
        let state = &mut self.stations[usize::from(station)];
        if state.closed {
            return false;
        }
        debug_assert!(!state.dirty, "services start before requests come");
        if state.guarded {
            return self.admit_guarded(station, request);
        }
        if state.has_idle_worker() {
            self.start_service(station, request, request.upstream == NOBODY);
            return true;
        }
        if model.queue.is_none_or(|places| state.queue.level() < places) {
            self.enqueue(station, request);
            return true;
        }
        self.find_full(station, request)
    }

    /// Lets a request wait.
    #[inline]
    fn enqueue(&mut self, station: u16, request: Request) {
        let state = &mut self.stations[usize::from(station)];
        state.line.push(request);
        state.queue.up(self.now);
        self.recorder.queued();
        if request.upstream == NOBODY {
            self.people[request.person].state = State::Queued;
        }
        if state.queue.level() >= state.health.crash_at {
            self.crash_soon(station);
        }
    }

    /// The same as [`Run::admit`] where rules look at who comes.
    fn admit_guarded(&mut self, station: u16, request: Request) -> bool {
        if self.may_start(station, &request) {
            self.start_service(station, request, request.upstream == NOBODY);
        } else if self.sheds(station, &request) {
            let cost = self.model.stations[usize::from(station)].refusal_cost;
            let state = &mut self.stations[usize::from(station)];
            state.debt = state.debt + cost;
            return false;
        } else if self.finds_place(station, &request) {
            self.enqueue(station, request);
            self.note_queue(station);
        } else {
            return self.find_full(station, request);
        }
        true
    }

    /// There is no place for the request; `false` where it is told so.
    fn find_full(&mut self, station: u16, request: Request) -> bool {
        let model = &self.model.stations[usize::from(station)];
        let state = &mut self.stations[usize::from(station)];
        match model.on_full {
            OnFull::Refuse => {
                state.debt = state.debt + model.refusal_cost;
                false
            }
            OnFull::Drop => {
                state.tally.dropped += 1;
                self.people[request.person].state = State::Dropped;
                true
            }
        }
    }

    fn set_timeout(&mut self, slot: u32, step: usize) {
        let person = &self.people[slot];
        let class = usize::from(person.class);
        let model = &self.model.classes[class].journey[step];
        let Timeout::After(sampler) = &model.timeout else { return };
        if person.state == State::InService && model.covers == TimeoutCovers::Queue {
            return;
        }
        let (ticket, lane) = (person.ticket, self.lanes[class][step]);
        let after = match sampler.as_constant() {
            Some(constant) => constant,
            None => self.sample(slot, sampler, Purpose::Patience),
        };
        let expiry = Expiry { at: self.now + after, person: slot, ticket };
        if expiry.at >= self.model.end {
            return;
        }
        match lane {
            Some(lane) => self.expiries.push_lane(lane, expiry),
            None => self.expiries.push_drawn(expiry),
        }
    }

    /// A worker takes a request. The work is the applicant's; the slowdown is the station's at this moment.
    fn start_service(&mut self, station: u16, request: Request, has_client: bool) {
        let state = &mut self.stations[usize::from(station)];
        state.busy.up(self.now);
        let (linked, plain, shared, guarded) = (state.linked, state.plain, state.sharing.is_some(), state.guarded);
        let class = usize::from(request.class);
        let work = if request.upstream == NOBODY {
            let step = &self.model.classes[class].journey[usize::from(request.draw.step)];
            let mut stream = self.keys[class].stream(Purpose::Service, u64::from(request.number), request.draw);
            step.service.sample(&mut stream)
        } else {
            self.work_of_call(&request)
        };
        let takes = if plain { work } else { self.slowed(station, work) };
        if guarded {
            self.guards[usize::from(station)].learn(takes);
        }
        let client = Some((request.person, request.ticket));
        let service = if shared { self.share(station, client, takes) } else { self.occupy(station, client, takes) };
        if linked {
            self.link(service, &request);
        }
        if has_client {
            let person = &mut self.people[request.person];
            person.state = State::InService;
            person.service = service;
            self.recorder.class(request.class).wait.record(self.now.since(request.entered).0);
            if self.model.classes[class].journey[usize::from(request.draw.step)].covers == TimeoutCovers::Queue {
                self.forget_timeout(request.person, request.ticket);
            }
        }
    }

    /// How long work takes as things stand: slower among many busy workers, after a restart, or with slow workers.
    fn slowed(&self, station: u16, work: Span) -> Span {
        let (model, state) = (&self.model.stations[usize::from(station)], &self.stations[usize::from(station)]);
        let cold = state.health.cold_factor(model, self.now);
        Span::from_nanos(work.0 as f64 * model.slowdown.factor(state.busy.level) * cold / self.capacity)
    }

    /// Notes that a worker is busy for so long.
    fn occupy(&mut self, station: u16, client: Option<(u32, u32)>, takes: Span) -> u32 {
        self.stations[usize::from(station)].busy.booked += i128::from(takes.0);
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

    /// The end of a service: the answer goes out and the worker is free.
    pub(super) fn complete(&mut self) {
        let Some(departure) = self.departures.pop() else { return };
        if departure.service() & TICK != 0 {
            self.tick((departure.service() & !TICK) as u16);
            return;
        }
        let service = &mut self.services[departure.service() as usize];
        if service.status == Status::Cut {
            service.status = Status::Free;
            self.free_services.push(departure.service());
            self.cut_departures -= 1;
            return;
        }
        let station = service.station;
        if !(self.stations[usize::from(station)].linked && self.calls_another(departure.service())) {
            self.end_service(departure.service());
        }
    }

    /// A service is done: the worker is free, and the answer goes to the client, or to the worker who called.
    pub(super) fn end_service(&mut self, slot: u32) {
        let service = self.services[slot as usize];
        self.services[slot as usize].status = Status::Free;
        self.free_services.push(slot);
        let client = self.client_in_service(&service);
        let state = &mut self.stations[usize::from(service.station)];
        state.busy.down(self.now, service.started, client.is_none());
        state.tally.served += u64::from(service.client.is_some());
        // A debt of refusals works for nobody.
        let linked = state.linked && service.client.is_some();
        let plain = !state.linked && state.sharing.is_none();
        if plain && self.nothing_precedes_starts() {
            self.start_services(Some(service.station));
        } else {
            self.mark_dirty(service.station);
        }
        let upstream = if linked { self.upstream(slot) } else { NOBODY };
        if upstream != NOBODY {
            self.stations[usize::from(service.station)].tally.answered += u64::from(client.is_some());
            self.stations[usize::from(service.station)].tally.called.answered += u64::from(client.is_some());
            self.answer_call(upstream);
        } else if let Some(slot) = client {
            self.stations[usize::from(service.station)].tally.answered += 1;
            let class = self.people[slot].class;
            let recorder = self.recorder.class(class);
            recorder.tally.answered += 1;
            recorder.in_flight -= 1;
            if let Some((_, ticket)) = service.client {
                self.forget_timeout(slot, ticket);
            }
            if !self.manners.is_empty() {
                self.note_answer(class);
            }
            self.advance(slot);
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
        self.departures.retain(|departure| {
            if departure.service() & TICK != 0 {
                return true;
            }
            let service = &mut services[departure.service() as usize];
            let cut = service.status == Status::Cut;
            if cut {
                service.status = Status::Free;
                free.push(departure.service());
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
        let (slot, ticket) = service.client?;
        let person = &self.people[slot];
        (person.ticket == ticket && person.state == State::InService).then_some(slot)
    }

    /// Starts the services for which there are workers now.
    pub(super) fn start_services(&mut self, station: Option<u16>) {
        let Some(station) = station else { return };
        self.stations[usize::from(station)].dirty = false;
        loop {
            let state = &mut self.stations[usize::from(station)];
            if state.down || !state.has_idle_worker() {
                return;
            }
            if state.debt > Span::ZERO {
                let debt = std::mem::take(&mut state.debt);
                let debt = if self.capacity == 1.0 { debt } else { Span::from_nanos(debt.0 as f64 / self.capacity) };
                state.busy.up(self.now);
                if state.sharing.is_some() {
                    self.share(station, None, debt)
                } else {
                    self.occupy(station, None, debt)
                };
                continue;
            }
            if state.queue.level() == 0 {
                return;
            }
            let guarded = state.guarded;
            let request = if guarded {
                match self.next_guarded(station) {
                    Next::Serve(request) => request,
                    Next::Dropped => continue,
                    Next::Nobody => return,
                }
            } else {
                let people = &self.people;
                let waits = |request: &Request| is_waiting(&people[request.person], request.ticket);
                let leaves = state.leaves;
                let Some(request) = state.line.pop(&state.key, |request| !leaves || waits(request)) else { return };
                request
            };
            let has_client = is_waiting(&self.people[request.person], request.ticket);
            self.stations[usize::from(station)].queue.down(self.now, request.entered);
            self.recorder.unqueued();
            if guarded {
                self.note_queue(station);
            }
            self.start_service(station, request, has_client);
        }
    }

    /// A timeout ends: the client goes its way, if it still waits.
    pub(super) fn expire(&mut self) {
        let people = &self.people;
        let Some(expiry) = self.expiries.pop(|expiry| is_void(expiry, people)) else { return };
        if is_void(&expiry, people) {
            return;
        }
        let slot = expiry.person;
        let person = self.people[slot];
        let step = &self.model.classes[usize::from(person.class)].journey[usize::from(person.step)];
        if person.state == State::InService && step.covers == TimeoutCovers::Queue {
            return;
        }
        let recorder = self.recorder.class(person.class);
        recorder.tally.timeouts += 1;
        recorder.in_flight -= 1;
        let station = step.station;
        let state = &mut self.stations[usize::from(station)];
        state.tally.timeouts += 1;
        if state.leaves {
            self.leave_station(station, slot);
        }
        self.fail(slot);
    }

    /// The person's request needs its timeout no longer.
    #[inline]
    fn forget_timeout(&mut self, slot: u32, ticket: u32) {
        // Any other than the next one is passed over when its turn comes.
        if self.expiries.is_next(slot, ticket) {
            let people = &self.people;
            self.expiries.pop(|expiry| is_void(expiry, people));
        }
    }

    /// The request of one who stops waiting leaves the queue, or frees its worker.
    fn leave_station(&mut self, station: u16, slot: u32) {
        let person = self.people[slot];
        let state = &mut self.stations[usize::from(station)];
        match person.state {
            State::Queued => {
                state.tally.left += 1;
                state.queue.down(self.now, person.sent);
                self.recorder.unqueued();
                // No longer waiting, before the line asks who is.
                self.people[slot].state = State::Thinking;
                let people = &self.people;
                state.line.leave(|request| is_waiting(&people[request.person], request.ticket));
                if state.guarded {
                    self.note_queue(station);
                }
            }
            State::InService => {
                state.tally.left += 1;
                let started = self.services[person.service as usize].started;
                state.busy.down(self.now, started, false);
                self.cut_service(person.service);
                if !std::mem::replace(&mut self.stations[usize::from(station)].dirty, true) {
                    self.agenda.start_after_timeouts_at(station);
                }
            }
            _ => {}
        }
    }

    /// The station will look for services to start once all that happens before at this instant has happened.
    pub(super) fn mark_dirty(&mut self, station: u16) {
        let state = &mut self.stations[usize::from(station)];
        if !state.dirty {
            state.dirty = true;
            self.agenda.start_at(station);
        }
    }
}

/// Whether nobody waits for this timeout any more.
#[inline]
fn is_void(expiry: &Expiry, people: &People) -> bool {
    let person = &people[expiry.person];
    person.ticket != expiry.ticket || !person.state.has_request()
}

/// Whether this person's request of that ticket is in the queue.
pub(super) fn is_waiting(person: &super::people::Person, ticket: u32) -> bool {
    person.ticket == ticket && person.state == State::Queued
}

fn recorder_refusal(run: &mut Run<'_>, class: u16, station: u16) {
    run.stations[usize::from(station)].tally.refused += 1;
    let recorder = run.recorder.class(class);
    recorder.tally.refused += 1;
    recorder.in_flight -= 1;
}
