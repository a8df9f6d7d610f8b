//! Timeouts: the client goes its way, and the server learns of it or not.

use super::expiries::{Expiries, Expiry};
use super::line::Request;
use super::people::{People, State};
use super::request::is_waiting;
use super::run::Run;
use super::station::StationState;
use crate::model::{Conduct, Discipline, OnFull, Step, Timeout, TimeoutCovers};
use crate::random::Purpose;

impl Run<'_> {
    /// The client of a request that waits, or is in service at once, stops waiting after a while.
    #[inline(always)]
    pub(super) fn set_timeout(&mut self, slot: u32, ticket: u32, step: &Step, in_service: bool) {
        let Timeout::After(sampler) = &step.timeout else { return };
        if in_service && step.covers == TimeoutCovers::Queue {
            return;
        }
        let constant = sampler.as_constant();
        let after = constant.unwrap_or_else(|| self.sample(slot, sampler, Purpose::Patience));
        let expiry = Expiry { at: self.now + after, person: slot, ticket };
        if expiry.at >= self.model.end {
            return;
        }
        if constant.is_some() {
            self.expiries.push_constant(after, expiry);
        } else {
            self.expiries.push_drawn(expiry);
        }
    }

    /// A timeout ends: the client goes its way, if it still waits.
    #[inline(always)]
    pub(super) fn expire(&mut self) {
        if let Some(station) = self.expiries.next_line() {
            return self.lose_patience(station);
        }
        let people = &self.people;
        let near = |coming| people.bring_near(coming);
        let Some(expiry) = self.expiries.pop(|expiry| is_void(expiry, people), near) else { return };
        if is_void(&expiry, people) {
            return;
        }
        let slot = expiry.person;
        let person = self.people[slot];
        let step = self.step(person.class, person.step);
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
        self.fail_for(slot, None);
    }

    /// The first in a line that keeps its timeouts itself leaves it.
    #[inline(always)]
    fn lose_patience(&mut self, station: u16) {
        let state = &mut self.stations[usize::from(station)];
        let Some(request) = state.line.pop(&state.key, |_| true) else { return };
        state.line.soon(|coming| self.people.bring_near(coming));
        state.note_first(station, &mut self.expiries);
        state.tally.timeouts += 1;
        state.tally.left += 1;
        state.queue.down(self.now, request.entered);
        self.recorder.unqueued();
        let recorder = self.recorder.class(request.class);
        recorder.tally.timeouts += 1;
        recorder.in_flight -= 1;
        self.fail_for(request.person, None);
    }

    /// Finds the lines that can keep their timeouts themselves: first in, first out, all with the same patience, and left by
    /// nobody but who is served or has lost it.
    pub(super) fn set_up_patience(&mut self) {
        for (index, (station, state)) in self.model.stations.iter().zip(&mut self.stations).enumerate() {
            let left_for_no_other_reason = state.direct && station.outages.is_empty() && station.conduct == Conduct::default();
            let in_order = station.discipline == Discipline::Fifo && station.on_full == OnFull::Refuse;
            let steps = self.model.classes.iter().flat_map(|class| &class.journey);
            let mut patience = steps.filter(|step| usize::from(step.station) == index).map(|step| match &step.timeout {
                Timeout::After(sampler) if step.covers == TimeoutCovers::Queue => sampler.as_constant(),
                _ => None,
            });
            let first = patience.next().flatten().filter(|_| state.leaves && in_order && left_for_no_other_reason);
            state.patience = first.filter(|_| patience.all(|other| other == first));
        }
        if let Some(station) = self.only_line_of_patience() {
            self.expiries.keep_for_one_line(station);
        }
    }

    /// The only station with timeouts, if its line keeps them itself.
    fn only_line_of_patience(&self) -> Option<u16> {
        let steps = self.model.classes.iter().flat_map(|class| &class.journey);
        let mut stations = steps.filter(|step| step.timeout != Timeout::Never).map(|step| step.station);
        let first = stations.next().filter(|station| self.stations[usize::from(*station)].patience.is_some())?;
        stations.all(|other| other == first).then_some(first)
    }

    /// The person's request needs its timeout no longer.
    #[inline]
    pub(super) fn forget_timeout(&mut self, slot: u32, ticket: u32) {
        // Any other than the next one is passed over when its turn comes.
        if self.expiries.is_next(slot, ticket) {
            let people = &self.people;
            self.expiries.pop(|expiry| is_void(expiry, people), |coming| people.bring_near(coming));
        }
    }

    /// The request of one who stops waiting leaves the queue, or frees its worker.
    #[inline(always)]
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
}

impl StationState {
    /// Someone else is first in line: their timeout is the next one there, if the line keeps its timeouts itself.
    #[inline(always)]
    pub(super) fn note_first(&self, station: u16, expiries: &mut Expiries) {
        let Some(patience) = self.patience else { return };
        let timeout = |first: &Request| Expiry { at: first.entered + patience, person: first.person, ticket: first.ticket };
        expiries.set_head(station, self.line.front().map(timeout));
    }
}

/// Whether nobody waits for this timeout any more.
#[inline]
fn is_void(expiry: &Expiry, people: &People) -> bool {
    let person = &people[expiry.person];
    person.ticket != expiry.ticket || !person.state.has_request()
}
