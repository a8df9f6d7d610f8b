//! The server's side: a request is admitted, waits, is served, times out, or is cut.
//!
//! What every request passes through is always put in line, here and in `session`: a call that saves the registers costs
//! as much as many of these steps do.

use super::departures::TICK;
use super::guard::Next;
use super::line::{NOBODY, Request};
use super::people::State;
use super::run::Run;
use super::service::Status;
use crate::model::{Step, TimeoutCovers};
use crate::random::Purpose;
use crate::time::Span;

/// What becomes of a request when it comes.
pub(super) enum Admission {
    /// It is told that it is not served.
    Refused,
    /// A worker took it.
    Serves,
    /// It waits in the queue, or its client does for an answer that will not come.
    Waits,
    /// It waits in a line that keeps its timeout.
    WaitsInPatience,
}

/// Who sends a request now, and of which step.
pub(super) type Sender<'m> = (u32, &'m Step);

impl<'m> Run<'m> {
    /// The client sends the request of its step.
    pub(super) fn send(&mut self, sender: Sender<'m>) {
        self.send_now(sender);
    }

    #[inline(always)]
    pub(super) fn send_now(&mut self, (slot, step): Sender<'m>) {
        if self.asks_senders && !self.may_send(slot) {
            return;
        }
        let ticket = self.next_ticket;
        self.next_ticket = ticket.wrapping_add(1);
        let person = &mut self.people[slot];
        person.ticket = ticket;
        person.sent = self.now;
        let (class, number, draw) = (person.class, person.number, person.draw());
        let request = Request { entered: self.now, person: slot, ticket, number, class, draw, upstream: NOBODY };
        let recorder = self.recorder.class(class);
        recorder.tally.requests += 1;
        recorder.tally.retries += u64::from(draw.attempt > 0);
        recorder.in_flight += 1;
        let station = step.station;
        match self.admit(station, request, step) {
            Admission::Serves => self.set_timeout(slot, ticket, step, true),
            Admission::Waits => self.set_timeout(slot, ticket, step, false),
            Admission::WaitsInPatience => {}
            Admission::Refused => {
                recorder_refusal(self, class, station);
                self.fail(slot);
            }
        }
    }

    /// Where rules are asked who may send a request; whoever may not is taken care of.
    #[inline(never)]
    fn may_send(&mut self, slot: u32) -> bool {
        let person = &self.people[slot];
        let (class, number) = (person.class, person.number);
        if self.gate.asks_requests(class) && !self.ask_request(slot) {
            return false;
        }
        let sends = self.manners.is_empty() || self.lets_send(class, number, self.people[slot].draw());
        if !sends {
            self.throttled(slot);
        }
        sends
    }

    /// Serves the request of a step, lets it wait, or drops it in silence, or refuses it.
    #[inline(always)]
    pub(super) fn admit(&mut self, station: u16, request: Request, step: &Step) -> Admission {
        let state = &mut self.stations[usize::from(station)];
        state.tally.requests += 1;
        if state.closed {
            return Admission::Refused;
        }
        debug_assert!(!state.dirty, "services start before requests come");
        if state.guarded {
            return self.admit_guarded(station, request, step);
        }
        if state.has_idle_worker() {
            self.start_service(station, request, step, None, request.upstream == NOBODY);
            return Admission::Serves;
        }
        if state.queue.level() < state.places {
            return self.enqueue(station, request);
        }
        self.find_full(station, request)
    }

    /// Lets a request wait.
    #[inline(always)]
    fn enqueue(&mut self, station: u16, request: Request) -> Admission {
        let state = &mut self.stations[usize::from(station)];
        let is_first = state.queue.level() == 0;
        state.line.push(request);
        state.queue.up(self.now);
        self.recorder.queued();
        if request.upstream == NOBODY {
            self.people[request.person].state = State::Queued;
        }
        if is_first {
            state.note_first(station, &mut self.expiries);
        }
        let admission = if state.patience.is_some() { Admission::WaitsInPatience } else { Admission::Waits };
        if state.queue.level() >= state.health.crash_at {
            self.crash_soon(station);
        }
        admission
    }

