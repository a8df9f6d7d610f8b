//! Contacts left at a waiting room, and the calls to them.

use super::super::people::State;
use super::super::run::Run;
use super::super::snapshot::state;
use crate::model::CallbackRule;
use crate::random::{Draw, Purpose};
use crate::time::Span;
use std::collections::VecDeque;

/// The contacts of a room in the course of a run.
#[derive(Debug)]
pub(in super::super) struct Callback<'m> {
    pub(super) rule: &'m CallbackRule,
    /// The room whose people leave contacts.
    room: usize,
    contacts: VecDeque<u32>,
    pub(in super::super) tally: CallbackTally,
}

state!(Callback {
    values: contacts tally;
    parts:;
    part:;
    of_model: rule room;
});

/// Counts since `measure_from`.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(in super::super) struct CallbackTally {
    /// People who left a contact.
    pub(in super::super) contacts: u64,
    /// Calls.
    pub(in super::super) calls: u64,
    /// Calls answered: people who came.
    pub(in super::super) answered: u64,
    /// Contacts given up after the last call.
    pub(in super::super) lost: u64,
}

impl<'m> Callback<'m> {
    pub(super) fn new(rule: &'m CallbackRule, room: usize) -> Callback<'m> {
        Callback { rule, room, contacts: VecDeque::new(), tally: CallbackTally::default() }
    }

    /// Whether someone waits for a call to come back to that room.
    pub(super) fn is_for(&self, room: usize) -> bool {
        self.room == room && !self.contacts.is_empty()
    }

    /// Starts counting anew, with so many who wait for a call or for an answer.
    pub(super) fn restart(&mut self, open: u64) {
        self.tally = CallbackTally { contacts: open, ..CallbackTally::default() };
    }

    pub(in super::super) fn waiting(&self) -> usize {
        self.contacts.len()
    }
}

impl Run<'_> {
    /// Whether someone whom a waiting room turned away leaves a contact.
    pub(super) fn leave_contact(&mut self, slot: u32) -> bool {
        let person = &self.people[slot];
        let (class, number) = (person.class, person.number);
        let Some(index) = self.gate.callback_of(class) else { return false };
        let draw = Draw { session: person.session, ..Draw::default() };
        let wants = self.keys[usize::from(class)].uniform(Purpose::LeaveContact, u64::from(number), draw);
        let callback = &mut self.gate.callbacks[index];
        if wants >= callback.rule.share {
            return false;
        }
        callback.contacts.push_back(slot);
        callback.tally.contacts += 1;
        let room = callback.room;
        let person = &mut self.people[slot];
        person.state = State::Contact;
        person.attempt = 0;
        self.recorder.class(class).away.up(self.now);
        self.look_soon(room);
        true
    }

    /// Calls contacts, oldest first, while there is room and nobody waits in it.
    pub(super) fn call_contacts(&mut self, room: usize) {
        for index in 0..self.gate.callbacks.len() {
            while self.gate.callbacks[index].is_for(room) {
                let state = &self.gate.rooms[room];
                let callback = &mut self.gate.callbacks[index];
                if !state.started || state.meter.level() > 0 || state.occupied() >= callback.rule.below {
                    return;
                }
                let Some(slot) = callback.contacts.pop_front() else { return };
                callback.tally.calls += 1;
                self.gate.rooms[room].reserved += 1;
                self.call_contact(slot, index);
            }
        }
    }

    fn call_contact(&mut self, slot: u32, index: usize) {
        let rule = self.gate.callbacks[index].rule;
        let person = &self.people[slot];
        let draw = Draw { session: person.session, attempt: person.attempt, step: 0 };
        let key = &self.keys[usize::from(person.class)];
        let number = u64::from(person.number);
        let after = rule.answers_after.as_ref();
        let after = after.map_or(Span::ZERO, |after| after.sample(&mut key.stream(Purpose::AnswerAfter, number, draw)));
        let answers = key.uniform(Purpose::Answer, number, draw) < rule.answer && after <= rule.hold;
        self.people[slot].state = if answers { State::Called } else { State::CalledInVain };
        self.wake_at(slot, self.now + if answers { after } else { rule.hold });
    }

    /// A call ends: its person comes, past the room, or has not answered.
    pub(in super::super) fn end_call(&mut self, slot: u32, answered: bool) {
        let class = self.people[slot].class;
        let (Some(index), Some(room)) = (self.gate.callback_of(class), self.gate.room_of(class)) else { return };
        self.gate.rooms[room].reserved -= 1;
        let callback = &mut self.gate.callbacks[index];
        let person = &mut self.people[slot];
        person.attempt = person.attempt.saturating_add(1);
        if answered {
            callback.tally.answered += 1;
            self.recorder.class(class).away.down(self.now);
            let behind = self.gate.behind_room(class);
            self.ask_entries(slot, behind);
        } else if person.attempt < callback.rule.calls {
            person.state = State::Contact;
            callback.contacts.push_back(slot);
        } else {
            callback.tally.lost += 1;
            self.recorder.class(class).away.down(self.now);
            self.give_up(slot);
        }
        self.look_soon(room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_for_the_room_whose_people_left_a_contact() {
        let rule =
            CallbackRule { classes: vec![true], share: 1.0, below: 1, answer: 1.0, answers_after: None, hold: Span(1), calls: 1 };
        let mut callback = Callback::new(&rule, 1);
        assert!(!callback.is_for(1) && !callback.is_for(0), "nobody has left one");
        callback.contacts.push_back(7);
        assert!(callback.is_for(1) && !callback.is_for(0));
        assert_eq!(callback.waiting(), 1);
    }

    #[test]
    fn contacts_that_are_counted_anew_are_those_that_are_open() {
        let rule =
            CallbackRule { classes: vec![true], share: 1.0, below: 1, answer: 1.0, answers_after: None, hold: Span(1), calls: 1 };
        let mut callback = Callback::new(&rule, 0);
        callback.tally = CallbackTally { contacts: 9, calls: 8, answered: 5, lost: 1 };
        callback.restart(3);
        let t = callback.tally;
        assert_eq!([t.contacts, t.calls, t.answered, t.lost], [3, 0, 0, 0]);
    }
}
