//! Contacts left at a waiting room, and the calls to them.

use super::gate::Entry;
use super::{Event, Second, State};
use clickday::model::{CallbackRule, PolicyRule};
use clickday::random::{Draw, Purpose};
use clickday::time::Span;

/// The contacts of a rule.
#[derive(Debug)]
pub(crate) struct Contacts<'m> {
    rule: &'m CallbackRule,
    /// Who waits for a call, oldest first.
    waiting: Vec<usize>,
    contacts: u64,
    calls: u64,
    answered: u64,
    lost: u64,
}

impl<'m> Contacts<'m> {
    pub(super) fn new(rule: &'m CallbackRule) -> Contacts<'m> {
        Contacts { rule, waiting: Vec::new(), contacts: 0, calls: 0, answered: 0, lost: 0 }
    }

    pub(crate) fn figures(&self) -> Vec<(&'static str, u64)> {
        vec![("contacts", self.contacts), ("calls", self.calls), ("answered", self.answered), ("lost", self.lost)]
    }
}

impl Second<'_> {
    fn contacts_of(&self, class: usize) -> Option<usize> {
        self.contacts.iter().position(|contacts| contacts.rule.concerns(class))
    }

    /// The rules whose contacts a room calls.
    fn of_room(&self, room: usize) -> Vec<usize> {
        let classes = 0..self.classes.len();
        let of = classes.filter(|class| self.room_of(*class) == Some(room)).filter_map(|class| self.contacts_of(class));
        let mut of: Vec<usize> = of.collect();
        of.sort_unstable();
        of.dedup();
        of
    }

    pub(super) fn somebody_is_to_be_called(&self, room: usize) -> bool {
        self.of_room(room).into_iter().any(|index| !self.contacts[index].waiting.is_empty())
    }

    /// Whom the room turned away leaves a contact, or gives up for now.
    pub(super) fn turned_away_by_room(&mut self, person: usize, room: usize) {
        let (class, number) = (self.people[person].class, self.people[person].number);
        let draw = Draw { session: self.people[person].session, ..Draw::default() };
        let luck = self.keys[class].uniform(Purpose::LeaveContact, number, draw);
        let Some(index) = self.contacts_of(class).filter(|index| luck < self.contacts[*index].rule.share) else {
            self.give_up(person);
            return;
        };
        self.contacts[index].waiting.push(person);
        self.contacts[index].contacts += 1;
        self.people[person].state = State::Contact;
        self.people[person].attempt = 0;
        self.classes[class].away.up(self.now);
        self.look_soon(room);
    }

    /// Calls while nobody is in the room and few sessions are under way.
    pub(super) fn call_contacts(&mut self, room: usize) {
        for index in self.of_room(room) {
            while !self.contacts[index].waiting.is_empty() {
                let state = &self.rooms[room];
                if !state.started || state.people.now > 0 || state.taken() >= u64::from(self.contacts[index].rule.below) {
                    return;
                }
                self.rooms[room].called_back += 1;
                self.call_back(index);
            }
        }
    }

    fn call_back(&mut self, index: usize) {
        let contacts = &mut self.contacts[index];
        let (rule, person) = (contacts.rule, contacts.waiting.remove(0));
        contacts.calls += 1;
        let who = &self.people[person];
        let draw = Draw { session: who.session, attempt: who.attempt, step: 0 };
        let key = &self.keys[who.class];
        let after = rule.answers_after.as_ref();
        let after = after.map_or(Span::ZERO, |after| after.sample(&mut key.stream(Purpose::AnswerAfter, who.number, draw)));
        let answers = key.uniform(Purpose::Answer, who.number, draw) < rule.answer && after <= rule.hold;
        self.people[person].state = State::Called { answers };
        self.schedule(self.now + if answers { after } else { rule.hold }, Event::Wake { person });
    }

    pub(super) fn end_call(&mut self, person: usize, answers: bool) {
        let class = self.people[person].class;
        let (Some(index), Some(room)) = (self.contacts_of(class), self.room_of(class)) else { return };
        self.rooms[room].called_back -= 1;
        self.people[person].attempt += 1;
        let contacts = &mut self.contacts[index];
        if answers {
            contacts.answered += 1;
            self.classes[class].away.down(self.now);
            self.go_on_behind(person, Entry::Room(room));
        } else if self.people[person].attempt < contacts.rule.calls {
            contacts.waiting.push(person);
            self.people[person].state = State::Contact;
        } else {
            contacts.lost += 1;
            self.classes[class].away.down(self.now);
            self.give_up(person);
        }
        self.look_soon(room);
    }
}