    /// The same as [`Run::admit`] where rules look at who comes.
    fn admit_guarded(&mut self, station: u16, request: Request, step: &Step) -> Admission {
        if self.may_start(station, &request) {
            self.start_service(station, request, step, None, request.upstream == NOBODY);
            Admission::Serves
        } else if self.sheds(station, &request) {
            self.stations[usize::from(station)].owe_refusal();
            Admission::Refused
        } else if self.finds_place(station, &request) {
            let admission = self.enqueue(station, request);
            self.note_queue(station);
            admission
        } else {
            self.find_full(station, request)
        }
    }

    /// There is no place for the request, which is told so or not.
    fn find_full(&mut self, station: u16, request: Request) -> Admission {
        let state = &mut self.stations[usize::from(station)];
        if state.refuses {
            state.owe_refusal();
            return Admission::Refused;
        }
        state.tally.dropped += 1;
        self.people[request.person].state = State::Dropped;
        Admission::Waits
    }

    /// A worker takes a request, which has waited in the queue for so long, or has just come. The work is the applicant's; the
    /// slowdown is the station's at this moment.
    #[inline(always)]
    fn start_service(&mut self, station: u16, request: Request, step: &Step, waited: Option<Span>, has_client: bool) {
        let state = &mut self.stations[usize::from(station)];
        state.busy.up(self.now);
        let service = if state.simple {
            let key = &self.keys[usize::from(request.class)];
            let work = step.service.draw(key, Purpose::Service, u64::from(request.number), request.draw);
            state.busy.booked += i128::from(work.0);
            self.begin_service(station, Some((request.person, request.ticket)), work)
        } else {
            self.start_special(station, &request, step)
        };
        if has_client {
            let person = &mut self.people[request.person];
            person.state = State::InService;
            person.service = service;
            self.recorder.class(request.class).wait.record(waited.unwrap_or(Span::ZERO).0);
            // Whoever has just come has no timeout yet.
            if step.covers == TimeoutCovers::Queue && waited.is_some() {
                self.forget_timeout(request.person, request.ticket);
            }
        }
    }

    /// The same at a station that is out of the ordinary.
    #[inline(never)]
    fn start_special(&mut self, station: u16, request: &Request, step: &Step) -> u32 {
        let state = &self.stations[usize::from(station)];
        let (linked, plain, shared, guarded) = (state.linked, state.plain, state.sharing.is_some(), state.guarded);
        let work = if request.upstream == NOBODY {
            let key = &self.keys[usize::from(request.class)];
            step.service.draw(key, Purpose::Service, u64::from(request.number), request.draw)
        } else {
            self.work_of_call(request)
        };
        let takes = if plain { work } else { self.slowed(station, work) };
        if guarded {
            self.guards[usize::from(station)].learn(takes);
        }
        let client = Some((request.person, request.ticket));
        let service = if shared { self.share(station, client, takes) } else { self.occupy(station, client, takes) };
        if linked {
            self.link(service, request);
        }
        service
    }

