//! Operators and their backlog.

use super::{Event, Second, State};
use clickday::random::{Draw, Purpose};
use clickday::time::Span;

impl Second<'_> {
    pub(super) fn join_backlog(&mut self, person: usize) {
        let class = self.people[person].class;
        self.people[person].state = State::Backlog;
        self.classes[class].backlog.up(self.now);
        self.backlogs[class].push(person);
        self.operators_look(class);
    }

    pub(super) fn free_operator(&mut self, class: usize) {
        if self.is_operated(class) {
            self.classes[class].at_work.down(self.now);
            self.operators_look(class);
        }
    }

    pub(super) fn operators_look(&mut self, class: usize) {
        let Some(operators) = self.model.classes[class].operators.clone() else { return };
        let now = self.now;
        let on_duty =
            operators.hours.as_ref().is_none_or(|hours| hours.pieces().iter().any(|(from, to)| *from <= now && now < *to));
        while on_duty && self.classes[class].at_work.now < u64::from(operators.count) {
            let oldest = self.backlogs[class].iter().copied().min_by_key(|person| self.people[*person].number);
            let Some(person) = oldest else { return };
            self.backlogs[class].retain(|other| *other != person);
            self.classes[class].backlog.down(now);
            self.classes[class].at_work.up(now);
            self.people[person].state = State::Preparing;
            let draw = Draw { session: self.people[person].session, ..Draw::default() };
            let number = self.people[person].number;
            let pause = operators
                .prepare
                .as_ref()
                .map_or(Span::ZERO, |prepare| prepare.sample(&mut self.keys[class].stream(Purpose::Prepare, number, draw)));
            self.schedule(now + pause, Event::Wake { person });
        }
    }
}
