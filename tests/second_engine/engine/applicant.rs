//! The applicant's side.

use super::room::Visit;
use super::{Event, Person, Second, State};
use clickday::engine::DONE_WITHIN;
use clickday::model::{Backoff, Jitter, Resume};
use clickday::random::Purpose;
use clickday::time::Span;

impl Second<'_> {
    pub(super) fn arrive(&mut self, class: usize) {
        let at = self.arrivals[class].pop();
        let number = self.classes[class].tally.arrived;
        let person = self.people.len();
        self.people.push(Person {
            class,
            number,
            arrived: at,
            state: State::Thinking,
            step: 0,
            attempt: 0,
            session: 0,
            returns: 0,
            informed: false,
            request: 0,
            service: 0,
            visit: Visit::default(),
        });
        let book = &mut self.classes[class];
        book.tally.arrived += 1;
        book.inside += 1;
        for (had_time, within) in book.tally.had_time.iter_mut().zip(DONE_WITHIN) {
            *had_time += u64::from(at + within <= self.model.end);
        }
        let next = self.arrivals[class].peek();
        self.schedule_arrival(class, next);
        if self.is_operated(class) { self.join_backlog(person) } else { self.want_session(person) }
    }

    pub(super) fn is_operated(&self, class: usize) -> bool {
        self.model.classes[class].operators.is_some()
    }

    /// All rules at the entry have let them on.
    pub(super) fn start_session(&mut self, person: usize) {
        self.people[person].step = 0;
        self.people[person].attempt = 0;
        self.classes[self.people[person].class].tally.sessions += 1;
        self.hold_place(person);
        self.think(person);
    }

    pub(super) fn think(&mut self, person: usize) {
        let think = self.class_of(person).journey[self.people[person].step].think.clone();
        let pause = think.map_or(Span::ZERO, |think| self.sample(person, &think, Purpose::Think));
        self.people[person].state = State::Thinking;
        self.schedule(self.now + pause, Event::Wake { person });
    }

    pub(super) fn wake(&mut self, person: usize) {
        let (class, now) = (self.people[person].class, self.now);
        match self.people[person].state {
            State::Thinking => self.send(person),
            State::Preparing => self.want_session(person),
            State::Backoff { to_start } => {
                self.classes[class].in_orbit.down(now);
                if to_start { self.think(person) } else { self.send(person) }
            }
            State::Away => {
                self.classes[class].away.down(now);
                if self.is_operated(class) { self.join_backlog(person) } else { self.want_session(person) }
            }
            State::AwayForWindow => {
                self.classes[class].away.down(now);
                self.want_session(person);
            }
            State::Called { answers } => self.end_call(person, answers),
            State::Appointment => self.end_appointment(person),
            other => panic!("nobody wakes who is {other:?}"),
        }
    }

    pub(super) fn answered(&mut self, person: usize) {
        let class = self.people[person].class;
        let steps = self.class_of(person).journey.len();
        if self.people[person].step + 1 < steps {
            self.people[person].step += 1;
            if self.class_of(person).retry.resume == Resume::Step {
                self.people[person].attempt = 0;
            }
            self.think(person);
            return;
        }
        self.free_place(person);
        let arrived = self.people[person].arrived;
        let taken = self.now.since(arrived);
        let end = self.model.end;
        let book = &mut self.classes[class];
        book.tally.completed += 1;
        book.inside -= 1;
        book.time_to_complete.record(taken.0);
        for (done, within) in book.tally.done_in_time.iter_mut().zip(DONE_WITHIN) {
            *done += u64::from(arrived + within <= end && taken <= within);
        }
        self.leave(person);
    }

    pub(super) fn leave(&mut self, person: usize) {
        self.people[person].state = State::Gone;
        self.free_operator(self.people[person].class);
    }

    pub(super) fn fail(&mut self, person: usize) {
        self.fail_for(person, None);
    }

    /// The same, where the answer says how long to wait.
    pub(super) fn fail_for(&mut self, person: usize, told: Option<Span>) {
        let retry = self.class_of(person).retry.clone();
        let class = self.people[person].class;
        self.people[person].attempt += 1;
        if self.people[person].attempt < retry.attempts && self.may_retry(class) {
            let wait = told.unwrap_or_else(|| self.backoff(person, &retry.backoff));
            let to_start = retry.resume == Resume::Journey && self.people[person].step > 0;
            if to_start {
                self.people[person].step = 0;
            }
            self.people[person].state = State::Backoff { to_start };
            self.classes[class].in_orbit.up(self.now);
            self.schedule(self.now + wait, Event::Wake { person });
            return;
        }
        self.give_up(person);
    }

    /// Gives up for now: comes back later, or never.
    pub(super) fn give_up(&mut self, person: usize) {
        let retry = self.class_of(person).retry.clone();
        let class = self.people[person].class;
        self.free_place(person);
        if self.people[person].returns < retry.returns {
            let wait = retry.return_after.map_or(Span::ZERO, |after| self.sample(person, &after, Purpose::ReturnAfter));
            self.people[person].returns += 1;
            self.end_session(person);
            self.people[person].state = State::Away;
            self.classes[class].away.up(self.now);
            self.schedule(self.now + wait, Event::Wake { person });
            self.free_operator(class);
        } else {
            self.classes[class].tally.abandoned += 1;
            self.classes[class].inside -= 1;
            self.leave(person);
        }
    }

    pub(super) fn end_session(&mut self, person: usize) {
        let person = &mut self.people[person];
        person.session += 1;
        person.attempt = 0;
        person.step = 0;
    }

    pub(super) fn backoff(&self, person: usize, backoff: &Backoff) -> Span {
        match backoff {
            Backoff::Drawn(sampler) => self.sample(person, sampler, Purpose::Backoff),
            Backoff::CappedExponential { first, factor, max, jitter } => {
                let mut wait = first.0 as f64;
                for _ in 1..self.people[person].attempt {
                    if wait < max.0 as f64 {
                        wait *= factor;
                    }
                }
                let wait = wait.min(max.0 as f64);
                let key = &self.keys[self.people[person].class];
                let uniform = key.uniform(Purpose::Backoff, self.people[person].number, self.draw_of(person));
                Span::from_nanos(match jitter {
                    Jitter::None => wait,
                    Jitter::Equal => wait * 0.5 * (1.0 + uniform),
                    Jitter::Full => wait * uniform,
                })
            }
        }
    }
}