    /// The end of a service: the answer goes out and the worker is free. Says who sends a request now.
    #[inline(always)]
    pub(super) fn complete(&mut self) -> Option<Sender<'m>> {
        let departure = self.departures.pop()?;
        if departure.service() & TICK != 0 {
            self.tick((departure.service() & !TICK) as u16, departure.order());
            return None;
        }
        self.bring_services_near();
        let slot = departure.service();
        let service = &mut self.services[slot as usize];
        if service.status == Status::Cut {
            service.status = Status::Free;
            self.free_services.push(slot);
            self.cut_departures -= 1;
            return None;
        }
        let state = &mut self.stations[usize::from(service.station)];
        // What is due in a room goes first, also what this answer makes due.
        if !state.direct || !self.gate.rooms.is_empty() {
            self.complete_special(slot);
            return None;
        }
        service.status = Status::Free;
        self.free_services.push(slot);
        let service = *service;
        let client = service.client_of(&self.people);
        client.into_iter().for_each(|client| self.people.bring_arrival_near(client));
        state.busy.down(self.now, service.started, client.is_none());
        state.tally.served += u64::from(service.client.is_some());
        state.tally.answered += u64::from(client.is_some());
        let work_waits = state.queue.level() > 0 || state.debt > Span::ZERO;
        if !self.nothing_precedes_starts() {
            self.mark_dirty(service.station);
        } else if work_waits {
            self.start_services(Some(service.station));
        }
        self.answer(client?)
    }

    /// The same at a station that others have a say in, or where there are waiting rooms.
    #[inline(never)]
    fn complete_special(&mut self, slot: u32) {
        let station = self.services[slot as usize].station;
        if !(self.stations[usize::from(station)].linked && self.calls_another(slot)) {
            self.end_service(slot);
        }
    }

    /// There a service is done: the worker is free, and the answer goes to the client, or to the worker who called.
    pub(super) fn end_service(&mut self, slot: u32) {
        let service = self.services[slot as usize];
        self.services[slot as usize].status = Status::Free;
        self.free_services.push(slot);
        let client = self.client_in_service(&service);
        client.into_iter().for_each(|client| self.people.bring_arrival_near(client));
        let state = &mut self.stations[usize::from(service.station)];
        state.busy.down(self.now, service.started, client.is_none());
        state.tally.served += u64::from(service.client.is_some());
        state.tally.answered += u64::from(client.is_some());
        // A debt of refusals works for nobody.
        let linked = state.linked && service.client.is_some();
        self.mark_dirty(service.station);
        let upstream = if linked { self.upstream(slot) } else { NOBODY };
        if upstream != NOBODY {
            self.stations[usize::from(service.station)].tally.called.answered += u64::from(client.is_some());
            self.answer_call(upstream);
        } else if let Some(sender) = client.and_then(|client| self.answer(client)) {
            self.send(sender);
        }
    }

    /// The client gets the answer. Says who sends a request now.
    #[inline(always)]
    fn answer(&mut self, slot: u32) -> Option<Sender<'m>> {
        let person = &self.people[slot];
        let (class, ticket) = (person.class, person.ticket);
        let recorder = self.recorder.class(class);
        recorder.tally.answered += 1;
        recorder.in_flight -= 1;
        self.forget_timeout(slot, ticket);
        if !self.manners.is_empty() {
            self.note_answer(class);
        }
        if self.incidents.is_on(self.now) {
            self.note_incidents(slot);
        }
        self.advance(slot)
    }

    /// Starts the services for which there are workers now.
    #[inline(always)]
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
            let (request, has_client) = if guarded {
                match self.next_guarded(station) {
                    Next::Serve(request) => (request, is_waiting(&self.people[request.person], request.ticket)),
                    Next::Dropped => continue,
                    Next::Nobody => return,
                }
            } else {
                let people = &self.people;
                let waits = |request: &Request| is_waiting(&people[request.person], request.ticket);
                // Whose line keeps their timeouts are in it while they wait, and no longer.
                let (leaves, all_wait) = (state.leaves, state.patience.is_some());
                let Some(request) = state.line.pop(&state.key, |request| all_wait || !leaves || waits(request)) else { return };
                state.line.soon(|coming| people.bring_near(coming));
                state.note_first(station, &mut self.expiries);
                (request, leaves || waits(&request))
            };
            self.stations[usize::from(station)].queue.down(self.now, request.entered);
            let waited = Some(self.now.since(request.entered));
            self.recorder.unqueued();
            if guarded {
                self.note_queue(station);
            }
            let step = self.step(request.class, request.draw.step);
            self.start_service(station, request, step, waited, has_client);
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
