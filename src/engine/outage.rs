//! An outage: everything at the station fails at once.

use super::line::NOBODY;
use super::people::State;
use super::request::is_waiting;
use super::run::Run;
use crate::time::Span;

impl Run<'_> {
    /// An outage begins: what is in service and queued fails at once, in the order of starts, then of the line.
    pub(super) fn go_down(&mut self, station: u16) {
        let mut cut: Vec<u32> = (0..self.services.len() as u32).filter(|slot| self.is_under_way_at(*slot, station)).collect();
        cut.sort_by_key(|slot| self.services[*slot as usize].order);
        let mut failed = Vec::new();
        // Services of other stations that wait for this one.
        let mut callers = Vec::new();
        let linked = self.stations[usize::from(station)].linked;
        for slot in cut {
            let service = self.services[slot as usize];
            let client = self.client_in_service(&service);
            let state = &mut self.stations[usize::from(station)];
            state.busy.down(self.now, service.started, client.is_none());
            state.tally.vanished += u64::from(client.is_none() && service.client.is_some());
            self.cut_service(slot);
            match if linked && service.client.is_some() { self.upstream(slot) } else { NOBODY } {
                NOBODY => failed.extend(client),
                upstream => callers.push((upstream, client.is_some())),
            }
        }
        let people = &self.people;
        let now = self.now;
        let recorder = &mut self.recorder;
        let state = &mut self.stations[usize::from(station)];
        let (queue, tally, leaves) = (&mut state.queue, &mut state.tally, state.leaves);
        state.line.drain(|request| {
            let has_client = is_waiting(&people[request.person], request.ticket);
            if request.upstream != NOBODY {
                let person = &people[request.person];
                let waits = person.ticket == request.ticket && person.state == State::InService;
                tally.vanished += u64::from(!waits);
                callers.push((request.upstream, waits));
            } else if has_client {
                failed.push(request.person);
            } else if leaves {
                return;
            } else {
                tally.vanished += 1;
            }
            queue.down(now, request.entered);
            recorder.unqueued();
        });
        state.debt = Span::ZERO;
        if state.guarded {
            self.note_queue(station);
        }
        for slot in failed {
            self.stations[usize::from(station)].tally.failed += 1;
            let recorder = self.recorder.class(self.people[slot].class);
            recorder.tally.failed += 1;
            recorder.in_flight -= 1;
            self.fail(slot);
        }
        for (caller, waits) in callers {
            let tally = &mut self.stations[usize::from(station)].tally;
            tally.failed += u64::from(waits);
            tally.called.failed += u64::from(waits);
            self.fail_call(caller);
        }
    }
}
